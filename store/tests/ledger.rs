//! The ledger holds its order, and tampering shows.

use crate::world::World;
use chrono::TimeDelta;
use domain::label::{Label, LabelSet};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use store::{Chain, Event, FaultKind, HistoryQuery, Stamp, VerifyReport};

async fn busy_world() -> World {
    let world = World::new().await;
    let consent = world.consent(
        LabelSet::of([Label::Opioids, Label::General]),
        world.in_a_year(),
    );
    let id = consent.id;
    let patient = world.as_subject().1;
    world
        .store()
        .sign_consent(&patient, consent, store::testing::document())
        .await
        .unwrap();
    let (viewer, stamp) = world.as_clinician();
    for _ in 0..5 {
        let chart = world.chart().await;
        let (permits, sealed) = world.permits(&viewer, &chart).await;
        let _ = world
            .store()
            .disclose(&stamp, permits, &sealed)
            .await
            .unwrap();
        world.temp.clock.advance(TimeDelta::seconds(5));
    }
    world
        .store()
        .revoke_consent(&patient, world.patient, id)
        .await
        .unwrap();
    world
}

async fn raw(world: &World) -> DatabaseConnection {
    Database::connect(world.temp.url()).await.unwrap()
}

/// `$1` is the patient's chain; `$2` a byte, where it is named.
async fn tamper(world: &World, sql: &str) {
    let mut values = vec![world.patient.0.into()];
    if sql.contains("$2") {
        values.push(vec![0_u8].into());
    }
    let connection = raw(world).await;
    let done = connection
        .execute_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            sql,
            values,
        ))
        .await
        .unwrap();
    assert!(done.rows_affected() > 0, "the tampering hit something");
    connection.close().await.unwrap();
}

async fn verify(world: &World) -> VerifyReport {
    let mut last = (0, 0);
    let report = world
        .store()
        .verify(|done, total| last = (done, total))
        .await
        .unwrap();
    assert!(last.0 <= last.1);
    report
}

fn has(report: &VerifyReport, what: FaultKind) -> bool {
    report.faults.iter().any(|fault| fault.what == what)
}

#[tokio::test]
async fn an_honest_ledger_is_sound() {
    let world = busy_world().await;
    let report = verify(&world).await;
    assert_eq!(report.faults, vec![]);
    assert_eq!(report.chains, 2);
    assert!(report.entries >= 8);
    let integrity = world.store().verify_integrity(|_, _| {}).await.unwrap();
    assert!(integrity.is_sound());
}

#[tokio::test]
async fn a_changed_byte_shows() {
    let world = busy_world().await;
    tamper(
        &world,
        "UPDATE ledger_entries SET body = substr(body, 1, 40) || $2 || substr(body, 42) WHERE chain = $1 AND seq = 4",
    )
    .await;
    let report = verify(&world).await;
    assert!(has(&report, FaultKind::Hash) && has(&report, FaultKind::Body));
    let integrity = world.store().verify_integrity(|_, _| {}).await.unwrap();
    assert!(has(&integrity, FaultKind::Hash), "found without keys too");
}

#[tokio::test]
async fn a_deleted_row_shows() {
    let world = busy_world().await;
    tamper(
        &world,
        "DELETE FROM ledger_entries WHERE chain = $1 AND seq = 4",
    )
    .await;
    let report = verify(&world).await;
    assert!(has(&report, FaultKind::Gap) && has(&report, FaultKind::Link));
}

#[tokio::test]
async fn a_cut_end_shows() {
    let world = busy_world().await;
    tamper(
        &world,
        "DELETE FROM ledger_entries WHERE chain = $1 AND seq = (SELECT MAX(seq) FROM ledger_entries WHERE chain = $1)",
    )
    .await;
    assert!(has(&verify(&world).await, FaultKind::Head));
}

#[tokio::test]
async fn swapped_rows_show() {
    let world = busy_world().await;
    for sql in [
        "UPDATE ledger_entries SET seq = 1000 WHERE chain = $1 AND seq = 4",
        "UPDATE ledger_entries SET seq = 4 WHERE chain = $1 AND seq = 5",
        "UPDATE ledger_entries SET seq = 5 WHERE chain = $1 AND seq = 1000",
    ] {
        tamper(&world, sql).await;
    }
    let report = verify(&world).await;
    assert!(has(&report, FaultKind::Link) && has(&report, FaultKind::Hash));
    assert!(
        has(&report, FaultKind::Body),
        "a body opens only at its place"
    );
}

