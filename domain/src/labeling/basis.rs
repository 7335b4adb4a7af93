//! Why a part carries a label, and why a part waits for a person.

use core::fmt;
use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::label::Label;

/// What kind of evidence gave a label (CLI.md).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BasisKind {
    /// A code of a terminology.
    Code,
    /// Words.
    Text,
    /// What the part refers to, or hangs on.
    Reference,
    /// Where the item comes from.
    Origin,
    /// A label that came with the item.
    Incoming,
    /// A person's review.
    Reviewed,
}

impl BasisKind {
    /// The stable name (CLI.md).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Text => "text",
            Self::Reference => "reference",
            Self::Origin => "origin",
            Self::Incoming => "incoming",
            Self::Reviewed => "reviewed",
        }
    }
}

/// The basis of one label of one part (POLICY §2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The kind of evidence.
    pub kind: BasisKind,
    /// The stable id of the rule.
    pub rule: Cow<'static, str>,
    /// The code system, for a code or an incoming label.
    pub system: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The path in the resource, or the other resource (`Type/id`), that it comes from.
    pub from: Option<String>,
    /// The label it gives.
    #[serde(with = "by_name")]
    pub label: Label,
}

impl Basis {
    pub(crate) fn new(kind: BasisKind, rule: impl Into<Cow<'static, str>>, label: Label) -> Self {
        Self {
            kind,
            rule: rule.into(),
            system: None,
            code: None,
            from: None,
            label,
        }
    }

    pub(crate) fn from(mut self, from: impl Into<String>) -> Self {
        self.from = Some(from.into());
        self
    }

    pub(crate) fn of_code(mut self, system: &str, code: &str) -> Self {
        self.system = Some(system.to_owned());
        self.code = Some(code.to_owned());
        self
    }
}

impl fmt::Debug for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Basis([redacted])")
    }
}

/// Why a part is unclassified: what a reviewer has to look at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Review {
    /// A code of a system that we don't know.
    UnknownSystem,
    /// Words where a code belongs, and nothing we know in them.
    Uncoded,
    /// Free text that nothing vouches for.
    FreeText,
    /// An attachment that could not be read.
    UnreadableAttachment,
    /// The item has no code that says what it is.
    NoCode,
    /// It came with a security label that we can't read, or restricted without a reason we know.
    IncomingRestriction,
    /// It refers to something that is unclassified, or that is not there.
    Reference,
}

impl Review {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownSystem => "unknown-system",
            Self::Uncoded => "uncoded",
            Self::FreeText => "free-text",
            Self::UnreadableAttachment => "unreadable-attachment",
            Self::NoCode => "no-code",
            Self::IncomingRestriction => "incoming-restriction",
            Self::Reference => "reference",
        }
    }

    /// The reason in plain words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::UnknownSystem => "Its code is from a list we don't know.",
            Self::Uncoded => "It has words but no code, and the words tell us nothing we know.",
            Self::FreeText => "It is free text, and nothing tells us what it is about.",
            Self::UnreadableAttachment => "It is a file that we can't read.",
            Self::NoCode => "Nothing says what it is.",
            Self::IncomingRestriction => "It came with a restriction that we can't read.",
            Self::Reference => "It points to something that has not been looked at.",
        }
    }
}

/// Labels in stored and printed form: by their stable names.
mod by_name {
    use super::{Deserialize, Deserializer, Label, Serialize, Serializer};
    use serde::de::Error;

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks for this signature"
    )]
    pub fn serialize<S: Serializer>(label: &Label, serializer: S) -> Result<S::Ok, S::Error> {
        label.name().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Label, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        Label::from_name(&name).ok_or_else(|| D::Error::custom("no such label"))
    }

    use std::borrow::Cow;
}
