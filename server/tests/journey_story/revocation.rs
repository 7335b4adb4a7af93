//! Step 4, undone: a revocation stands before the next look, and the ledger proves the order (LAW A11, A12, POLICY §6).

use crate::support::{Page, Picks, TestPortal, disclosures};
use chrono::TimeDelta;
use domain::{consent::ConsentState, id::ConsentId};
use store::Event;

fn words(pages: &[Page]) -> String {
    pages.iter().map(Page::text).collect()
}

/// The very next request shows none of it: not the chart, not the item that is open, not a copy.
#[tokio::test]
async fn the_next_request_shows_none_of_it() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    let before = okafor.whole_chart(patient).await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let during = okafor.whole_chart(patient).await;
    assert!(words(&during).contains("Buprenorphine") && words(&during).contains("HIV viral load"));
    let open = during
        .iter()
        .flat_map(Page::articles)
        .find(|article| article.text.contains("Buprenorphine"))
        .and_then(|article| article.href)
        .expect("an item");
    okafor.get(&open).await.expect(200).shows("Buprenorphine");

    let page = jordan.revoke(consent).await;
    page.shows("You stopped this. Sharing has ended.")
        .hides("Revoke: stop sharing");
    okafor.get(&open).await.expect(404).hides("Buprenorphine");
    let after = okafor.whole_chart(patient).await;
    let text = words(&after);
    for gone in [
        "Buprenorphine",
        "HIV",
        "Opioid",
        "A consent signed",
        "42 CFR",
    ] {
        assert!(!text.contains(gone), "{gone}");
    }
    // As if it had never been: but for the time of the page.
    let items = |pages: &[Page]| pages.iter().flat_map(Page::articles).collect::<Vec<_>>();
    assert_eq!(items(&after), items(&before));

    // In the ledger nothing that rests on it stands after it.
    let entries = portal.since(patient, 0).await;
    let place = |found: &dyn Fn(&Event) -> bool| {
        entries
            .iter()
            .find(|entry| found(&entry.body.event))
            .map(|entry| entry.seq)
    };
    let signed =
        place(&|event| matches!(event, Event::ConsentSigned { consent: id, .. } if *id == consent));
    let revoked =
        place(&|event| matches!(event, Event::ConsentRevoked { consent: id } if *id == consent));
    let (signed, revoked) = (signed.expect("signed"), revoked.expect("revoked"));
    let uses: Vec<u64> = disclosures(&entries)
        .iter()
        .filter(|entry| entry.rests_on(consent))
        .map(|entry| entry.seq)
        .collect();
    assert!(!uses.is_empty());
    assert!(uses.iter().all(|seq| signed < *seq && *seq < revoked));
    portal.assert_sound().await;
    // What was seen stays in the patient's view of it (LAW A12: history stays).
    let used = uses.len();
    let page = jordan.get(&format!("/sharing/{consent}")).await.expect(200);
    page.shows(&format!("It was used {used} times."))
        .shows("Dr. Amara Okafor");
}

/// One page, one button, a fresh factor; without it nothing ends.
#[tokio::test]
async fn revoking_takes_a_fresh_factor() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let other = jordan
        .share(&Picks {
            to: "prac-lindqvist",
            ..Picks::OKAFOR_TREATS
        })
        .await;
    let path = format!("/sharing/{consent}/revoke");
    let page = jordan.post(&path, "").await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    jordan
        .get("/step-up")
        .await
        .shows("Stop sharing: end an agreement that you signed")
        .hides("Okafor");
    assert_eq!(jordan.confirm().await, path);
    // The factor stands for this consent, not for the other one.
    let page = jordan
        .post(&format!("/sharing/{other}/revoke"), "")
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(
        portal
            .consents(patient)
            .await
            .iter()
            .all(|one| matches!(one.state, ConsentState::Active))
    );
    jordan.post(&path, "").await.expect(303);
    let revoked: Vec<ConsentId> = portal
        .consents(patient)
        .await
        .iter()
        .filter(|one| matches!(one.state, ConsentState::Revoked { .. }))
        .map(|one| one.consent.id)
        .collect();
    assert_eq!(revoked, [consent]);
}

