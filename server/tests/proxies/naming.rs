//! Naming a helper: what is asked, the code on paper, and who may take it up (LAW A1, A6, D5, F6).

use crate::joining::way;
use crate::proxies::cast::{
    BORN, HELPER, accept, account, authority, limit, name_helper, sign, somebody,
};
use crate::support::{ORIGIN, TestPortal};
use axum::{
    body::Body,
    http::{Request, header},
};
use domain::consent::{ConsentKind, Grantor, Standing};
use domain::id::PersonId;
use domain::party::Role;

/// LAW A1, D5: a helper's access is a consent of its own kind, signed with a fresh factor, with an end.
#[tokio::test]
async fn a_helpers_access_is_a_signed_consent() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut jordan = test.jordan().await;
    name_helper(&mut jordan, &["general", "hiv"], false).await;
    let consents = test.consents(patient).await;
    let [one] = consents.as_slice() else {
        panic!("one consent")
    };
    assert_eq!(one.consent.terms.kind, ConsentKind::Proxy);
    assert_eq!(one.consent.terms.grantor, Grantor::Patient);
    assert_eq!(one.standing(test.portal.now()), Standing::Active);
    // The code is shown once.
    let page = jordan.get("/proxies/invite/code").await.expect(200);
    page.shows("was shown already").hides("<code");
    let page = jordan.get("/proxies").await.expect(200);
    page.shows(HELPER).shows("Has not joined yet");
    test.assert_sound().await;
}

/// LAW A1: what is missing is said beside its field, what was typed stays, and nothing is signed.
#[tokio::test]
async fn what_is_missing_is_named() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut jordan = test.jordan().await;
    let page = jordan
        .post("/proxies/invite", "name=&birth=&until=")
        .await
        .expect(422);
    for words in [
        "Type the helper's name",
        "Type the helper's birth date.",
        "Pick at least one kind of record.",
        "Choose yes or no for records from a substance use treatment program.",
    ] {
        assert!(page.text().contains(words), "{words}");
    }
    let past = limit(
        &mut jordan,
        "/proxies/invite",
        &["hiv"],
        false,
        "2026-01-01",
    )
    .await;
    past.expect(422).shows("Choose a day that is not over yet.");
    let far = limit(
        &mut jordan,
        "/proxies/invite",
        &["hiv"],
        false,
        "2046-01-01",
    )
    .await;
    far.expect(422).shows("Choose a day within 5 years.");
    let page = jordan.get("/proxies/invite/sign").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/invite"));
    let page = jordan
        .post("/proxies/invite/sign", "typed-name=Jordan&seen=")
        .await;
    assert_eq!(page.expect(303).location(), Some("/proxies/invite"));
    assert!(test.consents(patient).await.is_empty());
}

/// A signature is for the answers that its page showed, and takes the factor for exactly those.
#[tokio::test]
async fn changed_answers_are_signed_anew() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut jordan = test.jordan().await;
    limit(
        &mut jordan,
        "/proxies/invite",
        &["general"],
        false,
        "2027-06-01",
    )
    .await
    .expect(303);
    let shown = jordan.get("/proxies/invite/sign").await.expect(200);
    let form = shown
        .form_with_field("typed-name")
        .fill("typed-name", "Jordan Reyes");
    jordan.submit(&form).await.expect(303);
    crate::proxies::cast::confirm(&mut jordan).await;
    limit(
        &mut jordan,
        "/proxies/invite",
        &["hiv"],
        false,
        "2027-06-01",
    )
    .await
    .expect(303);
    jordan
        .submit(&form)
        .await
        .expect(422)
        .shows("Your answers changed in another window.");
    let fresh = jordan.get("/proxies/invite/sign").await.expect(200);
    let form = fresh
        .form_with_field("typed-name")
        .fill("typed-name", "Jordan Reyes");
    let page = jordan.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(test.consents(patient).await.is_empty());
}

/// LAW F6: the code opens once, with the birth date only; whatever was wrong, the answer is the same.
#[tokio::test]
async fn a_code_serves_once_and_with_the_birth_date() {
    let test = TestPortal::new().await;
    let code = name_helper(&mut test.jordan().await.0, &["general"], false).await;
    let entry = somebody(&test, "Ana Whitlock").await;
    let mut helper = test.anonymous().sign_in(&entry).await;
    let refused = |page: crate::support::Page| page.expect(422).shows("open anything").essence(&[]);
    let wrong_date = refused(accept(&mut helper, &code, "1990-05-07").await);
    let other = way::staff(&test, "Somebody New", Role::Clinician).await;
    let staffs = refused(accept(&mut helper, &other.code.written(), "1990-05-07").await);
    assert_eq!(wrong_date, staffs);
    accept(&mut helper, &code, BORN).await.expect(303);
    let again = refused(accept(&mut helper, &code, "1990-05-07").await);
    assert_eq!(wrong_date, again);
    let mut morgan = test.morgan().await;
    refused(accept(&mut morgan, &code, BORN).await);
}

