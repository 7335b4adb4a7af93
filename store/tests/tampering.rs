//! Whoever may write to the database and has no key can't change the ledger without it being found and named (LAW F3).
//!
//! Every kind of tampering is tried twice where it matters: by somebody careless, and by somebody who makes every hash,
//! link and head fit again. On SQLite always; on PostgreSQL where `CONFIDE_TEST_POSTGRES` names one,
//! each try in a database of its own.

use crate::world::World;
use chrono::TimeDelta;
use domain::id::PersonId;
use domain::label::{Label, LabelSet};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};
use sha2::{Digest, Sha256};
use store::ledger::checkpoint::verifier_key;
use store::testing::{TempStore, fill_ledger};
use store::{
    Chain, Event, Expected, Fault, FaultKind, ImportCounts, KnownKey, LedgerCopy, Options, Stamp,
    VerifyReport,
};
use uuid::Uuid;

/// The tables of the ledger and its log.
const TABLES: [&str; 6] = [
    "ledger_entries",
    "ledger_heads",
    "log_leaves",
    "log_chains",
    "log_tiles",
    "checkpoints",
];

/// A ledger with two patients and two checkpoints, the first kept elsewhere, and somebody at the database.
struct Scene {
    world: World,
    url: String,
    raw: DatabaseConnection,
    /// The other patient's chain.
    other: Uuid,
    kept: String,
}

impl Scene {
    async fn new(temp: TempStore) -> Self {
        let url = temp.url().to_owned();
        let world = World::on(temp, 3).await;
        let other = second_patient(&world).await;
        let labels = LabelSet::of([Label::Opioids, Label::General]);
        let consent = world.consent(labels, world.in_a_year());
        let signer = world.as_subject().1;
        let signed = world
            .store()
            .sign_consent(&signer, consent, store::testing::document());
        signed.await.unwrap();
        look(&world, 3).await;
        let kept = world.store().checkpoint().await.unwrap().unwrap().note;
        look(&world, 3).await;
        world.store().checkpoint().await.unwrap().unwrap();
        let raw = Database::connect(&url).await.unwrap();
        Self {
            world,
            url,
            raw,
            other,
            kept,
        }
    }

    fn patient(&self) -> Uuid {
        self.world.patient.0
    }

    async fn run(&self, sql: &str, values: impl IntoIterator<Item = Value> + Send) {
        let statement =
            Statement::from_sql_and_values(self.raw.get_database_backend(), sql, values);
        let done = self.raw.execute_raw(statement).await.unwrap();
        assert!(
            done.rows_affected() > 0,
            "the tampering hit something: {sql}"
        );
    }

    async fn bytes(&self, column: &str, chain: Uuid, seq: i64) -> Vec<u8> {
        let sql =
            format!("SELECT {column} AS it FROM ledger_entries WHERE chain = $1 AND seq = $2");
        let statement = Statement::from_sql_and_values(
            self.raw.get_database_backend(),
            sql,
            [chain.into(), seq.into()],
        );
        let row = self.raw.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get("", "it").unwrap()
    }

    async fn set(&self, column: &str, chain: Uuid, seq: i64, value: Vec<u8>) {
        let sql = format!("UPDATE ledger_entries SET {column} = $1 WHERE chain = $2 AND seq = $3");
        self.run(&sql, [value.into(), chain.into(), seq.into()])
            .await;
    }

    async fn last(&self, chain: Uuid) -> i64 {
        let statement = Statement::from_sql_and_values(
            self.raw.get_database_backend(),
            "SELECT MAX(seq) AS it FROM ledger_entries WHERE chain = $1",
            [chain.into()],
        );
        let row = self.raw.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get("", "it").unwrap()
    }

    /// Makes every hash and link of a chain fit again, and its head.
    async fn relink(&self, chain: Uuid) {
        let mut before = vec![0; 32];
        let last = self.last(chain).await;
        for seq in 1..=last {
            let body = self.bytes("body", chain, seq).await;
            let mut hash = Sha256::new();
            hash.update(b"confide ledger entry 1\0");
            hash.update(chain.as_bytes());
            hash.update(seq.to_be_bytes());
            hash.update(32_u64.to_be_bytes());
            hash.update(&before);
            hash.update(&body);
            self.set("prev", chain, seq, before).await;
            before = hash.finalize().to_vec();
            self.set("hash", chain, seq, before.clone()).await;
        }
        self.run(
            "UPDATE ledger_heads SET seq = $1, hash = $2 WHERE chain = $3",
            [last.into(), before.into(), chain.into()],
        )
        .await;
    }

