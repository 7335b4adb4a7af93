//! `/account/contact`: which addresses are told, and how one comes to count (LAW B6, F6, F7).

use crate::joining::way;
use crate::recovery_case::letters::{self, assert_neutral, code};
use crate::support::{Browser, Page, TestPortal};
use chrono::TimeDelta;
use portal::letters::Kind;
use store::Event;

const PATH: &str = "/account/contact";
const JORDAN: &str = "jordan@demo.example";
const NEW: &str = "jordan.reyes@elsewhere.example";

/// Asks for a change and gives the factor; the answer to the second press.
async fn ask(browser: &mut Browser<'_>, field: &str, value: &str, button: &str) -> Page {
    let page = browser.get(PATH).await.expect(200);
    let form = page.form_with_button(button).fill(field, value);
    let page = browser.submit(&form.press(button)).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let page = browser.get("/step-up").await.expect(200);
    assert!(page.text().contains(value), "{}", page.text());
    assert_eq!(crate::staff::cast::confirm(browser).await, PATH);
    let page = browser.get(PATH).await.expect(200);
    let form = page.form_with_button(button);
    assert_eq!(form.value(field), Some(value), "the form is as it was");
    browser.submit(&form.press(button)).await
}

async fn change_sign_in(browser: &mut Browser<'_>, to: &str) -> Page {
    ask(browser, "sign-in", to, "Change the address I sign in with").await
}

async fn add(browser: &mut Browser<'_>, address: &str) -> Page {
    ask(browser, "further", address, "Add this address").await
}

async fn type_code(browser: &mut Browser<'_>, code: &str) -> Page {
    let page = browser.get(PATH).await.expect(200);
    let form = page.form_with_field("code").fill("code", code);
    browser.submit(&form).await
}

/// A new address to sign in with: a fresh factor, the code that was sent there, the end of the other sessions; the old
/// address is told.
#[tokio::test]
async fn the_sign_in_address_is_changed() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut other = test.jordan().await;
    let mut jordan = test.jordan().await;
    letters::written(&test).await;
    let place = test.length(patient).await;
    change_sign_in(&mut jordan, NEW).await.expect(303);
    let sent = letters::written(&test).await;
    assert_eq!(sent.len(), 1, "nobody but the new address");
    let right = code(&sent, NEW);
    assert_neutral(&sent[0].1, &["Jordan", "Reyes", NEW]);
    jordan.get(PATH).await.expect(200).hides(&right).shows(NEW);
    let wrong = type_code(&mut jordan, "7777-7777-7777-7773").await;
    wrong.expect(422).shows("That code didn't work.");
    let entry = test.person("Jordan Reyes").clone();
    test.anonymous()
        .give_password(NEW, &entry.password)
        .await
        .expect(422);
    type_code(&mut jordan, &right).await.expect(303);
    let page = jordan.get(PATH).await.expect(200);
    page.shows("This address is confirmed.")
        .shows(NEW)
        .hides(JORDAN);
    assert_eq!(other.get("/home").await.location(), Some("/sign-in"));
    let told = letters::written(&test).await;
    assert_eq!(letters::to(&told, Kind::AddressesChanged), [NEW, JORDAN]);
    for (_, letter) in &told {
        assert_neutral(letter, &["Jordan", "Reyes", NEW]);
    }
    test.anonymous()
        .give_password(JORDAN, &entry.password)
        .await
        .expect(422);
    test.anonymous()
        .give_password(&NEW.to_uppercase(), &entry.password)
        .await
        .expect(303);
    let own = test.since(patient, place).await;
    assert!(own.iter().any(|entry| matches!(
        &entry.body.event,
        Event::ContactsChanged { change, .. } if change == "sign-in-changed"
    )));
    let page = jordan.get("/access-history").await.expect(200);
    page.shows("Changed or confirmed the e-mail addresses of your account")
        .hides(NEW);
    // The code served once.
    let page = jordan.post(PATH, format!("do=confirm&code={right}")).await;
    page.expect(422);
    test.assert_sound().await;
}

