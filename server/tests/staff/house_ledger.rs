//! The house's ledger on a page: who reads it and what of it, narrowing, checking, and taking a copy.

use crate::staff::cast::{FIRST, confirm, length, newcomer, signed_in};
use crate::support::{ORIGIN, TestPortal};
use chrono::TimeDelta;
use domain::clock::Clock;
use domain::party::Role;
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::Value;
use store::{Chain, Event, Stamp};

const PATH: &str = "/office/audit";

/// 45 CFR 164.308(a)(1)(ii)(D): administrators and privacy officers read who did what and when, in words. Patients are
/// never named, whatever the entry is about.
#[tokio::test]
async fn the_ledger_is_read_in_words_without_patients_names() {
    let test = TestPortal::new().await;
    let patient = newcomer(&test, Role::Patient).await;
    test.anonymous().sign_in(&patient).await;
    test.anonymous()
        .give_password("nobody@test.example", "not-a-password-of-anybody")
        .await
        .expect(422);
    let person = test.person(FIRST).clone();
    test.anonymous()
        .give_password(&person.sign_in, "not-the-password")
        .await
        .expect(422);
    let mut admin = signed_in(&test, FIRST).await;
    let page = admin.get(PATH).await.expect(200);
    let page = page
        .shows("Noor Haddad, Administrator")
        .shows("Signed in")
        .shows("A patient's account")
        .shows("Somebody we don't know")
        .shows("Typed a wrong password for the account of Noor Haddad")
        .shows("A file was taken in");
    for hidden in [patient.name.as_str(), "Jordan", "Morgan", "@"] {
        let hides = !page.text().contains(hidden);
        assert!(hides, "{hidden}: {}", page.text());
    }
    let mut officer = test.solberg().await;
    officer.get(PATH).await.expect(200);
    for who in ["Dr. Amara Okafor", "June Abernathy", "Jordan Reyes"] {
        let mut other = signed_in(&test, who).await;
        other.get(PATH).await.expect(404);
        for form in ["check", "copy"] {
            other.post(&format!("{PATH}/{form}"), "").await.expect(404);
        }
    }
}

/// Looking is written down, before anything is shown; once in a quarter of an hour for a session, so that looks don't
/// drown what they look at.
#[tokio::test]
async fn looking_is_written_down() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let house = length(&test).await;
    let looks = async || {
        let entries = test.house_since(house).await;
        let found = entries
            .iter()
            .filter(|entry| matches!(entry.body.event, Event::HouseLedgerRead));
        found.count()
    };
    let page = admin.get(PATH).await.expect(200);
    page.shows("Looked at this ledger");
    admin.get(PATH).await.expect(200);
    assert_eq!(looks().await, 1);
    test.clock.advance(TimeDelta::minutes(14));
    admin.get(PATH).await.expect(200);
    assert_eq!(looks().await, 1);
    test.clock.advance(TimeDelta::minutes(1));
    admin.get(PATH).await.expect(200);
    assert_eq!(looks().await, 2);
    let mut officer = test.solberg().await;
    officer.get(PATH).await.expect(200);
    assert_eq!(looks().await, 3, "another session");
}

/// Fifty a page, every entry on one of them and none twice; narrowed by what it is about and by days.
#[tokio::test]
async fn the_list_is_narrowed_and_paged() {
    let test = TestPortal::new().await;
    let store = test.portal.store();
    let mut admin = signed_in(&test, FIRST).await;
    admin.get(PATH).await.expect(200);
    test.clock.advance(TimeDelta::days(2));
    for _ in 0..120 {
        let append = store.append(&Stamp::SYSTEM, Chain::House, Event::PasswordFailed);
        append.await.expect("an entry");
    }
    let day = test.clock.now().date_naive();
    test.clock.advance(TimeDelta::days(2));
    let mut admin = signed_in(&test, FIRST).await;
    let path = format!("{PATH}?topic=sign-in&from={day}&until={day}");
    let pages = admin.pages(path).await;
    let rows: Vec<usize> = pages.iter().map(|page| page.count("tbody tr")).collect();
    assert_eq!(rows, [50, 50, 20]);
    for page in &pages {
        assert_eq!(
            page.text().matches("Typed a wrong password").count(),
            page.count("tbody tr")
        );
    }
    let form = pages[0].form_with_field("topic");
    assert_eq!(form.value("topic"), Some("sign-in"));
    assert_eq!(form.value("from"), Some(day.to_string().as_str()));
    let page = admin
        .get(&format!(
            "{PATH}?topic=organizations&from={day}&until={day}"
        ))
        .await
        .expect(200);
    page.shows("There is nothing here.");
    let page = admin
        .get(&format!("{PATH}?topic=imports"))
        .await
        .expect(200);
    let page = page.shows("A file was taken in");
    assert!(!page.text().contains("Typed a wrong password"));
    // What is typed wrong is said, and what is no topic narrows nothing.
    let page = admin
        .get(&format!(
            "{PATH}?topic=none&from=2026-12-01&until=2026-11-01"
        ))
        .await;
    page.expect(200).shows("the first before the last.");
    admin
        .get(&format!("{PATH}?before=99999999999999999999&from=x"))
        .await
        .expect(200)
        .shows("the first before the last.");
}

