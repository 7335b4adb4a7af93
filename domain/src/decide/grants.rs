//! Consents that are in force for one viewer and purpose, made ready to be asked item by item (POLICY §4.7b).

use super::reach::Reach;
use super::signers::{self, Ceiling};
use crate::clock::Instant;
use crate::consent::{ConsentKind, Coverage, Standing};
use crate::id::ConsentId;
use crate::item::{ItemFacts, PartFacts};
use crate::label::{Label, LabelSet};
use crate::party::{Role, Viewer};
use crate::purpose::Purpose;
use crate::state::PolicyState;

/// One consent in force, with what does not depend on the item worked out.
#[derive(Debug)]
pub(super) struct Grant<'a> {
    pub consent: ConsentId,
    pub kind: ConsentKind,
    coverage: Coverage<'a>,
    ceiling: Ceiling,
}

impl<'a> Grant<'a> {
    /// Those that hold for this viewer and purpose now, in the order of their ids.
    pub fn all(
        viewer: &Viewer,
        purpose: Purpose,
        now: Instant,
        state: &'a PolicyState,
        reach: &Reach,
    ) -> Vec<Self> {
        let mut grants: Vec<Self> = state
            .consents
            .iter()
            .filter(|standing| {
                let terms = &standing.consent.terms;
                terms.patient == state.patient
                    && terms.purposes.has(purpose)
                    // A consent to a helper opens the record to the helper, in that role alone (LAW D5).
                    && (terms.kind != ConsentKind::Proxy || viewer.role == Role::Proxy)
                    && terms.to.iter().any(|to| reach.receives(viewer, to))
                    && standing.standing(now) == Standing::Active
            })
            .map(|standing| {
                let consent = &standing.consent;
                let mut ceiling = signers::ceiling(consent, state);
                if consent.terms.what.exclude.has(Label::MinorConsented) {
                    ceiling.alone = LabelSet::EMPTY;
                }
                Self {
                    consent: consent.id,
                    kind: consent.terms.kind,
                    coverage: consent.coverage(),
                    ceiling,
                }
            })
            .filter(|grant| !grant.ceiling.is_nothing())
            .collect();
        grants.sort_by_key(|grant| grant.consent);
        grants
    }

    /// What it opens of an item, before a part's own labels are looked at.
    pub fn on(&self, item: &ItemFacts) -> LabelSet {
        self.coverage.on(item)
    }

    /// Which of the labels still missing it covers of a part, given what it opens of the item.
    pub fn covers(&self, of_item: LabelSet, part: &PartFacts, missing: LabelSet) -> LabelSet {
        let labels = part.labels;
        // A consent to separated notes opens those notes and nothing beside them (LAW A9).
        if self.kind == ConsentKind::Notes && !labels.overlaps(LabelSet::NOTES) {
            return LabelSet::EMPTY;
        }
        if self.coverage.leaves_out(&part.leads_to) {
            return LabelSet::EMPTY;
        }
        let covered = of_item.meet(self.ceiling.on(labels)).meet(missing);
        // The mark is met by the minor's own hand on what the part is about, never by itself (LAW D1).
        if missing.has(Label::MinorConsented) && !covered.is_empty() {
            covered.with(Label::MinorConsented)
        } else {
            covered
        }
    }
}
