//! Roles for a time: they begin on a day, and end by themselves.

use crate::staff::cast::{FIRST, confirm, newcomer, page_of, practice, signed_in};
use crate::support::TestPortal;
use chrono::TimeDelta;
use domain::clock::Clock;
use domain::party::Role;

fn in_days(test: &TestPortal, days: i64) -> String {
    (test.clock.now().date_naive() + TimeDelta::days(days)).to_string()
}

/// Issue "Staff": a role is given from a day until a day. Before, it can't be taken; after, it is over at the next
/// request, with nothing that has to run for it.
#[tokio::test]
async fn a_role_begins_and_ends_by_itself() {
    let test = TestPortal::new().await;
    let entry = newcomer(&test, Role::Billing).await;
    let mut admin = signed_in(&test, FIRST).await;
    let path = page_of(&mut admin, &entry.name).await;
    let (from, until) = (in_days(&test, 3), in_days(&test, 5));
    let page = admin.get(&path).await.expect(200);
    let form = page
        .form_with_button("Give this role")
        .fill("role", "care-coordinator")
        .fill("organization", &practice())
        .fill("from", &from)
        .fill("until", &until);
    let page = admin.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(&mut admin).await, path);
    let page = admin.get(&path).await.expect(200);
    let form = page.form_with_button("Give this role");
    assert_eq!(form.value("from"), Some(from.as_str()));
    assert_eq!(form.value("until"), Some(until.as_str()));
    admin.submit(&form).await.expect(303);
    let page = admin.get(&path).await.expect(200);
    page.shows("Care coordinator, Maple Street Family Practice, from");
    // The same again would be held twice.
    let body = format!("do=give&role=care-coordinator&organization={}", practice());
    let page = admin.post(&path, body).await.expect(422);
    page.shows("have this already");

    let offered = async || {
        let mut person = test.anonymous().sign_in(&entry).await;
        let page = person.get("/account/role").await.expect(200);
        page.text().contains("Care coordinator")
    };
    assert!(!offered().await, "not yet");
    test.clock.advance(TimeDelta::days(3));
    assert!(offered().await, "on its first day");
    test.clock.advance(TimeDelta::days(2));
    let mut person = test.anonymous().sign_in(&entry).await;
    let page = person.get("/account/role").await.expect(200);
    let form = page
        .form_with_field("role")
        .choose("role", "care-coordinator");
    person.submit(&form).await.expect(303);
    test.clock.advance(TimeDelta::days(1));
    assert!(!offered().await, "over");
    person
        .post("/account/role", "role=care-coordinator")
        .await
        .expect(303);
}

/// Whoever has no other role is signed out at the end of the last one, and can't come back; an administrator sees why.
#[tokio::test]
async fn with_the_last_role_access_ends() {
    let test = TestPortal::new().await;
    let entry = newcomer(&test, Role::Support).await;
    let person = domain::id::PersonId::derived("test", &entry.name);
    let store = test.portal.store();
    let mut record = store
        .person(person)
        .await
        .expect("an answer")
        .expect("them");
    record.memberships[0].span.until = Some(test.clock.now() + TimeDelta::minutes(5));
    let put = store.put_person(&store::Stamp::SYSTEM, record).await;
    put.expect("a person");
    let mut support = test.anonymous().sign_in(&entry).await;
    support.get("/office").await.expect(200);
    test.clock.advance(TimeDelta::minutes(5));
    let page = support.get("/office").await.expect(303);
    assert_eq!(page.location(), Some("/sign-in"));
    test.anonymous()
        .give_password(&entry.sign_in, &entry.password)
        .await
        .expect(422);
    let mut admin = signed_in(&test, FIRST).await;
    let list = admin.get("/office/people").await.expect(200);
    list.shows(&entry.name).shows("Closed");
}

/// A role can't begin before today or end before it begins.
#[tokio::test]
async fn a_term_is_checked() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    for (from, until, why) in [
        (
            in_days(&test, -1),
            String::new(),
            "first day of today or later",
        ),
        (
            in_days(&test, 3),
            in_days(&test, 2),
            "last day that is not over",
        ),
        (
            String::new(),
            in_days(&test, -1),
            "last day that is not over",
        ),
        (
            "tomorrow".to_owned(),
            String::new(),
            "first day of today or later",
        ),
    ] {
        let body = format!(
            "name=Ottilie&role=billing&organization={}&from={from}&until={until}",
            practice()
        );
        let page = admin.post("/office/people/invite", body).await;
        page.expect(422).shows(why);
    }
}
