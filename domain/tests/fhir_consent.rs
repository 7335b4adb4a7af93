//! How FHIR Consents are read and what they open (LAW G2, CLI.md `decide`, docs/decide.md).

use crate::asking;

use asking::{Asking, consent, labels, named_consent, records, to};
use serde_json::{Value, json};

fn ask(provision: Value) -> Asking {
    Asking::of(&records(), &[consent(provision)])
}

const EVERYTHING: [&str; 7] = ["N", "PSY", "SUD", "42CFRPart2", "HIV", "R", "GDIS"];

#[test]
fn without_consents_nothing_is_permitted() {
    assert!(Asking::of(&records(), &[]).permitted().is_empty());
}

#[test]
fn a_permit_opens_the_set_of_its_labels() {
    let opened =
        |names: &[&str]| ask(json!({"type": "permit", "securityLabel": labels(names)})).permitted();
    assert_eq!(opened(&["N"]), ["ordinary"]);
    assert_eq!(opened(&["N", "PSY"]), ["mind", "ordinary", "person"]);
    assert_eq!(opened(&["mental-health.personality"]), ["person"]);
    assert_eq!(opened(&["SUD"]), ["alcohol", "opioid"]);
    assert_eq!(opened(&["OPIOIDUD", "42CFRPart2"]), ["opioid", "program"]);
    assert!(opened(&["42CFRPart2"]).is_empty());
    assert_eq!(
        opened(&EVERYTHING),
        [
            "alcohol", "hiv", "mind", "opioid", "ordinary", "person", "program"
        ]
    );
}

#[test]
fn a_permit_without_labels_opens_what_is_not_specially_protected() {
    let asking = ask(json!({"type": "permit", "actor": to("Practitioner/doctor")}));
    assert_eq!(asking.permitted(), ["ordinary"]);
    assert_eq!(asking.answer().remarks.len(), 1);
}

#[test]
fn a_confidentiality_above_n_takes_in_n_and_names_no_segment() {
    assert_eq!(
        ask(json!({"type": "permit", "securityLabel": labels(&["R"])})).permitted(),
        ["ordinary"]
    );
    assert_eq!(
        ask(json!({"type": "permit", "securityLabel": labels(&["R", "HIV"])})).permitted(),
        ["hiv", "ordinary"]
    );
}

#[test]
fn a_label_without_a_segment_opens_nothing_and_denies_everything() {
    assert!(
        ask(json!({"type": "permit", "securityLabel": labels(&["TBOO"])}))
            .permitted()
            .is_empty()
    );
    let denied = json!({
        "type": "permit", "securityLabel": labels(&EVERYTHING),
        "provision": [{"type": "deny", "securityLabel": labels(&["TBOO"])}]
    });
    assert!(ask(denied).permitted().is_empty());
}

#[test]
fn a_deny_inside_carves_by_any_overlap() {
    let without = |names: &[&str]| {
        let inner = json!([{"type": "deny", "securityLabel": labels(names)}]);
        ask(json!({"type": "permit", "securityLabel": labels(&EVERYTHING), "provision": inner}))
            .permitted()
    };
    assert_eq!(
        without(&["mental-health.personality"]),
        ["alcohol", "hiv", "mind", "opioid", "ordinary", "program"]
    );
    assert_eq!(without(&["SUD"]), ["hiv", "mind", "ordinary", "person"]);
    assert_eq!(
        without(&["42CFRPart2"]),
        ["alcohol", "hiv", "mind", "opioid", "ordinary", "person"]
    );
    assert_eq!(without(&["R"]), ["ordinary"]);
    assert_eq!(
        without(&["N"]),
        ["alcohol", "hiv", "mind", "opioid", "person", "program"]
    );
}

#[test]
fn exceptions_alternate_as_deep_as_they_go() {
    let provision = json!({
        "type": "permit", "securityLabel": labels(&EVERYTHING),
        "provision": [{
            "type": "deny", "securityLabel": labels(&["SUD"]),
            "provision": [{
                "type": "permit", "securityLabel": labels(&["ETHUD"]),
                "provision": [{"type": "deny", "purpose": purpose("ETREAT")}]
            }]
        }]
    });
    assert_eq!(
        ask(provision.clone()).permitted(),
        ["alcohol", "hiv", "mind", "ordinary", "person"]
    );
    assert_eq!(
        ask(provision).what_for("ETREAT").permitted(),
        ["hiv", "mind", "ordinary", "person"]
    );
}

