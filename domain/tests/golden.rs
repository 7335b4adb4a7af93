//! What is found and decided on many small cases, in full, as it was last looked through: a change of it is either wanted
//! and seen in the difference of these files, or a fault.
//!
//! `golden/records.ndjson` is labelled into `golden/labels.txt`; `golden/consents.ndjson` is asked about a few records
//! into `golden/decisions.txt`. After a wanted change, write them anew with `CONFIDE_GOLDEN=write` and read the
//! difference line by line before it is kept.

use crate::asking;
use crate::world;

use std::fmt::Write as _;
use std::path::Path;

use asking::{Asking, labels};
use domain::fhir::reader;
use domain::labeling::rules::Rules;
use domain::labeling::{Context, Examiner, Fault, Part2Programs, explain, explain_code, settle};
use serde_json::{Value, json};

/// Compares with the file, or writes it when asked to.
fn same_as(file: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(file);
    if std::env::var_os("CONFIDE_GOLDEN").is_some_and(|how| how == "write") {
        std::fs::write(&path, found).expect("the file can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).expect("the file");
    for (line, (kept, found)) in (1..).zip(kept.lines().zip(found.lines())) {
        assert_eq!(found, kept, "{file}, line {line}");
    }
    assert_eq!(
        found.lines().count(),
        kept.lines().count(),
        "{file}: as many lines"
    );
}

fn resources(text: &str) -> Vec<Value> {
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("JSON")
}

/// POLICY §1, §2: parts, labels and their basis; whose it is, from where, when.
#[test]
fn labels_are_those_looked_through() {
    let mut examiner = Examiner::default();
    let mut examined = Vec::new();
    let file = include_str!("golden/records.ndjson");
    reader::read(file.as_bytes(), |entry| {
        examined.push(examiner.examine(&entry.resource, None)?);
        Ok::<(), Fault>(())
    })
    .expect("readable records");
    let programs = Part2Programs::of(["Organization/program"]);
    let context = Context {
        part2_programs: &programs,
    };
    let mut found = String::new();
    for labelled in settle(examined, &context) {
        writeln!(
            found,
            "{} of {:?} from {:?} by {:?} on {:?} at {:?}, identified by {:?}",
            labelled.identity(),
            labelled.patient,
            labelled.sources,
            labelled.authors,
            labelled.service,
            labelled.when,
            labelled.identifying
        )
        .expect("a text");
        for line in explain(&labelled) {
            let (part, segments) = (&line["part"], &line["segments"]);
            let mut told = format!("  {} {segments}", part.as_str().unwrap_or_default());
            for (axis, usual) in [
                ("confidentiality", json!("N")),
                ("part2", json!(false)),
                ("separated", json!(null)),
                ("review", json!(false)),
                ("review_reason", json!(null)),
                ("conflict", json!(null)),
            ] {
                if line[axis] != usual {
                    write!(told, " {axis}={}", line[axis]).expect("a text");
                }
            }
            for basis in line["basis"].as_array().into_iter().flatten() {
                write!(
                    told,
                    " | {} {} {} {} from {}",
                    basis["label"], basis["kind"], basis["rule"], basis["code"], basis["from"]
                )
                .expect("a text");
            }
            writeln!(found, "{}", told.replace('"', "")).expect("a text");
        }
    }
    for (system, code) in [
        (world::ICD10, "F11.20"),
        (world::ICD10, "I10"),
        (world::RXNORM, "352364"),
        (world::RXNORM, "1551467"),
        ("urn:local", "1"),
    ] {
        let explained = explain_code(Rules::standard(), system, code);
        writeln!(found, "{explained}").expect("a text");
    }
    same_as("labels.txt", &found);
}

/// A Consent of `golden/consents.ndjson` in full: what is usual is left out there.
fn consent(mut given: Value) -> Value {
    fn spell_out(value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    if key == "securityLabel" && value == "ALL" {
                        *value = labels(&["N", "PSY", "SUD", "HIV", "42CFRPart2"]);
                    }
                    spell_out(value);
                }
            }
            Value::Array(list) => list.iter_mut().for_each(spell_out),
            _ => {}
        }
    }
    spell_out(&mut given);
    let mut whole = asking::consent(json!({}));
    let map = whole.as_object_mut().expect("an object");
    map.remove("provision");
    for (key, value) in given.as_object().expect("an object") {
        if value.is_null() {
            map.remove(key);
        } else {
            map.insert(key.clone(), value.clone());
        }
    }
    whole
}

