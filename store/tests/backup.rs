//! A backup is one instant of the database, sealed and whole, and comes back on either kind of database or not at all
//! (45 CFR 164.308(a)(7); LAW F1).

use crate::world::World;
use domain::label::{Label, LabelSet};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::backup::{BackupError, Restored, restore};
use store::testing::{MemoryKey, TempDatabase, TempStore, TestEntropy};
use store::{Chain, Event, Expected, HistoryQuery, Options, Stamp, Store};
use tempfile::TempDir;

async fn filled(temp: TempStore) -> World {
    let world = World::on(temp, 3).await;
    world.review("because").await;
    let store = world.store();
    let labels = LabelSet::of([Label::Opioids, Label::General]);
    let consent = world.consent(labels, world.in_a_year());
    store
        .sign_consent(&world.as_subject().1, consent, store::testing::document())
        .await
        .unwrap();
    store
        .put_person(
            &Stamp::SYSTEM,
            store::PersonRecord::named(world.clinician, "Ignatius Featherstonehaugh"),
        )
        .await
        .unwrap();
    world
}

async fn backup_of(world: &World) -> Vec<u8> {
    let mut bytes = Vec::new();
    world
        .store()
        .backup(&Stamp::SYSTEM, &mut bytes, |_| ())
        .await
        .unwrap();
    bytes
}

async fn put_back(
    world: &World,
    bytes: &[u8],
    url: &str,
    key: u8,
) -> Result<(Store, Restored), BackupError> {
    let mut from = bytes;
    restore(
        &mut from,
        Options::new(url),
        Arc::new(MemoryKey::new(key)),
        Arc::clone(&world.temp.clock) as _,
        Arc::new(TestEntropy::new(40)),
        |_| (),
    )
    .await
}

fn new_file() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("restored.db").display());
    (folder, url)
}

async fn same(world: &World, restored: &Store) {
    let here = world.chart().await;
    let there = restored.chart(world.patient).await.unwrap().unwrap();
    assert!(here.items == there.items);
    assert_eq!(here.state.epoch, there.state.epoch);
    assert_eq!(there.state.consents.len(), 1);
    assert!(!there.state.unreadable);
    let name = restored.all_people().await.unwrap().remove(0).name;
    assert_eq!(name, "Ignatius Featherstonehaugh");
    let (viewer, stamp) = world.as_subject();
    let (permits, _) = world.permits(&viewer, &there).await;
    let ids: Vec<_> = permits.iter().map(domain::decide::Permit::item).collect();
    let sealed = restored.sealed_items(world.patient, &ids).await.unwrap();
    let receipt = restored.disclose(&stamp, permits, &sealed).await.unwrap();
    for item in sealed {
        restored.vault().open(item, &receipt).unwrap();
    }
    assert_eq!(restored.verify(|_, _| ()).await.unwrap().faults, vec![]);
}

/// From each kind of database into each.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comes_back_on_either_database() {
    for temp in TempStore::everywhere().await {
        let world = filled(temp).await;
        let bytes = backup_of(&world).await;
        let (_folder, file) = new_file();
        let mut places = vec![file];
        let database = TempDatabase::empty().await;
        places.extend(database.iter().map(|it| it.url().to_owned()));
        for url in places {
            let (restored, report) = put_back(&world, &bytes, &url, 7).await.unwrap();
            same(&world, &restored).await;
            assert!(report.totals.rows > 20 && report.totals.chains == 2);
            let house = restored
                .entries(Chain::House, HistoryQuery::default())
                .await
                .unwrap();
            let came_back = |event: &Event| matches!(event, Event::BackupRestored { backup, .. } if *backup == report.header.id);
            assert!(house.iter().any(|entry| came_back(&entry.body.event)));
            // Not over what is there now.
            restored.close().await.unwrap();
            let refused = put_back(&world, &bytes, &url, 7).await;
            assert!(matches!(refused, Err(BackupError::Occupied)));
        }
    }
}

/// LAW F3: what came after the last checkpoint of the schedule is signed in the backup. That it was made comes after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_newest_entries_are_signed() {
    for temp in TempStore::everywhere().await {
        let world = filled(temp).await;
        let store = world.store();
        let scheduled = store.checkpoint().await.unwrap().unwrap().checkpoint;
        let consent = world.consent(LabelSet::of([Label::Opioids]), world.in_a_year());
        store
            .sign_consent(&world.as_subject().1, consent, store::testing::document())
            .await
            .unwrap();
        let newest = store.history_count(world.patient).await.unwrap();
        let mut bytes = Vec::new();
        let made = store
            .backup(&Stamp::SYSTEM, &mut bytes, |_| ())
            .await
            .unwrap();
        let signed = made.checkpoint.unwrap();
        assert_eq!(signed.checkpoint.after, scheduled.size);
        assert_eq!(signed.checkpoint.size, made.totals.entries);
        let after = store.checkpoint().await.unwrap().unwrap().checkpoint;
        assert_eq!(after.size, signed.checkpoint.size + 1);

        let (_folder, file) = new_file();
        let (restored, _) = put_back(&world, &bytes, &file, 7).await.unwrap();
        let last = restored.last_checkpoint().await.unwrap().unwrap();
        assert_eq!(last.note, signed.note);
        let proof = restored
            .prove(world.patient, newest)
            .await
            .unwrap()
            .unwrap();
        assert!(proof.position >= scheduled.size);
        assert_eq!(proof.checkpoint.note, signed.note);
        // What was printed is what the restored ledger is held against.
        let kept = Expected {
            key: None,
            checkpoints: vec![signed.note],
        };
        let report = restored.verify_against(&kept, |_, _| ()).await.unwrap();
        assert_eq!(report.faults, vec![]);
    }
}

