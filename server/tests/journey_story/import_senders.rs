//! What earlier files told stays true for later ones, and nobody's record mixes with another's.

use crate::support::{
    TestPortal,
    records::{import, import_from, ndjson},
};
use domain::id::PatientId;
use domain::item::ItemFacts;
use domain::label::Label;
use portal::{Options, Portal};
use serde_json::{Value, json};

fn with_program(empty: &TestPortal, name: &str) -> Portal {
    Portal::new(
        empty.portal.store().clone(),
        Options {
            part2_organizations: vec![name.to_owned()],
            ..Options::default()
        },
    )
}

fn patient(id: &str, name: &str, born: &str) -> Value {
    json!({
        "resourceType": "Patient", "id": id, "birthDate": born,
        "name": [{"given": [name.split(' ').next()], "family": name.split(' ').next_back()}],
    })
}

fn pulse(id: &str, rest: &Value) -> Value {
    let mut pulse = json!({
        "resourceType": "Observation", "id": id, "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
    });
    for (name, value) in rest.as_object().expect("an object") {
        pulse[name] = value.clone();
    }
    pulse
}

async fn record(portal: &Portal, identity: &str) -> (PatientId, Vec<ItemFacts>) {
    let store = portal.store();
    let patient = store
        .patient_by_identity(identity)
        .await
        .expect("an answer")
        .expect("a patient");
    let chart = store.chart(patient).await.expect("an answer");
    (patient, chart.expect("a chart").items.to_vec())
}

/// POLICY §2, origin: an item whose source is told by a role, a place or a unit in an earlier file is the program's, and
/// stays so when a later file of the same patient brings no directory.
#[tokio::test]
async fn the_directory_of_an_earlier_file_still_counts() {
    let empty = TestPortal::empty().await;
    let portal = with_program(&empty, "urn:npi|7");
    let directory = [
        json!({"resourceType": "Organization", "id": "hl", "name": "Harbor House",
            "identifier": [{"system": "urn:npi", "value": "7"}]}),
        json!({"resourceType": "Organization", "id": "unit", "name": "Unit Two",
            "partOf": {"reference": "Organization/hl"}}),
        json!({"resourceType": "PractitionerRole", "id": "role",
            "organization": {"reference": "Organization/unit"}}),
        json!({"resourceType": "Location", "id": "room",
            "managingOrganization": {"reference": "urn:uuid:6f1d0a70-7d4a-4a0e-9a53-000000000001"}}),
    ];
    let mut entries: Vec<Value> = directory
        .iter()
        .map(|resource| json!({ "resource": resource }))
        .collect();
    entries[1]["fullUrl"] = json!("urn:uuid:6f1d0a70-7d4a-4a0e-9a53-000000000001");
    let directory = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    import(&portal, "directory", &directory.to_string())
        .await
        .expect("a report");
    let subject = json!({"reference": "Patient/1"});
    let first = [
        patient("1", "Jordan Reyes", "1990-01-01"),
        pulse(
            "role",
            &json!({"subject": subject, "performer": [{"reference": "PractitionerRole/role"}]}),
        ),
        pulse(
            "npi",
            &json!({"subject": subject, "performer": [{"identifier": {"system": "urn:npi", "value": "7"}}]}),
        ),
        json!({"resourceType": "Encounter", "id": "visit", "status": "finished", "subject": subject,
            "type": [{"coding": [{"system": "http://snomed.info/sct", "code": "185349003"}]}],
            "location": [{"location": {"reference": "Location/room"}}]}),
        pulse("elsewhere", &json!({ "subject": subject })),
    ];
    import(&portal, "first", &ndjson(&first))
        .await
        .expect("a report");
    let marked = |items: &[ItemFacts]| {
        items
            .iter()
            .filter(|item| item.labels().has(Label::Part2))
            .count()
    };
    let (_, items) = record(&portal, "Patient/1").await;
    assert_eq!((items.len(), marked(&items)), (5, 3));
    let later = [
        patient("1", "Jordan Reyes", "1990-01-01"),
        pulse("later", &json!({ "subject": subject })),
    ];
    import(&portal, "later", &ndjson(&later))
        .await
        .expect("a report");
    let (_, items) = record(&portal, "Patient/1").await;
    assert_eq!(
        (items.len(), marked(&items)),
        (6, 3),
        "no label is forgotten"
    );
    empty.assert_sound().await;
}

