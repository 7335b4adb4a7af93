//! What the tests add to the demo: items that wait, an officer of another house, and the steps of a review.

use crate::support::{
    Browser, Page, TestPortal,
    records::{JORDAN, PRACTICE, PROGRAM, note, observation},
};
use confide::demo::people::SignIn;
use data_encoding::BASE32_NOPAD;
use domain::{
    id::{ItemId, PatientId, PersonId},
    item::ItemFacts,
    label::LabelSet,
    party::{Membership, Role, Span},
};
use portal::{accounts, import::organization_id};
use serde_json::Value;
use store::{PersonRecord, Stamp};

pub const JORDANS: &str = "Patient/demo-patient-1";
/// Words that nothing vouches for.
pub const WORDS: &str = "Zorblax quintuple frimble wexley as before, see the blue folder for it.";
/// Words against a code: sensitive ones on an ordinary measurement.
pub const AT_ODDS: &str = "Heart rate after methadone";

/// A note of the program that waits to be looked at.
pub fn a_note() -> Value {
    note(
        "review-note",
        JORDANS,
        PROGRAM,
        WORDS,
        "2026-09-01T10:00:00Z",
    )
}

/// A measurement of the program whose words are at odds with its code.
pub fn at_odds() -> Value {
    observation(
        "review-odds",
        JORDANS,
        PROGRAM,
        "8867-4",
        AT_ODDS,
        "2026-09-02T10:00:00Z",
    )
}

/// A note of an ordinary practice that waits.
pub fn of_the_practice() -> Value {
    note(
        "review-other",
        JORDANS,
        PRACTICE,
        WORDS,
        "2026-09-03T10:00:00Z",
    )
}

/// The demo with an item of each kind that waits; whose record it is.
pub async fn with_items(test: &TestPortal) -> PatientId {
    let all = [a_note(), at_odds(), of_the_practice()];
    test.add(JORDAN, &all).await;
    test.patient_id("Jordan Reyes").await
}

/// The item as the store has it: found by its day, which no other item of the record has.
pub async fn facts(test: &TestPortal, patient: PatientId, day: &str) -> ItemFacts {
    let chart = test.portal.store().chart(patient).await.expect("an answer");
    let items = chart.expect("a chart").items;
    let mut items = items.iter();
    let of_day = items.find(|item| {
        item.when
            .is_some_and(|when| when.date_naive().to_string() == day)
    });
    of_day.expect("an item of that day").clone()
}

pub const NOTE: &str = "2026-09-01";
pub const ODDS: &str = "2026-09-02";
pub const OTHER: &str = "2026-09-03";

pub async fn labels(test: &TestPortal, patient: PatientId, day: &str, path: &str) -> LabelSet {
    let facts = facts(test, patient, day).await;
    let part = facts.parts.iter().find(|part| part.path == path);
    part.expect("a part").labels
}

/// A privacy officer of the practice, signed in.
pub async fn of_another_house(test: &TestPortal) -> Browser<'_> {
    let id = PersonId::derived("fhir", "Practitioner/officer-elsewhere");
    let store = test.portal.store();
    let record = PersonRecord {
        memberships: vec![Membership {
            organization: organization_id(&format!("Organization/{PRACTICE}")),
            role: Role::PrivacyOfficer,
            span: Span {
                from: crate::support::began(),
                until: None,
            },
        }],
        ..PersonRecord::named(id, "Ottilie Brandt")
    };
    let put = store.put_person(&Stamp::SYSTEM, record).await;
    put.expect("an officer");
    account(test, id, "brandt@demo.example", Role::PrivacyOfficer).await
}

/// An account for somebody, in this role, signed in.
pub async fn account<'a>(
    test: &'a TestPortal,
    person: PersonId,
    sign_in: &str,
    role: Role,
) -> Browser<'a> {
    let entry = SignIn {
        name: sign_in.to_owned(),
        role: role.name().to_owned(),
        sign_in: sign_in.to_owned(),
        password: "a-long-enough-password-for-tests".to_owned(),
        totp_secret: BASE32_NOPAD.encode(sign_in.repeat(2).as_bytes().get(..20).expect("20")),
        what_for: String::new(),
    };
    let new = accounts::NewAccount {
        sign_in: entry.sign_in.clone(),
        password: entry.password.as_str().into(),
        person,
        roles: vec![role],
        totp_secret: entry.secret().expect("a secret"),
    };
    let made = accounts::create(&test.portal, &Stamp::SYSTEM, new).await;
    made.expect("an account");
    test.anonymous().sign_in(&entry).await
}

/// The item's page.
pub fn desk(item: ItemId) -> String {
    format!("/office/labels/{item}")
}

/// What a reviewer says on the item's page; the answer.
pub async fn say(
    officer: &mut Browser<'_>,
    item: ItemId,
    outcome: &str,
    labels: &[&str],
    because: &str,
) -> Page {
    let page = officer.get(&desk(item)).await.expect(200);
    let mut form = page.form_with_button("Save").choose("outcome", outcome);
    // With several parts that wait, all are meant here.
    for part in ["content[0]", "code"] {
        if page
            .body
            .contains(&format!("name=\"parts\" value=\"{part}\""))
            && page.body.contains("type=\"checkbox\" id=\"parts\"")
        {
            form = form.choose("parts", part);
        }
    }
    for label in labels {
        form = form.choose("labels", label);
    }
    officer.submit(&form.fill("because", because)).await
}

/// Approves what is proposed for an item, with step-up; the answer to the second press.
pub async fn approve(officer: &mut Browser<'_>, item: ItemId) -> Page {
    let page = officer.get(&desk(item)).await.expect(200);
    let form = page.form_with_button("Agree and take it off");
    let page = officer.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let page = officer.get("/step-up").await.expect(200);
    let page = officer.submit(&officer.code_form(&page)).await.expect(303);
    assert_eq!(page.location(), Some(desk(item).as_str()));
    let page = officer.get(&desk(item)).await.expect(200);
    let form = page.form_with_button("Agree and take it off");
    officer.submit(&form).await
}
