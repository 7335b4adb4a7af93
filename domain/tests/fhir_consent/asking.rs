//! Asking Consents about small records.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::fhir::consent::{ActReason, instant};
use domain::fhir::reader::Entry;
use domain::fhir::reference::Target;
use domain::label::Label;
use domain::labeling::Part2Programs;
use domain::what_if::{self, Answer, Question};
use serde_json::{Value, json};

/// The system of HL7's act codes.
pub const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// The system of HL7's confidentiality codes.
pub const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
/// The system of our own segments.
pub const SEGMENT: &str = "urn:confide:segment";

/// A question with everything that can be asked.
#[derive(Clone)]
pub struct Asking {
    pub records: Vec<Value>,
    pub consents: Vec<Value>,
    pub recipients: Vec<String>,
    pub purpose: &'static str,
    pub at: String,
    pub programs: Vec<String>,
}

/// Who asks unless the test says otherwise.
pub const DOCTOR: &str = "Practitioner/doctor";

impl Asking {
    pub fn of(records: &[Value], consents: &[Value]) -> Self {
        Self {
            records: records.to_vec(),
            consents: consents.to_vec(),
            recipients: vec![DOCTOR.to_owned()],
            purpose: "TREAT",
            at: "2026-03-01T12:00:00Z".to_owned(),
            programs: Vec::new(),
        }
    }

    pub fn by(mut self, recipients: &[&str]) -> Self {
        self.recipients = recipients.iter().map(|one| (*one).to_owned()).collect();
        self
    }

    pub fn what_for(mut self, purpose: &'static str) -> Self {
        self.purpose = purpose;
        self
    }

    pub fn at(mut self, at: &str) -> Self {
        at.clone_into(&mut self.at);
        self
    }

    pub fn programs(mut self, programs: &[&str]) -> Self {
        self.programs = programs.iter().map(|one| (*one).to_owned()).collect();
        self
    }

    pub fn answer(&self) -> Answer {
        let entries = |list: &[Value]| -> Vec<Entry> {
            let entry = |(index, resource): (usize, &Value)| Entry {
                index,
                full_url: None,
                resource: resource.clone(),
            };
            list.iter().enumerate().map(entry).collect()
        };
        let (records, consents) = (entries(&self.records), entries(&self.consents));
        let recipients: Vec<Target> = self
            .recipients
            .iter()
            .map(|text| Target::of(text).expect("a reference"))
            .collect();
        what_if::answer(&Question {
            records: &records,
            consents: &consents,
            recipients: &recipients,
            purpose: ActReason::of_code(self.purpose).expect("a purpose"),
            at: instant(&self.at).expect("an instant"),
            part2_programs: &Part2Programs::of(&self.programs),
        })
        .expect("records that can be labelled")
    }

    /// The resources of which every part is permitted, by id; of those only partly permitted, `id~`.
    pub fn permitted(&self) -> Vec<String> {
        let mut all: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for part in self.answer().parts {
            let id = part
                .resource
                .split('/')
                .next_back()
                .unwrap_or_default()
                .to_owned();
            let count = all.entry(id).or_default();
            count.0 += usize::from(part.permits);
            count.1 += 1;
        }
        all.into_iter()
            .filter(|(_, (permitted, _))| *permitted > 0)
            .map(|(id, (permitted, of))| {
                if permitted == of {
                    id
                } else {
                    format!("{id}~")
                }
            })
            .collect()
    }

    /// The names of the Consents that permit nothing, each with the reasons.
    pub fn silent(&self) -> Vec<String> {
        let remarks = self.answer().remarks;
        remarks
            .into_iter()
            .filter(|remark| remark.permits_nothing)
            .map(|remark| format!("{} {}", remark.consent, remark.remark))
            .collect()
    }
}

/// A security label by a short name: an HL7 code, a confidentiality, or a segment of ours with a dot or a known name.
pub fn label(name: &str) -> Value {
    match name {
        "N" | "R" | "V" | "U" | "L" | "M" => json!({"system": CONFIDENTIALITY, "code": name}),
        _ if Label::from_name(name).is_some() => json!({"system": SEGMENT, "code": name}),
        _ => json!({"system": ACT, "code": name}),
    }
}

pub fn labels(names: &[&str]) -> Value {
    names.iter().map(|name| label(name)).collect()
}

/// A Consent of patient `p` with that root provision.
pub fn consent(provision: Value) -> Value {
    named_consent("c", provision)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "tests write the provision on the spot"
)]
pub fn named_consent(id: &str, provision: Value) -> Value {
    json!({
        "resourceType": "Consent", "id": id, "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": "Patient/p"}, "dateTime": "2026-01-01", "provision": provision
    })
}

/// An actor who receives.
pub fn to(reference: &str) -> Value {
    json!([{
        "role": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "PRCP"}]},
        "reference": {"reference": reference}
    }])
}

fn condition(id: &str, icd: &str, extra: &Value) -> Value {
    let mut resource = json!({
        "resourceType": "Condition", "id": id, "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": icd}]}
    });
    if let (Some(map), Some(more)) = (resource.as_object_mut(), extra.as_object()) {
        map.extend(more.clone());
    }
    resource
}

fn labelled(codes: &[&str]) -> Value {
    json!({"meta": {"security": labels(codes)}})
}

/// One condition of each kind: ordinary, mental health, personality, alcohol, opioids, opioids of a Part 2 program, HIV,
/// a psychotherapy note, and one that the patient wants private.
pub fn records() -> Vec<Value> {
    vec![
        condition("ordinary", "I10", &labelled(&["N"])),
        condition("mind", "F33.1", &labelled(&["R", "PSY"])),
        condition(
            "person",
            "F60.5",
            &labelled(&["R", "mental-health.personality"]),
        ),
        condition("alcohol", "F10.20", &labelled(&["R", "ETHUD"])),
        condition("opioid", "F11.20", &labelled(&["R", "OPIOIDUD"])),
        condition(
            "program",
            "F11.20",
            &labelled(&["R", "OPIOIDUD", "42CFRPart2"]),
        ),
        condition("hiv", "B20", &labelled(&["R", "HIV"])),
        condition("notes", "F33.1", &labelled(&["V", "PSY", "PSYTHPN"])),
        condition("private", "I10", &labelled(&["R", "PRS"])),
    ]
}

/// A file of the test data, parsed; `None`, plainly said, when it is not there.
pub fn data(file: &str) -> Option<String> {
    let folder = std::env::var_os("CONFIDE_TEST_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let read = std::fs::read_to_string(folder.join(file)).ok();
    if read.is_none() {
        eprintln!("not measured: {file} of the test data is not there");
    }
    read
}
