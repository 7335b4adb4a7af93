//! For tests of this crate and of those above: a clock to turn, entropy that repeats, a key in memory, a store in a
//! temporary folder. Behind the feature `testing`; no release has it.
#![allow(clippy::expect_used, clippy::missing_panics_doc, clippy::unwrap_used)]

mod contents;
mod postgres;

pub use contents::contents;
pub use postgres::TempDatabase;

use crate::entities::ledger_entries;
use crate::entropy::Entropy;
use crate::error::Error;
use crate::keys::{KeyError, KeyProvider, WrappingKey};
use crate::ledger::{Chain, entry_hash, new_head};
use crate::opening::{Options, Store};
use chrono::{DateTime, TimeDelta};
use domain::clock::{Clock, Instant};
use domain::consent::Document;
use domain::id::PatientId;
use sea_orm::{ActiveValue::Set, EntityTrait};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A clock that stands still until it is turned.
#[derive(Debug)]
pub struct TestClock(Mutex<Instant>);

impl TestClock {
    /// Stands at 2026-11-22, noon UTC.
    pub fn new() -> Self {
        Self::at(DateTime::from_timestamp(1_795_348_800, 0).expect("a valid instant"))
    }

    /// Stands at that instant.
    pub const fn at(instant: Instant) -> Self {
        Self(Mutex::new(instant))
    }

    /// Turns it forward, or back.
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now += by;
    }

    /// Turns it to an instant.
    pub fn set(&self, to: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes that look random and are the same in every run.
#[derive(Debug)]
pub struct TestEntropy {
    seed: u64,
    drawn: Mutex<u64>,
}

impl TestEntropy {
    /// Of that seed.
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            drawn: Mutex::new(0),
        }
    }
}

impl Entropy for TestEntropy {
    fn fill(&self, to: &mut [u8]) {
        for chunk in to.chunks_mut(32) {
            let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
            *drawn += 1;
            let mut hash = Sha256::new();
            hash.update(self.seed.to_be_bytes());
            hash.update(drawn.to_be_bytes());
            for (to, from) in chunk.iter_mut().zip(hash.finalize()) {
                *to = from;
            }
        }
    }
}

/// A wrapping key made from a number.
#[derive(Debug)]
pub struct MemoryKey(WrappingKey);

impl MemoryKey {
    /// The key of that number.
    pub fn new(number: u8) -> Self {
        Self(WrappingKey::new(&Zeroizing::new([number; 32])))
    }
}

impl KeyProvider for MemoryKey {
    fn id(&self) -> String {
        self.0.id()
    }

    fn kind(&self) -> &'static str {
        "memory"
    }

    fn wrap(&self, key: &[u8; 32], aad: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, KeyError> {
        self.0.wrap(key, aad, entropy)
    }

    fn unwrap(&self, wrapped: &[u8], aad: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.0.unwrap(wrapped, aad)
    }
}

/// The patients' data keys, to look for them where they must not be.
pub async fn patient_keys(store: &Store) -> Vec<[u8; 32]> {
    use sea_orm::EntityTrait;
    let rows = crate::entities::patients::Entity::find()
        .all(store.read())
        .await
        .expect("the patients");
    rows.iter()
        .filter_map(|row| crate::unit::key_versions(row).expect("keys"))
        .map(|keys| {
            let aad = keys.owner.place(keys.version);
            let key = keys.wrapped.unwrap(&aad, store.provider().as_ref());
            *key.expect("the wrapping key opens it")
        })
        .collect()
}

/// How many transactions committed the entries that were written together.
pub fn commits(store: &Store) -> u64 {
    store.group().commits()
}

/// A document to keep a consent as.
pub fn document() -> Document {
    Document {
        language: "en-US".to_owned(),
        title: "Consent".to_owned(),
        answers: Vec::new(),
        statements_title: "Statements".to_owned(),
        statements: Vec::new(),
        elements_title: "Elements".to_owned(),
        elements: Vec::new(),
        signature: Vec::new(),
    }
}