#[tokio::test]
async fn a_moved_epoch_shows() {
    let world = busy_world().await;
    tamper(&world, "UPDATE ledger_heads SET epoch = 0 WHERE chain = $1").await;
    assert!(
        has(&verify(&world).await, FaultKind::Epoch),
        "the head itself tells"
    );
    world
        .store()
        .append(
            &Stamp::SYSTEM,
            Chain::Patient(world.patient),
            Event::Denied {
                action: domain::decide::Action::View,
                purpose: None,
                item: None,
            },
        )
        .await
        .unwrap();
    assert!(has(&verify(&world).await, FaultKind::Epoch));
}

#[tokio::test]
async fn a_disclosure_on_a_revoked_consent_shows() {
    let world = busy_world().await;
    let history = world
        .store()
        .history(world.patient, HistoryQuery::default())
        .await
        .unwrap();
    let disclosed = history
        .iter()
        .find(|entry| matches!(entry.body.event, Event::Disclosed { .. }))
        .unwrap();
    let mut event = disclosed.body.event.clone();
    let epoch = world.chart().await.state.epoch;
    if let Event::Disclosed { epoch: at, .. } = &mut event {
        *at = epoch;
    }
    let forged = world
        .store()
        .append(&Stamp::SYSTEM, Chain::Patient(world.patient), event)
        .await
        .unwrap();
    let report = verify(&world).await;
    assert!(has(&report, FaultKind::Consent));
    assert!(report.faults.iter().all(|fault| fault.seq == forged.seq));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_appends_follow_each_other() {
    let world = World::new().await;
    let before = world.store().history_count(world.patient).await.unwrap();
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let store = world.store().clone();
            let chain = Chain::Patient(world.patient);
            tokio::spawn(async move {
                store
                    .append(
                        &Stamp::SYSTEM,
                        chain,
                        Event::Denied {
                            action: domain::decide::Action::View,
                            purpose: None,
                            item: None,
                        },
                    )
                    .await
                    .unwrap()
                    .seq
            })
        })
        .collect();
    let mut places = Vec::new();
    for task in tasks {
        places.push(task.await.unwrap());
    }
    places.sort_unstable();
    let expected: Vec<u64> = (before + 1..=before + 64).collect();
    assert_eq!(places, expected);
    assert!(verify(&world).await.is_sound());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_share_one_order() {
    let world = World::new().await;
    let other = world.temp.reopen(7).await.unwrap();
    let mut tasks = Vec::new();
    for store in [world.store().clone(), other] {
        for _ in 0..16 {
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                store
                    .append(&Stamp::SYSTEM, Chain::House, Event::SignInFailed)
                    .await
                    .unwrap();
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert!(verify(&world).await.is_sound());
}

#[tokio::test]
async fn a_clock_that_goes_back_never_moves_the_ledger_back() {
    let world = busy_world().await;
    world.temp.clock.advance(TimeDelta::days(-30));
    let last = world.chart().await.state.last_entry.unwrap();
    let committed = world
        .store()
        .append(
            &Stamp::SYSTEM,
            Chain::Patient(world.patient),
            Event::SignedOut,
        )
        .await
        .unwrap();
    assert_eq!(committed.at, last);
    assert!(verify(&world).await.is_sound());
}

#[tokio::test]
async fn history_pages_newest_first() {
    let world = busy_world().await;
    let page = |before| {
        world.store().history(
            world.patient,
            HistoryQuery {
                before,
                limit: 3,
                ..HistoryQuery::default()
            },
        )
    };
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let entries = page(before).await.unwrap();
        let Some(last) = entries.last() else { break };
        before = Some(last.seq);
        seen.extend(entries.iter().map(|entry| entry.seq));
    }
    let count = world.store().history_count(world.patient).await.unwrap();
    let expected: Vec<u64> = (1..=count).rev().collect();
    assert_eq!(seen, expected);
    let newest = page(None).await.unwrap();
    let since = world
        .store()
        .history(
            world.patient,
            HistoryQuery {
                from: Some(newest[0].body.at),
                limit: 100,
                ..HistoryQuery::default()
            },
        )
        .await
        .unwrap();
    assert!(since.iter().all(|entry| entry.body.at == newest[0].body.at));
    assert!(!since.is_empty());
}
