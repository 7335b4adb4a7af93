//! Accounts of the staff: only administrators help with them, two where it matters, and nobody with their own.

use crate::recovery_case::recover::{IN_PERSON, SUPPORT, make_code, open_for_staff, press};
use crate::staff::cast::{FIRST, OKAFOR, SECOND, page_of, signed_in};
use crate::support::TestPortal;
use chrono::TimeDelta;

/// For a privacy officer's account the wait and a second administrator are both needed; who opened the case is not the
/// second, and support has nothing to do with it.
#[tokio::test]
async fn a_powerful_account_takes_two() {
    let test = TestPortal::new().await;
    let mut first = signed_in(&test, FIRST).await;
    let path = page_of(&mut first, "Renata Solberg").await;
    let case = open_for_staff(&mut first, &path, IN_PERSON).await;
    let page = first.get(&case).await.expect(200);
    let page = page.shows("You opened this case. A second administrator has to agree.");
    assert!(!page.body.contains("value=\"agree\""));
    let page = first.post(&case, "do=agree").await.expect(422);
    page.shows("You opened this case.");
    let mut support = signed_in(&test, SUPPORT).await;
    support.get(&case).await.expect(404);
    support.post(&case, "do=stop").await.expect(404);
    let page = support.get("/office/recovery").await.expect(200);
    page.hides("Renata Solberg");

    test.clock.advance(TimeDelta::days(1));
    let mut first = signed_in(&test, FIRST).await;
    let page = first.get(&case).await.expect(200);
    page.shows("A second administrator has not agreed yet.");
    let page = first.post(&case, "do=code").await.expect(422);
    page.shows("A second administrator has to agree first.");
    let mut solberg = test.solberg().await;
    solberg.get("/office").await.expect(200);

    let mut second = signed_in(&test, SECOND).await;
    let page = press(&mut second, &case, "Agree").await.expect(303);
    assert_eq!(page.location(), Some(case.as_str()));
    make_code(&mut first, &case).await;
    let page = first.get(&case).await.expect(200);
    page.shows(SECOND).shows("Ended by");
    let page = solberg.get("/office").await.expect(303);
    assert_eq!(page.location(), Some("/sign-in"));
    test.assert_sound().await;
}

/// Agreed to, it waits all the same; for a clinician one administrator is enough.
#[tokio::test]
async fn agreeing_shortens_nothing() {
    let test = TestPortal::new().await;
    let mut first = signed_in(&test, FIRST).await;
    let path = page_of(&mut first, "Renata Solberg").await;
    let case = open_for_staff(&mut first, &path, IN_PERSON).await;
    let mut second = signed_in(&test, SECOND).await;
    press(&mut second, &case, "Agree").await.expect(303);
    let page = second.post(&case, "do=code").await.expect(422);
    page.shows("It is too early.");

    let mut first = signed_in(&test, FIRST).await;
    let path = page_of(&mut first, OKAFOR).await;
    let case = open_for_staff(&mut first, &path, IN_PERSON).await;
    test.clock.advance(TimeDelta::days(1));
    let mut first = signed_in(&test, FIRST).await;
    make_code(&mut first, &case).await;
}

/// Nobody handles a case of their own account; as its owner they read of it wherever they come to, and stop it.
#[tokio::test]
async fn nobody_handles_their_own() {
    let test = TestPortal::new().await;
    let mut first = signed_in(&test, FIRST).await;
    let path = page_of(&mut first, SECOND).await;
    let case = open_for_staff(&mut first, &path, IN_PERSON).await;
    let mut second = signed_in(&test, SECOND).await;
    second.get(&case).await.expect(404);
    for what in ["do=agree", "do=code", "do=stop"] {
        second.post(&case, what).await.expect(404);
    }
    let page = second.get("/office/recovery").await.expect(200);
    page.hides(&case);
    let page = second.get("/office").await.expect(200);
    let stop = page.form("/api/stop-recovery");
    second.submit(&stop).await.expect(303);
    let page = first.get(&case).await.expect(200);
    page.shows("Stopped by the account's owner");
    // Nor does one open: their own page has no button, and by hand there is none either.
    let own = page_of(&mut second, SECOND).await;
    let page = second.get(&own).await.expect(200);
    assert!(!page.body.contains("value=\"recover\""));
    second.post(&own, "do=recover").await.expect(404);
}
