//! Each condition of a provision by itself, and at its edges (LAW G2, docs/decide.md): what can't be told is not met in
//! a permit and met in a deny.

use crate::asking;

use asking::{Asking, consent, label, labels, named_consent, records, to};
use domain::fhir::consent::{ActReason, Action};
use domain::purpose::Purpose;
use serde_json::{Value, json};

const DOCTOR: &str = "Practitioner/doctor";

fn coded(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": system, "code": code}]})
}

fn purposes(codes: &[&str]) -> Value {
    let system = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    codes
        .iter()
        .map(|code| json!({"system": system, "code": code}))
        .collect()
}

fn action(code: &str) -> Value {
    json!([coded(
        "http://terminology.hl7.org/CodeSystem/consentaction",
        code
    )])
}

fn class(code: &str) -> Value {
    json!([{"system": "http://hl7.org/fhir/resource-types", "code": code}])
}

fn data(meaning: &str, reference: &str) -> Value {
    json!([{"meaning": meaning, "reference": {"reference": reference}}])
}

fn actor(role: &str, reference: &str) -> Value {
    json!({"role": {"coding": [{"code": role}]}, "reference": {"reference": reference}})
}

/// An ordinary condition of patient `p`.
fn condition(id: &str, more: &Value) -> Value {
    let mut resource = json!({
        "resourceType": "Condition", "id": id, "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]}
    });
    let map = resource.as_object_mut().expect("an object");
    map.extend(more.as_object().expect("an object").clone());
    resource
}

/// What is left of `records` for the doctor when everything ordinary is permitted but for one deny.
fn but_for(records: &[Value], deny: Value) -> Vec<String> {
    but_for_beside(records, deny, &[])
}

fn but_for_beside(records: &[Value], mut deny: Value, beside: &[Value]) -> Vec<String> {
    deny["type"] = json!("deny");
    let mut given = vec![consent(json!({"type": "permit", "provision": [deny]}))];
    given.extend_from_slice(beside);
    Asking::of(records, &given).permitted()
}

/// What one permit opens of `records` for the doctor.
fn by(records: &[Value], mut permit: Value) -> Vec<String> {
    permit["type"] = json!("permit");
    Asking::of(records, &[consent(permit)]).permitted()
}

/// A root without a type that names any one thing may be what is withheld; one that names nothing withholds nothing.
#[test]
fn whatever_an_untyped_root_names_may_be_withheld() {
    let ask = |provision: Value| {
        let mut untyped = named_consent("untyped", provision);
        untyped["policyRule"] = coded(asking::ACT, "OPTIN");
        let other = named_consent("other", json!({"type": "permit"}));
        Asking::of(&records(), &[untyped, other]).permitted()
    };
    assert_eq!(ask(json!({"id": "root"})), ["ordinary"]);
    assert_eq!(
        ask(json!({"period": {"start": "2026-01-01"}})),
        ["ordinary"]
    );
    for (element, value) in [
        ("actor", to(DOCTOR)),
        ("action", action("access")),
        ("securityLabel", labels(&["N"])),
        ("purpose", purposes(&["TREAT"])),
        ("class", class("Condition")),
        (
            "code",
            json!([coded("http://hl7.org/fhir/sid/icd-10-cm", "I10")]),
        ),
        ("dataPeriod", json!({"start": "2020"})),
        ("data", data("instance", "Condition/ordinary")),
    ] {
        let mut provision = json!({});
        provision[element] = value;
        assert!(ask(provision).is_empty(), "{element}");
    }
}

/// A period holds from its first instant to its last; the ends of a deny are those of a permit.
#[test]
fn periods_hold_at_their_edges() {
    let all = [condition("one", &json!({}))];
    // Asked at noon of the first of March, UTC.
    for (start, end, holds) in [
        (Some("2026-03-01T12:00:00Z"), None, true),
        (Some("2026-03-01T12:00:00.000001Z"), None, false),
        (None, Some("2026-03-01T12:00:00Z"), true),
        (None, Some("2026-03-01T11:59:59.999999Z"), false),
        (Some("2026-02-01"), Some("2026-03-01"), true),
        (Some("2026-02-01"), Some("2026-02-28"), false),
        (Some("2026-03-02"), Some("2026-03-03"), false),
    ] {
        let mut period = json!({});
        for (key, value) in [("start", start), ("end", end)] {
            if let Some(value) = value {
                period[key] = json!(value);
            }
        }
        let in_permit = by(&all, json!({"period": period}));
        assert_eq!(!in_permit.is_empty(), holds, "permit {start:?} {end:?}");
        let in_deny = but_for(&all, json!({"period": period}));
        assert_eq!(in_deny.is_empty(), holds, "deny {start:?} {end:?}");
    }
}