/// LAW F8: an address that somebody else signs in with is taken like any other, and each account opens with its own
/// password.
#[tokio::test]
async fn no_answer_tells_who_uses_an_address() {
    let test = TestPortal::new().await;
    let morgan = test.person("Morgan Ellis").clone();
    let mut jordan = test.jordan().await;
    letters::written(&test).await;
    let mut answers = Vec::new();
    for address in [morgan.sign_in.as_str(), "nobody@elsewhere.example"] {
        let page = change_sign_in(&mut jordan, address).await.expect(303);
        assert_eq!(page.location(), Some(PATH));
        let page = jordan.get(PATH).await.expect(200);
        answers.push(page.essence(&[address]));
        let sent = letters::written(&test).await;
        assert_eq!(letters::to(&sent, Kind::ConfirmAddress), [address]);
        if address == morgan.sign_in {
            type_code(&mut jordan, &code(&sent, address))
                .await
                .expect(303);
            jordan.get(PATH).await.expect(200);
            letters::written(&test).await;
        }
    }
    // What differs is the address one has by then, and that it is confirmed.
    assert!(
        answers
            .iter()
            .all(|answer| answer.contains("Type the code we sent"))
    );
    for (name, at) in [("Jordan Reyes", &morgan), ("Morgan Ellis", &morgan)] {
        let password = &test.person(name).password;
        let mut somebody = test.anonymous();
        somebody
            .give_password(&at.sign_in, password)
            .await
            .expect(303);
    }
}

/// Further addresses count once they are confirmed, two at most; then everything is told there too. One that goes is told
/// a last time.
#[tokio::test]
async fn further_addresses_are_told_once_they_are_confirmed() {
    let test = TestPortal::new().await;
    let mut jordan = test.jordan().await;
    let (one, two) = ("one@elsewhere.example", "two@elsewhere.example");
    letters::written(&test).await;
    add(&mut jordan, one).await.expect(303);
    let sent = letters::written(&test).await;
    // Unconfirmed, it is told nothing.
    let store = test.portal.store();
    let account = store.account_by_sign_in(JORDAN).await.expect("an answer");
    let account = account.expect("an account").id;
    let post = async || {
        let kind = Kind::PasswordChanged;
        let posted = portal::letters::post(store, account, kind).await;
        posted.expect("letters");
        letters::written(&test).await
    };
    assert_eq!(letters::to(&post().await, Kind::PasswordChanged), [JORDAN]);
    type_code(&mut jordan, &code(&sent, one)).await.expect(303);
    let told = letters::written(&test).await;
    assert_eq!(letters::to(&told, Kind::AddressesChanged), [JORDAN, one]);
    assert_eq!(
        letters::to(&post().await, Kind::PasswordChanged),
        [JORDAN, one]
    );
    // A device that is new is told everywhere.
    test.jordan().await;
    let told = letters::written(&test).await;
    let new = letters::to(&told, Kind::NewDevice);
    assert!(new.is_empty() || new == [JORDAN, one], "{new:?}");

    let page = jordan.get(PATH).await.expect(200);
    let form = page.form_with_button("Add this address");
    for (typed, words) in [
        ("", "Type an e-mail address."),
        ("not one", "Type an e-mail address like"),
        (one, "You have this address already."),
        (JORDAN, "You have this address already."),
    ] {
        let form = form
            .clone()
            .fill("further", typed)
            .press("Add this address");
        jordan.submit(&form).await.expect(422).shows(words);
    }
    add(&mut jordan, two).await.expect(303);
    let sent = letters::written(&test).await;
    type_code(&mut jordan, &code(&sent, two)).await.expect(303);
    let page = jordan.get(PATH).await.expect(200);
    let page = page.shows("You have as many addresses as there can be.");
    jordan
        .post(PATH, "do=add&further=three@elsewhere.example")
        .await
        .expect(422);
    letters::written(&test).await;

    // Away with the first: a factor for just that.
    let form = page.form_with_button("Remove").press("Remove");
    assert_eq!(form.value("address"), Some(one));
    let answer = jordan.submit(&form).await.expect(303);
    assert_eq!(answer.location(), Some("/step-up"));
    crate::staff::cast::confirm(&mut jordan).await;
    let other = jordan
        .post(PATH, format!("do=remove&address={two}"))
        .await
        .expect(303);
    assert_eq!(other.location(), Some("/step-up"), "another address");
    crate::staff::cast::confirm(&mut jordan).await;
    jordan
        .post(PATH, format!("do=remove&address={two}"))
        .await
        .expect(303);
    let told = letters::written(&test).await;
    assert_eq!(
        letters::to(&told, Kind::AddressesChanged),
        [JORDAN, one, two]
    );
    assert_eq!(
        letters::to(&post().await, Kind::PasswordChanged),
        [JORDAN, one]
    );
    test.assert_sound().await;
}

