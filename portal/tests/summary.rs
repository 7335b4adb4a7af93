//! What people read of a resource.

use chrono::{NaiveDate, TimeZone, Utc};
use portal::summary::{Fact, Field, Moment, Summary, Value, summarize};
use serde_json::{Value as Json, json};

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn code(words: &str) -> Value {
    Value::Code(words.to_owned())
}

fn quantity(value: &str, unit: &str) -> Value {
    Value::Quantity {
        value: value.to_owned(),
        unit: unit.to_owned(),
    }
}

fn has(summary: &Summary, field: &Field, value: &Value) -> bool {
    summary.facts.contains(&Fact {
        field: field.clone(),
        value: value.clone(),
    })
}

#[track_caller]
fn check(resource: &Json, title: &str, facts: &[(Field, Value)]) -> Summary {
    let summary = summarize(resource);
    assert_eq!(summary.title.as_deref(), Some(title));
    for (field, value) in facts {
        assert!(
            has(&summary, field, value),
            "{} is missing or different",
            field.key()
        );
    }
    summary
}

#[test]
fn conditions() {
    check(
        &json!({
            "resourceType": "Condition",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "verificationStatus": {"coding": [{"code": "confirmed"}]},
            "code": {"coding": [{"display": "First"}, {"display": "Chosen", "userSelected": true}]},
            "severity": {"text": "Mild"},
            "onsetDateTime": "2019-03",
            "abatementAge": {"value": 44, "unit": "years"},
            "asserter": {"display": "Dr. Bell"},
        }),
        "Chosen",
        &[
            (Field::Status, code("active")),
            (Field::Verification, code("confirmed")),
            (Field::Severity, text("Mild")),
            (
                Field::Began,
                Value::Month {
                    year: 2019,
                    month: 3,
                },
            ),
            (Field::Ended, quantity("44", "years")),
            (Field::Author, text("Dr. Bell")),
        ],
    );
    check(
        &json!({"resourceType": "Condition", "code": {"coding": [{"code": "F11.20"}]}}),
        "Health problem",
        &[(Field::Code, text("F11.20"))],
    );
}

#[test]
fn medicines() {
    let by_reference = json!({
        "resourceType": "MedicationRequest",
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Buprenorphine 8 mg"}}],
        "medicationReference": {"reference": "#m"},
        "status": "active",
        "authoredOn": "2026-02-03",
        "reasonCode": [{"text": "Pain"}],
        "dosageInstruction": [{
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            "asNeededBoolean": true,
            "route": {"text": "Sublingual"},
            "doseAndRate": [{"doseQuantity": {"value": 8, "unit": "mg"}}],
        }],
        "dispenseRequest": {"numberOfRepeatsAllowed": 3},
    });
    check(
        &by_reference,
        "Buprenorphine 8 mg",
        &[
            (
                Field::Date,
                Value::Date(NaiveDate::from_ymd_opt(2026, 2, 3).unwrap_or_default()),
            ),
            (Field::Reason, text("Pain")),
            (Field::Dose, quantity("8", "mg")),
            (
                Field::Frequency,
                Value::Frequency {
                    times: "2".into(),
                    period: "1".into(),
                    unit: "d".into(),
                },
            ),
            (Field::AsNeeded, Value::Boolean(true)),
            (Field::Route, text("Sublingual")),
            (Field::Refills, quantity("3", "")),
        ],
    );
    check(
        &json!({
            "resourceType": "MedicationStatement",
            "medicationReference": {"reference": "Medication/1", "display": "Sertraline"},
            "effectivePeriod": {"start": "2020"},
            "dosage": [{"text": "One each morning", "patientInstruction": "With food"}],
        }),
        "Sertraline",
        &[
            (
                Field::Date,
                Value::Period {
                    start: Some(Moment::Year(2020)),
                    end: None,
                },
            ),
            (Field::Dose, text("One each morning")),
            (Field::Instructions, text("With food")),
        ],
    );
    check(
        &json!({
            "resourceType": "MedicationAdministration",
            "medicationCodeableConcept": {"coding": [{"display": "Methadone"}]},
            "effectiveDateTime": "2026-01-02T08:00:00-05:00",
            "dosage": {"dose": {"value": 60.5, "code": "mg"}},
        }),
        "Methadone",
        &[
            (
                Field::Date,
                Value::Instant(
                    Utc.with_ymd_and_hms(2026, 1, 2, 13, 0, 0)
                        .single()
                        .unwrap_or_default(),
                ),
            ),
            (Field::Dose, quantity("60.5", "mg")),
        ],
    );
    check(
        &json!({"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/1"}}),
        "Medicine",
        &[],
    );
}

