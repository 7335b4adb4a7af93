//! How labels follow references (POLICY §2): one test a rule of the table in `labeling/propagate.rs`.

#![allow(
    clippy::needless_pass_by_value,
    clippy::similar_names,
    reason = "literals read best by value; an examiner examines"
)]

use crate::world;

use domain::label::Label;
use serde_json::{Value, json};
use world::{
    ICD10, LOINC, SNOMED, concept, label, opioid, opioid_condition, ordinary, ordinary_condition,
    to,
};

const OPIOIDS: &str = "substance-use.opioids";

fn visit(id: &str, more: Value) -> Value {
    let mut visit = json!({
        "resourceType": "Encounter", "id": id, "status": "finished", "subject": to("Patient/1"),
        "type": [concept(SNOMED, "185349003")]
    });
    visit
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().expect("an object").clone());
    visit
}

#[test]
fn a_reference_carries_what_it_leads_to() {
    let world = label(&[
        opioid_condition(),
        json!({"resourceType": "Observation", "id": "bp", "subject": to("Patient/1"), "code": concept(LOINC, "8480-6"),
            "focus": [to("Condition/oud")], "valueQuantity": {"value": 120, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}}),
    ]);
    assert_eq!(world.labels("Observation/bp", "focus[0]"), [OPIOIDS]);
    assert!(world.labels("Observation/bp", "code").is_empty());
    assert!(world.labels("Observation/bp", "valueQuantity").is_empty());
    assert!(world.labels("Observation/bp", "subject").is_empty());
}

#[test]
fn an_item_is_about_its_code_in_all_its_parts() {
    let world = label(&[
        json!({"resourceType": "Condition", "id": "1", "code": opioid(), "onsetDateTime": "2020-01-01",
        "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")}),
    ]);
    for part in ["code", "onsetDateTime", "clinicalStatus"] {
        assert_eq!(world.labels("Condition/1", part), [OPIOIDS], "{part}");
    }
}

#[test]
fn a_visit_takes_its_reasons_labels() {
    for reason in [
        json!({"reasonCode": [opioid()]}),
        json!({"reasonReference": [to("Condition/oud")]}),
        json!({"diagnosis": [{"condition": to("Condition/oud")}]}),
    ] {
        let world = label(&[opioid_condition(), visit("v", reason)]);
        for part in ["type[0]", "status", "subject"] {
            assert_eq!(world.labels("Encounter/v", part), [OPIOIDS], "{part}");
        }
    }
}

#[test]
fn procedures_notes_and_medications_take_their_visits_labels_and_results_do_not() {
    let world = label(&[
        visit("v", json!({"reasonCode": [opioid()]})),
        json!({"resourceType": "Procedure", "id": "p", "code": concept(SNOMED, "430193006"), "encounter": to("Encounter/v")}),
        json!({"resourceType": "DocumentReference", "id": "d", "type": concept(LOINC, "34117-2"), "context": {"encounter": [to("Encounter/v")]}}),
        json!({"resourceType": "MedicationRequest", "id": "m", "medicationCodeableConcept": concept(world::RXNORM, "5640"), "encounter": to("Encounter/v")}),
        json!({"resourceType": "Observation", "id": "o", "code": concept(LOINC, "8302-2"), "encounter": to("Encounter/v"), "status": "final"}),
        json!({"resourceType": "Immunization", "id": "i", "vaccineCode": concept("http://hl7.org/fhir/sid/cvx", "140"), "encounter": to("Encounter/v")}),
    ]);
    assert_eq!(world.labels("Procedure/p", "code"), [OPIOIDS]);
    assert_eq!(world.labels("DocumentReference/d", "type"), [OPIOIDS]);
    assert_eq!(
        world.labels("MedicationRequest/m", "medicationCodeableConcept"),
        [OPIOIDS]
    );
    assert_eq!(world.labels("Observation/o", "encounter"), [OPIOIDS]);
    assert!(world.labels("Observation/o", "code").is_empty());
    assert_eq!(world.labels("Immunization/i", "encounter"), [OPIOIDS]);
    assert!(world.labels("Immunization/i", "vaccineCode").is_empty());
}