/// The days of a service are inside a permit's period with both their ends, and touch a deny's with either.
#[test]
fn days_of_service_are_held_or_touched() {
    let spell = |id: &str, start: &str, end: &str| {
        json!({"resourceType": "Encounter", "id": id, "status": "finished", "class": {"code": "AMB"},
            "subject": {"reference": "Patient/p"}, "period": {"start": start, "end": end},
            "type": [{"coding": [{"system": "http://snomed.info/sct", "code": "162673000"}]}]})
    };
    let all = [
        spell("before", "2026-01-01", "2026-01-09"),
        spell("into", "2026-01-05", "2026-01-10"),
        spell("inside", "2026-01-10", "2026-01-20"),
        spell("out-of", "2026-01-20", "2026-01-25"),
        spell("after", "2026-01-21", "2026-01-30"),
        spell("around", "2026-01-01", "2026-01-30"),
    ];
    let period = json!({"dataPeriod": {"start": "2026-01-10", "end": "2026-01-20"}});
    let inside: Vec<String> = by(&all, period.clone());
    assert_eq!(
        inside.iter().filter(|id| !id.contains('~')).count(),
        inside.len()
    );
    assert_eq!(inside, ["inside"]);
    assert_eq!(but_for(&all, period), ["after", "before"]);
}

/// The recipient of a permit around another is the recipient of both.
#[test]
fn a_permit_inside_names_the_source_and_the_one_around_it_the_recipient() {
    let from = |organization: &str| json!({"asserter": {"reference": organization}});
    let all = [
        condition("here", &from("Organization/here")),
        condition("there", &from("Organization/there")),
    ];
    let inner = json!([{"type": "permit", "actor": [actor("CST", "Organization/here")]}]);
    assert_eq!(
        by(&all, json!({"actor": to(DOCTOR), "provision": inner})),
        ["here"]
    );
    assert!(by(&all, json!({"provision": inner})).is_empty());
}

/// A deny by source reaches what comes from there, what comes from nobody known, and everything when it names nobody.
#[test]
fn a_deny_by_source_reaches_what_may_come_from_there() {
    let all = [
        condition(
            "here",
            &json!({"asserter": {"reference": "Organization/here"}}),
        ),
        condition(
            "there",
            &json!({"asserter": {"reference": "Organization/there"}}),
        ),
        condition("nowhere", &json!({})),
        condition(
            "written",
            &json!({"recorder": {"reference": "Practitioner/one"}}),
        ),
    ];
    assert_eq!(
        but_for(&all, json!({"actor": [actor("CST", "Organization/here")]})),
        ["there", "written"]
    );
    assert_eq!(
        but_for(&all, json!({"actor": [actor("CST", "Practitioner/one")]})),
        ["here", "there"]
    );
    let nobody =
        json!({"role": {"coding": [{"code": "CST"}]}, "reference": {"display": "somebody"}});
    assert!(but_for(&all, json!({"actor": [nobody]})).is_empty());
}