/// LAW F6: five wrong codes, then none serves; a code serves for half an hour; only so many are sent.
#[tokio::test]
async fn codes_are_limited() {
    let test = TestPortal::new().await;
    let mut jordan = test.jordan().await;
    letters::written(&test).await;
    add(&mut jordan, NEW).await.expect(303);
    let right = code(&letters::written(&test).await, NEW);
    // A slip of the pen costs nothing.
    for slip in ["", "7777", "not a code"] {
        type_code(&mut jordan, slip).await.expect(422);
    }
    for _ in 0..5 {
        type_code(&mut jordan, "7777-7777-7777-7773")
            .await
            .expect(422);
        test.clock.advance(TimeDelta::minutes(1));
    }
    type_code(&mut jordan, &right).await.expect(422);
    // Another is sent; the one before serves no more.
    let page = jordan.get(PATH).await.expect(200);
    let again = page.form_with_button("Send the code again");
    let again = again.press("Send the code again");
    jordan.submit(&again).await.expect(303);
    let fresh = code(&letters::written(&test).await, NEW);
    assert_ne!(fresh, right);
    type_code(&mut jordan, &right).await.expect(422);
    for _ in 0..3 {
        test.clock.advance(TimeDelta::minutes(10));
        jordan.get("/account").await.expect(200);
    }
    let page = jordan
        .get(PATH)
        .await
        .expect(200)
        .hides("Type the code we sent");
    assert_eq!(page.count("#code"), 0);
    let late = jordan.post(PATH, format!("do=confirm&code={fresh}")).await;
    late.expect(422).shows("That code didn't work.");
    let again = page.form_with_button("Send me a code to confirm it");
    let again = again.press("Send me a code to confirm it");
    for _ in 0..4 {
        jordan.submit(&again).await.expect(303);
    }
    let sent = letters::written(&test).await;
    assert_eq!(letters::to(&sent, Kind::ConfirmAddress).len(), 4);
    jordan.submit(&again).await.expect(303);
    let page = jordan.submit(&again).await.expect(422);
    page.shows("You asked for many codes.");
    let sent = letters::written(&test).await;
    assert_eq!(letters::to(&sent, Kind::ConfirmAddress).len(), 1);
    // Over, nothing of the address that was to be added is left.
    type_code(&mut jordan, &code(&sent, JORDAN))
        .await
        .expect(303);
    let page = jordan.get(PATH).await.expect(200);
    page.shows("Confirmed").hides(NEW);
}

/// The address of joining waits to be confirmed from the first moment, and is told all the same.
#[tokio::test]
async fn the_address_of_joining_is_confirmed() {
    let test = TestPortal::new().await;
    let email = "riley@example.org";
    let mut riley = way::join(&test, email).await;
    let sent = letters::written(&test).await;
    assert_eq!(letters::to(&sent, Kind::AccountMade), [email]);
    let right = code(&sent, email);
    let page = riley.browser.get(PATH).await.expect(200);
    let page = page.shows("Not confirmed yet").shows("Send the code again");
    let form = page.form_with_field("code").fill("code", &right);
    riley.browser.submit(&form).await.expect(303);
    let page = riley.browser.get(PATH).await.expect(200);
    page.shows("Confirmed").hides("Not confirmed yet");
    assert!(letters::written(&test).await.is_empty());
    test.assert_sound().await;
}
