//! Organizations: recording and changing them, National Provider Identifiers, and which are Part 2 programs.

use crate::staff::cast::{FIRST, SECOND, confirm, length, practice, press, said, signed_in};
use crate::support::records::{JORDAN, PRACTICE, import, ndjson, observation};
use crate::support::{Browser, TestPortal};
use domain::id::{ItemId, OrganizationId, PatientId};
use domain::label::Label;
use portal::import::organization_id;
use serde_json::json;
use store::Event;

const NEW: &str = "/office/organizations/new";
const NPI: &str = "1234567893";

async fn record(admin: &mut Browser<'_>, name: &str, npi: &str) -> String {
    let page = admin.get(NEW).await.expect(200);
    let form = page
        .form_with_field("npi")
        .fill("name", name)
        .fill("kind", "hospital")
        .fill("npi", npi)
        .fill("class", "covered-entity");
    let page = admin.submit(&form).await.expect(303);
    page.location().expect("its page").to_owned()
}

/// Issue "Staff": an administrator records an organization and changes it, each change stands in the ledger, and a
/// privacy officer may look. LAW B2: what it is as a recipient is kept with it.
#[tokio::test]
async fn an_organization_is_recorded_and_changed() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let house = length(&test).await;
    let path = record(&mut admin, "Tidewater Hospital", NPI).await;
    let page = admin.get(&path).await.expect(200);
    let page = page
        .shows("Tidewater Hospital")
        .shows("Hospital")
        .shows(NPI)
        .shows("A covered entity or business associate under HIPAA")
        .shows("Nobody works there now.");
    assert!(!page.title().contains("Tidewater"));
    let list = admin.get("/office/organizations").await.expect(200);
    list.shows("Tidewater Hospital")
        .shows("Harbor Light Recovery");

    let form = page
        .form_with_button("Save")
        .fill("name", "Tidewater Clinic")
        .fill("kind", "practice");
    admin.submit(&form).await.expect(303);
    let page = admin.get(&path).await.expect(200);
    page.shows("Tidewater Clinic").shows("Practice or clinic");
    let entries = said(&test, house).await;
    let told: Vec<&[String]> = entries
        .iter()
        .filter_map(|entry| match &entry.body.event {
            Event::OrganizationChanged { what, .. } => Some(what.as_slice()),
            _ => None,
        })
        .collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], ["new"]);
    assert_eq!(told[1], ["name", "kind"]);

    let mut officer = test.solberg().await;
    let page = officer.get(&path).await.expect(200);
    let page = page.shows("Tidewater Clinic").hides("Save");
    assert!(page.forms().iter().all(|form| form.action != path));
    officer
        .post(&path, "do=save&name=Elsewhere")
        .await
        .expect(404);
    officer.post(&path, "do=program").await.expect(404);
    officer.get(NEW).await.expect(404);
    test.assert_sound().await;
}

/// 45 CFR 162.406: a mistyped identifier is told from one that is none, and no two organizations have the same. What was
/// typed stays in the form.
#[tokio::test]
async fn an_identifier_is_checked() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let house = length(&test).await;
    record(&mut admin, "Tidewater Hospital", NPI).await;
    for (npi, why) in [
        ("12345", "An NPI has ten digits."),
        ("1234567890", "a digit is wrong"),
        (NPI, "Another organization has this NPI."),
    ] {
        let body = format!("name=Second&kind=practice&npi={npi}&class=");
        let page = admin.post(NEW, body).await.expect(422).shows(why);
        let form = page.form_with_field("npi");
        assert_eq!(form.value("npi"), Some(npi));
        assert_eq!(form.value("name"), Some("Second"));
    }
    for (body, why) in [
        ("name=&kind=practice&npi=&class=", "at most 200 characters"),
        ("name=Second&kind=&npi=&class=", "Pick what it is."),
        ("name=Second&kind=castle&npi=&class=", "Pick what it is."),
        ("name=Second&kind=practice&npi=&class=any", "as a recipient"),
    ] {
        admin.post(NEW, body).await.expect(422).shows(why);
    }
    assert_eq!(said(&test, house).await.len(), 1, "the first alone");
}

