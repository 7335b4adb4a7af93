//! The parts of a resource (POLICY §1): what is labelled, decided and passed on by itself.
//!
//! Every element at the top is a part; a list of objects is a part each. The items of a questionnaire response and the
//! sections of a composition nest, and each of them is a part without those inside it. `resourceType`, `id`, `meta`
//! and the narrative are no parts.

use serde_json::{Map, Value};

/// One part of a resource.
pub struct Part<'a> {
    /// Its path, such as `code`, `note[0]` or `item[0].item[2]`.
    pub path: String,
    /// The name of its element at the top of the resource.
    pub element: &'a str,
    /// The part it stands in, for nested ones.
    pub parent: Option<usize>,
    /// Its value.
    pub value: Option<&'a Value>,
    /// The `id` and `extension` that FHIR JSON keeps beside a primitive value, under `_element`.
    pub beside: Option<&'a Value>,
    /// The element inside it whose items are parts of their own.
    pub nests: Option<Nest>,
}

/// What nests inside a part as parts of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nest {
    /// `item` and `answer.item` of a questionnaire response.
    Items,
    /// `section` of a composition.
    Sections,
}

impl Nest {
    /// The name of the nested element.
    pub const fn element(self) -> &'static str {
        match self {
            Self::Items => "item",
            Self::Sections => "section",
        }
    }

    /// What nests in that element of that resource type.
    pub fn of(resource_type: &str, element: &str) -> Option<Self> {
        match (resource_type, element) {
            ("QuestionnaireResponse", "item") => Some(Self::Items),
            ("Composition", "section") => Some(Self::Sections),
            _ => None,
        }
    }
}

/// Elements that are no parts.
const NO_PARTS: [&str; 6] = [
    "resourceType",
    "id",
    "meta",
    "text",
    "implicitRules",
    "language",
];

/// The parts of a resource in their one order: elements by name, lists by index, nested parts after what holds them.
///
/// Whoever needs the n-th part of a resource (labels, decisions, redaction) counts in this order.
pub fn split(resource: &Map<String, Value>) -> Vec<Part<'_>> {
    let resource_type = resource
        .get("resourceType")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut elements: Vec<(&str, Option<&Value>, Option<&Value>)> =
        Vec::with_capacity(resource.len());
    for (key, value) in resource {
        if NO_PARTS.contains(&key.as_str()) {
            continue;
        }
        if let Some(element) = key.strip_prefix('_') {
            if NO_PARTS.contains(&element) || resource.contains_key(element) {
                continue;
            }
            elements.push((element, None, Some(value)));
        } else {
            elements.push((key, Some(value), resource.get(&format_beside(key, value))));
        }
    }
    elements.sort_unstable_by_key(|(element, _, _)| *element);
    let mut parts = Vec::with_capacity(elements.len().saturating_mul(2));
    for (element, value, beside) in elements {
        let nests = Nest::of(resource_type, element);
        match value {
            Some(Value::Array(list)) if is_split(list) => {
                for (index, value) in list.iter().enumerate() {
                    let path = format!("{element}[{index}]");
                    push(&mut parts, path, element, None, value, nests);
                }
            }
            _ => parts.push(Part {
                path: element.to_owned(),
                element,
                parent: None,
                value,
                beside,
                nests: None,
            }),
        }
    }
    if parts.is_empty() {
        parts.push(Part {
            path: "resourceType".to_owned(),
            element: "resourceType",
            parent: None,
            value: None,
            beside: None,
            nests: None,
        });
    }
    parts
}

/// The name under which FHIR JSON keeps what stands beside a primitive; empty for what is not one.
fn format_beside(key: &str, value: &Value) -> String {
    if value.is_object() {
        return String::new();
    }
    let mut beside = String::with_capacity(key.len().saturating_add(1));
    beside.push('_');
    beside.push_str(key);
    beside
}

/// Whether a list is one of objects, so that each of them is a part.
pub(crate) fn is_split(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(Value::is_object)
}

fn push<'a>(
    parts: &mut Vec<Part<'a>>,
    path: String,
    element: &'a str,
    parent: Option<usize>,
    value: &'a Value,
    nests: Option<Nest>,
) {
    let this = parts.len();
    let inside: Vec<(String, &'a Value)> = match nests {
        Some(Nest::Sections) => nested(value, "section", &path),
        Some(Nest::Items) => {
            let mut inside = nested(value, "item", &path);
            let answers = value.get("answer").and_then(Value::as_array);
            for (index, answer) in answers.into_iter().flatten().enumerate() {
                inside.extend(nested(answer, "item", &format!("{path}.answer[{index}]")));
            }
            inside
        }
        None => Vec::new(),
    };
    parts.push(Part {
        path,
        element,
        parent,
        value: Some(value),
        beside: None,
        nests,
    });
    for (path, value) in inside {
        push(parts, path, element, Some(this), value, nests);
    }
}

