//! What is said of labels commits with the facts, the queue, the epoch and the ledger, or not at all (POLICY §2, §6).

use crate::import::{import_labelled, two_conditions};
use crate::world::{World, confirm};
use domain::id::{ItemId, OrganizationId};
use domain::item::PartFacts;
use domain::label::Label;
use domain::labeling::review::Act;
use domain::labeling::{Context, Part2Programs, settle};
use store::reviews::About;
use store::{DiscloseError, Event, HistoryQuery, LabelError, Stage, Stamp};

async fn about(world: &World, item: ItemId) -> About {
    let version = world.store().label_version(world.patient, item).await;
    About {
        patient: world.patient,
        epoch: world.chart().await.state.epoch,
        item,
        version: version.unwrap(),
    }
}

/// The patient keeps an item private.
pub async fn keep_private(world: &World, item: ItemId) {
    let about = about(world, item).await;
    let (_, stamp) = world.as_subject();
    let said = world
        .store()
        .say_of_labels(&stamp, about, |_| Ok(Some(Act::KeptPrivate)));
    assert!(said.await.unwrap().is_some());
}

/// What is kept of a part of an item.
pub async fn part(world: &World, item: ItemId, path: &str) -> PartFacts {
    let items = world.chart().await.items;
    let facts = items.iter().find(|one| one.id == item).unwrap();
    let part = facts.parts.iter().find(|part| part.path == path);
    part.unwrap().clone()
}

/// POLICY §2: the queue is found by organization, and the state says what is up for review.
#[tokio::test]
async fn the_queue_is_its_organizations_own() {
    let world = World::new().await;
    let item = world.put_up_for_review().await;
    assert_eq!(world.chart().await.state.under_review, [item]);
    let store = world.store();
    let hospital = [world.hospital];
    let own = store
        .review_queue(&hospital, Stage::First, None, 10)
        .await
        .unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].item, own[0].patient), (item, world.patient));
    let other = [OrganizationId::derived("test", "Organization/2")];
    let theirs = store.review_queue(&other, Stage::First, None, 10).await;
    assert!(theirs.unwrap().is_empty());
    assert!(store.queued(&other, item).await.unwrap().is_none());
    assert!(store.queued(&[], item).await.unwrap().is_none());
    let second = store.review_queue(&hospital, Stage::Second, None, 10);
    assert!(second.await.unwrap().is_empty());
}

/// POLICY §6: a review moves the epoch, so that nothing decided on the old labels is disclosed.
#[tokio::test]
async fn a_review_makes_old_decisions_stale() {
    let world = World::new().await;
    let item = world.put_up_for_review().await;
    let chart = world.chart().await;
    let (viewer, stamp) = world.as_subject();
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    let about = about(&world, item).await;
    let store = world.store();
    let said = store.say_of_labels(&stamp, about, |standing| confirm(standing, "read"));
    assert!(said.await.unwrap().is_some());
    let stale = store.disclose(&stamp, permits, &sealed).await;
    assert!(matches!(stale, Err(DiscloseError::Stale)));
    let after = world.chart().await;
    let facts = after.items.iter().find(|one| one.id == item).unwrap();
    assert!(!facts.labels().has(Label::Unclassified));
    assert!(after.state.under_review.is_empty());
    let history = store.history(world.patient, HistoryQuery::default()).await;
    let last = history.unwrap().remove(0).body.event;
    assert!(matches!(last, Event::LabelsReviewed { item: of, .. } if of == item));
    let records = store.label_records(world.patient, item).await.unwrap();
    assert_eq!(records.len(), 1);
    assert!(store.verify(|_, _| {}).await.unwrap().is_sound());
}

async fn say(
    world: &World,
    stamp: Stamp,
    about: About,
) -> Result<Option<store::Committed>, LabelError> {
    world
        .store()
        .say_of_labels(&stamp, about, |standing| confirm(standing, "read"))
        .await
}

/// Nothing is said at another epoch, of another state of the item, or by nobody; and then nothing changed.
#[tokio::test]
async fn nothing_is_said_of_what_changed() {
    let world = World::new().await;
    let item = world.put_up_for_review().await;
    let now = about(&world, item).await;
    let (_, stamp) = world.as_clinician();
    let epoch = About {
        epoch: now.epoch - 1,
        ..now
    };
    let refused = say(&world, stamp, epoch).await;
    assert!(matches!(refused, Err(LabelError::Stale)));
    let version = About {
        version: Some([7; 32]),
        ..now
    };
    let refused = say(&world, stamp, version).await;
    assert!(matches!(refused, Err(LabelError::Changed)));
    let refused = say(&world, Stamp::SYSTEM, now).await;
    assert!(matches!(refused, Err(LabelError::Store(_))));
    assert_eq!(world.chart().await.state.epoch, now.epoch);
    assert!(say(&world, stamp, now).await.unwrap().is_some());
    let again = about(&world, item).await;
    let refused = say(&world, stamp, again).await;
    assert!(matches!(refused, Err(LabelError::Fault(_))));
}

/// POLICY §2: what was said is carried out again by the next import, as far as it covers what the rules find then.
#[tokio::test]
async fn an_import_carries_out_what_was_said() {
    let world = World::new().await;
    let item = world.review("read").await;
    let mut import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
    let (patient, _) = import.patient("Patient/1").await.unwrap();
    let existing = import.existing(patient).await.unwrap();
    let (_, _, examined) = existing.into_iter().find(|(id, ..)| *id == item).unwrap();
    let part2_programs = &Part2Programs::default();
    let by_rules = settle(vec![examined], &Context { part2_programs }).remove(0);
    let desk = import.desk(patient).await.unwrap();
    for (found, waits) in [(None, false), (Some(Label::Hiv), true)] {
        let mut labelled = by_rules.clone();
        let at = labelled
            .parts
            .iter()
            .position(|part| part.path == "recordedDate")
            .unwrap();
        labelled.parts[at].labels = found.into_iter().chain([Label::Unclassified]).collect();
        let waiting = import.review(&desk, item, &mut labelled).await.unwrap();
        assert_eq!(labelled.parts[at].labels.has(Label::Unclassified), waits);
        assert_eq!(waiting.is_empty(), !waits);
    }
}

/// POLICY §2, `PRS`: what is said of an item goes to what leads to it, also in a record that was taken in before it was kept
/// where parts lead: that is found then, and is what an import finds.
#[tokio::test]
async fn a_record_from_before_leads_were_kept_has_them_found() {
    let world = World::with_items(0).await;
    let resources = two_conditions("F11.20");
    let items = import_labelled(&world, &resources).await;
    world.store().forget_leads(world.patient).await.unwrap();
    let evidence = part(&world, items[1], "evidence[0]").await;
    assert!(evidence.leads_to.is_empty());
    keep_private(&world, items[0]).await;
    let found = part(&world, items[1], "evidence[0]").await;
    assert_eq!(found.leads_to, [items[0]]);
    assert!(found.labels.has(Label::PatientRequested));
    import_labelled(&world, &resources).await;
    assert!(part(&world, items[1], "evidence[0]").await == found);
}
