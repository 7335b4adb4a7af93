//! A record with a hundred labelled results.

use crate::{fault::Fault, world::World};
use serde_json::{Value, json};

/// Whose record they go into.
const PATIENT: &str = "Patient/demo-patient-1";

/// Imports a hundred drug screens, newer than all else in the record.
pub fn hundred_results(world: &World) -> Result<(), Fault> {
    let entries: Vec<Value> = (0..100).map(result).collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
    let path = world.folder.join("results.json");
    std::fs::write(&path, bundle.to_string()).map_err(|error| Fault::file(&path, &error))?;
    world
        .program
        .succeed(&["import", &path.display().to_string()])?;
    Ok(())
}

fn result(number: u32) -> Value {
    let id = format!("load-{number}");
    let day = number % 28;
    json!({
        "fullUrl": format!("http://demo.confide.example/fhir/Observation/{id}"),
        "resource": {
            "resourceType": "Observation",
            "id": id,
            "meta": { "source": "http://demo.confide.example/fhir/Organization/org-harbor-light" },
            "status": "final",
            "category": [{ "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "laboratory",
                "display": "Laboratory",
            }]}],
            "code": {
                "coding": [{
                    "system": "http://loinc.org",
                    "code": "19295-5",
                    "display": "Opiates [Presence] in Urine by Screen method",
                }],
                "text": "Opiates, urine screen",
            },
            "subject": { "reference": PATIENT },
            "effectiveDateTime": format!("2026-11-{:02}T09:{:02}:00-06:00", day % 20 + 1, number % 60),
            "valueCodeableConcept": { "coding": [{
                "system": "http://snomed.info/sct",
                "code": "260385009",
                "display": "Negative",
            }]},
        },
        "request": { "method": "PUT", "url": format!("Observation/{id}") },
    })
}
