//! Group commit: entries that come at the same time share a transaction, each caller learns of its own, and too many are
//! refused instead of kept waiting (LAW F1, F3).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::world::World;
use domain::clock::Clock;
use domain::decide::Action;
use domain::id::PatientId;
use domain::label::{Label, LabelSet};
use domain::purpose::Purpose;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use std::collections::HashSet;
use std::sync::Arc;
use store::testing::{TempStore, commits};
use store::{
    Chain, Committed, DiscloseError, Error, Event, HistoryQuery, ImportCounts, Stamp, Store,
};
use tokio::task::JoinSet;
use uuid::Uuid;

async fn patients(store: &Store, many: usize) -> Vec<PatientId> {
    let mut import = store.begin_import(&Stamp::SYSTEM).await.unwrap();
    let mut all = Vec::new();
    for number in 0..many {
        let identity = format!("Patient/{number}");
        all.push(import.patient(&identity).await.unwrap().0);
    }
    import.commit(ImportCounts::default()).await.unwrap();
    all
}

/// Somebody asked for what they may not have: an entry that stands on nothing.
const ASKED: Event = Event::Denied {
    action: Action::View,
    purpose: Some(Purpose::Treatment),
    item: None,
};

type Asked = (usize, Chain, Result<Committed, Error>);

fn ask(store: &Store, into: &mut JoinSet<Asked>, number: usize, chain: Chain) {
    let store = store.clone();
    into.spawn(async move {
        let stamp = Stamp::SYSTEM;
        (number, chain, store.append(&stamp, chain, ASKED).await)
    });
}

/// Every acknowledged entry has a place of its own, and stands there.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_that_come_at_once_share_transactions() {
    const MANY: usize = 400;
    for temp in TempStore::everywhere().await {
        let store = &temp.store;
        let mut chains: Vec<Chain> = patients(store, 7)
            .await
            .into_iter()
            .map(Chain::Patient)
            .collect();
        chains.push(Chain::House);
        let before = commits(store);
        let mut asked = JoinSet::new();
        for number in 0..MANY {
            ask(store, &mut asked, number, chains[number % chains.len()]);
        }
        let mut places = HashSet::new();
        for (_, chain, answer) in asked.join_all().await {
            assert!(places.insert((chain, answer.unwrap().seq)), "a place twice");
        }
        let transactions = commits(store) - before;
        assert!(transactions < 200, "{transactions} transactions for {MANY}");
        for chain in chains {
            if let Chain::Patient(patient) = chain {
                let entries = store
                    .history(patient, HistoryQuery::default())
                    .await
                    .unwrap();
                for entry in entries.iter().filter(|entry| entry.body.event == ASKED) {
                    assert!(places.contains(&(chain, entry.seq)));
                }
            }
        }
        let report = store.verify(|_, _| {}).await.unwrap();
        assert!(report.is_sound(), "{:?}", report.faults);
    }
}

/// Fail closed, at once, and no queue that grows (ARCHITECTURE, back-pressure).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn too_many_are_refused_and_nobody_waits_for_ever() {
    const MANY: usize = 900;
    // On SQLite one writes at a time, so that somebody who takes their time holds everybody up.
    let temp = TempStore::on_a_file().await;
    let store = &temp.store;
    let chain = Chain::Patient(patients(store, 1).await[0]);
    // Somebody else writes, and takes their time.
    let other = store.begin_import(&Stamp::SYSTEM).await.unwrap();
    let mut asked = JoinSet::new();
    for number in 0..MANY {
        ask(store, &mut asked, number, chain);
    }
    let mut refused = 0;
    while refused < MANY - 512 - 64 {
        let (_, _, answer) = asked.join_next().await.unwrap().unwrap();
        assert!(matches!(answer, Err(Error::Busy)), "before any was written");
        refused += 1;
    }
    drop(other);
    let mut written = 0;
    while let Some(answer) = asked.join_next().await {
        match answer.unwrap().2 {
            Ok(_) => written += 1,
            Err(Error::Busy) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(written >= 512, "{written} of those that waited");
    assert_eq!(written + refused, MANY);
    store.append(&Stamp::SYSTEM, chain, ASKED).await.unwrap();
}

/// What fails for one patient fails for them alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_broken_chain_keeps_nobody_else_from_writing() {
    for temp in TempStore::everywhere().await {
        let store = &temp.store;
        let patients = patients(store, 4).await;
        let raw = Database::connect(temp.url()).await.unwrap();
        let broken = patients[2];
        put_in_the_way(&raw, broken.0).await;
        for _ in 0..5 {
            let mut asked = JoinSet::new();
            for number in 0..80 {
                let chain = Chain::Patient(patients[number % patients.len()]);
                ask(store, &mut asked, number, chain);
            }
            for (_, chain, answer) in asked.join_all().await {
                assert_eq!(answer.is_ok(), chain != Chain::Patient(broken), "{chain:?}");
            }
        }
    }
}

