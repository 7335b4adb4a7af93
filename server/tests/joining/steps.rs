//! The way from a code to an account.

use crate::joining::way::{
    ANOTHER, Now, PASSWORD, answer, codes, give_code, give_password, join, keep_codes, record,
    riley, set_up_app, staff, up_to_second,
};
use crate::support::TestPortal;
use chrono::TimeDelta;
use domain::party::Role;
use sha2::{Digest, Sha256};
use store::Event;

const EMAIL: &str = "riley@example.org";

/// LAW C5, F5, F6: everything in its order, nothing open before the end, everything written down.
#[tokio::test]
async fn a_code_becomes_an_account_step_by_step() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    let patient = record(&portal).await;
    let place = portal.length(patient).await;
    let house = portal.house_since(0).await.len() as u64;
    let mut riley = portal.anonymous();
    up_to_second(&mut riley, &invitation, EMAIL, PASSWORD).await;
    let app = set_up_app(&portal, &mut riley).await;
    for path in ["/home", "/records", "/sharing", "/account", "/step-up"] {
        let page = riley.get(path).await.expect(303);
        assert_eq!(
            page.location(),
            Some("/sign-in"),
            "{path}: nothing opens yet"
        );
    }
    // The box is not ticked: the codes stay on the page.
    let page = riley.get("/join/codes").await.expect(200);
    let before = codes(&page);
    let page = riley.submit(&page.form("/join/codes")).await.expect(422);
    assert_eq!(codes(&page), before);
    let (kept, onward) = keep_codes(&mut riley).await;
    assert_eq!((kept, onward.as_str()), (before.clone(), "/join/notice"));
    // Shown once: going back shows them no more (LAW F6).
    let page = riley.get("/join/codes").await.expect(200);
    for code in &before {
        assert!(!page.body.contains(code.as_str()));
    }
    let page = riley.get("/join/notice").await.expect(200);
    let notice = app::notice::patient_notice(&portal.portal.options().notice);
    for line in notice.lines() {
        assert!(page.text().contains(line), "{line}");
    }
    assert_eq!(portal.length(patient).await, place, "nothing happened yet");
    let page = riley.submit(&page.form("/join/notice")).await.expect(303);
    assert_eq!(page.location(), Some("/home"));
    riley.get("/home").await.expect(200).shows("Riley Novak");
    riley.get("/records").await.expect(200);

    let entries = portal.since(patient, place).await;
    let digest: [u8; 32] = Sha256::digest(notice.as_bytes()).into();
    assert!(
        matches!(&entries[0].body.event, Event::NoticeAcknowledged { notice } if *notice == digest),
        "LAW C5: the text that was shown, before anything else"
    );
    assert!(matches!(&entries[1].body.event, Event::SignedIn { .. }));
    let made = portal.house_since(house).await;
    assert!(matches!(made[0].body.event, Event::AccountCreated { .. }));
    assert!(matches!(made[1].body.event, Event::InvitationUsed { .. }));

    // The code that confirmed the app signs nobody in; the next one does.
    let mut again = portal.anonymous();
    again.give_password(EMAIL, PASSWORD).await.expect(303);
    again.give_code(&app.code(&portal)).await.expect(422);
    again.give_code(&app.next(&portal)).await.expect(303);
    again.get("/home").await.expect(200);
    portal.assert_sound().await;
}

/// The code serves once (issue, "Joining"): it is gone with the account, for every browser on the way.
#[tokio::test]
async fn a_code_serves_once() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    let mut slow = portal.anonymous();
    up_to_second(&mut slow, &invitation, "slow@example.org", PASSWORD).await;
    set_up_app(&portal, &mut slow).await;
    keep_codes(&mut slow).await;
    // Cut off midway and begun again with the same code, in another browser.
    let mut quick = portal.anonymous();
    up_to_second(&mut quick, &invitation, EMAIL, PASSWORD).await;
    set_up_app(&portal, &mut quick).await;
    keep_codes(&mut quick).await;
    let form = quick.get("/join/notice").await.expect(200);
    quick.submit(&form.form("/join/notice")).await.expect(303);
    quick.get("/home").await.expect(200);
    let form = slow.get("/join/notice").await.expect(200);
    let page = slow.submit(&form.form("/join/notice")).await.expect(303);
    assert_eq!(page.location(), Some("/join/over"));
    assert_eq!(slow.get("/home").await.location(), Some("/sign-in"));
    let unknown = portal.portal.store();
    assert!(
        unknown
            .accounts_by_sign_in("slow@example.org")
            .await
            .expect("an answer")
            .is_empty()
    );
    let page = give_code(&mut portal.anonymous(), &invitation.code, &invitation.birth).await;
    page.expect(422).shows("don't open anything");
    assert!(
        confide::demo::invitation::prepare(&portal.portal)
            .await
            .is_ok_and(|invitation| invitation.is_none()),
        "who has an account is not invited again"
    );
}

