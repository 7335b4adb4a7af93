//! Separation of duties: what takes a second administrator, and what nobody does for themselves.

use crate::joining::way;
use crate::staff::cast::{
    FIRST, SECOND, give, invite, length, newcomer, page_of, press, said, signed_in,
};
use crate::support::TestPortal;
use domain::party::Role;
use store::Event;

/// A privacy officer is made by two administrators; until then nothing is given, and who asked can't agree.
#[tokio::test]
async fn a_powerful_role_takes_two() {
    let test = TestPortal::new().await;
    let entry = newcomer(&test, Role::Clinician).await;
    let mut first = signed_in(&test, FIRST).await;
    let path = page_of(&mut first, &entry.name).await;
    let house = length(&test).await;
    let page = give(&mut first, &path, Role::PrivacyOfficer)
        .await
        .expect(303);
    assert_eq!(page.location(), Some(path.as_str()));
    let page = first.get(&path).await.expect(200);
    let page = page
        .shows("waits for a second administrator")
        .shows("You asked for this");
    assert!(!page.body.contains("value=\"agree\""));
    // By hand: nothing.
    let form = page.form_with_button("Take it back");
    let proposal = form.value("proposal").expect("an id").to_owned();
    let page = first
        .post(&path, format!("do=agree&proposal={proposal}"))
        .await;
    page.expect(422).shows("You asked for this");
    let account = test.portal.store().account_by_sign_in(&entry.sign_in).await;
    assert_eq!(
        account.expect("an answer").expect("one").roles,
        [Role::Clinician]
    );

    let mut second = signed_in(&test, SECOND).await;
    let page = press(&mut second, &path, "Agree").await.expect(303);
    assert_eq!(page.location(), Some("/office/people"));
    let account = test.portal.store().account_by_sign_in(&entry.sign_in).await;
    assert_eq!(
        account.expect("an answer").expect("one").roles,
        [Role::Clinician, Role::PrivacyOfficer]
    );
    let entries = said(&test, house).await;
    let events: Vec<&Event> = entries.iter().map(|entry| &entry.body.event).collect();
    assert!(matches!(
        events[0],
        Event::StaffChangeProposed {
            role: Some(Role::PrivacyOfficer),
            ..
        }
    ));
    assert!(matches!(events[1], Event::StaffChangeApproved { .. }));
    assert!(matches!(
        events[2],
        Event::RoleGiven {
            role: Role::PrivacyOfficer,
            ..
        }
    ));
    assert_ne!(
        entries[0].body.stamp.actor.person,
        entries[1].body.stamp.actor.person
    );
    test.assert_sound().await;
}

/// Somebody new who is to be administrator has nothing, and no code, until a second one agrees; a no ends it.
#[tokio::test]
async fn an_administrator_is_invited_by_two() {
    let test = TestPortal::new().await;
    let mut first = signed_in(&test, FIRST).await;
    let page = invite(&mut first, "Saoirse Lund", Role::Administrator).await;
    assert_eq!(page.expect(303).location(), Some("/office/people"));
    first
        .get("/office/people/code")
        .await
        .expect(200)
        .shows("shown already");
    let path = page_of(&mut first, "Saoirse Lund").await;
    let mut second = signed_in(&test, SECOND).await;
    let page = press(&mut second, &path, "Agree").await.expect(303);
    assert_eq!(page.location(), Some("/office/people/code"));
    let page = second.get("/office/people/code").await.expect(200);
    assert_eq!(way::codes(&page.shows("Saoirse Lund")).len(), 1);

    invite(&mut first, "Tamsin Oyelaran", Role::PrivacyOfficer)
        .await
        .expect(303);
    let path = page_of(&mut second, "Tamsin Oyelaran").await;
    let page = second.get(&path).await.expect(200);
    let page = second.submit(&page.form_with_button("Say no")).await;
    assert_eq!(page.expect(303).location(), Some("/office/people"));
    second
        .get("/office/people")
        .await
        .expect(200)
        .hides("Tamsin Oyelaran");
    second.get(&path).await.expect(404);
}

/// A new code is a way into an account: no page makes one for an account that is there, whoever asks. What does is a
/// case, with its wait (`recovery_case/second.rs`).
#[tokio::test]
async fn no_code_leads_into_an_account_at_once() {
    let test = TestPortal::new().await;
    let mut first = signed_in(&test, FIRST).await;
    let mut solberg = test.solberg().await;
    for name in ["Renata Solberg", "Dr. Tobias Lindqvist"] {
        let path = page_of(&mut first, name).await;
        let page = first.get(&path).await.expect(200);
        assert!(!page.body.contains("value=\"code\""), "{name}");
        let page = first.post(&path, "do=code").await.expect(422);
        page.shows("They have an account already");
    }
    solberg.get("/office").await.expect(200);
}

/// Nobody changes anything of their own, by the page or by hand.
#[tokio::test]
async fn nobody_does_it_for_themselves() {
    let test = TestPortal::new().await;
    let mut first = signed_in(&test, FIRST).await;
    let path = page_of(&mut first, FIRST).await;
    let house = length(&test).await;
    let page = first.get(&path).await.expect(200).shows("This is you");
    assert_eq!(page.count("main form"), 0, "{}", page.text());
    let place = crate::staff::cast::practice();
    for body in [
        format!("do=give&role=privacy-officer&organization={place}"),
        format!("do=give&role=clinician&organization={place}"),
        format!("do=end&role=administrator&organization={place}"),
        "do=code".to_owned(),
    ] {
        let page = first.post(&path, body).await.expect(422);
        page.shows("This is you");
    }
    first.post(&path, "do=recover").await.expect(404);
    // What somebody else asked for about them, they can't agree to either.
    let mut second = signed_in(&test, SECOND).await;
    give(&mut second, &path, Role::PrivacyOfficer)
        .await
        .expect(303);
    let page = second.get(&path).await.expect(200);
    let form = page.form_with_button("Take it back");
    let proposal = form.value("proposal").expect("an id").to_owned();
    let page = first
        .post(&path, format!("do=agree&proposal={proposal}"))
        .await;
    page.expect(422).shows("This is you");
    let entries = said(&test, house).await;
    assert_eq!(entries.len(), 1);
    assert!(matches!(
        entries[0].body.event,
        Event::StaffChangeProposed { .. }
    ));
}
