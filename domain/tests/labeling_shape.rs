//! What identifies an item of each type (POLICY §1), and JSON that no resource may have (ARCHITECTURE, Import).

use domain::label::Label;
use domain::labeling::{Context, Part2Programs, examine, parts, settle};
use serde_json::{Value, json};

/// POLICY §1: without one of these the item does not exist for a viewer.
#[test]
fn each_type_is_identified_by_its_elements() {
    for (types, elements) in [
        (
            &["Patient", "Practitioner", "RelatedPerson", "Person"][..],
            &["name"][..],
        ),
        (
            &[
                "MedicationRequest",
                "MedicationStatement",
                "MedicationAdministration",
                "MedicationDispense",
            ],
            &["medicationCodeableConcept", "medicationReference"],
        ),
        (
            &[
                "Immunization",
                "ImmunizationEvaluation",
                "ImmunizationRecommendation",
            ],
            &["vaccineCode"],
        ),
        (&["Encounter"], &["type", "class", "serviceType"]),
        (
            &["DocumentReference", "DocumentManifest", "Composition"],
            &["type", "category", "title", "description"],
        ),
        (&["QuestionnaireResponse"], &["questionnaire"]),
        (&["CarePlan"], &["title", "category"]),
        (&["CareTeam"], &["name", "category"]),
        (&["Goal"], &["description"]),
        (
            &[
                "Claim",
                "ClaimResponse",
                "ExplanationOfBenefit",
                "Coverage",
                "EpisodeOfCare",
            ],
            &["type"],
        ),
        (&["Device"], &["type", "deviceName"]),
        (
            &["DeviceRequest"],
            &["codeCodeableConcept", "codeReference"],
        ),
        (&["SupplyDelivery"], &["suppliedItem", "type"]),
        (
            &["SupplyRequest"],
            &["itemCodeableConcept", "itemReference"],
        ),
        (
            &["ImagingStudy"],
            &[
                "procedureCode",
                "procedureReference",
                "description",
                "modality",
                "series",
            ],
        ),
        (&["Appointment"], &["serviceType", "appointmentType"]),
        (
            &["Communication", "CommunicationRequest"],
            &["topic", "category"],
        ),
        (&["FamilyMemberHistory"], &["relationship"]),
        (&["Specimen", "BodyStructure"], &["type", "morphology"]),
        (&["NutritionOrder"], &["oralDiet", "enteralFormula"]),
        (&["Organization", "Location"], &["name", "type"]),
        (&["PractitionerRole"], &["code", "specialty"]),
        (&["Provenance"], &["activity", "recorded"]),
        (&["Consent"], &["category"]),
        (&["List"], &["title", "code"]),
        (&["Binary"], &["data"]),
        (
            &["Condition", "Observation", "Procedure", "Basic"],
            &["code", "type", "title"],
        ),
    ] {
        for name in types {
            assert_eq!(parts::identifying(name), elements, "{name}");
        }
    }
}

/// POLICY §2: a clinical item without its code is unclassified; a visit or a person is not.
#[test]
fn clinical_items_need_a_code() {
    for name in [
        "Condition",
        "Observation",
        "Procedure",
        "DiagnosticReport",
        "AllergyIntolerance",
        "Immunization",
        "MedicationRequest",
        "MedicationStatement",
        "MedicationAdministration",
        "MedicationDispense",
        "ServiceRequest",
        "Medication",
    ] {
        assert!(parts::needs_code(name), "{name}");
    }
    for name in ["Patient", "Encounter", "Claim", "Organization", ""] {
        assert!(!parts::needs_code(name), "{name}");
    }
}

/// The fault of a resource; empty when it may be.
fn fault(resource: &Value) -> String {
    examine(resource)
        .err()
        .map_or_else(String::new, |fault| fault.to_string())
}

fn with(resource_type: &str, key: &str, value: &Value) -> Value {
    let mut resource = json!({"resourceType": resource_type});
    resource[key] = value.clone();
    resource
}

/// ARCHITECTURE, Import: a resource that can't be read is an error with its place.
#[test]
fn a_resource_has_a_type_and_perhaps_an_id() {
    let must = "resourceType must be the name of a resource type";
    assert_eq!(fault(&json!({"id": "1"})), "resourceType is missing");
    for name in ["", "Care Plan", "Claim/1", "Condición"] {
        assert_eq!(fault(&json!({"resourceType": name})), must, "{name:?}");
    }
    assert_eq!(fault(&json!({"resourceType": 1})), must);
    let id = "id must be a text of letters, digits, hyphens and dots";
    for value in [json!(""), json!("a b"), json!(1)] {
        assert_eq!(fault(&with("Basic", "id", &value)), id);
    }
    assert_eq!(fault(&with("Basic", "id", &json!("a-1.b"))), "");
    assert_eq!(
        fault(&with("Basic", "meta", &json!([]))),
        "meta must be an object"
    );
    for security in [json!({}), json!(["R"]), json!([{}, 1])] {
        assert_eq!(
            fault(&with("Basic", "meta", &json!({"security": security}))),
            "meta.security must be a list of codings"
        );
    }
    assert_eq!(
        fault(&with("Basic", "meta", &json!({"security": [{}]}))),
        ""
    );
}

