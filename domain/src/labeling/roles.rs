//! What a reference means for labels, by the element it stands in.

use super::examined::element_of;
use serde::{Deserialize, Serialize};

/// What a reference means. Every kind but [`Role::Subject`] gives its own part the labels of what it refers to; some give
/// them to the whole item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Role {
    /// Whose record it is: carries no label.
    Subject,
    /// The visit it belongs to.
    Encounter,
    /// Why: a condition or a finding that it rests on.
    Reason,
    /// A result of a report.
    Result,
    /// A member of a panel.
    Member,
    /// The order it carries out.
    Request,
    /// The larger one that it is a piece of.
    PartOf,
    /// A claim, or what a claim is for.
    Claim,
    /// The prescription that a claim is for.
    Prescription,
    /// The drug, described in a resource of its own.
    Medication,
    /// Any other.
    Other,
}

/// The role of a reference: `element` is the element at the top of the resource, `key` the innermost.
pub(crate) fn of(resource_type: &str, element: &str, key: &str) -> Role {
    match key {
        "subject" | "patient" | "beneficiary" | "subscriber" | "policyHolder" => Role::Subject,
        "for" if resource_type == "Task" => Role::Subject,
        "encounter" => Role::Encounter,
        "context" if element == "context" => Role::Encounter,
        "reasonReference"
        | "addresses"
        | "indicationReference"
        | "indication"
        | "problem"
        | "diagnosisReference" => Role::Reason,
        "condition" if element == "diagnosis" => Role::Reason,
        "related" if element == "context" => Role::Reason,
        "medicationReference" => Role::Medication,
        "result" => Role::Result,
        "hasMember" => Role::Member,
        "request"
            if resource_type == "MedicationAdministration" || resource_type == "ClaimResponse" =>
        {
            if resource_type == "ClaimResponse" {
                Role::Claim
            } else {
                Role::Request
            }
        }
        "authorizingPrescription" => Role::Request,
        "basedOn"
            if resource_type == "MedicationStatement" || resource_type == "SupplyDelivery" =>
        {
            Role::Request
        }
        "partOf" => Role::PartOf,
        "claim" | "claimResponse" => Role::Claim,
        "prescription" | "originalPrescription" => Role::Prescription,
        _ => Role::Other,
    }
}

/// The role of the references in a part of which only the path is known: of those that may stand in it, the one that
/// reaches farthest.
pub(crate) fn of_part(resource_type: &str, path: &str) -> Role {
    let element = element_of(path);
    match element {
        // The condition of a visit's or an episode's diagnosis.
        "diagnosis" => of(resource_type, element, "condition"),
        // The reason of one of a plan's activities.
        "activity" if resource_type == "CarePlan" => Role::Reason,
        // Whatever stands inside may have a reason.
        "contained" => Role::Reason,
        _ => of(resource_type, element, element),
    }
}

/// Whether the reference names who made or keeps the item: its source (POLICY §1, provenance).
pub(crate) fn is_source(resource_type: &str, element: &str) -> bool {
    match element {
        "custodian"
        | "managingOrganization"
        | "serviceProvider"
        | "author"
        | "recorder"
        | "asserter"
        | "sender"
        | "owner"
        | "authenticator"
        | "attester"
        | "informationSource"
        | "assessor"
        | "organizer"
        | "resultsInterpreter" => true,
        "requester" | "source" => !matches!(resource_type, "Patient" | "Consent" | "MessageHeader"),
        "performer" => !matches!(
            resource_type,
            "ServiceRequest" | "MedicationRequest" | "DeviceRequest" | "CommunicationRequest"
        ),
        "provider" => matches!(
            resource_type,
            "Claim" | "ExplanationOfBenefit" | "CoverageEligibilityRequest"
        ),
        "requestor" => resource_type == "ClaimResponse",
        "supplier" => matches!(resource_type, "SupplyDelivery"),
        "location" => matches!(
            resource_type,
            "Encounter" | "Procedure" | "Immunization" | "DiagnosticReport"
        ),
        "agent" => resource_type == "Provenance",
        "organization" => matches!(resource_type, "PractitionerRole" | "ResearchStudy"),
        _ => false,
    }
}

