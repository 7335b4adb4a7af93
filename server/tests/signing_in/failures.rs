//! How often one may try (LAW F6), and what is written down of it.

use super::{At, DEVICE, WRONG, is_password_failure};
use crate::support::TestPortal;
use axum::http::StatusCode;
use chrono::TimeDelta;

/// So many failures strangers have for a password, an owner's devices for a password, strangers for a code.
const STRANGERS: u32 = 50;
const OWN_DEVICES: u32 = 15;
const STRANGERS_CODES: u32 = 15;
/// After so long the longest wait is over.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

fn somewhere(number: u32) -> At {
    At::new(&format!("198.51.{}.{}", number / 200, number % 200 + 1))
}

/// LAW F6, F8: a wrong password is written down where its owner reads of it; one for a name that nobody has, on the
/// house's chain, and the name stands nowhere.
#[tokio::test]
async fn wrong_passwords_are_written_down() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let patient = portal.patient_id("Jordan Reyes").await;
    let (place, house) = (
        portal.length(patient).await,
        portal.house_since(0).await.len(),
    );
    let at = At::new("198.51.100.1");
    at.password(&mut portal.anonymous(), &jordan.sign_in, WRONG)
        .await
        .expect(422);
    let entries = portal.since(patient, place).await;
    assert_eq!(entries.len(), 1);
    assert!(is_password_failure(&entries[0].body.event));
    // Nobody knows who it was.
    assert_eq!(entries[0].body.stamp.actor.person, None);

    at.password(&mut portal.anonymous(), "nobody@demo.example", WRONG)
        .await
        .expect(422);
    let own = portal
        .house_since(u64::try_from(house).expect("a place"))
        .await;
    assert_eq!(own.len(), 1);
    assert!(is_password_failure(&own[0].body.event));
    assert_eq!(own[0].body.stamp.actor.account, None);

    let mut owner = portal.jordan().await;
    let page = owner.open_history().await;
    let line = page
        .rows()
        .into_iter()
        .find(|row| row.contains("Typed a wrong password for your account"))
        .expect("a line of its own");
    assert!(line.contains("Somebody we don't know"), "{line}");
    portal.assert_sound().await;
}

/// LAW F6: strangers use up their share, and no more of the account: its owner signs in from a device of their own as
/// if nothing was. What was refused without being looked at fills nobody's history.
#[tokio::test]
async fn a_flood_from_elsewhere_does_not_stop_the_owners_own_browser() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let patient = portal.patient_id("Jordan Reyes").await;
    let home = At::new("203.0.113.7");
    let mut own = portal.anonymous();
    home.sign_in(&portal, &mut own, &jordan).await;
    let page = own.get("/home").await.expect(200);
    own.submit(&page.form("/api/sign-out")).await;

    let place = portal.length(patient).await;
    for number in 0..STRANGERS + 5 {
        portal.clock.advance(LONGEST_WAIT);
        somewhere(number)
            .password(&mut portal.anonymous(), &jordan.sign_in, WRONG)
            .await
            .expect(422);
    }
    let failures = portal.since(patient, place).await;
    assert!(
        failures
            .iter()
            .all(|entry| is_password_failure(&entry.body.event))
    );
    assert_eq!(failures.len(), usize::try_from(STRANGERS).expect("a count"));

    // The share of strangers stays used up, however long one waits and whatever is right.
    portal.clock.advance(TimeDelta::days(2));
    somewhere(200)
        .password(&mut portal.anonymous(), &jordan.sign_in, &jordan.password)
        .await
        .expect(422)
        .shows("Use a phone or computer that you signed in on before.");
    // The owner's own device is not concerned.
    home.sign_in(&portal, &mut own, &jordan).await;
    own.get("/records").await.expect(200);
    // Their password alone doesn't give strangers room again.
    portal.clock.advance(TimeDelta::days(1));
    somewhere(201)
        .password(&mut portal.anonymous(), &jordan.sign_in, &jordan.password)
        .await
        .expect(422);
    portal.assert_sound().await;
}

/// LAW F6: a device of one's own, stolen, has a small share too; the rest of the world isn't concerned.
#[tokio::test]
async fn a_known_device_has_a_share_of_its_own() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let home = At::new("203.0.113.7");
    let mut own = portal.anonymous();
    home.sign_in(&portal, &mut own, &jordan).await;
    let device = own.cookie(DEVICE).expect("a device's cookie").to_owned();
    for _ in 0..OWN_DEVICES {
        portal.clock.advance(LONGEST_WAIT);
        let mut thief = portal.anonymous();
        thief.set_cookie(DEVICE, Some(&device));
        home.password(&mut thief, &jordan.sign_in, WRONG)
            .await
            .expect(422);
    }
    portal.clock.advance(TimeDelta::days(1));
    let mut thief = portal.anonymous();
    thief.set_cookie(DEVICE, Some(&device));
    home.password(&mut thief, &jordan.sign_in, &jordan.password)
        .await
        .expect(422);
    // From a new device it works, and the shares of others' accounts are others'.
    somewhere(1)
        .password(&mut portal.anonymous(), &jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    let morgan = portal.person("Morgan Ellis").clone();
    let mut same_device = portal.anonymous();
    same_device.set_cookie(DEVICE, Some(&device));
    home.password(&mut same_device, &morgan.sign_in, &morgan.password)
        .await
        .expect(303);
}