/// An item without an id goes by its full URL, and what refers to it by that URL in a later file finds it.
#[tokio::test]
async fn a_full_url_is_kept() {
    let empty = TestPortal::empty().await;
    let url = "urn:uuid:6f1d0a70-7d4a-4a0e-9a53-000000000002";
    let condition = json!({"resourceType": "Condition", "subject": {"reference": "Patient/1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20"}]}});
    let first = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": patient("1", "Jordan Reyes", "1990-01-01")},
        {"fullUrl": url, "resource": condition},
    ]});
    let later = [
        patient("1", "Jordan Reyes", "1990-01-01"),
        json!({"resourceType": "Procedure", "id": "p", "status": "completed", "subject": {"reference": "Patient/1"},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "185349003"}]},
            "reasonReference": [{"reference": url}]}),
    ];
    for _ in 0..2 {
        import(&empty.portal, "first", &first.to_string())
            .await
            .expect("a report");
        import(&empty.portal, "later", &ndjson(&later))
            .await
            .expect("a report");
        let (_, items) = record(&empty.portal, "Patient/1").await;
        assert_eq!(items.len(), 3);
        let procedure = items
            .iter()
            .find(|item| item.resource_type == "Procedure")
            .expect("the procedure");
        assert!(procedure.labels().has(Label::Opioids));
    }
}

/// `Patient/1` of one sender is not `Patient/1` of another; without a name, a contradiction refuses the file.
#[tokio::test]
async fn senders_do_not_mix() {
    let empty = TestPortal::empty().await;
    let portal = &empty.portal;
    let subject = json!({"reference": "Patient/1"});
    let people = |name: &str, born: &str, clinician: &str| {
        ndjson(&[
            patient("1", name, born),
            json!({"resourceType": "Practitioner", "id": "1", "name": [{"text": clinician}]}),
            pulse("1", &json!({ "subject": subject })),
        ])
    };
    let north = people("Jordan Reyes", "1990-01-01", "Ann Field");
    let south = people("Morgan Ellis", "1975-05-05", "Bo Stream");
    import(portal, "north", &north).await.expect("a report");
    let before = empty.house_since(0).await.len();
    let error = import(portal, "south", &south)
        .await
        .expect_err("another person by the same id");
    assert_eq!(error.entry, Some(0));
    assert!(error.to_string().contains("--sender"), "{error}");
    assert!(!error.to_string().contains("Morgan"), "{error}");
    assert_eq!(empty.house_since(0).await.len(), before, "nothing was kept");

    let report = import_from(portal, Some("South Clinic"), "south", &south)
        .await
        .expect("a report");
    assert_eq!(report.new, 3);
    let (one, items) = record(portal, "Patient/1").await;
    assert_eq!(items.len(), 2);
    let (other, items) = record(portal, "South Clinic|Patient/1").await;
    assert_eq!(items.len(), 2);
    assert_ne!(one, other);
    for (reference, name) in [
        ("Practitioner/1", "Ann Field"),
        ("South Clinic|Practitioner/1", "Bo Stream"),
    ] {
        let person = portal.store().person_by_reference(reference).await;
        assert_eq!(person.expect("an answer").expect("a person").name, name);
    }
    let again = import_from(portal, Some("South Clinic"), "south", &south)
        .await
        .expect("a report");
    assert_eq!((again.new, again.changed), (0, 0));
    empty.assert_sound().await;
}

