//! Whatever Consents the bytes are: asking them never panics, and nothing that can't be read opens anything.

use domain::fhir::consent::{ActReason, instant};
use domain::fhir::reader::{self, Entry};
use domain::fhir::reference::Target;
use domain::labeling::Part2Programs;
use domain::what_if::{self, Answer, Question};
use serde_json::{Value, json};

/// The largest resource here, in bytes: what takes longer finds no more.
const LARGEST: usize = 64 * 1024;

/// # Panics
/// When one of the promises below does not hold.
pub fn check(data: &[u8]) {
    let mut consents = Vec::new();
    let _ = reader::read_limited(data, LARGEST, |entry| {
        consents.push(entry);
        Ok::<(), ()>(())
    });
    // One purpose an input, by its length: asking for all of them would only be slower.
    let purposes = ["TREAT", "HPAYMT", "ETREAT"];
    let purpose = purposes[data.len() % purposes.len()];
    let answer = ask(&consents, purpose);
    rests_on_consents_in_force(&answer, &consents);
    consents.reverse();
    assert!(
        permits(&ask(&consents, purpose)) == permits(&answer),
        "the order of Consents changes nothing"
    );
    for (key, value) in [
        ("modifierExtension", json!([{"url": "urn:example:unknown"}])),
        ("status", json!("nonsense")),
        ("patient", json!({"reference": "Patient/another"})),
    ] {
        let answer = ask(&with(&consents, key, &value), purpose);
        assert!(!answer.parts.iter().any(|part| part.permits), "{key}");
    }
}

/// POLICY §4: a permit names what it rests on, and that is a Consent in force with nothing in it that permits nothing.
fn rests_on_consents_in_force(answer: &Answer, consents: &[Entry]) {
    let is_active = |entry: &&Entry| {
        entry.resource["resourceType"] == "Consent" && entry.resource["status"] == "active"
    };
    let active = consents.iter().filter(is_active).count();
    for part in &answer.parts {
        assert_eq!(part.permits, !part.basis.is_empty());
        assert!(part.basis.len() <= active, "only Consents in force");
        for (name, labels) in &part.basis {
            assert!(!labels.is_empty(), "each covers something");
            let silent = answer
                .remarks
                .iter()
                .any(|remark| remark.permits_nothing && remark.consent == *name);
            let twins = active > 1;
            assert!(!silent || twins, "a Consent with a fault permits nothing");
        }
    }
}

fn permits(answer: &Answer) -> Vec<bool> {
    answer.parts.iter().map(|part| part.permits).collect()
}

/// The same Consents with one element changed.
fn with(consents: &[Entry], key: &str, value: &Value) -> Vec<Entry> {
    let changed = |entry: &Entry| {
        let mut resource = entry.resource.clone();
        if resource["resourceType"] == "Consent" {
            resource[key] = value.clone();
        }
        Entry {
            index: entry.index,
            full_url: entry.full_url.clone(),
            resource,
        }
    };
    consents.iter().map(changed).collect()
}

fn ask(consents: &[Entry], purpose: &str) -> Answer {
    let recipients: Vec<Target> = ["Practitioner/doctor", "Organization/clinic"]
        .into_iter()
        .filter_map(Target::of)
        .collect();
    what_if::answer(&Question {
        records: &records(),
        consents,
        recipients: &recipients,
        purpose: ActReason::of_code(purpose).expect("a purpose"),
        at: instant("2026-03-01T12:00:00Z").expect("an instant"),
        part2_programs: &Part2Programs::of(["Organization/program"]),
    })
    .expect("records that can be labelled")
}

/// An ordinary condition and labelled ones, also of a program.
fn records() -> Vec<Entry> {
    let condition = |id: &str, icd: &str| {
        json!({
            "resourceType": "Condition", "id": id, "subject": {"reference": "Patient/p"},
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": icd}]},
            "recordedDate": "2026-01-15"
        })
    };
    let mut program = condition("program", "F11.20");
    program["meta"] = json!({"source": "Organization/program"});
    [
        condition("ordinary", "I10"),
        condition("mind", "F33.1"),
        condition("alcohol", "F10.20"),
        condition("hiv", "B20"),
        program,
    ]
    .into_iter()
    .enumerate()
    .map(|(index, resource)| Entry {
        index,
        full_url: None,
        resource,
    })
    .collect()
}
