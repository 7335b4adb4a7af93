//! Looking at an item to put its labels right (POLICY §2, review queue): an activity of the organization that the item
//! came from, by its own privacy officer (45 CFR 164.530(a), 164.501 "health care operations"; 42 CFR 2.12(c)(3): within
//! the program).

use super::Decider;
use crate::id::OrganizationId;
use crate::item::ItemFacts;
use crate::label::{Label, LabelSet};
use crate::party::Role;
use crate::purpose::Purpose;

/// What no reviewer sees: separated notes, and what the patient asked to keep private.
pub(super) const NEVER: LabelSet = LabelSet::NOTES.with(Label::PatientRequested);

/// For which organization the viewer may look at an item to review it: they are its privacy officer now, all of the item
/// came from there and from nowhere else, and it is up for review.
pub(super) fn of(decider: &Decider<'_>, item: &ItemFacts) -> Option<OrganizationId> {
    if !has_standing(decider) || !decider.state.under_review.contains(&item.id) {
        return None;
    }
    let source = item.only_source()?;
    decider.reach.serves.contains(&source).then_some(source)
}

/// Whether the viewer reviews for anybody, whatever the record holds (POLICY §5).
pub(super) fn has_standing(decider: &Decider<'_>) -> bool {
    decider.action == super::Action::Review
        && decider.viewer.role == Role::PrivacyOfficer
        && decider.purpose == Purpose::Operations
        // Nobody puts the labels of their own record right.
        && decider.state.subject != Some(decider.viewer.person)
        && !decider.state.unreadable
        && !decider.reach.serves.is_empty()
}
