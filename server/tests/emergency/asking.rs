//! Before a record is open: who may ask, what they have to give, and that nothing tells who has a record here.

use crate::emergency::journey::{NATURE, NOBODY, confirm, filled, grants, opened, path, signed_in};
use crate::support::{Page, TestPortal, denied};
use chrono::TimeDelta;
use domain::party::Role;
use std::time::{Duration, Instant};
use store::{Event, Stamp};

const SEARCH: &str = "/patients/emergency";

/// LAW E1: each of the fields is required, and nothing is opened, asked for or written down without them.
#[tokio::test]
async fn each_field_is_required() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    let place = portal.length(patient).await;
    let page = okafor.get(&path(patient)).await.expect(200);
    let page = page
        .shows("Dr. Amara Okafor")
        .shows("Maple Street Family Practice")
        .shows("The patient will be told")
        .shows("A privacy officer will review it.")
        .hides("Reyes");
    let form = page.form_with_field("nature");
    okafor
        .submit(&form)
        .await
        .expect(422)
        .shows("Say what the emergency is, in 10 letters or more.")
        .shows("Choose why the patient's consent can't be had.")
        .shows("Confirm that this is a medical emergency and that consent can't be had.");
    let full = filled(&page);
    for (form, says) in [
        (
            full.clone().fill("nature", "   nine let   "),
            "in 10 letters or more",
        ),
        (
            full.clone().fill("nature", &"x".repeat(501)),
            "Use 500 letters or fewer",
        ),
        (full.clone().clear("why", "unconscious"), "Choose why"),
        (
            full.clone().clear("sure", "yes"),
            "Confirm that this is a medical",
        ),
        (
            full.clone().fill("affiliation", NOBODY),
            "Choose for whom you work",
        ),
    ] {
        let page = okafor.submit(&form).await.expect(422);
        assert!(page.text().contains(says), "{says}");
    }
    let page = okafor.get(SEARCH).await.expect(200);
    let form = filled(&page);
    okafor
        .submit(&form)
        .await
        .expect(422)
        .shows("Type the patient's full name.")
        .shows("Type the patient's date of birth.");
    let page = okafor
        .submit(
            &form
                .fill("name", "Jordan Alexis Reyes")
                .fill("birth", "1990-02-30"),
        )
        .await
        .expect(422)
        .shows("Type the patient's date of birth.");
    let kept = page.form_with_field("name");
    assert_eq!(kept.value("name"), Some("Jordan Alexis Reyes"));
    okafor
        .get("/step-up")
        .await
        .expect(200)
        .hides("Confirm it is you");
    assert_eq!(portal.length(patient).await, place);
    assert!(grants(&portal, patient).await.is_empty());
}

/// LAW E1, F1: only medical personnel; everybody else gets the one answer for what there is and what there isn't, and the
/// attempt is written down.
#[tokio::test]
async fn only_medical_personnel_may_ask() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let id = portal.person_id("Dr. Amara Okafor").await;
    for role in [
        Role::CareCoordinator,
        Role::Billing,
        Role::Support,
        Role::Administrator,
        Role::PrivacyOfficer,
        Role::Proxy,
    ] {
        let mut okafor = portal.okafor().await;
        let account = store.accounts_of(id).await.expect("accounts").remove(0);
        let before = account.clone();
        let mut changed = account;
        changed.roles = vec![role];
        let put = store.update_account(&Stamp::SYSTEM, changed).await;
        put.expect("another role");
        let place = portal.length(patient).await;
        let mut answers: Vec<String> = Vec::new();
        for path in [
            path(patient),
            format!("/patients/{NOBODY}/emergency"),
            SEARCH.to_owned(),
        ] {
            let body = format!("nature={NATURE}&why=unconscious&sure=yes&name=x&birth=2000-01-01");
            for page in [okafor.get(&path).await, okafor.post(&path, body).await] {
                answers.push(page.expect(404).essence(&[]));
            }
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{role:?}: one answer");
        assert_eq!(denied(&portal.since(patient, place).await).len(), 2);
        let put = store.update_account(&Stamp::SYSTEM, before).await;
        put.expect("the role again");
    }
    let mut jordan = portal.jordan().await;
    jordan.get(&path(patient)).await.expect(404);
    assert!(grants(&portal, patient).await.is_empty());
    portal.assert_sound().await;
}