/// No step can be left out, and no page of the way opens without a code.
#[tokio::test]
async fn no_step_can_be_left_out() {
    let portal = TestPortal::new().await;
    let mut nobody = portal.anonymous();
    let pages = [
        "/join/email",
        "/join/password",
        "/join/second-step",
        "/join/app",
        "/join/passkey",
        "/join/codes",
        "/join/notice",
    ];
    for path in pages {
        assert_eq!(
            nobody.get(path).await.expect(303).location(),
            Some("/join/over")
        );
    }
    for (path, body) in [
        ("/join/email", "email=a%40b.example"),
        ("/join/password", "password=x&again=x"),
        ("/join/password", "without=on"),
        ("/join/second-step", "which=app"),
        ("/join/app", "code=123456"),
        ("/join/codes", "kept=yes"),
        ("/join/notice", ""),
    ] {
        let page = nobody.post(path, body).await;
        assert!(
            page.location() == Some("/join/over") || page.status == 422,
            "{path}: {}",
            page.status
        );
    }
    nobody
        .get("/join/over")
        .await
        .expect(200)
        .shows("Please start again");

    let invitation = riley(&portal).await;
    let mut riley = portal.anonymous();
    give_code(&mut riley, &invitation.code, &invitation.birth)
        .await
        .expect(303);
    for path in &pages[1..] {
        let page = riley.get(path).await.expect(303);
        assert_eq!(page.location(), Some("/join/email"), "{path}");
    }
    for (path, body) in [
        ("/join/second-step", "which=app"),
        ("/join/codes", "kept=yes"),
        ("/join/notice", ""),
    ] {
        let page = riley.post(path, body).await;
        assert!(
            page.status == 400 || page.location() == Some("/join/email"),
            "{path}: {} {:?}",
            page.status,
            page.location()
        );
    }
    answer(&mut riley, "/join/email", "email", EMAIL)
        .await
        .expect(303);
    give_password(&mut riley, "/join/password", PASSWORD)
        .await
        .expect(303);
    // A wrong code of the app sets nothing up.
    riley
        .post("/join/second-step", "which=app")
        .await
        .expect(303);
    let form = riley.get("/join/app").await.expect(200).form("/join/app");
    let page = riley.submit(&form.fill("code", "000000")).await.expect(422);
    page.shows("That code didn't work.").hides("000000");
    assert_eq!(
        riley.get("/join/codes").await.location(),
        Some("/join/second-step")
    );
    assert!(
        portal
            .portal
            .store()
            .accounts_by_sign_in(EMAIL)
            .await
            .expect("an answer")
            .is_empty()
    );
}

/// Back works, and an answer can be changed; what was typed is there again, secrets never.
#[tokio::test]
async fn back_works_and_nothing_is_lost() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    let mut riley = portal.anonymous();
    // A wrong birth date: the date stays in its field, the code doesn't.
    let page = give_code(&mut riley, &invitation.code, "1991-04-18")
        .await
        .expect(422);
    let form = page.form("/join");
    assert_eq!(form.value("birth"), Some("1991-04-18"));
    let page = page.hides(&invitation.code);
    page.hides(&invitation.code.replace('-', ""));
    up_to_second(&mut riley, &invitation, EMAIL, PASSWORD).await;
    let page = riley.get("/join/email").await.expect(200);
    assert_eq!(page.form("/join/email").value("email"), Some(EMAIL));
    let page = riley.get("/join/password").await.expect(200);
    let page = page.shows("You have chosen one already.").hides(PASSWORD);
    assert_eq!(page.form_with_field("again").value("password"), Some(""));
    let page = answer(&mut riley, "/join/email", "email", "new@example.org").await;
    assert_eq!(
        page.location(),
        Some("/join/second-step"),
        "the rest stays answered"
    );
    give_password(&mut riley, "/join/password", ANOTHER)
        .await
        .expect(303);
    set_up_app(&portal, &mut riley).await;
    keep_codes(&mut riley).await;
    let form = riley.get("/join/notice").await.expect(200);
    riley.submit(&form.form("/join/notice")).await.expect(303);
    let mut again = portal.anonymous();
    again.give_password(EMAIL, ANOTHER).await.expect(422);
    again
        .give_password("new@example.org", PASSWORD)
        .await
        .expect(422);
    again
        .give_password("new@example.org", ANOTHER)
        .await
        .expect(303);
}

