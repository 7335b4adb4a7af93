//! What may be said: each act is made here, from what stands, or not at all.

use super::super::basis::{BasisKind, Review};
use super::super::propagate::LabelledPart;
use super::carry::only_carried;
use super::{Act, Outcome, PartDigest, PartSeen, Record, waiting};
use crate::id::{PersonId, ReviewId};
use crate::label::{Label, LabelSet};

/// How long a reason may be, in characters.
pub const LONGEST_REASON: usize = 1_000;

/// Why something may not be said.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// No part was chosen, or one that does not wait.
    #[error("a part does not wait for review")]
    NotWaiting,
    /// No reason was given.
    #[error("a review needs a reason")]
    NoReason,
    /// The reason is longer than [`LONGEST_REASON`].
    #[error("the reason is too long")]
    ReasonTooLong,
    /// No label was named, or none that this outcome can be about.
    #[error("a label that this outcome can't be about")]
    Labels,
    /// It came with a restriction: only a label that explains it opens it (POLICY §2: never weakened).
    #[error("it came with a restriction that only a label can explain")]
    CameRestricted,
    /// One of the labels stands by more than the rules.
    #[error("a label that can't be taken off")]
    CantLower,
    /// There is no such proposal, or it was answered already.
    #[error("no such proposal waits")]
    NoProposal,
    /// Who proposed it can't approve it.
    #[error("a second person has to approve it")]
    SamePerson,
}

/// Makes a review of some parts of an item, chosen by their place.
///
/// # Errors
/// What is missing or can't be said.
pub fn judge(
    parts: &[LabelledPart],
    digests: &[PartDigest],
    chosen: &[usize],
    outcome: Outcome,
    because: &str,
) -> Result<Act, Fault> {
    let because = because.trim();
    if because.is_empty() {
        return Err(Fault::NoReason);
    }
    if because.chars().count() > LONGEST_REASON {
        return Err(Fault::ReasonTooLong);
    }
    let mut seen = Vec::with_capacity(chosen.len());
    for at in chosen {
        let (Some(part), Some(digest)) = (parts.get(*at), digests.get(*at)) else {
            return Err(Fault::NotWaiting);
        };
        if waiting::why(part).is_none() {
            return Err(Fault::NotWaiting);
        }
        fits(part, outcome)?;
        seen.push(PartSeen {
            path: part.path.clone(),
            digest: *digest,
            labels: part.labels,
        });
    }
    if seen.is_empty() {
        return Err(Fault::NotWaiting);
    }
    Ok(Act::Reviewed {
        parts: seen,
        outcome,
        because: because.to_owned(),
    })
}

fn fits(part: &LabelledPart, outcome: Outcome) -> Result<(), Fault> {
    match outcome {
        Outcome::Confirmed => {
            if may_stand(part, part.labels) {
                Ok(())
            } else {
                Err(Fault::CameRestricted)
            }
        }
        Outcome::Raised(labels) => {
            let segments = LabelSet::SEGMENTS.without(Label::General);
            let own = part.labels.minus(only_carried(&part.basis));
            let news = !labels.minus(own).is_empty();
            if news && segments.contains(labels) {
                Ok(())
            } else {
                Err(Fault::Labels)
            }
        }
        Outcome::Lowered(labels) => {
            if labels.is_empty() {
                Err(Fault::Labels)
            } else if !lowerable(part).contains(labels) {
                Err(Fault::CantLower)
            } else if may_stand(part, part.labels.minus(labels)) {
                Ok(())
            } else {
                Err(Fault::CameRestricted)
            }
        }
    }
}

/// Whether a part may stand with these labels: what came restricted, not without one that explains it.
pub(super) fn may_stand(part: &LabelledPart, labels: LabelSet) -> bool {
    part.review != Some(Review::IncomingRestriction)
        || !labels
            .minus(LabelSet::IDENTITY)
            .without(Label::Unclassified)
            .is_ordinary()
}

/// The labels of a part that two persons may take off: segments that stand by codes and words alone. What came with the
/// item, what another item gave, laws, notes and marks stay.
pub fn lowerable(part: &LabelledPart) -> LabelSet {
    part.labels
        .segments()
        .without(Label::General)
        .iter()
        .filter(|label| {
            let mut of_label = part
                .basis
                .iter()
                .filter(|basis| basis.label == *label)
                .peekable();
            of_label.peek().is_some()
                && of_label.all(|basis| {
                    matches!(
                        basis.kind,
                        BasisKind::Code | BasisKind::Text | BasisKind::Reviewed
                    )
                })
        })
        .collect()
}

/// Approves a lowering: by another person than the one who proposed it.
///
/// # Errors
/// There is no such proposal, it was answered, or this person proposed it.
pub fn approve(records: &[Record], proposal: ReviewId, by: PersonId) -> Result<Act, Fault> {
    let proposed = waiting::unanswered(records)
        .find(|record| record.id == proposal)
        .ok_or(Fault::NoProposal)?;
    if proposed.by == by {
        return Err(Fault::SamePerson);
    }
    Ok(Act::Approved { proposal })
}

/// Refuses a lowering; who proposed it withdraws it by this.
///
/// # Errors
/// There is no such proposal, or it was answered.
pub fn refuse(records: &[Record], proposal: ReviewId) -> Result<Act, Fault> {
    waiting::unanswered(records)
        .find(|record| record.id == proposal)
        .map(|_| Act::Refused { proposal })
        .ok_or(Fault::NoProposal)
}
