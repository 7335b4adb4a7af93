//! How fast a file is read and labelled, in bytes of the file: reader, examination of each resource, and settling.
//!
//! `cargo bench -p domain --bench labeling`. The bundle is made here, of the shapes that records of a few hundred visits
//! have. When `CONFIDE_BENCH_BUNDLE` names a file, that one is timed too.
#![allow(missing_docs, reason = "criterion's macros make the functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::fhir::reader;
use domain::labeling::{Context, Examiner, Fault, Part2Programs, settle};
use serde_json::{Value, json};
use std::hint::black_box;

/// Visits in the bundle; each brings about a dozen resources.
const VISITS: usize = 200;

const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// Codes with their displays, most of them ordinary.
const CONDITIONS: [(&str, &str, &str); 8] = [
    (ICD10, "I10", "Essential (primary) hypertension"),
    (SNOMED, "314529007", "Medication review due (situation)"),
    (SNOMED, "444814009", "Viral sinusitis (disorder)"),
    (
        ICD10,
        "E11.9",
        "Type 2 diabetes mellitus without complications",
    ),
    (ICD10, "F11.20", "Opioid dependence, uncomplicated"),
    (SNOMED, "73595000", "Stress (finding)"),
    (SNOMED, "66383009", "Gingivitis (disorder)"),
    (
        ICD10,
        "F32.9",
        "Major depressive disorder, single episode, unspecified",
    ),
];

const MEDICATIONS: [(&str, &str); 4] = [
    ("314076", "lisinopril 10 MG Oral Tablet"),
    ("860975", "24 HR metformin hydrochloride 500 MG Oral Tablet"),
    (
        "351266",
        "buprenorphine 2 MG / naloxone 0.5 MG Sublingual Tablet",
    ),
    ("308136", "amLODIPine 2.5 MG Oral Tablet"),
];

fn concept(system: &str, code: &str, display: &str) -> Value {
    json!({"coding": [{"system": system, "code": code, "display": display}], "text": display})
}

fn category(code: &str) -> Value {
    json!([{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": code}]}])
}

fn quantity(value: f64, unit: &str) -> Value {
    json!({"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit})
}

fn id(kind: &str, visit: usize, n: usize) -> String {
    format!("{kind}-{visit:04}-0000-4000-8000-{n:012}")
}

/// One visit: encounter, condition, vital signs, a panel with its report, a procedure, a prescription, a note, a claim and
/// its explanation.
fn visit(at: usize) -> Vec<(String, Value)> {
    let day = format!("20{:02}-{:02}-{:02}", at % 26, at % 12 + 1, at % 28 + 1);
    let start = format!("{day}T09:30:00.018600+00:00");
    let reference = |id: String| json!({"reference": format!("urn:uuid:{id}")});
    let patient = json!({"reference": "urn:uuid:patient", "display": "Ann Example"});
    let encounter = || reference(id("encounter", at, 0));
    let condition = CONDITIONS[at % CONDITIONS.len()];
    let drug = MEDICATIONS[at % MEDICATIONS.len()];
    let coded = concept(condition.0, condition.1, condition.2);
    let note = format!(
        "{day}. Chief complaint: {}. History of present illness: the patient reports that symptoms began some weeks ago and \
         have been stable since. Review of systems is otherwise negative. Medications: {}. Assessment and plan: continue \
         present therapy, return in three months, sooner if symptoms worsen.",
        condition.2, drug.1
    );
    let mut all = vec![
        (
            id("encounter", at, 0),
            json!({"resourceType": "Encounter", "status": "finished",
                "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory"},
                "type": [concept(SNOMED, "162673000", "General examination of patient (procedure)")],
                "subject": patient, "period": {"start": start, "end": start}, "reasonCode": [coded],
                "participant": [{"individual": reference("doctor".to_owned())}], "serviceProvider": reference("clinic".to_owned())}),
        ),
        (
            id("condition", at, 1),
            json!({"resourceType": "Condition",
                "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
                "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-category", "code": "encounter-diagnosis"}]}],
                "code": coded, "subject": patient, "encounter": encounter(), "onsetDateTime": start, "recordedDate": start}),
        ),
        (
            id("procedure", at, 2),
            json!({"resourceType": "Procedure", "status": "completed", "subject": patient, "encounter": encounter(),
                "code": concept(SNOMED, "430193006", "Medication Reconciliation (procedure)"),
                "performedPeriod": {"start": start, "end": start}, "reasonReference": [reference(id("condition", at, 1))]}),
        ),
        (
            id("medication", at, 3),
            json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": patient,
                "encounter": encounter(), "authoredOn": start, "requester": reference("doctor".to_owned()),
                "medicationCodeableConcept": concept(RXNORM, drug.0, drug.1),
                "dosageInstruction": [{"sequence": 1, "text": "Take one tablet daily.", "timing": {"repeat": {"frequency": 1, "period": 1.0, "periodUnit": "d"}}}]}),
        ),
        (
            id("note", at, 4),
            json!({"resourceType": "DocumentReference", "status": "current", "subject": patient, "date": start,
                "type": concept(LOINC, "34117-2", "History and physical note"), "author": [reference("doctor".to_owned())],
                "content": [{"attachment": {"contentType": "text/plain; charset=utf-8", "data": data(&note)}}],
                "context": {"encounter": [encounter()], "period": {"start": start, "end": start}}}),
        ),
        (
            id("claim", at, 5),
            json!({"resourceType": "Claim", "status": "active", "use": "claim", "patient": patient, "created": start,
                "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "institutional"}]},
                "provider": reference("clinic".to_owned()),
                "diagnosis": [{"sequence": 1, "diagnosisReference": reference(id("condition", at, 1))}],
                "item": [{"sequence": 1, "diagnosisSequence": [1], "productOrService": concept(SNOMED, "162673000", "General examination of patient (procedure)"),
                    "encounter": [encounter()]}], "total": {"value": 85.55, "currency": "USD"}}),
        ),
        (
            id("explanation", at, 6),
            json!({"resourceType": "ExplanationOfBenefit", "status": "active", "use": "claim", "patient": patient, "created": start,
                "outcome": "complete", "provider": reference("clinic".to_owned()), "claim": reference(id("claim", at, 5)),
                "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": coded}],
                "item": [{"sequence": 1, "diagnosisSequence": [1], "productOrService": concept(SNOMED, "162673000", "General examination of patient (procedure)"),
                    "adjudication": [{"category": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/adjudication", "code": "submitted"}]}, "amount": {"value": 85.55, "currency": "USD"}}]}],
                "payment": {"amount": {"value": 68.4, "currency": "USD"}}}),
        ),
    ];
    let tests = [
        ("718-7", "Hemoglobin [Mass/volume] in Blood"),
        ("2339-0", "Glucose [Mass/volume] in Blood"),
        ("29463-7", "Body Weight"),
        ("8867-4", "Heart rate"),
        ("72166-2", "Tobacco smoking status"),
    ];
    for (n, (code, display)) in (7_usize..).zip(tests) {
        all.push((
            id("observation", at, n),
            json!({"resourceType": "Observation", "status": "final", "category": category("laboratory"), "subject": patient,
                "encounter": encounter(), "code": concept(LOINC, code, display), "effectiveDateTime": start, "issued": start,
                "valueQuantity": quantity(1.5, "mg/dL")}),
        ));
    }
    all.push((
        id("report", at, 12),
        json!({"resourceType": "DiagnosticReport", "status": "final", "category": category("LAB"), "subject": patient,
            "encounter": encounter(), "code": concept(LOINC, "51990-0", "Basic metabolic panel - Blood"), "effectiveDateTime": start,
            "result": [reference(id("observation", at, 7)), reference(id("observation", at, 8))]}),
    ));
    all
}

