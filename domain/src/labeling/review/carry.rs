//! What was said of one item's labels, carried on to what leads to it.
//!
//! A reference tells of what it leads to (POLICY §2: what a reference leads to gives its labels to the part that refers).
//! The rules do that for the labels that they find; this does it for those that people gave: raised ones, and the
//! patient's wish that an item be private. It starts from nothing each time, so what is taken back goes with it.

use super::super::basis::{Basis, BasisKind};
use super::super::examined::element_of;
use super::super::propagate::passing;
use super::super::roles::{self, Role};
use super::apply::{PRIVATE, RAISED, holds_words};
use crate::id::ItemId;
use crate::item::ItemFacts;
use crate::label::{Label, LabelSet};
use std::collections::HashMap;

/// The rule of a label that came this way, for the basis.
const CARRIED: &str = "review.carried";

/// One item of a record, as it is kept: its facts, and why its parts are labelled, in their order.
#[derive(Clone)]
pub struct Carried {
    /// Its facts.
    pub facts: ItemFacts,
    /// Why its parts are labelled.
    pub basis: Vec<Vec<Basis>>,
}

impl core::fmt::Debug for Carried {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Carried([redacted])")
    }
}

/// Carries what people gave the items of one whole record on to the parts that lead to them, until no label is new.
pub fn carry(record: &mut [Carried]) {
    for item in record.iter_mut() {
        item.basis.resize_with(item.facts.parts.len(), Vec::new);
        item.forget();
    }
    let mut told: HashMap<ItemId, LabelSet> = HashMap::new();
    loop {
        let before = told.len();
        let mut more = false;
        for item in record.iter() {
            let labels = item.told();
            if !labels.is_empty() {
                more |= told.insert(item.facts.id, labels) != Some(labels);
            }
        }
        if !more && told.len() == before {
            return;
        }
        for item in record.iter_mut() {
            item.take(&told);
        }
    }
}

impl Carried {
    /// What somebody learns who sees a reference to it, of what people gave it. A claim is all its lines.
    fn told(&self) -> LabelSet {
        // Whose record it is tells nothing of what is in it.
        if matches!(
            self.facts.resource_type.as_str(),
            "Patient" | "Person" | "RelatedPerson"
        ) {
            return LabelSet::EMPTY;
        }
        let is_claim = roles::is_claim(&self.facts.resource_type);
        let given = |basis: &&Basis| {
            basis.rule == CARRIED
                || (basis.kind == BasisKind::Reviewed
                    && (basis.rule == RAISED || basis.rule == PRIVATE))
        };
        let labels: LabelSet = self
            .basis
            .iter()
            .enumerate()
            .filter(|(at, _)| is_claim || self.identifies(*at))
            .flat_map(|(_, basis)| basis.iter().filter(given).map(|basis| basis.label))
            .collect();
        labels.minus(LabelSet::IDENTITY).without(Label::General)
    }

    fn identifies(&self, at: usize) -> bool {
        self.facts
            .identifying
            .iter()
            .any(|one| usize::from(*one) == at)
    }

    /// Whether the whole item is about what this part leads to, as the rules have it: a reason, a visit, an order, the larger
    /// one it is a piece of (POLICY §2).
    fn reaches(&self, at: usize) -> bool {
        let resource_type = self.facts.resource_type.as_str();
        let path = self.facts.parts.get(at).map(|part| part.path.as_str());
        let element = element_of(path.unwrap_or_default());
        match roles::of(resource_type, element, element) {
            Role::Reason => !roles::is_claim(resource_type),
            Role::Encounter => roles::takes_encounter(resource_type),
            Role::Request => true,
            Role::PartOf => !roles::is_directory(resource_type),
            _ => resource_type == "Encounter" && element == "diagnosis",
        }
    }

    /// Takes off what came this way before.
    fn forget(&mut self) {
        for (part, basis) in self.facts.parts.iter_mut().zip(&mut self.basis) {
            let came: LabelSet = basis
                .iter()
                .filter(|one| one.rule == CARRIED)
                .map(|one| one.label)
                .collect();
            basis.retain(|one| one.rule != CARRIED);
            let left: LabelSet = basis.iter().map(|one| one.label).collect();
            part.labels = part.labels.minus(came.minus(left));
        }
    }

    /// Takes what its parts lead to. What identifies it gives it to all of it, words have what the item has.
    fn take(&mut self, told: &HashMap<ItemId, LabelSet>) {
        for at in 0..self.facts.parts.len() {
            let labels = self.facts.parts.get(at).map_or(LabelSet::EMPTY, |part| {
                let labels = part.leads_to.iter().filter_map(|to| told.get(to));
                labels.fold(LabelSet::EMPTY, |all, labels| all.join(*labels))
            });
            if labels.is_empty() {
                continue;
            }
            let whole = self.identifies(at);
            let reaches = self.reaches(at);
            let parts = self.facts.parts.iter_mut().zip(&mut self.basis);
            for (index, (part, basis)) in parts.enumerate() {
                let given = if index == at || whole {
                    labels
                } else if reaches || holds_words(&part.path) {
                    passing(labels)
                } else {
                    continue;
                };
                for label in given.minus(part.labels).iter() {
                    part.labels = part.labels.with(label);
                    basis.push(Basis::new(BasisKind::Reference, CARRIED, label));
                }
            }
        }
    }
}