/// What comes with a file: the identifier where its check digit is right, for organizations and for practitioners; and
/// what an administrator said stays.
#[tokio::test]
async fn a_file_tells_identifiers_and_overwrites_nobody() {
    let test = TestPortal::new().await;
    let store = test.portal.store();
    let organization = |id: &str, name: &str, npi: &str| {
        json!({"resourceType": "Organization", "id": id, "name": name,
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}]})
    };
    let practitioner = json!({"resourceType": "Practitioner", "id": "npi-1", "name": [{"family": "Quill"}],
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1679576722"}]});
    let file = [
        organization("org-right", "Right Place", NPI),
        organization("org-wrong", "Wrong Digit", "1234567890"),
        organization("org-same", "Same Number", NPI),
        practitioner,
    ];
    let taken = import(&test.portal, "organizations.ndjson", &ndjson(&file)).await;
    taken.unwrap_or_else(|error| panic!("{error}"));
    let npi = async |id: &str| {
        let found = store.organization(organization_id(&format!("Organization/{id}")));
        let found = found.await.expect("an answer").expect("an organization");
        found.npi.map(|npi| npi.to_string())
    };
    assert_eq!(npi("org-right").await.as_deref(), Some(NPI));
    assert_eq!(npi("org-wrong").await, None);
    assert_eq!(npi("org-same").await, None, "one number, one organization");
    let quill = store
        .person(portal::import::person_id("Practitioner/npi-1"))
        .await
        .expect("an answer")
        .expect("a person");
    assert_eq!(
        quill.npi.map(|npi| npi.to_string()).as_deref(),
        Some("1679576722")
    );

    let mut admin = signed_in(&test, FIRST).await;
    let id = organization_id("Organization/org-right");
    let path = format!("/office/organizations/{id}");
    let page = admin.get(&path).await.expect(200);
    let form = page
        .form_with_button("Save")
        .fill("name", "The Right Place")
        .fill("npi", "");
    admin.submit(&form).await.expect(303);
    let again = import(&test.portal, "organizations.ndjson", &ndjson(&file[..1])).await;
    again.unwrap_or_else(|error| panic!("{error}"));
    let kept = store.organization(id).await.expect("an answer");
    let kept = kept.expect("an organization");
    assert_eq!((kept.name.as_str(), kept.npi), ("The Right Place", None));
}

async fn has_part2(test: &TestPortal, patient: PatientId, item: ItemId) -> bool {
    let items = test.portal.store().items(patient).await.expect("items");
    let item = items.iter().find(|one| one.id == item).expect("the item");
    item.parts.iter().any(|part| part.labels.has(Label::Part2))
}

/// The item with this day.
async fn item_of(test: &TestPortal, patient: PatientId, day: &str) -> ItemId {
    let items = test.portal.store().items(patient).await.expect("items");
    let found = items.iter().find(|item| {
        item.when
            .is_some_and(|when| when.date_naive().to_string() == day)
    });
    found.expect("the item").id
}

fn pulse(id: &str, when: &str) -> serde_json::Value {
    observation(
        id,
        "Patient/demo-patient-1",
        PRACTICE,
        "8867-4",
        "Heart rate",
        when,
    )
}

/// 42 CFR 2.11, and what the page says follows: becoming a program labels what is imported from then on, and what is here
/// when a file with the same patient is imported again; ceasing to be one works the same way round. It takes a factor
/// for exactly this, moves every epoch and stands in the ledger.
#[tokio::test]
async fn what_follows_from_being_a_program_is_as_the_page_says() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    test.add(JORDAN, &[pulse("flag-1", "2026-09-11T10:00:00Z")])
        .await;
    let before = item_of(&test, patient, "2026-09-11").await;
    assert!(!has_part2(&test, patient, before).await);

    let mut admin = signed_in(&test, FIRST).await;
    let path = format!("/office/organizations/{}", practice());
    let house = length(&test).await;
    let epoch = epoch_of(&test, patient).await;
    admin
        .get(&path)
        .await
        .expect(200)
        .shows("What is here already does not get the label at once.")
        .shows("Dr. Amara Okafor");
    let page = press(&mut admin, &path, "It is a Part 2 program").await;
    assert_eq!(page.expect(303).location(), Some(path.as_str()));
    admin
        .get(&path)
        .await
        .expect(200)
        .shows("Yes: a Part 2 program")
        .shows("keeps its labels until");
    assert!(epoch_of(&test, patient).await > epoch, "POLICY §6");
    let program = |entries: &[store::Entry]| {
        entries.iter().find_map(|entry| match &entry.body.event {
            Event::OrganizationChanged {
                what,
                part2_program,
                ..
            } if what.as_slice() == ["program"] => Some(*part2_program),
            _ => None,
        })
    };
    assert_eq!(program(&said(&test, house).await), Some(true));
    assert!(!has_part2(&test, patient, before).await, "not at once");
    test.add(JORDAN, &[pulse("flag-2", "2026-09-12T10:00:00Z")])
        .await;
    let after = item_of(&test, patient, "2026-09-12").await;
    assert!(has_part2(&test, patient, after).await, "imported later");
    assert!(has_part2(&test, patient, before).await, "imported again");

    let house = length(&test).await;
    let page = press(&mut admin, &path, "It is no Part 2 program").await;
    assert_eq!(page.expect(303).location(), Some(path.as_str()));
    assert_eq!(program(&said(&test, house).await), Some(false));
    assert!(has_part2(&test, patient, after).await, "not at once");
    test.add(JORDAN, &[pulse("flag-3", "2026-09-13T10:00:00Z")])
        .await;
    for item in [before, after] {
        assert!(!has_part2(&test, patient, item).await, "imported again");
    }
    test.assert_sound().await;
}

async fn epoch_of(test: &TestPortal, patient: PatientId) -> u64 {
    let state = test.portal.store().policy_state(patient).await;
    state.expect("an answer").expect("a record").epoch
}

/// The factor is for this organization and this direction, and serves once.
#[tokio::test]
async fn a_factor_is_for_one_organization() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let path = format!("/office/organizations/{}", practice());
    let page = admin.post(&path, "do=program").await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    admin
        .get("/step-up")
        .await
        .expect(200)
        .shows("Say that an organization is a Part 2 program");
    assert_eq!(confirm(&mut admin).await, path);
    let other = organization_id("Organization/org-harbor-light");
    let page = admin
        .post(&format!("/office/organizations/{other}"), "do=no-program")
        .await;
    assert_eq!(page.location(), Some("/step-up"), "another organization");
    let mut second = signed_in(&test, SECOND).await;
    let page = second.post(&path, "do=program").await;
    assert_eq!(page.location(), Some("/step-up"), "somebody else's factor");
    let kept = test
        .portal
        .store()
        .organization(OrganizationId::parse(&practice()).expect("an id"));
    assert!(
        !kept
            .await
            .expect("an answer")
            .expect("the practice")
            .part2_program
    );
}
