//! Where one is signed in, and ending it (LAW F1, F7).

use super::At;
use crate::support::{Browser, Page, TestPortal};
use chrono::TimeDelta;
use store::{Event, Stamp};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";
const DESK: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn at(address: &str, agent: &'static str) -> At {
    At {
        agent,
        ..At::new(address)
    }
}

async fn is_in(browser: &mut Browser<'_>) -> bool {
    browser.get("/records").await.status == 200
}

/// The button that ends the session in this row.
fn ends(page: &Page) -> Vec<crate::support::Form> {
    page.forms()
        .into_iter()
        .filter(|form| form.action == "/api/end-session")
        .collect()
}

/// LAW F7: each session with its device and its network in words, when it began and was last used; the one that is
/// looked from can't be ended by mistake.
#[tokio::test]
async fn sessions_are_listed_and_one_can_be_ended() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let patient = portal.patient_id("Jordan Reyes").await;
    let (desk, phone) = (at("203.0.113.7", DESK), at("198.51.100.9", PHONE));
    let mut here = portal.anonymous();
    desk.sign_in(&portal, &mut here, &jordan).await;
    let mut there = portal.anonymous();
    phone.sign_in(&portal, &mut there, &jordan).await;
    // Somebody else's sessions are somebody else's.
    let mut morgan = portal.morgan().await;

    let account = here.get("/account").await.expect(200);
    assert!(account.links().contains(&"/account/sessions".to_owned()));
    let page = desk.get(&mut here, "/account/sessions").await.expect(200);
    let rows: Vec<String> = page
        .rows()
        .into_iter()
        .filter(|row| row.contains(" on "))
        .collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(
        rows[0].contains("Firefox on Windows") && rows[0].contains("This is the one you use now")
    );
    assert!(
        rows[0].contains("The network you are on now"),
        "{}",
        rows[0]
    );
    assert!(rows[1].contains("Safari on an iPhone") && rows[1].contains("Another network"));

    let place = portal.length(patient).await;
    let forms = ends(&page);
    assert_eq!(forms.len(), 1);
    let page = here.submit_and_follow(&forms[0]).await.expect(200);
    page.shows("You are signed out there.");
    assert!(!is_in(&mut there).await, "ended at once, on the server");
    assert!(is_in(&mut here).await && is_in(&mut morgan).await);
    let entries = portal.since(patient, place).await;
    assert!(matches!(entries[0].body.event, Event::SessionsEnded { .. }));
    here.get("/access-history")
        .await
        .expect(200)
        .shows("Ended your sign-ins on other devices");
    portal.assert_sound().await;
}

/// LAW F7: nobody ends others' sessions, and this one is ended by signing out.
#[tokio::test]
async fn only_ones_own_other_sessions_can_be_ended() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let mut own = portal.anonymous();
    let mut second = portal.anonymous();
    let home = at("203.0.113.7", DESK);
    home.sign_in(&portal, &mut own, &jordan).await;
    home.sign_in(&portal, &mut second, &jordan).await;
    let page = second.get("/account/sessions").await.expect(200);
    let first = ends(&page)[0].value("session").expect("an id").to_owned();
    let mut morgan = portal.morgan().await;
    morgan
        .post("/api/end-session", format!("session={first}"))
        .await
        .expect(303);
    assert!(is_in(&mut own).await);
    // `own` names itself.
    let page = own
        .post("/api/end-session", format!("session={first}"))
        .await;
    assert_eq!(page.status, 400);
    assert!(is_in(&mut own).await);
    let page = own.post("/api/end-session", "session=nonsense").await;
    assert!(page.status.is_client_error() || page.status.is_server_error());
    assert!(is_in(&mut own).await);
}

/// LAW F7: all others at once.
#[tokio::test]
async fn all_others_can_be_ended() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let home = at("203.0.113.7", DESK);
    let mut own = portal.anonymous();
    home.sign_in(&portal, &mut own, &jordan).await;
    let mut others = Vec::new();
    for _ in 0..3 {
        let mut other = portal.anonymous();
        home.sign_in(&portal, &mut other, &jordan).await;
        others.push(other);
    }
    let page = own.get("/account/sessions").await.expect(200);
    own.submit_and_follow(&page.form_with_button("Sign out everywhere else"))
        .await
        .expect(200);
    for other in &mut others {
        assert!(!is_in(other).await);
    }
    own.get("/account/sessions")
        .await
        .expect(200)
        .shows("You are signed in only here.");
}

/// LAW F7: staff and changes of role end every session of an account; it stands on its owner's chain.
#[tokio::test]
async fn every_session_of_an_account_can_be_ended() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let account = portal
        .portal
        .store()
        .account_by_sign_in(&portal.person("Jordan Reyes").sign_in)
        .await
        .expect("an answer")
        .expect("an account");
    let place = portal.length(patient).await;
    let ended = portal::session::end_all_of(&portal.portal, &Stamp::SYSTEM, account.id)
        .await
        .expect("an end");
    assert_eq!(ended, 1);
    assert!(!is_in(&mut jordan).await);
    let entries = portal.since(patient, place).await;
    assert!(matches!(entries[0].body.event, Event::SessionsEnded { .. }));
}

/// LAW F1: what an attacker put into a browser before its owner signed in is worth nothing after (fixation), at the
/// first factor and at the second.
#[tokio::test]
async fn a_session_that_was_planted_is_worth_nothing() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let home = at("203.0.113.7", DESK);
    // The attacker's own session, half way signed in, so that there is one.
    let morgan = portal.person("Morgan Ellis").clone();
    let mut attacker = portal.anonymous();
    home.password(&mut attacker, &morgan.sign_in, &morgan.password)
        .await
        .expect(303);
    let planted = attacker.session_cookie().expect("a cookie").to_owned();
    let mut victim = portal.anonymous();
    victim.set_session_cookie(&planted);
    home.sign_in(&portal, &mut victim, &jordan).await;
    assert!(is_in(&mut victim).await);
    assert_ne!(victim.session_cookie(), Some(planted.as_str()));
    assert!(!is_in(&mut attacker).await);
    // A value that nobody gave out is not taken up either.
    let made_up = "AAAAAAAAAAAAAAAAAAAAAA";
    let mut other = portal.anonymous();
    other.set_session_cookie(made_up);
    home.sign_in(&portal, &mut other, &jordan).await;
    assert_ne!(other.session_cookie(), Some(made_up));
}

/// LAW F1: sessions of one account live side by side, and end each by itself.
#[tokio::test]
async fn parallel_sessions_end_each_by_itself() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let home = at("203.0.113.7", DESK);
    let mut first = portal.anonymous();
    home.sign_in(&portal, &mut first, &jordan).await;
    portal.clock.advance(TimeDelta::minutes(10));
    let mut second = portal.anonymous();
    home.sign_in(&portal, &mut second, &jordan).await;
    portal.clock.advance(TimeDelta::minutes(10));
    assert!(!is_in(&mut first).await, "idle for more than 15 minutes");
    assert!(is_in(&mut second).await);
    let page = second.get("/home").await.expect(200);
    second.submit(&page.form("/api/sign-out")).await;
    assert!(!is_in(&mut second).await);
}