/// Each element is of the form that every resource gives it.
#[test]
fn elements_are_of_their_form() {
    let of = |key: &str, value: Value| fault(&with("Condition", key, &value));
    assert_eq!(of("code", Value::Null), "code must not be null");
    assert_eq!(of("display", json!({})), "display must be a text");
    assert_eq!(
        of("data", json!({})),
        "",
        "some resources have a structure of that name"
    );
    assert_eq!(of("note", json!({})), "note must be a list");
    assert_eq!(of("display", json!(["a"])), "display must not be a list");
    assert_eq!(of("data", json!([{}])), "");
    assert_eq!(of("subject", json!([{}])), "subject must not be a list");
    assert_eq!(
        of("evidence", json!([{"subject": [{}]}])),
        "",
        "inside another it may be"
    );
    assert_eq!(of("note", json!([1])), "note[0] must be an object");
    assert_eq!(of("stage", json!([{}, 1])), "stage[1] must be an object");
    assert_eq!(of("stage", json!([1, 2])), "");
    assert_eq!(
        of("stage", json!([["a"]])),
        "stage[0] must not be a list in a list"
    );
    assert_eq!(of("note", json!("a")), "note must not be a text");
    assert_eq!(of("subject", json!("a")), "subject must not be a text");
    assert_eq!(
        of("display", json!(1)),
        "display must not be a number or a truth value"
    );
    assert_eq!(
        of("note", json!(true)),
        "note must not be a number or a truth value"
    );
    assert_eq!(
        of("subject", json!(1)),
        "subject must not be a number or a truth value"
    );
    assert_eq!(
        of("code", json!({"coding": [{"display": 1}]})),
        "code.coding[0].display must not be a number or a truth value"
    );
}

/// A few types give an element of the same name another form.
#[test]
fn types_with_forms_of_their_own_are_let_through() {
    for name in [
        "PlanDefinition",
        "ActivityDefinition",
        "RiskAssessment",
        "Media",
        "Task",
        "Parameters",
    ] {
        assert_eq!(fault(&with(name, "note", &json!("a"))), "", "{name}");
        assert_eq!(fault(&with(name, "note", &json!({}))), "", "{name}");
        assert_eq!(fault(&with(name, "subject", &json!([1]))), "", "{name}");
        assert_eq!(fault(&with(name, "note", &json!([1]))), "", "{name}");
    }
    for name in [
        "Coverage",
        "SupplyDelivery",
        "GuidanceResponse",
        "Consent",
        "List",
    ] {
        for key in ["reasonCode", "reasonReference", "note"] {
            assert_eq!(fault(&with(name, key, &json!("a"))), "", "{name}.{key}");
        }
        assert_eq!(
            fault(&with(name, "contained", &json!("a"))),
            "contained must not be a text"
        );
    }
}

/// POLICY §2: a program by any of the ways to name it, and nobody by an empty one.
#[test]
fn programs_are_named_in_several_ways() {
    let none = Part2Programs::of(["", " "]);
    assert!(none.is_empty());
    let programs = Part2Programs::of(["Organization/1", "urn:npi|7", "Recovery House"]);
    assert!(!programs.is_empty());
    let part2 = |organization: Value| {
        let mut organization = organization;
        organization["resourceType"] = json!("Organization");
        let resources = [
            organization,
            json!({"resourceType": "Condition", "id": "c", "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]},
                "recorder": {"reference": "Organization/x"}, "meta": {"source": "Organization/x"}}),
        ];
        let examined = resources
            .iter()
            .map(|one| examine(one).expect("a resource"))
            .collect();
        let context = Context {
            part2_programs: &programs,
        };
        let labelled = settle(examined, &context).swap_remove(1);
        labelled.labels().has(Label::Part2)
    };
    assert!(!part2(json!({"id": "x", "name": "Clinic"})));
    assert!(part2(json!({"id": "x", "name": "Recovery House"})));
    assert!(part2(
        json!({"id": "x", "identifier": [{"system": "urn:npi", "value": "7"}]})
    ));
    assert!(part2(
        json!({"id": "x", "identifier": {"system": "urn:npi", "value": "7"}})
    ));
    assert!(!part2(
        json!({"id": "x", "identifier": {"system": "urn:npi", "value": "8"}})
    ));
}
