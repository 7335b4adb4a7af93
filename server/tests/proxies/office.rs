//! The office verifies who acts for a patient, refuses it, and ends it (LAW D4, D5, D6).

use crate::proxies::applying::{PDF, Parts, applications, parent_of, send};
use crate::proxies::cast::{confirm, decided, family, somebody, switch};
use crate::support::{Browser, Patient, Picks, TestPortal};
use confide::demo::people::SignIn;
use domain::id::{ApplicationId, PatientId, PersonId};
use domain::party::Role;
use store::{ApplicationState, Event, WhyRefused};

/// Somebody new who asks; what they sign in with, and their application.
async fn asks(test: &TestPortal, who: &str, parts: Parts) -> (SignIn, ApplicationId) {
    let entry = somebody(test, who).await;
    let mut asker = test.anonymous().sign_in(&entry).await;
    let parts = parts.file("order.pdf", "application/pdf", PDF);
    send(&mut asker, parts).await.expect(303);
    (entry, applications(test).await[0].id)
}

fn guardian_of(name: &str, birth: &str, scope: &[&str], until: &str) -> Parts {
    let mut parts = Parts::new()
        .field("kind", "guardian")
        .field("name", name)
        .field("birth", birth)
        .field("until", until);
    for one in scope {
        parts = parts.field("scope", one);
    }
    parts
}

/// Decides with the factor in between; where it leads.
async fn decide(officer: &mut Browser<'_>, id: ApplicationId, verdict: &str, reason: &str) {
    let path = format!("/office/proxies/{id}");
    let page = officer.get(&path).await.expect(200);
    let form = page
        .form_with_field("verdict")
        .choose("verdict", verdict)
        .fill("reason", reason)
        .press("Decide");
    let page = officer.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(officer).await, path);
    let page = officer.get(&path).await.expect(200);
    let form = page.form_with_field("verdict").press("Decide");
    let page = officer.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some(path.as_str()));
}

async fn birth(test: &TestPortal, patient: PatientId) -> String {
    let birth = test.portal.store().birth_date(patient).await;
    birth.expect("an answer").expect("a birth date").to_string()
}

/// The name that a record's directory has.
async fn name(test: &TestPortal, patient: PatientId) -> String {
    let store = test.portal.store();
    let subject = store.subject(patient).await.expect("an answer");
    let person = store.person(subject.expect("a person")).await;
    person.expect("an answer").expect("a person").name
}

/// LAW D4: a parent is verified and acts at once, until the eighteenth birthday by the record; everything takes a fresh
/// factor, and stands in the patient's ledger. The minor reads of it on the start page.
#[tokio::test]
async fn a_parent_is_verified() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let (entry, id) = asks(
        &test,
        "Alex Brandt",
        parent_of("Casey Brandt", "2011-08-14"),
    )
    .await;
    let mut officer = test.solberg().await;
    let place = test.length(family.patient).await;
    officer
        .get("/office")
        .await
        .expect(200)
        .shows("act for a patient");
    let page = officer.get("/office/proxies").await.expect(200);
    page.shows("Alex Brandt");
    decide(&mut officer, id, "verify", "").await;
    let entries = test.since(family.patient, place).await;
    let person = PersonId::derived("test", "Alex Brandt");
    assert!(entries.iter().any(|entry| matches!(
        entry.body.event,
        Event::AuthorityAdded { person: who, .. } if who == person
    )));
    let mut parent = test.anonymous().sign_in(&entry).await;
    parent.get("/proxies").await.expect(200).shows("Granted");
    switch(&mut parent, family.patient).await.expect(303);
    parent.get("/records").await.expect(200);
    let seen = decided(&test, family.patient, person).await;
    assert_eq!(
        seen,
        decided(&test, family.patient, family.parent_person).await
    );
    let mut minor = test.anonymous().sign_in(&family.minor).await;
    minor
        .get("/home")
        .await
        .expect(200)
        .shows("Alex Brandt may act for you since");
    test.assert_sound().await;
}

