//! One resource while labels are being settled.

use super::super::basis::{Basis, BasisKind, Review};
use super::super::examined::{Examined, Reference, element_of};
use super::super::origin::ToldOrigin;
use super::super::roles;
use crate::label::{Label, LabelSet};

/// Labels that pass from one item to another as a whole: segments, without identity details. Law, notes and marks
/// belong to the item that has them.
pub(in crate::labeling) fn passing(labels: LabelSet) -> LabelSet {
    labels
        .segments()
        .minus(LabelSet::IDENTITY)
        .without(Label::General)
}

/// The elements in which a visit names its reasons.
const VISIT_REASONS: [&str; 3] = ["reasonCode", "reasonReference", "diagnosis"];

/// The elements that are context for a code that tells nothing alone.
const REASONS: [&str; 13] = [
    "reasonCode",
    "reasonReference",
    "reason",
    "encounter",
    "context",
    "diagnosis",
    "addresses",
    "indication",
    "problem",
    "supportingInformation",
    "basedOn",
    "authorizingPrescription",
    "request",
];

/// Where a reference of an item leads, among what is known.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub reference: usize,
    pub target: usize,
}

pub(super) struct Node {
    pub examined: Examined,
    pub edges: Vec<Edge>,
    /// Where each of its references leads, in their order.
    pub targets: Vec<Option<usize>>,
    /// Reports and panels that this is a result of.
    pub panels: Vec<usize>,
    /// Nodes that refer to this one.
    pub dependents: Vec<usize>,
    /// The place of its person among the persons.
    pub person: Option<usize>,
    /// The organizations it came from.
    pub sources: Vec<String>,
    /// Which of its parts say where it comes from.
    pub told: ToldOrigin,
    is_claim: bool,
}

impl Node {
    pub fn new(examined: Examined) -> Self {
        Self {
            is_claim: roles::is_claim(&examined.resource_type),
            examined,
            edges: Vec::new(),
            targets: Vec::new(),
            panels: Vec::new(),
            dependents: Vec::new(),
            person: None,
            sources: Vec::new(),
            told: ToldOrigin::default(),
        }
    }

    pub fn is_claim(&self) -> bool {
        self.is_claim
    }

    pub fn reference(&self, edge: Edge) -> Option<&Reference> {
        self.examined.references.get(edge.reference)
    }

    /// Where the reference of that number leads, if it leads anywhere.
    pub fn target(&self, reference: usize) -> Option<usize> {
        self.targets.get(reference).copied().flatten()
    }

    /// The join of all parts.
    pub fn all(&self) -> LabelSet {
        self.examined
            .parts
            .iter()
            .fold(LabelSet::EMPTY, |all, part| all.join(part.labels))
    }

    /// The labels of what identifies it.
    pub fn identity(&self) -> LabelSet {
        self.examined
            .identifying
            .iter()
            .filter_map(|index| self.examined.parts.get(usize::from(*index)))
            .fold(LabelSet::EMPTY, |all, part| all.join(part.labels))
    }

    /// What somebody learns who sees a reference to it: that it is there, and so what it is. A claim is all its lines.
    pub fn revealed(&self) -> LabelSet {
        if matches!(
            self.examined.resource_type.as_str(),
            "Patient" | "Person" | "RelatedPerson"
        ) {
            return LabelSet::EMPTY;
        }
        let labels = if self.is_claim {
            self.all()
        } else {
            self.identity()
        };
        labels
            .minus(LabelSet::IDENTITY)
            .without(Label::General)
            .without(Label::Unclassified)
    }

    /// The labels of the parts of these elements.
    pub fn of_elements(&self, elements: &[&str]) -> LabelSet {
        self.examined
            .parts
            .iter()
            .filter(|part| elements.contains(&element_of(&part.path)))
            .fold(LabelSet::EMPTY, |all, part| all.join(part.labels))
    }

    /// Adds labels to one part, each new one with its basis; whether any was new.
    pub fn add(
        &mut self,
        part: usize,
        labels: LabelSet,
        rule: &'static str,
        kind: BasisKind,
        from: &str,
    ) -> bool {
        let Some(part) = self.examined.parts.get_mut(part) else {
            return false;
        };
        let new = labels.minus(part.labels);
        part.coded = part.coded.join(labels);
        if new.is_empty() {
            return false;
        }
        for label in new.iter() {
            part.basis.push(Basis::new(kind, rule, label).from(from));
        }
        part.labels = part.labels.join(new);
        true
    }

    /// Adds labels to every part.
    pub fn add_to_all(
        &mut self,
        labels: LabelSet,
        rule: &'static str,
        kind: BasisKind,
        from: &str,
    ) -> bool {
        if labels.is_empty() {
            return false;
        }
        let mut changed = false;
        for index in 0..self.examined.parts.len() {
            changed |= self.add(index, labels, rule, kind, from);
        }
        changed
    }