/// A helper without an account joins like everybody else, with the same code, and acts then.
#[tokio::test]
async fn somebody_new_joins_with_the_code() {
    let test = TestPortal::new().await;
    let code = name_helper(&mut test.jordan().await.0, &["general"], false).await;
    let mut newcomer = test.anonymous();
    let page = way::give_code(&mut newcomer, &code, BORN).await.expect(303);
    assert_eq!(page.location(), Some("/join/email"));
    let patient = test.patient_id("Jordan Reyes").await;
    let person = authority(&test, patient).await.person;
    let entry = account(&test, "Ana Joins", person, &[Role::Proxy]).await;
    let mut helper = test.anonymous().sign_in(&entry).await;
    let page = helper.get("/home").await.expect(303);
    assert_eq!(page.location(), Some("/proxies"), "for whom, first");
    crate::proxies::cast::switch(&mut helper, patient)
        .await
        .expect(303);
    helper.get("/records").await.expect(200);
    test.assert_sound().await;
}

/// Staff keep care for others and a helper's place apart: their account takes no invitation up.
#[tokio::test]
async fn staff_are_nobodys_helpers() {
    let test = TestPortal::new().await;
    let code = name_helper(&mut test.jordan().await.0, &["general"], false).await;
    let mut okafor = test.okafor().await;
    okafor.get("/proxies").await.expect(404);
    okafor.get("/proxies/accept").await.expect(404);
    let body = format!("code={code}&birth={BORN}");
    okafor.post("/proxies/accept", body).await.expect(404);
    let patient = test.patient_id("Jordan Reyes").await;
    okafor
        .post("/proxies/switch", format!("for={patient}"))
        .await
        .expect(404);
}

/// LAW F1: no other site's page changes anything here.
#[tokio::test]
async fn other_sites_change_nothing() {
    let test = TestPortal::new().await;
    let mut jordan = test.jordan().await;
    let id = PersonId::derived("test", "nobody");
    for path in [
        "/proxies/switch",
        "/proxies/accept",
        "/proxies/invite",
        "/proxies/invite/sign",
        "/sharing/new/signers",
        &format!("/proxies/{id}"),
        &format!("/proxies/{id}/change"),
        &format!("/proxies/{id}/end"),
        &format!("/proxies/signatures/{id}"),
    ] {
        let forged = Request::post(path)
            .header(header::ORIGIN, "https://elsewhere.example")
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("for=own"))
            .expect("a request");
        jordan.send(forged).await.expect(403);
        assert!(!ORIGIN.contains("elsewhere"));
    }
}

/// A code that got lost is made anew by the patient, and the old one opens nothing.
#[tokio::test]
async fn a_lost_code_is_made_anew() {
    let test = TestPortal::new().await;
    let mut jordan = test.jordan().await;
    let old = name_helper(&mut jordan, &["general"], false).await;
    let patient = test.patient_id("Jordan Reyes").await;
    let path = format!("/proxies/{}", authority(&test, patient).await.id);
    let page = jordan.get(&path).await.expect(200);
    let form = page.form_with_button("Make a new code");
    let page = jordan.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/proxies/invite/code"));
    let page = jordan.get("/proxies/invite/code").await.expect(200);
    let new = way::codes(&page).remove(0);
    let entry = somebody(&test, "Ana Whitlock").await;
    let mut helper = test.anonymous().sign_in(&entry).await;
    accept(&mut helper, &old, BORN).await.expect(422);
    accept(&mut helper, &new, BORN).await.expect(303);
    // Joined: there is no code to make any more.
    let page = jordan.get(&path).await.expect(200);
    page.hides("Make a new code");
    jordan.post(&path, "do=code").await.expect(404);
}

/// LAW D5: changing what a helper may see is a new version of the consent, in force at once.
#[tokio::test]
async fn a_helper_is_limited_by_a_new_version() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut helper = crate::proxies::cast::helping(&test, &["general", "hiv"], false).await;
    let mut jordan = test.jordan().await;
    let held = authority(&test, patient).await;
    let before = crate::proxies::cast::decided(&test, patient, held.person).await;
    let path = format!("/proxies/{}/change", held.id);
    let page = jordan.get(&path).await.expect(200);
    page.form_with_field("segments");
    limit(&mut jordan, &path, &["general"], false, "2027-03-01")
        .await
        .expect(303);
    let page = sign(&mut jordan, "/proxies/invite/sign").await.expect(303);
    assert_eq!(
        page.location(),
        Some(format!("/proxies/{}", held.id).as_str())
    );
    let consents = test.consents(patient).await;
    let now = test.portal.now();
    let active: Vec<u32> = consents
        .iter()
        .filter(|one| one.standing(now) == Standing::Active)
        .map(|one| one.consent.version)
        .collect();
    assert_eq!(active, [2]);
    let after = crate::proxies::cast::decided(&test, patient, held.person).await;
    assert!(after.is_subset(&before) && after.len() < before.len());
    helper
        .get("/records")
        .await
        .expect(200)
        .shows("You are acting for Jordan Alexis Reyes.");
    test.assert_sound().await;
}
