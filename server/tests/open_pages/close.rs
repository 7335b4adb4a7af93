//! Whoever just lost access is told within a second, whatever it was that ended.

use crate::open_pages::{LOOKED, SOON, chart, closed, page, silent};
use crate::support::{Picks, TestPortal};
use chrono::TimeDelta;
use domain::id::RestrictionId;
use domain::label::{Label, LabelSet};
use domain::party::{Party, Span};
use domain::state::{Restriction, RestrictionState};
use portal::import::organization_id;
use store::Stamp;
use uuid::Uuid;

/// POLICY §6: a revocation closes the chart and the item that rested on the consent, and nobody else's page; the stream
/// names nobody and nothing.
#[tokio::test]
async fn a_revocation_closes_what_rested_on_the_consent() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;

    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await.shows("Buprenorphine");
    assert!(
        own.count(".as-of") == 1,
        "without script it says when it was true"
    );
    let item = own
        .articles()
        .into_iter()
        .find(|article| article.text.contains("Buprenorphine"))
        .and_then(|article| article.href)
        .expect("an item");
    let item = page(&mut okafor, &item).await;
    assert!(item.count(".as-of") == 1);
    let list = okafor.open_patients().await;
    let mut vasquez = portal.vasquez().await;
    let theirs = chart(&mut vasquez, patient).await;
    let records = jordan.open_records().await;

    let mut told = okafor.events(&[&list, &own, &item]).await;
    let mut beside = vasquez.events(&[&theirs]).await;
    let mut patients = jordan.events(&[&records]).await;
    jordan.revoke(consent).await;
    assert_eq!(closed(&mut told, 2, SOON).await, [1, 2]);
    silent(&mut beside).await;
    silent(&mut patients).await;
    silent(&mut told).await;

    let lines: Vec<&str> = told.raw.lines().filter(|line| !line.is_empty()).collect();
    let allowed = [
        "event: open",
        "event: close",
        "retry: 2000",
        "data:",
        "data: 1",
        "data: 2",
        ":",
    ];
    for line in lines {
        assert!(allowed.contains(&line.trim_end()), "{line:?}");
    }
}

fn restriction(parties: Vec<Party>, labels: LabelSet, portal: &TestPortal) -> Restriction {
    let now = portal.portal.now();
    Restriction {
        id: RestrictionId(Uuid::from_u128(77)),
        recipients: parties,
        labels,
        items: Vec::new(),
        billing: Vec::new(),
        paid_in_full: false,
        state: RestrictionState::Agreed { at: now },
        span: Span {
            from: now,
            until: None,
        },
    }
}

/// LAW C4: a restriction that keeps somebody out closes their page, and theirs alone.
#[tokio::test]
async fn a_restriction_closes_the_page_of_whom_it_keeps_out() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    let mut vasquez = portal.vasquez().await;
    let (own, theirs) = (
        chart(&mut okafor, patient).await,
        chart(&mut vasquez, patient).await,
    );
    let mut told = okafor.events(&[&own]).await;
    let mut beside = vasquez.events(&[&theirs]).await;
    let party = Party::Person(portal.person_id("Dr. Amara Okafor").await);
    let general = LabelSet::of([Label::General]);
    let kept = restriction(vec![party], general, &portal);
    let store = portal.portal.store();
    let done = store.add_restriction(&Stamp::SYSTEM, patient, kept).await;
    done.expect("a restriction");
    assert_eq!(closed(&mut told, 1, SOON).await, [0]);
    silent(&mut beside).await;
}

/// A care relationship ends, and with it what rested on it.
#[tokio::test]
async fn the_end_of_a_relationship_closes_the_page() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await;
    let mut told = okafor.events(&[&own]).await;
    let state = store.policy_state(patient).await.expect("an answer");
    for relationship in state.expect("a patient").relationships {
        let ended = store
            .end_relationship(&Stamp::SYSTEM, patient, relationship.id)
            .await;
        if relationship.span.until.is_none() {
            ended.expect("it ends");
        }
    }
    assert_eq!(closed(&mut told, 1, SOON).await, [0]);
}