/// Base64 of a text.
fn data(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for at in 0..4 {
            let digit = char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
            out.push(if at <= three.len() { digit } else { '=' });
        }
    }
    out
}

/// A bundle as an electronic record exports it: indented, every resource under its `fullUrl`.
fn bundle() -> Vec<u8> {
    let mut resources = vec![
        (
            "patient".to_owned(),
            json!({"resourceType": "Patient", "name": [{"use": "official", "family": "Example", "given": ["Ann"]}],
                "gender": "female", "birthDate": "1967-12-25", "telecom": [{"system": "phone", "value": "555-0100"}]}),
        ),
        (
            "doctor".to_owned(),
            json!({"resourceType": "Practitioner", "name": [{"family": "Other", "given": ["Bo"]}]}),
        ),
        (
            "clinic".to_owned(),
            json!({"resourceType": "Organization", "name": "Example Clinic"}),
        ),
    ];
    resources.extend((0..VISITS).flat_map(visit));
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|(id, mut resource)| {
            resource["id"] = json!(id);
            let kind = resource["resourceType"].clone();
            json!({"fullUrl": format!("urn:uuid:{id}"), "resource": resource, "request": {"method": "POST", "url": kind}})
        })
        .collect();
    let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": entries});
    serde_json::to_vec_pretty(&bundle).expect("JSON")
}

/// Reads and labels a file: the number of labelled parts.
fn label(file: &[u8]) -> usize {
    let programs = Part2Programs::of(["Organization/clinic"]);
    let mut examiner = Examiner::default();
    let mut examined = Vec::new();
    reader::read(file, |entry| {
        examined.push(examiner.examine(&entry.resource, entry.full_url.as_deref())?);
        Ok::<(), Fault>(())
    })
    .expect("a readable file");
    let context = Context {
        part2_programs: &programs,
    };
    let labelled = settle(examined, &context);
    labelled.iter().map(|one| one.parts.len()).sum()
}

fn bench(criterion: &mut Criterion) {
    let mut files = vec![("made_here".to_owned(), bundle())];
    if let Some(path) = std::env::var_os("CONFIDE_BENCH_BUNDLE") {
        let file = std::fs::read(&path).expect("the file that CONFIDE_BENCH_BUNDLE names");
        files.push(("bundle".to_owned(), file));
    }
    let mut group = criterion.benchmark_group("labeling");
    group.sample_size(30);
    for (name, file) in &files {
        assert!(label(file) > 1_000, "something is labelled");
        group.throughput(Throughput::Bytes(
            u64::try_from(file.len()).unwrap_or_default(),
        ));
        group.bench_function(name, |bencher| bencher.iter(|| label(black_box(file))));
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
