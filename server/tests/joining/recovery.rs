//! Ways back: recovery codes, and a new code from staff (LAW F6, F7).

use crate::joining::way::{
    ANOTHER, PASSWORD, codes, give_code, give_password, join, keep_codes, record, set_up_app,
};
use crate::support::{Anonymous, ORIGIN, Page, TestPortal};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use chrono::TimeDelta;
use portal::invitations;
use std::net::SocketAddr;
use store::{Event, Stamp};

const EMAIL: &str = "riley@example.org";

async fn recover(somebody: &mut Anonymous<'_>, name: &str, password: &str, code: &str) -> Page {
    let form = somebody.get("/recover").await.expect(200).form("/recover");
    let form = form
        .fill("sign-in", name)
        .fill("password", password)
        .fill("code", code);
    somebody.submit(&form).await
}

fn changes(entries: &[store::Entry]) -> Vec<String> {
    entries
        .iter()
        .filter_map(|entry| match &entry.body.event {
            Event::FactorChanged { change, .. } => Some(change.clone()),
            Event::SessionsEnded { .. } => Some("sessions ended".to_owned()),
            _ => None,
        })
        .collect()
}

/// LAW F6, F7: a code serves once, nothing opens before there is a new factor, and then the old ways in are shut.
#[tokio::test]
async fn a_recovery_code_leads_to_a_new_factor() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, EMAIL).await;
    let patient = record(&portal).await;
    let place = portal.length(patient).await;
    let mut back = portal.anonymous();
    let page = recover(&mut back, EMAIL, PASSWORD, &riley.codes[3]).await;
    assert_eq!(
        page.location(),
        Some("/join/second-step"),
        "{}",
        page.text()
    );
    assert_eq!(
        changes(&portal.since(patient, place).await),
        ["recovery-code-used"],
        "written down before anything else"
    );
    for path in ["/home", "/records", "/account"] {
        assert_eq!(back.get(path).await.location(), Some("/sign-in"), "{path}");
    }
    for path in ["/join/email", "/join/password", "/join/notice"] {
        let page = back.get(path).await.expect(303);
        assert_eq!(page.location(), Some("/join/second-step"), "{path}");
    }
    back.get("/join/second-step").await.expect(200);
    riley.browser.get("/home").await.expect(200);
    let app = set_up_app(&portal, &mut back).await;
    let (fresh, onward) = keep_codes(&mut back).await;
    assert_eq!(onward, "/home");
    back.get("/home").await.expect(200).shows("Riley Novak");
    assert_eq!(
        riley.browser.get("/home").await.location(),
        Some("/sign-in"),
        "LAW F7: other sessions end"
    );
    assert_eq!(
        changes(&portal.since(patient, place).await),
        ["recovery-code-used", "sessions ended", "set-up-anew"]
    );
    // The old app, the used code and the codes beside it are worth nothing; the new ones work.
    let mut old = portal.anonymous();
    old.give_password(EMAIL, PASSWORD).await.expect(303);
    old.give_code(&riley.app.next(&portal)).await.expect(422);
    old.give_code(&app.next(&portal)).await.expect(303);
    for code in [&riley.codes[3], &riley.codes[4]] {
        recover(&mut portal.anonymous(), EMAIL, PASSWORD, code)
            .await
            .expect(422);
    }
    let page = recover(&mut portal.anonymous(), EMAIL, PASSWORD, &fresh[0]).await;
    assert_eq!(page.location(), Some("/join/second-step"));
    portal.assert_sound().await;
}

/// LAW F6: a way back however many passwords failed: a recovery code, and the new factor after it, empty the counts, and
/// the password serves again on any device.
#[tokio::test]
async fn a_recovery_empties_the_counts_of_failures() {
    let portal = TestPortal::new().await;
    let riley = join(&portal, EMAIL).await;
    // As many as an account may fail at all, so whatever the share of strange devices is.
    for number in 0..portal::sign_in::FAILURE_CAP {
        portal.clock.advance(TimeDelta::minutes(15));
        from(&portal, number, "not the password at all")
            .await
            .expect(422);
    }
    portal.clock.advance(TimeDelta::days(1));
    from(&portal, 201, PASSWORD).await.expect(422);

    let mut back = portal.anonymous();
    recover(&mut back, EMAIL, PASSWORD, &riley.codes[2])
        .await
        .expect(303);
    set_up_app(&portal, &mut back).await;
    keep_codes(&mut back).await;
    from(&portal, 202, PASSWORD).await.expect(303);
    portal.assert_sound().await;
}

