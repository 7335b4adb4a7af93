//! The device's cookie, and the letter about a new device (LAW B6, F6).

use super::{At, DEVICE};
use crate::support::TestPortal;
use chrono::TimeDelta;
use portal::letters::{Kind, Letter};

/// What waits in the outbox, and for whom.
pub(super) async fn waiting(portal: &TestPortal) -> Vec<(String, Letter)> {
    let letters = portal
        .portal
        .store()
        .take_letters(100, TimeDelta::zero())
        .await
        .expect("letters");
    letters
        .into_iter()
        .map(|waiting| {
            let letter = Letter::read(&waiting.letter.what).expect("a letter of ours");
            (waiting.letter.to, letter)
        })
        .collect()
}

/// LAW F1: as closed as browsers allow, for a year, and set only when somebody has signed in with both factors.
#[tokio::test]
async fn the_devices_cookie_comes_with_signing_in() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let at = At::new("203.0.113.7");
    let mut browser = portal.anonymous();
    at.get(&mut browser, "/sign-in").await.expect(200);
    at.password(&mut browser, &jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    assert_eq!(browser.cookie(DEVICE), None, "half way is no way");
    let code = portal.next_code(&jordan);
    let page = at.code(&mut browser, &code).await.expect(303);
    let set: Vec<&str> = page
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter(|value| value.starts_with(DEVICE))
        .collect();
    assert_eq!(set.len(), 1, "{set:?}");
    for part in [
        "; HttpOnly",
        "; Secure",
        "; SameSite=Lax",
        "; Path=/",
        "; Max-Age=31536000",
    ] {
        assert!(set[0].contains(part), "{part} in {}", set[0]);
    }
    assert!(!set[0].contains("Domain"));
    let value = browser.cookie(DEVICE).expect("a cookie").to_owned();
    assert_eq!(value.len(), 22, "128 random bits");
    // It alone is worth nothing.
    let mut thief = portal.anonymous();
    thief.set_cookie(DEVICE, Some(&value));
    assert_eq!(
        thief.get("/records").await.expect(303).location(),
        Some("/sign-in")
    );
    // It stays the same for whoever signs in on this device next.
    let morgan = portal.person("Morgan Ellis").clone();
    let page = browser.get("/home").await.expect(200);
    browser.submit(&page.form("/api/sign-out")).await;
    assert_eq!(browser.cookie(DEVICE), Some(value.as_str()));
    at.sign_in(&portal, &mut browser, &morgan).await;
    assert_eq!(browser.cookie(DEVICE), Some(value.as_str()));
}

/// LAW F6, B6: a sign-in from a device that is new is told to the owner, at most once an hour; one from a device that is
/// known is not.
#[tokio::test]
async fn the_owner_is_told_of_a_new_device() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let at = At {
        agent: "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0",
        ..At::new("203.0.113.7")
    };
    let mut first = portal.anonymous();
    at.sign_in(&portal, &mut first, &jordan).await;
    let letters = waiting(&portal).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].0, jordan.sign_in);
    assert_eq!(letters[0].1.kind, Kind::NewDevice);
    let words = app::letters::words(&letters[0].1, "Your account", chrono_tz::America::Chicago);
    assert!(words.text.contains("Firefox on Windows"), "{}", words.text);

    portal.clock.advance(TimeDelta::hours(2));
    at.sign_in(&portal, &mut first, &jordan).await;
    assert_eq!(waiting(&portal).await.len(), 1, "that device is known");

    at.sign_in(&portal, &mut portal.anonymous(), &jordan).await;
    assert_eq!(waiting(&portal).await.len(), 2);
    at.sign_in(&portal, &mut portal.anonymous(), &jordan).await;
    assert_eq!(waiting(&portal).await.len(), 2, "one letter an hour");
    portal.clock.advance(TimeDelta::hours(1));
    at.sign_in(&portal, &mut portal.anonymous(), &jordan).await;
    assert_eq!(waiting(&portal).await.len(), 3);
}

/// At most twenty devices of an account are remembered; the one not used for the longest goes.
#[tokio::test]
async fn twenty_devices_are_remembered() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let at = At::new("203.0.113.7");
    let store = portal.portal.store();
    let account = store
        .account_by_sign_in(&jordan.sign_in)
        .await
        .expect("an answer")
        .expect("an account")
        .id;
    let mut devices = Vec::new();
    for _ in 0..21 {
        let mut browser = portal.anonymous();
        at.sign_in(&portal, &mut browser, &jordan).await;
        devices.push(browser.cookie(DEVICE).expect("a cookie").to_owned());
    }
    assert!(
        !store
            .knows_device(account, &devices[0])
            .await
            .expect("an answer")
    );
    for device in &devices[1..] {
        assert!(
            store
                .knows_device(account, device)
                .await
                .expect("an answer")
        );
    }
    assert!(!store.knows_device(account, "").await.expect("an answer"));
}
