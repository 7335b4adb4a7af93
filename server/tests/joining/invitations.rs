//! Codes of invitations: what opens them, how long, how often.

use crate::joining::way::{give_code, riley, staff};
use crate::support::TestPortal;
use chrono::TimeDelta;
use domain::party::Role;
use portal::invitations::{self, CantInvite, Invitee, LETTER_FOR, STAFF_FOR, TRIES};
use portal::written_code::WrittenCode;
use store::testing::TestEntropy;
use store::{Event, Stamp};

/// A code that is well formed and opens nothing.
fn unknown() -> String {
    WrittenCode::draw(&TestEntropy::new(99)).written()
}

/// LAW F8: a code nobody has, a wrong birth date and no birth date get the same bytes.
#[tokio::test]
async fn whatever_was_wrong_the_answer_is_the_same() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    let mut answers = Vec::new();
    for (code, birth) in [
        (unknown().as_str(), "1991-04-17"),
        (invitation.code.as_str(), "1991-04-18"),
        (invitation.code.as_str(), "1901-01-01"),
    ] {
        let page = give_code(&mut portal.anonymous(), code, birth)
            .await
            .expect(422);
        answers.push(page.essence(&[birth]));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let page = give_code(&mut portal.anonymous(), &invitation.code, "")
        .await
        .expect(422);
    page.shows("don't open anything");
    // A slip of the pen is told as one, for it tells nothing about which codes there are.
    let slip = invitation.code.replace(&invitation.code[..1], "*");
    let page = give_code(&mut portal.anonymous(), &slip, "1991-04-17")
        .await
        .expect(422);
    page.shows("one letter is wrong");
    let page = give_code(&mut portal.anonymous(), &invitation.code, "next week")
        .await
        .expect(422);
    page.shows("06/30/1984");
    // As people type it: small, spaced, the date in their own way.
    let typed = invitation.code.to_lowercase().replace('-', " ");
    let page = give_code(&mut portal.anonymous(), &typed, "4/17/1991").await;
    assert_eq!(page.location(), Some("/join/email"));
}

/// Whoever finds a letter can't try all birth dates: tries are slowed, and end at a cap, for the right date too.
#[tokio::test]
async fn birth_dates_cannot_be_tried_out() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    for day in 1..=TRIES {
        let birth = format!("1990-01-{day:02}");
        give_code(&mut portal.anonymous(), &invitation.code, &birth)
            .await
            .expect(422);
        portal.clock.advance(TimeDelta::minutes(16));
    }
    let page = give_code(&mut portal.anonymous(), &invitation.code, &invitation.birth).await;
    page.expect(422).shows("don't open anything");
    // The office gives a new one; the old letter opens nothing.
    let fresh = riley(&portal).await;
    let page = give_code(&mut portal.anonymous(), &fresh.code, &fresh.birth).await;
    assert_eq!(page.location(), Some("/join/email"));
}

/// The first few tries cost nothing; then there is a wait, whatever is typed in it.
#[tokio::test]
async fn tries_are_slowed() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    for day in 1..=4 {
        let birth = format!("1990-01-{day:02}");
        give_code(&mut portal.anonymous(), &invitation.code, &birth)
            .await
            .expect(422);
    }
    give_code(&mut portal.anonymous(), &invitation.code, &invitation.birth)
        .await
        .expect(422);
    portal.clock.advance(TimeDelta::seconds(2));
    give_code(&mut portal.anonymous(), &invitation.code, &invitation.birth)
        .await
        .expect(303);
}

/// A code ends by itself, when another is made, and when it is taken back.
#[tokio::test]
async fn codes_end() {
    let portal = TestPortal::new().await;
    let lost = riley(&portal).await;
    let letter = riley(&portal).await;
    give_code(&mut portal.anonymous(), &lost.code, &lost.birth)
        .await
        .expect(422);
    portal.clock.advance(LETTER_FOR - TimeDelta::seconds(1));
    give_code(&mut portal.anonymous(), &letter.code, &letter.birth)
        .await
        .expect(303);
    portal.clock.advance(TimeDelta::seconds(1));
    give_code(&mut portal.anonymous(), &letter.code, &letter.birth)
        .await
        .expect(422);

    let kept = staff(&portal, "One Person", Role::Support).await;
    let back = staff(&portal, "Another Person", Role::Billing).await;
    let stamp = Stamp::SYSTEM;
    assert!(
        invitations::withdraw(&portal.portal, &stamp, back.id)
            .await
            .expect("an answer")
    );
    assert!(
        !invitations::withdraw(&portal.portal, &stamp, back.id)
            .await
            .expect("an answer")
    );
    give_code(&mut portal.anonymous(), &back.code.written(), "")
        .await
        .expect(422);
    portal.clock.advance(STAFF_FOR - TimeDelta::seconds(1));
    give_code(&mut portal.anonymous(), &kept.code.written(), "")
        .await
        .expect(303);
    portal.clock.advance(TimeDelta::seconds(1));
    give_code(&mut portal.anonymous(), &kept.code.written(), "")
        .await
        .expect(422);
    let withdrawn = portal
        .house_since(0)
        .await
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::InvitationWithdrawn { .. }))
        .count();
    assert_eq!(withdrawn, 2, "one replaced, one taken back");
}

/// Nobody is invited twice, without a role, or as a patient without a birth date.
#[tokio::test]
async fn who_cannot_be_invited() {
    let portal = TestPortal::new().await;
    let invite = async |invitee: Invitee| {
        invitations::invite(&portal.portal, &Stamp::SYSTEM, invitee)
            .await
            .expect("an answer")
            .err()
    };
    let jordan = portal.person_id("Jordan Reyes").await;
    let of = |roles: Vec<Role>| Invitee {
        person: jordan,
        roles,
        birth: None,
    };
    assert_eq!(invite(of(vec![])).await, Some(CantInvite::Roles));
    let mixed = of(vec![Role::Patient, Role::Administrator]);
    assert_eq!(invite(mixed).await, Some(CantInvite::Roles));
    assert_eq!(
        invite(of(vec![Role::Proxy])).await,
        Some(CantInvite::BirthDateMissing)
    );
    assert_eq!(
        invite(of(vec![Role::Billing])).await,
        Some(CantInvite::HasAccount)
    );
    let nobody = Invitee {
        person: domain::id::PersonId::derived("test", "nobody"),
        roles: vec![Role::Billing],
        birth: None,
    };
    assert_eq!(invite(nobody).await, Some(CantInvite::Nobody));
}

/// What the database holds of a code is a keyed hash.
#[tokio::test]
async fn codes_are_not_kept() {
    let portal = TestPortal::new().await;
    let invitation = riley(&portal).await;
    let plain = invitation.code.replace('-', "");
    let secrets = [invitation.code.as_str(), &plain, "1991-04-17", "Novak"];
    assert_eq!(portal.in_clear(&secrets).await, [""; 0]);
}
