//! Redaction shows what is permitted and no trace of the rest (POLICY §1, §5).

use std::collections::HashSet;

use domain::fhir::security;
use domain::label::{Label, LabelSet};
use domain::labeling::parts;
use domain::redact::redact;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn paths(resource: &Value) -> Vec<String> {
    parts::split(resource.as_object().expect("an object"))
        .into_iter()
        .map(|part| part.path)
        .collect()
}

fn keep(resource: &Value, kept: &[&str]) -> Value {
    let paths = paths(resource);
    redact(resource, |index| kept.contains(&paths[index].as_str()), &[])
}

#[test]
fn lists_close_up_and_the_narrative_goes() {
    let resource = json!({
        "resourceType": "Condition", "id": "1", "meta": {"source": "x", "tag": [{"code": "t"}]},
        "text": {"status": "generated", "div": "<div>secret</div>"}, "implicitRules": "x", "language": "en",
        "code": {"text": "c"}, "note": [{"text": "a"}, {"text": "b"}, {"text": "c"}],
        "recordedDate": "2020", "_recordedDate": {"id": "r"},
    });
    assert_eq!(
        keep(&resource, &["note[0]", "note[2]", "recordedDate"]),
        json!({"resourceType": "Condition", "id": "1", "note": [{"text": "a"}, {"text": "c"}], "recordedDate": "2020", "_recordedDate": {"id": "r"}})
    );
    assert_eq!(
        keep(&resource, &[]),
        json!({"resourceType": "Condition", "id": "1"})
    );
}

#[test]
fn labels_are_those_given() {
    let labels = security::security(LabelSet::of([Label::Hiv]), &[]);
    let out = redact(
        &json!({"resourceType": "Basic", "meta": {"security": [{"code": "OTHER"}]}}),
        |_| true,
        &labels,
    );
    assert_eq!(out["meta"], json!({"security": labels}));
}

#[test]
fn what_stands_inside_goes_with_what_holds_it() {
    let resource = json!({"resourceType": "QuestionnaireResponse", "item": [
        {"linkId": "1", "item": [{"linkId": "1.1"}, {"linkId": "1.2"}], "answer": [{"valueString": "x", "item": [{"linkId": "1.3"}, {"linkId": "1.4"}]}]},
        {"linkId": "2", "item": [{"linkId": "2.1"}]}]});
    assert_eq!(
        keep(
            &resource,
            &[
                "item[0]",
                "item[0].item[1]",
                "item[0].answer[0].item[0]",
                "item[1].item[0]"
            ]
        ),
        json!({"resourceType": "QuestionnaireResponse", "item": [
            {"linkId": "1", "item": [{"linkId": "1.2"}], "answer": [{"valueString": "x", "item": [{"linkId": "1.3"}]}]}]})
    );
    let section = json!({"resourceType": "Composition", "section": [{"title": "a", "text": {"div": "<div>a</div>"}, "section": [{"title": "b"}, {"title": "c"}]}]});
    assert_eq!(
        keep(&section, &["section[0]", "section[0].section[1]"]),
        json!({"resourceType": "Composition", "section": [{"title": "a", "text": {"div": "<div>a</div>"}, "section": [{"title": "c"}]}]})
    );
}

#[test]
fn contained_resources_lose_their_narrative_and_their_labels() {
    let resource = json!({"resourceType": "Procedure", "contained": [
        {"resourceType": "Condition", "id": "a", "meta": {"security": []}, "text": {"status": "generated", "div": "x"}},
        {"resourceType": "Condition", "id": "b"}]});
    assert_eq!(
        keep(&resource, &["contained[0]"]),
        json!({"resourceType": "Procedure", "contained": [{"resourceType": "Condition", "id": "a"}]})
    );
}

#[test]
fn a_claims_numbers_show_no_gap() {
    let resource = json!({"resourceType": "Claim",
        "diagnosis": [{"sequence": 1, "x": "a"}, {"sequence": 2, "x": "b"}],
        "item": [{"sequence": 1, "diagnosisSequence": [1]}, {"sequence": 2, "diagnosisSequence": [2, 1]}, {"sequence": 3, "diagnosisSequence": [2]}]});
    assert_eq!(
        keep(&resource, &["diagnosis[1]", "item[1]", "item[2]"]),
        json!({"resourceType": "Claim",
            "diagnosis": [{"sequence": 1, "x": "b"}],
            "item": [{"sequence": 1, "diagnosisSequence": [1]}, {"sequence": 2, "diagnosisSequence": [1]}]})
    );
}

fn texts<'a>(value: &'a Value, out: &mut HashSet<&'a str>) {
    match value {
        Value::String(text) => {
            out.insert(text);
        }
        Value::Array(list) => list.iter().for_each(|item| texts(item, out)),
        Value::Object(map) => map.values().for_each(|item| texts(item, out)),
        _ => {}
    }
}