/// A store in a folder that goes away with it.
pub struct TempStore {
    /// The store.
    pub store: Store,
    /// Its clock.
    pub clock: Arc<TestClock>,
    url: String,
    folder: TempDir,
    _database: Option<TempDatabase>,
}

impl TempStore {
    /// A fresh store: on SQLite, or on PostgreSQL where `CONFIDE_TEST_DATABASE` chose it.
    pub async fn new() -> Self {
        match TempDatabase::if_chosen().await {
            Some(database) => Self::within(database).await,
            None => Self::on_a_file().await,
        }
    }

    /// A fresh store on SQLite: for tests about its file, and about SQLite itself.
    pub async fn on_a_file() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        Self::of(url, folder, None).await
    }

    /// A store at that address.
    pub async fn at(url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::of(url.to_owned(), folder, None).await
    }

    /// A fresh store in a PostgreSQL database of its own, made beside the one that `CONFIDE_TEST_POSTGRES` names; `None`
    /// where it names none.
    pub async fn on_postgres() -> Option<Self> {
        Some(Self::within(TempDatabase::empty().await?).await)
    }

    /// A fresh store in each kind of database there is here.
    pub async fn everywhere() -> Vec<Self> {
        let mut all = vec![Self::on_a_file().await];
        all.extend(Self::on_postgres().await);
        all
    }

    async fn within(database: TempDatabase) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::of(database.url().to_owned(), folder, Some(database)).await
    }

    async fn of(url: String, folder: TempDir, database: Option<TempDatabase>) -> Self {
        let clock = Arc::new(TestClock::new());
        let store = open_at(&url, 7, Arc::clone(&clock), 1)
            .await
            .expect("a store opens");
        Self {
            store,
            clock,
            url,
            folder,
            _database: database,
        }
    }

    /// Opens the same database again with the key of that number, as another process would.
    pub async fn reopen(&self, key: u8) -> Result<Store, Error> {
        open_at(&self.url, key, Arc::clone(&self.clock), 2).await
    }

    /// Opens the same database again with any key, and randomness of that seed.
    pub async fn reopen_with(&self, key: Arc<dyn KeyProvider>, seed: u64) -> Result<Store, Error> {
        let clock = Arc::clone(&self.clock);
        let entropy = Arc::new(TestEntropy::new(seed));
        Store::open(Options::new(self.url.clone()), key, clock, entropy).await
    }

    /// The database's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database file of a store that is on one.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl core::fmt::Debug for TempStore {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("TempStore")
    }
}

/// Fills the ledger with chains that are linked as real ones are; bodies are bytes of the usual length and open nowhere.
pub async fn fill_ledger(store: &Store, chains: u64, entries_each: u64) {
    const BODY: usize = 700;
    for chain in 1..=chains {
        let chain = Chain::Patient(PatientId(Uuid::from_u128((u128::from(chain) << 64) | 1)));
        let transaction = store.begin().await.expect("a transaction");
        let mut head = new_head(&transaction, chain).await.expect("a head");
        let mut rows = Vec::new();
        for seq in 1..=entries_each {
            let mut body = vec![0; BODY];
            store.entropy().fill(&mut body);
            let hash = entry_hash(chain, seq, &head.hash, &body);
            rows.push(ledger_entries::ActiveModel {
                chain: Set(chain.id()),
                seq: Set(i64::try_from(seq).expect("a small number")),
                prev: Set(core::mem::replace(&mut head.hash, hash.clone())),
                hash: Set(hash),
                body: Set(body),
            });
        }
        head.seq = entries_each;
        for rows in rows.chunks(500) {
            ledger_entries::Entity::insert_many(rows.iter().cloned())
                .exec_without_returning(&transaction)
                .await
                .expect("the entries");
        }
        head.save(&transaction).await.expect("the head");
        transaction.commit().await.expect("all of it");
    }
}

async fn open_at(url: &str, key: u8, clock: Arc<TestClock>, seed: u64) -> Result<Store, Error> {
    Store::open(
        Options::new(url),
        Arc::new(MemoryKey::new(key)),
        clock,
        Arc::new(TestEntropy::new(seed)),
    )
    .await
}