/// What others write meanwhile is in it whole or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_one_instant_while_others_write() {
    for temp in TempStore::everywhere().await {
        let world = Arc::new(filled(temp).await);
        let writing = tokio::spawn({
            let world = Arc::clone(&world);
            async move {
                loop {
                    let consent = world.consent(LabelSet::of([Label::Opioids]), world.in_a_year());
                    let document = store::testing::document();
                    let stamp = world.as_subject().1;
                    world
                        .store()
                        .sign_consent(&stamp, consent, document)
                        .await
                        .unwrap();
                }
            }
        });
        for _ in 0..5 {
            let bytes = backup_of(&world).await;
            let (_folder, file) = new_file();
            let (restored, _) = put_back(&world, &bytes, &file, 7).await.unwrap();
            let consents = restored.consents(world.patient).await.unwrap().len();
            let signed = restored
                .history(
                    world.patient,
                    HistoryQuery {
                        limit: 10_000,
                        ..HistoryQuery::default()
                    },
                )
                .await
                .unwrap()
                .iter()
                .filter(|entry| matches!(entry.body.event, Event::ConsentSigned { .. }))
                .count();
            assert_eq!(consents, signed);
        }
        writing.abort();
    }
}

#[tokio::test]
async fn another_key_opens_nothing() {
    let world = filled(TempStore::new().await).await;
    let bytes = backup_of(&world).await;
    let (folder, file) = new_file();
    let refused = put_back(&world, &bytes, &file, 8).await;
    assert!(matches!(refused, Err(BackupError::WrongKey)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Each byte counts: changed, cut off anywhere, or with chunks left out or in another order, nothing comes back.
#[tokio::test]
async fn a_damaged_one_does_not_come_back() {
    let world = filled(TempStore::new().await).await;
    // More than a chunk, so that there are several.
    for number in 0..40 {
        let id = uuid::Uuid::from_u128(number);
        let account = domain::id::AccountId(uuid::Uuid::from_u128(9));
        let words = "x".repeat(20_000);
        world
            .store()
            .save_draft(account, id, "words", &words)
            .await
            .unwrap();
    }
    let bytes = backup_of(&world).await;
    let mut header = bytes.as_slice();
    store::backup::read_header(&mut header).unwrap();
    let first = bytes.len() - header.len();
    let length = usize::try_from(u32::from_be_bytes(
        bytes[first..first + 4].try_into().unwrap(),
    ))
    .unwrap();
    let second = first + 4 + length;
    assert!(second < bytes.len(), "there are several chunks");
    let mut damaged: Vec<(String, Vec<u8>)> = Vec::new();
    for place in (0..bytes.len())
        .step_by(bytes.len() / 20)
        .chain([20, 60, 120, first, first + 5])
    {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        damaged.push((format!("byte {place} changed"), changed));
    }
    for length in [0, 5, first, first + 4, second - 1, second, bytes.len() - 1] {
        damaged.push((format!("cut off at {length}"), bytes[..length].to_vec()));
    }
    damaged.push((
        "the first chunk left out".into(),
        [&bytes[..first], &bytes[second..]].concat(),
    ));
    let twice = [&bytes[..second], &bytes[first..]].concat();
    damaged.push(("the first chunk twice".into(), twice));
    damaged.push((
        "more at the end".into(),
        [&bytes, &bytes[first..second]].concat(),
    ));
    for (what, bytes) in damaged {
        let (_folder, file) = new_file();
        let came = put_back(&world, &bytes, &file, 7).await;
        assert!(
            matches!(
                came,
                Err(BackupError::NotABackup
                    | BackupError::Damaged
                    | BackupError::OtherVersion
                    | BackupError::WrongKey)
            ),
            "{what}: {:?}",
            came.map(|_| "it came back")
        );
    }
}

/// The ledger is checked before anybody can serve from it.
#[tokio::test]
async fn a_ledger_that_is_not_whole_does_not_come_back() {
    let world = filled(TempStore::new().await).await;
    let connection = Database::connect(world.temp.url()).await.unwrap();
    connection
        .execute_unprepared("DELETE FROM ledger_entries WHERE seq = 2")
        .await
        .unwrap();
    let bytes = backup_of(&world).await;
    let (_folder, file) = new_file();
    let refused = put_back(&world, &bytes, &file, 7).await;
    assert!(matches!(refused, Err(BackupError::Unsound(_))));
}

/// A table that is not in backups would be empty after the way back.
#[tokio::test]
async fn every_table_is_in_it() {
    let temp = TempStore::on_a_file().await;
    let connection = Database::connect(temp.url()).await.unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let schema: BTreeSet<String> = connection
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await
        .unwrap()
        .iter()
        .map(|row| row.try_get("", "name").unwrap())
        .filter(|name| name != "seaql_migrations")
        .collect();
    let known: BTreeSet<String> = store::backup::tables()
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(schema, known, "entities.rs `every_table`");
}