    async fn delete(&self, chain: Uuid, seq: i64) {
        self.run(
            "DELETE FROM ledger_entries WHERE chain = $1 AND seq = $2",
            [chain.into(), seq.into()],
        )
        .await;
    }

    async fn number(&self, chain: Uuid, from: i64, to: i64) {
        self.run(
            "UPDATE ledger_entries SET seq = $1 WHERE chain = $2 AND seq = $3",
            [to.into(), chain.into(), from.into()],
        )
        .await;
    }

    /// Swaps the ciphertexts of two rows.
    async fn swap(&self, one: (Uuid, i64), other: (Uuid, i64)) {
        let (first, second) = (
            self.bytes("body", one.0, one.1).await,
            self.bytes("body", other.0, other.1).await,
        );
        self.set("body", one.0, one.1, second).await;
        self.set("body", other.0, other.1, first).await;
    }

    /// Checks with the keys.
    async fn verify(&self) -> VerifyReport {
        self.world.store().verify(|_, _| {}).await.unwrap()
    }

    fn expected(&self, kept: bool) -> Expected {
        Expected {
            key: KnownKey::read(&verifier_key(&self.world.store().public_key())),
            checkpoints: kept.then(|| self.kept.clone()).into_iter().collect(),
        }
    }

    /// Checks a copy with the public key alone.
    async fn look_at_copy(&self, expected: &Expected) -> VerifyReport {
        let copy = LedgerCopy::open(&Options::new(&self.url)).await.unwrap();
        copy.verify(expected, |_, _| {}).await.unwrap()
    }

    /// What is found without keys, and without anything that was kept elsewhere.
    async fn integrity(&self) -> VerifyReport {
        self.look_at_copy(&self.expected(false)).await
    }

    /// Keeps what the tables hold, to come back to it.
    async fn remember(&self) {
        for table in TABLES {
            let sql = format!("CREATE TABLE old_{table} AS SELECT * FROM {table}");
            self.raw.execute_unprepared(&sql).await.unwrap();
        }
    }

    /// Puts the older state in place of the newer.
    async fn go_back(&self) {
        for table in TABLES {
            for sql in [
                format!("DELETE FROM {table}"),
                format!("INSERT INTO {table} SELECT * FROM old_{table}"),
            ] {
                self.raw.execute_unprepared(&sql).await.unwrap();
            }
        }
    }
}

/// Makes an empty schema for one try; its address.
async fn second_patient(world: &World) -> Uuid {
    let mut import = world.store().begin_import(&Stamp::SYSTEM).await.unwrap();
    let (patient, _) = import.patient("Patient/2").await.unwrap();
    let person = PersonId::derived("test", "Patient/2");
    import.set_subject(patient, person, None).await.unwrap();
    import.commit(ImportCounts::default()).await.unwrap();
    for _ in 0..6 {
        let chain = Chain::Patient(patient);
        let event = Event::SignedOut;
        world
            .store()
            .append(&Stamp::SYSTEM, chain, event)
            .await
            .unwrap();
    }
    patient.0
}

async fn look(world: &World, times: usize) {
    let (viewer, stamp) = world.as_clinician();
    for _ in 0..times {
        let chart = world.chart().await;
        let (permits, sealed) = world.permits(&viewer, &chart).await;
        let _receipt = world
            .store()
            .disclose(&stamp, permits, &sealed)
            .await
            .unwrap();
        world.temp.clock.advance(TimeDelta::seconds(5));
    }
}

fn has(report: &VerifyReport, what: FaultKind) -> bool {
    report.faults.iter().any(|fault| fault.what == what)
}

/// That this fault is among those found, and that there is one at that very place.
fn named(report: &VerifyReport, chain: Uuid, seq: i64, what: FaultKind) -> bool {
    let seq = u64::try_from(seq).unwrap();
    report.faults.contains(&Fault { chain, seq, what })
}