/// LAW D4: a guardian sees and signs within the order, and until its last day.
#[tokio::test]
async fn a_guardian_acts_within_the_order() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let (full, born) = (name(&test, patient).await, birth(&test, patient).await);
    let parts = guardian_of(&full, &born, &["general"], "2027-01-31");
    let (entry, id) = asks(&test, "Grace Guardian", parts).await;
    let mut officer = test.solberg().await;
    decide(&mut officer, id, "verify", "").await;
    let person = PersonId::derived("test", "Grace Guardian");
    let mut guardian = test.anonymous().sign_in(&entry).await;
    switch(&mut guardian, patient).await.expect(303);
    let page = guardian.get("/records").await.expect(200);
    page.hides("uprenorphine");
    let seen = decided(&test, patient, person).await;
    let items = test.portal.store().items(patient).await.expect("items");
    assert!(!seen.is_empty() && seen.len() < items.len());
    // LAW D4: they sign for no more than the order says.
    let mut guardian = Patient(guardian);
    let beyond = Picks::OKAFOR_TREATS;
    guardian.draft(&beyond).await;
    let page = guardian.get("/sharing/new/review").await.expect(200);
    page.shows("Leave out the records that you may not sign for.");
    let page = guardian.get("/sharing/new/sign").await.expect(200);
    page.shows("Leave out the records that you may not sign for.")
        .hides("typed-name");
    guardian
        .post("/sharing/new/sign", "typed-name=Grace+Guardian")
        .await
        .expect(422);
    assert!(test.consents(patient).await.is_empty());
    let state = test.portal.store().policy_state(patient).await;
    let state = state.expect("an answer").expect("a state");
    let end = state.authorities[0].span.until.expect("an end");
    test.clock.advance(end - test.portal.now());
    let mut again = test.anonymous().sign_in(&entry).await;
    again
        .post("/proxies/switch", format!("for={patient}"))
        .await
        .expect(404);
    test.assert_sound().await;
}

/// LAW D4: for a deceased patient the executor comes first; a spouse acts only where there is none.
#[tokio::test]
async fn after_death_the_first_in_line_acts() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let (full, born) = (name(&test, patient).await, birth(&test, patient).await);
    let asked = |kind: &str| {
        Parts::new()
            .field("kind", kind)
            .field("name", &full)
            .field("birth", &born)
            .field("until", "")
    };
    let mut officer = test.solberg().await;
    let (spouse, first) = asks(&test, "Sasha Reyes", asked("spouse")).await;
    decide(&mut officer, first, "verify", "").await;
    let mut spouse = test.anonymous().sign_in(&spouse).await;
    switch(&mut spouse, patient).await.expect(303);
    let (executor, second) = asks(&test, "Edith Executor", asked("executor")).await;
    decide(&mut officer, second, "verify", "").await;
    let page = spouse.get("/records").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/ended"));
    let mut executor = test.anonymous().sign_in(&executor).await;
    switch(&mut executor, patient).await.expect(303);
    executor.get("/sharing").await.expect(200);
    test.assert_sound().await;
}

/// LAW D5, 164.502(g)(5): refused because it could endanger the patient, whoever asked is told what every other refusal
/// says, and nothing more, anywhere.
#[tokio::test]
async fn a_refusal_tells_no_reason() {
    let mut told = Vec::new();
    for why in ["endangers", "not-proven", "no-record"] {
        let test = TestPortal::new().await;
        let family = family(&test, true).await;
        let (entry, id) = asks(
            &test,
            "Alex Brandt",
            parent_of("Casey Brandt", "2011-08-14"),
        )
        .await;
        let mut officer = test.solberg().await;
        let reason = "There is a protective order of last May.";
        decide(&mut officer, id, why, reason).await;
        let page = officer.get(&format!("/office/proxies/{id}")).await;
        page.expect(200).shows(reason);
        let mut asker = test.anonymous().sign_in(&entry).await;
        let page = asker.get("/proxies").await.expect(200);
        let page = page.shows("Not granted").hides("protective");
        told.push(page.essence(&[&family.patient.to_string()]));
        asker
            .post("/proxies/switch", format!("for={}", family.patient))
            .await
            .expect(404);
        let kept = applications(&test).await;
        assert!(matches!(
            (&kept[0].state, why),
            (
                ApplicationState::Refused {
                    why: WhyRefused::Endangers,
                    ..
                },
                "endangers"
            ) | (
                ApplicationState::Refused {
                    why: WhyRefused::NotProven,
                    ..
                },
                "not-proven"
            ) | (
                ApplicationState::Refused {
                    why: WhyRefused::NoRecord,
                    ..
                },
                "no-record"
            )
        ));
        test.assert_sound().await;
    }
    assert!(told.iter().all(|one| *one == told[0]));
}

/// What the office verified, the office ends: the next look of whoever acted knows.
#[tokio::test]
async fn the_office_ends_it() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let (entry, id) = asks(
        &test,
        "Alex Brandt",
        parent_of("Casey Brandt", "2011-08-14"),
    )
    .await;
    let mut officer = test.solberg().await;
    decide(&mut officer, id, "verify", "").await;
    let mut parent = test.anonymous().sign_in(&entry).await;
    switch(&mut parent, family.patient).await.expect(303);
    let path = format!("/office/proxies/{id}");
    let page = officer.get(&path).await.expect(200);
    let form = page.form_with_button("End that they act for the patient");
    let page = officer.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(&mut officer).await, path);
    let page = officer.get(&path).await.expect(200);
    let form = page.form_with_button("End that they act for the patient");
    officer.submit(&form).await.expect(303);
    let page = parent.get("/records").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/ended"));
    let page = officer.get(&path).await.expect(200);
    page.hides("End that they act for the patient");
    test.assert_sound().await;
}