#[test]
fn what_hangs_on_a_condition_takes_its_labels() {
    let world = label(&[
        opioid_condition(),
        ordinary_condition(),
        json!({"resourceType": "Procedure", "id": "p", "code": concept(SNOMED, "430193006"), "reasonReference": [to("Condition/oud")]}),
        json!({"resourceType": "MedicationRequest", "id": "m", "medicationCodeableConcept": concept(world::RXNORM, "5640"), "reasonReference": [to("Condition/oud")]}),
        json!({"resourceType": "CarePlan", "id": "c", "category": [concept(SNOMED, "734163000")], "addresses": [to("Condition/oud"), to("Condition/htn")]}),
        json!({"resourceType": "Goal", "id": "g", "description": concept(SNOMED, "160573003"), "addresses": [to("Condition/oud")]}),
        json!({"resourceType": "Procedure", "id": "other", "code": concept(SNOMED, "430193006"), "reasonReference": [to("Condition/htn")]}),
    ]);
    assert_eq!(world.labels("Procedure/p", "code"), [OPIOIDS]);
    assert_eq!(
        world.labels("MedicationRequest/m", "medicationCodeableConcept"),
        [OPIOIDS]
    );
    assert_eq!(world.labels("CarePlan/c", "category[0]"), [OPIOIDS]);
    assert!(world.has("Goal/g", "addresses[0]", Label::Opioids));
    assert!(world.labels("Procedure/other", "code").is_empty());
}

#[test]
fn a_reason_by_code_stays_on_the_reason() {
    let world = label(&[
        json!({"resourceType": "ServiceRequest", "id": "liver", "code": concept(LOINC, "24325-3"),
        "reasonCode": [opioid(), ordinary()], "status": "active"}),
    ]);
    assert!(world.labels("ServiceRequest/liver", "code").is_empty());
    assert!(world.labels("ServiceRequest/liver", "status").is_empty());
    assert_eq!(
        world.labels("ServiceRequest/liver", "reasonCode[0]"),
        [OPIOIDS]
    );
    assert!(
        world
            .labels("ServiceRequest/liver", "reasonCode[1]")
            .is_empty()
    );
}

#[test]
fn a_panel_with_a_labelled_code_labels_its_results_and_not_the_other_way_round() {
    let result = |id: &str, code: &str| json!({"resourceType": "Observation", "id": id, "code": concept(LOINC, code)});
    let screen = json!({"resourceType": "DiagnosticReport", "id": "screen", "status": "final", "code": {"coding": [{"system": LOINC, "code": "x", "display": "Urine drug screen for cocaine"}]}, "result": [to("Observation/ph")]});
    let panel = json!({"resourceType": "DiagnosticReport", "id": "panel", "status": "final", "code": concept(LOINC, "51990-0"), "result": [to("Observation/hiv"), to("Observation/na")]});
    let hiv = json!({"resourceType": "Observation", "id": "hiv", "code": {"coding": [{"system": LOINC, "code": "7917-8", "display": "HIV 1 Ab"}]}});
    let world = label(&[
        screen,
        panel,
        hiv,
        result("ph", "2756-5"),
        result("na", "2951-2"),
    ]);
    assert!(
        world.has("Observation/ph", "code", Label::OtherDrugs)
            || world.has("Observation/ph", "code", Label::SubstanceUse)
    );
    assert!(world.has("DiagnosticReport/panel", "result[0]", Label::Hiv));
    assert!(
        world
            .labels("DiagnosticReport/panel", "result[1]")
            .is_empty()
    );
    assert!(world.labels("DiagnosticReport/panel", "code").is_empty());
    assert!(world.labels("Observation/na", "code").is_empty());
}

