//! The review of access, every quarter (45 CFR 164.308(a)(4)).

use crate::staff::cast::{FIRST, OKAFOR, SECOND, confirm, length, said, signed_in};
use crate::support::{Browser, Form, Page, TestPortal};
use chrono::TimeDelta;
use store::Event;

const PATH: &str = "/office/access-review";

/// Everybody on the list keeps access, except one.
fn answer(page: &Page, loses: Option<&str>) -> Form {
    let mut form = page.form_with_field("person");
    for block in page.body.split("<fieldset").skip(1) {
        let name = block
            .split("name=\"judge-")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a question");
        let removed = loses.is_some_and(|loses| block.contains(loses));
        let value = if removed { "remove" } else { "keep" };
        form = form.choose(&format!("judge-{name}"), value);
    }
    form
}

async fn sign(browser: &mut Browser<'_>, loses: Option<&str>) -> Page {
    let page = browser.get(PATH).await.expect(200);
    let page = browser.submit(&answer(&page, loses)).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(confirm(browser).await, PATH);
    // What was said came back with the page.
    let page = browser.get(PATH).await.expect(200);
    let page = browser
        .submit(&page.form_with_field("person"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some(PATH));
    browser.get(PATH).await.expect(200)
}

/// Two people sign, each for all but themselves; who loses access is signed out at once.
#[tokio::test]
async fn a_quarter_is_reviewed_by_two() {
    let test = TestPortal::new().await;
    let mut okafor = test.okafor().await;
    okafor.get("/patients").await.expect(200);
    let mut admin = signed_in(&test, FIRST).await;
    let house = length(&test).await;
    let page = admin.get(PATH).await.expect(200).shows("Quarter 4 of 2026");
    let page = page
        .shows(SECOND)
        .shows("Somebody else has to say it of you");
    // Not of herself: her name is in the head of the page, and in no question.
    assert!(!page.body.contains(&format!("<legend>{FIRST}")));
    // Half an answer is none.
    admin
        .submit(&page.form_with_field("person"))
        .await
        .expect(422)
        .shows("Say it of everybody on the list.");
    let page = sign(&mut admin, Some(OKAFOR)).await;
    page.shows("nobody left to look at").shows("Signed last by");
    let page = okafor.get("/patients").await.expect(303);
    assert_eq!(page.location(), Some("/sign-in"));
    let entries = said(&test, house).await;
    assert!(matches!(
        entries[0].body.event,
        Event::AccessReviewed { removed: 1, .. }
    ));
    assert!(
        entries
            .iter()
            .any(|entry| matches!(entry.body.event, Event::RolesEnded { .. }))
    );

    // A privacy officer says it of the administrator; then nothing is left.
    let mut solberg = test.solberg().await;
    let page = solberg.get(PATH).await.expect(200).hides(SECOND);
    assert!(page.body.contains(&format!("<legend>{FIRST}")));
    sign(&mut solberg, None)
        .await
        .shows("nobody left to look at");
    test.assert_sound().await;
}

/// What is overdue stands on the office's first page, until it is signed; who came in the quarter is not owed.
#[tokio::test]
async fn what_is_overdue_is_shown() {
    let test = TestPortal::new().await;
    signed_in(&test, FIRST)
        .await
        .get("/office")
        .await
        .expect(200)
        .hides("overdue");
    // January 30, 2027: due on the 31st.
    test.clock.advance(TimeDelta::days(69));
    signed_in(&test, FIRST)
        .await
        .get("/office")
        .await
        .expect(200)
        .hides("overdue");
    test.clock.advance(TimeDelta::days(3));
    let mut admin = signed_in(&test, FIRST).await;
    admin.get("/office").await.expect(200).shows("overdue");
    sign(&mut admin, None).await;
    // She herself is still owed.
    admin.get("/office").await.expect(200).shows("overdue");
    let mut second = signed_in(&test, SECOND).await;
    sign(&mut second, None).await;
    second.get("/office").await.expect(200).hides("overdue");
}

/// A list that changed since, a person who isn't on it, oneself: nothing is signed.
#[tokio::test]
async fn only_what_is_on_the_list_is_signed() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let own = test.person_id(FIRST).await;
    let house = length(&test).await;
    let page = admin.get(PATH).await.expect(200);
    let body = answer(&page, None).encoded();
    for more in [
        format!("&person={own}&judge-{own}=keep"),
        "&person=6f9619ff-8b86-d011-b42d-00c04fc964ff&judge-6f9619ff-8b86-d011-b42d-00c04fc964ff=remove".to_owned(),
    ] {
        admin
            .post(PATH, format!("{body}{more}"))
            .await
            .expect(422)
            .shows("The list is another by now");
    }
    assert_eq!(said(&test, house).await.len(), 0);
}
