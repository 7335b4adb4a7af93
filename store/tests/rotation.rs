//! Keys are changed while the portal serves, nothing is lost on the way, and what was there before opens nothing after
//! (164.312(a)(2)(iv); LAW F1). On SQLite, and on PostgreSQL where `CONFIDE_TEST_POSTGRES` names one.

use crate::world::World;
use core::time::Duration;
use domain::label::{Label, LabelSet};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::rotation::DataProgress;
use store::testing::{MemoryKey, TempStore};
use store::{Chain, DiscloseError, Error, Event, HistoryQuery, Stamp, Store};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::SessionStore as _;

/// Columns of bytes that hold no ciphertext of a data key: keyed hashes, digests, wrapped keys, and the ledger's bodies,
/// which stay as they are.
const NOT_SEALED: &[(&str, &str)] = &[
    ("account_persons", "account"),
    ("account_persons", "person"),
    ("accounts", "person"),
    ("accounts", "sign_in"),
    ("assignments", "id"),
    ("attempts", "key"),
    ("checkpoints", "key"),
    ("contacts", "account"),
    ("contents", "digest"),
    ("contents", "url_digest"),
    ("devices", "account"),
    ("directory", "digest"),
    ("directory", "reference"),
    ("directory_names", "name"),
    ("directory_names", "reference"),
    ("emergency_queue", "emergency"),
    ("emergency_queue", "queue"),
    ("invitations", "code"),
    ("invitations", "person"),
    ("items", "facts_digest"),
    ("items", "identity"),
    ("ledger_entries", "body"),
    ("ledger_entries", "hash"),
    ("ledger_entries", "prev"),
    ("ledger_heads", "hash"),
    ("log_tiles", "hashes"),
    ("organizations", "npi"),
    ("organizations", "reference"),
    ("patients", "born"),
    ("patients", "data_key"),
    ("patients", "identity"),
    ("patients", "other_keys"),
    ("patients", "subject"),
    ("people", "reference"),
    ("proxy_applications", "applicant"),
    ("reach", "party"),
    ("recovery_cases", "account"),
    ("restriction_requests", "queue"),
    ("review_queue", "item"),
    ("review_queue", "queue"),
    ("review_queue", "record"),
    ("sealed_keys", "other_keys"),
    ("sealed_keys", "wrapped"),
    ("sessions", "account"),
    ("sessions", "id"),
];

async fn connect(temp: &TempStore) -> sea_orm::DatabaseConnection {
    Database::connect(temp.url()).await.unwrap()
}

/// Every column of bytes of the schema, by table. Ids of PostgreSQL's and SQLite's are apart from them.
async fn columns_of_bytes(temp: &TempStore) -> BTreeSet<(String, String)> {
    let connection = connect(temp).await;
    let sql = "SELECT m.name AS t, c.name AS c, c.type AS k FROM sqlite_master m \
               JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
    let rows = connection
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await
        .unwrap();
    rows.iter()
        .map(|row| {
            let text = |name: &str| row.try_get::<String>("", name).unwrap();
            (text("t"), text("c"), text("k").to_lowercase())
        })
        .filter(|(_, _, kind)| kind == "blob")
        .map(|(table, column, _)| (table, column))
        .collect()
}

/// A column that a rotation forgot could not be read once the old key is gone.
#[tokio::test]
async fn every_sealed_column_is_sealed_anew() {
    let temp = TempStore::on_a_file().await;
    let schema = columns_of_bytes(&temp).await;
    let mut known: BTreeSet<(String, String)> = store::rotation::sealed_columns()
        .iter()
        .chain(NOT_SEALED)
        .map(|(table, column)| ((*table).to_owned(), (*column).to_owned()))
        .collect();
    let forgotten: Vec<_> = schema.difference(&known).collect();
    assert!(
        forgotten.is_empty(),
        "entities.rs `every_table`, or here: {forgotten:?}"
    );
    known.retain(|column| !schema.contains(column));
    assert!(known.is_empty(), "there is no such column: {known:?}");
}

