//! The stream belongs to a session: it begins with it, ends with it, and doesn't make it last (LAW F1, F7).

use crate::open_pages::{LOOKED, SOON, chart, page, silent};
use crate::support::{Browser, TestPortal};
use axum::http::StatusCode;
use chrono::TimeDelta;
use domain::party::Role;
use store::Stamp;

async fn told_over(browser: &Browser<'_>, ticket: &str, end: impl AsyncFnOnce()) {
    let mut told = browser.listen(&[ticket]).await.expect("a stream");
    end().await;
    let heard = told.next(LOOKED).await.map(|(event, _)| event);
    assert_eq!(heard.as_deref(), Some("over"));
    assert_eq!(told.next(SOON).await, None, "and nothing after it");
}

/// Nobody else has one; a ticket is good in its session alone, and a page of another session closes.
#[tokio::test]
async fn only_who_is_signed_in_has_a_stream() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await;
    let ticket = own.ticket.expect("a ticket");
    let nobody = portal.anonymous();
    let refused = nobody.listen(&[&ticket]).await.err();
    assert_eq!(refused, Some(StatusCode::UNAUTHORIZED));
    let mut welcome = portal.anonymous();
    assert_eq!(page(&mut welcome, "/").await.ticket, None);

    let again = portal.okafor().await;
    let mut told = again
        .listen(&["nonsense", &ticket])
        .await
        .expect("a stream");
    let heard = [told.next(SOON).await, told.next(SOON).await];
    let close = |number: &str| Some(("close".to_owned(), number.to_owned()));
    assert_eq!(heard, [close("0"), close("1")]);
}

/// Signed out, ended from elsewhere, ended with the role: the pages are told.
#[tokio::test]
async fn the_end_of_the_session_is_told() {
    let portal = TestPortal::new().await;
    let mut first = portal.jordan().await;
    let home = first.open_home().await;
    let ticket = home.ticket.clone().expect("a ticket");
    let mut second = portal.jordan().await;
    told_over(&first, &ticket, async || {
        let account = page(&mut second, "/account").await;
        let form = account.form("/api/end-other-sessions");
        second.submit(&form).await.expect(303);
    })
    .await;
    let home = second.open_home().await;
    let ticket = home.ticket.clone().expect("a ticket");
    let cookie = second.session_cookie().expect("a cookie").to_owned();
    let mut window = portal.anonymous();
    window.set_session_cookie(&cookie);
    told_over(&second, &ticket, async || {
        window.submit(&home.form("/api/sign-out")).await.expect(303);
    })
    .await;
}

/// Another role of the account closes what was made in the one before.
#[tokio::test]
async fn the_end_of_the_accounts_role_closes_its_pages() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await;
    let mut told = okafor.events(&[&own]).await;
    let name = &portal.person("Dr. Amara Okafor").sign_in;
    let account = store.account_by_sign_in(name).await.expect("an answer");
    let mut account = account.expect("an account");
    account.roles = vec![Role::Support];
    let put = store.update_account(&Stamp::SYSTEM, account).await;
    put.expect("another role");
    let heard = told.next(SOON).await.map(|(event, _)| event);
    assert_eq!(heard.as_deref(), Some("close"));
}

/// A rise in assurance gives the session another cookie, and is not its end.
#[tokio::test]
async fn a_step_up_is_not_an_end() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let home = jordan.open_home().await;
    let mut told = jordan.events(&[&home]).await;
    jordan.post("/account/app", "").await.expect(303);
    jordan.confirm().await;
    silent(&mut told).await;
}

/// LAW F1: a page that is only open doesn't keep anybody signed in, and is told when the time is over.
#[tokio::test]
async fn a_stream_does_not_make_the_session_last() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let home = jordan.open_home().await;
    let ticket = home.ticket.expect("a ticket");
    portal.clock.advance(TimeDelta::minutes(14));
    // A stream that is opened late is no use of the session.
    drop(jordan.listen(&[&ticket]).await.expect("a stream"));
    told_over(&jordan, &ticket, async || {
        portal.clock.advance(TimeDelta::minutes(2));
    })
    .await;
    let refused = jordan.listen(&[&ticket]).await.err();
    assert_eq!(refused, Some(StatusCode::UNAUTHORIZED));
    assert_eq!(jordan.get("/home").await.location(), Some("/sign-in"));
}

/// A session has so many streams and no more; one that is dropped comes free.
#[tokio::test]
async fn streams_are_bounded() {
    let portal = TestPortal::new().await;
    let jordan = portal.jordan().await;
    let mut open = Vec::new();
    let refused = loop {
        match jordan.listen(&[]).await {
            Ok(stream) => open.push(stream),
            Err(status) => break status,
        }
        assert!(open.len() < 100, "without a bound");
    };
    assert_eq!(refused, StatusCode::TOO_MANY_REQUESTS);
    open.pop();
    assert!(jordan.listen(&[]).await.is_ok());
}
