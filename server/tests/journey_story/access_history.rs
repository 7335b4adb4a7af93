//! Step 6: everything is in the ledger before it is on the screen, and the patient reads it (LAW C2, F2, F3).

use crate::support::{Picks, TestPortal};
use store::Event;

/// Who, what, why, on which consent; denied tries too; the newest first.
#[tokio::test]
async fn the_patient_reads_who_looked_and_why() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = portal.okafor().await;
    let chart = okafor.declare(patient, "treatment").await.expect(200);
    let count = chart.articles().len() + 1;
    let unknown = format!("/patients/{patient}/records/0b6c7a52-2f0e-4a53-9d3d-0123456789ab");
    okafor.get(&unknown).await.expect(404);
    let mut lindqvist = portal.lindqvist().await;
    lindqvist.declare(patient, "payment").await.expect(200);
    lindqvist.get(&unknown).await.expect(404);

    let page = jordan.open_history().await;
    let rows = page.rows();
    let line = |who: &str, what: &str| {
        rows.iter()
            .position(|row| row.contains(who) && row.contains(what))
            .unwrap_or_else(|| panic!("no line of {who}: {what} in {rows:#?}"))
    };
    let looked = line("Dr. Amara Okafor", &format!("Looked at {count} items"));
    assert!(rows[looked].contains("Treatment"), "{}", rows[looked]);
    assert!(
        rows[looked].contains("You agreed to it"),
        "{}",
        rows[looked]
    );
    assert!(
        rows[looked].contains("They care for you"),
        "{}",
        rows[looked]
    );
    assert!(page.links().contains(&format!("/sharing/{consent}")));
    let denied = line("Dr. Amara Okafor", "Tried to look and was turned down");
    let other = line("Dr. Tobias Lindqvist", "Tried to look and was turned down");
    assert!(rows[other].contains("Paying for care"), "{}", rows[other]);
    assert!(other < denied && denied < looked, "the newest first");
    let signed = line("You", "Signed an agreement to share");
    let confirmed = line("You", "Confirmed with a code");
    assert!(looked < signed && signed < confirmed);
    line("You", "Signed in");
    line("This website", "Added");
    // What was tried is told, not what was looked for.
    let page = page.hides("0b6c7a52");
    assert!(page.title().starts_with("Who looked"));
    // The home page says the same of others' looks.
    jordan.open_home().await.shows(&format!(
        "Dr. Amara Okafor, MD (Maple Street Family Practice): Looked at {count} items"
    ));
    portal.assert_sound().await;
}

/// Line by line the history is the ledger: none left out, none twice, over all its pages.
#[tokio::test]
async fn every_entry_is_a_line() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    for _ in 0..60 {
        jordan.open_records().await;
    }
    let entries = portal.since(patient, 0).await;
    let looks = |event: &Event| matches!(event, Event::Disclosed { .. });
    let views = entries
        .iter()
        .filter(|entry| looks(&entry.body.event))
        .count();
    assert!(views >= 60);
    let pages = jordan.pages("/access-history".to_owned()).await;
    let rows: Vec<String> = pages.iter().flat_map(crate::support::Page::rows).collect();
    assert_eq!(rows.len(), entries.len());
    assert_eq!(
        rows.iter().filter(|row| row.contains("Looked")).count(),
        views
    );
    assert!(
        rows.iter()
            .all(|row| !row.contains("Changed who may see what") || !row.contains("You"))
    );
    // Reading the history opens no record, so it writes no entry of its own.
    assert_eq!(portal.length(patient).await, entries.len() as u64);
    // A page number of nowhere is an empty page, not an error.
    jordan
        .get("/access-history?before=0")
        .await
        .expect(200)
        .shows("There is nothing older.");
    jordan.get("/access-history?before=x").await.expect(200);
}

/// Each entry says who acted, in which session and request (LAW F1), and the links hold (LAW F3).
#[tokio::test]
async fn entries_name_their_request() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let place = portal.length(patient).await;
    let page = jordan.open_records().await;
    let entries = portal.since(patient, place).await;
    assert_eq!(entries.len(), 1);
    let stamp = &entries[0].body.stamp;
    assert_eq!(
        stamp.actor.person,
        Some(portal.person_id("Jordan Reyes").await)
    );
    assert!(stamp.actor.account.is_some() && stamp.session.is_some());
    let request = stamp.request.expect("a request").to_string();
    assert_eq!(page.header("x-request-id"), request);
    let page = jordan.open_records().await;
    let next = portal.since(patient, place + 1).await;
    assert_ne!(page.header("x-request-id"), request);
    assert_eq!(next[0].body.stamp.session, stamp.session, "one session");
    let integrity = portal
        .portal
        .store()
        .verify_integrity(|_, _| {})
        .await
        .expect("a report");
    assert!(integrity.is_sound());
    portal.assert_sound().await;
}

/// A clinician's list of patients is a look at each name on it.
#[tokio::test]
async fn a_list_of_names_is_a_look() {
    let portal = TestPortal::new().await;
    let morgan = portal.patient_id("Morgan Ellis").await;
    let mut okafor = portal.okafor().await;
    let place = portal.length(morgan).await;
    okafor.open_patients().await;
    let entries = portal.since(morgan, place).await;
    assert_eq!(crate::support::disclosures(&entries).len(), 1);
    let mut morgan = portal.morgan().await;
    let rows = morgan.open_history().await.rows();
    assert!(
        rows.iter()
            .any(|row| row.contains("Dr. Amara Okafor") && row.contains("Looked at 1 item")),
        "{rows:?}"
    );
}
