//! What a permit obliges to (POLICY §4, LAW B1).

use serde::{Deserialize, Serialize};

/// A set of obligations. [`Obligation::Log`] always stands on a permit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Obligations(u8);

/// One obligation; the discriminant is its bit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Obligation {
    /// Log it: on every permit.
    Log = 0,
    /// Attach the 2.32 notice (LAW B1).
    Notice = 1,
    /// Attach the consent or an explanation of its scope (LAW B1).
    ConsentCopy = 2,
    /// Mark NORDSCLCD: no redisclosure without consent.
    NoRedisclosure = 3,
    /// Keep the labels: PERSISTLABEL.
    PersistLabel = 4,
    /// Ask for a second factor first.
    StepUp = 5,
    /// Ask the recipient not to use it further: a restriction yielded to an emergency.
    AskNoFurtherUse = 6,
}

/// Every obligation with its stable name.
const OBLIGATIONS: [(Obligation, &str); 7] = [
    (Obligation::Log, "log"),
    (Obligation::Notice, "notice"),
    (Obligation::ConsentCopy, "consent-copy"),
    (Obligation::NoRedisclosure, "no-redisclosure"),
    (Obligation::PersistLabel, "persist-label"),
    (Obligation::StepUp, "step-up"),
    (Obligation::AskNoFurtherUse, "ask-no-further-use"),
];

impl Obligations {
    /// Only the one that always stands.
    pub const LOG: Self = Self(1);

    /// These and one more.
    #[must_use]
    pub const fn with(self, obligation: Obligation) -> Self {
        Self(self.0 | (1 << (obligation as u8)))
    }

    /// Both sets.
    #[must_use]
    pub const fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it stands.
    pub const fn has(self, obligation: Obligation) -> bool {
        self.0 & (1 << (obligation as u8)) != 0
    }

    /// Their stable names (CLI.md).
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        OBLIGATIONS
            .into_iter()
            .filter(move |(obligation, _)| self.has(*obligation))
            .map(|(_, name)| name)
    }
}