#[test]
fn claims_are_labelled_line_by_line() {
    let world = label(&[
        opioid_condition(),
        json!({"resourceType": "Claim", "id": "c", "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
            "diagnosis": [{"sequence": 1, "diagnosisReference": to("Condition/oud")}, {"sequence": 2, "diagnosisCodeableConcept": ordinary()}],
            "item": [
                {"sequence": 1, "diagnosisSequence": [1], "productOrService": concept(SNOMED, "430193006")},
                {"sequence": 2, "diagnosisSequence": [2], "productOrService": concept(SNOMED, "430193006")},
                {"sequence": 3, "productOrService": concept(SNOMED, "5602001")}],
            "total": {"value": 100, "currency": "USD"}}),
        json!({"resourceType": "ExplanationOfBenefit", "id": "e", "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"), "claim": to("Claim/c"), "outcome": "complete"}),
    ]);
    assert!(world.has("Claim/c", "diagnosis[0]", Label::Opioids));
    assert!(world.has("Claim/c", "item[0]", Label::Opioids));
    assert!(world.labels("Claim/c", "item[1]").is_empty());
    assert!(world.has("Claim/c", "item[2]", Label::Opioids));
    assert!(
        world.has("Claim/c", "total", Label::Opioids),
        "a sum tells of what it sums up"
    );
    assert!(world.labels("Claim/c", "type").is_empty());
    assert!(world.has("ExplanationOfBenefit/e", "claim", Label::Opioids));
    assert!(world.labels("ExplanationOfBenefit/e", "outcome").is_empty());
}

#[test]
fn a_prescription_labels_the_lines_of_its_claim() {
    let world = label(&[
        opioid_condition(),
        json!({"resourceType": "MedicationRequest", "id": "m", "medicationCodeableConcept": concept(world::RXNORM, "5640"), "reasonReference": [to("Condition/oud")]}),
        json!({"resourceType": "Claim", "id": "c", "prescription": to("MedicationRequest/m"), "item": [{"sequence": 1, "productOrService": concept(SNOMED, "430193006")}]}),
        json!({"resourceType": "MedicationAdministration", "id": "a", "medicationCodeableConcept": concept(world::RXNORM, "5640"), "request": to("MedicationRequest/m")}),
    ]);
    assert!(world.has("Claim/c", "prescription", Label::Opioids));
    assert!(world.has("Claim/c", "item[0]", Label::Opioids));
    assert!(world.has(
        "MedicationAdministration/a",
        "medicationCodeableConcept",
        Label::Opioids
    ));
}

#[test]
fn a_drug_described_elsewhere_says_what_the_prescription_is() {
    let medication = json!({"resourceType": "Medication", "id": "b", "code": {"coding": [{"system": world::RXNORM, "code": "352364"}]}});
    let prescription = json!({"resourceType": "MedicationRequest", "id": "m", "medicationReference": to("Medication/b"), "status": "active"});
    let inside = json!({"resourceType": "MedicationRequest", "id": "inside", "medicationReference": to("#b"), "status": "active", "contained": [medication.clone()]});
    let nowhere = json!({"resourceType": "MedicationRequest", "id": "nowhere", "medicationReference": to("Medication/gone"), "status": "active"});
    let world = label(&[medication, prescription, inside, nowhere]);
    for id in ["m", "inside"] {
        assert!(
            world.has(&format!("MedicationRequest/{id}"), "status", Label::Opioids),
            "{id}"
        );
    }
    assert!(world.has(
        "MedicationRequest/nowhere",
        "medicationReference",
        Label::Unclassified
    ));
}

#[test]
fn free_text_carries_the_items_coded_labels() {
    let world = label(&[
        opioid_condition(),
        json!({"resourceType": "DiagnosticReport", "id": "r", "code": concept(LOINC, "24325-3"), "basedOn": [to("Condition/oud")],
            "conclusion": "Better than last time.", "status": "final"}),
    ]);
    assert!(world.has("DiagnosticReport/r", "conclusion", Label::Opioids));
    assert!(world.labels("DiagnosticReport/r", "status").is_empty());
}