/// Whether a part says where its item comes from: by naming who made or keeps it, or by what hands that on (a visit, an
/// order, a claim, the larger one it is a piece of).
pub fn tells_origin(resource_type: &str, path: &str) -> bool {
    let element = element_of(path);
    is_source(resource_type, element)
        || matches!(
            of(resource_type, element, element),
            Role::Encounter | Role::Claim | Role::PartOf | Role::Request
        )
        // What nests may hold any of these: a line its visit, what a claim is related to or insured by another claim.
        || (is_claim(resource_type)
            && matches!(element, "item" | "addItem" | "related" | "insurance"))
        || element == "contained"
}

/// Whether the resource is no patient's: a directory entry or a definition. It has parts, but origin does not label them.
pub(crate) fn is_directory(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Organization"
            | "OrganizationAffiliation"
            | "Practitioner"
            | "PractitionerRole"
            | "Location"
            | "HealthcareService"
            | "Endpoint"
            | "InsurancePlan"
            | "Medication"
            | "MedicationKnowledge"
            | "Substance"
            | "Questionnaire"
            | "PlanDefinition"
            | "ActivityDefinition"
            | "ValueSet"
            | "CodeSystem"
            | "StructureDefinition"
            | "OperationOutcome"
    )
}

/// Whether the resource is a claim or an answer to one: a sum of items, each with its own labels.
pub(crate) fn is_claim(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Claim" | "ClaimResponse" | "ExplanationOfBenefit"
    )
}

