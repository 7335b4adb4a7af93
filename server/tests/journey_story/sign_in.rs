//! Step 2, the door: a password, a code, a session that ends on the server (LAW F1, F5, F6, F8).

use crate::support::{Anonymous, Page, TestPortal};
use chrono::TimeDelta;
use confide::demo::people::SignIn;
use store::{Entry, Event};

/// A code that is wrong now and in the steps beside.
fn wrong_code(portal: &TestPortal, person: &SignIn) -> String {
    let right = portal.code(person);
    let last = right.chars().last().and_then(|digit| digit.to_digit(10));
    format!("{}{}", &right[..5], (last.unwrap_or_default() + 5) % 10)
}

fn words(entries: &[Entry]) -> Vec<&'static str> {
    entries
        .iter()
        .map(|entry| match entry.body.event {
            Event::SignedIn { .. } => "signed in",
            Event::SignInFailed => "failed",
            Event::SignedOut => "signed out",
            Event::SteppedUp { .. } => "stepped up",
            _ => "other",
        })
        .collect()
}

/// LAW F8: a wrong password, an unknown name, and a name that waits out its delay get the same bytes.
#[tokio::test]
async fn whatever_was_wrong_with_the_first_factor_the_answer_is_the_same() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let wrong = "not the password at all";
    let tries: [(&str, &str); 3] = [
        (jordan.sign_in.as_str(), wrong),
        ("nobody@demo.example", wrong),
        ("nobody", "another wrong one"),
    ];
    let mut answers = Vec::new();
    for (name, password) in tries {
        let mut somebody = portal.anonymous();
        let page = somebody.give_password(name, password).await.expect(422);
        assert!(somebody.session_cookie().is_none(), "nothing to keep yet");
        let page = page.shows("We couldn't sign you in.").hides(password);
        let form = page.form_with_field("sign-in");
        assert_eq!(form.value("sign-in"), Some(name), "the name is kept");
        assert_eq!(form.value("password").unwrap_or_default(), "");
        answers.push(page.essence(&[name]));
    }
    // Blocked: the right password gets that answer too.
    for _ in 0..3 {
        portal
            .anonymous()
            .give_password(&jordan.sign_in, wrong)
            .await
            .expect(422);
    }
    let page = portal
        .anonymous()
        .give_password(&jordan.sign_in, &jordan.password)
        .await
        .expect(422);
    answers.push(page.essence(&[&jordan.sign_in]));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

async fn attempt(portal: &TestPortal, name: &str, password: &str) -> Page {
    portal.anonymous().give_password(name, password).await
}

/// LAW F6: the wait grows with every failure in a row, for known and unknown names alike.
#[tokio::test]
async fn the_delay_grows() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    for _ in 0..4 {
        attempt(&portal, &jordan.sign_in, "wrong").await.expect(422);
    }
    // The fourth failure costs two seconds, the fifth four.
    attempt(&portal, &jordan.sign_in, &jordan.password)
        .await
        .expect(422);
    portal.clock.advance(TimeDelta::seconds(2));
    attempt(&portal, &jordan.sign_in, "wrong").await.expect(422);
    portal.clock.advance(TimeDelta::seconds(3));
    attempt(&portal, &jordan.sign_in, &jordan.password)
        .await
        .expect(422);
    portal.clock.advance(TimeDelta::seconds(1));
    attempt(&portal, &jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    // Success forgets the failures.
    attempt(&portal, &jordan.sign_in, "wrong").await.expect(422);
    attempt(&portal, &jordan.sign_in, &jordan.password)
        .await
        .expect(303);
}

/// LAW F5, F6: a wrong code, and a delay on codes too, however often the password is given again.
#[tokio::test]
async fn wrong_codes_are_refused_written_down_and_slowed() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let patient = portal.patient_id("Jordan Reyes").await;
    let place = portal.length(patient).await;
    let mut somebody = portal.anonymous();
    for _ in 0..4 {
        somebody
            .give_password(&jordan.sign_in, &jordan.password)
            .await
            .expect(303);
        let wrong = wrong_code(&portal, &jordan);
        somebody
            .give_code(&wrong)
            .await
            .expect(422)
            .shows("That code didn't work.")
            .hides(&wrong);
    }
    let right = portal.code(&jordan);
    somebody
        .give_code(&right)
        .await
        .expect(422)
        .shows("That code didn't work.");
    assert_eq!(words(&portal.since(patient, place).await), ["failed"; 5]);
    assert_ne!(somebody.get("/records").await.status, 200);
    portal.clock.advance(TimeDelta::seconds(2));
    somebody.give_code(&portal.code(&jordan)).await.expect(303);
    let entries = portal.since(patient, place).await;
    assert_eq!(words(&entries).last(), Some(&"signed in"));
    // Who it was stands in each entry; the patient reads of it.
    let person = portal.person_id("Jordan Reyes").await;
    assert!(
        entries
            .iter()
            .all(|entry| entry.body.stamp.actor.person == Some(person))
    );
    let page = somebody.get("/access-history").await.expect(200);
    assert_eq!(
        page.rows()
            .iter()
            .filter(|row| row.contains("Typed a wrong code"))
            .count(),
        5
    );
    portal.assert_sound().await;
}

