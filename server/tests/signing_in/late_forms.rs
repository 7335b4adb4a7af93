//! A session that ended by itself: its owner is told why, and finds again what they had in hand (LAW F4).

use super::At;
use crate::support::{Browser, ORIGIN, Page, TestPortal};
use axum::{
    body::Body,
    http::{Request, header},
};
use chrono::TimeDelta;
use confide::demo::people::SignIn;

const AWAY: TimeDelta = TimeDelta::minutes(16);

/// Sends a form as a browser does, with the page it was on.
async fn send_from(browser: &mut Browser<'_>, page: &str, action: &str, body: String) -> Page {
    let request = Request::post(action)
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, ORIGIN)
        .header(header::REFERER, format!("{ORIGIN}{page}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request");
    browser.send(request).await
}

/// Signs in again in the same browser; where that leads.
async fn again(portal: &TestPortal, browser: &mut Browser<'_>, person: &SignIn) -> String {
    let at = At::new("203.0.113.9");
    at.password(browser, &person.sign_in, &person.password)
        .await
        .expect(303);
    let code = portal.next_code(person);
    let page = at.code(browser, &code).await.expect(303);
    page.location().expect("a place").to_owned()
}

/// LAW F4: nothing typed is lost; nothing is sent by itself.
#[tokio::test]
async fn a_form_that_came_too_late_comes_back() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let person = jordan.person().clone();
    let patient = portal.patient_id("Jordan Reyes").await;
    let page = jordan.get("/exports").await.expect(200);
    let form = page.form("/exports");
    let typed = form.fill("from", "2026-01-02").fill("until", "2026-03-04");
    portal.clock.advance(AWAY);
    let place = portal.length(patient).await;
    let page = send_from(&mut jordan, "/exports", "/exports", typed.encoded())
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sign-in"));
    jordan
        .get("/sign-in")
        .await
        .expect(200)
        .shows("You were signed out")
        .shows("You were away for a while.")
        .hides("2026-01-02");
    // A wrong password on the way loses nothing.
    jordan
        .post(
            "/sign-in",
            format!("sign-in={}&password=wrong", person.sign_in),
        )
        .await
        .expect(422)
        .shows("You were signed out");
    assert_eq!(again(&portal, &mut jordan, &person).await, "/exports");
    let page = jordan
        .get("/exports")
        .await
        .expect(200)
        .shows("What you typed is here again");
    let back = page.form("/exports");
    assert_eq!(back.encoded(), typed.encoded(), "every field as it was");
    assert!(
        portal
            .since(patient, place)
            .await
            .iter()
            .all(|entry| !matches!(entry.body.event, store::Event::Disclosed { .. })),
        "nothing was done by itself"
    );
    // It stays until it is sent.
    jordan
        .get("/exports")
        .await
        .expect(200)
        .shows("What you typed is here again");
    let page = jordan.submit(&back).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    jordan
        .get("/exports")
        .await
        .expect(200)
        .hides("What you typed is here again");
}

/// LAW F4: also a step of making a consent, whose answers are to be picked, not typed.
#[tokio::test]
async fn what_was_picked_comes_back() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let person = jordan.person().clone();
    let page = jordan.get("/sharing/new").await.expect(200);
    let picked = page.form_with_field("to").choose("to", "tpo");
    portal.clock.advance(AWAY);
    send_from(
        &mut jordan,
        "/sharing/new",
        "/sharing/new",
        picked.encoded(),
    )
    .await
    .expect(303);
    assert_eq!(again(&portal, &mut jordan, &person).await, "/sharing/new");
    let page = jordan.get("/sharing/new").await.expect(200);
    assert_eq!(page.form_with_field("to").encoded(), picked.encoded());
}

