//! Whose Consent, from whom, by whose hand, and what it is about (LAW A10, A11, D1; docs/decide.md).

use crate::asking;

use asking::{ACT, Asking, consent, label, labels, named_consent, records, to};
use serde_json::{Value, json};

fn condition(id: &str, patient: &str, more: &Value) -> Value {
    let mut condition = json!({
        "resourceType": "Condition", "id": id, "subject": {"reference": format!("Patient/{patient}")},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]}
    });
    if let (Some(map), Some(more)) = (condition.as_object_mut(), more.as_object()) {
        map.extend(more.clone());
    }
    condition
}

#[test]
fn a_consent_reaches_the_records_of_its_patient_alone() {
    let identifier = json!([{"system": "urn:mrn", "value": "1"}]);
    let two = [
        json!({"resourceType": "Patient", "id": "p", "identifier": identifier, "name": [{"family": "A"}]}),
        json!({"resourceType": "Patient", "id": "q", "identifier": identifier, "name": [{"family": "B"}]}),
        condition("of-p", "p", &json!({})),
        condition("of-q", "q", &json!({})),
        json!({"resourceType": "Organization", "id": "clinic", "name": "Clinic"}),
    ];
    let permit = consent(json!({"type": "permit"}));
    assert_eq!(
        Asking::of(&two, std::slice::from_ref(&permit)).permitted(),
        ["of-p", "p"]
    );
    // A directory entry goes with the patient where there is only one.
    let one = [two[0].clone(), two[2].clone(), two[4].clone()];
    assert_eq!(
        Asking::of(&one, &[permit]).permitted(),
        ["clinic", "of-p", "p"]
    );
    let mut by_identifier = consent(json!({"type": "permit"}));
    by_identifier["patient"] = json!({"identifier": {"system": "urn:mrn", "value": "1"}});
    assert_eq!(
        Asking::of(&one, std::slice::from_ref(&by_identifier)).permitted(),
        ["clinic", "of-p", "p"]
    );
    assert!(
        Asking::of(&two, &[by_identifier]).permitted().is_empty(),
        "an identifier of two people is nobody's"
    );
}

fn actor(role: &str, reference: &str) -> Value {
    json!({"role": {"coding": [{"code": role}]}, "reference": {"reference": reference}})
}

#[test]
fn a_source_is_where_it_comes_from() {
    let from = |organization: &str| json!({"asserter": {"reference": organization}});
    let all = [
        condition("here", "p", &from("Organization/here")),
        condition("there", "p", &from("Organization/there")),
        condition("nowhere", "p", &json!({})),
    ];
    let ask = |actors: Value, by: &str| {
        Asking::of(&all, &[consent(json!({"type": "permit", "actor": actors}))])
            .by(&[by])
            .permitted()
    };
    let doctor = "Practitioner/doctor";
    assert_eq!(
        ask(
            json!([actor("CST", "Organization/here"), actor("PRCP", doctor)]),
            doctor
        ),
        ["here"]
    );
    assert!(
        ask(
            json!([actor("CST", "Organization/here"), actor("PRCP", doctor)]),
            "Organization/here"
        )
        .is_empty()
    );
    assert!(
        ask(json!([actor("CST", "Organization/here")]), doctor).is_empty(),
        "to whom is not said"
    );
    assert!(
        ask(
            json!([actor("CST", "Organization/here")]),
            "Organization/here"
        )
        .is_empty()
    );
    assert!(
        ask(json!([actor("WHAT", doctor)]), doctor).is_empty(),
        "a role that nobody knows"
    );
    let nested = json!({"type": "permit", "actor": to(doctor), "provision": [
        {"type": "deny", "actor": [actor("AUT", "Organization/here")]}]});
    assert_eq!(
        Asking::of(&all, &[consent(nested)]).permitted(),
        ["there"],
        "what comes from nobody known may come from there"
    );
}

#[test]
fn an_exception_opens_only_where_its_deny_is_certain_to_be_met() {
    let role = json!({"resourceType": "PractitionerRole", "id": "role", "practitioner": {"reference": "Practitioner/doctor"},
        "organization": {"reference": "Organization/clinic"}});
    let deny = consent(
        json!({"type": "deny", "actor": to("Organization/clinic"), "provision": [{"type": "permit"}]}),
    );
    let ask = |by: &str| {
        Asking::of(&records(), &[deny.clone(), role.clone()])
            .by(&[by])
            .permitted()
    };
    assert_eq!(ask("Organization/clinic"), ["ordinary"]);
    assert!(
        ask("Practitioner/doctor").is_empty(),
        "who may be at the clinic is denied by it, and not excepted"
    );
}

