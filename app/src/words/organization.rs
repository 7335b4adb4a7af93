//! Words about organizations: what they are, what the law lets them do further, whether they are Part 2 programs.

use crate::t;
use domain::{organization::OrganizationKind, redisclosure::RecipientClass};
use portal::organizations::OrganizationRecord;

/// What an organization is.
pub fn kind(kind: OrganizationKind) -> String {
    match kind {
        OrganizationKind::TreatmentProgram => t!("organization-kind-treatment-program"),
        OrganizationKind::Hospital => t!("organization-kind-hospital"),
        OrganizationKind::Practice => t!("organization-kind-practice"),
        OrganizationKind::Laboratory => t!("organization-kind-laboratory"),
        OrganizationKind::Pharmacy => t!("organization-kind-pharmacy"),
        OrganizationKind::HealthPlan => t!("organization-kind-health-plan"),
        OrganizationKind::Intermediary => t!("organization-kind-intermediary"),
        OrganizationKind::Court => t!("organization-kind-court"),
        OrganizationKind::Research => t!("organization-kind-research"),
        OrganizationKind::Other => t!("organization-kind-other"),
    }
}

/// The same of a record: in our words, else in those of the file it came with.
pub fn kind_of(organization: &OrganizationRecord) -> String {
    match OrganizationKind::from_words(&organization.kind) {
        Some(ours) => kind(ours),
        None if organization.kind.trim().is_empty() => t!("organizations-none"),
        None => organization.kind.clone(),
    }
}

/// What it is as a recipient (42 CFR 2.33(b), LAW B2).
pub fn class(class: RecipientClass) -> String {
    match class {
        RecipientClass::CoveredEntity => t!("organization-class-covered-entity"),
        RecipientClass::Part2Program => t!("organization-class-part2-program"),
        RecipientClass::OtherLawfulHolder => t!("organization-class-other"),
    }
}

/// Whether it is a Part 2 program (42 CFR 2.11).
pub fn program(program: bool) -> String {
    if program {
        t!("organization-program-yes")
    } else {
        t!("organization-program-no")
    }
}
