//! Records to take in: the demo's own, and made-up ones beside them.

use super::TestPortal;
use ::portal::{
    Portal,
    import::{self, ImportError, Report, Source},
};
use serde_json::{Value, json};
use store::Stamp;

/// The demo's people and places.
pub const DIRECTORY: &str = include_str!("../../demo/directory.json");
/// Jordan's bundle.
pub const JORDAN: &str = include_str!("../../demo/jordan-reyes.json");
/// Morgan's bundle.
pub const MORGAN: &str = include_str!("../../demo/morgan-ellis.json");

const SOURCE: &str = "http://demo.confide.example/fhir/Organization/";
/// An ordinary practice, by its resource's id.
pub const PRACTICE: &str = "org-maple-street";
/// The Part 2 program of the demo, by its resource's id.
pub const PROGRAM: &str = "org-harbor-light";

/// Takes a file in.
pub async fn import(portal: &Portal, name: &str, content: &str) -> Result<Report, ImportError> {
    import_from(portal, None, name, content).await
}

/// Takes in a file of that sender.
pub async fn import_from(
    portal: &Portal,
    sender: Option<&str>,
    name: &str,
    content: &str,
) -> Result<Report, ImportError> {
    let source = Source {
        name: name.to_owned(),
        bytes: Box::new(std::io::Cursor::new(content.as_bytes().to_vec())),
        sender: sender.map(str::to_owned),
    };
    import::run(portal, &Stamp::SYSTEM, source, &mut |_| {}).await
}

impl TestPortal {
    /// Takes resources in beside the Patient they are about, who is in one of the demo's bundles.
    pub async fn add(&self, demo: &str, resources: &[Value]) -> Report {
        let mut all = vec![patient_of(demo)];
        all.extend_from_slice(resources);
        import(&self.portal, "more.ndjson", &ndjson(&all))
            .await
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The resources of a bundle.
pub fn resources(bundle: &str) -> Vec<Value> {
    let bundle: Value = serde_json::from_str(bundle).expect("JSON");
    bundle["entry"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["resource"].clone())
        .collect()
}

/// The Patient of a bundle.
pub fn patient_of(bundle: &str) -> Value {
    resources(bundle)
        .into_iter()
        .find(|resource| resource["resourceType"] == "Patient")
        .expect("a patient")
}

/// One resource a line.
pub fn ndjson(resources: &[Value]) -> String {
    resources
        .iter()
        .flat_map(|resource| [resource.to_string(), "\n".to_owned()])
        .collect()
}

fn resource(kind: &str, id: &str, source: &str, rest: &Value) -> Value {
    let mut resource = json!({
        "resourceType": kind,
        "id": id,
        "meta": { "source": format!("{SOURCE}{source}") },
    });
    // Where it comes from is what its own elements say (POLICY §2).
    let made_by = match kind {
        "DocumentReference" => "custodian",
        "MedicationRequest" => "requester",
        "Observation" => "performer",
        _ => "asserter",
    };
    let organization = json!({ "reference": format!("Organization/{source}") });
    resource[made_by] = if made_by == "performer" {
        json!([organization])
    } else {
        organization
    };
    for (name, value) in rest.as_object().expect("an object") {
        resource[name] = value.clone();
    }
    resource
}

fn concept(system: &str, code: &str, text: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": text }], "text": text })
}

/// A condition by its ICD-10-CM code.
pub fn condition(
    id: &str,
    patient: &str,
    source: &str,
    code: &str,
    text: &str,
    when: &str,
) -> Value {
    resource(
        "Condition",
        id,
        source,
        &json!({
            "code": concept("http://hl7.org/fhir/sid/icd-10-cm", code, text),
            "subject": { "reference": patient },
            "onsetDateTime": when,
            "recordedDate": when,
        }),
    )
}

/// A measured value by its LOINC code.
pub fn observation(
    id: &str,
    patient: &str,
    source: &str,
    code: &str,
    text: &str,
    when: &str,
) -> Value {
    resource(
        "Observation",
        id,
        source,
        &json!({
            "status": "final",
            "code": concept("http://loinc.org", code, text),
            "subject": { "reference": patient },
            "effectiveDateTime": when,
            "valueQuantity": {
                "value": 71, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min",
            },
        }),
    )
}

/// A medicine by its RxNorm code.
pub fn medicine(
    id: &str,
    patient: &str,
    source: &str,
    code: &str,
    text: &str,
    when: &str,
) -> Value {
    resource(
        "MedicationRequest",
        id,
        source,
        &json!({
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept":
                concept("http://www.nlm.nih.gov/research/umls/rxnorm", code, text),
            "subject": { "reference": patient },
            "authoredOn": when,
        }),
    )
}

/// A note in plain text.
pub fn note(id: &str, patient: &str, source: &str, body: &str, when: &str) -> Value {
    resource(
        "DocumentReference",
        id,
        source,
        &json!({
            "status": "current",
            "type": concept("http://loinc.org", "11506-3", "Progress note"),
            "subject": { "reference": patient },
            "date": when,
            "content": [{ "attachment": {
                "contentType": "text/plain; charset=utf-8",
                "data": data_encoding::BASE64.encode(body.as_bytes()),
            }}],
        }),
    )
}