/// LAW F3: a document leaves as a file to keep, sandboxed, under a name of ours, after its look stands in the ledger; and
/// for those who decide alone.
#[tokio::test]
async fn a_document_is_for_who_decides() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let (entry, id) = asks(
        &test,
        "Alex Brandt",
        parent_of("Casey Brandt", "2011-08-14"),
    )
    .await;
    let document = applications(&test).await[0].documents[0].id;
    let path = format!("/office/proxies/{id}/documents/{document}");
    let mut officer = test.solberg().await;
    let place = test.length(family.patient).await;
    officer.get(&path).await.expect(404);
    assert_eq!(test.length(family.patient).await, place);
    let file = officer.post(&path, "").await.expect(200);
    assert_eq!(file.bytes, PDF);
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"document.pdf\""
    );
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.header("content-security-policy").contains("sandbox"));
    let entries = test.since(family.patient, place).await;
    assert!(matches!(
        entries[..],
        [ref entry] if matches!(entry.body.event, Event::DocumentOpened { .. })
    ));
    let mut asker = test.anonymous().sign_in(&entry).await;
    for browser in [
        &mut asker,
        &mut test.jordan().await.0,
        &mut test.okafor().await.0,
    ] {
        browser.post(&path, "").await.expect(404);
        browser
            .get(&format!("/office/proxies/{id}"))
            .await
            .expect(404);
        browser.get("/office/proxies").await.expect(404);
    }
    // A document of another application, and none.
    let other = ApplicationId::derived("test", "none");
    let wrong = format!("/office/proxies/{other}/documents/{document}");
    officer.post(&wrong, "").await.expect(404);
    test.assert_sound().await;
}

/// A privacy officer decides about records of their own organizations: one of another house has none of it.
#[tokio::test]
async fn another_house_sees_none_of_it() {
    let test = TestPortal::new().await;
    let (_, id) = {
        family(&test, true).await;
        asks(
            &test,
            "Alex Brandt",
            parent_of("Casey Brandt", "2011-08-14"),
        )
        .await
    };
    let store = test.portal.store();
    let person = PersonId::derived("test", "Other Officer");
    let mut record = store::PersonRecord::named(person, "Other Officer");
    record.memberships.push(domain::party::Membership {
        organization: portal::import::organization_id("Organization/org-lakeside"),
        role: Role::PrivacyOfficer,
        span: domain::party::Span {
            from: crate::support::began(),
            until: None,
        },
    });
    let put = store.put_person(&store::Stamp::SYSTEM, record).await;
    put.expect("a person");
    let roles = [Role::PrivacyOfficer];
    let entry = crate::proxies::cast::account(&test, "Other Officer", person, &roles).await;
    let mut other = test.anonymous().sign_in(&entry).await;
    other
        .get("/office/proxies")
        .await
        .expect(200)
        .hides("Alex Brandt");
    other
        .get(&format!("/office/proxies/{id}"))
        .await
        .expect(404);
    other
        .post(&format!("/office/proxies/{id}"), "verdict=verify")
        .await
        .expect(404);
}

/// A parent of somebody of age, an order over nothing, a record that isn't there: none can be verified, and the page says
/// why, to the officer.
#[tokio::test]
async fn what_can_not_be_verified() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let (full, born) = (name(&test, patient).await, birth(&test, patient).await);
    let mut officer = test.solberg().await;
    for (who, parts, words) in [
        (
            "First Asker",
            parent_of(&full, &born),
            "The patient is not a minor.",
        ),
        (
            "Second Asker",
            parent_of("Nobody At All", "2011-01-01"),
            "There is no record to act for.",
        ),
    ] {
        let (_, id) = asks(&test, who, parts).await;
        let path = format!("/office/proxies/{id}");
        let page = officer.get(&path).await.expect(200);
        let form = page.form_with_field("verdict").choose("verdict", "verify");
        let page = officer.submit(&form.press("Decide")).await.expect(422);
        page.shows(words);
        officer
            .post(&path, "do=decide&verdict=endangers&reason=short")
            .await
            .expect(422)
            .shows("Use 10 to 1,000 letters.");
        officer
            .post(&path, "do=decide&verdict=")
            .await
            .expect(422)
            .shows("Choose a decision.");
    }
}
