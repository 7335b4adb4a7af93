//! The bare handler: it reads the rows that a page of a chart rests on, decrypts as many bytes as they hold, writes one
//! entry durably, and answers as many bytes. It decides nothing, renders nothing, and knows nobody.

use crate::{
    fault::Fault,
    process::{Program, Running},
};
use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use axum::{Router, extract::State, http::StatusCode, routing::get};
use clap::Args;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use uuid::Uuid;

/// Rows of a page, at most as many as it lists.
const LISTED: usize = 50;

/// `harness floor`: started by `harness load`.
#[derive(Args, Debug)]
pub struct Floor {
    /// The database
    #[arg(long)]
    database: PathBuf,
    /// Whose rows are read
    #[arg(long)]
    patient: Uuid,
    /// Where it listens
    #[arg(long)]
    port: u16,
    /// How long its answers are
    #[arg(long)]
    bytes: usize,
}

/// Starts it as a process of its own.
pub fn start(folder: &Path, patient: &str, port: u16, bytes: usize) -> Result<Running, Fault> {
    let program = Program {
        binary: std::env::current_exe()?,
        variables: Vec::new(),
        logs: folder.to_owned(),
    };
    let database = folder.join("confide.db").display().to_string();
    program.start(
        &[
            "floor",
            "--database",
            &database,
            "--patient",
            patient,
            "--port",
            &port.to_string(),
            "--bytes",
            &bytes.to_string(),
        ],
        "floor.log",
    )
}

/// Serves until it is killed.
///
/// # Errors
/// When the database or the port can't be used.
pub fn serve(arguments: &Floor) -> Result<bool, Fault> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let odd = |error: DbErr| Fault::Machine(error.to_string());
    runtime.block_on(async {
        let bare = Bare::open(arguments).await.map_err(odd)?;
        let router = Router::new()
            .route("/", get(answer))
            .route("/readyz", get(async || "ready"))
            .with_state(Arc::new(bare));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", arguments.port)).await?;
        axum::serve(listener, router).await?;
        Ok(true)
    })
}

struct Bare {
    read: DatabaseConnection,
    write: DatabaseConnection,
    patient: Uuid,
    cipher: Aes256Gcm,
    /// Longer than any row, sealed in pieces of any length by cutting it.
    sealed: Vec<Vec<u8>>,
    entry: usize,
    body: String,
}

