//! The R4 specification's Consent examples, read and decided. What is expected and why stands in docs/decide.md.

use crate::asking;

use asking::{Asking, data, label, labels, named_consent};
use serde_json::{Value, json};

struct Case {
    example: &'static str,
    patient: &'static str,
    by: &'static str,
    purpose: &'static str,
    at: &'static str,
    /// What it permits by itself.
    alone: &'static [&'static str],
    /// What stays when another Consent permits everything.
    beside: &'static [&'static str],
}

const ALL: &[&str] = &["blood", "doc", "mind", "pills", "task"];
const NONE: &[&str] = &[];

const fn case(
    example: &'static str,
    patient: &'static str,
    by: &'static str,
    alone: &'static [&'static str],
    beside: &'static [&'static str],
) -> Case {
    Case {
        example,
        patient,
        by,
        purpose: "TREAT",
        at: "2016-06-20",
        alone,
        beside,
    }
}

fn cases() -> Vec<Case> {
    let f001 = "Organization/f001";
    vec![
        // Opt in without a type, and over before it was given.
        case("basic", "f001", f001, NONE, ALL),
        // A refusal for an emergency of what f001 keeps; for other purposes it says nothing that binds.
        Case {
            purpose: "ETREAT",
            ..case(
                "Emergency",
                "f001",
                "Practitioner/x",
                NONE,
                &["doc", "pills"],
            )
        },
        case("Emergency", "f001", "Practitioner/x", NONE, ALL),
        // A refusal of what f001 keeps.
        case("Out", "f001", "Practitioner/x", NONE, &["doc", "pills"]),
        // Opt out without a type: a refusal, to this recipient, of what f001 keeps.
        case(
            "grantor",
            "f001",
            "Patient/example",
            NONE,
            &["doc", "pills"],
        ),
        case("grantor", "f001", "Practitioner/x", NONE, ALL),
        // Opt in without a type: what it names may be what is withheld.
        case(
            "notAuthor",
            "f001",
            "Practitioner/x",
            NONE,
            &["doc", "pills"],
        ),
        case("notThem", "f001", "Practitioner/f204", NONE, NONE),
        case("notThem", "f001", "Practitioner/x", NONE, ALL),
        case(
            "notThis",
            "f001",
            "Practitioner/x",
            NONE,
            &["doc", "mind", "pills"],
        ),
        case("notTime", "f001", "Practitioner/x", NONE, ALL),
        // The one with a root type: a deny to f001.
        case("notOrg", "f001", f001, NONE, NONE),
        case("notOrg", "f001", "Practitioner/x", NONE, ALL),
        // Its exceptions have no type; what it names is kept from f001.
        case("pkb", "example", f001, NONE, &["mind"]),
        case("pkb", "example", "Practitioner/x", NONE, ALL),
        // A frame whose one permit is for documents of two codes by one author.
        case("signature", "72", "Practitioner/13", &["doc"], ALL),
        case("signature", "72", "Practitioner/x", NONE, ALL),
        Case {
            at: "2016-10-11",
            ..case("signature", "72", "Practitioner/13", NONE, ALL)
        },
        // A frame of half an hour for medication requests.
        Case {
            at: "2016-06-23T07:10:00Z",
            ..case("smartonfhir", "xcda", "Device/app", &["pills"], ALL)
        },
        Case {
            at: "2016-06-23T07:32:34Z",
            ..case("smartonfhir", "xcda", "Device/app", NONE, ALL)
        },
        Case {
            at: "2016-06-23T07:02:32Z",
            ..case("smartonfhir", "xcda", "Device/app", NONE, ALL)
        },
    ]
}

fn records(patient: &str) -> Vec<Value> {
    let subject = json!({"reference": format!("Patient/{patient}")});
    let f001 = json!({"reference": "Organization/f001"});
    vec![
        // Ordinary, kept by f001.
        json!({"resourceType": "Observation", "id": "blood", "status": "final", "subject": subject, "performer": [f001],
            "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}}),
        // Specially protected, kept by f001.
        json!({"resourceType": "Observation", "id": "mind", "status": "final", "subject": subject, "performer": [f001],
            "meta": {"security": [label("R"), label("PSY")]},
            "code": {"coding": [{"system": "http://loinc.org", "code": "44249-1"}]}}),
        // Ordinary, kept by another.
        json!({"resourceType": "MedicationRequest", "id": "pills", "status": "active", "intent": "order", "subject": subject,
            "requester": {"reference": "Organization/other"},
            "medicationCodeableConcept": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "315560"}]}}),
        // A document by the author that the signature example names.
        json!({"resourceType": "DocumentReference", "id": "doc", "status": "current", "subject": subject,
            "author": [{"reference": "Practitioner/xcda-author"}],
            "type": {"coding": [{"system": "http://loinc.org", "code": "34133-9"}]},
            "content": [{"attachment": {"contentType": "application/hl7-cda+xml", "url": "urn:x"}}]}),
        // The task that the example about one record names, with what it refers to.
        json!({"resourceType": "Task", "id": "example3", "status": "draft", "intent": "order", "for": subject,
            "owner": f001, "focus": {"reference": "Observation/blood"},
            "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}}),
    ]
}

#[test]
fn every_example_is_decided_as_argued() {
    for case in cases() {
        let Some(text) = data(&format!(
            "fhir-r4/Consent-consent-example-{}.json",
            case.example
        )) else {
            return;
        };
        let example: Value = serde_json::from_str(&text).expect("JSON");
        let records = records(case.patient);
        let mut everything = named_consent(
            "everything",
            json!({"type": "permit", "securityLabel": labels(&["N", "PSY"])}),
        );
        everything["patient"] = example["patient"].clone();
        everything["dateTime"] = json!("2010-01-01");
        let ask = |consents: &[Value]| -> Vec<String> {
            let asking = Asking::of(&records, consents)
                .by(&[case.by])
                .what_for(case.purpose)
                .at(case.at);
            let ids = asking.permitted();
            let short = |id: String| id.trim_end_matches('~').replace("example3", "task");
            let mut ids: Vec<String> = ids.into_iter().map(short).collect();
            ids.sort();
            ids
        };
        let place = format!("{} by {} at {}", case.example, case.by, case.at);
        assert_eq!(ask(std::slice::from_ref(&example)), case.alone, "{place}");
        assert_eq!(
            ask(&[example, everything]),
            case.beside,
            "{place}, beside a permit"
        );
    }
}

#[test]
fn every_example_is_in_the_table() {
    for name in [
        "Emergency",
        "Out",
        "basic",
        "grantor",
        "notAuthor",
        "notOrg",
        "notThem",
        "notThis",
        "notTime",
        "pkb",
        "signature",
        "smartonfhir",
    ] {
        assert!(cases().iter().any(|case| case.example == name), "{name}");
    }
}
