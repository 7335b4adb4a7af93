//! What one resource shows by itself: codes, words, attachments, incoming labels, origin, and deny by default (POLICY §2).

#![allow(
    clippy::needless_pass_by_value,
    clippy::similar_names,
    reason = "literals read best by value; an examiner examines"
)]

use crate::world;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::label::{Confidentiality, Label};
use domain::labeling::{BasisKind, Review, examine};
use serde_json::{Value, json};
use world::{LOINC, SNOMED, concept, label, label_from, opioid, ordinary, to};

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

fn condition(more: Value) -> Value {
    let mut resource = json!({"resourceType": "Condition", "id": "1", "code": ordinary()});
    resource
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().expect("an object").clone());
    resource
}

fn document(content_type: &str, data: &[u8]) -> Value {
    json!({"resourceType": "DocumentReference", "id": "d", "type": concept(LOINC, "34117-2"),
        "content": [{"attachment": {"contentType": content_type, "data": STANDARD.encode(data)}}]})
}

fn review(resource: &Value, path: &str) -> Option<Review> {
    let world = label(core::slice::from_ref(resource));
    let labelled = world.0.values().next().expect("a resource");
    let part = labelled
        .parts
        .iter()
        .find(|part| part.path == path)
        .unwrap_or_else(|| panic!("no {path}"));
    assert_eq!(part.review.is_some(), part.labels.has(Label::Unclassified));
    part.review
}

#[test]
fn words_beside_a_known_code_are_read_too() {
    let world = label(&[condition(
        json!({"code": {"coding": [{"system": SNOMED, "code": "59621000", "display": "Opioid dependence"}], "text": "x"}}),
    )]);
    assert!(world.has("Condition/1", "code", Label::Opioids));
    assert_eq!(
        world.part("Condition/1", "code").basis[0].kind,
        BasisKind::Text
    );
}

#[test]
fn a_code_counts_only_under_its_own_system_and_in_its_time() {
    let with = |system: &str, date: &str| {
        label(&[condition(json!({"code": {"coding": [{"system": system, "code": "F11.20"}]}, "recordedDate": date}))])
            .has("Condition/1", "code", Label::Opioids)
    };
    assert!(with(world::ICD10, "2020-01-01"));
    assert!(!with("http://snomed.info/sct", "2020-01-01"));
}

#[test]
fn attachments_are_read() {
    for (content_type, data) in [
        (
            "text/plain; charset=utf-8",
            &b"Patient denies heroin use."[..],
        ),
        ("text/html", b"<p>Patient denies <i>heroin</i> use.</p>"),
        (
            "application/rtf",
            br"{\rtf1 Patient denies her\b0 oin use.}",
        ),
    ] {
        let world = label(&[document(content_type, data)]);
        assert!(
            world.has("DocumentReference/d", "content[0]", Label::Opioids),
            "{content_type}"
        );
        assert!(
            !world.has("DocumentReference/d", "type", Label::Opioids),
            "{content_type}"
        );
    }
    assert_eq!(
        review(&document("application/pdf", b"%PDF-1.7"), "content[0]"),
        Some(Review::UnreadableAttachment)
    );
    assert_eq!(
        review(&document("text/plain", b"Seen and well."), "content[0]"),
        Some(Review::FreeText)
    );
    let elsewhere = json!({"resourceType": "DocumentReference", "id": "d", "type": concept(LOINC, "34117-2"), "content": [{"attachment": {"url": "Binary/1"}}]});
    assert_eq!(
        review(&elsewhere, "content[0]"),
        Some(Review::UnreadableAttachment)
    );
}