/// Who no longer works there sees no more, and who works elsewhere is told nothing.
#[tokio::test]
async fn the_end_of_a_role_closes_the_page() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let mut vasquez = portal.vasquez().await;
    let mut okafor = portal.okafor().await;
    let (own, theirs) = (
        chart(&mut vasquez, patient).await,
        chart(&mut okafor, patient).await,
    );
    let mut told = vasquez.events(&[&own]).await;
    let mut beside = okafor.events(&[&theirs]).await;
    let id = portal.person_id("Dr. Elena Vasquez").await;
    let mut person = store
        .person(id)
        .await
        .expect("an answer")
        .expect("a person");
    person.memberships.clear();
    let put = store.put_person(&Stamp::SYSTEM, person).await;
    put.expect("they left");
    assert_eq!(closed(&mut told, 1, SOON).await, [0]);
    silent(&mut beside).await;
}

/// The same where it ends by itself, by its date.
#[tokio::test]
async fn the_last_day_of_a_role_closes_the_page() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let id = portal.person_id("Dr. Elena Vasquez").await;
    let person = store.person(id).await.expect("an answer");
    let mut person = person.expect("a person");
    let end = portal.portal.now() + TimeDelta::minutes(5);
    // They work somewhere else too, so that the session goes on.
    let mut elsewhere = person.memberships.first().expect("a place").clone();
    elsewhere.organization = organization_id("Organization/org-elsewhere");
    for membership in &mut person.memberships {
        membership.span.until = Some(end);
    }
    person.memberships.push(elsewhere);
    let put = store.put_person(&Stamp::SYSTEM, person).await;
    put.expect("they leave soon");
    let mut vasquez = portal.vasquez().await;
    let own = chart(&mut vasquez, patient).await;
    let mut told = vasquez.events(&[&own]).await;
    portal.clock.set(end);
    assert_eq!(closed(&mut told, 1, LOOKED).await, [0]);
}

/// What changed while a page was on its way, or while the stream was down, is told as soon as there is a stream.
#[tokio::test]
async fn what_was_missed_is_told_at_once() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await.shows("Buprenorphine");
    jordan.revoke(consent).await;
    let mut told = okafor.events(&[&own]).await;
    assert_eq!(closed(&mut told, 1, SOON).await, [0]);
    // A page made since then stays.
    let again = page(&mut okafor, &format!("/patients/{patient}")).await;
    silent(&mut okafor.events(&[&again]).await).await;
}

/// LAW A11: a consent ends by itself, and the page that rests on it soon after.
#[tokio::test]
async fn what_ends_by_itself_closes_the_page() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let picks = Picks {
        date: "2026-11-24",
        ..Picks::OKAFOR_TREATS
    };
    jordan.share(&picks).await;
    let end = chrono::DateTime::parse_from_rfc3339("2026-11-25T06:00:00Z")
        .expect("an instant")
        .to_utc();
    portal.clock.set(end - TimeDelta::minutes(5));
    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await.shows("Buprenorphine");
    let mut told = okafor.events(&[&own]).await;
    portal.clock.set(end);
    assert_eq!(closed(&mut told, 1, LOOKED).await, [0]);
}

/// A change by another process over the same database is seen within moments too.
#[tokio::test]
async fn another_process_closes_the_page() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = portal.okafor().await;
    let own = chart(&mut okafor, patient).await.shows("Buprenorphine");
    let mut told = okafor.events(&[&own]).await;
    let other = portal.other_process().await;
    let stamp = Stamp::SYSTEM;
    let revoked = other.revoke_consent(&stamp, patient, consent).await;
    revoked.expect("it ends");
    assert_eq!(closed(&mut told, 1, LOOKED).await, [0]);
}
