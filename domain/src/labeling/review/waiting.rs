//! What waits for a person, and why.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::super::basis::Review;
use super::super::propagate::LabelledPart;
use super::{Act, Conflict, Outcome, PartDigest, Record};
use crate::id::ReviewId;
use crate::label::Label;

/// Why a part waits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Why {
    /// Nothing vouches for it: it is hidden until somebody looks.
    Unclassified(Review),
    /// What is known of it does not agree.
    Conflict(Conflict),
}

/// A part that waits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Where it stands.
    pub path: String,
    /// Why it waits.
    pub why: Why,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part([redacted])")
    }
}

/// What of an item waits.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Waiting {
    /// The parts that somebody has to look at, those with a proposal among them.
    pub parts: Vec<Part>,
    /// The places in `parts` that wait for a first look: nothing is proposed for them.
    pub first: Vec<usize>,
    /// The lowerings that wait for a second person.
    pub second: Vec<ReviewId>,
}

impl Waiting {
    /// Whether nothing waits.
    pub const fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// Why this part waits, if it does.
pub(super) fn why(part: &LabelledPart) -> Option<Why> {
    if part.labels.has(Label::Unclassified) {
        // Where no reason was kept, it is that nothing vouches for the part.
        Some(Why::Unclassified(part.review.unwrap_or(Review::FreeText)))
    } else {
        part.conflict.map(Why::Conflict)
    }
}

/// What waits of an item after [`apply`](super::apply()).
pub fn waiting(parts: &[LabelledPart], digests: &[PartDigest], records: &[Record]) -> Waiting {
    let mut waiting = Waiting::default();
    // A proposal is for the content that was looked at: none is left when that is gone.
    let proposals: Vec<(&Record, Vec<PartDigest>)> = unanswered(records)
        .filter_map(|record| match &record.act {
            Act::Reviewed { parts, .. } => {
                let seen = parts.iter().map(|part| part.digest).collect();
                Some((record, seen))
            }
            _ => None,
        })
        .collect();
    for (part, digest) in parts.iter().zip(digests) {
        let Some(why) = why(part) else { continue };
        let mut proposed = false;
        for (record, _) in proposals.iter().filter(|(_, seen)| seen.contains(digest)) {
            proposed = true;
            if !waiting.second.contains(&record.id) {
                waiting.second.push(record.id);
            }
        }
        if !proposed {
            waiting.first.push(waiting.parts.len());
        }
        waiting.parts.push(Part {
            path: part.path.clone(),
            why,
        });
    }
    waiting
}

/// The lowerings that nobody has answered, in their order.
pub(super) fn unanswered(records: &[Record]) -> impl Iterator<Item = &Record> {
    records.iter().filter(|record| {
        let proposes = matches!(
            &record.act,
            Act::Reviewed {
                outcome: Outcome::Lowered(_),
                ..
            }
        );
        proposes
            && !records.iter().any(|other| {
                matches!(&other.act, Act::Approved { proposal } | Act::Refused { proposal }
                    if *proposal == record.id)
            })
    })
}
