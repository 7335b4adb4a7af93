//! Accounts of the staff that nobody used for 90 days.

use crate::joining::way;
use crate::recovery_case::recover;
use crate::staff::cast::{FIRST, length, page_of, signed_in};
use crate::support::TestPortal;
use chrono::TimeDelta;
use store::Event;

const LINDQVIST: &str = "Dr. Tobias Lindqvist";

/// A day before it opens, on the day it is closed by the try; the answer is that of a wrong password (LAW F8). A case
/// opens it again.
#[tokio::test]
async fn after_ninety_days_an_account_closes() {
    let test = TestPortal::new().await;
    test.lindqvist().await;
    test.clock.advance(TimeDelta::days(89));
    test.lindqvist().await;
    // The administrator was there in between.
    signed_in(&test, FIRST).await;
    test.clock.advance(TimeDelta::days(89));
    let mut admin = signed_in(&test, FIRST).await;
    test.clock.advance(TimeDelta::days(1));
    let mut admin_again = {
        admin.get("/office/people").await.expect(303);
        signed_in(&test, FIRST).await
    };
    let admin = &mut admin_again;
    let person = test.person(LINDQVIST).clone();
    let path = page_of(admin, LINDQVIST).await;
    admin
        .get(&path)
        .await
        .expect(200)
        .shows("Not used for 90 days");

    let house = length(&test).await;
    let mut somebody = test.anonymous();
    let wrong = somebody
        .give_password(&person.sign_in, "not the password")
        .await;
    let mut somebody = test.anonymous();
    let right = somebody
        .give_password(&person.sign_in, &person.password)
        .await;
    assert_eq!(
        wrong.expect(422).essence(&[&person.sign_in]),
        right.expect(422).essence(&[&person.sign_in])
    );
    let events = test.house_since(house).await;
    assert!(
        events
            .iter()
            .any(|entry| matches!(entry.body.event, Event::AccountClosed { .. }))
    );
    // Closed for good: turning the clock back opens nothing.
    test.clock.advance(TimeDelta::days(-80));
    test.anonymous()
        .give_password(&person.sign_in, &person.password)
        .await
        .expect(422);
    test.clock.advance(TimeDelta::days(80));

    // The way back is a case, with its wait.
    let code = recover::whole_staff_case(&test, FIRST, &path).await;
    let mut signed = signed_in(&test, FIRST).await;
    let admin = &mut signed;
    let mut back = test.anonymous();
    way::give_code(&mut back, &code, "").await.expect(303);
    way::give_password(&mut back, "/join/password", way::PASSWORD)
        .await
        .expect(303);
    way::set_up_app(&test, &mut back).await;
    way::keep_codes(&mut back).await;
    back.get("/patients").await.expect(200);
    admin.get(&path).await.expect(200).shows("Active");
    test.assert_sound().await;
}

/// A patient who was away for a year comes back as ever.
#[tokio::test]
async fn patients_may_stay_away() {
    let test = TestPortal::new().await;
    test.jordan().await;
    test.clock.advance(TimeDelta::days(365));
    test.jordan().await.get("/home").await.expect(200);
}
