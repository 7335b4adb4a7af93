//! LAW F6: which passwords are taken, on every page that takes one.

use crate::joining::way::{PASSWORD, answer, give_code, give_password, join, riley};
use crate::support::TestPortal;

/// Too short, too common, about oneself, typed differently: each with what to do, and never shown again.
#[tokio::test]
async fn what_is_not_taken_says_why() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    let mut riley = portal.anonymous();
    give_code(&mut riley, &invitation.code, &invitation.birth)
        .await
        .expect(303);
    answer(&mut riley, "/join/email", "email", "riley.n@example.org")
        .await
        .expect(303);
    let long = "ä".repeat(257);
    for (password, says) in [
        ("", "Type a password"),
        ("Xk7#q2!", "8 or more"),
        ("password123", "tried first"),
        ("qwertyuiop", "tried first"),
        ("RileyNovak!", "made of your name"),
        ("riley.n@example.org", "made of your name"),
        ("confide-portal", "words of this site"),
        ("aaaaaaaaaaaaaaaa", "again and again"),
        (long.as_str(), "no more than 256"),
    ] {
        let page = give_password(&mut riley, "/join/password", password)
            .await
            .expect(422);
        let page = page.shows(says);
        if password.len() > 8 {
            page.hides(password);
        }
    }
    let form = riley.get("/join/password").await.expect(200);
    let form = form.form_with_field("again").fill("password", PASSWORD);
    let page = riley
        .submit(&form.fill("again", "purple tugboat argumen"))
        .await
        .expect(422);
    page.shows("Type the same password in both places")
        .hides(PASSWORD);
}

/// Eight characters are enough beside a second factor, 256 are taken whole; no kind of character is asked for; the same
/// characters from another keyboard are the same password.
#[tokio::test]
async fn what_is_taken_is_taken_whole() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, "riley@example.org").await;
    let tail = "x7vKq2mWzt ".repeat(30);
    let long: String = tail.chars().take(256).collect();
    let cut: String = long.chars().take(255).collect();
    for (typed, also, never) in [
        ("x7vKq2mW", "x7vKq2mW", "x7vKq2m"),
        (
            "caf\u{e9} verde, nube",
            "cafe\u{301} verde, nube",
            "cafe verde, nube",
        ),
        (
            " a space at both ends ",
            " a space at both ends ",
            "a space at both ends",
        ),
        (long.as_str(), long.as_str(), cut.as_str()),
    ] {
        let page = riley.confirmed(&portal, "/account/password").await;
        let form = page
            .form_with_field("again")
            .fill("password", typed)
            .fill("again", typed);
        let page = riley.browser.submit(&form).await.expect(303);
        assert_eq!(page.location(), Some("/account"), "{typed}");
        let mut again = portal.anonymous();
        again.give_password(&riley.email, also).await.expect(303);
        let mut wrong = portal.anonymous();
        wrong.give_password(&riley.email, never).await.expect(422);
    }
}

/// The fields take what is pasted and what a password manager fills in (LAW F6).
#[tokio::test]
async fn fields_are_open_to_password_managers() {
    let portal = TestPortal::new().await;
    let mut riley = join(&portal, "riley@example.org").await;
    let page = riley.confirmed(&portal, "/account/password").await;
    assert_eq!(
        page.count("input[type=password][autocomplete=new-password]"),
        2
    );
    assert_eq!(page.count("input[maxlength]"), 0, "nothing is cut off");
    assert_eq!(page.count("[onpaste]"), 0);
}
