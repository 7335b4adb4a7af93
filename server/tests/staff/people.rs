//! Inviting, giving and ending roles.

use crate::joining::way;
use crate::staff::cast::{
    FIRST, OKAFOR, confirm, give, invite, length, newcomer, page_of, practice, press, said,
    signed_in,
};
use crate::support::TestPortal;
use app::DemoInvitation;
use domain::party::Role;
use store::Event;

/// Issue "Staff": an invitation on paper, shown once, becomes an account with the role that was given, and no other.
#[tokio::test]
async fn somebody_is_invited_and_joins() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let house = length(&test).await;
    let page = invite(&mut admin, "Ottilie Brandt", Role::CareCoordinator).await;
    assert_eq!(page.location(), Some("/office/people/code"));
    let page = admin.get("/office/people/code").await.expect(200);
    let page = page.shows("Ottilie Brandt");
    let code = way::codes(&page).remove(0);
    // LAW F6: 64 bits or more; shown once.
    assert!(code.replace('-', "").len() >= 16, "{code}");
    admin
        .get("/office/people/code")
        .await
        .expect(200)
        .hides(&code)
        .shows("shown already");
    let list = admin.get("/office/people").await.expect(200);
    list.shows("Ottilie Brandt").shows("The code works until");

    let mut brandt = test.anonymous();
    let invitation = DemoInvitation {
        birth: String::new(),
        code: code.clone(),
        name: String::new(),
    };
    way::up_to_second(
        &mut brandt,
        &invitation,
        "brandt@test.example",
        way::PASSWORD,
    )
    .await;
    way::set_up_app(&test, &mut brandt).await;
    let (_, onward) = way::keep_codes(&mut brandt).await;
    brandt.get(&onward).await;
    brandt.get("/patients").await.expect(200);
    brandt.get("/office").await.expect(404);

    let list = admin.get("/office/people").await.expect(200);
    list.shows("Care coordinator")
        .shows("Active")
        .hides("brandt@test.example");
    let entries = said(&test, house).await;
    let [given, invited, ..] = &entries[..] else {
        panic!("{} entries", entries.len());
    };
    assert!(matches!(
        given.body.event,
        Event::RoleGiven {
            role: Role::CareCoordinator,
            ..
        }
    ));
    assert_eq!(given.body.stamp.actor.role, Some(Role::Administrator));
    assert!(given.body.stamp.session.is_some());
    assert!(matches!(invited.body.event, Event::InvitationMade { .. }));
    test.assert_sound().await;
}

/// LAW F7: ending a role ends sessions at once and moves every epoch; the account closes with its last role, and what it
/// signed in with opens nothing.
#[tokio::test]
async fn ending_a_role_ends_everything_at_once() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut okafor = test.okafor().await;
    okafor.get("/patients").await.expect(200);
    let mut admin = signed_in(&test, FIRST).await;
    let path = page_of(&mut admin, OKAFOR).await;
    let before = epoch(&test, patient).await;
    let house = length(&test).await;
    let page = press(&mut admin, &path, "End this role").await.expect(303);
    assert_eq!(page.location(), Some("/office/people"));
    assert!(epoch(&test, patient).await > before, "POLICY §6");
    let page = okafor.get("/patients").await.expect(303);
    assert_eq!(page.location(), Some("/sign-in"));
    let person = test.person(OKAFOR).clone();
    test.anonymous()
        .give_password(&person.sign_in, &person.password)
        .await
        .expect(422);
    admin
        .get("/office/people")
        .await
        .expect(200)
        .shows("Closed")
        .shows("This is done.");
    let entries = said(&test, house).await;
    assert!(matches!(
        &entries[0].body.event,
        Event::RolesEnded { roles, .. } if roles == &[Role::Clinician]
    ));

    // They come back: the role at once, and a way in by a case, as anybody who has none (`recovery_case`).
    let page = give(&mut admin, &path, Role::Clinician).await.expect(303);
    assert_eq!(page.location(), Some(path.as_str()));
    let page = admin.get(&path).await.expect(200);
    page.form_with_button("Open a case");
    test.assert_sound().await;
}