#[test]
fn what_nothing_vouches_for_is_unclassified() {
    assert_eq!(
        review(
            &condition(json!({"code": concept("urn:local", "17")})),
            "code"
        ),
        Some(Review::UnknownSystem)
    );
    assert_eq!(
        review(&condition(json!({"code": {"text": "something"}})), "code"),
        Some(Review::Uncoded)
    );
    assert_eq!(
        review(
            &condition(json!({"note": [{"text": "Doing well."}]})),
            "note[0]"
        ),
        Some(Review::FreeText)
    );
    assert_eq!(
        review(
            &json!({"resourceType": "Observation", "id": "o", "valueString": "positive", "status": "final"}),
            "status"
        ),
        Some(Review::NoCode)
    );
    let report = json!({"resourceType": "DiagnosticReport", "id": "r", "code": concept(LOINC, "51990-0"), "conclusion": "All values are as they should be."});
    assert_eq!(review(&report, "conclusion"), Some(Review::FreeText));
    assert_eq!(review(&report, "code"), None);
}

#[test]
fn what_a_known_code_vouches_for_is_not_unclassified() {
    assert_eq!(review(&condition(json!({})), "code"), None);
    assert_eq!(
        review(
            &condition(
                json!({"code": {"coding": [{"system": "urn:local", "code": "1"}, {"system": SNOMED, "code": "59621000"}], "text": "Blood pressure, high"}})
            ),
            "code"
        ),
        None
    );
    let prescription = json!({"resourceType": "MedicationRequest", "id": "m", "medicationCodeableConcept": concept(world::RXNORM, "5640"),
        "dosageInstruction": [{"text": "800 mg by mouth three times a day as needed for pain in the knee"}]});
    assert_eq!(review(&prescription, "dosageInstruction[0]"), None);
    let result = json!({"resourceType": "Observation", "id": "o", "code": concept(LOINC, "5778-6"), "valueString": "dark yellow", "bodySite": {"text": "left arm"}, "status": "final"});
    assert_eq!(review(&result, "valueString"), None);
    assert_eq!(review(&result, "bodySite"), None);
    assert_eq!(review(&result, "status"), None);
    assert_eq!(
        review(
            &condition(json!({"note": [{"text": "Asked about heroin."}]})),
            "note[0]"
        ),
        None
    );
}

#[test]
fn incoming_labels_are_kept_and_only_added_to() {
    let world = label(&[condition(json!({
        "meta": {"security": [{"system": CONFIDENTIALITY, "code": "R"}, {"system": ACT_CODE, "code": "ETH"}, {"system": ACT_CODE, "code": "42CFRPart2"}]},
        "recordedDate": "2020-01-01"}))]);
    for part in ["code", "recordedDate"] {
        assert_eq!(
            world.labels("Condition/1", part),
            ["substance-use", "part2"],
            "{part}"
        );
        assert!(
            world
                .part("Condition/1", part)
                .basis
                .iter()
                .all(|basis| basis.kind == BasisKind::Incoming)
        );
    }
    let normal = label(&[condition(
        json!({"code": opioid(), "meta": {"security": [{"system": CONFIDENTIALITY, "code": "N"}]}}),
    )]);
    assert_eq!(
        normal.part("Condition/1", "code").labels.confidentiality(),
        Confidentiality::R
    );
}

#[test]
fn a_restriction_that_cannot_be_read_hides() {
    let with = |codings: Value| review(&condition(json!({"meta": {"security": codings}})), "code");
    assert_eq!(
        with(json!([{"system": CONFIDENTIALITY, "code": "R"}])),
        Some(Review::IncomingRestriction)
    );
    assert_eq!(
        with(json!([{"system": ACT_CODE, "code": "TBOO"}])),
        Some(Review::IncomingRestriction)
    );
    assert_eq!(
        with(
            json!([{"system": CONFIDENTIALITY, "code": "R"}, {"system": ACT_CODE, "code": "HIV"}])
        ),
        None
    );
    assert_eq!(
        with(json!([{"system": CONFIDENTIALITY, "code": "N"}])),
        None
    );
    let explained = condition(
        json!({"code": opioid(), "meta": {"security": [{"system": CONFIDENTIALITY, "code": "R"}]}}),
    );
    assert_eq!(review(&explained, "code"), None);
}

