//! The patient is told: on the start page until they read it, in the history, and by a letter that says nothing.

use crate::emergency::journey::{NATURE, break_glass, grants, minutes, signed_in};
use crate::support::{Browser, TestPortal};
use chrono::TimeDelta;
use domain::id::{EmergencyId, PatientId};
use store::Event;

async fn happened(portal: &TestPortal) -> (PatientId, EmergencyId) {
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = signed_in(portal, "Dr. Amara Okafor").await;
    break_glass(&mut okafor, patient).await;
    let id = grants(portal, patient).await[0].id;
    (patient, id)
}

fn account(id: EmergencyId) -> String {
    format!("/access-history/notices/{id}")
}

/// LAW E1: it stands on the start page until the patient says they read it; the nature of the emergency does not.
#[tokio::test]
async fn the_patient_is_told_until_they_read_it() {
    let portal = TestPortal::new().await;
    signed_in(&portal, "Jordan Reyes")
        .await
        .get("/home")
        .await
        .expect(200)
        .hides("in an emergency");
    let (patient, id) = happened(&portal).await;
    let mut jordan = signed_in(&portal, "Jordan Reyes").await;
    for _ in 0..2 {
        let page = jordan.get("/home").await.expect(200);
        let page = page
            .shows("Amara Okafor opened your record in an emergency on")
            .hides("scaffolding");
        assert!(page.links().contains(&account(id)));
    }
    let page = jordan.get(&account(id)).await.expect(200);
    let page = page
        .shows(NATURE)
        .shows("The patient is unconscious.")
        .shows("Maple Street Family Practice")
        .shows("Harbor Light Recovery")
        .shows("It is open to them now.")
        .shows("A privacy officer has not checked this yet.");
    assert!(page.title().starts_with("Who looked"));
    let place = portal.length(patient).await;
    let form = page.form_with_button("I have read this");
    let page = jordan.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/home"));
    jordan
        .get("/home")
        .await
        .expect(200)
        .hides("in an emergency on");
    let entries = portal.since(patient, place).await;
    assert!(matches!(
        entries[..],
        [ref entry] if matches!(entry.body.event, Event::EmergencyAcknowledged { concern: false, .. })
    ));
    portal.assert_sound().await;
}

/// LAW E1, F2: the history has the opening and every look, each as an emergency, with a way to read why.
#[tokio::test]
async fn the_history_has_each_look() {
    let portal = TestPortal::new().await;
    let (_, id) = happened(&portal).await;
    let mut jordan = signed_in(&portal, "Jordan Reyes").await;
    let page = jordan.get("/access-history").await.expect(200);
    let rows = page.rows();
    let opened = rows
        .iter()
        .find(|row| row.contains("Opened your record in an emergency"))
        .expect("the opening");
    assert!(opened.contains("Okafor") && opened.contains("Emergency treatment"));
    let look = rows
        .iter()
        .find(|row| row.contains("Looked at") && row.contains("Okafor"))
        .expect("the look");
    assert!(look.contains("Emergency treatment"), "{look}");
    assert!(page.links().contains(&account(id)));
}

/// LAW C6: the patient reports a concern, and the reviewer reads it.
#[tokio::test]
async fn a_concern_is_reported() {
    let portal = TestPortal::new().await;
    let (patient, id) = happened(&portal).await;
    let mut jordan = signed_in(&portal, "Jordan Reyes").await;
    let page = jordan.get(&account(id)).await.expect(200);
    let form = page.form_with_button("Report a concern");
    jordan
        .submit(&form)
        .await
        .expect(422)
        .shows("Tell us what is wrong.");
    jordan
        .submit(&form.clone().fill("concern", &"x".repeat(1_001)))
        .await
        .expect(422)
        .shows("Use 1,000 letters or fewer.");
    let place = portal.length(patient).await;
    let words = "I was at work that day, and <b>awake</b>.";
    jordan
        .submit(&form.fill("concern", words))
        .await
        .expect(303);
    jordan.get(&account(id)).await.expect(200).shows(words);
    assert!(
        portal
            .since(patient, place)
            .await
            .iter()
            .any(|entry| matches!(
                entry.body.event,
                Event::EmergencyAcknowledged { concern: true, .. }
            ))
    );
    let mut solberg = signed_in(&portal, "Renata Solberg").await;
    let page = solberg.get("/office/emergencies").await.expect(200);
    page.shows("The patient reported a concern").hides("awake");
    let page = solberg.get(&format!("/office/emergencies/{id}")).await;
    page.expect(200).shows(words);
}

async fn assert_hidden(who: &mut Browser<'_>, id: EmergencyId) {
    who.get(&account(id)).await.expect(404);
    who.post(&account(id), "do=read").await.expect(404);
}

/// LAW B5: nobody else reads it, and who has none is told nothing.
#[tokio::test]
async fn nobody_else_is_told() {
    let portal = TestPortal::new().await;
    let (patient, id) = happened(&portal).await;
    let place = portal.length(patient).await;
    for name in ["Morgan Ellis", "Dr. Amara Okafor", "Renata Solberg"] {
        let mut other = signed_in(&portal, name).await;
        assert_hidden(&mut other, id).await;
    }
    let mut morgan = signed_in(&portal, "Morgan Ellis").await;
    morgan
        .get("/home")
        .await
        .expect(200)
        .hides("in an emergency");
    assert_eq!(portal.length(patient).await, place);
}

/// LAW B6: a letter goes to the patient, and says nothing but that there is something to read.
#[tokio::test]
async fn a_neutral_letter_goes_out() {
    let portal = TestPortal::new().await;
    let store = portal.portal.store();
    waiting(store).await;
    happened(&portal).await;
    let new: Vec<_> = waiting(store)
        .await
        .into_iter()
        .filter(|(to, letter)| {
            to == "jordan@demo.example" && letter.kind == ::portal::letters::Kind::ToRead
        })
        .collect();
    assert_eq!(new.len(), 1);
    let words = app::letters::words(&new[0].1, "The portal", chrono_tz::UTC);
    assert!(
        words.text.contains("something new for you to read"),
        "{}",
        words.text
    );
    let all = format!("{} {}", words.subject, words.text).to_lowercase();
    for never in ["emergency", "record", "okafor", "health", "doctor", "http"] {
        assert!(!all.contains(never), "{never} in {all}");
    }
}

/// The letters that wait, taken away.
async fn waiting(store: &store::Store) -> Vec<(String, ::portal::letters::Letter)> {
    let letters = store.take_letters(1_000, TimeDelta::days(1)).await;
    letters
        .expect("letters")
        .into_iter()
        .filter_map(|waiting| {
            let letter = ::portal::letters::Letter::read(&waiting.letter.what)?;
            Some((waiting.letter.to, letter))
        })
        .collect()
}

/// LAW E1: an emergency of long ago is still the patient's to read.
#[tokio::test]
async fn it_stays_readable_when_it_is_over() {
    let portal = TestPortal::new().await;
    let (_, id) = happened(&portal).await;
    let mut jordan = signed_in(&portal, "Jordan Reyes").await;
    minutes(&mut jordan, 61).await;
    let page = jordan.get(&account(id)).await.expect(200);
    page.hides("It is open to them now.").shows("Closed");
}