/// A deny of a class of documents reaches every document, whatever is attached to it, and no other resource.
#[test]
fn a_deny_of_documents_reaches_every_document() {
    let document = json!({
        "resourceType": "DocumentReference", "id": "doc", "status": "current", "subject": {"reference": "Patient/p"},
        "type": {"coding": [{"system": "http://loinc.org", "code": "34117-2"}]},
        "content": [{"attachment": {"contentType": "text/plain", "data": "d2VsbA=="}}],
        "meta": {"security": labels(&["N"])}
    });
    let report = json!({
        "resourceType": "DiagnosticReport", "id": "report", "status": "final", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "58410-2"}]},
        "presentedForm": [{"contentType": "text/html", "data": "d2VsbA=="}],
        "meta": {"security": labels(&["N"])}
    });
    let all = [document, report, condition("plain", &json!({}))];
    let left = |class: Value| -> Vec<String> {
        let left = but_for(&all, json!({"class": [class]}));
        left.iter()
            .map(|id| id.trim_end_matches('~').to_owned())
            .collect()
    };
    let everything =
        left(json!({"system": "http://hl7.org/fhir/resource-types", "code": "Encounter"}));
    assert_eq!(everything, ["doc", "plain", "report"]);
    for (class, expected) in [
        (
            json!({"system": "urn:ietf:bcp:13", "code": "image/png"}),
            &["plain", "report"][..],
        ),
        (
            json!({"system": "urn:ietf:bcp:13", "code": "text/html"}),
            &["plain"],
        ),
        (
            json!({"system": "http://loinc.org", "code": "11488-4"}),
            &["plain", "report"],
        ),
        (
            json!({"system": "http://loinc.org", "code": "58410-2"}),
            &["plain"],
        ),
        (
            json!({"system": "http://hl7.org/fhir/resource-types", "code": "Condition"}),
            &["doc", "report"],
        ),
        (
            json!({"system": "http://hl7.org/fhir/resource-types", "code": "Anything"}),
            &[],
        ),
        (json!({"system": "urn:local", "code": "Condition"}), &[]),
    ] {
        assert_eq!(left(class.clone()), expected, "{class}");
    }
}

/// A deny of what somebody wrote reaches what they wrote and what nobody is known to have written.
#[test]
fn data_by_author() {
    let by_whom = |one: &str| json!({"recorder": {"reference": one}});
    let all = [
        condition("own", &by_whom(DOCTOR)),
        condition("others", &by_whom("Practitioner/other")),
        condition(
            "both",
            &json!({"recorder": {"reference": DOCTOR}, "asserter": {"reference": "Practitioner/other"}}),
        ),
        condition("nobodys", &json!({})),
    ];
    let of_doctor = json!({"data": data("authoredby", DOCTOR)});
    assert_eq!(by(&all, of_doctor.clone()), ["own"]);
    assert_eq!(but_for(&all, of_doctor), ["others"]);
}

/// Data that can't be found may be anything: a deny of it reaches everything, a permit opens nothing.
#[test]
fn data_that_cannot_be_found_may_be_anything() {
    let all = [
        condition("one", &json!({})),
        condition(
            "two",
            &json!({"identifier": [{"system": "urn:mrn", "value": "7"}]}),
        ),
    ];
    let identifier = |value: &str| json!([{"meaning": "instance", "reference": {"identifier": {"system": "urn:mrn", "value": value}}}]);
    assert!(but_for(&all, json!({"data": identifier("8")})).is_empty());
    assert_eq!(but_for(&all, json!({"data": identifier("7")})), ["one"]);
    assert_eq!(
        but_for(&all, json!({"data": data("instance", "Condition/three")})),
        ["one", "two"]
    );
    assert_eq!(
        but_for(&all, json!({"data": data("instance", "Condition/one")})),
        ["two"]
    );
    assert!(by(&all, json!({"data": identifier("8")})).is_empty());
    assert_eq!(by(&all, json!({"data": identifier("7")})), ["two"]);
}

/// A permit for a private item names it; what its author wrote is not named one by one (HL7 PRS).
#[test]
fn an_author_names_no_item() {
    let private = condition(
        "private",
        &json!({"recorder": {"reference": DOCTOR}, "meta": {"security": labels(&["R", "PRS"])}}),
    );
    let all = [
        private,
        condition("open", &json!({"recorder": {"reference": DOCTOR}})),
    ];
    assert_eq!(
        by(&all, json!({"data": data("authoredby", DOCTOR)})),
        ["open"]
    );
    assert_eq!(
        by(&all, json!({"data": data("instance", "Condition/private")})),
        ["private"]
    );
}

