//! The patient's side.

use crate::restrictions::{WHY, ask, choice, filled, say, seen};
use crate::support::{Picks, TestPortal};
use store::Event;

const PROGRAM: &str = "Harbor Light";

/// LAW C4: a request binds nobody before the organization agrees, and stands where the patient reads of it.
#[tokio::test]
async fn a_request_waits_for_its_answer() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .get("/sharing")
        .await
        .expect(200)
        .shows("Ask a clinic to keep something back");
    jordan.share(&Picks::OKAFOR_TREATS).await;
    jordan
        .get("/restrictions")
        .await
        .expect(200)
        .shows("You have not asked for anything yet.");
    let place = portal.length(patient).await;
    let id = ask(&mut jordan, PROGRAM, "Okafor", &["substance-use"]).await;
    let page = jordan.get(&format!("/restrictions/{id}")).await.expect(200);
    let page = page
        .shows("Waiting for an answer")
        .shows(WHY)
        .shows("Answer due by December");
    assert_eq!(page.title(), "A limit you asked for – Confide");
    jordan
        .get("/restrictions")
        .await
        .expect(200)
        .shows("Okafor")
        .shows("Substance use care")
        .shows("Harbor Light");
    assert!(
        seen(&portal, "Dr. Amara Okafor")
            .await
            .contains("Buprenorphine")
    );
    let entries = portal.since(patient, place).await;
    assert!(matches!(
        &entries[0].body.event,
        Event::RestrictionAsked { restriction, paid_in_full: false, .. } if *restriction == id
    ));
    jordan
        .open_history()
        .await
        .shows("Asked to keep something back");
    portal.assert_sound().await;
}

/// Errors stand beside their fields, and what was typed stays.
#[tokio::test]
async fn wrong_answers_are_explained() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let page = jordan.get("/restrictions/new").await.expect(200);
    let page = jordan
        .submit(&page.form("/restrictions/new").fill("why", "Short"))
        .await
        .expect(422)
        .shows("Choose who you ask.")
        .shows("Choose who should not see it.")
        .shows("Choose at least one part.")
        .shows("Say why, in 10 to 1,000 letters.")
        .shows("Short");
    assert!(page.links().contains(&"#why".to_owned()));
    // Somebody who is no choice, and a place that the record did not come from.
    let page = jordan.get("/restrictions/new").await.expect(200);
    let mut body = filled(&page, PROGRAM, "Okafor").encoded();
    let organization = choice(&page, "organization", PROGRAM);
    body = body.replace(&organization, "0b6c7a52-2f0e-4a53-9d3d-0123456789ab");
    jordan
        .post("/restrictions/new", body)
        .await
        .expect(422)
        .shows("Choose who you ask.");
}

/// LAW C4: what was agreed to binds until the patient ends it, with a fresh factor: others may see it again after that.
#[tokio::test]
async fn the_patient_ends_it() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.share(&Picks::OKAFOR_TREATS).await;
    let id = ask(&mut jordan, PROGRAM, "Okafor", &["substance-use"]).await;
    let mut solberg = portal.solberg().await;
    say(&mut solberg, id, "agree", "")
        .await
        .shows("they said yes");
    assert!(
        !seen(&portal, "Dr. Amara Okafor")
            .await
            .contains("Buprenorphine")
    );

    let mut jordan = portal.jordan().await;
    let path = format!("/restrictions/{id}");
    let page = jordan
        .get(&path)
        .await
        .expect(200)
        .shows("In force: they said yes");
    let page = jordan
        .submit(&page.form_with_button("End it now"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    jordan
        .get("/step-up")
        .await
        .shows("End a limit that you asked for")
        .hides("Okafor");
    assert!(
        !seen(&portal, "Dr. Amara Okafor")
            .await
            .contains("Buprenorphine")
    );
    assert_eq!(jordan.confirm().await, path);
    let page = jordan.get(&path).await.expect(200);
    let page = jordan
        .submit(&page.form_with_button("End it now"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some(path.as_str()));
    let page = jordan.get(&path).await.expect(200).shows("Ended");
    assert!(!page.text().contains("End it now"));
    assert!(
        seen(&portal, "Dr. Amara Okafor")
            .await
            .contains("Buprenorphine")
    );
    // Twice is once.
    jordan.post(&path, "").await.expect(303);
    let ends = portal.since(patient, 0).await;
    let ends = ends
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::RestrictionEnded { .. }));
    assert_eq!(ends.count(), 1);
    portal.assert_sound().await;
}

/// Somebody else's request is nobody's.
#[tokio::test]
async fn it_is_the_patients_own() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let id = ask(&mut jordan, PROGRAM, "Okafor", &["substance-use"]).await;
    let path = format!("/restrictions/{id}");
    let mut morgan = portal.morgan().await;
    morgan.get(&path).await.expect(404);
    morgan.post(&path, "").await.expect(404);
    let mut okafor = portal.okafor().await;
    for path in ["/restrictions", "/restrictions/new", &path] {
        okafor.get(path).await.expect(404);
    }
    let of = crate::restrictions::item(&portal, |item| item.kind.is_shown()).await;
    morgan
        .get(&format!("/restrictions/new?item={of}"))
        .await
        .expect(404);
    morgan
        .get("/restrictions/new?item=nonsense")
        .await
        .expect(200);
}
