//! The session cookie, and what only the demo shows.

use crate::support::{ORIGIN, Page, TestPortal, began, world};
use axum::{body::Body, http::Request};
use confide::demo::Demo;
use std::sync::Arc;
use store::testing::TestClock;

fn cookie(page: &Page) -> &str {
    page.header("set-cookie")
}

#[tokio::test]
async fn looking_around_sets_no_cookie() {
    let portal = TestPortal::empty().await;
    let mut somebody = portal.anonymous();
    for path in ["/", "/help", "/privacy-notice", "/no-such-page"] {
        let page = somebody.get(path).await;
        assert!(cookie(&page).is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_cookie_is_as_closed_as_browsers_allow() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let mut somebody = portal.anonymous();
    let page = somebody
        .give_password(&jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    let cookie = cookie(&page);
    assert!(cookie.starts_with("__Host-confide="), "{cookie}");
    for part in [
        "HttpOnly",
        "Secure",
        "SameSite=Lax",
        "Path=/",
        "Max-Age=2700",
    ] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn the_cookie_changes_at_each_rise_of_assurance() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let mut somebody = portal.anonymous();
    somebody
        .give_password(&jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    let half = somebody.session_cookie().expect("a cookie").to_owned();
    let code = portal.next_code(&jordan);
    somebody.give_code(&code).await.expect(303);
    let whole = somebody.session_cookie().expect("a cookie").to_owned();
    assert_ne!(half, whole);
    // The old one is worth nothing.
    somebody.set_session_cookie(&half);
    let page = somebody.get("/records").await;
    assert_ne!(page.status, 200, "{}", page.body);
}

#[tokio::test]
async fn fifteen_minutes_without_a_request_end_it() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    portal.clock.advance(chrono::TimeDelta::minutes(14));
    jordan.open_home().await;
    portal.clock.advance(chrono::TimeDelta::minutes(14));
    jordan.open_home().await;
    portal.clock.advance(chrono::TimeDelta::minutes(16));
    let page = jordan.get("/home").await;
    assert_ne!(page.status, 200, "{}", page.body);
}

#[tokio::test]
async fn twelve_hours_in_all_end_it() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    for _ in 0..(12 * 6 - 1) {
        portal.clock.advance(chrono::TimeDelta::minutes(10));
        jordan.open_home().await;
    }
    portal.clock.advance(chrono::TimeDelta::minutes(10));
    let page = jordan.get("/home").await;
    assert_ne!(page.status, 200, "{}", page.body);
}

#[tokio::test]
async fn only_the_demo_shows_passwords_and_codes() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let mut somebody = portal.anonymous();
    for path in ["/", "/sign-in", "/help"] {
        somebody
            .get(path)
            .await
            .expect(200)
            .hides(&jordan.password)
            .hides(&jordan.totp_secret)
            .hides(&jordan.sign_in);
    }
    let code = portal.code(&jordan);
    somebody
        .give_password(&jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    somebody
        .get("/sign-in/verify")
        .await
        .expect(200)
        .hides(&code)
        .hides(&jordan.totp_secret);

    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::at(began()));
    let world = world(&clock, 9);
    let demo = Demo::open(&folder.path().join("demo"), &world, ORIGIN)
        .await
        .map_err(|failure| failure.message)
        .expect("a demo");
    let router = demo.router(std::net::SocketAddr::from(([127, 0, 0, 1], 3000)), &world);
    let request = Request::get("/sign-in")
        .header("accept", "text/html")
        .body(Body::empty())
        .expect("a request");
    let response = tower::ServiceExt::oneshot(router, request)
        .await
        .expect("an answer");
    let page = Page::read("/sign-in".to_owned(), response)
        .await
        .expect(200);
    assert!(
        page.body.contains(&demo.people[0].password),
        "{}",
        page.body
    );
    assert!(
        !page
            .header("content-security-policy")
            .contains("upgrade-insecure-requests")
    );
}

#[tokio::test]
async fn the_demos_cookie_has_a_plain_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::at(began()));
    let world = world(&clock, 9);
    let demo = Demo::open(&folder.path().join("demo"), &world, ORIGIN)
        .await
        .map_err(|failure| failure.message)
        .expect("a demo");
    let person = &demo.people[0];
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("sign-in", &person.sign_in)
        .append_pair("password", &person.password)
        .finish();
    let router = demo.router(std::net::SocketAddr::from(([127, 0, 0, 1], 3000)), &world);
    let request = Request::post("/sign-in")
        .header("accept", "text/html")
        .header("origin", "http://localhost:3000")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request");
    let response = tower::ServiceExt::oneshot(router, request)
        .await
        .expect("an answer");
    let page = Page::read("/sign-in".to_owned(), response)
        .await
        .expect(303);
    let cookie = cookie(&page);
    assert!(cookie.starts_with("confide="), "{cookie}");
    assert!(
        cookie.contains("HttpOnly") && !cookie.contains("Secure"),
        "{cookie}"
    );
}