/// LAW E1: a clinician who works nowhere any more has no affiliation to put on the record.
#[tokio::test]
async fn a_clinician_without_an_affiliation_may_not_ask() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let mut okafor = portal.okafor().await;
    let id = portal.person_id("Dr. Amara Okafor").await;
    let mut person = store
        .person(id)
        .await
        .expect("an answer")
        .expect("a person");
    person.memberships.clear();
    store
        .put_person(&Stamp::SYSTEM, person)
        .await
        .expect("kept");
    okafor.get(&path(patient)).await.expect(404);
    okafor.get(SEARCH).await.expect(404);
}

/// LAW B5, POLICY §5: the page is the same for a patient of one's own, somebody else's, and nobody at all.
#[tokio::test]
async fn the_page_is_the_same_whoever_it_is() {
    let portal = TestPortal::new().await;
    let jordan = portal.patient_id("Jordan Reyes").await.to_string();
    let morgan = portal.patient_id("Morgan Ellis").await.to_string();
    let mut vasquez = portal.vasquez().await;
    let mut pages = Vec::new();
    for id in [jordan.as_str(), &morgan, NOBODY] {
        let page = vasquez.get(&format!("/patients/{id}/emergency")).await;
        let page = page.expect(200);
        let answered = vasquez.submit(&page.form_with_field("nature")).await;
        let answered = answered.expect(422).essence(&[id]);
        pages.push((page.essence(&[id]), answered));
    }
    pages.dedup();
    assert_eq!(pages.len(), 1);
    // From where one asks for a purpose, the way there is the same too.
    let ask = vasquez
        .get(&format!("/patients/{morgan}"))
        .await
        .expect(200);
    assert!(
        ask.links()
            .contains(&format!("/patients/{morgan}/emergency"))
    );
    let list = vasquez.open_patients().await;
    assert!(list.links().contains(&SEARCH.to_owned()));
    let ask = vasquez
        .get(&format!("/patients/{NOBODY}"))
        .await
        .expect(200);
    assert!(
        ask.links()
            .contains(&format!("/patients/{NOBODY}/emergency"))
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures how long an answer takes"
)]
async fn guess(portal: &TestPortal, name: &str, birth: &str) -> (Page, Duration) {
    // Each guess is of another morning: what is measured here is not the delay between tries.
    let mut vasquez = portal.vasquez().await;
    let page = vasquez.get(SEARCH).await.expect(200);
    let form = filled(&page).fill("name", name).fill("birth", birth);
    let page = confirm(&mut vasquez, &form).await;
    let form = page.form_with_button("Open the record for one hour");
    let began = Instant::now();
    let page = vasquez.submit(&form).await;
    let took = began.elapsed();
    portal.clock.advance(TimeDelta::minutes(20));
    (page, took)
}

async fn birth_of(portal: &TestPortal, name: &str) -> String {
    let patient = portal.patient_id(name).await;
    let birth = portal.portal.store().birth_date(patient).await;
    birth.expect("an answer").expect("a birth date").to_string()
}

/// LAW E1, B5: a wrong name, a wrong birth date and a name of nobody's have one answer in one class of time; each is in the
/// house's chain, and no patient's chain has it.
#[tokio::test]
async fn a_wrong_guess_opens_nothing_and_tells_nothing() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Morgan Ellis").await;
    let place = portal.length(patient).await;
    let house = portal.house_since(0).await.len();
    let birth = birth_of(&portal, "Morgan Ellis").await;
    let guesses = [
        ("Morgan Denise Ellis", "1971-01-01"),
        ("Morgan Ellis", birth.as_str()),
        ("Nobody Here", "1971-01-01"),
    ];
    let mut answers = Vec::new();
    let mut fastest = [Duration::MAX; 3];
    for _ in 0..3 {
        for (at, (name, birth)) in guesses.into_iter().enumerate() {
            let (page, took) = guess(&portal, name, birth).await;
            let page = page.expect(422).shows("No record was opened.");
            answers.push(page.essence(&[name, birth]));
            fastest[at] = fastest[at].min(took);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "one answer");
    let slowest = fastest.iter().max().expect("three");
    let quickest = fastest.iter().min().expect("three");
    assert!(*slowest < *quickest * 3, "one class of time: {fastest:?}");
    assert_eq!(portal.length(patient).await, place);
    let entries = portal
        .house_since(u64::try_from(house).expect("a number"))
        .await;
    let tries = entries
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::EmergencyNotOpened));
    assert_eq!(tries.count(), 9);
    portal.assert_sound().await;
}

