//! Opening the store: connections, schema, keys.

use crate::changes::Changes;
use crate::entropy::{Entropy, random};
use crate::error::Error;
use crate::house_keys::{self, HouseRow};
use crate::items_at::ItemsAt;
use crate::keys::KeyProvider;
use crate::ledger::Group;
use crate::seal::{DataKey, IndexKey};
use crate::signing::{PublicKey, Signer};
use core::fmt;
use core::time::Duration;
use domain::clock::Clock;
use migrations::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::sqlx::sqlite::{SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection, Executor};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// How long to wait for a connection to a database server: whoever asks for a page learns soon that it is away.
const SERVER_PATIENCE: Duration = Duration::from_secs(5);

/// Where the database is and how many connections it may use.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:///path/to/file.db` (made when missing) or `postgres://…`. May hold a password: never printed.
    pub database_url: String,
    /// Connections for reading.
    pub readers: u32,
    /// How long to wait for a lock; and for a connection, where that is a file's.
    pub patience: Duration,
}

impl Options {
    /// Usual settings for this database.
    pub fn new(database_url: impl Into<String>) -> Self {
        Self {
            database_url: database_url.into(),
            readers: 8,
            patience: Duration::from_secs(20),
        }
    }

    fn is_sqlite(&self) -> bool {
        self.database_url.starts_with("sqlite:")
    }

    /// The file of an SQLite address; `None`: it names none.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let rest = self.database_url.strip_prefix("sqlite:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let path = rest.split_once('?').map_or(rest, |(path, _)| path);
        (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
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
    /// The row that `house` was read from, to see when it changed.
    house_row: Mutex<HouseRow>,
    index: IndexKey,
    signer: Signer,
    provider: Arc<dyn KeyProvider>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    changes: Changes,
    group: Group,
    items: ItemsAt,
    /// Tells this store's changes from those of others.
    origin: u64,
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
        house_keys::refuse_wrong_key(&write, key.as_ref()).await?;
        Migrator::up(&write, None).await?;
        let keys = house_keys::load_or_make(&write, &key, entropy.as_ref()).await?;
        let (read, write) = if write.get_database_backend() == DbBackend::Sqlite {
            (connect(&options, options.readers, true).await?, write)
        } else {
            let pool = connect(&options, options.readers, false).await?;
            (pool.clone(), pool)
        };
        let store = Self::of(read, write, keys, (key, clock, entropy));
        store.fill_births().await?;
        Ok(store)
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
        let keys = house_keys::load(&read, &key).await?;
        Ok(Self::of(read.clone(), read, keys, (key, clock, entropy)))
    }

