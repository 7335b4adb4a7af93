//! Consents with something broken in them: reading never panics, and nothing that becomes unreadable opens anything.

use crate::asking;

use std::collections::BTreeSet;

use asking::{Asking, labels, named_consent, records, to};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Consents with something of everything: permits, denies, exceptions, every condition.
fn consents() -> Vec<Vec<Value>> {
    let purpose =
        json!([{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"}]);
    let action = json!([{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": "access"}]}]);
    let class = json!([{"system": "http://hl7.org/fhir/resource-types", "code": "Condition"}]);
    let rich = json!({
        "type": "permit", "actor": to("Practitioner/doctor"), "purpose": purpose, "action": action,
        "securityLabel": labels(&["N", "PSY", "SUD", "42CFRPart2", "HIV"]), "period": {"start": "2026-01-01", "end": "2026-12-31"},
        "provision": [
            {"type": "deny", "securityLabel": labels(&["mental-health.personality"]), "class": class, "action": action},
            {"type": "deny", "securityLabel": labels(&["SUD"]), "purpose": purpose,
                "provision": [{"type": "permit", "securityLabel": labels(&["ETHUD"]), "actor": to("Practitioner/doctor")}]},
            {"type": "deny", "data": [{"meaning": "instance", "reference": {"reference": "Condition/hiv"}}]}
        ]
    });
    let refusal = json!({
        "type": "deny", "actor": to("Practitioner/doctor"), "securityLabel": labels(&["PSY"]), "period": {"end": "2027"},
        "purpose": purpose, "action": action, "class": class
    });
    let excepted = json!({"type": "deny", "provision": [
        {"type": "permit", "actor": to("Practitioner/doctor"), "securityLabel": labels(&["N", "HIV"])},
        {"type": "deny", "actor": to("Practitioner/doctor"), "securityLabel": labels(&["HIV"]), "dataPeriod": {"start": "2020"}}
    ]});
    let open = json!({"type": "permit", "securityLabel": labels(&["N", "PSY", "SUD", "HIV"])});
    let mut opt_out = named_consent(
        "opt-out",
        json!({"actor": to("Practitioner/doctor"), "securityLabel": labels(&["HIV"])}),
    );
    opt_out["policyRule"] = json!({"coding": [{"system": asking::ACT, "code": "OPTOUT"}]});
    vec![
        vec![named_consent("rich", rich)],
        vec![
            named_consent("refusal", refusal),
            named_consent("open", open.clone()),
        ],
        vec![named_consent("excepted", excepted)],
        vec![opt_out, named_consent("open", open)],
    ]
}

/// Every place in a value, but the type of the resource: what is no Consent is not read as one.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                if key != "resourceType" {
                    let place = format!("{at}/{key}");
                    all.push(place.clone());
                    places(inner, &place, all);
                }
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                let place = format!("{at}/{index}");
                all.push(place.clone());
                places(inner, &place, all);
            }
        }
        _ => {}
    }
}

/// Breaks a value: what stands there becomes unreadable.
fn break_at(value: &mut Value, place: &str, how: usize) {
    let (parent, key) = place.rsplit_once('/').expect("a place");
    let parent = value.pointer_mut(parent).expect("a parent");
    let garbage = [
        json!(null),
        json!(7),
        json!(true),
        json!(""),
        json!([]),
        json!({}),
        json!("%%%"),
        json!([[]]),
        json!({"x": 1}),
    ];
    match parent {
        Value::Object(map) => {
            if how == garbage.len() {
                let inner = map.remove(key).expect("it is there");
                map.insert(format!("{key}X"), inner);
            } else if let Some(broken) = garbage.get(how) {
                map.insert(key.to_owned(), broken.clone());
            }
        }
        Value::Array(list) => {
            let index: usize = key.parse().expect("an index");
            list[index] = garbage[how % garbage.len()].clone();
        }
        _ => unreachable!("a place is in an object or a list"),
    }
}

fn permitted(consents: &[Value], purpose: &'static str) -> BTreeSet<(String, String)> {
    let answer = Asking::of(&records(), consents).what_for(purpose).answer();
    answer
        .parts
        .into_iter()
        .filter(|part| part.permits)
        .map(|part| (part.resource, part.part))
        .collect()
}

/// What is only ever read to be told, or not at all.
fn is_without_meaning(place: &str) -> bool {
    place.starts_with("/category") || place.ends_with("/id")
}

#[test]
fn nothing_that_becomes_unreadable_opens_anything() {
    for set in consents() {
        for purpose in ["TREAT", "HPAYMT"] {
            let before = permitted(&set, purpose);
            for at in 0..set.len() {
                let mut all = Vec::new();
                places(&set[at], "", &mut all);
                for place in all.iter().filter(|place| !is_without_meaning(place)) {
                    for how in 0..10 {
                        let mut broken = set.clone();
                        break_at(&mut broken[at], place, how);
                        let after = permitted(&broken, purpose);
                        assert!(
                            after.is_subset(&before),
                            "{purpose} {place} {how}: {}",
                            broken[at]
                        );
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Any number of breaks: no panic, and never more than before.
    #[test]
    fn many_breaks_open_nothing(which in 0_usize..4, breaks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..10), 1..6)) {
        let set = consents().swap_remove(which);
        let before = permitted(&set, "TREAT");
        let mut broken = set;
        for (consent, place, how) in breaks {
            let at = consent.index(broken.len());
            let mut all = Vec::new();
            places(&broken[at], "", &mut all);
            all.retain(|place| !is_without_meaning(place));
            if !all.is_empty() {
                let place = all[place.index(all.len())].clone();
                break_at(&mut broken[at], &place, how);
            }
        }
        prop_assert!(permitted(&broken, "TREAT").is_subset(&before));
    }

    /// Anything at all in place of a provision: no panic.
    #[test]
    fn anything_is_read(text in "\\PC{0,40}", number in any::<i64>(), depth in 0_usize..40) {
        let mut provision = json!({"type": "permit", "code": text, "data": number});
        for _ in 0..depth {
            provision = json!({"type": "deny", "provision": [provision], "period": {"start": text}});
        }
        let answer = Asking::of(&records(), &[named_consent(&text, provision)]).answer();
        prop_assert!(answer.parts.iter().all(|part| !part.permits));
    }
}
