//! What staff write down: an oral revocation closes at once, and nothing tells what was open (LAW A12, B5).

use crate::support::{Browser, Page, Picks, TestPortal};
use domain::consent::ConsentState;
use domain::id::ConsentId;
use store::Event;

/// Fills in the form and sends it.
async fn write_down(staff: &mut Browser<'_>, name: &str, what: &str, recipient: &str) -> Page {
    let page = staff.get("/office/told").await.expect(200);
    let form = page
        .form_with_field("note")
        .fill("name", name)
        .fill("birth", "1988-04-17")
        .choose("what", what)
        .choose("how", "by-phone")
        .fill("note", "She called and said she wants it to stop.")
        .choose("sure", "yes")
        .fill("recipient", recipient);
    staff.submit(&form).await
}

async fn state(portal: &TestPortal, consent: ConsentId) -> ConsentState {
    let patient = portal.patient_id("Jordan Reyes").await;
    let consents = portal.consents(patient).await;
    let found = consents.into_iter().find(|one| one.consent.id == consent);
    found.expect("the consent").state
}

/// LAW A12: what a patient said on the phone closes their sharing before the next look; they see who wrote it down and can
/// sign anew.
#[tokio::test]
async fn an_oral_revocation_closes_at_once() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await;
    let before = okafor.whole_chart(patient).await;
    assert!(before.iter().any(|page| page.body.contains("42 CFR")));

    let mut solberg = portal.solberg().await;
    let page = write_down(&mut solberg, "Jordan Alexis Reyes", "revoked", "").await;
    assert_eq!(page.expect(303).location(), Some("/office/told"));
    solberg
        .get("/office/told")
        .await
        .expect(200)
        .shows("Written down")
        .hides("Okafor, MD can");
    assert!(matches!(
        state(&portal, consent).await,
        ConsentState::Suspended { .. }
    ));
    let after = okafor.whole_chart(patient).await;
    assert!(
        after
            .iter()
            .all(|page| !page.body.contains("buprenorphine"))
    );
    jordan
        .get(&format!("/sharing/{consent}"))
        .await
        .expect(200)
        .shows("This agreement is on hold");
    jordan
        .open_history()
        .await
        .shows("Wrote down that sharing is to stop")
        .shows("Solberg");
    portal.assert_sound().await;
}

/// LAW B5: the answer is the same whether something was open or not, to everybody or to one.
#[tokio::test]
async fn nothing_tells_what_was_open() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut solberg = portal.solberg().await;
    let place = portal.length(patient).await;
    let nothing = write_down(&mut solberg, "Jordan Alexis Reyes", "revoked", "").await;
    let empty = solberg.get("/office/told").await;
    let mut jordan = portal.jordan().await;
    jordan.share(&Picks::OKAFOR_TREATS).await;
    let something = write_down(&mut solberg, "Jordan Alexis Reyes", "revoked", "").await;
    let full = solberg.get("/office/told").await;
    assert_eq!(nothing.status, something.status);
    assert_eq!(nothing.location(), something.location());
    assert_eq!(empty.text(), full.text());
    let entries = portal.since(patient, place).await;
    let told = entries
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::SharingToldToEnd { .. }))
        .count();
    assert_eq!(told, 2, "written down whether it ended something or not");
}

/// LAW A6: "until my treatment ends" ends when staff say so, and nothing else does.
#[tokio::test]
async fn the_end_of_the_treatment_ends_what_was_to_end_with_it() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let until_then = jordan
        .share(&Picks {
            ends: "treatment",
            ..Picks::OKAFOR_TREATS
        })
        .await;
    let until_a_day = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut solberg = portal.solberg().await;
    write_down(&mut solberg, "Jordan Alexis Reyes", "treatment-over", "")
        .await
        .expect(303);
    assert!(matches!(
        state(&portal, until_then).await,
        ConsentState::Ended { .. }
    ));
    assert!(matches!(
        state(&portal, until_a_day).await,
        ConsentState::Active
    ));
    portal.assert_sound().await;
}

/// What is about one recipient leaves the others alone; an unknown name stops nothing and says so; nobody without the duty
/// sees the page.
#[tokio::test]
async fn it_is_about_whom_it_names() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut solberg = portal.solberg().await;
    let vasquez = portal.person_id("Dr. Elena Vasquez").await;
    write_down(
        &mut solberg,
        "Jordan Alexis Reyes",
        "revoked",
        &format!("person:{vasquez}"),
    )
    .await
    .expect(303);
    assert!(matches!(
        state(&portal, consent).await,
        ConsentState::Active
    ));
    write_down(&mut solberg, "Nobody Here", "revoked", "")
        .await
        .expect(422)
        .shows("Nothing was stopped.");
    let mut morgan = portal.morgan().await;
    morgan.get("/office/told").await.expect(404);
    morgan.post("/office/told", "name=x").await.expect(404);
}