#[test]
fn one_element_may_come_labelled() {
    let inline = |code: &str| json!({"text": "x", "extension": [{"url": "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label", "valueCoding": {"system": ACT_CODE, "code": code}}]});
    let world = label(&[condition(json!({"note": [inline("HIV"), {"text": "y"}]}))]);
    assert!(world.has("Condition/1", "note[0]", Label::Hiv));
    assert!(world.labels("Condition/1", "code").is_empty());
}

#[test]
fn the_law_follows_from_the_source() {
    let program = json!({"resourceType": "Organization", "id": "hl", "identifier": [{"system": "urn:npi", "value": "1"}], "name": "Harbor House"});
    let unit = json!({"resourceType": "Organization", "id": "unit", "name": "Day unit", "partOf": to("Organization/hl")});
    let hospital = json!({"resourceType": "Organization", "id": "gh", "name": "General Hospital"});
    let role = json!({"resourceType": "PractitionerRole", "id": "r", "practitioner": to("Practitioner/p"), "organization": to("Organization/hl")});
    let person = json!({"resourceType": "Practitioner", "id": "p"});
    let visit = |id: &str, provider: &str| json!({"resourceType": "Encounter", "id": id, "type": [concept(SNOMED, "185349003")], "serviceProvider": to(provider)});
    let pressure = |id: &str, key: &str, value: Value| {
        let mut resource = json!({"resourceType": "Observation", "id": id, "status": "final", "code": concept(LOINC, "85354-9")});
        resource[key] = value;
        resource
    };
    let resources = [
        program,
        unit,
        hospital,
        role,
        person,
        visit("v", "Organization/hl"),
        visit("u", "Organization/unit"),
        visit("h", "Organization/gh"),
        pressure("visit", "encounter", to("Encounter/v")),
        pressure("unit", "encounter", to("Encounter/u")),
        pressure("hospital", "encounter", to("Encounter/h")),
        pressure("performer", "performer", json!([to("Organization/hl")])),
        pressure("role", "performer", json!([to("PractitionerRole/r")])),
        pressure("person", "performer", json!([to("Practitioner/p")])),
        pressure("display", "performer", json!([{"display": "Harbor House"}])),
        pressure("contained", "performer", json!([to("#o")])),
        pressure("told", "method", json!({"text": "arm"})),
        json!({"resourceType": "Provenance", "id": "x", "recorded": "2020-01-01T00:00:00Z", "target": [to("Observation/told")], "agent": [{"who": to("Organization/hl")}]}),
        json!({"resourceType": "ServiceRequest", "id": "referral", "status": "active", "code": concept(SNOMED, "185349003"), "performer": [to("Organization/hl")]}),
    ];
    let mut resources = resources.to_vec();
    for resource in &mut resources {
        if resource["id"] == "contained" {
            resource["contained"] =
                json!([{"resourceType": "Organization", "id": "o", "name": "Harbor House"}]);
        }
    }
    for name in ["Organization/hl", "urn:npi|1", "harbor house"] {
        let world = label_from(&resources, &[name]);
        for id in [
            "visit",
            "unit",
            "performer",
            "role",
            "person",
            "display",
            "contained",
            "told",
        ] {
            let part = world.part(&format!("Observation/{id}"), "status");
            assert!(part.labels.has(Label::Part2), "{name}: {id}");
            assert!(
                !part.labels.has(Label::SubstanceUse),
                "{name}: {id}: the law is not the segment"
            );
            assert!(
                part.basis
                    .iter()
                    .any(|basis| basis.kind == BasisKind::Origin)
            );
        }
        assert!(!world.has("Observation/hospital", "status", Label::Part2));
        assert!(!world.has("ServiceRequest/referral", "status", Label::Part2));
        assert!(
            world.has("ServiceRequest/referral", "performer[0]", Label::Part2),
            "naming the program tells of it"
        );
        assert!(
            !world.has("Organization/hl", "name", Label::Part2),
            "a directory entry is nobody's record"
        );
    }
}

