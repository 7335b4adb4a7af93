//! The organization's side.

use crate::restrictions::{WHY, ask, say, seen};
use crate::support::{Picks, TestPortal, records};
use chrono::TimeDelta;
use store::Event;

const PROGRAM: &str = "Harbor Light";

/// LAW C4, 42 CFR 2.26: the privacy officer of whom was asked reads it, agrees, and it binds at once; whom it doesn't name
/// sees on; each step stands in the ledger, where the patient reads of it.
#[tokio::test]
async fn an_agreement_binds_at_once() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.share(&Picks::OKAFOR_TREATS).await;
    let id = ask(&mut jordan, PROGRAM, "Okafor", &["substance-use"]).await;
    let place = portal.length(patient).await;

    let mut solberg = portal.solberg().await;
    let office = solberg.get("/office").await.expect(200);
    assert!(office.links().contains(&"/office/restrictions".to_owned()));
    let queue = solberg.get("/office/restrictions").await.expect(200);
    let queue = queue.shows("Okafor").hides(WHY).hides("Jordan");
    assert!(
        queue
            .links()
            .contains(&format!("/office/restrictions/{id}"))
    );
    solberg
        .get(&format!("/office/restrictions/{id}"))
        .await
        .expect(200)
        .shows("Jordan Alexis Reyes")
        .shows(WHY)
        .shows("Substance use care");
    say(&mut solberg, id, "agree", "")
        .await
        .shows("In force: they said yes");
    let okafor = seen(&portal, "Dr. Amara Okafor").await;
    assert!(!okafor.contains("Buprenorphine") && !okafor.is_empty());
    assert!(
        seen(&portal, "Dr. Elena Vasquez")
            .await
            .contains("Buprenorphine")
    );

    let events = portal.since(patient, place).await;
    let told = |wanted: &dyn Fn(&Event) -> bool| events.iter().any(|one| wanted(&one.body.event));
    assert!(told(
        &|event| matches!(event, Event::RestrictionLookedAt { restriction } if *restriction == id)
    ));
    assert!(told(
        &|event| matches!(event, Event::RestrictionAdded { restriction } if *restriction == id)
    ));
    let mut jordan = portal.jordan().await;
    jordan
        .open_history()
        .await
        .shows("Agreed to keep something back")
        .shows("Read what you asked to be kept back");
    portal.assert_sound().await;
}

/// LAW C4: the organization may refuse, with a reason that the patient reads; nothing is kept back by that. The letter says
/// no more than that there is something to read (LAW B6).
#[tokio::test]
async fn a_refusal_has_a_reason() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    jordan.share(&Picks::OKAFOR_TREATS).await;
    let id = ask(&mut jordan, PROGRAM, "Okafor", &["substance-use"]).await;
    let mut solberg = portal.solberg().await;
    let path = format!("/office/restrictions/{id}");
    let page = solberg.get(&path).await.expect(200);
    let form = page.form_with_field("say").choose("say", "refuse");
    solberg
        .submit(&form)
        .await
        .expect(422)
        .shows("Write 10 to 1,000 letters.");
    let form = page.form_with_field("say");
    solberg
        .submit(&form)
        .await
        .expect(422)
        .shows("Choose an answer.");
    let why = "Dr. Okafor needs it to treat you safely.";
    let page = say(&mut solberg, id, "refuse", why)
        .await
        .shows("They said no")
        .shows(why);
    assert_eq!(page.count("form[method=post] textarea"), 0, "answered once");
    assert!(
        seen(&portal, "Dr. Amara Okafor")
            .await
            .contains("Buprenorphine")
    );
    let mut jordan = portal.jordan().await;
    jordan
        .get(&format!("/restrictions/{id}"))
        .await
        .expect(200)
        .shows("They said no")
        .shows(why);
    // An answer from a page that was left open changes nothing.
    let mut other = portal.solberg().await;
    other
        .post(&path, "say=agree&words=")
        .await
        .expect(422)
        .shows("It changed in the meantime.");
    portal.assert_sound().await;
}

/// LAW C4, 164.522(a)(2)(iii): what the organization ends is over for what comes later; what was there stays kept back.
#[tokio::test]
async fn an_end_reaches_what_comes_later() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    jordan.share(&Picks::OKAFOR_TREATS).await;
    let id = ask(&mut jordan, PROGRAM, "Okafor", &["substance-use"]).await;
    let mut solberg = portal.solberg().await;
    say(&mut solberg, id, "agree", "").await;
    say(
        &mut solberg,
        id,
        "end",
        "Our care teams have to work together.",
    )
    .await
    .shows("In force for what was there before they ended it");
    let later = serde_json::json!({
        "resourceType": "Condition",
        "id": "after-the-end",
        "subject": { "reference": "Patient/demo-patient-1" },
        "code": { "coding": [{
            "system": "http://hl7.org/fhir/sid/icd-10-cm",
            "code": "F10.20",
            "display": "Alcohol dependence, uncomplicated"
        }], "text": "Alcohol dependence, newly found" },
        "recordedDate": "2026-11-20"
    });
    portal.add(records::JORDAN, &[later]).await;
    let okafor = seen(&portal, "Dr. Amara Okafor").await;
    assert!(
        !okafor.contains("Buprenorphine"),
        "what was there stays kept back"
    );
    assert!(
        okafor.contains("newly found"),
        "what came later is not: {okafor}"
    );
    // The patient may end the rest.
    let mut jordan = portal.jordan().await;
    let page = jordan.get(&format!("/restrictions/{id}")).await.expect(200);
    page.form_with_button("End it now");
    portal.assert_sound().await;
}

/// Only the privacy officers of whom was asked; everybody else's answer is the one page there is.
#[tokio::test]
async fn it_is_for_whom_was_asked() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let id = ask(&mut jordan, PROGRAM, "Okafor", &["substance-use"]).await;
    let path = format!("/office/restrictions/{id}");
    let nobodys = "/office/restrictions/0b6c7a52-2f0e-4a53-9d3d-0123456789ab";
    let house = portal.house_since(0).await.len();
    for name in ["Dr. Amara Okafor", "Noor Haddad", "Jordan Reyes"] {
        let person = portal.person(name).clone();
        let mut somebody = portal.anonymous().sign_in(&person).await;
        let real = somebody.get(&path).await.expect(404);
        let none = somebody.get(nobodys).await.expect(404);
        assert_eq!(real.essence(&[]), none.essence(&[]), "{name}");
        somebody.get("/office/restrictions").await.expect(404);
        somebody.post(&path, "say=agree&words=").await.expect(404);
    }
    assert!(portal.house_since(0).await.len() > house);
    // Late after thirty days.
    let mut solberg = portal.solberg().await;
    solberg.get("/office/restrictions").await.expect(200);
    portal.clock.advance(TimeDelta::days(31));
    let mut solberg = portal.solberg().await;
    solberg
        .get("/office/restrictions")
        .await
        .expect(200)
        .shows("Late since");
}