/// Records to ask about: of each kind, in a visit, by an author, of a program, as a document.
fn records() -> Vec<Value> {
    let mut records = asking::records();
    let condition = |id: &str, more: Value| {
        let mut resource = json!({
            "resourceType": "Condition", "id": id, "subject": {"reference": "Patient/p"}, "recordedDate": "2026-02-15",
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]}
        });
        let map = resource.as_object_mut().expect("an object");
        map.extend(more.as_object().expect("an object").clone());
        resource
    };
    records.push(condition(
        "visit",
        json!({"encounter": {"reference": "Encounter/enc"}}),
    ));
    records.push(condition(
        "written",
        json!({"recorder": {"reference": "Practitioner/doctor"}}),
    ));
    records.push(condition(
        "origin",
        json!({"meta": {"source": "Organization/program"}}),
    ));
    records.push(condition(
        "other",
        json!({"subject": {"reference": "Patient/z"}}),
    ));
    records.push(condition("march", json!({"recordedDate": "2026-03-01"})));
    records.push(condition(
        "textcode",
        json!({"code": {"text": "hypertension"}}),
    ));
    records.push(json!({
        "resourceType": "Encounter", "id": "enc", "status": "finished", "class": {"code": "AMB"},
        "subject": {"reference": "Patient/p"}, "period": {"start": "2026-01-15"},
        "type": [{"coding": [{"system": "http://snomed.info/sct", "code": "162673000"}]}]
    }));
    records.push(json!({
        "resourceType": "DocumentReference", "id": "doc", "status": "current", "subject": {"reference": "Patient/p"},
        "type": {"coding": [{"system": "http://loinc.org", "code": "34117-2"}]}, "date": "2026-01-15",
        "content": [{"attachment": {"contentType": "text/plain", "data": "d2VsbA=="}}]
    }));
    records.push(json!({
        "resourceType": "Observation", "id": "obs", "status": "final", "subject": {"reference": "Patient/p"},
        "meta": {"profile": ["http://hl7.org/fhir/StructureDefinition/lipidprofile"]},
        "code": {"coding": [{"system": "http://loinc.org", "code": "2339-0"}]}, "effectiveDateTime": "2026-01-15",
        "derivedFrom": [{"reference": "Condition/ordinary"}]
    }));
    records
}

/// LAW G2, POLICY §3, §4: what each Consent opens, to whom, for what.
#[test]
fn decisions_are_those_looked_through() {
    let directory = resources(include_str!("golden/directory.ndjson"));
    let mut found = String::new();
    for given in resources(include_str!("golden/consents.ndjson")) {
        let name = given["id"].as_str().expect("a name").to_owned();
        let mut consents = vec![consent(given)];
        consents.extend(directory.iter().cloned());
        let mut before = String::new();
        let every = ["TREAT", "ETREAT", "HPAYMT", "HRESCH", "CLINTRCH"];
        for (who, recipients, purposes) in [
            ("doctor", &["Practitioner/doctor"][..], &every[..]),
            (
                "role",
                &["PractitionerRole/role", "Organization/clinic"],
                &every[..1],
            ),
            ("program", &["Organization/program"], &every[..1]),
            ("patient", &["Patient/p"], &every[..1]),
        ] {
            for purpose in purposes {
                let asking = Asking::of(&records(), &consents)
                    .by(recipients)
                    .what_for(purpose)
                    .programs(&["Organization/program"]);
                let told = asking.permitted().join(" ");
                // Who opens the same as the one before is not told again.
                if told != before {
                    writeln!(found, "{name}: {who} {purpose}: {told}").expect("a text");
                    before = told;
                }
            }
        }
        let asking = Asking::of(&records(), &consents);
        for remark in asking.answer().remarks {
            let silent = if remark.permits_nothing {
                "silent: "
            } else {
                ""
            };
            writeln!(found, "{name}: {silent}{}", remark.remark).expect("a text");
        }
    }
    same_as("decisions.txt", &found);
}
