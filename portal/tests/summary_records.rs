//! Summaries of whole records, of spoiled resources and of deep ones.

use std::path::PathBuf;

use portal::summary::{Fact, Field, Value, summarize};
use serde_json::{Value as Json, json};

/// The test data, or `None` if this machine doesn't have it.
fn bundles() -> Option<Vec<Json>> {
    let root = std::env::var_os("CONFIDE_TEST_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let mut found = Vec::new();
    for folder in ["synthea", "shift"] {
        for entry in std::fs::read_dir(root.join(folder)).ok()?.flatten() {
            if entry.path().extension().is_some_and(|end| end == "json") {
                let bytes = std::fs::read(entry.path()).expect("readable test data");
                found.push(serde_json::from_slice(&bytes).expect("test data is JSON"));
            }
        }
    }
    Some(found)
}

const SHOWN: [&str; 13] = [
    "Patient",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "MedicationAdministration",
    "Observation",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "Procedure",
    "AllergyIntolerance",
    "Immunization",
    "QuestionnaireResponse",
];

#[test]
fn real_records_have_titles_and_facts() {
    let Some(bundles) = bundles() else {
        eprintln!("the test data isn't here: not checked");
        return;
    };
    let mut count = 0;
    let mut unnamed = 0;
    for resource in bundles
        .iter()
        .filter_map(|bundle| bundle["entry"].as_array())
        .flatten()
        .map(|entry| &entry["resource"])
    {
        let summary = summarize(resource);
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        let title = summary.title.as_deref().unwrap_or_default();
        assert!(!title.trim().is_empty(), "a {kind} has no title");
        if SHOWN.contains(&kind) {
            count += 1;
            assert!(!summary.facts.is_empty(), "a {kind} has no facts");
            let words = [
                "Health problem",
                "Medicine",
                "Measurement",
                "Test report",
                "Document",
                "Allergy",
                "Vaccination",
            ];
            // Some codes come without words; then the code itself is there to be read.
            let code = summary.facts.iter().any(|fact| fact.field == Field::Code);
            assert_eq!(words.contains(&title), code, "a {kind} has a wrong title");
            unnamed += usize::from(code);
            if kind == "DocumentReference" {
                assert!(!summary.texts.is_empty());
            }
        }
    }
    assert!(count > 4000, "{count} resources");
    assert!(unnamed < 10, "{unnamed} resources without a name");
}

/// A small generator of repeatable pseudo-random numbers (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % limit.max(1)
    }
}

/// Replaces parts of a resource by something that doesn't belong there.
fn spoil(value: &mut Json, numbers: &mut Numbers) {
    if numbers.below(12) == 0 {
        *value = match numbers.below(8) {
            0 => json!(null),
            1 => json!([[[]], {}, null]),
            2 => json!({"": {"value": [1]}, "coding": 5, "text": ["x"]}),
            3 => json!("é<&#x;日本\u{0}"),
            4 => json!(-1e300),
            5 => json!(true),
            6 => json!("9999-99-99"),
            _ => json!([value.clone(), value.clone()]),
        };
        return;
    }
    match value {
        Json::Array(parts) => parts.iter_mut().for_each(|part| spoil(part, numbers)),
        Json::Object(parts) => {
            if numbers.below(4) == 0 && !parts.is_empty() {
                let gone = parts
                    .keys()
                    .nth(numbers.below(parts.len()))
                    .cloned()
                    .unwrap_or_default();
                if gone != "resourceType" {
                    parts.remove(&gone);
                }
            }
            parts
                .iter_mut()
                .filter(|(key, _)| *key != "resourceType")
                .for_each(|(_, part)| spoil(part, numbers));
        }
        _ => {}
    }
}

#[test]
fn spoiled_resources_never_panic() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let whole = json!({
        "code": {"coding": [{"code": "1", "display": "One"}], "text": "One"}, "status": "final",
        "name": [{"given": ["A"], "family": "B"}], "address": [{"line": ["x"]}], "telecom": [{"value": "1"}],
        "medicationReference": {"reference": "#m"}, "contained": [{"id": "m", "ingredient": [{"itemCodeableConcept": {"text": "I"}}]}],
        "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 2, "periodUnit": "h"}}, "doseAndRate": [{"doseRange": {"low": {"value": 1}}}]}],
        "valueQuantity": {"value": 1, "unit": "mg"}, "component": [{"code": {"text": "c"}, "valueString": "v"}],
        "referenceRange": [{"low": {"value": 1}, "high": {"value": 2}}], "effectivePeriod": {"start": "2020-01-01", "end": "2020-13"},
        "content": [{"attachment": {"contentType": "text/html", "data": "PGI+"}}], "note": [{"text": "n"}],
        "item": [{"text": "q", "answer": [{"valueString": "a", "item": [{"text": "r", "answer": [{"valueDate": "2020"}]}]}]}],
        "text": {"status": "additional", "div": "<div>x</div>"}, "reaction": [{"manifestation": [{"text": "m"}]}],
    });
    for round in 0..4000 {
        let mut resource = whole.clone();
        resource["resourceType"] = json!(SHOWN[round % SHOWN.len()]);
        spoil(&mut resource, &mut numbers);
        let summary = summarize(&resource);
        if resource["resourceType"].is_string() {
            assert!(summary.title.is_some_and(|title| !title.trim().is_empty()));
        }
    }
}

#[test]
fn deep_questionnaires_are_read_to_the_end() {
    let mut item = json!({"text": "last", "answer": [{"valueString": "yes"}]});
    for _ in 0..5000 {
        item = Json::Object(
            [("item".to_owned(), Json::Array(vec![item]))]
                .into_iter()
                .collect(),
        );
    }
    item["resourceType"] = Json::String("QuestionnaireResponse".to_owned());
    let resource = item;
    let summary = summarize(&resource);
    let last = Fact {
        field: Field::Question("last".into()),
        value: Value::Text("yes".into()),
    };
    assert!(summary.facts == [last]);
    // Dropping JSON this deep is recursive in serde_json.
    std::mem::forget(resource);
}