/// LAW E1: an id of nobody's is answered like a wrong guess, after the same questions.
#[tokio::test]
async fn an_id_of_nobodys_opens_nothing() {
    let portal = TestPortal::new().await;
    let mut vasquez = portal.vasquez().await;
    let page = vasquez.get(&format!("/patients/{NOBODY}/emergency")).await;
    let page = confirm(&mut vasquez, &filled(&page.expect(200))).await;
    let form = page.form_with_button("Open the record for one hour");
    let page = vasquez.submit(&form).await.expect(422);
    page.shows("No record was opened.");
}

/// LAW E1, F6: tries that open nothing wait longer and longer, and one that opens forgets them.
#[tokio::test]
async fn tries_wait_longer_and_longer() {
    let portal = TestPortal::new().await;
    let mut vasquez = portal.vasquez().await;
    let birth = birth_of(&portal, "Morgan Ellis").await;
    let mut waited = false;
    // Each try takes half a minute for its code; the tenth has to wait for more than a minute.
    for _ in 0..12 {
        let page = vasquez.get(SEARCH).await.expect(200);
        let form = filled(&page)
            .fill("name", "Nobody Here")
            .fill("birth", "1971-01-01");
        let page = vasquez.submit(&form).await;
        if page.status == 422 {
            page.shows("There were too many tries.");
            waited = true;
            break;
        }
        let page = vasquez.get("/step-up").await.expect(200);
        let form = vasquez.code_form(&page);
        vasquez.submit(&form).await.expect(303);
        let page = vasquez.get(SEARCH).await.expect(200);
        let form = page.form_with_button("Open the record for one hour");
        vasquez
            .submit(&form)
            .await
            .expect(422)
            .shows("No record was opened.");
    }
    assert!(waited);
    for _ in 0..2 {
        portal.clock.advance(TimeDelta::minutes(10));
        vasquez.get("/account").await.expect(200);
    }
    let page = vasquez.get(SEARCH).await.expect(200);
    let right = filled(&page)
        .fill("name", "  morgan DENISE   Ellis")
        .fill("birth", &birth);
    let page = confirm(&mut vasquez, &right).await;
    let form = page.form_with_button("Open the record for one hour");
    vasquez.submit(&form).await.expect(303);
    let patient = portal.patient_id("Morgan Ellis").await;
    assert_eq!(grants(&portal, patient).await.len(), 1);
    let page = vasquez.get(SEARCH).await.expect(200);
    let form = filled(&page)
        .fill("name", "Nobody Here")
        .fill("birth", "1971-01-01");
    let page = vasquez.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"), "counted anew");
}

/// LAW E1: by name and birth date a record opens that is in nobody's list.
#[tokio::test]
async fn somebody_who_is_not_in_the_list() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Morgan Ellis").await;
    let place = portal.length(patient).await;
    let birth = birth_of(&portal, "Morgan Ellis").await;
    let mut vasquez = signed_in(&portal, "Dr. Elena Vasquez").await;
    vasquez.get("/patients").await.expect(200).hides("Ellis");
    let page = vasquez.get(SEARCH).await.expect(200);
    let form = filled(&page)
        .fill("name", "Morgan Denise Ellis")
        .fill("birth", &birth);
    let page = confirm(&mut vasquez, &form).await;
    assert_eq!(
        portal.length(patient).await,
        place,
        "a code alone opens nothing"
    );
    let form = page.form_with_button("Open the record for one hour");
    let page = vasquez.submit(&form).await.expect(303);
    let chart = format!("/patients/{patient}");
    assert_eq!(page.location(), Some(chart.as_str()));
    vasquez.get(&chart).await.expect(200).shows("Ellis");
    // While it is open it is on the list.
    vasquez
        .get("/patients")
        .await
        .expect(200)
        .shows("Morgan Denise Ellis");
    assert_eq!(opened(&portal.since(patient, place).await).len(), 1);
    portal.assert_sound().await;
}