/// POLICY §2, origin: `meta.source` names where an item comes from.
#[test]
fn the_law_follows_from_the_stated_source() {
    let pressure = |source: &str| json!({"resourceType": "Observation", "id": "bp", "subject": to("Patient/1"), "meta": {"source": source}, "code": concept(LOINC, "8480-6"), "status": "final"});
    let house =
        json!({"resourceType": "Organization", "id": "hl", "name": "Harbor House", "active": true});
    let is_part2 = |source: &str, programs: &[&str]| {
        label_from(&[pressure(source), house.clone()], programs).has(
            "Observation/bp",
            "status",
            Label::Part2,
        )
    };
    let program = ["Organization/hl"];
    assert!(is_part2("Organization/hl", &program));
    assert!(is_part2(
        "https://hl.example/fhir/Organization/hl#message-7",
        &program
    ));
    assert!(
        is_part2("Organization/hl", &["Harbor House"]),
        "by what is known of it"
    );
    assert!(
        is_part2("urn:oid:1.2.3#7", &["urn:oid:1.2.3"]),
        "a source that is no resource"
    );
    assert!(!is_part2("Organization/gh", &program));
    assert!(!is_part2("urn:oid:1.2.4", &["urn:oid:1.2.3"]));
    assert!(!is_part2("#7", &program));
    let unknown = label_from(&[pressure("urn:uuid:7")], &program);
    assert!(
        unknown.0["Observation/bp"].sources.is_empty(),
        "any URL may stand there: only a known organization is a source"
    );
}

#[test]
fn separated_notes_by_type_and_source() {
    let note = |title: &str, custodian: &str| json!({"resourceType": "DocumentReference", "id": "d", "type": {"coding": [{"system": LOINC, "code": "11506-3"}], "text": title}, "custodian": to(custodian), "status": "current"});
    let separated = |title: &str, custodian: &str| {
        let world = label_from(&[note(title, custodian)], &["Organization/hl"]);
        let labels = world.part("DocumentReference/d", "status").labels;
        (
            labels.has(Label::SudCounselingNote),
            labels.has(Label::PsychotherapyNote),
        )
    };
    assert_eq!(
        separated("Counseling note", "Organization/hl"),
        (true, false)
    );
    assert_eq!(
        separated("Counseling note", "Organization/gh"),
        (false, false)
    );
    assert_eq!(
        separated("SUD counseling note", "Organization/gh"),
        (true, false)
    );
    assert_eq!(
        separated("Psychotherapy note", "Organization/gh"),
        (false, true)
    );
    assert_eq!(
        separated("Progress note", "Organization/hl"),
        (false, false)
    );
    let session = json!({"resourceType": "Procedure", "id": "p", "status": "completed", "code": {"coding": [{"system": SNOMED, "code": "409063005"}], "text": "Counseling session"}, "performer": [{"actor": to("Organization/hl")}]});
    assert!(!label_from(&[session], &["Organization/hl"]).has(
        "Procedure/p",
        "status",
        Label::SudCounselingNote
    ));
}