/// Strings that occur once each, so that each can be traced to its part.
fn resource() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(json!("@")), Just(json!(7)), Just(json!(true))];
    let tree = leaf.prop_recursive(4, 40, 4, |inner| {
        let key = prop_oneof![
            Just("text"),
            Just("item"),
            Just("answer"),
            Just("section"),
            Just("div"),
            Just("code"),
            Just("sequence"),
            Just("diagnosisSequence"),
            Just("extension"),
            Just("meta"),
            Just("resourceType")
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key, inner), 0..4).prop_map(|pairs| Value::Object(
                pairs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect::<Map<_, _>>()
            )),
        ]
    });
    let kind = prop_oneof![
        Just("Condition"),
        Just("QuestionnaireResponse"),
        Just("Composition"),
        Just("Claim"),
        Just("Patient")
    ];
    let element = prop_oneof![
        Just("code"),
        Just("note"),
        Just("item"),
        Just("section"),
        Just("diagnosis"),
        Just("_status"),
        Just("status"),
        Just("contained"),
        Just("text"),
        Just("meta"),
        Just("total")
    ];
    (kind, prop::collection::vec((element, tree), 0..8)).prop_map(|(kind, elements)| {
        let mut count = 0;
        let mut map: Map<String, Value> = elements
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        for value in map.values_mut() {
            number(value, &mut count);
        }
        map.insert("resourceType".to_owned(), json!(kind));
        map.insert("id".to_owned(), json!("the-id"));
        Value::Object(map)
    })
}

fn number(value: &mut Value, count: &mut u32) {
    match value {
        Value::String(text) => {
            *count += 1;
            *text = format!("s{count}");
        }
        Value::Array(list) => list.iter_mut().for_each(|item| number(item, count)),
        Value::Object(map) => map.values_mut().for_each(|item| number(item, count)),
        _ => {}
    }
}

/// The texts of one part, without those of the parts inside it.
fn own_texts<'a>(part: &parts::Part<'a>, all: &[parts::Part<'a>]) -> HashSet<&'a str> {
    let mut own = HashSet::new();
    part.value
        .into_iter()
        .chain(part.beside)
        .for_each(|value| texts(value, &mut own));
    let inside = format!("{}.", part.path);
    for other in all.iter().filter(|other| other.path.starts_with(&inside)) {
        let mut theirs = HashSet::new();
        other
            .value
            .into_iter()
            .for_each(|value| texts(value, &mut theirs));
        own.retain(|text| !theirs.contains(text));
    }
    own
}

/// Whether a list somewhere in it holds objects and something else.
fn is_mixed(value: &Value) -> bool {
    match value {
        Value::Array(list) => {
            let objects = list.iter().filter(|item| item.is_object()).count();
            (objects > 0 && objects < list.len()) || list.iter().any(is_mixed)
        }
        Value::Object(map) => map.values().any(is_mixed),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Every text of the output stands in a permitted part of the input.
    #[test]
    fn nothing_leaks(resource in resource(), mask in any::<u64>()) {
        let permitted = |index: usize| mask.rotate_right(u32::try_from(index % 64).unwrap_or(0)) & 1 == 1;
        let split = parts::split(resource.as_object().expect("an object"));
        let mut allowed: HashSet<&str> = ["the-id", resource["resourceType"].as_str().unwrap_or("")].into();
        for (index, part) in split.iter().enumerate() {
            if permitted(index) {
                allowed.extend(own_texts(part, &split));
            }
        }
        let out = redact(&resource, permitted, &[]);
        let mut shown = HashSet::new();
        texts(&out, &mut shown);
        prop_assert!(shown.is_subset(&allowed), "{resource} -> {out}");
    }

    /// What is denied may be anything, or not be there at all: the output is the same (POLICY §5).
    #[test]
    fn denied_elements_leave_no_trace(resource in resource(), denied in prop::sample::select(vec!["code", "note", "item", "total", "diagnosis"])) {
        let mut without = resource.clone();
        without.as_object_mut().expect("an object").remove(denied);
        let keep = |resource: &Value| {
            let elements: Vec<String> = parts::split(resource.as_object().expect("an object")).iter().map(|part| part.element.to_owned()).collect();
            redact(resource, |index| elements[index] != denied, &[])
        };
        // Numbers of a claim that name a denied line go with it.
        prop_assume!(!(resource["resourceType"] == "Claim" && matches!(denied, "item" | "diagnosis")));
        prop_assert_eq!(keep(&resource), keep(&without));
    }

    /// With everything permitted, only what is no part is missing.
    #[test]
    fn everything_permitted_stays(mut resource in resource()) {
        // A list that is half of objects, and what stands beside one, is no FHIR; labeling refuses it.
        resource.as_object_mut().expect("an object").remove("_status");
        prop_assume!(!is_mixed(&resource));
        let out = redact(&resource, |_| true, &[]);
        let again = redact(&out, |_| true, &[]);
        prop_assert_eq!(out, again);
    }
}