/// Gives Riley's name and a password on a device that nobody knows, in a network of its own; the page after.
async fn from(portal: &TestPortal, number: u32, password: &str) -> Page {
    let address = [198, 51, 100, u8::try_from(number).expect("one of 256")];
    let request = Request::post("/sign-in")
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .extension(ConnectInfo(SocketAddr::from((address, 40_000))))
        .body(Body::from(
            url::form_urlencoded::Serializer::new(String::new())
                .append_pair("sign-in", EMAIL)
                .append_pair("password", password)
                .finish(),
        ))
        .expect("a request");
    portal.send(request).await
}

/// LAW F6: single use, even when what follows is never finished.
#[tokio::test]
async fn a_recovery_code_serves_once() {
    let portal = TestPortal::new().await;
    let riley = join(&portal, EMAIL).await;
    recover(&mut portal.anonymous(), EMAIL, PASSWORD, &riley.codes[0])
        .await
        .expect(303);
    recover(&mut portal.anonymous(), EMAIL, PASSWORD, &riley.codes[0])
        .await
        .expect(422);
    recover(&mut portal.anonymous(), EMAIL, PASSWORD, &riley.codes[1])
        .await
        .expect(303);
    // What was there still works: nothing was finished.
    let mut again = portal.anonymous();
    again.give_password(EMAIL, PASSWORD).await.expect(303);
    again.give_code(&riley.app.next(&portal)).await.expect(303);
    again
        .get("/account")
        .await
        .expect(200)
        .shows("8 recovery codes left");
}

/// LAW F8: whatever was wrong, and whether there is such an account, the answer has the same bytes.
#[tokio::test]
async fn whatever_was_wrong_the_answer_is_the_same() {
    let portal = TestPortal::new().await;
    let riley = join(&portal, EMAIL).await;
    let code = riley.codes[0].as_str();
    let nobody = "nobody@example.org";
    let mut answers = Vec::new();
    for (name, password, code) in [
        (EMAIL, "not the password", code),
        (EMAIL, PASSWORD, "7777-7777-7777-7773"),
        (EMAIL, "", code),
        (nobody, PASSWORD, code),
    ] {
        let mut somebody = portal.anonymous();
        let page = recover(&mut somebody, name, password, code)
            .await
            .expect(422);
        assert!(somebody.session_cookie().is_none());
        let page = page.shows("We couldn't let you in.").hides(code);
        answers.push(page.essence(&[name]));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    recover(&mut portal.anonymous(), EMAIL, PASSWORD, code)
        .await
        .expect(303);
}

/// A code that is well written, and nobody's.
const WRONG: &str = "7777-7777-7777-7773";
/// How many wrong codes a name, and how many wrong passwords beside a right code an account has room for.
const SHARE: usize = 5;

/// LAW F6: wrong codes are counted in the account's hundred, and whoever used the other shares up, or this one, closes
/// the way to nobody who holds a right code.
#[tokio::test]
async fn wrong_codes_are_counted_and_a_right_one_still_opens() {
    let portal = TestPortal::new().await;
    let riley = join(&portal, EMAIL).await;
    let patient = record(&portal).await;
    for _ in 0..6 {
        portal
            .anonymous()
            .give_password(EMAIL, "not the password")
            .await
            .expect(422);
    }
    portal
        .anonymous()
        .give_password(EMAIL, PASSWORD)
        .await
        .expect(422);
    let place = portal.length(patient).await;
    for _ in 0..SHARE + 3 {
        portal.clock.advance(TimeDelta::minutes(15));
        recover(&mut portal.anonymous(), EMAIL, PASSWORD, WRONG)
            .await
            .expect(422);
    }
    // What came after the share was used up was dropped unseen.
    let failed = portal.since(patient, place).await;
    let failed = failed
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::SignInFailed));
    assert_eq!(failed.count(), SHARE);
    let mut back = portal.anonymous();
    recover(&mut back, EMAIL, PASSWORD, &riley.codes[0])
        .await
        .expect(303);
    // Back by another way, its owner is not kept waiting at the door.
    set_up_app(&portal, &mut back).await;
    keep_codes(&mut back).await;
    portal
        .anonymous()
        .give_password(EMAIL, PASSWORD)
        .await
        .expect(303);
}