#[test]
fn identity_details_of_the_patient() {
    let world = label(&[
        json!({"resourceType": "Patient", "id": "1", "birthDate": "1990-01-01", "gender": "female",
        "name": [{"use": "official", "family": "Doe"}, {"use": "usual", "given": ["Alex"]}],
        "telecom": [{"system": "phone", "value": "555"}], "address": [{"city": "X"}],
        "contact": [{"name": {"family": "Roe"}}],
        "extension": [
            {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "F"},
            {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity", "valueCodeableConcept": {"text": "x"}},
            {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", "extension": [{"url": "text", "valueString": "White"}]}]}),
    ]);
    let of = |path: &str| world.labels("Patient/1", path);
    assert!(of("birthDate").is_empty() && of("name[0]").is_empty());
    assert_eq!(of("gender"), ["identity.legal-sex"]);
    assert_eq!(of("name[1]"), ["identity.preferred-name"]);
    for part in ["telecom[0]", "address[0]", "contact[0]"] {
        assert_eq!(of(part), ["identity.contact"], "{part}");
    }
    assert_eq!(of("extension[0]"), ["identity.legal-sex"]);
    assert!(of("extension[1]").contains(&"gender-orientation.gender-identity"));
    assert!(of("extension[2]").is_empty(), "{:?}", of("extension[2]"));
}

#[test]
fn a_person_s_name_is_not_read_for_terms() {
    let world = label(&[
        json!({"resourceType": "Patient", "id": "1", "name": [{"text": "Mary Jane Coke", "family": "Coke", "given": ["Mary Jane"]}], "address": [{"line": ["1 Methadone Street"]}]}),
        json!({"resourceType": "Observation", "id": "o", "status": "final", "code": concept(LOINC, "8302-2"), "subject": {"reference": "Patient/1", "display": "Mary Jane Methadone"}}),
    ]);
    assert!(world.labels("Patient/1", "name[0]").is_empty());
    assert!(world.labels("Observation/o", "subject").is_empty());
}

#[test]
fn faults_name_the_place() {
    for (resource, path) in [
        (json!([]), ""),
        (json!({"id": "1"}), "resourceType"),
        (json!({"resourceType": 1}), "resourceType"),
        (json!({"resourceType": "Patient", "id": 1}), "id"),
        (
            json!({"resourceType": "Condition", "code": {"coding": {}}}),
            "code.coding",
        ),
        (
            json!({"resourceType": "Condition", "code": {"coding": [{"display": 1}]}}),
            "code.coding[0].display",
        ),
        (json!({"resourceType": "Condition", "code": null}), "code"),
        (json!({"resourceType": "Condition", "meta": []}), "meta"),
        (
            json!({"resourceType": "Condition", "meta": {"security": {}}}),
            "meta.security",
        ),
        (
            json!({"resourceType": "Condition", "subject": "Patient/1"}),
            "subject",
        ),
        (
            json!({"resourceType": "Condition", "note": {"text": "x"}}),
            "note",
        ),
        (
            json!({"resourceType": "Condition", "note": ["x"]}),
            "note[0]",
        ),
    ] {
        let fault = examine(&resource).expect_err("a fault");
        assert_eq!(fault.path, path, "{resource}");
    }
}

#[test]
fn every_part_is_named_once_and_redacted_in_debug() {
    let world = label(&[condition(
        json!({"code": opioid(), "note": [{"text": "heroin"}]}),
    )]);
    let labelled = world.0.values().next().expect("a resource");
    let mut paths: Vec<&str> = labelled
        .parts
        .iter()
        .map(|part| part.path.as_str())
        .collect();
    paths.dedup();
    assert_eq!(paths, ["code", "note[0]"]);
    let debug = format!(
        "{labelled:?} {:?} {:?}",
        labelled.parts, labelled.parts[0].basis
    );
    assert!(
        !debug.contains("opioid") && !debug.contains("F11"),
        "{debug}"
    );
}

#[test]
fn what_was_examined_can_be_kept_and_labelled_again() {
    let mut examiner = domain::labeling::Examiner::default();
    let examined: Vec<_> = [
        world::opioid_condition(),
        json!({"resourceType": "Procedure", "id": "p", "code": concept(SNOMED, "430193006"), "reasonReference": [to("Condition/oud")]}),
    ]
    .iter()
    .map(|resource| examiner.examine(resource, None).expect("a readable resource"))
    .collect();
    let kept = serde_json::to_vec(&examined).expect("it can be written");
    let read: Vec<domain::labeling::Examined> =
        serde_json::from_slice(&kept).expect("it can be read");
    assert!(read == examined);
    assert!(world::World::settle(read, &[]).has("Procedure/p", "code", Label::Opioids));
}

#[test]
fn a_reason_in_words_only_is_read_or_hidden() {
    let with = |display: &str| json!({"resourceType": "Procedure", "id": "p", "code": concept(SNOMED, "430193006"), "reasonReference": [{"display": display}]});
    assert_eq!(
        review(&with("Something"), "reasonReference[0]"),
        Some(Review::Uncoded)
    );
    assert!(label(&[with("Heroin use")]).has("Procedure/p", "reasonReference[0]", Label::Opioids));
}

mod anything {
    use domain::labeling::{Context, Examiner, Part2Programs, explain, parts, settle};
    use domain::redact::redact;
    use proptest::prelude::*;
    use serde_json::{Map, Value, json};

    /// JSON of any form, made of the words that labeling looks for.
    fn json() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            Just("F11.20".to_owned()),
            Just("http://hl7.org/fhir/sid/icd-10-cm".to_owned()),
            Just("Condition/1".to_owned()),
            Just("#1".to_owned()),
            Just("urn:uuid:1".to_owned()),
            Just("2020-02-30".to_owned()),
            Just("text/html".to_owned()),
            Just("PGI+aGVyb2luPC9iPg==".to_owned()),
            ".{0,20}",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 5, |inner| {
            let key = prop::sample::select(vec![
                "resourceType",
                "id",
                "meta",
                "security",
                "text",
                "div",
                "code",
                "coding",
                "system",
                "display",
                "reference",
                "identifier",
                "value",
                "note",
                "item",
                "answer",
                "linkId",
                "section",
                "contained",
                "extension",
                "url",
                "valueCoding",
                "content",
                "attachment",
                "data",
                "contentType",
                "diagnosis",
                "sequence",
                "diagnosisSequence",
                "encounter",
                "reasonReference",
                "partOf",
                "name",
                "use",
                "period",
                "start",
                "_status",
                "status",
                "subject",
            ]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                prop::collection::vec((key, inner), 0..6).prop_map(|pairs| {
                    Value::Object(
                        pairs
                            .into_iter()
                            .map(|(key, value)| (key.to_owned(), value))
                            .collect::<Map<_, _>>(),
                    )
                }),
            ]
        })
    }

    fn resource() -> impl Strategy<Value = Value> {
        let kind = prop::sample::select(vec![
            "Condition",
            "Encounter",
            "Observation",
            "QuestionnaireResponse",
            "Composition",
            "Claim",
            "DocumentReference",
            "Organization",
            "Provenance",
            "Patient",
            "Binary",
            "MedicationRequest",
        ]);
        (kind, json()).prop_map(|(kind, value)| {
            let mut map = match value {
                Value::Object(map) => map,
                other => Map::from_iter([("code".to_owned(), other)]),
            };
            map.insert("resourceType".to_owned(), json!(kind));
            map.insert("id".to_owned(), json!("1"));
            Value::Object(map)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// Whatever comes in: a fault or labels, every part once, in the order in which redaction counts.
        #[test]
        fn is_labelled_or_refused(resources in prop::collection::vec(resource(), 1..4)) {
            let mut examiner = Examiner::default();
            let examined: Vec<_> = resources.iter().filter_map(|resource| examiner.examine(resource, None).ok()).collect();
            let kept: Vec<&Value> = resources.iter().filter(|resource| examiner.examine(resource, None).is_ok()).collect();
            let programs = Part2Programs::of(["Organization/1"]);
            let labelled = settle(examined, &Context { part2_programs: &programs });
            prop_assert_eq!(labelled.len(), kept.len());
            for (labelled, resource) in labelled.iter().zip(kept) {
                let split = parts::split(resource.as_object().expect("an object"));
                prop_assert_eq!(split.len(), labelled.parts.len());
                prop_assert!(split.iter().zip(&labelled.parts).all(|(part, labelled)| part.path == labelled.path));
                prop_assert!(!labelled.parts.is_empty() && !labelled.identifying.is_empty());
                prop_assert_eq!(explain(labelled).count(), labelled.parts.len());
                redact(resource, |index| index % 2 == 0, &[]);
            }
        }
    }
}