    /// What follows within the item, until nothing more does.
    pub fn settle_inside(&mut self, record: LabelSet) -> bool {
        let mut changed = false;
        loop {
            let mut again = self.links();
            again |= self.reasons_of_visit();
            again |= self.conditional(record);
            again |= self.whole();
            again |= self.free_text();
            if !again {
                return changed;
            }
            changed = true;
        }
    }

    fn links(&mut self) -> bool {
        let mut changed = false;
        let links = core::mem::take(&mut self.examined.links);
        for link in &links {
            let Some((labels, path)) = usize::try_from(link.from)
                .ok()
                .and_then(|from| self.examined.parts.get(from))
                .map(|part| {
                    (
                        part.labels
                            .minus(LabelSet::IDENTITY)
                            .without(Label::Unclassified),
                        part.path.as_str(),
                    )
                })
            else {
                continue;
            };
            if labels.is_empty() {
                continue;
            }
            let path = path.to_owned();
            changed |= match link.to.map(usize::try_from) {
                Some(Ok(to)) => self.add(to, labels, "part", BasisKind::Reference, &path),
                Some(Err(_)) => false,
                None => self.add_to_all(passing(labels), "reason", BasisKind::Reference, &path),
            };
        }
        self.examined.links = links;
        changed
    }

    /// A visit takes its reasons' labels (POLICY §2).
    fn reasons_of_visit(&mut self) -> bool {
        if self.examined.resource_type != "Encounter" {
            return false;
        }
        let mut changed = false;
        for index in 0..self.examined.parts.len() {
            let reason = self
                .examined
                .parts
                .get(index)
                .filter(|part| VISIT_REASONS.contains(&element_of(&part.path)))
                .map(|part| (passing(part.labels), part.path.clone()));
            if let Some((labels, path)) = reason {
                changed |= self.add_to_all(labels, "encounter.reason", BasisKind::Reference, &path);
            }
        }
        changed
    }

    /// Codes that tell only beside others.
    fn conditional(&mut self, record: LabelSet) -> bool {
        if self.examined.conditional.is_empty() {
            return false;
        }
        let reasons = self.of_elements(&REASONS);
        let mut changed = false;
        let conditional = core::mem::take(&mut self.examined.conditional);
        for condition in &conditional {
            let near = if condition.anywhere {
                reasons.join(record)
            } else {
                reasons
            };
            if !condition.any_of.overlaps(near) {
                continue;
            }
            let Some(part) = usize::try_from(condition.part)
                .ok()
                .and_then(|part| self.examined.parts.get_mut(part))
            else {
                continue;
            };
            let label = condition.basis.label;
            part.coded = part.coded.with(label);
            if !part.labels.has(label) {
                part.labels = part.labels.with(label);
                part.basis.push(condition.basis.clone());
                changed = true;
            }
        }
        self.examined.conditional = conditional;
        changed
    }

    /// The whole item is about what identifies it.
    fn whole(&mut self) -> bool {
        let mut changed = false;
        for at in 0..self.examined.identifying.len() {
            let identity = self
                .examined
                .identifying
                .get(at)
                .and_then(|index| self.examined.parts.get(usize::from(*index)))
                .map(|part| {
                    (
                        part.labels
                            .minus(LabelSet::IDENTITY)
                            .without(Label::Unclassified),
                        part.path.clone(),
                    )
                });
            if let Some((labels, path)) = identity {
                changed |= self.add_to_all(labels, "item", BasisKind::Reference, &path);
            }
        }
        changed
    }

    /// Free text carries at least the join of the item's coded labels (POLICY §1).
    fn free_text(&mut self) -> bool {
        if !self.examined.parts.iter().any(|part| part.free_text) {
            return false;
        }
        let coded = self
            .examined
            .parts
            .iter()
            .fold(LabelSet::EMPTY, |all, part| all.join(passing(part.coded)));
        if coded.is_empty() {
            return false;
        }
        let mut changed = false;
        for index in 0..self.examined.parts.len() {
            if self
                .examined
                .parts
                .get(index)
                .is_some_and(|part| part.free_text)
            {
                changed |= self.add(index, coded, "free-text", BasisKind::Reference, "item");
            }
        }
        changed
    }

    /// Marks every part for review, for this reason before any other.
    pub fn review_all(&mut self, review: Review) {
        for part in &mut self.examined.parts {
            part.review = Some(review);
        }
    }

    /// Whether nothing that identifies it is classified.
    pub fn is_unclassified(&self) -> bool {
        let mut identifying = self
            .examined
            .identifying
            .iter()
            .filter_map(|index| self.examined.parts.get(usize::from(*index)))
            .peekable();
        identifying.peek().is_some()
            && identifying.all(|part| part.review.is_some() || part.labels.has(Label::Unclassified))
    }
}