/// What an import says does not bring back what an administrator ended.
#[tokio::test]
async fn an_import_gives_nothing_back() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let path = page_of(&mut admin, OKAFOR).await;
    press(&mut admin, &path, "End this role").await.expect(303);
    crate::support::records::import(
        &test.portal,
        "directory.json",
        crate::support::records::DIRECTORY,
    )
    .await
    .expect("an import");
    let person = test
        .portal
        .store()
        .person(portal::import::person_id("Practitioner/prac-okafor"));
    let person = person.await.expect("an answer").expect("Dr. Okafor");
    let now = test.portal.now();
    assert!(
        !person.memberships.iter().any(|one| one.span.holds(now)),
        "{:?}",
        person.memberships
    );
}

async fn epoch(test: &TestPortal, patient: domain::id::PatientId) -> u64 {
    let state = test.portal.store().policy_state(patient).await;
    state.expect("an answer").expect("a record").epoch
}

/// A further role stands beside the first; the person signs in again.
#[tokio::test]
async fn a_further_role_is_given() {
    let test = TestPortal::new().await;
    let entry = newcomer(&test, Role::Billing).await;
    let mut billing = test.anonymous().sign_in(&entry).await;
    let mut admin = signed_in(&test, FIRST).await;
    let path = page_of(&mut admin, &entry.name).await;
    let page = give(&mut admin, &path, Role::CareCoordinator)
        .await
        .expect(303);
    assert_eq!(page.location(), Some(path.as_str()));
    let page = billing.get("/account").await.expect(303);
    assert_eq!(
        page.location(),
        Some("/sign-in"),
        "roles changed: signed out"
    );
    admin
        .get(&path)
        .await
        .expect(200)
        .shows("Billing, Maple Street")
        .shows("Care coordinator, Maple Street");
    // Back, she works in one of them at a time.
    let mut billing = test.anonymous().sign_in(&entry).await;
    let page = billing.get("/account").await.expect(200);
    page.shows("Work in another role");
    let page = billing.get("/account/role").await.expect(200);
    let cookie = billing.session_cookie().expect("a session").to_owned();
    let form = page
        .form_with_field("role")
        .choose("role", "care-coordinator");
    billing.submit(&form).await.expect(303);
    assert_ne!(billing.session_cookie(), Some(cookie.as_str()));
    let page = billing.get("/account/role").await.expect(200);
    assert_eq!(
        page.form_with_field("role").value("role"),
        Some("care-coordinator")
    );
    // One she doesn't have is not to be had by hand.
    billing
        .post("/account/role", "role=administrator")
        .await
        .expect(400);
    billing.get("/office").await.expect(404);
    // The same again is no change.
    let page = admin.get(&path).await.expect(200);
    let form = page
        .form_with_button("Give this role")
        .fill("role", "billing")
        .fill("organization", &practice());
    admin
        .submit(&form)
        .await
        .expect(422)
        .shows("have this already");
}

/// Errors stand beside their field; roles that no administrator gives are not taken, whatever is sent.
#[tokio::test]
async fn what_is_wrong_is_said() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let house = length(&test).await;
    let page = admin
        .post("/office/people/invite", "name=&role=&organization=")
        .await;
    let page = page.expect(422);
    page.shows("Pick a role.").shows("Pick where they work.");
    for (role, organization) in [
        ("patient", practice()),
        ("proxy", practice()),
        (
            "administrator",
            "6f9619ff-8b86-d011-b42d-00c04fc964ff".to_owned(),
        ),
    ] {
        let body = format!("name=X&role={role}&organization={organization}");
        admin.post("/office/people/invite", body).await.expect(422);
    }
    let long = "x".repeat(201);
    let body = format!("name={long}&role=billing&organization={}", practice());
    admin
        .post("/office/people/invite", body)
        .await
        .expect(422)
        .shows("at most 200 characters");
    assert_eq!(said(&test, house).await.len(), 0);
}

/// The factor is for this very change: another form is not covered by it, and one factor serves once.
#[tokio::test]
async fn a_factor_is_for_one_change() {
    let test = TestPortal::new().await;
    let mut admin = signed_in(&test, FIRST).await;
    let path = page_of(&mut admin, OKAFOR).await;
    let page = admin.get(&path).await.expect(200);
    let page = admin.submit(&page.form_with_button("End this role")).await;
    assert_eq!(page.location(), Some("/step-up"));
    confirm(&mut admin).await;
    let other = page_of(&mut admin, "Dr. Tobias Lindqvist").await;
    let page = admin.get(&other).await.expect(200);
    let page = admin.submit(&page.form_with_button("End this role")).await;
    assert_eq!(page.location(), Some("/step-up"), "somebody else's role");
    let mut lindqvist = test.lindqvist().await;
    lindqvist.get("/patients").await.expect(200);
}