/// LAW F5: a code serves once, whoever read it over a shoulder.
#[tokio::test]
async fn a_code_serves_once() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let patient = portal.patient_id("Jordan Reyes").await;
    let code = portal.next_code(&jordan);
    let mut first = portal.anonymous();
    first
        .give_password(&jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    first.give_code(&code).await.expect(303);
    let place = portal.length(patient).await;
    let mut second = portal.anonymous();
    second
        .give_password(&jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    second
        .give_code(&code)
        .await
        .expect(422)
        .shows("That code didn't work.");
    // One from a step before is used up with it.
    portal.clock.advance(TimeDelta::seconds(30));
    second.give_code(&code).await.expect(422);
    assert_ne!(second.get("/home").await.status, 200);
    assert_eq!(
        words(&portal.since(patient, place).await),
        ["failed", "failed"]
    );
}

/// LAW F5: a password alone opens nothing.
#[tokio::test]
async fn half_signed_in_is_signed_out() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let patient = portal.patient_id("Jordan Reyes").await;
    let place = portal.length(patient).await;
    let mut half = portal.anonymous();
    half.give_password(&jordan.sign_in, &jordan.password)
        .await
        .expect(303);
    let mut nobody = portal.anonymous();
    for path in [
        "/home",
        "/records",
        "/sharing",
        "/exports",
        "/access-history",
        "/step-up",
    ] {
        let page = half.get(path).await.expect(303);
        assert_eq!(page.location(), Some("/sign-in"), "{path}");
        let page = nobody.get(path).await.expect(303);
        assert_eq!(page.location(), Some("/sign-in"), "{path}");
    }
    for (path, body) in [
        ("/step-up", "code=123456"),
        ("/exports", "format=pdf"),
        ("/exports/download", "format=pdf"),
        ("/records/filter", "kind="),
        ("/sharing/new", "to=tpo"),
    ] {
        let page = half.post(path, body).await.expect(303);
        assert_eq!(page.location(), Some("/sign-in"), "{path}");
    }
    assert_eq!(
        portal.length(patient).await,
        place,
        "nothing happened to the record"
    );
    // Ten minutes later the password is to be given again.
    portal.clock.advance(TimeDelta::minutes(10));
    let page = half.get("/sign-in/verify").await.expect(303);
    assert_eq!(page.location(), Some("/sign-in"));
}

async fn is_out(portal: &TestPortal, cookie: &str) -> bool {
    let mut thief: Anonymous<'_> = portal.anonymous();
    thief.set_session_cookie(cookie);
    let page = thief.get("/records").await;
    page.status == 303 && page.location() == Some("/sign-in")
}

/// LAW F1: signing out ends the session on the server, not in the browser only.
#[tokio::test]
async fn signing_out_ends_it_for_every_copy_of_the_cookie() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let stolen = jordan.session_cookie().expect("a cookie").to_owned();
    assert!(
        !is_out(&portal, &stolen).await,
        "a live cookie is as good as its owner"
    );
    let page = jordan.open_home().await;
    let page = jordan.submit(&page.form("/api/sign-out")).await;
    assert!(page.status.is_redirection(), "{}", page.status);
    assert_eq!(page.location(), Some("/signed-out"));
    assert!(is_out(&portal, &stolen).await);
    let entries = portal.since(patient, 0).await;
    assert_eq!(words(&entries).last(), Some(&"signed out"));
    // Twice is no fault.
    let page = jordan.post("/api/sign-out", "").await;
    assert_eq!(page.location(), Some("/signed-out"));
    portal.assert_sound().await;
}

/// LAW F1: a new id at each rise of assurance, the step-up too; the old one is worth nothing.
#[tokio::test]
async fn the_step_up_changes_the_session_id() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let before = jordan.session_cookie().expect("a cookie").to_owned();
    let page = jordan.get("/exports").await.expect(200);
    let page = jordan.submit(&page.form("/exports")).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let place = portal.length(patient).await;
    // A wrong code changes nothing and is written down.
    let wrong = wrong_code(&portal, jordan.person());
    let form = jordan
        .get("/step-up")
        .await
        .expect(200)
        .form_with_field("code");
    jordan
        .submit(&form.fill("code", &wrong))
        .await
        .expect(422)
        .hides(&wrong);
    assert_eq!(jordan.session_cookie(), Some(before.as_str()));
    assert_eq!(jordan.confirm().await, "/exports/ready");
    assert_ne!(jordan.session_cookie(), Some(before.as_str()));
    assert!(is_out(&portal, &before).await);
    assert_eq!(
        words(&portal.since(patient, place).await),
        ["failed", "stepped up"]
    );
    // Nothing waits any more.
    jordan
        .get("/step-up")
        .await
        .expect(200)
        .shows("Nothing to confirm");
}
