//! What an item is called.

use serde_json::Value as Json;

use super::choice::choice;
use super::read::{contained, field, name, reference, select, string, words};
use super::value::Value;

/// What a resource is called.
pub(super) struct Title {
    /// In words.
    pub words: String,
    /// The bare code, such as `RxNorm 5640`, if the record has no words for it.
    pub code: Option<String>,
}

/// The title of a resource; `None` if the input has no resource type.
pub(super) fn of(resource: &Json) -> Option<Title> {
    let kind = field(resource, "resourceType")?;
    let own = match kind {
        "Patient" | "Practitioner" | "RelatedPerson" | "Person" => {
            resource.get("name").and_then(name)
        }
        "MedicationRequest"
        | "MedicationStatement"
        | "MedicationAdministration"
        | "MedicationDispense" => medication(resource),
        "Immunization" => concept(resource, &["vaccineCode"]),
        "DocumentReference" => concept(resource, &["type"])
            .or_else(|| text(resource, &["description"]))
            .or_else(|| {
                select(resource, "content.attachment.title")
                    .into_iter()
                    .find_map(string)
                    .map(str::to_owned)
            })
            .or_else(|| concept(resource, &["category"])),
        "Encounter" => concept(resource, &["type", "serviceType", "class"]),
        "QuestionnaireResponse" => resource
            .pointer("/_questionnaire/extension")
            .into_iter()
            .flat_map(|extensions| select(extensions, "valueString"))
            .find_map(string)
            .map(str::to_owned),
        _ => concept(resource, &["code"])
            .or_else(|| resource.get("name").and_then(name))
            .or_else(|| text(resource, &["title", "description"]))
            .or_else(|| {
                concept(
                    resource,
                    &[
                        "suppliedItem.itemCodeableConcept",
                        "type",
                        "description",
                        "procedureCode",
                        "category",
                    ],
                )
            }),
    };
    Some(match own {
        Some(words) => Title { words, code: None },
        None => Title {
            words: word(kind),
            code: bare_code(resource),
        },
    })
}

/// The code of a concept that comes without any words.
fn bare_code(resource: &Json) -> Option<String> {
    let codings = [
        "code.coding",
        "medicationCodeableConcept.coding",
        "vaccineCode.coding",
        "type.coding",
    ];
    codings
        .iter()
        .flat_map(|path| select(resource, path))
        .find_map(|coding| {
            let code = field(coding, "code")?;
            let system = field(coding, "system").and_then(code_system);
            Some(system.map_or_else(|| code.to_owned(), |system| format!("{system} {code}")))
        })
}

/// The names by which the common code systems go.
fn code_system(uri: &str) -> Option<&'static str> {
    Some(match uri {
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "RxNorm",
        "http://snomed.info/sct" => "SNOMED CT",
        "http://loinc.org" => "LOINC",
        "http://hl7.org/fhir/sid/icd-10-cm" => "ICD-10-CM",
        "http://hl7.org/fhir/sid/icd-10" => "ICD-10",
        "http://hl7.org/fhir/sid/icd-9-cm" => "ICD-9-CM",
        "http://hl7.org/fhir/sid/cvx" => "CVX",
        "http://hl7.org/fhir/sid/ndc" => "NDC",
        "http://www.ama-assn.org/go/cpt" => "CPT",
        _ => return None,
    })
}

fn concept(resource: &Json, keys: &[&str]) -> Option<String> {
    keys.iter()
        .flat_map(|key| select(resource, key))
        .find_map(words)
        .map(str::to_owned)
}

fn text(resource: &Json, keys: &[&str]) -> Option<String> {
    keys.iter()
        .find_map(|key| field(resource, key))
        .map(str::to_owned)
}

fn medication(resource: &Json) -> Option<String> {
    if let Some(words) = resource.get("medicationCodeableConcept").and_then(words) {
        return Some(words.to_owned());
    }
    let link = resource.get("medicationReference")?;
    if let Some(Value::Text(words)) = reference(resource, link) {
        return Some(words);
    }
    // A mixture has a code for each part only.
    let parts: Vec<String> = select(contained(resource, link)?, "ingredient")
        .into_iter()
        .flat_map(|part| choice(resource, part, "item"))
        .filter_map(|value| {
            if let Value::Text(words) = value {
                Some(words)
            } else {
                None
            }
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A plain word for a kind of resource.
fn word(kind: &str) -> String {
    let known = match kind {
        "Condition" => "Health problem",
        "MedicationRequest"
        | "MedicationStatement"
        | "MedicationAdministration"
        | "MedicationDispense"
        | "Medication" => "Medicine",
        "Observation" => "Measurement",
        "DiagnosticReport" => "Test report",
        "DocumentReference" => "Document",
        "Encounter" => "Visit",
        "AllergyIntolerance" => "Allergy",
        "QuestionnaireResponse" => "Questionnaire",
        "ServiceRequest" => "Referral or order",
        "Immunization" => "Vaccination",
        _ => return spaced(kind),
    };
    known.to_owned()
}

/// `CarePlan` as "Care plan".
fn spaced(kind: &str) -> String {
    let mut out = String::with_capacity(kind.len() + 4);
    for character in kind.chars() {
        if character.is_uppercase() && !out.is_empty() {
            out.push(' ');
            out.extend(character.to_lowercase());
        } else {
            out.push(character);
        }
    }
    out
}
