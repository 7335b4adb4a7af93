//! What was said of one item's labels, carried on to what leads to it, and to the results of reports and panels.
//!
//! A reference tells of what it leads to (POLICY §2: what a reference leads to gives its labels to the part that refers).
//! The rules do that for the labels that they find; this does it for those that people gave: raised ones, and the
//! patient's wish that an item be private. They go where the rules' own go (the table of
//! [`propagate`](super::super::propagate)), as far as paths tell; where only the content would tell, further. It starts
//! from nothing each time, so what is taken back goes with it.

use super::super::basis::{Basis, BasisKind};
use super::super::examined::element_of;
use super::super::propagate::passing;
use super::super::roles::{self, Role};
use super::apply::{PRIVATE, RAISED, holds_words};
use crate::id::ItemId;
use crate::item::{ItemFacts, ItemKind, PartFacts};
use crate::label::{Label, LabelSet};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// What an item tells of itself, of what people gave it.
struct Told {
    /// The item, for the basis.
    from: String,
    labels: LabelSet,
}

/// Carries what people gave the items of one whole record on to the parts that lead to them, and to the results of
/// reports and panels, until no label is new.
pub fn carry(record: &mut [Carried]) {
    for item in record.iter_mut() {
        item.basis.resize_with(item.facts.parts.len(), Vec::new);
        item.forget();
    }
    let mut told: HashMap<ItemId, Told> = HashMap::new();
    loop {
        let mut more = false;
        for item in record.iter() {
            let labels = item.told();
            let known = told.get(&item.facts.id);
            if labels != known.map_or(LabelSet::EMPTY, |told| told.labels) {
                let from = item.name();
                told.insert(item.facts.id, Told { from, labels });
                more = true;
            }
        }
        if !more {
            return;
        }
        let panels = panels(record, &told);
        for item in record.iter_mut() {
            item.take(&told);
            if let Some(panels) = panels.get(&item.facts.id) {
                item.take_all(panels);
            }
        }
    }
}

/// What leads to a claim leads to what that claim leads to: an answer to a claim, or what was paid on it, is of the same
/// service (LAW C4).
pub fn lead_on(record: &mut [Carried]) {
    loop {
        let of_claims: BTreeMap<ItemId, BTreeSet<ItemId>> = record
            .iter()
            .filter(|item| item.facts.kind == ItemKind::Claim)
            .map(|item| {
                let parts = item.facts.parts.iter();
                let leads = parts.flat_map(|part| part.leads_to.iter().copied());
                (item.facts.id, leads.collect())
            })
            .collect();
        let mut more = false;
        let claims = record
            .iter_mut()
            .filter(|item| item.facts.kind == ItemKind::Claim);
        for part in claims.flat_map(|item| &mut item.facts.parts) {
            let via: BTreeSet<ItemId> = part
                .leads_to
                .iter()
                .filter_map(|to| of_claims.get(to))
                .flatten()
                .copied()
                .filter(|to| !part.leads_to.contains(to))
                .collect();
            more |= !via.is_empty();
            part.leads_to.extend(via);
        }
        if !more {
            return;
        }
    }
}

/// Whether a ground is of something that a person said, of this item or of one that it leads to.
pub(in crate::labeling) fn is_said(basis: &Basis) -> bool {
    basis.kind == BasisKind::Reviewed || basis.rule == CARRIED
}

/// The labels of a part that rest on nothing but such grounds.
pub(in crate::labeling) fn resting_only_on(
    basis: &[Basis],
    is: impl Fn(&Basis) -> bool,
) -> LabelSet {
    let labels = |wanted: bool| -> LabelSet {
        basis
            .iter()
            .filter(|one| is(one) == wanted)
            .map(|one| one.label)
            .collect()
    };
    labels(true).minus(labels(false))
}

/// The labels of a part that rest on nothing but what another item gave.
pub(super) fn only_carried(basis: &[Basis]) -> LabelSet {
    resting_only_on(basis, |one| one.rule == CARRIED)
}

