//! What a reference means for labels, by the element it stands in.

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
