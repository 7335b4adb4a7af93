//! Who sees the queue, and what of it.

use crate::{
    office_labels::officer::{
        NOTE, ODDS, OTHER, WORDS, account, desk, facts, of_another_house, of_the_practice, say,
        with_items,
    },
    support::{TestPortal, denied, disclosures, records::JORDAN},
};
use domain::{
    decide::{Action, Ground},
    id::{ItemId, PersonId, RestrictionId},
    label::LabelSet,
    party::{Role, Span},
    purpose::Purpose,
    state::{Restriction, RestrictionState},
};
use portal::import::organization_id;
use store::Stamp;
use uuid::Uuid;

/// POLICY §2: kind, date and why, nothing of what the items hold; each look is decided and logged first.
#[tokio::test]
async fn the_queue_shows_no_content_and_is_logged() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let before = test.length(patient).await;
    let mut solberg = test.solberg().await;
    let page = solberg.get("/office/labels").await.expect(200);
    let page = page.shows("Note or document").shows("Test result");
    let page = page.shows("It is free text").shows("Its code is ordinary");
    page.hides(WORDS)
        .hides("Heart rate")
        .hides("Jordan")
        .hides("Opioids");
    let looks = disclosures(&test.since(patient, before).await);
    let look = looks.last().expect("a look");
    assert_eq!(
        (look.action, look.purpose),
        (Action::Review, Purpose::Operations)
    );
    assert!(look.items.iter().all(|item| item.masked));
    let program = organization_id("Organization/org-harbor-light");
    assert_eq!(look.basis, [Ground::Review(program)]);
    let note = facts(&test, patient, NOTE).await.id;
    assert!(look.items.iter().any(|item| item.item == note));
    test.assert_sound().await;
}

/// Home and navigation lead a privacy officer there.
#[tokio::test]
async fn an_officers_start_page_leads_to_the_queue() {
    let test = TestPortal::new().await;
    let mut solberg = test.solberg().await;
    let page = solberg.go("/home").await.expect(200);
    assert_eq!(page.path, "/office");
    assert!(page.links().contains(&"/office/labels".to_owned()));
    assert!(page.links().contains(&"/office/labels/second".to_owned()));
    let page = solberg.get("/office/labels/second").await.expect(200);
    page.shows("Nothing waits for a second person.");
}

/// The patient reads who looked, and why the item is labelled as it is (LAW F2).
#[tokio::test]
async fn the_patient_is_told() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let note = facts(&test, patient, NOTE).await.id;
    let mut solberg = test.solberg().await;
    let said = say(&mut solberg, note, "confirm", &[], "Read in full.").await;
    said.expect(303);
    let mut jordan = test.jordan().await;
    let history = jordan.open_history().await;
    let history = history.shows("Renata Solberg");
    let history = history.shows("Looked at how 1 item is labelled");
    history.shows("Checked how an item is labelled");
    jordan
        .post("/api/reveal-record", format!("item={note}"))
        .await
        .expect(303);
    let page = jordan.get(&format!("/records/{note}")).await.expect(200);
    page.shows(WORDS).shows("They found it right as it is.");
}

/// LAW B5: for an officer of another organization, an item that waits is the same as none.
#[tokio::test]
async fn another_organization_sees_nothing() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let note = facts(&test, patient, NOTE).await.id;
    let other = facts(&test, patient, OTHER).await.id;
    let before = test.length(patient).await;
    let house = test.house_since(0).await.len();
    let mut brandt = of_another_house(&test).await;
    let page = brandt.get(&desk(note)).await.expect(404);
    let nothing = ItemId(Uuid::from_u128(77));
    let missing = brandt.get(&desk(nothing)).await.expect(404);
    let address = |page: &str, item: ItemId| page.replace(&item.to_string(), "");
    assert_eq!(address(&page.body, note), address(&missing.body, nothing));
    assert_eq!(
        test.length(patient).await,
        before,
        "nobody looked up whose it is"
    );
    let tried = denied(&test.house_since(u64::try_from(house).expect("few")).await);
    assert_eq!(tried.iter().filter(|(_, item)| item.is_some()).count(), 2);
    // The officer's own are there.
    brandt.get(&desk(other)).await.expect(200).shows(WORDS);
    let mut solberg = test.solberg().await;
    solberg.get(&desk(other)).await.expect(404);
    // And nothing of it by its address.
    let version = "00".repeat(32);
    let body = format!("do=say&version={version}&parts=code&outcome=confirm&because=x");
    brandt.post(&desk(note), body).await.expect(404);
}

