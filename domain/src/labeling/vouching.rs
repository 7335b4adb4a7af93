//! What vouches for words and codes (POLICY §2, deny by default).

/// What a text element is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Words {
    /// No words: an id, an address of the network, a unit, a person's name or address.
    None,
    /// Words of the form, or a name: read for terms, but never unclassified.
    Form,
    /// A title, or other words that say what something is.
    Title,
    /// What a person wrote.
    Prose,
}

/// What the text element `key` is, in the part of that `element`.
pub(crate) fn words(resource_type: &str, element: &str, key: &str) -> Words {
    match key {
        "id" | "url" | "uri" | "reference" | "system" | "unit" | "use" | "language"
        | "contentType" | "hash" | "linkId" | "family" | "given" | "prefix" | "suffix" | "line"
        | "city" | "district" | "state" | "postalCode" | "country" | "versionId"
        | "lastUpdated" | "profile" | "version" | "currency" | "uid" | "fullUrl"
        | "authorString" | "resourceType" | "start" | "end" | "carrierHRF" | "deviceIdentifier"
        | "rank" | "definition" => Words::None,
        _ if is_of_person(resource_type, element) => Words::None,
        "text"
        | "valueString"
        | "valueMarkdown"
        | "conclusion"
        | "comment"
        | "patientInstruction"
        | "summary"
        | "div"
        | "clinicalNotes"
        | "recommendation"
        | "rationale"
        | "answer"
        | "query"
        | "contentString"
        | "content"
        | "payload"
        | "detailString"
        | "message"
        | "instruction"
        | "instructions"
        | "history"
        | "course"
        | "reactionDescription" => Words::Prose,
        "description" | "title" | "label" | "caption" | "clause" | "topic" | "purpose"
        | "disposition" | "explanation" => Words::Title,
        "name" if !name_is_form(resource_type) => Words::Title,
        _ => Words::Form,
    }
}

/// Elements that hold a person's name, address or language, which are read for nothing.
fn is_of_person(resource_type: &str, element: &str) -> bool {
    match element {
        "name" | "address" | "telecom" => !matches!(
            resource_type,
            "Organization"
                | "Location"
                | "HealthcareService"
                | "CareTeam"
                | "EpisodeOfCare"
                | "Coverage"
                | "InsurancePlan"
        ),
        "contact" => matches!(resource_type, "Patient" | "Organization"),
        "photo" | "communication" | "maritalStatus" => {
            matches!(resource_type, "Patient" | "Practitioner" | "RelatedPerson")
        }
        _ => false,
    }
}

fn name_is_form(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Organization"
            | "Location"
            | "HealthcareService"
            | "Endpoint"
            | "CareTeam"
            | "Coverage"
            | "InsurancePlan"
    )
}

/// Elements whose codes belong to the form of a record or to the business around it, so that a list we don't know is no
/// reason to hide them. What they say is read all the same.
pub(crate) fn is_administrative(key: &str) -> bool {
    matches!(
        key,
        "identifier"
            | "adjudication"
            | "role"
            | "status"
            | "priority"
            | "format"
            | "class"
            | "relationship"
            | "payee"
            | "careTeam"
            | "insurance"
            | "payment"
            | "processPriority"
            | "fundsReserve"
            | "fundsReserveRequested"
            | "telecom"
            | "locationCodeableConcept"
            | "unitOfMeasure"
            | "benefitBalance"
            | "total"
            | "qualification"
            | "physicalType"
            | "udiCarrier"
            | "costToBeneficiary"
            | "payor"
            | "participant"
            | "confidentiality"
            | "modifierExtension"
            | "securityLabel"
            | "supportingInfo"
            | "subType"
            | "tooth"
            | "language"
    )
}

