//! What a viewer may not know sends nothing (POLICY §5): a stream says only what the viewer lost themselves.

use crate::open_pages::{SOON, chart, closed, page, silent};
use crate::support::{Picks, TestPortal, records};
use store::Stamp;

/// Consents for others, parts that the viewer may not see, and what opens more close nothing.
#[tokio::test]
async fn changes_beyond_what_the_viewer_sees_send_nothing() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await.hides("Buprenorphine");
    let mut told = okafor.events(&[&own]).await;
    let mut jordan = portal.jordan().await;

    // Somebody else's consent, signed and revoked.
    let others = Picks {
        to: "prac-lindqvist",
        ..Picks::OKAFOR_TREATS
    };
    let consent = jordan.share(&others).await;
    jordan.revoke(consent).await;
    // A note that waits for a review, which okafor doesn't see.
    let note = records::note(
        "silent-note",
        "Patient/demo-patient-1",
        records::PROGRAM,
        "Zorblax quintuple frimble wexley as before.",
        "2026-09-01T10:00:00Z",
    );
    portal.add(records::JORDAN, &[note]).await;
    // More than before is no reason to close what is shown.
    jordan.share(&Picks::OKAFOR_TREATS).await;
    silent(&mut told).await;
    assert!(!told.raw.contains("close"), "{}", told.raw);
}

/// A part that comes to an item and that the viewer may not see does not close the item's page, though the parts after it
/// have other numbers now; a part that they saw and may not see any more does, also when others come with it.
#[tokio::test]
async fn a_hidden_part_that_comes_closes_nothing() {
    const DAY: &str = "2026-09-11";
    let sprain = |code: &str, text: &str, note: Option<&str>| {
        let (id, whose) = ("silent-sprain", "Patient/demo-patient-1");
        let mut sprain = records::condition(id, whose, records::PRACTICE, code, text, DAY);
        if let Some(note) = note {
            sprain["note"] = serde_json::json!([{ "text": note }]);
        }
        sprain
    };
    let portal = TestPortal::new().await;
    let ankle = |note| sprain("S93.402A", "Sprain of the left ankle", note);
    portal.add(records::JORDAN, &[ankle(None)]).await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = portal.okafor().await;
    let charts = okafor.declare(patient, "treatment").await.expect(200);
    let item = charts
        .articles()
        .into_iter()
        .find(|article| article.text.contains("Sprain of the left ankle"))
        .and_then(|article| article.href)
        .expect("the item");
    let own = page(&mut okafor, &item).await;
    let mut told = okafor.events(&[&own]).await;
    let hidden = "Zorblax quintuple frimble wexley as before.";
    portal.add(records::JORDAN, &[ankle(Some(hidden))]).await;
    silent(&mut told).await;
    page(&mut okafor, &item).await.hides("Zorblax");
    // What it is about is another now, and not theirs to see.
    let other = sprain("F33.1", "Major depressive disorder", None);
    portal.add(records::JORDAN, &[other]).await;
    assert_eq!(closed(&mut told, 1, SOON).await, [0]);
}

/// A consent that is one of two on which the same parts rest takes nothing away when it goes.
#[tokio::test]
async fn what_another_consent_still_opens_stays() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let first = jordan.share(&Picks::OKAFOR_TREATS).await;
    let second = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await.shows("Buprenorphine");
    let mut told = okafor.events(&[&own]).await;
    jordan.revoke(first).await;
    silent(&mut told).await;
    jordan.revoke(second).await;
    assert!(told.next(crate::open_pages::SOON).await.is_some());
}

/// The tickets of two charts, of which one has more that the viewer may not see, are alike.
#[tokio::test]
async fn a_ticket_tells_nothing() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    let before = chart(&mut okafor, patient).await;
    // A longer chain of entries, and a hidden item.
    let store = portal.portal.store();
    for _ in 0..300 {
        let event = store::Event::SignInFailed;
        let chain = store::Chain::Patient(patient);
        let kept = store.append(&Stamp::SYSTEM, chain, event).await;
        kept.expect("an entry");
    }
    let after = okafor
        .get(&format!("/patients/{patient}"))
        .await
        .expect(200);
    let (before, after) = (before.ticket.expect("one"), after.ticket.expect("one"));
    assert_eq!(before.len(), after.len());
    assert_ne!(before, after);
    // The page for what can't be shown carries one as well, whoever asked for what.
    let denied = okafor
        .get("/patients/0b6c7a52-2f0e-4a53-9d3d-0123456789ab")
        .await;
    let missing = okafor.get("/no-such-page").await;
    assert_eq!(
        denied.ticket.expect("one").len(),
        missing.ticket.expect("one").len()
    );
}
