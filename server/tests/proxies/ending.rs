//! The end of acting for somebody: by the patient, by time; the next request knows (LAW D5, D6, POLICY §6).

use crate::proxies::cast::{accept, authority, confirm, helping, switch};
use crate::support::{Browser, TestPortal, disclosures};
use chrono::TimeDelta;
use domain::id::PatientId;
use std::time::Duration;

/// Ends the helper, with the factor in between.
async fn end(test: &TestPortal, jordan: &mut Browser<'_>, patient: PatientId) {
    let path = format!("/proxies/{}/end", authority(test, patient).await.id);
    let page = jordan.get(&path).await.expect(200);
    let form = page.form_with_button("End now");
    let page = jordan.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(jordan).await, path);
    let page = jordan.get(&path).await.expect(200);
    let page = jordan.submit(&page.form_with_button("End now")).await;
    assert_eq!(page.expect(303).location(), Some("/proxies"));
}

/// POLICY §6, LAW D5: after the patient ended it, nothing is shown; the helper is told once, whatever they ask for, and is
/// in their own place then.
#[tokio::test]
async fn the_patient_ends_it_at_once() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut helper = helping(&test, &["general"], false).await;
    helper.get("/records").await.expect(200);
    let person = authority(&test, patient).await.person;
    let mut jordan = test.jordan().await;
    end(&test, &mut jordan, patient).await;
    let place = test.length(patient).await;
    for path in ["/records", "/home", "/exports", "/proxies", "/account"] {
        let page = helper.get(path).await.expect(303);
        assert_eq!(page.location(), Some("/proxies/ended"), "{path}");
    }
    let page = helper.post("/exports", "format=pdf").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/ended"));
    let page = helper.get("/proxies/ended").await.expect(200);
    page.shows("You no longer act for this person")
        .hides("Jordan");
    helper.get("/records").await.expect(404);
    helper.get("/account").await.expect(200);
    let page = helper.get("/proxies/ended").await.expect(303);
    assert_eq!(page.location(), Some("/proxies"), "it is said once");
    helper
        .get("/proxies")
        .await
        .expect(200)
        .shows("You do not act for anyone now.")
        .hides("Jordan");
    helper
        .post("/proxies/switch", format!("for={patient}"))
        .await
        .expect(404);
    let after = disclosures(&test.since(patient, place).await);
    assert!(after.iter().all(|look| look.who != Some(person)));
    test.assert_sound().await;
}

/// POLICY §6: their open pages are told within a second, those that show items and those that show none.
#[tokio::test]
async fn their_open_pages_close() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut helper = helping(&test, &["general"], false).await;
    let records = helper.get("/records").await.expect(200);
    let history = helper.get("/access-history").await.expect(200);
    let home = helper.get("/home").await.expect(200);
    let mut told = helper.events(&[&records, &history, &home]).await;
    let mut jordan = test.jordan().await;
    let own = jordan.get("/records").await.expect(200);
    let mut patients = jordan.events(&[&own]).await;
    end(&test, &mut jordan, patient).await;
    // First those whose items they may not see any more, then all.
    let mut heard = Vec::new();
    while heard.last().is_none_or(|event| event != "over") {
        let next = told.next(Duration::from_secs(1)).await;
        heard.push(next.expect("it is told in time").0);
    }
    assert_eq!(heard.first().map(String::as_str), Some("close"));
    assert_eq!(patients.next(Duration::from_secs(3)).await, None);
}

/// The invitation of somebody whose access was ended opens nothing.
#[tokio::test]
async fn an_ended_helper_does_not_join() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut jordan = test.jordan().await;
    let code = crate::proxies::cast::name_helper(&mut jordan, &["general"], false).await;
    end(&test, &mut jordan, patient).await;
    let entry = crate::proxies::cast::somebody(&test, "Ana Whitlock").await;
    let mut helper = test.anonymous().sign_in(&entry).await;
    accept(&mut helper, &code, crate::proxies::cast::BORN)
        .await
        .expect(422);
}

/// LAW A11: it ends by itself with the last day of the consent, to the instant.
#[tokio::test]
async fn it_ends_with_the_consent() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    helping(&test, &["general"], false).await;
    let consents = test.consents(patient).await;
    let end = consents[0].span().until.expect("an end");
    test.clock
        .advance(end - test.portal.now() - TimeDelta::minutes(2));
    let entry = crate::proxies::cast::account(
        &test,
        "Ana Again",
        authority(&test, patient).await.person,
        &[domain::party::Role::Proxy],
    )
    .await;
    let mut helper = test.anonymous().sign_in(&entry).await;
    switch(&mut helper, patient).await.expect(303);
    helper.get("/records").await.expect(200);
    test.clock.advance(end - test.portal.now());
    let page = helper.get("/records").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/ended"));
    test.assert_sound().await;
}

/// Revoking the agreement on the sharing pages ends it too: there is no other way around it.
#[tokio::test]
async fn revoking_the_agreement_ends_it() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut helper = helping(&test, &["general"], false).await;
    let consent = test.consents(patient).await[0].consent.id;
    test.jordan().await.revoke(consent).await;
    let page = helper.get("/records").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/ended"));
}

/// A role that the account lost lets nobody act, and a session that was signed out is not somebody else's.
#[tokio::test]
async fn without_the_role_nobody_acts() {
    let test = TestPortal::new().await;
    let mut helper = helping(&test, &["general"], false).await;
    let store = test.portal.store();
    let entry = helper.person().sign_in.clone();
    let account = store.account_by_sign_in(&entry).await;
    let mut account = account.expect("an answer").expect("an account");
    account.roles = vec![domain::party::Role::Patient];
    let put = store.update_account(&store::Stamp::SYSTEM, account).await;
    put.expect("another role");
    let page = helper.get("/records").await.expect(303);
    assert_eq!(page.location(), Some("/proxies/ended"));
}