#[test]
fn observations_of_every_type_of_value() {
    let values = [
        (
            json!({"valueQuantity": {"value": 5, "comparator": "<", "unit": "IU/L"}}),
            quantity("< 5", "IU/L"),
        ),
        (
            json!({"valueQuantity": {"value": 1, "code": "{score}"}}),
            quantity("1", ""),
        ),
        (
            json!({"valueCodeableConcept": {"coding": [{"display": "Positive"}]}}),
            text("Positive"),
        ),
        (json!({"valueString": "clear"}), text("clear")),
        (json!({"valueBoolean": false}), Value::Boolean(false)),
        (json!({"valueInteger": 7}), quantity("7", "")),
        (
            json!({"valueRange": {"low": {"value": 1, "unit": "mm"}}}),
            Value::Range {
                low: Some("1".into()),
                high: None,
                unit: "mm".into(),
            },
        ),
        (
            json!({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 64}}}),
            text("1 : 64"),
        ),
        (json!({"valueTime": "08:30:00"}), text("08:30:00")),
        (json!({"valueDateTime": "2020"}), Value::Year(2020)),
        (
            json!({"valuePeriod": {"end": "2020"}}),
            Value::Period {
                start: None,
                end: Some(Moment::Year(2020)),
            },
        ),
    ];
    for (mut resource, value) in values {
        resource["resourceType"] = json!("Observation");
        resource["code"] = json!({"text": "Test"});
        check(&resource, "Test", &[(Field::Result, value)]);
    }
}

#[test]
fn components_ranges_and_interpretations() {
    let summary = check(
        &json!({
            "resourceType": "Observation", "status": "final", "code": {"text": "Blood pressure"},
            "component": [
                {"code": {"text": "Systolic"}, "valueQuantity": {"value": 120, "unit": "mmHg"}},
                {"code": {"text": "Diastolic"}, "dataAbsentReason": {"text": "Not done"}},
            ],
            "interpretation": [{"coding": [{"code": "N", "display": "Normal"}]}],
            "referenceRange": [
                {"low": {"value": 90, "unit": "mmHg"}, "high": {"value": 140, "unit": "mmHg"}},
                {"text": "lower when lying"},
            ],
            "note": [{"text": "Taken\r\nsitting"}],
        }),
        "Blood pressure",
        &[
            (Field::Component("Systolic".into()), quantity("120", "mmHg")),
            (Field::Component("Diastolic".into()), text("Not done")),
            (Field::Interpretation, text("Normal")),
            (
                Field::ReferenceRange,
                Value::Range {
                    low: Some("90".into()),
                    high: Some("140".into()),
                    unit: "mmHg".into(),
                },
            ),
            (Field::ReferenceRange, text("lower when lying")),
        ],
    );
    assert_eq!(
        summary
            .texts
            .first()
            .map(|note| (note.field.key(), note.body.as_str())),
        Some(("note", "Taken\nsitting"))
    );
}