/// Twice, or from a page that was left open: the one page that says it has ended, and one entry.
#[tokio::test]
async fn twice_is_once() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    jordan.revoke(consent).await;
    let own = format!("/sharing/{consent}");
    let path = format!("{own}/revoke");
    for page in [
        jordan.get(&path).await,
        jordan.post(&path, "").await,
        jordan.post(&path, "").await,
    ] {
        let page = page.expect(303);
        assert_eq!(page.location(), Some(own.as_str()));
    }
    jordan
        .get(&own)
        .await
        .expect(200)
        .shows("You stopped this. Sharing has ended.");
    let count = portal
        .since(patient, 0)
        .await
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::ConsentRevoked { .. }))
        .count();
    assert_eq!(count, 1);
    jordan
        .open_sharing()
        .await
        .shows("You stopped it")
        .shows("You have no sharing agreement in force.");
    portal.assert_sound().await;
}

/// LAW A11: a consent ends with its last day, without anybody doing anything.
#[tokio::test]
async fn a_consent_ends_with_its_term() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let picks = Picks {
        date: "2026-11-24",
        ..Picks::OKAFOR_TREATS
    };
    let consent = jordan.share(&picks).await;
    // The last moments of November 24 in the portal's zone (six hours behind).
    let end = chrono::DateTime::parse_from_rfc3339("2026-11-25T06:00:00Z")
        .expect("an instant")
        .to_utc();
    portal.clock.set(end - TimeDelta::minutes(5));
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    let during = okafor.whole_chart(patient).await;
    assert!(words(&during).contains("Buprenorphine"));
    assert!(words(&during).contains("in force until the end of November 24, 2026"));
    portal.clock.set(end);
    let after = okafor.whole_chart(patient).await;
    assert!(
        !words(&after).contains("Buprenorphine") && !words(&after).contains("A consent signed")
    );
    let entries = disclosures(&portal.since(patient, 0).await);
    let (with, without): (Vec<_>, Vec<_>) =
        entries.iter().partition(|entry| entry.rests_on(consent));
    assert!(
        with.iter()
            .all(|one| without.last().is_some_and(|last| one.seq < last.seq))
    );
    let mut jordan = portal.jordan().await;
    jordan
        .get(&format!("/sharing/{consent}"))
        .await
        .expect(200)
        .shows("This agreement ran until the end of November 24, 2026.");
    jordan.open_sharing().await.shows("Ran out");
    jordan
        .open_home()
        .await
        .shows("You are not sharing anything by an agreement now.");
    // An ended one can't be revoked any more: its page says how it ended.
    let page = jordan
        .get(&format!("/sharing/{consent}/revoke"))
        .await
        .expect(303);
    assert_eq!(
        page.location(),
        Some(format!("/sharing/{consent}").as_str())
    );
    portal.assert_sound().await;
}

/// Somebody who could see a chart by a consent alone is a stranger again.
#[tokio::test]
async fn without_the_consent_a_stranger_again() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Morgan Ellis").await;
    let mut morgan = portal.morgan().await;
    let mut vasquez = portal.vasquez().await;
    let stranger = vasquez.open_patients().await;
    let refused = vasquez
        .declare(patient, "treatment")
        .await
        .expect(404)
        .essence(&[]);
    let picks = Picks {
        to: "prac-vasquez",
        segments: &["general"],
        part2: false,
        ..Picks::OKAFOR_TREATS
    };
    let consent = morgan.share(&picks).await;
    vasquez
        .get(&format!("/patients/{patient}"))
        .await
        .expect(200)
        .shows("High blood pressure");
    assert!(
        vasquez
            .open_patients()
            .await
            .links()
            .contains(&format!("/patients/{patient}"))
    );
    morgan.revoke(consent).await;
    let page = vasquez
        .get(&format!("/patients/{patient}"))
        .await
        .expect(404);
    assert_eq!(page.essence(&[]), refused);
    assert_eq!(vasquez.open_patients().await.rows(), stranger.rows());
    portal.assert_sound().await;
}
