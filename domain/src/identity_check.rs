//! How staff made sure who somebody is before they help them back into an account, and how long that waits (LAW F6;
//! issue "Recovery"). The wait is the owner's time to say no.

use chrono::TimeDelta;
use core::fmt;
use serde::{Deserialize, Serialize};

/// How it was made sure. INVARIANT: kept in cases; add variants, never rename one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// In person, with a photo document.
    InPerson,
    /// By video, with a photo document.
    ByVideo,
    /// Called back at a number on file, and asked three things only they know.
    CalledBack,
    /// The one who checks has known them in person for a year or longer.
    Known,
}

impl How {
    /// All, the surest first.
    pub const ALL: [Self; 4] = [Self::InPerson, Self::ByVideo, Self::CalledBack, Self::Known];

    /// The stable name in forms and in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InPerson => "in-person",
            Self::ByVideo => "by-video",
            Self::CalledBack => "called-back",
            Self::Known => "known",
        }
    }

    /// The way of that [`How::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// Whether a document was looked at.
    pub const fn with_document(self) -> bool {
        matches!(self, Self::InPerson | Self::ByVideo)
    }

    /// How long nothing happens: a day when somebody stood there with a document, else three.
    pub fn wait(self) -> TimeDelta {
        TimeDelta::hours(match self {
            Self::InPerson => 24,
            Self::ByVideo | Self::CalledBack | Self::Known => 72,
        })
    }
}

/// Which document. INVARIANT: as [`How`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Document {
    /// A passport.
    Passport,
    /// A driver's license.
    License,
    /// An identity card of a state or a tribe.
    IdentityCard,
    /// Another official document with a photo.
    Other,
}

impl Document {
    /// All, in the order they are offered.
    pub const ALL: [Self; 4] = [
        Self::License,
        Self::IdentityCard,
        Self::Passport,
        Self::Other,
    ];

    /// The stable name in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::License => "license",
            Self::IdentityCard => "identity-card",
            Self::Other => "other",
        }
    }

    /// The document of that [`Document::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// How many characters of a document's number are kept: enough to tell two documents apart, too few to use one.
pub const LAST: usize = 4;
/// The longest note, in characters.
pub const NOTE: usize = 500;

/// What is recorded of a check.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityCheck {
    /// How.
    pub how: How,
    /// The document and the last characters of its number, where one was looked at.
    pub document: Option<(Document, String)>,
    /// What else there is to say; may be empty.
    pub note: String,
}

impl IdentityCheck {
    /// Whether it is whole: a document wherever there has to be one, with its last characters, and no longer note than
    /// may be.
    pub fn is_whole(&self) -> bool {
        let document = match &self.document {
            Some((_, last)) => {
                self.how.with_document()
                    && last.chars().count() == LAST
                    && last.chars().all(|c| c.is_ascii_alphanumeric())
            }
            None => !self.how.with_document(),
        };
        document && self.note.chars().count() <= NOTE
    }
}

impl fmt::Debug for IdentityCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityCheck([redacted])")
    }
}