/// A row where the next entry belongs.
async fn put_in_the_way(raw: &sea_orm::DatabaseConnection, chain: Uuid) {
    let backend = raw.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "INSERT INTO ledger_entries (chain, seq, prev, hash, body) SELECT chain, seq + 1, hash, hash, hash FROM ledger_heads WHERE chain = $1"
        }
        _ => {
            "INSERT INTO ledger_entries (chain, seq, prev, hash, body) SELECT chain, seq + 1, hash, hash, hash FROM ledger_heads WHERE chain = ?"
        }
    };
    let put = raw.execute_raw(Statement::from_sql_and_values(backend, sql, [chain.into()]));
    assert_eq!(put.await.unwrap().rows_affected(), 1);
}

/// Whoever gives up takes nobody's entry along.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_caller_that_gives_up_leaves_the_others_be() {
    let temp = TempStore::new().await;
    let store = &temp.store;
    let chain = Chain::Patient(patients(store, 1).await[0]);
    let mut given_up = JoinSet::new();
    let mut asked = JoinSet::new();
    for number in 0..100 {
        ask(store, &mut given_up, number, chain);
        ask(store, &mut asked, number, chain);
        tokio::task::yield_now().await;
    }
    given_up.abort_all();
    for (_, _, answer) in asked.join_all().await {
        answer.unwrap();
    }
    let report = store.verify(|_, _| {}).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.faults);
}

/// A decision that went stale is told so, and those beside it are written (POLICY §6; LAW A11).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_is_stale_stands_beside_others_that_are_not() {
    for temp in TempStore::everywhere().await {
        let world = World::on(temp, 2).await;
        let labels = LabelSet::of([Label::Opioids, Label::General]);
        let consent = world.consent(labels, world.in_a_year());
        let id = consent.id;
        let document = store::testing::document();
        let signed = world
            .store()
            .sign_consent(&Stamp::SYSTEM, consent, document);
        signed.await.unwrap();
        let (clinician, theirs) = world.as_clinician();
        let (subject, own) = world.as_subject();
        let chart = world.chart().await;
        let on_consent = world.permits(&clinician, &chart).await;
        assert!(!on_consent.0.is_empty());
        let revoked = world.store().revoke_consent(&own, world.patient, id);
        revoked.await.unwrap();
        let of_subject = world.permits(&subject, &world.chart().await).await;
        let store = world.store();
        let late = store.disclose(&theirs, on_consent.0, &on_consent.1);
        let right = store.disclose(&own, of_subject.0, &of_subject.1);
        let (late, right) = tokio::join!(late, right);
        assert!(matches!(late, Err(DiscloseError::Stale)));
        let receipt = right.unwrap();
        assert!(receipt.at() <= world.temp.clock.now());
    }
}

/// While the house's chain goes on, looks that come at once stand in an order in which each can be decided again: none says
/// that the house stood where it had stood before another look (LAW F3).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn looks_at_once_can_be_decided_again_while_the_house_goes_on() {
    for temp in TempStore::everywhere().await {
        let world = Arc::new(World::on(temp, 3).await);
        let labels = LabelSet::of([Label::Opioids, Label::General]);
        let consent = world.consent(labels, world.in_a_year());
        let document = store::testing::document();
        let signed = world
            .store()
            .sign_consent(&Stamp::SYSTEM, consent, document);
        signed.await.unwrap();
        let mut looks = JoinSet::new();
        for _ in 0..8 {
            let world = Arc::clone(&world);
            looks.spawn(async move {
                let (viewer, stamp) = world.as_clinician();
                for _ in 0..10 {
                    let chart = world.chart().await;
                    let (permits, sealed) = world.permits(&viewer, &chart).await;
                    let receipt = world.store().disclose(&stamp, permits, &sealed).await;
                    assert!(receipt.unwrap().seq() > 0);
                }
            });
        }
        while !looks.is_empty() {
            let event = Event::SignedOut;
            let went_on = world.store().append(&Stamp::SYSTEM, Chain::House, event);
            went_on.await.unwrap();
            if let Some(look) = looks.try_join_next() {
                look.unwrap();
            }
        }
        let report = world.store().verify(|_, _| {}).await.unwrap();
        assert_eq!(report.faults, vec![]);
        assert!(report.replayed >= 80);
    }
}
