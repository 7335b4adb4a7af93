//! Authorities: by what right somebody acts for a patient (POLICY §4.3, LAW D).

use crate::clock::Instant;
use crate::id::{AuthorityId, PersonId};
use crate::label::{Label, LabelSet};
use crate::party::Span;
use serde::{Deserialize, Serialize};

/// By what right somebody acts for the patient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum AuthorityKind {
    /// A parent of a minor; ends by itself on the eighteenth birthday (LAW D6).
    ParentOfMinor {
        /// The instant at which the minor turns eighteen ([`crate::minors::majority`]).
        majority: Instant,
    },
    /// A guardian of an adult adjudicated incapable, within the order's scope (LAW D4).
    Guardian {
        /// What the order covers; a parent segment covers its children.
        scope: LabelSet,
    },
    /// The director of a Part 2 program, for a patient not adjudicated incapable: consents for payment only, looks at
    /// nothing (LAW D4, 2.15(a)(2)).
    Director,
    /// Somebody for a deceased patient, the first in line only (LAW D4, 2.15(b)(2)).
    AfterDeath(Survivor),
    /// An adult's chosen helper: every label must be covered by a proxy-access consent (LAW D5).
    ChosenByAdult,
}

/// Who acts for a deceased patient, in the order of 2.15(b)(2): each only where no one before is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Survivor {
    /// The executor, administrator or other personal representative under State law.
    Executor,
    /// The spouse.
    Spouse,
    /// A responsible member of the family.
    Family,
}

/// Where an authority stands. Its end in time is in [`Authority::span`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum AuthorityState {
    /// Claimed: nobody has looked at it, so it gives nothing.
    Claimed,
    /// Verified by staff.
    Verified {
        /// When.
        at: Instant,
    },
    /// Refused: not proven, or it would endanger the patient (LAW D5, 164.502(g)(5)).
    Refused {
        /// From when.
        at: Instant,
        /// When it had been verified before, if it had.
        verified: Option<Instant>,
    },
}

/// A change that is not allowed from where the authority stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the authority does not stand where this could follow")]
pub struct AuthorityMoved;

impl AuthorityState {
    /// Verifies a claim.
    ///
    /// # Errors
    /// [`AuthorityMoved`] unless it is a claim.
    pub const fn verify(self, at: Instant) -> Result<Self, AuthorityMoved> {
        match self {
            Self::Claimed => Ok(Self::Verified { at }),
            Self::Verified { .. } | Self::Refused { .. } => Err(AuthorityMoved),
        }
    }

    /// Refuses a claim, or what was verified.
    ///
    /// # Errors
    /// [`AuthorityMoved`] when it is refused already.
    pub const fn refuse(self, at: Instant) -> Result<Self, AuthorityMoved> {
        match self {
            Self::Claimed => Ok(Self::Refused { at, verified: None }),
            Self::Verified { at: verified } => Ok(Self::Refused {
                at,
                verified: Some(verified),
            }),
            Self::Refused { .. } => Err(AuthorityMoved),
        }
    }

    /// Whether it was verified and not refused at that instant.
    pub fn stands(self, at: Instant) -> bool {
        match self {
            Self::Claimed => false,
            Self::Verified { at: verified } => verified <= at,
            Self::Refused {
                at: refused,
                verified,
            } => at < refused && verified.is_some_and(|verified| verified <= at),
        }
    }
}

/// A recorded authority.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Authority {
    /// Its id.
    pub id: AuthorityId,
    /// Who acts.
    pub person: PersonId,
    /// By what right.
    pub kind: AuthorityKind,
    /// Where it stands.
    pub state: AuthorityState,
    /// While it lasts.
    pub span: Span,
}

impl Authority {
    /// Whether it is verified and in force at that instant; a parent's ends with the minor's majority (LAW D6).
    pub fn in_force(&self, at: Instant) -> bool {
        let of_itself = match &self.kind {
            AuthorityKind::ParentOfMinor { majority } => at < *majority,
            AuthorityKind::Guardian { scope } => scope.is_readable(),
            AuthorityKind::Director
            | AuthorityKind::AfterDeath(_)
            | AuthorityKind::ChosenByAdult => true,
        };
        of_itself && self.state.stands(at) && self.span.holds(at)
    }

    /// Whether whoever acts by it stands in the patient's place for everything: then the patient's own lists are theirs
    /// to read, and nothing in them can tell of what is kept from them (POLICY §5).
    pub fn is_whole(&self) -> bool {
        let everything = LabelSet::SEGMENTS.with(Label::Part2);
        match &self.kind {
            AuthorityKind::Guardian { scope } => scope.with_children().contains(everything),
            AuthorityKind::AfterDeath(Survivor::Executor) => true,
            AuthorityKind::AfterDeath(Survivor::Spouse | Survivor::Family)
            | AuthorityKind::ParentOfMinor { .. }
            | AuthorityKind::Director
            | AuthorityKind::ChosenByAdult => false,
        }
    }

    /// Whether it is one to sign by for a patient whose record one may look at (42 CFR 2.14, 2.15). What such a signature
    /// opens is for [`crate::decide`]; a helper chosen by an adult looks and doesn't sign.
    pub const fn signs(&self) -> bool {
        matches!(
            self.kind,
            AuthorityKind::ParentOfMinor { .. }
                | AuthorityKind::Guardian { .. }
                | AuthorityKind::AfterDeath(_)
        )
    }

    /// Its place in the line of 2.15(b)(2), for a deceased patient.
    pub(super) const fn survivor(&self) -> Option<Survivor> {
        match self.kind {
            AuthorityKind::AfterDeath(survivor) => Some(survivor),
            _ => None,
        }
    }
}