/// LAW F6: who found a sheet of codes can't guess the password that stands beside it: those tries are counted too, and
/// end.
#[tokio::test]
async fn a_found_code_guesses_no_password() {
    let portal = TestPortal::new().await;
    let riley = join(&portal, EMAIL).await;
    for _ in 0..SHARE {
        portal.clock.advance(TimeDelta::minutes(15));
        recover(
            &mut portal.anonymous(),
            EMAIL,
            "not the password",
            &riley.codes[0],
        )
        .await
        .expect(422);
    }
    portal.clock.advance(TimeDelta::days(1));
    recover(&mut portal.anonymous(), EMAIL, PASSWORD, &riley.codes[0])
        .await
        .expect(422);
    // The door itself is not concerned.
    let mut door = portal.anonymous();
    door.give_password(EMAIL, PASSWORD).await.expect(303);
    door.give_code(&riley.app.next(&portal)).await.expect(303);
}

/// Staff take everything away and hand over a new code: the same person, the same account, other keys (LAW F7).
#[tokio::test]
async fn staff_reset_what_was_lost() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, EMAIL).await;
    let patient = record(&portal).await;
    let store = portal.portal.store();
    let account = store.accounts_by_sign_in(EMAIL).await.expect("an answer")[0].id;
    // A recovery that began before brings nothing back.
    let mut late = portal.anonymous();
    recover(&mut late, EMAIL, PASSWORD, &riley.codes[0])
        .await
        .expect(303);
    let place = portal.length(patient).await;
    let issued = invitations::reset(&portal.portal, &Stamp::SYSTEM, account)
        .await
        .expect("an answer")
        .expect("an account");
    assert!(issued.with_birth_date);
    assert_eq!(
        changes(&portal.since(patient, place).await),
        ["sessions ended", "reset-by-staff"]
    );
    assert_eq!(
        riley.browser.get("/home").await.location(),
        Some("/sign-in")
    );
    portal
        .anonymous()
        .give_password(EMAIL, PASSWORD)
        .await
        .expect(422);
    recover(&mut portal.anonymous(), EMAIL, PASSWORD, &riley.codes[1])
        .await
        .expect(422);
    recover(&mut portal.anonymous(), EMAIL, "", &riley.codes[1])
        .await
        .expect(422);
    set_up_app(&portal, &mut late).await;
    let page = late.get("/join/codes").await.expect(200);
    let form = page.form("/join/codes").choose("kept", "yes");
    let page = late.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/join/over"));
    portal
        .anonymous()
        .give_password(EMAIL, PASSWORD)
        .await
        .expect(422);

    portal.clock.advance(TimeDelta::minutes(20));
    let mut back = portal.anonymous();
    let page = give_code(&mut back, &issued.code.written(), "1991-04-17").await;
    assert_eq!(page.location(), Some("/join/password"), "the e-mail stays");
    give_password(&mut back, "/join/password", ANOTHER)
        .await
        .expect(303);
    let app = set_up_app(&portal, &mut back).await;
    let page = back.get("/join/codes").await.expect(200);
    assert_eq!(codes(&page).len(), 10);
    let (_, onward) = keep_codes(&mut back).await;
    assert_eq!(onward, "/join/notice");
    let form = back.get("/join/notice").await.expect(200);
    back.submit(&form.form("/join/notice")).await.expect(303);
    back.get("/home").await.expect(200).shows("Riley Novak");
    let mut again = portal.anonymous();
    again.give_password(EMAIL, ANOTHER).await.expect(303);
    again.give_code(&app.next(&portal)).await.expect(303);
    assert_eq!(
        store
            .accounts_by_sign_in(EMAIL)
            .await
            .expect("an answer")
            .len(),
        1
    );
    portal.assert_sound().await;
}