/// Elements that say what an item is or why: words in place of a code are unclassified however short they are.
pub(crate) fn bears_meaning(element: &str) -> bool {
    matches!(
        element,
        "code"
            | "type"
            | "medicationCodeableConcept"
            | "vaccineCode"
            | "reasonCode"
            | "reason"
            | "statusReason"
            | "diagnosis"
            | "procedure"
            | "productOrService"
            | "activity"
            | "addresses"
            | "reaction"
            | "substance"
            | "conclusionCode"
            | "complication"
            | "followUp"
            | "outcome"
            | "outcomeCode"
            | "item"
            | "indication"
            | "evidence"
            | "condition"
            | "description"
            | "note"
            | "content"
            | "title"
            | "section"
            | "presentedForm"
            | "conclusion"
            | "patientInstruction"
            | "serviceType"
            | "topic"
            | "category"
    )
}

/// Whether a text is a short remark such as "negative" or "left arm", for which a known code of the item vouches.
pub(crate) fn is_short(text: &str) -> bool {
    text.len() <= 40 && text.split_whitespace().count() <= 4
}

/// Whether an extension's definition is one that HL7 published, so that its words are what it says they are.
pub(crate) fn is_published(url: &str) -> bool {
    !url.contains("://")
        || [
            "http://hl7.org/fhir/",
            "http://terminology.hl7.org/",
            "https://hl7.org/fhir/",
            "http://fhir.org/guides/",
        ]
        .iter()
        .any(|head| url.starts_with(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// POLICY §2: what is read, and what is hidden until somebody looks.
    #[test]
    fn words_are_told_by_their_element() {
        for (resource_type, element, key, told) in [
            ("Condition", "note", "text", Words::Prose),
            ("Observation", "valueString", "valueString", Words::Prose),
            ("Condition", "note", "authorString", Words::None),
            ("Condition", "code", "system", Words::None),
            ("Condition", "code", "display", Words::Form),
            ("Goal", "description", "text", Words::Prose),
            ("ImagingStudy", "description", "description", Words::Title),
            ("Composition", "title", "title", Words::Title),
            ("PlanDefinition", "name", "name", Words::None),
            ("Basic", "extension", "name", Words::Title),
            ("Organization", "name", "name", Words::Form),
            ("CareTeam", "name", "name", Words::Form),
            ("Endpoint", "extension", "name", Words::Form),
            ("Patient", "name", "text", Words::None),
            ("Organization", "address", "text", Words::Prose),
            ("Practitioner", "address", "text", Words::None),
            ("Patient", "contact", "text", Words::None),
            ("Organization", "contact", "text", Words::None),
            ("CareTeam", "contact", "text", Words::Prose),
            ("Patient", "maritalStatus", "text", Words::None),
            ("Practitioner", "photo", "title", Words::None),
            ("RelatedPerson", "communication", "text", Words::None),
            ("Encounter", "communication", "text", Words::Prose),
        ] {
            let found = words(resource_type, element, key);
            assert_eq!(found, told, "{resource_type}.{element} … {key}");
        }
    }

    #[test]
    fn codes_of_the_business_need_no_list_that_is_known() {
        for key in ["adjudication", "role", "status", "payee", "language"] {
            assert!(is_administrative(key) && !bears_meaning(key), "{key}");
        }
        for key in ["code", "reasonCode", "diagnosis", "category"] {
            assert!(!is_administrative(key) && bears_meaning(key), "{key}");
        }
    }

    #[test]
    fn a_short_remark_has_few_words_and_letters() {
        for text in [
            "",
            "negative",
            "left arm",
            "one two three four",
            &"x".repeat(40),
        ] {
            assert!(is_short(text), "{text}");
        }
        for text in [
            "one two three four five",
            &"x".repeat(41),
            &"word word ".repeat(5),
        ] {
            assert!(!is_short(text), "{text}");
        }
    }

    #[test]
    fn extensions_of_hl7_are_published() {
        for url in [
            "ombCategory",
            "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
            "https://hl7.org/fhir/x",
            "http://terminology.hl7.org/x",
            "http://fhir.org/guides/x",
        ] {
            assert!(is_published(url), "{url}");
        }
        for url in [
            "https://ehr.example/fhir/x",
            "urn://x",
            "http://hl7.example/fhir/",
        ] {
            assert!(!is_published(url), "{url}");
        }
    }
}