/// It is for the account whose session ended, in the browser it was typed in, for half an hour.
#[tokio::test]
async fn what_was_typed_is_for_nobody_else() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let person = jordan.person().clone();
    portal.clock.advance(AWAY);
    let body = "from=2026-01-02&until=2026-03-04&format=pdf".to_owned();
    send_from(&mut jordan, "/exports", "/exports", body.clone())
        .await
        .expect(303);
    // Somebody else at the same device.
    let morgan = portal.person("Morgan Ellis").clone();
    assert_eq!(again(&portal, &mut jordan, &morgan).await, "/home");
    jordan.get("/exports").await.expect(200).hides("2026-01-02");

    // Too late.
    let mut slow = portal.jordan().await;
    portal.clock.advance(AWAY);
    send_from(&mut slow, "/exports", "/exports", body.clone())
        .await
        .expect(303);
    portal.clock.advance(TimeDelta::minutes(30));
    assert_eq!(again(&portal, &mut slow, &person).await, "/home");
    slow.get("/exports").await.expect(200).hides("2026-01-02");

    // Another device.
    let mut here = portal.jordan().await;
    portal.clock.advance(AWAY);
    send_from(&mut here, "/exports", "/exports", body)
        .await
        .expect(303);
    let mut there = portal.anonymous();
    assert_eq!(again(&portal, &mut there, &person).await, "/home");
    there.get("/exports").await.expect(200).hides("2026-01-02");
}

/// The way back to the page one was on, without a form; never to somewhere else, and nothing of it in the address.
#[tokio::test]
async fn signing_in_again_leads_back() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let person = jordan.person().clone();
    portal.clock.advance(AWAY);
    let page = jordan.get("/access-history?before=7").await.expect(303);
    assert_eq!(page.location(), Some("/sign-in"));
    assert_eq!(
        again(&portal, &mut jordan, &person).await,
        "/access-history?before=7"
    );
    // A button's action is not done again; the page with the button is where one goes.
    portal.clock.advance(AWAY);
    send_from(
        &mut jordan,
        "/records",
        "/api/end-other-sessions",
        String::new(),
    )
    .await
    .expect(303);
    assert_eq!(again(&portal, &mut jordan, &person).await, "/records");
    // Only pages of ours.
    for elsewhere in ["/no-such-page", "//evil.example/records", "/api/sign-out"] {
        portal.clock.advance(AWAY);
        send_from(
            &mut jordan,
            elsewhere,
            "/api/end-other-sessions",
            String::new(),
        )
        .await;
        assert_eq!(
            again(&portal, &mut jordan, &person).await,
            "/home",
            "{elsewhere}"
        );
    }
    // Whoever signs out is not brought back, and is not told that they were away.
    let page = jordan.get("/home").await.expect(200);
    jordan.submit(&page.form("/api/sign-out")).await;
    jordan
        .get("/sign-in")
        .await
        .expect(200)
        .hides("You were signed out");
    jordan.get("/records").await.expect(303);
    assert_eq!(again(&portal, &mut jordan, &person).await, "/home");
}

/// Passwords and codes are not kept, whatever form they come in.
#[tokio::test]
async fn secrets_are_never_kept() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let person = jordan.person().clone();
    for (page, action) in [
        ("/account", "/account/password"),
        ("/step-up", "/step-up"),
        ("/sign-in", "/sign-in"),
    ] {
        portal.clock.advance(AWAY);
        let body = "password=Sesame-open-1&code=123456&from=2026-01-02".to_owned();
        send_from(&mut jordan, page, action, body).await;
        let to = again(&portal, &mut jordan, &person).await;
        let page = jordan.go(&to).await;
        let page = page.hides("Sesame-open-1").hides("123456");
        page.hides("What you typed is here again");
    }
}

/// A script sends what was being typed as the session ends; while it goes on, nothing is kept.
#[tokio::test]
async fn what_was_being_typed_can_be_kept_by_the_script() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let person = jordan.person().clone();
    let body = "from=2026-01-02&until=&format=pdf&keep-action=%2Fexports&keep-page=%2Fexports";
    let page = jordan.post("/session/keep", body).await;
    assert_eq!(page.status, 409, "the session goes on");
    jordan.get("/exports").await.expect(200).hides("2026-01-02");
    portal.clock.advance(AWAY);
    jordan.post("/session/keep", body).await.expect(204);
    assert_eq!(again(&portal, &mut jordan, &person).await, "/exports");
    let page = jordan.get("/exports").await.expect(200);
    assert_eq!(page.form("/exports").value("from"), Some("2026-01-02"));
    // Who was never signed in has nothing to keep.
    let mut nobody = portal.anonymous();
    assert_eq!(nobody.post("/session/keep", body).await.status, 409);
    assert_eq!(nobody.session_cookie(), None);
}
