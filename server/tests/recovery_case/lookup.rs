//! Looking an account up: only who helps with accounts, only with everything given, and nothing is learned on the side.

use crate::recovery_case::recover::{IN_PERSON, NEW, SUPPORT, birth, form, send};
use crate::staff::cast::{FIRST, length, said, signed_in};
use crate::support::TestPortal;
use chrono::TimeDelta;
use domain::id::AccountId;
use store::Event;

const JORDAN: &str = "jordan@demo.example";

/// Everything is asked for, beside its field; what was typed stays.
#[tokio::test]
async fn everything_is_asked_for() {
    let test = TestPortal::new().await;
    let mut support = signed_in(&test, SUPPORT).await;
    let page = support.post(NEW, "do=open").await.expect(422);
    page.shows("Type the e-mail they sign in with.")
        .shows("Type their date of birth.")
        .shows("Pick how you made sure who they are.")
        .shows("Confirm that you made sure yourself.");
    let long = "x".repeat(501);
    let body = format!("do=open&email={JORDAN}&how=by-video&last=12345&note={long}&sure=yes");
    let page = support.post(NEW, body).await.expect(422);
    let page = page
        .shows("Pick the document that you looked at.")
        .shows("Type the last four letters or digits")
        .shows("at most 500 characters");
    assert_eq!(page.form_with_field("email").value("email"), Some(JORDAN));
    assert_eq!(page.form_with_field("email").value("last"), Some("12345"));
}

/// LAW B5: nothing is looked up before a factor is given; a wrong e-mail, a wrong birth date and an account of the staff
/// are answered alike, written down and slowed.
#[tokio::test]
async fn what_is_not_found_is_all_one_and_written_down() {
    let test = TestPortal::new().await;
    let birth = birth(&test, "Jordan Reyes").await;
    let mut support = signed_in(&test, SUPPORT).await;
    let house = length(&test).await;
    let okafor = test.person("Dr. Amara Okafor").sign_in.clone();
    let mut answers = Vec::new();
    for (email, date) in [
        ("nobody@demo.example", birth.as_str()),
        (JORDAN, "1971-01-01"),
        (okafor.as_str(), birth.as_str()),
    ] {
        let form = form(&mut support, email, date, IN_PERSON).await;
        let page = send(&mut support, &form).await.expect(422);
        let page = page.shows("No case was opened. No account has this e-mail");
        answers.push(page.essence(&[email, date]));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let missed = said(&test, house).await;
    let missed = missed
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::RecoveryCaseNotOpened));
    assert_eq!(missed.count(), 3);
    // The fourth still is looked at; then there are waits, which are told before a code is asked for.
    let right = form(&mut support, JORDAN, &birth, IN_PERSON).await;
    let wrong = right.clone().fill("birth", "1971-01-02");
    send(&mut support, &wrong).await.expect(422);
    support
        .submit(&right)
        .await
        .expect(422)
        .shows("There were too many tries.");
    test.clock.advance(TimeDelta::minutes(1));
    send(&mut support, &right).await.expect(303);
}

/// By hand: support can't name an account by its id, nor an administrator one that they didn't come for; an
/// administrator finds no patient by an id.
#[tokio::test]
async fn nobody_names_an_account_by_its_id() {
    let test = TestPortal::new().await;
    let store = test.portal.store();
    let id = async |name: &str| -> AccountId {
        let account = store.account_by_sign_in(&test.person(name).sign_in).await;
        account.expect("an answer").expect("an account").id
    };
    for (who, whose) in [
        (SUPPORT, "Jordan Reyes"),
        (SUPPORT, "Dr. Amara Okafor"),
        (FIRST, "Jordan Reyes"),
        (FIRST, "Dr. Amara Okafor"),
    ] {
        let mut browser = signed_in(&test, who).await;
        let account = id(whose).await;
        let body = format!("do=open&account={account}&how=known&sure=yes");
        browser.post(NEW, body).await.expect(400);
    }
}