    fn of(
        read: DatabaseConnection,
        write: DatabaseConnection,
        keys: house_keys::HouseKeys,
        (provider, clock, entropy): (Arc<dyn KeyProvider>, Arc<dyn Clock>, Arc<dyn Entropy>),
    ) -> Self {
        let origin = u64::from_be_bytes(random(entropy.as_ref()));
        Self {
            inner: Arc::new(Inner {
                read,
                write,
                house: Arc::new(keys.house),
                house_row: Mutex::new(keys.house_row),
                index: keys.index,
                signer: keys.signer,
                provider,
                clock,
                entropy,
                changes: Changes::new(),
                group: Group::default(),
                items: ItemsAt::default(),
                origin,
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

    /// Where changes are told and heard.
    pub fn changes(&self) -> &Changes {
        &self.inner.changes
    }

    pub(crate) fn origin(&self) -> u64 {
        self.inner.origin
    }

    /// What waits to be written to the ledger.
    pub(crate) fn group(&self) -> &Group {
        &self.inner.group
    }

    /// Items of records that were looked at lately.
    pub(crate) fn known_items(&self) -> &ItemsAt {
        &self.inner.items
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

    /// The id of the wrapping key.
    pub fn key_id(&self) -> String {
        self.provider().id()
    }

    pub(crate) fn provider(&self) -> &Arc<dyn KeyProvider> {
        &self.inner.provider
    }

    pub(crate) fn house_row(&self) -> &Mutex<HouseRow> {
        &self.inner.house_row
    }

    pub(crate) fn write(&self) -> &DatabaseConnection {
        &self.inner.write
    }

    /// Closes the connections of every clone. What is asked after that fails.
    pub async fn close(self) -> Result<(), Error> {
        self.inner.read.close_by_ref().await?;
        Ok(self.inner.write.close_by_ref().await?)
    }

    /// Begins to write. On SQLite the write lock is taken at once: a transaction that read first and wrote later
    /// would fail as soon as another wrote in between.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        begin(&self.inner.write).await
    }
}

pub(crate) async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    let sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    let options = TransactionOptions {
        sqlite_transaction_mode: sqlite.then_some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(connection.begin_with_options(options).await?)
}

pub(crate) async fn connect(
    options: &Options,
    connections: u32,
    only_reads: bool,
) -> Result<DatabaseConnection, Error> {
    let patience = options.patience;
    let mut connect = ConnectOptions::new(options.database_url.clone());
    connect
        .max_connections(connections.max(1))
        .acquire_timeout(if options.is_sqlite() {
            patience
        } else {
            patience.min(SERVER_PATIENCE)
        })
        // A connection to a server may be gone; one to a file is not, and asking it costs as much as a statement.
        .test_before_acquire(!options.is_sqlite())
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_pool_opts(move |pool| {
            if only_reads {
                return pool;
            }
            pool.after_release(|connection, _| Box::pin(is_out_of_transaction(connection)))
        })
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
                // What is deleted is written over: the wrapped key of a shredded record must not stay in a free page.
                sqlite.pragma("secure_delete", "ON")
            }
        });
    // The library's own message would repeat the address, password and all.
    Database::connect(connect).await.map_err(|_| Error::Connect)
}

/// Whether a connection that comes back has no transaction open; one that has is closed, which rolls it back.
///
/// INVARIANT: a commit that is acknowledged is one of the database's. When a disk is full, SQLite may refuse the commit and
/// the driver fail to roll back; whatever came after would be a savepoint within the transaction that never ended, be
/// "committed" without being written, and be lost. What was shown on it would stand in no ledger.
async fn is_out_of_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // After whatever the transaction that was dropped has asked for. It is refused where there is none, as there should be;
    // done, or refused for anything else, the connection is not one to go on with.
    Ok(match connection.execute("ROLLBACK").await {
        Err(sqlx::Error::Database(error)) => {
            error.message().contains(NO_TRANSACTION) && !connection.is_in_transaction()
        }
        _ => false,
    })
}

/// What SQLite says to a rollback where nothing is to be rolled back.
const NO_TRANSACTION: &str = "no transaction is active";

/// Connects to a database that is only looked at. An SQLite file is opened read-only.
pub(crate) async fn connect_to_copy(options: &Options) -> Result<DatabaseConnection, Error> {
    let patience = options.patience;
    let mut connect = ConnectOptions::new(options.database_url.clone());
    connect
        .max_connections(options.readers.max(1))
        .acquire_timeout(patience)
        .test_before_acquire(!options.is_sqlite())
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
    let schema = SchemaManager::new(&read);
    for table in ["checkpoints", "key_rotations"] {
        if !schema.has_table(table).await? {
            return Err(Error::OlderSchema);
        }
    }
    Ok(read)
}

/// How many rows the database's thread may be ahead of who reads them.
const ROWS_AHEAD: usize = 1_000;

#[cfg(all(test, feature = "testing"))]
mod tests {
    use crate::testing::TempStore;
    use sea_orm::ConnectionTrait;

    /// A connection that comes back as it should is used again.
    #[tokio::test]
    async fn a_connection_in_order_is_kept() {
        let temp = TempStore::new().await;
        let write = temp.store.write();
        let run = async |sql: &str| write.execute_unprepared(sql).await;
        run("CREATE TEMP TABLE own (number INTEGER)")
            .await
            .expect("a table of this connection's own");
        let transaction = temp.store.begin().await.expect("begun");
        transaction.commit().await.expect("committed");
        drop(temp.store.begin().await.expect("begun, and dropped"));
        run("INSERT INTO own VALUES (1)")
            .await
            .expect("the same connection");
    }

    /// What is written after it is written for everybody: it does not end up in a transaction that nobody commits.
    #[tokio::test]
    async fn a_transaction_that_was_left_open_takes_nothing_along() {
        let temp = TempStore::new().await;
        let write = temp.store.write();
        let run = async |sql: &str| write.execute_unprepared(sql).await;
        run("CREATE TABLE left_open (number INTEGER)")
            .await
            .expect("a table");
        run("BEGIN").await.expect("begun, and never ended");
        run("INSERT INTO left_open VALUES (1)")
            .await
            .expect("a row");
        let sql = "SELECT number FROM left_open";
        let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, sql);
        let row = temp.store.read().query_one_raw(statement).await;
        assert!(row.expect("an answer").is_some(), "others see the row");
    }
}