#[test]
fn documents_are_decoded_or_told_of() {
    let long = "A line of a note that must stay whole.\n".repeat(5000);
    let resource = json!({
        "resourceType": "DocumentReference", "status": "current",
        "type": {"coding": [{"display": "Progress note"}]},
        "content": [
            {"attachment": {"contentType": "text/plain; charset=utf-8", "data": data_encoding::BASE64.encode(long.as_bytes())}},
            {"attachment": {"contentType": "text/html", "data": "PHA+SGVsbG8gJmFtcDsgPGI+YnllPC9iPjwvcD4"}},
            {"attachment": {"contentType": "text/plain;charset=ISO-8859-1", "data": "6Q=="}},
            {"attachment": {"contentType": "text/plain", "data": "aGFs\nbG8="}},
            {"attachment": {"contentType": "application/pdf", "title": "Scan", "data": "JVBERg=="}},
            {"attachment": {"contentType": "text/plain", "data": "not base64!"}},
            {"attachment": {"contentType": "image/png", "url": "https://files.example/1"}},
            {"attachment": {"contentType": "text/plain"}},
            {"attachment": {}},
        ],
    });
    let summary = check(
        &resource,
        "Progress note",
        &[
            (
                Field::Attachment,
                Value::Attachment {
                    media_type: Some("application/pdf".into()),
                    title: Some("Scan".into()),
                },
            ),
            (
                Field::Attachment,
                Value::Attachment {
                    media_type: Some("text/plain".into()),
                    title: None,
                },
            ),
            (
                Field::Attachment,
                Value::Attachment {
                    media_type: Some("image/png".into()),
                    title: None,
                },
            ),
        ],
    );
    let bodies: Vec<&str> = summary
        .texts
        .iter()
        .map(|text| text.body.as_str())
        .collect();
    assert_eq!(bodies, [long.trim(), "Hello & bye", "é", "hallo"]);
    assert_eq!(
        summary
            .facts
            .iter()
            .filter(|fact| fact.field == Field::Attachment)
            .count(),
        3
    );
}

#[test]
fn reports_visits_procedures_allergies_and_vaccinations() {
    let report = check(
        &json!({
            "resourceType": "DiagnosticReport", "code": {"text": "Panel"}, "conclusion": "All well",
            "result": [{"reference": "x", "display": "Glucose"}, {"reference": "y"}],
            "presentedForm": [{"contentType": "text/plain", "data": "aGFsbG8="}],
        }),
        "Panel",
        &[(Field::Result, text("Glucose"))],
    );
    assert_eq!(report.texts.len(), 2);
    check(
        &json!({
            "resourceType": "Encounter", "class": {"code": "AMB"}, "type": [{"text": "Check-up"}],
            "serviceProvider": {"display": "Harbor Clinic"},
            "participant": [{"individual": {"display": "Dr. Bell"}}],
        }),
        "Check-up",
        &[
            (Field::Category, text("AMB")),
            (Field::Place, text("Harbor Clinic")),
            (Field::Performer, text("Dr. Bell")),
        ],
    );
    check(
        &json!({"resourceType": "Encounter", "class": {"code": "AMB"}}),
        "Visit",
        &[],
    );
    check(
        &json!({
            "resourceType": "Procedure", "code": {"text": "X-ray"}, "performedString": "last spring",
            "reasonReference": [{"display": "Cough"}], "performer": [{"actor": {"display": "R. Ray"}}],
        }),
        "X-ray",
        &[
            (Field::Date, text("last spring")),
            (Field::Reason, text("Cough")),
            (Field::Performer, text("R. Ray")),
        ],
    );
    check(
        &json!({
            "resourceType": "AllergyIntolerance", "code": {"text": "Penicillin"}, "criticality": "high", "category": ["medication"],
            "reaction": [{"manifestation": [{"text": "Hives"}], "severity": "severe"}],
        }),
        "Penicillin",
        &[
            (Field::Risk, code("high")),
            (Field::Category, code("medication")),
            (Field::Reaction, text("Hives")),
            (Field::Severity, code("severe")),
        ],
    );
    check(
        &json!({"resourceType": "Immunization", "vaccineCode": {"text": "Influenza"}, "occurrenceString": "2001", "lotNumber": "A1"}),
        "Influenza",
        &[(Field::Date, text("2001")), (Field::Lot, text("A1"))],
    );
}