#[test]
fn a_permit_inside_a_permit_narrows_it() {
    let provision = json!({
        "type": "permit", "securityLabel": labels(&EVERYTHING),
        "provision": [
            {"type": "permit", "actor": to("Practitioner/doctor"), "securityLabel": labels(&["N", "HIV"])},
            {"type": "permit", "actor": to("Practitioner/other"), "securityLabel": labels(&["SUD"])}
        ]
    });
    assert_eq!(ask(provision.clone()).permitted(), ["hiv", "ordinary"]);
    assert_eq!(
        ask(provision).by(&["Practitioner/other"]).permitted(),
        ["alcohol", "opioid"]
    );
}

#[test]
fn a_root_deny_with_exceptions() {
    let provision = json!({
        "type": "deny",
        "provision": [{"type": "permit", "actor": to("Practitioner/doctor"), "securityLabel": labels(&["N", "PSY"])}]
    });
    assert_eq!(
        ask(provision.clone()).permitted(),
        ["mind", "ordinary", "person"]
    );
    assert!(
        ask(provision.clone())
            .by(&["Practitioner/other"])
            .permitted()
            .is_empty()
    );
    let mut carved = provision;
    carved["provision"].as_array_mut().expect("a list").push(
        json!({"type": "deny", "actor": to("Practitioner/doctor"), "securityLabel": labels(&["mental-health.personality"])}),
    );
    assert_eq!(
        ask(carved).permitted(),
        ["mind", "ordinary"],
        "a deny beside a permit is the stronger"
    );
}

#[test]
fn a_refusal_binds_other_consents_and_a_default_does_not() {
    let permit = named_consent(
        "permit",
        json!({"type": "permit", "securityLabel": labels(&EVERYTHING)}),
    );
    let with = |provision: Value| {
        Asking::of(
            &records(),
            &[permit.clone(), named_consent("deny", provision)],
        )
        .permitted()
    };
    assert!(with(json!({"type": "deny"})).is_empty());
    assert!(with(json!({"type": "deny", "actor": to("Practitioner/doctor")})).is_empty());
    assert_eq!(
        with(json!({"type": "deny", "actor": to("Practitioner/other")})).len(),
        7
    );
    assert_eq!(
        with(json!({"type": "deny", "securityLabel": labels(&["SUD"])})),
        ["hiv", "mind", "ordinary", "person"]
    );
    let default = json!({"type": "deny", "provision": [{"type": "permit", "actor": to("Practitioner/other")}]});
    assert_eq!(with(default).len(), 7);
    let nested = json!({"type": "permit", "provision": [{"type": "deny", "securityLabel": labels(&["SUD"])}]});
    assert_eq!(
        with(nested).len(),
        7,
        "a nested deny only carves its own Consent"
    );
}

#[test]
fn several_consents_cover_different_labels_of_one_part() {
    let asking = Asking::of(
        &records(),
        &[
            named_consent(
                "a",
                json!({"type": "permit", "securityLabel": labels(&["SUD"])}),
            ),
            named_consent(
                "b",
                json!({"type": "permit", "securityLabel": labels(&["42CFRPart2"])}),
            ),
        ],
    );
    assert_eq!(asking.permitted(), ["alcohol", "opioid", "program"]);
    let answer = asking.answer();
    let part = answer
        .parts
        .iter()
        .find(|part| part.resource == "Condition/program")
        .expect("it is there");
    let mut basis: Vec<(String, Vec<&str>)> = part
        .basis
        .iter()
        .map(|(consent, labels)| {
            (
                consent.clone(),
                labels.iter().map(domain::label::Label::name).collect(),
            )
        })
        .collect();
    basis.sort();
    assert_eq!(
        basis,
        [
            ("Consent/a".to_owned(), vec!["substance-use.opioids"]),
            ("Consent/b".to_owned(), vec!["part2"])
        ]
    );
    let obligations: Vec<&str> = part.obligations.names().collect();
    assert_eq!(
        obligations,
        [
            "log",
            "notice",
            "consent-copy",
            "no-redisclosure",
            "persist-label"
        ]
    );
}

