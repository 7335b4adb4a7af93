//! Opening the store: connections, schema, keys.

use crate::entities::{ledger_heads, sealed_keys};
use crate::entropy::{Entropy, random};
use crate::error::Error;
use crate::keys::{KeyError, KeyProvider};
use crate::ledger::{Chain, new_head};
use crate::seal::{DataKey, IndexKey, Place};
use crate::signing::{PublicKey, Signer};
use core::fmt;
use core::time::Duration;
use domain::clock::Clock;
use migrations::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ActiveValue::Set, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbBackend, EntityTrait, PaginatorTrait, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Where the database is and how many connections it may use.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:///path/to/file.db` (made when missing) or `postgres://…`. May hold a password: never printed.
    pub database_url: String,
    /// Connections for reading.
    pub readers: u32,
    /// How long to wait for a connection or a lock.
    pub patience: Duration,
}

impl Options {
    /// Usual settings for this database.
    pub fn new(database_url: impl Into<String>) -> Self {
        Self {
            database_url: database_url.into(),
            readers: 8,
            patience: Duration::from_mins(1),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("readers", &self.readers)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

/// The store. Clones share everything.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    read: DatabaseConnection,
    write: DatabaseConnection,
    house: Arc<DataKey>,
    index: IndexKey,
    signer: Signer,
    provider: Arc<dyn KeyProvider>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store([redacted])")
    }
}

impl Store {
    /// Connects, brings the schema up to date, and loads the wrapped keys or makes them on first run.
    ///
    /// # Errors
    /// [`Error::WrongKey`] when the database was made with another key: found before anything is written.
    /// [`Error::KeysMissing`] when the database holds a ledger but no keys.
    pub async fn open(
        options: Options,
        key: Arc<dyn KeyProvider>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        let write = connect(&options, 1, false).await?;
        // Before the schema moves: a wrong key must leave no trace.
        if SchemaManager::new(&write).has_table("sealed_keys").await? {
            load_keys(&write, key.as_ref()).await?;
        }
        Migrator::up(&write, None).await?;
        let keys = match load_keys(&write, key.as_ref()).await? {
            Some(keys) => keys,
            None => make_keys(&write, key.as_ref(), entropy.as_ref()).await?,
        };
        let signer = signing_key(&write, key.as_ref(), entropy.as_ref()).await?;
        let (read, write) = if write.get_database_backend() == DbBackend::Sqlite {
            (connect(&options, options.readers, true).await?, write)
        } else {
            let pool = connect(&options, options.readers, false).await?;
            (pool.clone(), pool)
        };
        Ok(Self::of(read, write, keys, signer, (key, clock, entropy)))
    }

    /// Opens a database to look at it: nothing is written to it, and its schema stays. Whatever would write fails.
    ///
    /// # Errors
    /// As [`Store::open`], and [`Error::OlderSchema`].
    pub async fn open_to_read(
        options: &Options,
        key: Arc<dyn KeyProvider>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        let read = connect_to_copy(options).await?;
        let keys = load_keys(&read, key.as_ref())
            .await?
            .ok_or(Error::KeysMissing)?;
        let seed = load_key(&read, key.as_ref(), SIGNING)
            .await?
            .ok_or(Error::KeysMissing)?;
        let signer = Signer::new(&seed);
        Ok(Self::of(
            read.clone(),
            read,
            keys,
            signer,
            (key, clock, entropy),
        ))
    }

    fn of(
        read: DatabaseConnection,
        write: DatabaseConnection,
        keys: HouseKeys,
        signer: Signer,
        (provider, clock, entropy): (Arc<dyn KeyProvider>, Arc<dyn Clock>, Arc<dyn Entropy>),
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                read,
                write,
                house: Arc::new(DataKey::new(&keys.house, 1)),
                index: IndexKey::new(keys.index),
                signer,
                provider,
                clock,
                entropy,
            }),
        }
    }

    /// The clock everything here goes by.
    pub fn clock(&self) -> &dyn Clock {
        self.inner.clock.as_ref()
    }

    /// Where randomness comes from.
    pub fn entropy(&self) -> &dyn Entropy {
        self.inner.entropy.as_ref()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.inner.read.ping().await?;
        Ok(())
    }

    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    pub(crate) fn house(&self) -> &Arc<DataKey> {
        &self.inner.house
    }

    pub(crate) fn index(&self) -> &IndexKey {
        &self.inner.index
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.inner.signer
    }

    /// The public half of the key that the server signs with.
    pub fn public_key(&self) -> PublicKey {
        self.signer().public()
    }

    pub(crate) fn provider(&self) -> &dyn KeyProvider {
        self.inner.provider.as_ref()
    }

    /// Begins to write. On SQLite the write lock is taken at once: a transaction that read first and wrote later
    /// would fail as soon as another wrote in between.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        begin(&self.inner.write).await
    }
}