/// LAW F1: the way ends by itself; the code doesn't.
#[tokio::test]
async fn the_way_ends_by_itself() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    let mut riley = portal.anonymous();
    up_to_second(&mut riley, &invitation, EMAIL, PASSWORD).await;
    portal.clock.advance(TimeDelta::minutes(16));
    let page = riley.get("/join/second-step").await.expect(303);
    assert_eq!(page.location(), Some("/join/over"));
    let page = give_code(&mut riley, &invitation.code, &invitation.birth).await;
    assert_eq!(page.location(), Some("/join/email"));
    // An hour in all, however busy somebody is.
    let begun = portal.clock.now();
    for email in (0..).map(|number| format!("riley{number}@example.org")) {
        if portal.clock.now() - begun >= TimeDelta::hours(1) {
            break;
        }
        answer(&mut riley, "/join/email", "email", &email)
            .await
            .expect(303);
        portal.clock.advance(TimeDelta::minutes(10));
    }
    assert_eq!(
        riley.get("/join/email").await.location(),
        Some("/join/over")
    );
}

/// LAW B5, F8: whether an e-mail has an account here can't be told from any answer of the way, and both open with their
/// own password.
#[tokio::test]
async fn an_email_that_is_in_use_answers_like_any_other() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    let mut answers = Vec::new();
    for email in ["free@example.org", jordan.sign_in.as_str()] {
        let invitation = riley(&portal).await;
        let mut riley = portal.anonymous();
        let mut seen = String::new();
        give_code(&mut riley, &invitation.code, &invitation.birth)
            .await
            .expect(303);
        let page = answer(&mut riley, "/join/email", "email", email).await;
        seen.push_str(&page.essence(&[email]));
        let page = riley.get("/join/password").await;
        seen.push_str(&page.essence(&[email]));
        give_password(&mut riley, "/join/password", PASSWORD)
            .await
            .expect(303);
        let page = riley.get("/join/second-step").await;
        seen.push_str(&page.essence(&[email]));
        answers.push((riley, seen));
    }
    assert_eq!(answers[0].1, answers[1].1);

    let (mut riley, _) = answers.remove(1);
    let app = set_up_app(&portal, &mut riley).await;
    keep_codes(&mut riley).await;
    let form = riley.get("/join/notice").await.expect(200);
    let page = riley.submit(&form.form("/join/notice")).await.expect(303);
    assert_eq!(page.location(), Some("/home"));
    riley.get("/home").await.expect(200).shows("Riley Novak");
    let mut again = portal.anonymous();
    again
        .give_password(&jordan.sign_in, PASSWORD)
        .await
        .expect(303);
    again.give_code(&app.next(&portal)).await.expect(303);
    again
        .get("/home")
        .await
        .expect(200)
        .shows("Riley Novak")
        .hides("Jordan");
    let mut jordan = portal.jordan().await;
    jordan
        .get("/home")
        .await
        .expect(200)
        .shows("Reyes")
        .hides("Riley");
}

/// Staff join by their code alone, with a factor like everybody (LAW F5); the patients' notice is not theirs to
/// acknowledge.
#[tokio::test]
async fn staff_join_by_their_code() {
    let portal = TestPortal::new().await;
    let issued = staff(&portal, "Sam Whitfield", Role::Administrator).await;
    let mut sam = portal.anonymous();
    let page = give_code(&mut sam, &issued.code.written(), "").await;
    assert_eq!(page.location(), Some("/join/email"));
    answer(&mut sam, "/join/email", "email", "sam@example.org")
        .await
        .expect(303);
    // The name is known, though it was never typed here (LAW F6).
    let page = give_password(&mut sam, "/join/password", "SamWhitfield1!")
        .await
        .expect(422);
    page.shows("made of your name");
    give_password(&mut sam, "/join/password", PASSWORD)
        .await
        .expect(303);
    set_up_app(&portal, &mut sam).await;
    let (_, onward) = keep_codes(&mut sam).await;
    assert_eq!(onward, "/home");
    sam.get("/account").await.expect(200).shows("Sam Whitfield");
    let entries = portal.house_since(0).await;
    assert!(
        !entries
            .iter()
            .any(|entry| matches!(entry.body.event, Event::NoticeAcknowledged { .. }))
    );
}

/// Who is signed in has nothing to join.
#[tokio::test]
async fn who_is_signed_in_goes_home() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, EMAIL).await;
    assert_eq!(riley.browser.get("/join").await.location(), Some("/home"));
    assert_eq!(
        riley.browser.get("/recover").await.location(),
        Some("/account")
    );
}