#[test]
fn people() {
    check(
        &json!({
            "resourceType": "Patient", "gender": "female", "birthDate": "1980-05-06", "deceasedBoolean": false,
            "name": [{"use": "nickname", "text": "Annie"}, {"use": "official", "given": ["Ann", "B."], "family": "Lee"}],
            "address": [{"line": ["1 Elm St"], "city": "Salem", "state": "MA"}],
            "telecom": [{"system": "phone", "value": "555-0100"}],
        }),
        "Ann B. Lee",
        &[
            (Field::Sex, code("female")),
            (
                Field::BirthDate,
                Value::Date(NaiveDate::from_ymd_opt(1980, 5, 6).unwrap_or_default()),
            ),
            (Field::Died, Value::Boolean(false)),
            (Field::Address, text("1 Elm St, Salem, MA")),
            (Field::Contact, text("555-0100")),
        ],
    );
}

#[test]
fn questionnaires_keep_the_order_of_the_form() {
    let summary = check(
        &json!({
            "resourceType": "QuestionnaireResponse", "status": "completed",
            "item": [
                {"linkId": "1", "text": "About you", "item": [
                    {"linkId": "1.1", "text": "Smoke?", "answer": [{"valueBoolean": true, "item": [
                        {"linkId": "1.1.1", "text": "How often?", "answer": [{"valueCoding": {"display": "Daily"}}]},
                    ]}]},
                    {"linkId": "1.2", "text": "How often?", "answer": [{"valueCoding": {"display": "Daily"}}]},
                ]},
                {"linkId": "2", "answer": [{"valueInteger": 4}]},
            ],
        }),
        "Questionnaire",
        &[],
    );
    let answers: Vec<(&Field, &Value)> = summary
        .facts
        .iter()
        .filter(|fact| fact.field.key() == "question")
        .map(|fact| (&fact.field, &fact.value))
        .collect();
    let often = Field::Question("How often?".into());
    assert!(
        answers
            == [
                (&Field::Question("Smoke?".into()), &Value::Boolean(true)),
                (&often, &text("Daily")),
                (&often, &text("Daily")),
                (&Field::Question("2".into()), &quantity("4", "")),
            ]
    );
}

#[test]
fn other_kinds_fall_back() {
    check(
        &json!({"resourceType": "CarePlan", "status": "active"}),
        "Care plan",
        &[(Field::Status, code("active"))],
    );
    let summary = check(
        &json!({"resourceType": "Basic", "text": {"status": "generated", "div": "<div><p>Only prose</p></div>"}}),
        "Basic",
        &[],
    );
    assert_eq!(
        summary.texts.first().map(|text| text.body.as_str()),
        Some("Only prose")
    );
}

#[test]
fn what_is_no_resource_has_no_title() {
    for odd in [
        json!(null),
        json!([]),
        json!("x"),
        json!(1.5),
        json!({}),
        json!({"resourceType": 5}),
        json!({"resourceType": " "}),
    ] {
        let summary = summarize(&odd);
        assert!(summary.title.is_none() && summary.facts.is_empty() && summary.texts.is_empty());
    }
}

#[test]
fn debug_output_tells_nothing() {
    let summary = summarize(
        &json!({"resourceType": "Condition", "code": {"text": "secret"}, "note": [{"text": "secret"}], "severity": {"text": "secret"}}),
    );
    let printed = format!(
        "{summary:?} {:?} {:?} {:?}",
        summary.facts,
        summary.texts,
        Field::Component("secret".into())
    );
    assert!(!printed.contains("secret"), "{printed}");
}