/// Whom a deny may be about: teams, groups, roles, and the organizations above those.
#[test]
fn a_deny_to_a_team_group_or_role_reaches_its_members() {
    let all = [condition("one", &json!({}))];
    let practitioner = json!({"reference": DOCTOR});
    let beside = [
        json!({"resourceType": "CareTeam", "id": "team", "participant": [{"member": practitioner}]}),
        json!({"resourceType": "CareTeam", "id": "others", "participant": [{"member": {"reference": "Practitioner/x"}}]}),
        json!({"resourceType": "Group", "id": "group", "type": "practitioner", "actual": true, "member": [{"entity": practitioner}]}),
        json!({"resourceType": "Group", "id": "else", "type": "practitioner", "actual": true, "member": [{"entity": {"reference": "Practitioner/x"}}]}),
        json!({"resourceType": "PractitionerRole", "id": "own", "practitioner": practitioner, "organization": {"reference": "Organization/clinic"}}),
        json!({"resourceType": "PractitionerRole", "id": "anybodys", "organization": {"reference": "Organization/clinic"}}),
        json!({"resourceType": "PractitionerRole", "id": "anothers", "practitioner": {"reference": "Practitioner/x"}, "organization": {"reference": "Organization/clinic"}}),
        json!({"resourceType": "PractitionerRole", "id": "elsewhere", "organization": {"reference": "Organization/far"}}),
        json!({"resourceType": "Organization", "id": "clinic", "partOf": {"reference": "Organization/group"}}),
        json!({"resourceType": "Organization", "id": "group", "partOf": {"reference": "Organization/top"}}),
        json!({"resourceType": "Organization", "id": "top"}),
        json!({"resourceType": "Organization", "id": "far", "partOf": {"reference": "Organization/beyond"}}),
        json!({"resourceType": "Location", "id": "place"}),
    ];
    for (whom, reached) in [
        ("CareTeam/team", true),
        ("CareTeam/others", false),
        ("CareTeam/unknown", true),
        ("Group/group", true),
        ("Group/else", false),
        ("Group/unknown", true),
        ("PractitionerRole/own", true),
        ("PractitionerRole/anybodys", true),
        ("PractitionerRole/anothers", false),
        ("PractitionerRole/elsewhere", false),
        ("PractitionerRole/unknown", true),
        ("Organization/clinic", true),
        ("Organization/group", true),
        ("Organization/top", true),
        ("Organization/far", false),
        ("Organization/beyond", false),
        ("Organization/unknown", false),
        ("Practitioner/x", false),
        ("Patient/p", false),
        ("Location/place", false),
        ("https://ehr.example/somebody", true),
        (DOCTOR, true),
    ] {
        let left = but_for_beside(&all, json!({"actor": to(whom)}), &beside);
        assert_eq!(left.is_empty(), reached, "{whom}");
    }
}

/// A permit to a team, a group or a role is for those who are in it now.
#[test]
fn a_permit_to_a_team_group_or_role_is_for_its_present_members() {
    let all = [condition("one", &json!({}))];
    let ask = |resource: Value, whom: &str, recipients: &[&str]| {
        let given = [
            consent(json!({"type": "permit", "actor": to(whom)})),
            resource,
        ];
        !Asking::of(&all, &given)
            .by(recipients)
            .permitted()
            .is_empty()
    };
    let role = |more: Value| {
        let mut role = json!({"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": DOCTOR},
            "organization": {"reference": "Organization/clinic"}});
        let map = role.as_object_mut().expect("an object");
        map.extend(more.as_object().expect("an object").clone());
        role
    };
    let both = [DOCTOR, "Organization/clinic"];
    for (more, now) in [
        (json!({}), true),
        (json!({"active": true}), true),
        (json!({"active": false}), false),
        (
            json!({"period": {"start": "2026-03-01", "end": "2026-03-01"}}),
            true,
        ),
        (json!({"period": {"start": "2026-03-02"}}), false),
        (json!({"period": {"end": "2026-02-28"}}), false),
        (
            json!({"period": {"start": "2026-01-01", "end": "2026-02-28"}}),
            false,
        ),
        (
            json!({"period": {"start": "2026-03-02", "end": "2027"}}),
            false,
        ),
        (json!({"period": {"start": "soon"}}), false),
        (json!({"period": {"end": 7}}), false),
        (json!({"active": false, "period": {"start": "2026"}}), false),
        (json!({"active": true, "period": {"end": "2025"}}), false),
    ] {
        assert_eq!(
            ask(role(more.clone()), "PractitionerRole/r", &both),
            now,
            "{more}"
        );
        // Who comes as the role is the person and the organization of it, while it is in force.
        assert_eq!(
            ask(role(more.clone()), DOCTOR, &["PractitionerRole/r"]),
            now,
            "as the role: {more}"
        );
        assert_eq!(
            ask(
                role(more.clone()),
                "Organization/clinic",
                &["PractitionerRole/r"]
            ),
            now,
            "as the role: {more}"
        );
    }
    assert!(!ask(role(json!({})), "PractitionerRole/r", &[DOCTOR]));
    assert!(!ask(
        role(json!({})),
        "PractitionerRole/r",
        &["Organization/clinic"]
    ));
    // A resource of another type that names a practitioner is no role.
    let visit = json!({"resourceType": "Basic", "id": "b", "practitioner": {"reference": DOCTOR}});
    assert!(!ask(visit, DOCTOR, &["Basic/b"]));
}

