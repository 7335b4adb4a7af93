//! What was said, carried out on what the rules found.

use super::super::basis::{Basis, BasisKind};
use super::super::examined::element_of;
use super::super::propagate::{Labelled, LabelledPart};
use super::carry::only_carried;
use super::{Act, Outcome, PartDigest, PartSeen, Record, judge, waiting};
use crate::label::{Label, LabelSet};

/// The rule of a confirmation, for the basis.
const CONFIRMED: &str = "review.confirmed";
/// The rule of labels that came by review.
pub(super) const RAISED: &str = "review.raised";
/// The rule of a lowering.
const LOWERED: &str = "review.lowered";
/// The rule of the patient's own wish.
pub(super) const PRIVATE: &str = "patient.private";

/// Parts of one item, in their order, with what each holds.
pub struct Parts<'a> {
    /// The parts as the rules left them.
    pub parts: &'a mut [LabelledPart],
    /// Which of them identify the item.
    pub identifying: &'a [u16],
    /// What each holds; as many as there are parts.
    pub digests: &'a [PartDigest],
}

impl<'a> Parts<'a> {
    /// The parts of an item that was labelled.
    pub fn of(labelled: &'a mut Labelled, digests: &'a [PartDigest]) -> Self {
        Self {
            parts: &mut labelled.parts,
            identifying: &labelled.identifying,
            digests,
        }
    }
}

/// Carries records of one item out, in their order. What was said of content that is no longer there changes nothing,
/// except that raised labels stay.
///
/// The record of an approval needs the proposal among the records; `from` says how many of them were carried out before
/// on these very parts.
pub fn apply(item: &mut Parts<'_>, records: &[Record], from: usize) {
    for record in records.iter().skip(from) {
        match &record.act {
            Act::KeptPrivate => item.keep_private(),
            Act::NoLongerPrivate => item.open_again(),
            Act::Reviewed { parts, outcome, .. } => match outcome {
                Outcome::Confirmed => item.confirm(parts),
                Outcome::Raised(labels) => item.raise(parts, *labels),
                // Only proposed by this.
                Outcome::Lowered(_) => {}
            },
            Act::Approved { proposal } => {
                let proposed = records
                    .iter()
                    .find(|other| other.id == *proposal && other.by != record.by);
                if let Some(Act::Reviewed {
                    parts,
                    outcome: Outcome::Lowered(labels),
                    ..
                }) = proposed.map(|proposed| &proposed.act)
                {
                    item.lower(parts, *labels);
                }
            }
            Act::Refused { .. } => {}
        }
    }
}

fn reviewed(rule: &'static str, label: Label) -> Basis {
    Basis::new(BasisKind::Reviewed, rule, label)
}

/// Adds a ground that is not there yet.
fn ground(part: &mut LabelledPart, basis: Basis) {
    if !part.basis.contains(&basis) {
        part.basis.push(basis);
    }
}

/// Somebody has looked at it: it no longer waits.
fn settled(part: &mut LabelledPart) {
    part.labels = part.labels.without(Label::Unclassified);
    part.review = None;
    part.conflict = None;
}