#[test]
fn what_a_consent_is_about() {
    let with = |key: &str, value: Value, purpose: &'static str| {
        let mut one = consent(json!({"type": "permit"}));
        one[key] = value;
        !Asking::of(&records(), &[one])
            .what_for(purpose)
            .permitted()
            .is_empty()
    };
    let scope = |code: &str| json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": code}]});
    assert!(with("scope", scope("patient-privacy"), "TREAT"));
    assert!(!with("scope", scope("research"), "TREAT"));
    assert!(with("scope", scope("research"), "CLINTRCH"));
    for code in ["adr", "treatment", "everything"] {
        assert!(!with("scope", scope(code), "TREAT"), "{code}");
    }
    let emergency = json!([{"coding": [{"system": ACT, "code": "EMRGONLY"}]}]);
    assert!(!with("category", emergency.clone(), "TREAT"));
    assert!(with("category", emergency, "ETREAT"));
    assert!(!with("verification", json!([{"verified": false}]), "TREAT"));
    assert!(with("verification", json!([{"verified": true}]), "TREAT"));
    let subsetted = json!({"tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}]});
    assert!(!with("meta", subsetted, "TREAT"));
}

#[test]
fn a_service_the_minor_consented_to_alone_is_opened_by_the_minors_own_hand() {
    let marked =
        json!({"meta": {"security": [label("R"), label("SUD"), label("minor-consented")]}});
    let all = [condition("alone", "p", &marked)];
    let mut one = consent(json!({"type": "permit", "securityLabel": labels(&["N", "SUD"])}));
    assert_eq!(
        Asking::of(&all, std::slice::from_ref(&one)).permitted(),
        ["alone"]
    );
    one["performer"] = json!([{"reference": "Patient/p"}]);
    assert_eq!(
        Asking::of(&all, std::slice::from_ref(&one)).permitted(),
        ["alone"]
    );
    one["performer"] = json!([{"reference": "RelatedPerson/parent"}]);
    assert!(Asking::of(&all, &[one]).permitted().is_empty());
}

#[test]
fn the_same_consent_twice_is_one_and_two_different_ones_are_none() {
    let one = consent(json!({"type": "permit"}));
    assert_eq!(
        Asking::of(&records(), &[one.clone(), one.clone()]).permitted(),
        ["ordinary"]
    );
    let mut revoked = one.clone();
    revoked["status"] = json!("inactive");
    let asking = Asking::of(&records(), &[one, revoked]);
    assert!(asking.permitted().is_empty() && asking.silent().len() > 1);
}

#[test]
fn the_order_of_consents_and_records_changes_nothing() {
    let consents = [
        named_consent(
            "a",
            json!({"type": "permit", "securityLabel": labels(&["SUD", "N"])}),
        ),
        named_consent(
            "b",
            json!({"type": "permit", "securityLabel": labels(&["42CFRPart2", "PSY"])}),
        ),
        named_consent(
            "c",
            json!({"type": "deny", "securityLabel": labels(&["ETHUD"])}),
        ),
    ];
    let mut backwards = consents.clone();
    backwards.reverse();
    let mut upside_down = records();
    upside_down.reverse();
    let first = Asking::of(&records(), &consents).permitted();
    assert_eq!(first, ["mind", "opioid", "ordinary", "person", "program"]);
    assert_eq!(first, Asking::of(&upside_down, &backwards).permitted());
}

#[test]
fn without_a_type_the_root_says_it_by_what_it_holds() {
    let ask = |policy: &str, provision: Value| {
        let mut one = consent(provision);
        one["policyRule"] = json!({"coding": [{"system": ACT, "code": policy}]});
        Asking::of(&records(), &[one]).permitted()
    };
    let deny = json!([{"type": "deny", "securityLabel": labels(&["SUD"])}]);
    let permit = json!([{"type": "permit", "securityLabel": labels(&["N"])}]);
    let named = labels(&["N", "SUD", "HIV"]);
    assert_eq!(
        ask("OPTIN", json!({"securityLabel": named, "provision": deny})),
        ["hiv", "ordinary"]
    );
    assert_eq!(ask("OPTIN", json!({"provision": permit})), ["ordinary"]);
    assert_eq!(ask("OPTOUT", json!({"provision": permit})), ["ordinary"]);
    assert!(ask("OPTOUT", json!({"securityLabel": named, "provision": deny})).is_empty());
    assert!(ask("OPTIN", json!({"securityLabel": named})).is_empty());
}