#[test]
fn notes_are_opened_only_by_themselves() {
    assert_eq!(
        ask(json!({"type": "permit", "securityLabel": labels(&["V", "PSYTHPN"])})).permitted(),
        ["notes"]
    );
    assert_eq!(
        ask(json!({"type": "permit", "securityLabel": labels(&["PSY", "PSYTHPN"])})).permitted(),
        ["mind", "person"]
    );
}

#[test]
fn a_private_item_is_opened_only_by_name() {
    assert!(
        ask(json!({"type": "permit", "securityLabel": labels(&["PRS"])}))
            .permitted()
            .is_empty()
    );
    let data = json!([{"meaning": "instance", "reference": {"reference": "Condition/private"}}]);
    assert_eq!(
        ask(json!({"type": "permit", "data": data})).permitted(),
        ["private"]
    );
}

fn purpose(code: &str) -> Value {
    json!([{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": code}])
}

#[test]
fn purposes_include_those_below_them() {
    let opened = |named: &str, asked: &'static str| {
        ask(json!({"type": "permit", "purpose": purpose(named), "securityLabel": labels(&["N"])}))
            .what_for(asked)
            .permitted()
    };
    assert_eq!(opened("TREAT", "TREAT"), ["ordinary"]);
    assert_eq!(opened("TREAT", "ERTREAT"), ["ordinary"]);
    assert_eq!(opened("PurposeOfUse", "HPAYMT"), ["ordinary"]);
    assert!(opened("ETREAT", "TREAT").is_empty());
    assert!(opened("TREAT", "HPAYMT").is_empty());
    assert!(opened("TREATMENT", "TREAT").is_empty());
    // LAW A10: proceedings are never meant by the way.
    assert!(opened("HOPERAT", "HLEGAL").is_empty());
    assert_eq!(opened("HLEGAL", "HLEGAL"), ["ordinary"]);
    assert!(
        ask(json!({"type": "permit"}))
            .what_for("HLEGAL")
            .permitted()
            .is_empty()
    );
}

#[test]
fn actions_that_disclose_nothing_open_nothing() {
    let action = |code: &str| json!([{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": code}]}]);
    for (code, opens) in [
        ("access", true),
        ("use", true),
        ("disclose", true),
        ("collect", false),
        ("correct", false),
        ("sell", false),
    ] {
        let asking = ask(json!({"type": "permit", "action": action(code)}));
        assert_eq!(!asking.permitted().is_empty(), opens, "{code}");
        let permit = named_consent("permit", json!({"type": "permit"}));
        let deny = named_consent("deny", json!({"type": "deny", "action": action(code)}));
        assert_eq!(
            Asking::of(&records(), &[permit, deny])
                .permitted()
                .is_empty(),
            code != "correct",
            "{code}"
        );
    }
}

#[test]
fn periods_hold_to_the_end_of_their_last_day() {
    let asking =
        ask(json!({"type": "permit", "period": {"start": "2026-02-01", "end": "2026-03-01"}}));
    assert!(
        !asking
            .clone()
            .at("2026-03-01T23:59:59Z")
            .permitted()
            .is_empty()
    );
    assert!(
        asking
            .clone()
            .at("2026-03-02T00:00:00Z")
            .permitted()
            .is_empty()
    );
    assert!(asking.at("2026-01-31T23:59:59Z").permitted().is_empty());
}

#[test]
fn only_what_is_active_and_given_counts() {
    let mut one = consent(json!({"type": "permit"}));
    for status in [
        "draft",
        "proposed",
        "rejected",
        "inactive",
        "entered-in-error",
        "ACTIVE",
    ] {
        one["status"] = json!(status);
        let asking = Asking::of(&records(), std::slice::from_ref(&one));
        assert!(
            asking.permitted().is_empty() && asking.silent().len() == 1,
            "{status}"
        );
    }
    one["status"] = json!("active");
    let asking = Asking::of(&records(), std::slice::from_ref(&one)).at("2025-12-31");
    assert!(asking.permitted().is_empty() && asking.silent().len() == 1);
    one["patient"] = json!({"reference": "Patient/somebody-else"});
    let asking = Asking::of(&records(), &[one]);
    assert!(asking.permitted().is_empty() && asking.silent().len() == 1);
}

#[test]
fn what_is_not_understood_permits_nothing_and_is_named() {
    let sound = consent(json!({"type": "permit", "securityLabel": labels(&["N"])}));
    let broken: [(&str, Value); 9] = [
        (
            "/modifierExtension",
            json!([{"url": "urn:x", "valueBoolean": true}]),
        ),
        ("/implicitRules", json!("urn:x")),
        ("/decision", json!("permit")),
        ("/provision/modifierExtension", json!([{"url": "urn:x"}])),
        ("/provision/only", json!("weekends")),
        ("/provision/actor", json!([])),
        ("/provision/period", json!({"start": "soon"})),
        (
            "/provision/data",
            json!([{"meaning": "cousins", "reference": {"reference": "Condition/ordinary"}}]),
        ),
        (
            "/provision/provision",
            json!([{"securityLabel": labels(&["SUD"])}]),
        ),
    ];
    for (place, value) in broken {
        let mut one = sound.clone();
        let (parent, key) = place.rsplit_once('/').expect("a place");
        one.pointer_mut(parent).expect("a parent")[key] = value;
        let asking = Asking::of(&records(), &[one]);
        assert!(asking.permitted().is_empty(), "{place}");
        assert!(
            asking
                .silent()
                .iter()
                .all(|line| line.starts_with("Consent/c "))
                && !asking.silent().is_empty(),
            "{place}"
        );
    }
}

#[test]
fn a_deny_that_is_not_understood_still_denies() {
    let permit = named_consent(
        "permit",
        json!({"type": "permit", "securityLabel": labels(&["N", "PSY"])}),
    );
    for deny in [
        json!({"type": "deny", "modifierExtension": [{"url": "urn:x"}]}),
        json!({"type": "deny", "purpose": [{"system": "urn:x", "code": "mine"}]}),
        json!({"type": "deny", "actor": [{"role": {"text": "them"}, "reference": {"display": "my neighbour"}}]}),
        json!({"type": "deny", "period": {"start": "whenever"}}),
        json!({"type": "deny", "provision": [{"type": "permit", "modifierExtension": [{"url": "urn:x"}]}]}),
        json!({"type": "no", "securityLabel": labels(&["PSY", "N"])}),
    ] {
        let asking = Asking::of(
            &records(),
            &[permit.clone(), named_consent("deny", deny.clone())],
        );
        assert!(asking.permitted().is_empty(), "{deny}");
    }
}

#[test]
fn recipients_are_found_through_the_files() {
    let others = [
        json!({"resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "Practitioner/doctor"},
            "organization": {"reference": "Organization/clinic"}}),
        json!({"resourceType": "Organization", "id": "clinic", "partOf": {"reference": "Organization/group"},
            "identifier": [{"system": "urn:npi", "value": "7"}]}),
        json!({"resourceType": "CareTeam", "id": "team", "status": "active",
            "participant": [{"member": {"reference": "Practitioner/doctor"}}]}),
    ];
    let opens = |effect: &str, actor: &str, by: &[&str]| {
        let mut consents = vec![named_consent(
            "one",
            json!({"type": effect, "actor": to(actor)}),
        )];
        if effect == "deny" {
            consents.push(named_consent("two", json!({"type": "permit"})));
        }
        consents.extend(others.clone());
        !Asking::of(&records(), &consents)
            .by(by)
            .permitted()
            .is_empty()
    };
    for (actor, by, expected) in [
        ("Practitioner/doctor", vec!["PractitionerRole/role"], true),
        ("Organization/clinic", vec!["PractitionerRole/role"], true),
        ("Organization/clinic", vec!["Practitioner/doctor"], false),
        (
            "Organization/clinic",
            vec!["Practitioner/doctor", "Organization/clinic"],
            true,
        ),
        (
            "Organization?identifier=urn:npi|7",
            vec!["Organization/clinic"],
            true,
        ),
        ("Organization/group", vec!["Organization/clinic"], false),
        ("CareTeam/team", vec!["Practitioner/doctor"], true),
        ("CareTeam/team", vec!["Practitioner/other"], false),
        ("CareTeam/unknown", vec!["Practitioner/doctor"], false),
        ("PractitionerRole/role", vec!["Practitioner/doctor"], false),
        (
            "PractitionerRole/role",
            vec!["Practitioner/doctor", "Organization/clinic"],
            true,
        ),
    ] {
        assert_eq!(
            opens("permit", actor, &by),
            expected,
            "permit {actor} {by:?}"
        );
    }
    for (actor, by, denied) in [
        ("Practitioner/doctor", vec!["PractitionerRole/role"], true),
        ("Organization/clinic", vec!["Practitioner/doctor"], true),
        ("Organization/group", vec!["Organization/clinic"], true),
        ("CareTeam/team", vec!["Practitioner/doctor"], true),
        ("CareTeam/team", vec!["Practitioner/other"], false),
        ("CareTeam/unknown", vec!["Practitioner/other"], true),
        ("Practitioner/other", vec!["Practitioner/doctor"], false),
    ] {
        assert_eq!(!opens("deny", actor, &by), denied, "deny {actor} {by:?}");
    }
}

#[test]
fn kinds_codes_times_and_data() {
    let mut all = records();
    all[0]["onsetDateTime"] = json!("2024-05-01");
    let opened = |provision: Value| Asking::of(&all, &[consent(provision)]).permitted();
    let class =
        |code: &str| json!([{"system": "http://hl7.org/fhir/resource-types", "code": code}]);
    let code = |code: &str| json!([{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}]);
    assert_eq!(
        opened(json!({"type": "permit", "class": class("Condition")})),
        ["ordinary"]
    );
    assert!(opened(json!({"type": "permit", "class": class("Observation")})).is_empty());
    assert_eq!(
        opened(json!({"type": "permit", "code": code("I10")})),
        ["ordinary"]
    );
    assert!(opened(json!({"type": "permit", "code": [{"text": "hypertension"}]})).is_empty());
    assert_eq!(
        opened(json!({"type": "permit", "dataPeriod": {"start": "2024", "end": "2024"}})),
        ["ordinary"]
    );
    assert!(opened(json!({"type": "permit", "dataPeriod": {"start": "2025"}})).is_empty());
    let by = |meaning: &str| json!([{"meaning": meaning, "reference": {"reference": "Condition/ordinary"}}]);
    assert_eq!(
        opened(json!({"type": "permit", "data": by("instance")})),
        ["ordinary"]
    );
    let without = |inner: Value| {
        let mut inner = inner;
        inner["type"] = json!("deny");
        opened(
            json!({"type": "permit", "securityLabel": labels(&["N", "HIV"]), "provision": [inner]}),
        )
    };
    assert_eq!(without(json!({"code": code("I10")})), ["hiv"]);
    assert_eq!(without(json!({"data": by("instance")})), ["hiv"]);
    assert!(without(json!({"class": class("Condition")})).is_empty());
    assert_eq!(
        without(json!({"dataPeriod": {"end": "2023"}})),
        ["ordinary"],
        "an unknown date may be inside"
    );
}

#[test]
fn the_patient_sees_their_own() {
    let patient = json!({"resourceType": "Patient", "id": "p", "name": [{"family": "P"}]});
    let mut all = records();
    all.push(patient);
    let seen = Asking::of(&all, &[]).by(&["Patient/p"]).permitted();
    assert_eq!(
        seen.len(),
        all.len() - 1,
        "all but the psychotherapy note: {seen:?}"
    );
    assert!(
        Asking::of(&all, &[])
            .by(&["Patient/p", "Practitioner/doctor"])
            .permitted()
            .is_empty()
    );
}

#[test]
fn an_item_that_is_not_identified_does_not_exist() {
    let condition = json!({
        "resourceType": "Condition", "id": "bare", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20"}]}
    });
    let asking = Asking::of(
        &[condition],
        &[consent(
            json!({"type": "permit", "securityLabel": labels(&["N"])}),
        )],
    );
    assert!(asking.permitted().is_empty());
    assert!(asking.answer().parts.len() > 1);
}
