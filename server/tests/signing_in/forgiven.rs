//! What empties the counters of failures: showing what nobody can guess (LAW F6).

use super::{At, DEVICE, WRONG, passkey::Passkey};
use crate::support::{Browser, TestPortal};
use chrono::TimeDelta;
use confide::demo::people::SignIn;
use portal::sign_in::FAILURE_CAP;

/// After so long the longest wait is over.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

fn elsewhere(number: u32) -> At {
    At::new(&format!("198.51.{}.{}", number / 200, number % 200 + 1))
}

/// Uses up a share of wrong passwords: as many as an account may fail at all, so whatever its share is.
async fn use_up(portal: &TestPortal, person: &SignIn, device: Option<&str>) {
    for number in 0..FAILURE_CAP {
        portal.clock.advance(LONGEST_WAIT);
        let mut browser = portal.anonymous();
        browser.set_cookie(DEVICE, device);
        elsewhere(number)
            .password(&mut browser, &person.sign_in, WRONG)
            .await
            .expect(422);
    }
    portal.clock.advance(TimeDelta::days(1));
}

/// What the right password is answered.
async fn right(person: &SignIn, browser: &mut Browser<'_>) -> u16 {
    let at = elsewhere(230);
    let page = at
        .password(browser, &person.sign_in, &person.password)
        .await;
    page.status.as_u16()
}

/// LAW F6: a passkey is a way back however many passwords failed, on strange devices and on one's own, and after it the
/// password serves again everywhere.
#[tokio::test]
async fn a_passkey_empties_every_share() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let mut own = portal.jordan().await;
    let device = own.cookie(DEVICE).expect("a device's cookie").to_owned();
    let mut passkey = Passkey::new();
    passkey.add(&mut own).await;

    use_up(&portal, &jordan, None).await;
    use_up(&portal, &jordan, Some(&device)).await;
    let mut known = portal.anonymous();
    known.set_cookie(DEVICE, Some(&device));
    assert_eq!(right(&jordan, &mut portal.anonymous()).await, 422);
    assert_eq!(right(&jordan, &mut known).await, 422);

    let mut back = portal.anonymous();
    passkey.sign_in(&mut back).await.expect(200);
    back.get("/records").await.expect(200);

    assert_eq!(right(&jordan, &mut known).await, 303);
    let mut strange = portal.anonymous();
    elsewhere(231).sign_in(&portal, &mut strange, &jordan).await;
    strange.get("/records").await.expect(200);
    portal.assert_sound().await;
}

/// LAW F6: a passkey that is not the account's empties nothing.
#[tokio::test]
async fn a_wrong_passkey_empties_nothing() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let mut own = portal.jordan().await;
    let mut passkey = Passkey::new();
    passkey.add(&mut own).await;
    use_up(&portal, &jordan, None).await;
    passkey
        .forged()
        .sign_in(&mut portal.anonymous())
        .await
        .expect(422);
    assert_eq!(right(&jordan, &mut portal.anonymous()).await, 422);
}