/// What a reader sees, to compare.
async fn seen(store: &Store, world: &World) -> String {
    let chart = store.chart(world.patient).await.unwrap().unwrap();
    assert!(!chart.state.unreadable);
    let consents: Vec<_> = store
        .consents(world.patient)
        .await
        .unwrap()
        .iter()
        .map(|it| (it.consent.id, it.consent.digest()))
        .collect();
    let entries = store
        .history(world.patient, HistoryQuery::default())
        .await
        .unwrap();
    let people = store.all_people().await.unwrap();
    let names: Vec<_> = people.iter().map(|it| it.name.clone()).collect();
    format!(
        "{} {:?} {consents:?} {} {names:?}",
        chart.items.len(),
        store.birth_date(world.patient).await.unwrap(),
        entries.len(),
    )
}

/// A patient with items, a review, a consent with its document, a look, and a person with a name.
async fn fill(world: &World) {
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
    look(store, world).await.unwrap();
}

/// A clinician's look, down to the content.
async fn look(store: &Store, world: &World) -> Result<usize, DiscloseError> {
    let (viewer, stamp) = world.as_clinician();
    let chart = store.chart(world.patient).await?.unwrap();
    assert!(!chart.state.unreadable);
    let (permits, sealed) = world.permits(&viewer, &chart).await;
    assert!(!permits.is_empty());
    let receipt = store.disclose(&stamp, permits, &sealed).await?;
    let count = sealed.len();
    for item in sealed {
        store
            .vault()
            .open(item, &receipt)
            .map_err(DiscloseError::Store)?;
    }
    Ok(count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wrapping_key_changes_in_two_steps() {
    for temp in TempStore::everywhere().await {
        let world = World::on(temp, 3).await;
        fill(&world).await;
        let before = seen(world.store(), &world).await;
        let new = MemoryKey::new(8);
        let done = world
            .store()
            .wrap_also_by(&Stamp::SYSTEM, &new, |_| ())
            .await
            .unwrap();
        assert_eq!((done.house, done.patients), (3, 1));
        // Processes with either key read all, those that were there before too.
        let changed = world.temp.reopen(8).await.unwrap();
        assert_eq!(seen(&changed, &world).await, before);
        assert_eq!(seen(world.store(), &world).await, before);
        let status = changed.key_status().await.unwrap();
        assert!(status.has_other_wrappings());
        assert_eq!(status.patients_wrapped_by.len(), 2);
        // Again: nothing is left to do, and nothing is logged.
        let again = world
            .store()
            .wrap_also_by(&Stamp::SYSTEM, &new, |_| ())
            .await;
        let again = again.unwrap();
        assert_eq!((again.house, again.patients), (0, 0));
        // New data keys wait until this is over.
        let refused = changed
            .rotate_data_keys(&Stamp::SYSTEM, Duration::ZERO, |_| ())
            .await;
        assert!(matches!(refused, Err(Error::NotFinished)));
        let done = changed.drop_other_wrappings(&Stamp::SYSTEM, |_| ()).await;
        assert_eq!(done.unwrap().patients, 1);
        assert!(matches!(world.temp.reopen(7).await, Err(Error::WrongKey)));
        let changed = world.temp.reopen(8).await.unwrap();
        assert_eq!(seen(&changed, &world).await, before);
        let status = changed.key_status().await.unwrap();
        assert!(!status.has_other_wrappings());
        assert_eq!(status.patients_wrapped_by.get(&status.key), Some(&1));
        assert!(changed.verify(|_, _| ()).await.unwrap().is_sound());
    }
}

/// A patient who came from a process that had the old key only must not be lost with it.
#[tokio::test]
async fn nothing_is_dropped_that_the_new_key_does_not_wrap() {
    let world = World::new().await;
    let new = MemoryKey::new(8);
    world
        .store()
        .wrap_also_by(&Stamp::SYSTEM, &new, |_| ())
        .await
        .unwrap();
    let changed = world.temp.reopen(8).await.unwrap();
    let mut import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
    let (late, _) = import.patient("Patient/2").await.unwrap();
    import.commit(store::ImportCounts::default()).await.unwrap();
    let refused = changed.drop_other_wrappings(&Stamp::SYSTEM, |_| ()).await;
    assert!(matches!(refused, Err(Error::NotYetWrapped)));
    assert!(world.temp.reopen(7).await.is_ok(), "nothing was dropped");
    world
        .store()
        .wrap_also_by(&Stamp::SYSTEM, &new, |_| ())
        .await
        .unwrap();
    changed
        .drop_other_wrappings(&Stamp::SYSTEM, |_| ())
        .await
        .unwrap();
    assert!(changed.policy_state(late).await.unwrap().is_some());
}

async fn contents(temp: &TempStore) -> Vec<(Vec<u8>, Vec<u8>)> {
    let connection = connect(temp).await;
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT digest, content FROM contents ORDER BY item",
    );
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            let bytes = |name: &str| row.try_get::<Vec<u8>>("", name).unwrap();
            (bytes("digest"), bytes("content"))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_keys_rotate_and_the_ledger_stays() {
    for temp in TempStore::everywhere().await {
        let world = World::on(temp, 3).await;
        fill(&world).await;
        let before = seen(world.store(), &world).await;
        let sealed_before = contents(&world.temp).await;
        let epoch = world.chart().await.state.epoch;
        for version in 2..4 {
            let mut steps = Vec::new();
            let done = world
                .store()
                .rotate_data_keys(&Stamp::SYSTEM, Duration::ZERO, |step| steps.push(step))
                .await;
            assert_eq!(done.unwrap(), 1);
            assert!(steps.contains(&DataProgress::Patients(1, 1)));
            let status = world.store().key_status().await.unwrap();
            assert_eq!(status.rotation, None);
            assert_eq!(status.patients_by_version.get(&version), Some(&1));
            assert_eq!(status.kept_for_ledger, u64::from(version) - 1);
            assert_eq!(status.house[0].version, version);
            for (_, sealed) in contents(&world.temp).await {
                assert_eq!(sealed[1..5], version.to_be_bytes());
            }
        }
        // Whoever decided on what was read before decides again.
        assert_eq!(world.chart().await.state.epoch, epoch + 2);
        assert_eq!(seen(world.store(), &world).await, before);
        let other = world.temp.reopen(7).await.unwrap();
        assert_eq!(seen(&other, &world).await, before);
        assert!(look(&other, &world).await.unwrap() > 0);
        // The ledger has entries of three versions, and is whole with keys and without.
        let report = other.verify(|_, _| ()).await.unwrap();
        assert_eq!(report.faults, vec![]);
        assert!(other.verify_integrity(|_, _| ()).await.unwrap().is_sound());
        let house = other
            .entries(Chain::House, HistoryQuery::default())
            .await
            .unwrap();
        let rotated = |event: &Event| matches!(event, Event::DataKeysRotated { patients: 1 });
        assert_eq!(house.iter().filter(|it| rotated(&it.body.event)).count(), 2);
        // An old ciphertext put back in its own place opens nothing.
        let connection = connect(&world.temp).await;
        let backend = connection.get_database_backend();
        for (digest, sealed) in sealed_before {
            let sql = match backend {
                DbBackend::Sqlite => "UPDATE contents SET content = ? WHERE digest = ?",
                _ => "UPDATE contents SET content = $1 WHERE digest = $2",
            };
            let values = [sealed.into(), digest.into()];
            connection
                .execute_raw(Statement::from_sql_and_values(backend, sql, values))
                .await
                .unwrap();
        }
        let refused = look(&other, &world).await;
        assert!(matches!(
            refused,
            Err(DiscloseError::Store(Error::Row { .. }))
        ));
    }
}

/// Readers, writers and an importer go on meanwhile, in another process (another store with keys of its own in memory):
/// nobody meets an error, nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_go_on_meanwhile() {
    for temp in TempStore::everywhere().await {
        let world = Arc::new(World::on(temp, 3).await);
        fill(&world).await;
        let other = world
            .temp
            .reopen_with(Arc::new(MemoryKey::new(7)), 3)
            .await
            .unwrap();
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let running = |stop: &Arc<std::sync::atomic::AtomicBool>| {
            !stop.load(std::sync::atomic::Ordering::Relaxed)
        };
        let refreshing = tokio::spawn({
            let (other, stop) = (other.clone(), Arc::clone(&stop));
            async move {
                while running(&stop) {
                    other.refresh_keys().await.unwrap();
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
        });
        let reading = tokio::spawn({
            let (other, world, stop) = (other.clone(), Arc::clone(&world), Arc::clone(&stop));
            async move {
                let mut looks = 0_u32;
                while running(&stop) {
                    match look(&other, &world).await {
                        Ok(_) => looks += 1,
                        Err(DiscloseError::Stale) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
                looks
            }
        });
        let writing = tokio::spawn({
            let (other, world, stop) = (other.clone(), Arc::clone(&world), Arc::clone(&stop));
            async move {
                let mut drafts = 0_u32;
                while running(&stop) {
                    let id = uuid::Uuid::from_u128(u128::from(drafts));
                    let account = domain::id::AccountId(uuid::Uuid::from_u128(9));
                    other
                        .save_draft(account, id, "words", &drafts)
                        .await
                        .unwrap();
                    let consent = world.consent(LabelSet::of([Label::Opioids]), world.in_a_year());
                    let document = store::testing::document();
                    let stamp = world.as_subject().1;
                    other.sign_consent(&stamp, consent, document).await.unwrap();
                    drafts += 1;
                    // Each moves the epoch: leave time for a look between two.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                drafts
            }
        });
        for _ in 0..2 {
            world
                .store()
                .rotate_data_keys(&Stamp::SYSTEM, Duration::from_millis(1_500), |_| ())
                .await
                .unwrap();
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        refreshing.await.unwrap();
        assert!(reading.await.unwrap() > 0);
        let drafts = writing.await.unwrap();
        let fresh = world.temp.reopen(7).await.unwrap();
        for number in 0..drafts {
            let id = uuid::Uuid::from_u128(u128::from(number));
            let account = domain::id::AccountId(uuid::Uuid::from_u128(9));
            let draft: Option<u32> = fresh.load_draft(account, id, "words").await.unwrap();
            assert_eq!(draft, Some(number));
        }
        let consents = fresh.consents(world.patient).await.unwrap();
        assert_eq!(consents.len(), usize::try_from(drafts).unwrap() + 1);
        assert_eq!(fresh.verify(|_, _| ()).await.unwrap().faults, vec![]);
    }
}

/// A process that has not looked at the house's key since another rotated it signs nobody out: whatever waits for no pause.
#[tokio::test]
async fn sessions_stay_when_another_process_rotates() {
    for temp in TempStore::everywhere().await {
        let world = World::on(temp, 3).await;
        let mut record = Record {
            id: Id(77),
            data: [("purpose".to_owned(), "treatment".into())].into(),
            expiry_date: time::OffsetDateTime::from_unix_timestamp(4_000_000_000).unwrap(),
        };
        world.store().sessions().create(&mut record).await.unwrap();
        let other = world
            .temp
            .reopen_with(Arc::new(MemoryKey::new(7)), 3)
            .await
            .unwrap();
        other
            .rotate_data_keys(&Stamp::SYSTEM, Duration::ZERO, |_| ())
            .await
            .unwrap();
        let here = world.store().sessions().load(&record.id).await.unwrap();
        assert_eq!(here.unwrap().data, record.data);
        // Who came with the session reads on, with the key as it is now.
        assert!(!seen(world.store(), &world).await.is_empty());
    }
}

/// Broken off at any of its steps, it goes on there. (A process that is really killed: server/tests/keys.rs.)
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_on_where_it_was_broken_off() {
    let world = World::new().await;
    fill(&world).await;
    let before = seen(world.store(), &world).await;
    let rotate = world
        .store()
        .rotate_data_keys(&Stamp::SYSTEM, Duration::from_mins(1), |_| ());
    let broken_off = tokio::time::timeout(Duration::from_millis(500), rotate).await;
    assert!(broken_off.is_err());
    let status = world.store().key_status().await.unwrap();
    let rotation = status.rotation.expect("it is under way");
    assert_eq!((rotation.announcing, rotation.patients_waiting), (false, 1));
    assert_eq!(seen(world.store(), &world).await, before);
    let other = world.temp.reopen(7).await.unwrap();
    let done = other
        .rotate_data_keys(&Stamp::SYSTEM, Duration::ZERO, |_| ())
        .await;
    assert_eq!(done.unwrap(), 1);
    let status = other.key_status().await.unwrap();
    assert_eq!((status.rotation, status.kept_for_ledger), (None, 1));
    assert_eq!(status.patients_by_version.get(&2), Some(&1));
    assert_eq!(seen(&other, &world).await, before);
}