fn nested<'a>(value: &'a Value, element: &str, path: &str) -> Vec<(String, &'a Value)> {
    match value.get(element).and_then(Value::as_array) {
        Some(list) if is_split(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| (format!("{path}.{element}[{index}]"), value))
            .collect(),
        _ => Vec::new(),
    }
}

/// The elements that identify an item of that type, code or title, the surest first (POLICY §1).
///
/// An empty list: the type has no such element, and any of its parts will do.
pub fn identifying(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "Patient" | "Practitioner" | "RelatedPerson" | "Person" => &["name"],
        "MedicationRequest"
        | "MedicationStatement"
        | "MedicationAdministration"
        | "MedicationDispense" => &["medicationCodeableConcept", "medicationReference"],
        "Immunization" | "ImmunizationEvaluation" | "ImmunizationRecommendation" => {
            &["vaccineCode"]
        }
        "Encounter" => &["type", "class", "serviceType"],
        "DocumentReference" | "DocumentManifest" | "Composition" => {
            &["type", "category", "title", "description"]
        }
        "QuestionnaireResponse" => &["questionnaire"],
        "CarePlan" => &["title", "category"],
        "CareTeam" => &["name", "category"],
        "Goal" => &["description"],
        "Claim" | "ClaimResponse" | "ExplanationOfBenefit" | "Coverage" | "EpisodeOfCare" => {
            &["type"]
        }
        "Device" => &["type", "deviceName"],
        "DeviceRequest" => &["codeCodeableConcept", "codeReference"],
        "SupplyDelivery" => &["suppliedItem", "type"],
        "SupplyRequest" => &["itemCodeableConcept", "itemReference"],
        "ImagingStudy" => &[
            "procedureCode",
            "procedureReference",
            "description",
            "modality",
            "series",
        ],
        "Appointment" => &["serviceType", "appointmentType"],
        "Communication" | "CommunicationRequest" => &["topic", "category"],
        "FamilyMemberHistory" => &["relationship"],
        "Specimen" | "BodyStructure" => &["type", "morphology"],
        "NutritionOrder" => &["oralDiet", "enteralFormula"],
        "Organization" | "Location" => &["name", "type"],
        "PractitionerRole" => &["code", "specialty"],
        "Provenance" => &["activity", "recorded"],
        "Consent" => &["category"],
        "List" => &["title", "code"],
        "Binary" => &["data"],
        _ => &["code", "type", "title"],
    }
}

/// Whether an item of that type tells nothing without a code: without its identifying part nothing vouches for it.
pub fn needs_code(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Condition"
            | "Observation"
            | "Procedure"
            | "DiagnosticReport"
            | "AllergyIntolerance"
            | "Immunization"
            | "MedicationRequest"
            | "MedicationStatement"
            | "MedicationAdministration"
            | "MedicationDispense"
            | "ServiceRequest"
            | "Medication"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(resource: &Value) -> Vec<String> {
        split(resource.as_object().expect("an object"))
            .into_iter()
            .map(|part| part.path)
            .collect()
    }

    #[test]
    fn lists_of_objects_are_a_part_each() {
        let resource = json!({
            "resourceType": "Condition", "id": "1", "meta": {}, "text": {"div": "x"},
            "note": [{"text": "a"}, {"text": "b"}], "code": {"text": "c"}, "_status": {"id": "s"}, "instantiatesUri": ["u"]
        });
        assert_eq!(
            paths(&resource),
            ["code", "instantiatesUri", "note[0]", "note[1]", "status"]
        );
    }

    #[test]
    fn questionnaire_items_nest() {
        let resource = json!({
            "resourceType": "QuestionnaireResponse",
            "item": [{"linkId": "1", "item": [{"linkId": "1.1", "answer": [{"valueString": "x", "item": [{"linkId": "1.1.1"}]}]}]}]
        });
        assert_eq!(
            paths(&resource),
            [
                "item[0]",
                "item[0].item[0]",
                "item[0].item[0].answer[0].item[0]"
            ]
        );
    }

    #[test]
    fn every_resource_has_a_part() {
        assert_eq!(paths(&json!({"resourceType": "Basic"})), ["resourceType"]);
    }
}
