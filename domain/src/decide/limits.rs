//! What a role reaches at most, whatever a consent opens (LAW B3, POLICY §4: billing and coordinators).

use crate::item::{ItemFacts, ItemKind, KindSet, PartFacts};
use crate::label::LabelSet;
use crate::party::Role;
use crate::purpose::Purpose;

/// The minimum-necessary template of a care coordinator (LAW B3): for each kind of item, the elements it names.
///
/// An element that ends in `*` stands for all of a choice of types (`onsetDateTime`, `onsetAge` …). Free text other than
/// a title is never among them.
pub const COORDINATOR_TEMPLATE: [(ItemKind, &[&str]); 7] = [
    (
        ItemKind::Demographics,
        &[
            "active",
            "address",
            "birthDate",
            "communication",
            "deceased*",
            "gender",
            "name",
            "telecom",
        ],
    ),
    (
        ItemKind::Condition,
        &[
            "abatement*",
            "category",
            "clinicalStatus",
            "code",
            "onset*",
            "patient",
            "recordedDate",
            "severity",
            "subject",
            "verificationStatus",
        ],
    ),
    (
        ItemKind::Medication,
        &[
            "authoredOn",
            "category",
            "dosage",
            "dosageInstruction",
            "effective*",
            "intent",
            "medication*",
            "patient",
            "status",
            "subject",
        ],
    ),
    (
        ItemKind::Allergy,
        &[
            "category",
            "clinicalStatus",
            "code",
            "criticality",
            "onset*",
            "patient",
            "reaction",
            "recordedDate",
            "type",
            "verificationStatus",
        ],
    ),
    (
        ItemKind::Immunization,
        &["occurrence*", "patient", "status", "vaccineCode"],
    ),
    (
        ItemKind::Encounter,
        &[
            "class",
            "period",
            "serviceProvider",
            "serviceType",
            "status",
            "subject",
            "type",
        ],
    ),
    (
        ItemKind::Plan,
        &[
            "achievementStatus",
            "category",
            "description",
            "due*",
            "intent",
            "lifecycleStatus",
            "patient",
            "period",
            "start*",
            "status",
            "subject",
            "title",
        ],
    ),
];

/// The kinds of item a care coordinator may see at most (LAW B3).
pub fn coordinator_template() -> KindSet {
    KindSet::of(COORDINATOR_TEMPLATE.into_iter().map(|(kind, _)| kind))
}

/// Whether a role reaches a part at all: billing the claim-related parts, for payment; coordinators what the template
/// names.
pub(super) fn reaches(role: Role, purpose: Purpose, item: &ItemFacts, part: &PartFacts) -> bool {
    match role {
        Role::Billing => {
            purpose == Purpose::Payment
                && (item.kind == ItemKind::Claim
                    || (item.kind == ItemKind::Demographics && element(&part.path) == "name"))
        }
        Role::CareCoordinator => {
            !part.labels.overlaps(LabelSet::NOTES)
                && COORDINATOR_TEMPLATE
                    .iter()
                    .find(|(kind, _)| *kind == item.kind)
                    .is_some_and(|(_, names)| names_element(names, element(&part.path)))
        }
        _ => true,
    }
}

/// The element at the top of a part's path.
fn element(path: &str) -> &str {
    path.split(['[', '.']).next().unwrap_or_default()
}

fn names_element(names: &[&str], element: &str) -> bool {
    names.iter().any(|name| match name.strip_suffix('*') {
        Some(choice) => element.starts_with(choice),
        None => *name == element,
    })
}
