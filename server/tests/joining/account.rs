//! `/account`: changing what one signs in with, each change behind a fresh factor for that very change (LAW F7).

use crate::joining::way::{ANOTHER, App, PASSWORD, codes, join, record};
use crate::support::TestPortal;
use store::Event;

const EMAIL: &str = "riley@example.org";

async fn elsewhere<'a>(portal: &'a TestPortal, app: &App) -> crate::support::Anonymous<'a> {
    let mut other = portal.anonymous();
    other.give_password(EMAIL, PASSWORD).await.expect(303);
    other.give_code(&app.next(portal)).await.expect(303);
    other.get("/home").await.expect(200);
    other
}

/// LAW F7: a new password takes a fresh factor and ends the other sessions; a weak one costs nothing.
#[tokio::test]
async fn the_password_is_changed() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, EMAIL).await;
    let mut other = elsewhere(&portal, &riley.app).await;
    let patient = record(&portal).await;
    // Straight to the form's address: a fresh factor first.
    let body = format!("password={ANOTHER}&again={ANOTHER}");
    let page = riley
        .browser
        .post("/account/password", body)
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    portal
        .anonymous()
        .give_password(EMAIL, ANOTHER)
        .await
        .expect(422);
    let page = riley.confirmed(&portal, "/account/password").await;
    let form = page.form_with_field("again");
    let weak = form
        .clone()
        .fill("password", "rileynovak")
        .fill("again", "rileynovak");
    riley
        .browser
        .submit(&weak)
        .await
        .expect(422)
        .shows("made of your name");
    let place = portal.length(patient).await;
    let form = form.fill("password", ANOTHER).fill("again", ANOTHER);
    let page = riley.browser.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/account"));
    riley
        .browser
        .get("/account")
        .await
        .expect(200)
        .shows("Your new password works now.");
    assert_eq!(other.get("/home").await.location(), Some("/sign-in"));
    let entries = portal.since(patient, place).await;
    assert!(entries.iter().any(|entry| matches!(
        &entry.body.event,
        Event::FactorChanged { change, .. } if change == "password-changed"
    )));
    // The factor served once.
    let page = riley.browser.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    portal
        .anonymous()
        .give_password(EMAIL, PASSWORD)
        .await
        .expect(422);
    portal
        .anonymous()
        .give_password(EMAIL, ANOTHER)
        .await
        .expect(303);
}

/// LAW F7: another app takes the place of the first, once it shows a code; a factor for one change serves no other.
#[tokio::test]
async fn the_app_is_replaced() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, EMAIL).await;
    let mut other = elsewhere(&portal, &riley.app).await;
    let page = riley.confirmed(&portal, "/account/app").await;
    let fresh = App::of(&page);
    assert_eq!(
        codes(&riley.browser.get("/account/app").await.expect(200)),
        codes(&page),
        "a reload shows the same secret"
    );
    // The fresh factor was for the app, not for the password or the codes.
    for path in ["/account/password", "/account/recovery-codes"] {
        let page = riley.browser.get(path).await.expect(200);
        assert_eq!(page.count("input[type=password]"), 0);
        assert!(codes(&page).is_empty());
    }
    let form = page.form_with_field("code");
    let old = form.clone().fill("code", &riley.app.code(&portal));
    riley
        .browser
        .submit(&old)
        .await
        .expect(422)
        .shows("That code didn't work.");
    let page = riley
        .browser
        .submit(&form.fill("code", &fresh.code(&portal)))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/account"));
    assert_eq!(other.get("/home").await.location(), Some("/sign-in"));
    let mut again = portal.anonymous();
    again.give_password(EMAIL, PASSWORD).await.expect(303);
    again.give_code(&fresh.code(&portal)).await.expect(422);
    again.give_code(&riley.app.next(&portal)).await.expect(422);
    again.give_code(&fresh.code(&portal)).await.expect(303);
}

/// LAW F5: the last way to sign in stays.
#[tokio::test]
async fn the_last_app_stays() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, EMAIL).await;
    let page = riley.browser.get("/account").await.expect(200);
    assert!(
        !page
            .links()
            .iter()
            .any(|link| link == "/account/app/remove")
    );
    let page = riley.browser.get("/account/app/remove").await.expect(200);
    page.shows("You need this app to sign in.");
    let page = riley
        .browser
        .post("/account/app/remove", "")
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/account/app/remove"));
    elsewhere(&portal, &riley.app).await;
}

/// LAW F6, F7: new recovery codes behind a fresh factor; the old ones die; shown until they are kept.
#[tokio::test]
async fn recovery_codes_are_renewed() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, EMAIL).await;
    let page = riley.confirmed(&portal, "/account/recovery-codes").await;
    let page = page.shows("You have 10 recovery codes left.");
    let form = page.form("/account/recovery-codes");
    let page = riley.browser.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/account/recovery-codes"));
    let page = riley
        .browser
        .get("/account/recovery-codes")
        .await
        .expect(200);
    let fresh = codes(&page);
    assert_eq!(fresh.len(), 10);
    assert!(fresh.iter().all(|code| !riley.codes.contains(code)));
    let form = page.form("/account/recovery-codes");
    let page = riley.browser.submit(&form).await.expect(422);
    assert_eq!(codes(&page), fresh);
    let page = riley
        .browser
        .submit(&form.choose("kept", "yes"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/account"));
    let page = riley
        .browser
        .get("/account/recovery-codes")
        .await
        .expect(200);
    assert!(codes(&page).is_empty(), "shown once");
    let mut back = portal.anonymous();
    let form = back.get("/recover").await.expect(200).form("/recover");
    let form = form.fill("sign-in", EMAIL).fill("password", PASSWORD);
    back.submit(&form.clone().fill("code", &riley.codes[0]))
        .await
        .expect(422);
    back.submit(&form.fill("code", &fresh[0])).await.expect(303);
}

/// Nothing of the account opens to somebody who isn't signed in, or is only on the way.
#[tokio::test]
async fn the_pages_are_for_who_is_signed_in() {
    let portal = TestPortal::new().await;
    let mut nobody = portal.anonymous();
    for path in [
        "/account/password",
        "/account/app",
        "/account/app/remove",
        "/account/recovery-codes",
    ] {
        assert_eq!(
            nobody.get(path).await.location(),
            Some("/sign-in"),
            "{path}"
        );
        let page = nobody
            .post(path, "kept=yes&code=1&password=x&again=x")
            .await
            .expect(303);
        assert_eq!(page.location(), Some("/sign-in"), "{path}");
    }
}