impl Parts<'_> {
    /// The places of the parts that hold what was looked at.
    fn places(&self, seen: &PartSeen) -> Vec<usize> {
        self.digests
            .iter()
            .enumerate()
            .filter(|(_, digest)| **digest == seen.digest)
            .map(|(at, _)| at)
            .collect()
    }

    fn identifies(&self, at: usize) -> bool {
        self.identifying.iter().any(|one| usize::from(*one) == at)
    }

    fn keep_private(&mut self) {
        for part in self.parts.iter_mut() {
            part.labels = part.labels.with(Label::PatientRequested);
            ground(part, reviewed(PRIVATE, Label::PatientRequested));
        }
    }

    /// The patient's own wish is theirs to take back; one that came with the item stays.
    fn open_again(&mut self) {
        let own = reviewed(PRIVATE, Label::PatientRequested);
        for part in self.parts.iter_mut() {
            part.basis.retain(|basis| *basis != own);
            if !stands(part, Label::PatientRequested) {
                part.labels = part.labels.without(Label::PatientRequested);
            }
        }
    }

    fn confirm(&mut self, seen: &[PartSeen]) {
        for seen in seen {
            for at in self.places(seen) {
                let Some(part) = self.parts.get_mut(at) else {
                    continue;
                };
                // A subject that was not seen then has to be looked at.
                let the_same = seen.labels.contains(part.labels.segments());
                if the_same && waiting::why(part).is_some() && judge::may_stand(part, part.labels) {
                    settled(part);
                    ground(part, reviewed(CONFIRMED, Label::General));
                }
            }
        }
    }

    fn raise(&mut self, seen: &[PartSeen], labels: LabelSet) {
        for seen in seen {
            let here = self.places(seen);
            for at in &here {
                if let Some(part) = self.parts.get_mut(*at) {
                    settled(part);
                }
            }
            // Raised labels stay though the content is another: where it stood, or else on all that is like it.
            let by_path = self.matching(|part| part.path == seen.path);
            let mut places = here;
            places.extend(by_path);
            if places.is_empty() {
                let element = element_of(&seen.path);
                places = self.matching(|part| element_of(&part.path) == element);
            }
            for at in places {
                self.put(at, labels);
            }
        }
    }

    fn matching(&self, is: impl Fn(&LabelledPart) -> bool) -> Vec<usize> {
        self.parts
            .iter()
            .enumerate()
            .filter(|(_, part)| is(part))
            .map(|(at, _)| at)
            .collect()
    }

    /// Labels one part by review; of what identifies the item, all of it (POLICY §1: the whole item is about it).
    fn put(&mut self, at: usize, labels: LabelSet) {
        let whole = self.identifies(at);
        let Some(path) = self.parts.get(at).map(|part| part.path.clone()) else {
            return;
        };
        for (index, part) in self.parts.iter_mut().enumerate() {
            if index != at && !whole && !holds_words(&part.path) {
                continue;
            }
            // What came along a reference goes with what it came from; what is said of this item stays.
            let own = part.labels.minus(only_carried(&part.basis));
            for label in labels.iter() {
                let basis = if index == at {
                    reviewed(RAISED, label)
                } else if own.has(label) {
                    continue;
                } else {
                    Basis::new(BasisKind::Reference, "item", label).from(path.clone())
                };
                part.labels = part.labels.with(label);
                ground(part, basis);
            }
        }
    }

    fn lower(&mut self, seen: &[PartSeen], labels: LabelSet) {
        for seen in seen {
            for at in self.places(seen) {
                let Some(part) = self.parts.get_mut(at) else {
                    continue;
                };
                let off = judge::lowerable(part).meet(labels);
                if off.is_empty() || !judge::may_stand(part, part.labels.minus(off)) {
                    continue;
                }
                part.labels = part.labels.minus(off);
                part.basis.retain(|basis| !off.has(basis.label));
                settled(part);
                ground(part, reviewed(LOWERED, Label::General));
                let path = part.path.clone();
                self.follow(&path, off);
            }
        }
    }

    /// What other parts of the item took from this one goes with it, where nothing else gives it.
    fn follow(&mut self, path: &str, off: LabelSet) {
        for label in off.iter() {
            let told_elsewhere = self.parts.iter().any(|part| {
                part.basis.iter().any(|basis| {
                    basis.label == label
                        && matches!(basis.kind, BasisKind::Code | BasisKind::Incoming)
                })
            });
            for part in self.parts.iter_mut() {
                let before = part.basis.len();
                part.basis.retain(|basis| {
                    let from = basis.from.as_deref();
                    let taken = basis.label == label
                        && basis.kind == BasisKind::Reference
                        && (from == Some(path) || (from == Some("item") && !told_elsewhere));
                    !taken
                });
                if part.basis.len() < before && !stands(part, label) {
                    part.labels = part.labels.without(label);
                }
            }
        }
    }
}

/// Whether anything gives a part this label.
fn stands(part: &LabelledPart, label: Label) -> bool {
    part.basis.iter().any(|basis| basis.label == label)
}

/// The elements in which people write: they carry what is said of the item (POLICY §1).
pub(super) fn holds_words(path: &str) -> bool {
    matches!(
        element_of(path),
        "note"
            | "content"
            | "conclusion"
            | "description"
            | "comment"
            | "section"
            | "presentedForm"
            | "patientInstruction"
            | "valueString"
    )
}