#[test]
fn references_are_followed_however_they_are_written() {
    for reference in [
        json!({"reference": "Condition/oud"}),
        json!({"reference": "https://ehr.example/fhir/Condition/oud/_history/2"}),
        json!({"reference": "urn:uuid:oud"}),
        json!({"identifier": {"system": "urn:ids", "value": "7"}}),
        json!({"reference": "Condition?identifier=urn:ids|7"}),
        json!({"reference": "#inside"}),
    ] {
        let mut condition = opioid_condition();
        condition["identifier"] = json!([{"system": "urn:ids", "value": "7"}]);
        let world = label(&[
            condition,
            json!({"resourceType": "Procedure", "id": "p", "code": concept(SNOMED, "430193006"), "reasonReference": [reference],
                "contained": [{"resourceType": "Condition", "id": "inside", "code": opioid()}]}),
        ]);
        assert!(
            world.has("Procedure/p", "code", Label::Opioids),
            "{reference}"
        );
    }
}

#[test]
fn chains_and_circles_come_to_an_end() {
    let mut resources = vec![
        opioid_condition(),
        visit(
            "v0",
            json!({"reasonReference": [to("Condition/oud")], "partOf": to("Encounter/v9")}),
        ),
    ];
    for number in 1..10 {
        resources.push(visit(
            &format!("v{number}"),
            json!({"partOf": to(&format!("Encounter/v{}", number - 1))}),
        ));
    }
    for resources in [resources.clone(), resources.into_iter().rev().collect()] {
        let world = label(&resources);
        assert!(world.has("Encounter/v9", "status", Label::Opioids));
    }
}

#[test]
fn answers_are_labelled_one_by_one() {
    let world = label(&[
        json!({"resourceType": "QuestionnaireResponse", "id": "q", "questionnaire": "http://example.org/Questionnaire/intake",
        "item": [
            {"linkId": "1", "text": "Do you drink alcohol?", "item": [{"linkId": "1.1", "text": "How often?", "answer": [{"valueString": "weekly"}]}]},
            {"linkId": "/8302-2", "text": "Height", "answer": [{"valueDecimal": 170}]}]}),
    ]);
    assert!(world.has("QuestionnaireResponse/q", "item[0]", Label::Alcohol));
    assert!(world.has("QuestionnaireResponse/q", "item[0].item[0]", Label::Alcohol));
    assert!(
        world
            .labels("QuestionnaireResponse/q", "item[1]")
            .is_empty()
    );
}

#[test]
fn the_narrative_speaks_where_no_part_does() {
    let with = |narrative: &str| json!({"resourceType": "Procedure", "id": "p", "code": concept(SNOMED, "430193006"), "status": "completed", "text": {"status": "generated", "div": narrative}});
    let world = label(&[with("<div>for <b>heroin</b> use</div>")]);
    assert!(world.has("Procedure/p", "code", Label::Opioids));
    assert!(world.has("Procedure/p", "status", Label::Opioids));
    assert!(
        label(&[with("<div>Medication reconciliation</div>")])
            .labels("Procedure/p", "code")
            .is_empty()
    );
}

#[test]
fn context_decides_where_the_code_does_not() {
    let drug = |reason: &str| {
        json!({"resourceType": "MedicationRequest", "id": "m", "subject": to("Patient/1"),
        "medicationCodeableConcept": concept(world::RXNORM, "7243"), "reasonCode": [concept(ICD10, reason)]})
    };
    let alcohol = label(&[drug("F10.20")]);
    let drink = alcohol
        .part("MedicationRequest/m", "medicationCodeableConcept")
        .labels;
    assert!(drink.overlaps(domain::label::LabelSet::SUBSTANCE_USE));
}