/// Care management stands between treatment and operations: a deny of either reaches it.
#[test]
fn care_management_may_be_treatment_or_operations() {
    let all = [condition("one", &json!({}))];
    let denied = |deny: &str, asked: &'static str| {
        let inner = json!([{"type": "deny", "purpose": purposes(&[deny])}]);
        Asking::of(
            &all,
            &[consent(json!({"type": "permit", "provision": inner}))],
        )
        .what_for(asked)
        .permitted()
        .is_empty()
    };
    for (deny, asked, expected) in [
        ("TREAT", "CAREMGT", true),
        ("CAREMGT", "COC", true),
        ("CAREMGT", "CAREMGT", true),
        ("TREAT", "COC", true),
        ("CAREMGT", "TREAT", false),
        ("CAREMGT", "HPAYMT", false),
        ("TREAT", "HPAYMT", false),
        ("COC", "CAREMGT", false),
        ("HPAYMT", "CAREMGT", false),
        ("HPAYMT", "COC", false),
        ("PUBHLTH", "COC", false),
        ("HRESCH", "CAREMGT", false),
    ] {
        assert_eq!(
            denied(deny, asked),
            expected,
            "{deny} denied, {asked} asked"
        );
    }
}

/// A deny to gather, to look or to pass on denies; one to change does not. A permit to gather opens nothing.
#[test]
fn actions_in_a_deny_and_in_a_permit() {
    let all = [condition("one", &json!({}))];
    for (code, permits, denies) in [
        ("collect", false, true),
        ("access", true, true),
        ("use", true, true),
        ("disclose", true, true),
        ("correct", false, false),
        ("dance", false, true),
    ] {
        assert_eq!(
            !by(&all, json!({"action": action(code)})).is_empty(),
            permits,
            "permit {code}"
        );
        assert_eq!(
            but_for(&all, json!({"action": action(code)})).is_empty(),
            denies,
            "deny {code}"
        );
    }
}

/// A code counts by its system; in a deny also without one, and anywhere in the resource.
#[test]
fn codes_count_by_their_system() {
    let icd = "http://hl7.org/fhir/sid/icd-10-cm";
    let with = |id: &str, coding: Value| {
        condition(
            id,
            &json!({"code": {"coding": [coding]}, "meta": {"security": labels(&["N"])}}),
        )
    };
    let all = [
        with("ours", json!({"system": icd, "code": "I10"})),
        with("slash", json!({"system": format!("{icd}/"), "code": "I10"})),
        condition(
            "bare",
            &json!({"code": {"coding": [{"system": icd, "code": "I11.9"}]},
            "evidence": [{"code": [{"coding": [{"code": "I10"}]}]}]}),
        ),
        with(
            "other",
            json!({"system": "http://snomed.info/sct", "code": "I10", "display": "hypertension"}),
        ),
        with("another", json!({"system": icd, "code": "I11.9"})),
        condition(
            "beside",
            &json!({"code": {"coding": [{"system": icd, "code": "I11.9"}]},
            "evidence": [{"code": [{"coding": [{"system": icd, "code": "I10"}]}]}]}),
        ),
    ];
    let all_ids = ["another", "bare", "beside", "other", "ours", "slash"];
    let plain = |ids: Vec<String>| -> Vec<String> {
        ids.iter()
            .map(|id| id.trim_end_matches('~').to_owned())
            .collect()
    };
    assert_eq!(plain(by(&all, json!({}))), all_ids);
    let code = json!({"code": [coded(icd, "I10")]});
    assert_eq!(plain(by(&all, code.clone())), ["ours", "slash"]);
    assert_eq!(plain(but_for(&all, code)), ["another", "other"]);
    let bare = json!({"code": [{"coding": [{"code": "I10"}]}]});
    assert!(by(&all, bare.clone()).is_empty());
    assert_eq!(plain(but_for(&all, bare)), ["another"]);
}