/// Whether the whole item takes the labels of the visit it belongs to (POLICY §2: procedures, notes, medications).
pub(crate) fn takes_encounter(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Procedure"
            | "DocumentReference"
            | "DocumentManifest"
            | "Composition"
            | "ClinicalImpression"
            | "Communication"
            | "MedicationRequest"
            | "MedicationStatement"
            | "MedicationAdministration"
            | "MedicationDispense"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// POLICY §2: along which references labels go, and how far.
    #[test]
    fn a_references_role_follows_from_where_it_stands() {
        for (resource_type, element, key, role) in [
            ("Condition", "subject", "subject", Role::Subject),
            ("Claim", "patient", "patient", Role::Subject),
            ("Coverage", "beneficiary", "beneficiary", Role::Subject),
            ("Coverage", "subscriber", "subscriber", Role::Subject),
            ("Coverage", "policyHolder", "policyHolder", Role::Subject),
            ("Task", "for", "for", Role::Subject),
            ("Basic", "for", "for", Role::Other),
            ("Procedure", "encounter", "encounter", Role::Encounter),
            ("MedicationStatement", "context", "context", Role::Encounter),
            ("Basic", "extension", "context", Role::Other),
            (
                "Procedure",
                "reasonReference",
                "reasonReference",
                Role::Reason,
            ),
            ("CarePlan", "addresses", "addresses", Role::Reason),
            ("Basic", "indication", "indication", Role::Reason),
            (
                "Basic",
                "indicationReference",
                "indicationReference",
                Role::Reason,
            ),
            ("ClinicalImpression", "problem", "problem", Role::Reason),
            ("Claim", "diagnosis", "diagnosisReference", Role::Reason),
            ("Encounter", "diagnosis", "condition", Role::Reason),
            ("Basic", "evidence", "condition", Role::Other),
            ("DocumentReference", "context", "related", Role::Reason),
            ("Claim", "related", "related", Role::Other),
            (
                "MedicationRequest",
                "medicationReference",
                "medicationReference",
                Role::Medication,
            ),
            ("DiagnosticReport", "result", "result", Role::Result),
            ("Observation", "hasMember", "hasMember", Role::Member),
            (
                "MedicationAdministration",
                "request",
                "request",
                Role::Request,
            ),
            ("ClaimResponse", "request", "request", Role::Claim),
            ("Basic", "request", "request", Role::Other),
            (
                "MedicationDispense",
                "authorizingPrescription",
                "authorizingPrescription",
                Role::Request,
            ),
            ("MedicationStatement", "basedOn", "basedOn", Role::Request),
            ("SupplyDelivery", "basedOn", "basedOn", Role::Request),
            ("Observation", "basedOn", "basedOn", Role::Other),
            ("Procedure", "partOf", "partOf", Role::PartOf),
            ("ExplanationOfBenefit", "claim", "claim", Role::Claim),
            (
                "ExplanationOfBenefit",
                "claimResponse",
                "claimResponse",
                Role::Claim,
            ),
            ("Claim", "prescription", "prescription", Role::Prescription),
            (
                "Claim",
                "originalPrescription",
                "originalPrescription",
                Role::Prescription,
            ),
            ("Condition", "recorder", "recorder", Role::Other),
        ] {
            let found = of(resource_type, element, key);
            assert_eq!(found, role, "{resource_type}.{element} … {key}");
        }
    }

    /// Where only a part's path is kept, what may nest in it counts.
    #[test]
    fn a_parts_role_is_that_of_what_may_stand_in_it() {
        for (resource_type, path, role) in [
            ("MedicationRequest", "reasonReference[1]", Role::Reason),
            ("Encounter", "diagnosis[0]", Role::Reason),
            ("EpisodeOfCare", "diagnosis[0]", Role::Reason),
            ("CarePlan", "activity[2]", Role::Reason),
            ("Basic", "activity[2]", Role::Other),
            ("Procedure", "contained[0]", Role::Reason),
            ("DocumentReference", "context", Role::Encounter),
            ("DiagnosticReport", "result[3]", Role::Result),
            ("Observation", "hasMember[0]", Role::Member),
            ("Claim", "prescription", Role::Prescription),
        ] {
            assert_eq!(of_part(resource_type, path), role, "{resource_type}.{path}");
        }
    }

    /// POLICY §5: every part in which a reference may say where the item comes from.
    #[test]
    fn what_nests_may_tell_where_a_claim_comes_from() {
        for resource_type in ["Claim", "ClaimResponse", "ExplanationOfBenefit"] {
            for path in ["item[0]", "addItem[0]", "related[1]", "insurance[0]"] {
                assert!(tells_origin(resource_type, path), "{resource_type}.{path}");
            }
            for path in ["diagnosis[0]", "total[0]", "type"] {
                assert!(!tells_origin(resource_type, path), "{resource_type}.{path}");
            }
        }
        assert!(!tells_origin("DocumentReference", "related[0]"));
    }

    /// POLICY §1: who made or keeps an item, and not who is asked or is spoken of.
    #[test]
    fn sources_are_told_from_others() {
        for element in [
            "custodian",
            "managingOrganization",
            "serviceProvider",
            "author",
            "recorder",
            "asserter",
            "sender",
            "owner",
            "authenticator",
            "attester",
            "informationSource",
            "assessor",
            "organizer",
            "resultsInterpreter",
        ] {
            assert!(is_source("Basic", element), "{element}");
        }
        for (element, sources, others) in [
            (
                "requester",
                &["MedicationRequest"][..],
                &["Patient", "Consent", "MessageHeader"][..],
            ),
            (
                "source",
                &["QuestionnaireResponse"],
                &["Patient", "Consent", "MessageHeader"],
            ),
            (
                "performer",
                &["Observation", "Procedure"],
                &[
                    "ServiceRequest",
                    "MedicationRequest",
                    "DeviceRequest",
                    "CommunicationRequest",
                ],
            ),
            (
                "provider",
                &[
                    "Claim",
                    "ExplanationOfBenefit",
                    "CoverageEligibilityRequest",
                ],
                &["Account"],
            ),
            ("requestor", &["ClaimResponse"], &["Claim"]),
            ("supplier", &["SupplyDelivery"], &["SupplyRequest"]),
            (
                "location",
                &["Encounter", "Procedure", "Immunization", "DiagnosticReport"],
                &["PractitionerRole"],
            ),
            ("agent", &["Provenance"], &["AuditEvent"]),
            (
                "organization",
                &["PractitionerRole", "ResearchStudy"],
                &["Consent"],
            ),
            ("subject", &[], &["Condition"]),
        ] {
            for resource_type in sources {
                assert!(
                    is_source(resource_type, element),
                    "{resource_type}.{element}"
                );
            }
            for resource_type in others {
                assert!(
                    !is_source(resource_type, element),
                    "{resource_type}.{element}"
                );
            }
        }
    }

    #[test]
    fn directories_and_claims_are_told_from_records() {
        for name in [
            "Organization",
            "Practitioner",
            "PractitionerRole",
            "Location",
            "Medication",
            "Questionnaire",
        ] {
            assert!(is_directory(name), "{name}");
        }
        for name in ["Patient", "Condition", "Encounter", "CareTeam"] {
            assert!(!is_directory(name) && !is_claim(name), "{name}");
        }
        for name in ["Claim", "ClaimResponse", "ExplanationOfBenefit"] {
            assert!(is_claim(name) && !takes_encounter(name), "{name}");
        }
        for name in [
            "Procedure",
            "DocumentReference",
            "MedicationRequest",
            "Communication",
        ] {
            assert!(takes_encounter(name), "{name}");
        }
    }
}