macro_rules! tries {
    ($($(#[$doc:meta])* $name:ident($scene:ident) $body:block)*) => {
        $(
            mod $name {
                use super::*;

                async fn on($scene: Scene) $body

                $(#[$doc])*
                #[tokio::test]
                async fn sqlite() {
                    on(Scene::new(TempStore::on_a_file().await).await).await;
                }

                $(#[$doc])*
                #[tokio::test]
                async fn postgres() {
                    if let Some(temp) = TempStore::on_postgres().await {
                        on(Scene::new(temp).await).await;
                    }
                }
            }
        )*
    };
}

tries! {
    /// An honest ledger is sound with keys, without, and against what was kept elsewhere.
    untouched(scene) {
        let full = scene.verify().await;
        assert_eq!(full.faults, vec![]);
        assert_eq!((full.replayed, full.too_old), (6, 0));
        assert_eq!(full.logged, full.entries);
        assert_eq!(full.checkpoints, 2);
        let copy = scene.look_at_copy(&scene.expected(true)).await;
        assert_eq!(copy.faults, vec![]);
        assert_eq!((copy.kept_elsewhere, copy.replayed), (1, 0));
    }

    /// What is sound is found so many entries at a time, and only what stands beside a fault is gone over one by one: in
    /// chains longer and shorter than what is read at once.
    many_at_a_time(scene) {
        const LONG: u64 = 4_500;
        let store = scene.world.store();
        fill_ledger(store, 3, LONG).await;
        store.checkpoint().await.unwrap();
        let sound = scene.integrity().await;
        assert_eq!(sound.faults, vec![]);
        assert_eq!(sound.one_by_one, 0);
        assert!(sound.entries > 3 * LONG && sound.logged == sound.entries);
        let chain = Uuid::from_u128((2 << 64) | 1);
        let mut body = scene.bytes("body", chain, 3_000).await;
        body[0] ^= 1;
        scene.set("body", chain, 3_000, body).await;
        let found = scene.integrity().await;
        let fault = |what| Fault { chain, seq: 3_000, what };
        assert_eq!(found.faults, vec![fault(FaultKind::Hash)]);
        assert_eq!(found.entries, sound.entries);
        assert!(found.one_by_one >= LONG);
        assert!(found.one_by_one < found.entries + found.logged);
    }

    /// LAW F3: a flipped byte, also where hashes and links were made to fit again.
    flipped(scene) {
        let chain = scene.patient();
        let mut body = scene.bytes("body", chain, 4).await;
        *body.last_mut().unwrap() ^= 1;
        scene.set("body", chain, 4, body).await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 4, FaultKind::Hash));
        assert!(named(&scene.verify().await, chain, 4, FaultKind::Body));
        scene.relink(chain).await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 4, FaultKind::Replaced));
        assert!(!has(&found, FaultKind::Hash) && !has(&found, FaultKind::Link));
    }

    /// LAW F3: what stands side by side in a row, cut at another place than it was.
    cut_elsewhere(scene) {
        let chain = scene.patient();
        let prev = scene.bytes("prev", chain, 4).await;
        let hash = scene.bytes("hash", chain, 4).await;
        let (first, rest) = hash.split_at(1);
        scene.set("prev", chain, 4, [prev.as_slice(), first].concat()).await;
        scene.set("hash", chain, 4, rest.to_vec()).await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 4, FaultKind::Link) && named(&found, chain, 4, FaultKind::Hash));
        scene.set("prev", chain, 4, prev).await;
        scene.set("hash", chain, 4, hash.clone()).await;
        assert_eq!(scene.integrity().await.faults, vec![]);
        let body = scene.bytes("body", chain, 4).await;
        let (first, rest) = body.split_at(1);
        scene.set("hash", chain, 4, [hash.as_slice(), first].concat()).await;
        scene.set("body", chain, 4, rest.to_vec()).await;
        assert!(named(&scene.integrity().await, chain, 4, FaultKind::Hash));
        // SQLite keeps text in any column, and counts its letters. The same bytes are the same entry, but not read side by side.
        if scene.raw.get_database_backend() == DbBackend::Sqlite {
            scene.set("hash", chain, 4, hash).await;
            scene.set("body", chain, 4, body).await;
            for column in ["prev", "hash", "body"] {
                let cast = |to: &str| {
                    format!("UPDATE ledger_entries SET {column} = CAST({column} AS {to}) WHERE chain = $1 AND seq = $2")
                };
                scene.run(&cast("TEXT"), [chain.into(), 4_i64.into()]).await;
                assert!(scene.integrity().await.one_by_one > 0, "{column}");
                scene.run(&cast("BLOB"), [chain.into(), 4_i64.into()]).await;
                let sound = scene.integrity().await;
                assert_eq!((sound.faults, sound.one_by_one), (vec![], 0));
            }
        }
    }

    /// LAW F3: an entry that was taken out, also where those after it moved up.
    deleted(scene) {
        let chain = scene.patient();
        let last = scene.last(chain).await;
        scene.delete(chain, 4).await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 5, FaultKind::Gap));
        assert!(named(&found, chain, 4, FaultKind::Missing));
        for seq in 5..=last {
            scene.number(chain, seq, seq - 1).await;
        }
        scene.relink(chain).await;
        let found = scene.integrity().await;
        assert!(!has(&found, FaultKind::Gap));
        assert!(named(&found, chain, 4, FaultKind::Replaced));
        assert!(named(&found, chain, last, FaultKind::Missing));
        assert!(has(&scene.verify().await, FaultKind::Body));
    }

    /// LAW F3: two entries in each other's place.
    reordered(scene) {
        let chain = scene.patient();
        scene.number(chain, 4, 1_000).await;
        scene.number(chain, 5, 4).await;
        scene.number(chain, 1_000, 5).await;
        let found = scene.integrity().await;
        assert!(has(&found, FaultKind::Link) && has(&found, FaultKind::Hash));
        scene.relink(chain).await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 4, FaultKind::Replaced));
        assert!(named(&scene.verify().await, chain, 4, FaultKind::Body));
    }

    /// LAW F3: an entry that nobody wrote, in the middle and at the end.
    inserted(scene) {
        let chain = scene.patient();
        let last = scene.last(chain).await;
        for seq in (4..=last).rev() {
            scene.number(chain, seq, seq + 1).await;
        }
        let insert = "INSERT INTO ledger_entries (chain, seq, prev, hash, body) \
                      SELECT chain, $1, prev, hash, body FROM ledger_entries WHERE chain = $2 AND seq = $3";
        scene.run(insert, [4_i64.into(), chain.into(), 5_i64.into()]).await;
        scene.relink(chain).await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 5, FaultKind::Replaced));
        assert!(named(&scene.verify().await, chain, 5, FaultKind::Body));
    }

    /// An end that nobody wrote has no key's seal: it opens nowhere, whatever its hash says.
    appended(scene) {
        let chain = scene.patient();
        let last = scene.last(chain).await;
        let insert = "INSERT INTO ledger_entries (chain, seq, prev, hash, body) \
                      SELECT chain, $1, prev, hash, body FROM ledger_entries WHERE chain = $2 AND seq = $3";
        scene.run(insert, [(last + 1).into(), chain.into(), last.into()]).await;
        assert!(named(&scene.integrity().await, chain, last + 1, FaultKind::Head));
        scene.relink(chain).await;
        assert!(named(&scene.verify().await, chain, last + 1, FaultKind::Body));
    }

    /// LAW F3: an end that was cut off, also where head, log and checkpoint were cut with it.
    truncated(scene) {
        let chain = scene.patient();
        let last = scene.last(chain).await;
        scene.delete(chain, last).await;
        assert!(named(&scene.integrity().await, chain, last, FaultKind::Head));
        scene.relink(chain).await;
        let found = scene.integrity().await;
        assert!(!has(&found, FaultKind::Head));
        assert!(named(&found, chain, last, FaultKind::Missing));
    }

    /// LAW F3: an older copy in the place of the newer is whole in itself; a checkpoint that was kept elsewhere tells.
    rolled_back(scene) {
        // Everything as it was before the first checkpoint would be: nothing of the log.
        scene.remember().await;
        look(&scene.world, 2).await;
        let newer = scene.world.store().checkpoint().await.unwrap().unwrap();
        scene.go_back().await;
        assert_eq!(scene.integrity().await.faults, vec![]);
        assert_eq!(scene.look_at_copy(&scene.expected(true)).await.faults, vec![]);
        let expected = Expected {
            checkpoints: vec![newer.note.clone()],
            ..scene.expected(true)
        };
        let found = scene.look_at_copy(&expected).await;
        assert_eq!(found.faults.len(), 1);
        assert!(has(&found, FaultKind::Short));
        // It goes on from there, as if nothing had been: the log has that size again, and another root.
        look(&scene.world, 4).await;
        scene.world.store().checkpoint().await.unwrap().unwrap();
        assert_eq!(scene.integrity().await.faults, vec![]);
        let found = scene.look_at_copy(&expected).await;
        assert_eq!(found.faults.len(), 1);
        assert!(has(&found, FaultKind::Rewritten));
        assert_eq!(found.faults[0].seq, newer.checkpoint.size);
    }

    /// LAW F3: a ciphertext in the place of another, of the same patient and of another's.
    swapped(scene) {
        let (chain, other) = (scene.patient(), scene.other);
        scene.swap((chain, 3), (chain, 6)).await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 3, FaultKind::Hash) && named(&found, chain, 6, FaultKind::Hash));
        scene.swap((chain, 3), (chain, 6)).await;
        assert_eq!(scene.verify().await.faults, vec![]);
        scene.swap((chain, 3), (other, 3)).await;
        scene.relink(chain).await;
        scene.relink(other).await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 3, FaultKind::Replaced));
        assert!(named(&found, other, 3, FaultKind::Replaced));
        let found = scene.verify().await;
        assert!(named(&found, chain, 3, FaultKind::Body) && named(&found, other, 3, FaultKind::Body));
    }

    /// LAW F3: a checkpoint with another letter, and one that somebody signed with a key of their own.
    checkpoint_changed(scene) {
        let last = scene.world.store().last_checkpoint().await.unwrap().unwrap();
        let change = "UPDATE checkpoints SET note = $1 WHERE note = $2";
        let before = format!("after {}", last.checkpoint.after);
        let other = last.note.replace(&before, "after 1");
        scene.run(change, [other.clone().into(), last.note.clone().into()]).await;
        let found = scene.integrity().await;
        assert!(found.faults.contains(&Fault {
            chain: Uuid::nil(),
            seq: last.checkpoint.size,
            what: FaultKind::Signature,
        }));
        scene.run(change, [last.note.clone().into(), other.into()]).await;
        assert_eq!(scene.integrity().await.faults, vec![]);
        let theirs = TempStore::at(&format!(
            "sqlite://{}",
            scene.world.temp.folder().join("theirs.db").display()
        ))
        .await;
        theirs.store.append(&Stamp::SYSTEM, Chain::House, Event::SignedOut).await.unwrap();
        let theirs = theirs.store.checkpoint().await.unwrap().unwrap();
        scene
            .run(
                "UPDATE checkpoints SET note = $1, key = $2 WHERE note = $3",
                [theirs.note.into(), theirs.key.0.to_vec().into(), last.note.into()],
            )
            .await;
        assert!(has(&scene.integrity().await, FaultKind::Signature));
        assert!(has(&scene.verify().await, FaultKind::Signature));
    }

    /// LAW F3: a checkpoint that was taken away, the first or the last.
    checkpoint_deleted(scene) {
        let last = scene.world.store().last_checkpoint().await.unwrap().unwrap();
        let first = i64::try_from(last.checkpoint.after).unwrap();
        scene.run("DELETE FROM checkpoints WHERE size = $1", [first.into()]).await;
        let found = scene.integrity().await;
        assert_eq!(found.faults.len(), 1);
        assert!(has(&found, FaultKind::NoCheckpoint));
        assert_eq!(found.faults[0].seq, last.checkpoint.size);
        scene.run("DELETE FROM checkpoints WHERE size > $1", [first.into()]).await;
        assert!(has(&scene.integrity().await, FaultKind::Unsigned));
    }

    /// LAW F3: the log's own rows: a place, a node of the tree, and how far a chain is in it.
    log_changed(scene) {
        let chain = scene.patient();
        let further = "UPDATE log_chains SET seq = seq + $1 WHERE chain = $2";
        scene.run(further, [5_i64.into(), chain.into()]).await;
        assert!(has(&scene.integrity().await, FaultKind::LogChain), "nothing more would be logged");
        scene.run(further, [(-5_i64).into(), chain.into()]).await;
        scene
            .run("UPDATE log_leaves SET seq = 1000 WHERE chain = $1 AND seq = $2", [chain.into(), 4_i64.into()])
            .await;
        let found = scene.integrity().await;
        assert!(named(&found, chain, 1_000, FaultKind::Missing) && has(&found, FaultKind::LogChain));
        scene
            .run("UPDATE log_leaves SET seq = 4 WHERE chain = $1 AND seq = $2", [chain.into(), 1_000_i64.into()])
            .await;
        assert_eq!(scene.integrity().await.faults, vec![]);
        let tile = "UPDATE log_tiles SET hashes = $1 WHERE level = $2 AND number = 0";
        scene.run(tile, [vec![7_u8; 64].into(), 0_i64.into()]).await;
        let found = scene.integrity().await;
        assert!(has(&found, FaultKind::Tile) && !has(&found, FaultKind::Replaced), "the entries are right");
        scene
            .run("DELETE FROM log_leaves WHERE chain = $1 AND seq = $2", [chain.into(), 4_i64.into()])
            .await;
        assert!(has(&scene.integrity().await, FaultKind::LogGap));
    }

    /// A log of many tiles: proofs lead to its roots, and a changed node above the leaves is found.
    long_log(scene) {
        let store = scene.world.store();
        for _ in 0..300 {
            store.append(&Stamp::SYSTEM, Chain::House, Event::SignInFailed).await.unwrap();
        }
        let newest = store.checkpoint().await.unwrap().unwrap();
        let again = store.checkpoint().await.unwrap().unwrap();
        assert_eq!(newest, again, "nothing new, no new checkpoint");
        let old = newest.checkpoint.after;
        let before = store::ledger::checkpoint::Checkpoint::read(&scene.kept, &store.public_key()).unwrap();
        let path = store.prove_consistency(before.size, newest.checkpoint.size).await.unwrap();
        let extends = store::ledger::merkle::extends;
        let new = (&newest.checkpoint.root, newest.checkpoint.size);
        assert!(extends((&before.root, before.size), new, &path));
        assert!(!extends((&before.root, old), new, &path));
        for seq in [1, 4] {
            let proof = store.prove(scene.world.patient, seq).await.unwrap().unwrap();
            let data = store::ledger::leaf_data(scene.patient(), seq, &proof.hash);
            let root = &newest.checkpoint.root;
            let includes = store::ledger::merkle::includes;
            assert!(includes(root, newest.checkpoint.size, proof.position, &data, &proof.path));
            let another = store::ledger::leaf_data(scene.other, seq, &proof.hash);
            assert!(!includes(root, newest.checkpoint.size, proof.position, &another, &proof.path));
        }
        assert!(store.prove(scene.world.patient, 1_000).await.unwrap().is_none());
        assert_eq!(scene.integrity().await.faults, vec![]);
        let tile = "UPDATE log_tiles SET hashes = $1 WHERE level = $2 AND number = 0";
        scene.run(tile, [vec![7_u8; 32].into(), 1_i64.into()]).await;
        assert!(has(&scene.integrity().await, FaultKind::Tile));
    }

    /// A copy is only looked at: nothing in it changes, and a database without a log says so.
    only_looked_at(scene) {
        let copy = scene.integrity().await;
        assert!(copy.is_sound());
        scene.raw.execute_unprepared("DROP TABLE checkpoints").await.unwrap();
        let refused = LedgerCopy::open(&Options::new(&scene.url)).await;
        assert!(matches!(refused, Err(store::Error::OlderSchema)));
    }
}

/// A key that is known only by its fingerprint is enough, another's is not.
#[tokio::test]
async fn a_fingerprint_is_enough() {
    let scene = Scene::new(TempStore::new().await).await;
    let key = scene.world.store().public_key();
    let mut expected = scene.expected(true);
    expected.key = KnownKey::read(&key.fingerprint());
    assert!(expected.key.is_some());
    assert_eq!(scene.look_at_copy(&expected).await.faults, vec![]);
    expected.key = KnownKey::read(&"0".repeat(32));
    assert!(has(
        &scene.look_at_copy(&expected).await,
        FaultKind::Signature
    ));
}