/// POLICY §4.2: a restriction binds the officer, and the queue is the same as if the item were not there.
#[tokio::test]
async fn a_restricted_item_is_not_in_the_queue() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let note = facts(&test, patient, NOTE).await.id;
    let restriction = Restriction {
        id: RestrictionId(Uuid::from_u128(5)),
        recipients: Vec::new(),
        labels: LabelSet::EMPTY,
        items: vec![note],
        billing: Vec::new(),
        paid_in_full: false,
        state: RestrictionState::Agreed {
            at: crate::support::began(),
        },
        span: Span {
            from: crate::support::began(),
            until: None,
        },
    };
    let store = test.portal.store();
    let added = store.add_restriction(&Stamp::SYSTEM, patient, restriction);
    added.await.expect("a restriction");
    let mut solberg = test.solberg().await;
    solberg.get(&desk(note)).await.expect(404);
    let page = solberg.get("/office/labels").await.expect(200);
    assert!(!page.body.contains(&note.to_string()));
    let odds = facts(&test, patient, ODDS).await.id;
    assert!(page.body.contains(&odds.to_string()));
}

/// UX, "Errors a person sees": every other role gets the one answer.
#[tokio::test]
async fn nobody_else_gets_in() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let note = facts(&test, patient, NOTE).await.id;
    let paths = [
        "/office".to_owned(),
        "/office/labels".to_owned(),
        "/office/labels/second".to_owned(),
        desk(note),
    ];
    let mut people = vec![
        test.jordan().await.0,
        test.okafor().await.0,
        test.vasquez().await.0,
    ];
    for (n, role) in [
        Role::Support,
        Role::Administrator,
        Role::Billing,
        Role::CareCoordinator,
    ]
    .into_iter()
    .enumerate()
    {
        let person = PersonId(Uuid::from_u128(900 + n as u128));
        let record = store::PersonRecord {
            memberships: vec![domain::party::Membership {
                organization: organization_id("Organization/org-harbor-light"),
                role,
                span: Span {
                    from: crate::support::began(),
                    until: None,
                },
            }],
            ..store::PersonRecord::named(person, "Somebody Else")
        };
        let put = test.portal.store().put_person(&Stamp::SYSTEM, record).await;
        put.expect("a person");
        let name = format!("somebody-{n}@demo.example");
        people.push(account(&test, person, &name, role).await);
    }
    for person in &mut people {
        for path in &paths {
            let page = person.get(path).await;
            if path == "/office" && page.status.as_u16() == 200 {
                // Support and administrators have other things to do there.
                page.hides("/office/labels");
                continue;
            }
            page.expect(404).shows("We can't show this page");
        }
    }
}

/// More than fits on a page: each item once, and no page without one.
#[tokio::test]
async fn the_queue_has_pages() {
    let test = TestPortal::new().await;
    let notes: Vec<_> = (0..25)
        .map(|n| {
            let mut note = of_the_practice();
            note["id"] = format!("many-{n}").into();
            note
        })
        .collect();
    test.add(JORDAN, &notes).await;
    let mut brandt = of_another_house(&test).await;
    let pages = brandt.pages("/office/labels".to_owned()).await;
    assert!(pages.len() >= 2);
    let mut items: Vec<String> = pages
        .iter()
        .flat_map(crate::support::Page::links)
        .filter(|link| link.starts_with("/office/labels/") && !link.ends_with("/second"))
        .collect();
    let all = items.len();
    items.sort();
    items.dedup();
    assert_eq!(all, items.len());
    assert!(items.len() >= 25);
}