async fn answer(State(bare): State<Arc<Bare>>) -> Result<String, StatusCode> {
    bare.answer()
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// Lengths of ciphertexts go up in steps of so many bytes.
const STEP: usize = 64;

impl Bare {
    async fn open(arguments: &Floor) -> Result<Self, DbErr> {
        let url = format!("sqlite://{}", arguments.database.display());
        let connect = |connections: u32| {
            let mut options = ConnectOptions::new(url.clone());
            options
                .max_connections(connections)
                .test_before_acquire(false)
                .sqlx_logging(false)
                .map_sqlx_sqlite_opts(|sqlite| {
                    sqlite
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                });
            Database::connect(options)
        };
        let write = connect(1).await?;
        write
            .execute_unprepared(
                "CREATE TABLE floor (seq INTEGER PRIMARY KEY, body BLOB NOT NULL); \
                 CREATE TABLE floor_head (seq INTEGER NOT NULL); INSERT INTO floor_head VALUES (0)",
            )
            .await?;
        let read = connect(8).await?;
        let newest = Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "SELECT length(body) AS many FROM ledger_entries WHERE chain = ? ORDER BY seq DESC LIMIT 1",
            [arguments.patient.into()],
        );
        let entry = match read.query_one_raw(newest).await? {
            Some(row) => row.try_get::<i64>("", "many")?,
            None => 0,
        };
        let cipher = Aes256Gcm::new(&[7; 32].into());
        let sealed = (0..1_024_usize)
            .map(|steps| {
                cipher.encrypt(
                    &Nonce::from([0; 12]),
                    payload(&vec![0; steps.saturating_mul(STEP)]),
                )
            })
            .collect::<Result<_, _>>()
            .map_err(|_| DbErr::Custom("the cipher".to_owned()))?;
        Ok(Self {
            read,
            write,
            patient: arguments.patient,
            cipher,
            sealed,
            entry: usize::try_from(entry).unwrap_or_default(),
            body: "x".repeat(arguments.bytes),
        })
    }

    /// The rows of a statement, of which so many columns are ciphertexts.
    async fn rows(
        &self,
        connection: &impl ConnectionTrait,
        sql: &str,
        columns: &[&str],
    ) -> Result<usize, DbErr> {
        let values = if sql.contains('?') {
            vec![self.patient.into()]
        } else {
            Vec::new()
        };
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let rows = connection.query_all_raw(statement).await?;
        let mut bytes = 0;
        for row in &rows {
            for column in columns {
                bytes += self.decrypt(row, column)?;
            }
        }
        Ok(bytes)
    }

    fn decrypt(&self, row: &QueryResult, column: &str) -> Result<usize, DbErr> {
        let blob: Option<Vec<u8>> = row.try_get("", column)?;
        let steps = blob.map_or(0, |blob| blob.len()) / STEP;
        let Some(sealed) = self.sealed.get(steps) else {
            return Ok(0);
        };
        let opened = self.cipher.decrypt(&Nonce::from([0; 12]), payload(sealed));
        opened
            .map(|bytes| bytes.len())
            .map_err(|_| DbErr::Custom("the cipher".to_owned()))
    }

    /// Reads the rows that a page rests on, each kind once: who looks; what stands for the patient, and again who looks,
    /// now that the epoch is read; what is in the record; what the page lists. Then the entry, as durable as the
    /// ledger's, after another look at what it stands on.
    async fn answer(&self) -> Result<String, DbErr> {
        for (sql, columns) in READ {
            self.rows(&self.read, sql, columns).await?;
        }
        let listed = format!("SELECT * FROM contents WHERE patient = ? LIMIT {LISTED}");
        self.rows(&self.read, &listed, &["content", "basis"])
            .await?;
        let entry = self
            .cipher
            .encrypt(&Nonce::from([1; 12]), payload(&vec![0; self.entry]))
            .map_err(|_| DbErr::Custom("the cipher".to_owned()))?;
        let transaction = self
            .write
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?;
        for (sql, columns) in READ_AGAIN {
            self.rows(&transaction, sql, columns).await?;
        }
        for (sql, values) in [
            ("INSERT INTO floor (body) VALUES (?)", vec![entry.into()]),
            ("UPDATE floor_head SET seq = seq + 1", Vec::new()),
        ] {
            let written = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            transaction.execute_raw(written).await?;
        }
        transaction.commit().await?;
        Ok(self.body.clone())
    }
}

/// What a page rests on, and which columns of it are opened.
const READ: [(&str, &[&str]); 13] = [
    ("SELECT * FROM sessions LIMIT 1", &["data"]),
    ("SELECT * FROM accounts LIMIT 1", &["body"]),
    ("SELECT * FROM people LIMIT 1", &["body"]),
    ("SELECT * FROM ledger_heads WHERE chain = ?", &[]),
    ("SELECT * FROM patients WHERE id = ?", &["data_key", "body"]),
    (
        "SELECT * FROM consents WHERE patient = ?",
        &["body", "state"],
    ),
    ("SELECT * FROM policy_records WHERE patient = ?", &["body"]),
    ("SELECT * FROM review_queue WHERE record = x'00'", &[]),
    ("SELECT * FROM organizations WHERE program = 1", &["body"]),
    ("SELECT * FROM accounts LIMIT 1", &["body"]),
    ("SELECT * FROM people LIMIT 1", &["body"]),
    ("SELECT * FROM items WHERE patient = ?", &["facts"]),
    ("SELECT * FROM ledger_heads LIMIT 1", &[]),
];
const READ_AGAIN: [(&str, &[&str]); 2] = [
    ("SELECT * FROM ledger_heads WHERE chain = ?", &[]),
    (
        "SELECT * FROM consents WHERE patient = ? LIMIT 1",
        &["body", "state"],
    ),
];

fn payload(bytes: &[u8]) -> Payload<'_, '_> {
    Payload {
        msg: bytes,
        aad: b"",
    }
}