async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    let options = TransactionOptions {
        sqlite_transaction_mode: sqlite.then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(connection.begin_with_options(options).await?)
}

async fn connect(
    options: &Options,
    connections: u32,
    only_reads: bool,
) -> Result<DatabaseConnection, Error> {
    let patience = options.patience;
    let mut connect = ConnectOptions::new(options.database_url.clone());
    connect
        .max_connections(connections.max(1))
        .acquire_timeout(patience)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(patience);
            if only_reads {
                sqlite.pragma("query_only", "ON")
            } else {
                sqlite
            }
        });
    // The library's own message would repeat the address, password and all.
    Database::connect(connect).await.map_err(|_| Error::Connect)
}

/// Connects to a database that is only looked at. An SQLite file is opened read-only.
pub(crate) async fn connect_to_copy(options: &Options) -> Result<DatabaseConnection, Error> {
    let patience = options.patience;
    let mut connect = ConnectOptions::new(options.database_url.clone());
    connect
        .max_connections(options.readers.max(1))
        .acquire_timeout(patience)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(false)
                .read_only(true)
                .busy_timeout(patience)
                .row_buffer_size(ROWS_AHEAD)
        });
    let read = Database::connect(connect)
        .await
        .map_err(|_| Error::Connect)?;
    if !SchemaManager::new(&read).has_table("checkpoints").await? {
        return Err(Error::OlderSchema);
    }
    Ok(read)
}

/// How many rows the database's thread may be ahead of who reads them.
const ROWS_AHEAD: usize = 1_000;

struct HouseKeys {
    house: Zeroizing<[u8; 32]>,
    index: Zeroizing<[u8; 32]>,
}

const HOUSE: &str = "house";
const INDEX: &str = "index";
pub(crate) const SIGNING: &str = "signing";

fn place_of(name: &'static str) -> Place<'static> {
    Place {
        table: "sealed_keys",
        row: name.as_bytes(),
        patient: None,
        field: "wrapped",
    }
}

async fn load_keys(
    connection: &DatabaseConnection,
    provider: &dyn KeyProvider,
) -> Result<Option<HouseKeys>, Error> {
    let house = load_key(connection, provider, HOUSE).await?;
    let index = load_key(connection, provider, INDEX).await?;
    match (house, index) {
        (Some(house), Some(index)) => Ok(Some(HouseKeys { house, index })),
        (None, None) => Ok(None),
        _ => Err(Error::KeysMissing),
    }
}

async fn load_key<C: ConnectionTrait>(
    connection: &C,
    provider: &dyn KeyProvider,
    name: &'static str,
) -> Result<Option<Zeroizing<[u8; 32]>>, Error> {
    let Some(row) = sealed_keys::Entity::find_by_id(name.to_owned())
        .one(connection)
        .await?
    else {
        return Ok(None);
    };
    match provider.unwrap(&row.wrapped, &place_of(name).bytes()) {
        Ok(key) => Ok(Some(key)),
        Err(KeyError::Wrong) => Err(Error::WrongKey),
        Err(other) => Err(other.into()),
    }
}

async fn make_keys(
    connection: &DatabaseConnection,
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
) -> Result<HouseKeys, Error> {
    let transaction = begin(connection).await?;
    if ledger_heads::Entity::find().count(&transaction).await? > 0 {
        return Err(Error::KeysMissing);
    }
    let keys = HouseKeys {
        house: Zeroizing::new(random(entropy)),
        index: Zeroizing::new(random(entropy)),
    };
    for (name, key) in [(HOUSE, &keys.house), (INDEX, &keys.index)] {
        keep_key(&transaction, provider, entropy, name, key).await?;
    }
    new_head(&transaction, Chain::House).await?;
    transaction.commit().await?;
    Ok(keys)
}

async fn keep_key(
    transaction: &DatabaseTransaction,
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
    name: &'static str,
    key: &[u8; 32],
) -> Result<(), Error> {
    let wrapped = provider.wrap(key, &place_of(name).bytes(), entropy)?;
    sealed_keys::Entity::insert(sealed_keys::ActiveModel {
        name: Set(name.to_owned()),
        version: Set(1),
        wrapped: Set(wrapped),
    })
    .exec_without_returning(transaction)
    .await?;
    Ok(())
}

/// The key that the server signs with, made where there is none yet.
async fn signing_key(
    connection: &DatabaseConnection,
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
) -> Result<Signer, Error> {
    if let Some(seed) = load_key(connection, provider, SIGNING).await? {
        return Ok(Signer::new(&seed));
    }
    let transaction = begin(connection).await?;
    // Another process may have been quicker.
    let seed = match load_key(&transaction, provider, SIGNING).await? {
        Some(seed) => seed,
        None => {
            let seed = Zeroizing::new(random(entropy));
            keep_key(&transaction, provider, entropy, SIGNING, &seed).await?;
            seed
        }
    };
    transaction.commit().await?;
    Ok(Signer::new(&seed))
}
