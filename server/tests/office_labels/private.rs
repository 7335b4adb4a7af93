//! "Keep this one private" (POLICY §2, `PRS`; POLICY §6).

use crate::{
    office_labels::officer::{JORDANS, NOTE, desk, facts, with_items},
    support::{
        Picks, TestPortal,
        records::{JORDAN, PRACTICE, condition, medicine},
    },
};
use domain::{id::ItemId, label::Label};
use serde_json::json;
use store::Event;

const DAY: &str = "2026-09-05";

/// An ordinary condition of the practice, of a day of its own.
fn sprain() -> serde_json::Value {
    condition(
        "private-sprain",
        JORDANS,
        PRACTICE,
        "S93.402A",
        "Sprain of the left ankle",
        DAY,
    )
}

async fn press(jordan: &mut crate::support::Patient<'_>, item: ItemId, words: &str) {
    let path = format!("/records/{item}");
    let page = jordan.get(&path).await.expect(200);
    let page = jordan
        .submit(&page.form_with_button(words))
        .await
        .expect(303);
    assert_eq!(page.location(), Some(path.as_str()));
}

/// POLICY §6: the mark closes the item at once, for somebody who saw it by relationship and by consent; taken back, it
/// opens again.
#[tokio::test]
async fn it_works_at_once_and_can_be_taken_back() {
    let test = TestPortal::new().await;
    test.add(JORDAN, &[sprain()]).await;
    let patient = test.patient_id("Jordan Reyes").await;
    let item = facts(&test, patient, DAY).await.id;
    let mut jordan = test.jordan().await;
    jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = test.okafor().await;
    okafor.declare(patient, "treatment").await;
    let path = format!("/patients/{patient}/records/{item}");
    okafor
        .get(&path)
        .await
        .expect(200)
        .shows("Sprain of the left ankle");

    let before = test.length(patient).await;
    let page = jordan.get(&format!("/records/{item}")).await.expect(200);
    page.shows("In a medical emergency, the law lets those who treat you see it.");
    press(&mut jordan, item, "Keep this one private").await;
    let marked = |entry: &store::Entry| matches!(entry.body.event, Event::KeptPrivate { item: of, private: true } if of == item);
    assert!(test.since(patient, before).await.iter().any(marked));
    okafor.get(&path).await.expect(404);
    for page in okafor.whole_chart(patient).await {
        page.hides("Sprain of the left ankle");
    }
    jordan
        .open_history()
        .await
        .shows("Marked an item to keep private");
    let page = jordan.get(&format!("/records/{item}")).await.expect(200);
    page.shows("You keep this one private");

    // It stays through an import of the same, and of another content.
    let report = test.add(JORDAN, &[sprain()]).await;
    assert_eq!((report.new, report.changed), (0, 0));
    let mut changed = sprain();
    changed["code"]["text"] = "Sprain of both ankles".into();
    test.add(JORDAN, &[changed]).await;
    let labels = facts(&test, patient, DAY).await.labels();
    assert!(labels.has(Label::PatientRequested));
    okafor.get(&path).await.expect(404);

    press(&mut jordan, item, "Stop keeping it private").await;
    okafor
        .get(&path)
        .await
        .expect(200)
        .shows("Sprain of both ankles");
    test.assert_sound().await;
}

/// POLICY §2, `PRS`: what refers to a private item does not tell of it either: not the reason of a medicine that names it.
#[tokio::test]
async fn what_refers_to_it_does_not_tell_of_it() {
    const LATER: &str = "2026-09-06";
    const SPRAIN: &str = "Sprain of the left ankle";
    let pill = |name: &str| {
        let mut pill = medicine("private-pill", JORDANS, PRACTICE, "5640", name, LATER);
        let reason = json!([{ "reference": "Condition/private-sprain", "display": SPRAIN }]);
        pill["reasonReference"] = reason;
        pill
    };
    let test = TestPortal::new().await;
    test.add(JORDAN, &[sprain(), pill("Ibuprofen")]).await;
    let patient = test.patient_id("Jordan Reyes").await;
    let item = facts(&test, patient, DAY).await.id;
    let kept = facts(&test, patient, LATER).await;
    assert!(kept.parts.iter().any(|part| part.leads_to == [item]));
    let mut jordan = test.jordan().await;
    jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = test.okafor().await;
    okafor.declare(patient, "treatment").await;
    let path = format!("/patients/{patient}/records/{}", kept.id);
    okafor.get(&path).await.expect(200).shows(SPRAIN);
    press(&mut jordan, item, "Keep this one private").await;
    let page = okafor.get(&path).await.expect(200).shows("Ibuprofen");
    page.hides(SPRAIN).hides("private-sprain");
    // So it stays when the medicine comes again.
    test.add(JORDAN, &[pill("Advil")]).await;
    let page = okafor.get(&path).await.expect(200).shows("Advil");
    page.hides(SPRAIN);
    press(&mut jordan, item, "Stop keeping it private").await;
    okafor.get(&path).await.expect(200).shows(SPRAIN);
    test.assert_sound().await;
}

/// Only the patient's own hand marks, and only their own items.
#[tokio::test]
async fn nobody_else_marks() {
    let test = TestPortal::new().await;
    test.add(JORDAN, &[sprain()]).await;
    let patient = test.patient_id("Jordan Reyes").await;
    let item = facts(&test, patient, DAY).await.id;
    let mut morgan = test.morgan().await;
    let mut okafor = test.okafor().await;
    let mut solberg = test.solberg().await;
    for endpoint in ["/api/keep-private", "/api/open-again"] {
        let body = format!("item={item}");
        morgan.post(endpoint, body.clone()).await.expect(404);
        okafor.post(endpoint, body.clone()).await.expect(404);
        solberg.post(endpoint, body).await.expect(404);
    }
    assert!(facts(&test, patient, DAY).await.labels().is_ordinary());
}

/// The patient's wish holds toward reviewers: an item that waits leaves their desk while it is private.
#[tokio::test]
async fn a_private_item_is_not_reviewed() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, NOTE).await.id;
    let mut solberg = test.solberg().await;
    solberg.get(&desk(item)).await.expect(200);
    let mut jordan = test.jordan().await;
    press(&mut jordan, item, "Keep this one private").await;
    solberg.get(&desk(item)).await.expect(404);
    let page = solberg.get("/office/labels").await.expect(200);
    assert!(!page.links().contains(&desk(item)));
    press(&mut jordan, item, "Stop keeping it private").await;
    solberg.get(&desk(item)).await.expect(200);
}