/// LAW F5, F6: codes have shares in the same way. Whoever knows the password and guesses codes keeps the owner out of
/// nothing on a device of their own.
#[tokio::test]
async fn guessing_codes_ends_at_the_cap_and_not_for_the_owner() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let home = At::new("203.0.113.7");
    let mut own = portal.anonymous();
    home.sign_in(&portal, &mut own, &jordan).await;

    let mut stranger = portal.anonymous();
    for number in 0..STRANGERS_CODES {
        portal.clock.advance(LONGEST_WAIT);
        let at = somewhere(number);
        at.password(&mut stranger, &jordan.sign_in, &jordan.password)
            .await
            .expect(303);
        let right = portal.code(&jordan);
        let wrong = if right == "000000" {
            "000001"
        } else {
            "000000"
        };
        at.code(&mut stranger, wrong).await.expect(422);
    }
    portal.clock.advance(TimeDelta::days(1));
    let at = somewhere(90);
    at.password(&mut stranger, &jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    at.code(&mut stranger, &portal.next_code(&jordan))
        .await
        .expect(422);
    home.sign_in(&portal, &mut own, &jordan).await;
    own.get("/records").await.expect(200);
}

/// LAW F5: a code of half a minute before or after is taken, for clocks that drift; an older or a later one is not
/// (RFC 6238 §5.2).
#[tokio::test]
async fn codes_drift_by_one_step_and_no_more() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    for (by, status) in [(-60_i64, 422), (-30, 303), (30, 303), (60, 422)] {
        portal.clock.advance(TimeDelta::minutes(20));
        let secret = jordan.secret().expect("a secret");
        let seconds = domain::clock::Clock::now(portal.clock.as_ref()).timestamp() + by;
        let code = portal::accounts::authenticator(&secret)
            .expect("an authenticator")
            .generate(u64::try_from(seconds).expect("after 1970"))
            .to_string();
        let mut browser = portal.anonymous();
        let at = At::new("203.0.113.7");
        at.password(&mut browser, &jordan.sign_in, &jordan.password)
            .await
            .expect(303);
        let page = at.code(&mut browser, &code).await;
        assert_eq!(
            page.status,
            StatusCode::from_u16(status).expect("a status"),
            "{by}"
        );
    }
}

/// LAW F6: one network may fail thirty times at once, whatever names it tries, then once a minute; what works costs
/// nothing, and clears nothing. A device of one's own is not held up by others in the same network.
#[tokio::test]
async fn a_network_is_slowed_down_whatever_it_tries() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let mut own = portal.anonymous();
    At::new("2001:db8:1:2::aaaa")
        .sign_in(&portal, &mut own, &jordan)
        .await;
    for number in 0..30_u32 {
        let at = At::new(&format!("2001:db8:1:2::{:x}", number + 1));
        let page = at
            .password(
                &mut portal.anonymous(),
                &format!("nobody-{number}@x.example"),
                WRONG,
            )
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        if number == 10 {
            let morgan = portal.person("Morgan Ellis");
            at.password(&mut portal.anonymous(), &morgan.sign_in, &morgan.password)
                .await
                .expect(303);
        }
    }
    let right = (jordan.sign_in.as_str(), jordan.password.as_str());
    let here = At::new("2001:db8:1:2::ffff");
    here.password(&mut portal.anonymous(), right.0, right.1)
        .await
        .expect(422);
    At::new("2001:db8:1:3::1")
        .password(&mut portal.anonymous(), right.0, right.1)
        .await
        .expect(303);
    here.password(&mut own, right.0, right.1).await.expect(303);
    portal.clock.advance(TimeDelta::minutes(1));
    here.password(&mut portal.anonymous(), "nobody@x.example", WRONG)
        .await
        .expect(422);
    here.password(&mut portal.anonymous(), right.0, right.1)
        .await
        .expect(422);
    portal.clock.advance(TimeDelta::minutes(1));
    here.password(&mut portal.anonymous(), right.0, right.1)
        .await
        .expect(303);
}

/// LAW F8: who is refused reads of every way on, and reads the same whether there is such an account.
#[tokio::test]
async fn the_refusal_says_the_ways_on_and_nothing_else() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let at = At::new("198.51.100.1");
    let mut pages = Vec::new();
    for name in [jordan.sign_in.as_str(), "nobody@demo.example"] {
        let page = at
            .password(&mut portal.anonymous(), name, WRONG)
            .await
            .expect(422)
            .shows("We couldn't sign you in.")
            .shows("Wait 15 minutes")
            .shows("Use your passkey")
            .shows("recovery codes")
            .shows("call the office");
        assert!(page.links().contains(&"/recover".to_owned()));
        pages.push(page.essence(&[name]));
    }
    assert_eq!(pages[0], pages[1]);
}

/// Counters that mean nothing any more are swept out; one of an account never is by time alone (LAW F6).
#[tokio::test]
async fn what_is_over_is_swept_out() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let at = At::new("198.51.100.1");
    for name in [jordan.sign_in.as_str(), "nobody@demo.example"] {
        for _ in 0..4 {
            at.password(&mut portal.anonymous(), name, WRONG)
                .await
                .expect(422);
        }
    }
    let store = portal.portal.store();
    let failures = async |name: &str| {
        let key = store.attempt_key("password", name);
        store.attempts(&key).await.expect("a count").failures
    };
    assert_eq!(failures(&jordan.sign_in).await, 4);
    assert_eq!(failures("nobody@demo.example").await, 4);
    portal.clock.advance(TimeDelta::days(31));
    confide::jobs::sweep(&portal.portal).await.expect("a sweep");
    assert_eq!(failures(&jordan.sign_in).await, 4);
    assert_eq!(failures("nobody@demo.example").await, 0);
}
