//! Review by people (POLICY §2, "reviewed by … because …"): what was said of an item's labels, and what follows from it.
//!
//! What is said is kept for good and in order: a [`Record`] is never changed, a second one answers it. [`apply`] carries
//! the records of one item out on what the rules found: when something is said, and again whenever the item is labelled
//! anew. It rests on what was looked at: where the content of a part is another now, a confirmation and a lowering fall
//! away and the part waits again, while labels that were raised stay.
//!
//! | outcome | what it does | who |
//! | --- | --- | --- |
//! | confirmed | the part stands as it is, and is no longer unclassified | one person |
//! | raised | labels come to it; it is no longer unclassified | one person |
//! | lowered | labels of the rules are taken off | proposed by one, approved by another |
//!
//! Labels that came with the item, the law of its origin, separated notes and marks are never taken off (POLICY §2:
//! incoming labels are never weakened).

mod apply;
mod carry;
mod conflict;
mod judge;
mod waiting;

pub use apply::{Parts, apply};
pub use carry::{Carried, carry, lead_on};
pub(super) use carry::{is_said, resting_only_on};
pub use conflict::Conflict;
pub use judge::{Fault, LONGEST_REASON, approve, judge, lowerable, refuse};
pub use waiting::{Part, Waiting, Why, waiting};

use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::parts;
use crate::clock::Instant;
use crate::id::{ItemId, PersonId, ReviewId};
use crate::label::LabelSet;

/// SHA-256 over what one part holds.
pub type PartDigest = [u8; 32];

/// Something that a person said of the labels of one item.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Which.
    pub id: ReviewId,
    /// Of which item.
    pub item: ItemId,
    /// Who said it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// What.
    pub act: Act,
}

/// What was said. INVARIANT: kept for good; add variants, never rename one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Act {
    /// A reviewer looked at parts of it. A lowering is only proposed by this.
    Reviewed {
        /// The parts, as they were.
        parts: Vec<PartSeen>,
        /// What the reviewer found.
        outcome: Outcome,
        /// Why, in the reviewer's words.
        because: String,
    },
    /// A second person approved a lowering.
    Approved {
        /// Which.
        proposal: ReviewId,
    },
    /// A lowering was refused, or withdrawn by who proposed it.
    Refused {
        /// Which.
        proposal: ReviewId,
    },
    /// The patient asked that the item be private (PRS).
    KeptPrivate,
    /// The patient no longer asks for it.
    NoLongerPrivate,
}

/// A part as it was when somebody looked at it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartSeen {
    /// Where it stood.
    pub path: String,
    /// What it held.
    pub digest: PartDigest,
    /// The labels it had.
    pub labels: LabelSet,
}

/// What a reviewer found.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is right as it stands: ordinary, or with the labels it has.
    Confirmed,
    /// These labels belong to it as well.
    Raised(LabelSet),
    /// These labels don't belong to it.
    Lowered(LabelSet),
}

/// The digests of a resource's parts, in the order of [`parts::split`].
pub fn digests(resource: &Map<String, Value>) -> Vec<PartDigest> {
    parts::split(resource)
        .into_iter()
        .map(|part| {
            let mut hash = Sha256::new();
            hash.update(b"confide reviewed part 1\0");
            hash.update(part.element.as_bytes());
            for value in [part.value, part.beside] {
                hash.update([0]);
                // A value that can't be written has no digest of its own; none can be made of what was read from JSON.
                hash.update(value.map_or_else(String::new, Value::to_string).as_bytes());
            }
            hash.finalize().into()
        })
        .collect()
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Act([redacted])")
    }
}

impl fmt::Debug for PartSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartSeen([redacted])")
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outcome([redacted])")
    }
}