/// LAW F3: the office has the chain checked, and reads that it is sound, or where it is not.
#[tokio::test]
async fn the_chain_is_checked() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let check = async |admin: &mut crate::support::Browser<'_>| {
        let page = admin.get(PATH).await.expect(200);
        let page = admin.submit(&page.form_with_button("Check it")).await;
        assert_eq!(page.expect(303).location(), Some(PATH));
        admin.get(PATH).await.expect(200)
    };
    let house = length(&test).await;
    check(&mut admin).await.shows("Nothing was changed.");
    let page = admin.get(PATH).await.expect(200);
    page.hides("entries were checked")
        .shows("Had this ledger checked: nothing was changed");
    let told = test.house_since(house).await;
    let sound = |entry: &store::Entry| {
        matches!(
            entry.body.event,
            Event::HouseLedgerChecked { sound: Some(true) }
        )
    };
    assert!(told.iter().any(sound));

    let database = Database::connect(test.place().url()).await;
    let database = database.expect("the database");
    let change = Statement::from_sql_and_values(
        database.get_database_backend(),
        "UPDATE ledger_entries SET hash = $1 WHERE seq = 2 AND chain = $2",
        [vec![0_u8; 32].into(), uuid::Uuid::nil().into()],
    );
    let changed = database.execute_raw(change).await.expect("a change");
    assert_eq!(changed.rows_affected(), 1);
    check(&mut admin)
        .await
        .shows("The entry at place 2 is not what was written.");
}

/// A copy takes a factor for exactly what it is narrowed to; it says what the page says, one entry a line, names no
/// patient, and that it was taken is written down.
#[tokio::test]
async fn a_copy_is_taken() {
    let test = TestPortal::new().await;
    let patient = newcomer(&test, Role::Patient).await;
    test.anonymous().sign_in(&patient).await;
    let mut admin = signed_in(&test, FIRST).await;
    let path = format!("{PATH}?topic=sign-in");
    let page = admin.get(&path).await.expect(200);
    let copy = page.form_with_button("Take a copy");
    let page = admin.submit(&copy).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(&mut admin).await, path);
    let page = admin.get(&path).await.expect(200).shows("once more");
    // Another copy is not covered.
    let other = admin.post(&format!("{PATH}/copy"), "topic=staff").await;
    assert_eq!(other.expect(303).location(), Some("/step-up"));
    let house = length(&test).await;
    let file = admin
        .submit(&page.form_with_button("Take a copy"))
        .await
        .expect(200);
    assert_eq!(file.header("content-type"), "application/x-ndjson");
    assert!(file.header("content-disposition").contains("ledger.ndjson"));
    let lines: Vec<Value> = file
        .body
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(lines.len() >= 2, "{}", file.body);
    for line in &lines {
        assert_eq!(line["topic"], "sign-in", "{line}");
        assert!(line["place"].is_u64() && line["at"].is_string() && !line["what"].is_null());
    }
    let who: Vec<&Value> = lines.iter().map(|line| &line["who"]).collect();
    assert!(who.contains(&&serde_json::json!({ "staff": FIRST })));
    assert!(who.contains(&&serde_json::json!("a patient's account")));
    assert!(!file.body.contains(&patient.name) && !file.body.contains(ORIGIN));
    let entries = test.house_since(house).await;
    let taken = u64::try_from(lines.len()).expect("a number");
    assert!(entries.iter().any(|entry| matches!(
        entry.body.event,
        Event::HouseLedgerTaken { entries } if entries == taken
    )));
    // It serves once.
    let page = admin
        .post(&format!("{PATH}/copy"), "topic=sign-in")
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
}
