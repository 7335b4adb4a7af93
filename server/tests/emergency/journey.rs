//! What the tests have in common: a clinician who opens a record in an emergency, by the forms of the pages.

use crate::support::{Browser, Form, Page, TestPortal};
use chrono::TimeDelta;
use domain::{
    id::{EmergencyId, PatientId},
    state::Emergency,
};
use store::{EmergencyEntry, Entry, Event};

/// What the emergency is in every test; a word no record has.
pub const NATURE: &str = "Found lifeless after a fall from zebra-striped scaffolding.";

/// A patient nobody has.
pub const NOBODY: &str = "0b6c7a52-2f0e-4a53-9d3d-0123456789ab";

/// The page of an address.
pub fn path(patient: PatientId) -> String {
    format!("/patients/{patient}/emergency")
}

/// Fills in everything but whose record it is.
pub fn filled(page: &Page) -> Form {
    page.form_with_field("nature")
        .fill("nature", NATURE)
        .choose("why", "unconscious")
        .choose("sure", "yes")
}

/// Sends the form, gives the fresh factor, and comes back to where it was asked for.
pub async fn confirm(who: &mut Browser<'_>, form: &Form) -> Page {
    let page = who.submit(form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let page = who.get("/step-up").await.expect(200);
    let page = page.shows("Open a record in an emergency");
    let form = who.code_form(&page);
    let page = who.submit(&form).await.expect(303);
    let back = page.location().expect("a way on").to_owned();
    who.get(&back).await.expect(200)
}

/// Opens the record of an address; the chart.
pub async fn break_glass(who: &mut Browser<'_>, patient: PatientId) -> Page {
    let page = who.get(&path(patient)).await.expect(200);
    let page = confirm(who, &filled(&page)).await;
    assert_eq!(page.path, path(patient));
    let page = page.shows("Your code was right");
    let form = page.form_with_button("Open the record for one hour");
    let page = who.submit(&form).await.expect(303);
    let chart = format!("/patients/{patient}");
    assert_eq!(page.location(), Some(chart.as_str()));
    who.get(&chart).await.expect(200)
}

/// Goes on for so many minutes, with a page now and then so that the session lasts.
pub async fn minutes(who: &mut Browser<'_>, count: i64) {
    for _ in 0..count / 10 {
        who.portal().clock.advance(TimeDelta::minutes(10));
        who.get("/account").await.expect(200);
    }
    who.portal().clock.advance(TimeDelta::minutes(count % 10));
}

/// The grants of a patient.
pub async fn grants(portal: &TestPortal, patient: PatientId) -> Vec<Emergency> {
    let state = portal.portal.store().policy_state(patient).await;
    state.expect("an answer").expect("a patient").emergencies
}

/// What the ledger says of grants that were opened.
pub fn opened(entries: &[Entry]) -> Vec<(EmergencyId, &EmergencyEntry, &Entry)> {
    entries
        .iter()
        .filter_map(|entry| match &entry.body.event {
            Event::EmergencyOpened {
                emergency, record, ..
            } => Some((
                *emergency,
                record.as_ref().expect("the record of 2.51(c)"),
                entry,
            )),
            _ => None,
        })
        .collect()
}

/// Somebody of the demo by name, signed in.
pub async fn signed_in<'p>(portal: &'p TestPortal, name: &str) -> Browser<'p> {
    let person = portal.person(name).clone();
    portal.anonymous().sign_in(&person).await
}