/// Systems do use one id for two clinicians. The second is somebody else, each time the file comes, and what is open to
/// the first is not open to them.
#[tokio::test]
async fn two_clinicians_by_one_id_stay_two() {
    let empty = TestPortal::empty().await;
    let portal = &empty.portal;
    let clinician = |name: &str, npi: &str| {
        ndjson(&[
            json!({"resourceType": "Practitioner", "id": "1", "name": [{"text": name}],
                "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}]}),
        ])
    };
    import(portal, "one", &clinician("Ann Field", "1"))
        .await
        .expect("a report");
    for new in [1, 0] {
        let report = import(portal, "two", &clinician("Bo Stream", "2"))
            .await
            .expect("a report");
        assert_eq!((report.new, report.changed), (new, 0));
    }
    import(portal, "one", &clinician("Ann Field-Rivers", "1"))
        .await
        .expect("a report");
    let mut people = portal.store().all_people().await.expect("people");
    people.sort_by(|one, other| one.name.cmp(&other.name));
    let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Ann Field-Rivers", "Bo Stream"]);
    assert_eq!(people[0].id, ::portal::import::person_id("Practitioner/1"));
    empty.assert_sound().await;
}

/// In a file of several patients, content that names none goes to the one it belongs with, and is refused when nothing
/// tells: it is never kept where only the house's key seals it.
#[tokio::test]
async fn what_names_nobody_is_somebodys_or_refused() {
    let empty = TestPortal::empty().await;
    let two = [
        patient("1", "Jordan Reyes", "1990-01-01"),
        patient("2", "Morgan Ellis", "1975-05-05"),
        json!({"resourceType": "DocumentReference", "id": "d", "status": "current",
            "subject": {"reference": "Patient/2"},
            "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
            "content": [{"attachment": {"contentType": "text/plain", "url": "Binary/b"}}]}),
        json!({"resourceType": "Binary", "id": "b", "contentType": "text/plain", "data": "aGVsbG8="}),
    ];
    import(&empty.portal, "two", &ndjson(&two))
        .await
        .expect("a report");
    let (_, items) = record(&empty.portal, "Patient/2").await;
    assert!(items.iter().any(|item| item.resource_type == "Binary"));
    let mut more = two.to_vec();
    more.push(pulse("nobodys", &json!({})));
    let error = import(&empty.portal, "more", &ndjson(&more))
        .await
        .expect_err("nobody's content");
    assert_eq!(error.entry, Some(4));
    assert!(
        empty
            .portal
            .store()
            .directory("Observation/nobodys")
            .await
            .expect("an answer")
            .is_none()
    );
}

/// POLICY §4.6: who sees a patient, or is asked to, has a current relationship; it ends by itself, and one that was ended
/// stays ended.
#[tokio::test]
async fn visits_and_referrals_are_relationships() {
    let empty = TestPortal::empty().await;
    let now = empty.portal.now();
    let day = |days: i64| (now + chrono::TimeDelta::days(days)).to_rfc3339();
    let subject = json!({"reference": "Patient/1"});
    let visit = |id: &str, status: &str, from: i64, until: i64| {
        json!({"resourceType": "Encounter", "id": id, "status": status, "subject": subject,
            "type": [{"coding": [{"system": "http://snomed.info/sct", "code": "185349003"}]}],
            "period": {"start": day(from), "end": day(until)},
            "participant": [{"individual": {"reference": "Practitioner/1"}}]})
    };
    let file = |visits: &[Value]| {
        let mut all = vec![
            patient("1", "Jordan Reyes", "1990-01-01"),
            json!({"resourceType": "Practitioner", "id": "1", "name": [{"text": "Ann Field"}]}),
        ];
        all.extend_from_slice(visits);
        ndjson(&all)
    };
    let current = async || {
        let (id, _) = record(&empty.portal, "Patient/1").await;
        let state = empty.portal.store().policy_state(id).await;
        let state = state.expect("an answer").expect("a state");
        state
            .relationships
            .iter()
            .filter(|one| one.span.holds(empty.portal.now()))
            .count()
    };
    let long_ago = visit("old", "finished", -90, -89);
    import(&empty.portal, "old", &file(std::slice::from_ref(&long_ago)))
        .await
        .expect("a report");
    assert_eq!(current().await, 0);
    let lately = visit("new", "finished", -11, -10);
    let both = [long_ago, lately, visit("planned", "planned", 1, 2)];
    import(&empty.portal, "new", &file(&both))
        .await
        .expect("a report");
    assert_eq!(current().await, 1);
    let cancelled = visit("new", "entered-in-error", -11, -10);
    import(&empty.portal, "gone", &file(&[cancelled]))
        .await
        .expect("a report");
    assert_eq!(current().await, 0);
    import(&empty.portal, "again", &file(&both))
        .await
        .expect("a report");
    assert_eq!(current().await, 0, "what was ended stays ended");
    empty.assert_sound().await;
}

/// POLICY §3: what an item came to say later was not there on the day before; that it came again as it was changes nothing.
#[tokio::test]
async fn an_item_is_of_the_day_its_content_came() {
    let empty = TestPortal::empty().await;
    let portal = &empty.portal;
    let file = |rate: u32| {
        let rest = json!({"subject": {"reference": "Patient/1"}, "valueQuantity": {"value": rate}});
        ndjson(&[
            patient("1", "Jordan Reyes", "1990-01-01"),
            pulse("p", &rest),
        ])
    };
    let days = async |file: String| {
        import(portal, "records", &file).await.expect("a report");
        let (_, items) = record(portal, "Patient/1").await;
        let of = |kind: &str| {
            let item = items.iter().find(|item| item.resource_type == kind);
            item.expect("an item").recorded
        };
        (of("Patient"), of("Observation"))
    };
    let first = days(file(60)).await;
    empty.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(days(file(60)).await, first);
    let (person, rate) = days(file(61)).await;
    assert_eq!(person, first.0);
    assert_eq!(rate, portal.now());
}