/// For each result of reports and panels, what they give it, in an order that does not depend on the record's.
fn panels<'t>(
    record: &[Carried],
    told: &'t HashMap<ItemId, Told>,
) -> HashMap<ItemId, BTreeMap<&'t str, LabelSet>> {
    let mut given: HashMap<ItemId, BTreeMap<&str, LabelSet>> = HashMap::new();
    for Carried { facts, .. } in record {
        let Some(panel) = told.get(&facts.id) else {
            continue;
        };
        let results = facts.parts.iter().filter(|part| {
            let role = roles::of_part(&facts.resource_type, &part.path);
            matches!(role, Role::Result | Role::Member)
        });
        for result in results.flat_map(|part| &part.leads_to) {
            let of_result = given.entry(*result).or_default();
            of_result.insert(&panel.from, passing(panel.labels));
        }
    }
    given
}

/// Whether the part at `path` is about what its item's part at `from` leads to, as the rules have it: all of the item about
/// a reason, a visit, an order, the larger one that it is a piece of (POLICY §2).
fn reaches(resource_type: &str, from: &str, path: &str) -> bool {
    let is_claim = roles::is_claim(resource_type);
    match roles::of_part(resource_type, from) {
        Role::Reason if !is_claim => true,
        Role::Encounter if roles::takes_encounter(resource_type) => true,
        Role::Request => true,
        Role::PartOf if !roles::is_directory(resource_type) => true,
        _ => is_claim && sums_up(from, path),
    }
}

/// Whether a claim's part at `path` may be of what its part at `from` names: lines of a diagnosis, a procedure or a
/// prescription, sums of lines. Which line names which is not kept; so every line does.
fn sums_up(from: &str, path: &str) -> bool {
    let is_line = matches!(element_of(path), "item" | "addItem");
    let is_sum = matches!(
        element_of(path),
        "total" | "payment" | "adjudication" | "benefitBalance"
    );
    match element_of(from) {
        "diagnosis" | "procedure" | "supportingInfo" | "prescription" | "originalPrescription" => {
            is_line || is_sum
        }
        "item" | "addItem" => is_sum,
        _ => false,
    }
}

/// Whether the part at `path` stands in the one at `from`: a question under a question, a section in a section.
fn stands_in(path: &str, from: &str) -> bool {
    path.strip_prefix(from)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// Adds the labels that a part does not have yet.
fn add(part: &mut PartFacts, basis: &mut Vec<Basis>, labels: LabelSet, from: &str) {
    for label in labels.minus(part.labels).iter() {
        part.labels = part.labels.with(label);
        basis.push(Basis::new(BasisKind::Reference, CARRIED, label).from(from));
    }
}

impl Carried {
    /// The item by type and the house's own id, where the rules' grounds have the sender's: for whoever may see that item.
    ///
    /// INVARIANT: no page prints it as it is. Who sees the part that leads there need not see the item.
    fn name(&self) -> String {
        format!("{}/{}", self.facts.resource_type, self.facts.id)
    }

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

    /// Takes off what came this way before.
    fn forget(&mut self) {
        for (part, basis) in self.facts.parts.iter_mut().zip(&mut self.basis) {
            part.labels = part.labels.minus(only_carried(basis));
            basis.retain(|one| one.rule != CARRIED);
        }
    }

    /// Takes what its parts lead to. What identifies it gives it to all of it, words have what the item has.
    fn take(&mut self, told: &HashMap<ItemId, Told>) {
        for at in 0..self.facts.parts.len() {
            let Some(part) = self.facts.parts.get(at) else {
                continue;
            };
            let found: Vec<&Told> = part.leads_to.iter().filter_map(|to| told.get(to)).collect();
            if found.is_empty() {
                continue;
            }
            let from = part.path.clone();
            let whole = self.identifies(at);
            let ItemFacts {
                resource_type,
                parts,
                ..
            } = &mut self.facts;
            for (index, (part, basis)) in parts.iter_mut().zip(&mut self.basis).enumerate() {
                let here = index == at || whole || stands_in(&part.path, &from);
                if !here && !reaches(resource_type, &from, &part.path) && !holds_words(&part.path) {
                    continue;
                }
                for one in &found {
                    let labels = if here {
                        one.labels
                    } else {
                        passing(one.labels)
                    };
                    add(part, basis, labels, &one.from);
                }
            }
        }
    }

    /// Takes what reports and panels give their results: all of it is of what they are about.
    fn take_all(&mut self, panels: &BTreeMap<&str, LabelSet>) {
        for (part, basis) in self.facts.parts.iter_mut().zip(&mut self.basis) {
            for (from, labels) in panels {
                add(part, basis, *labels, from);
            }
        }
    }
}
