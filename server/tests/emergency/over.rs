//! When it is over: after an hour at the moment of use, at once when it is ended, and never longer.

use crate::emergency::journey::{break_glass, filled, grants, minutes, path, signed_in};
use crate::support::{Browser, TestPortal, denied, disclosures};
use chrono::TimeDelta;
use domain::{id::PatientId, state::EmergencyState};
use store::Event;

async fn an_item(who: &mut Browser<'_>, patient: PatientId) -> String {
    let page = who.get(&format!("/patients/{patient}")).await.expect(200);
    let article = page
        .articles()
        .into_iter()
        .find(|article| article.text.contains("substance use"))
        .expect("an item");
    article.href.expect("its page")
}

/// The chart, an item and the copy lead to the form; nothing is disclosed.
async fn assert_closed(portal: &TestPortal, who: &mut Browser<'_>, patient: PatientId, item: &str) {
    let place = portal.length(patient).await;
    let page = who.get(item).await.expect(303);
    assert_eq!(page.location(), Some(path(patient).as_str()));
    let page = who.get(&path(patient)).await.expect(200);
    page.shows("Your emergency access has ended");
    // The purpose is gone with it: it is asked for again.
    let page = who.get(&format!("/patients/{patient}")).await.expect(200);
    page.shows("Why do you open this chart?");
    let page = who.get(item).await.expect(303);
    assert_eq!(
        page.location(),
        Some(format!("/patients/{patient}").as_str())
    );
    let entries = portal.since(patient, place).await;
    assert!(disclosures(&entries).is_empty());
    assert_eq!(denied(&entries).len(), 1, "the attempt is written down");
}

/// LAW E1: it lasts an hour and not an instant longer, without anybody doing anything.
#[tokio::test]
async fn it_is_over_after_an_hour() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = signed_in(&portal, "Dr. Amara Okafor").await;
    break_glass(&mut okafor, patient).await;
    let item = an_item(&mut okafor, patient).await;
    let grant = grants(&portal, patient).await.remove(0);
    assert_eq!(
        grant.span.until,
        Some(grant.span.from + TimeDelta::hours(1))
    );
    minutes(&mut okafor, 50).await;
    let left = grant.span.from + TimeDelta::hours(1) - portal.portal.now();
    portal.clock.advance(left - TimeDelta::microseconds(1));
    let page = okafor.get(&item).await.expect(200);
    page.shows("Emergency access until");
    portal.clock.advance(TimeDelta::microseconds(1));
    assert_closed(&portal, &mut okafor, patient, &item).await;
    assert_eq!(
        grants(&portal, patient).await[0].state,
        EmergencyState::Open
    );
    portal.assert_sound().await;
}

/// LAW E1: it is never extended. While it is open another form opens nothing; when it is over, it takes a new one.
#[tokio::test]
async fn it_is_never_extended() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = signed_in(&portal, "Dr. Amara Okafor").await;
    let form = filled(&okafor.get(&path(patient)).await.expect(200));
    break_glass(&mut okafor, patient).await;
    minutes(&mut okafor, 20).await;
    let until = grants(&portal, patient).await[0].span.until;
    let page = okafor.get(&path(patient)).await.expect(200);
    let page = page.shows("This record is open to you");
    assert_eq!(page.count("textarea"), 0);
    let page = okafor.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some(path(patient).as_str()));
    let all = grants(&portal, patient).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].span.until, until);
    minutes(&mut okafor, 40).await;
    break_glass(&mut okafor, patient).await;
    assert_eq!(grants(&portal, patient).await.len(), 2);
    portal.assert_sound().await;
}

/// LAW E1, POLICY §6: "End now" closes it before the next look, and moves the epoch.
#[tokio::test]
async fn ending_it_closes_it_at_once() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = signed_in(&portal, "Dr. Amara Okafor").await;
    let page = break_glass(&mut okafor, patient).await;
    let item = an_item(&mut okafor, patient).await;
    // The same person in another browser, before and after.
    let mut elsewhere = signed_in(&portal, "Dr. Amara Okafor").await;
    let resume = elsewhere.get(&path(patient)).await.expect(200);
    let form = resume.form_with_button("Go to the record");
    elsewhere.submit(&form).await.expect(303);
    elsewhere.get(&item).await.expect(200);
    let place = portal.length(patient).await;
    let page = okafor
        .submit(&page.form_with_button("End now"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/patients"));
    let entries = portal.since(patient, place).await;
    assert_eq!(entries.len(), 1);
    assert!(matches!(
        entries[0].body.event,
        Event::EmergencyEnded { .. }
    ));
    assert_closed(&portal, &mut elsewhere, patient, &item).await;
    // Ended twice is ended.
    let page = okafor.post(&path(patient), "do=end").await.expect(303);
    assert_eq!(page.location(), Some("/patients"));
    portal.assert_sound().await;
}

/// LAW E1: a privacy officer ends it too.
#[tokio::test]
async fn a_privacy_officer_ends_it() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = signed_in(&portal, "Dr. Amara Okafor").await;
    break_glass(&mut okafor, patient).await;
    let item = an_item(&mut okafor, patient).await;
    let id = grants(&portal, patient).await[0].id;
    let mut solberg = signed_in(&portal, "Renata Solberg").await;
    let case = format!("/office/emergencies/{id}");
    let page = solberg.get(&case).await.expect(200);
    let page = page.shows("The record is open now");
    assert_eq!(page.count("input[name=found]"), 0, "not while it is open");
    let form = page.form_with_button("End the access now");
    solberg.submit(&form).await.expect(303);
    solberg
        .get(&case)
        .await
        .expect(200)
        .hides("The record is open now");
    assert_closed(&portal, &mut okafor, patient, &item).await;
    portal.assert_sound().await;
}