/// Elements left out or not understood are faults; extensions of a value that is there are not.
#[test]
fn what_is_not_understood_permits_nothing() {
    let all = [condition("one", &json!({}))];
    let ask = |change: &dyn Fn(&mut Value)| {
        let mut given = consent(json!({"type": "permit", "actor": to(DOCTOR)}));
        change(&mut given);
        let asking = Asking::of(&all, &[given]);
        (!asking.permitted().is_empty(), asking.silent())
    };
    let silent = |change: &dyn Fn(&mut Value)| ask(change).1.join("; ");
    assert_eq!(ask(&|_| {}), (true, Vec::new()));
    // An extension beside a value that is there.
    assert_eq!(
        ask(&|one| one["_status"] = json!({"id": "s"})),
        (true, Vec::new())
    );
    assert!(ask(&|one| one["_status"] = Value::Null).0);
    for (told, change) in [
        (
            "Consent/c ? is not an element that is understood",
            (&|one: &mut Value| one["_language"] = json!({"id": "s"})) as &dyn Fn(&mut Value),
        ),
        ("Consent/c ? is not an element that is understood", &|one| {
            one["_invented"] = json!({});
        }),
        ("Consent/c ? is not an element that is understood", &|one| {
            one["invented"] = json!(1);
        }),
        ("Consent/c ? is not an element that is understood", &|one| {
            one["invented"] = json!(1);
            one["_invented"] = json!({});
        }),
        ("Consent/c ? is null", &|one| one["invented"] = Value::Null),
        ("Consent/c provision.period is null", &|one| {
            one["provision"]["period"] = Value::Null;
        }),
        (
            "Consent/c modifierExtension changes the meaning in a way that is not understood",
            &|one| one["modifierExtension"] = json!([{"url": "urn:x"}]),
        ),
        ("Consent/c status is not a text", &|one| {
            one["status"] = json!(" ");
        }),
        ("Consent/c dateTime is not a text", &|one| {
            one["dateTime"] = json!("");
        }),
        ("Consent/c scope is not one that is understood", &|one| {
            one["scope"] = json!({"coding": []});
        }),
        ("Consent/c scope is not one that is understood", &|one| {
            one["scope"] = json!(7);
        }),
        (
            "Consent/c provision.actor[0].role is not one that is understood",
            &|one| one["provision"]["actor"][0]["role"] = json!(7),
        ),
        (
            "Consent/c provision.actor[0].role is not one that is understood",
            &|one| one["provision"]["actor"][0]["role"] = json!({"coding": [{"code": "WHO"}]}),
        ),
    ] {
        let told_now = silent(change);
        assert!(
            told_now.contains(told),
            "{told_now:?} does not say {told:?}"
        );
        assert!(!ask(change).0, "{told}");
    }
    // Without a scope, or an actor's role, it is what it looks like.
    let without = |path: &dyn Fn(&mut Value)| ask(path);
    assert_eq!(
        without(&|one| {
            one.as_object_mut().expect("an object").remove("scope");
        }),
        (true, Vec::new())
    );
    assert_eq!(
        without(&|one| {
            one["provision"]["actor"][0]
                .as_object_mut()
                .expect("an object")
                .remove("role");
        }),
        (true, Vec::new())
    );
}

/// Provisions may nest sixteen deep and no deeper.
#[test]
fn provisions_nest_sixteen_deep() {
    let all = [condition("one", &json!({}))];
    let nested = |deep: usize| {
        let mut provision = json!({"type": "permit"});
        for _ in 1..deep {
            provision = json!({"type": "permit", "provision": [provision]});
        }
        Asking::of(&all, &[consent(provision)]).permitted()
    };
    for deep in [1, 2, 15, 16] {
        assert_eq!(nested(deep), ["one"], "{deep} deep");
    }
    for deep in [17, 18] {
        assert!(nested(deep).is_empty(), "{deep} deep");
    }
}

/// A deny of a part of a subject reaches what is not told apart within it, and not what is told to be another part.
#[test]
fn a_deny_of_a_child_reaches_what_is_not_told_apart() {
    let with = |id: &str, names: &[&str]| {
        condition(
            id,
            &json!({"meta": {"security": names.iter().map(|name| label(name)).collect::<Value>()}}),
        )
    };
    let all = [
        with("any", &["R", "substance-use"]),
        with("alcohol", &["R", "substance-use.alcohol"]),
        with("opioids", &["R", "substance-use.opioids"]),
        with("both", &["R", "substance-use", "substance-use.alcohol"]),
        with("mind", &["R", "mental-health"]),
        with("hiv", &["R", "hiv"]),
    ];
    let ask = |denied: &str| {
        let inner = json!([{"type": "deny", "securityLabel": labels(&[denied])}]);
        by(
            &all,
            json!({"securityLabel": labels(&["SUD", "PSY", "HIV", "N"]), "provision": inner}),
        )
    };
    assert_eq!(
        ask("substance-use.opioids"),
        ["alcohol", "both", "hiv", "mind"]
    );
    assert_eq!(ask("substance-use.alcohol"), ["hiv", "mind", "opioids"]);
    assert_eq!(
        ask("mental-health.personality"),
        ["alcohol", "any", "both", "hiv", "mind", "opioids"]
    );
    assert_eq!(ask("hiv"), ["alcohol", "any", "both", "mind", "opioids"]);
}

/// A Consent given twice in the same words is one; its remarks are told once, and so is its permit.
#[test]
fn the_same_consent_twice_or_three_times_is_one() {
    let all = [condition("one", &json!({}))];
    let permit = consent(json!({"type": "permit", "actor": to(DOCTOR)}));
    let other =
        consent(json!({"type": "permit", "actor": to(DOCTOR), "purpose": purposes(&["TREAT"])}));
    for times in 1..4 {
        let asking = Asking::of(&all, &vec![permit.clone(); times]);
        assert_eq!(asking.permitted(), ["one"]);
        assert!(asking.silent().is_empty());
        for part in asking.answer().parts {
            assert!(part.basis.len() <= 1, "{times} times");
        }
    }
    let asking = Asking::of(&all, &[permit.clone(), other.clone(), permit]);
    assert!(asking.permitted().is_empty());
    assert_eq!(asking.silent().len(), 1);
    assert!(
        Asking::of(&all, &[other, consent(json!({"type": "permit"}))])
            .permitted()
            .is_empty()
    );
}

/// What HL7's purposes are among ours, and its actions (docs/decide.md).
#[test]
fn purposes_and_actions_are_those_of_hl7() {
    for (code, purpose) in [
        ("TREAT", Purpose::Treatment),
        ("CLINTRL", Purpose::Treatment),
        ("ETREAT", Purpose::Emergency),
        ("BTG", Purpose::Emergency),
        ("CAREMGT", Purpose::CareCoordination),
        ("COC", Purpose::CareCoordination),
        ("HPAYMT", Purpose::Payment),
        ("HLEGAL", Purpose::Legal),
        ("HOPERAT", Purpose::Operations),
        ("HRESCH", Purpose::Research),
        ("FAMRQT", Purpose::Family),
        ("PATRQT", Purpose::PatientRequest),
        ("PUBHLTH", Purpose::PublicHealth),
        ("HMARKT", Purpose::Fundraising),
    ] {
        let known = ActReason::of_code(code).expect("a purpose");
        assert_eq!(known.purpose(), purpose, "{code}");
    }
    for (code, expected) in [
        ("collect", Action::Collect),
        ("access", Action::Disclose),
        ("use", Action::Disclose),
        ("disclose", Action::Disclose),
        ("correct", Action::Correct),
        ("dance", Action::Unknown),
    ] {
        let given = consent(json!({"type": "permit", "action": action(code)}));
        let read = domain::fhir::consent::read(&given, None, 0);
        assert_eq!(
            read.root.expect("a provision").actions,
            Some(vec![expected]),
            "{code}"
        );
    }
}
