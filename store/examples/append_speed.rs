//! How many entries a second come into the ledger durably, and how many bare rows the same database takes beside it.
//!
//! `cargo run --release -p store --features testing --example append_speed -- SECONDS`
//!
//! SQLite, or the PostgreSQL of `CONFIDE_TEST_POSTGRES` with `CONFIDE_TEST_DATABASE=postgres`.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "it measures the machine's own time, and says what came of it"
)]

use domain::decide::Action;
use domain::id::PatientId;
use domain::purpose::Purpose;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait,
};
use std::time::{Duration, Instant};
use store::testing::TempStore;
use store::{Chain, Event, ImportCounts, Stamp, Store};
use tokio::task::JoinSet;

/// Bytes of a row: what an entry has with its hashes, sealed.
const BODY: usize = 700;
/// Rows of one transaction, as many as the ledger takes together.
const TOGETHER: usize = 64;
const PATIENTS: usize = 200;

#[tokio::main]
async fn main() {
    let seconds = std::env::args().nth(1).unwrap_or("5".to_owned());
    let time = Duration::from_secs(seconds.parse().expect("a number of seconds"));
    let temp = TempStore::new().await;
    let chains = patients(&temp.store).await;
    println!("| | at a time | a second |");
    println!("| --- | ---: | ---: |");
    for clients in [1, 16, 64] {
        let rate = appended(&temp.store, &chains, clients, time).await;
        println!("| ledger | {clients} | {rate:.0} |");
    }
    let report = temp.store.verify(|_, _| {}).await.expect("a report");
    assert!(report.is_sound(), "{:?}", report.faults.first());
    let raw = bare(temp.url()).await;
    for many in [1, TOGETHER] {
        let rate = inserted(&raw, many, time).await;
        println!("| bare rows, {many} a transaction | 1 | {rate:.0} |");
    }
}

async fn patients(store: &Store) -> Vec<Chain> {
    let mut import = store.begin_import(&Stamp::SYSTEM).await.expect("an import");
    let mut chains = Vec::new();
    for number in 0..PATIENTS {
        let identity = format!("Patient/{number}");
        let (patient, _): (PatientId, _) = import.patient(&identity).await.expect("a patient");
        chains.push(Chain::Patient(patient));
    }
    let counts = ImportCounts::default();
    import.commit(counts).await.expect("all of it");
    chains
}

/// So many at a time, each appending to one patient after the other and waiting until it is durable.
async fn appended(store: &Store, chains: &[Chain], clients: usize, time: Duration) -> f64 {
    const ASKED: Event = Event::Denied {
        action: Action::View,
        purpose: Some(Purpose::Treatment),
        item: None,
    };
    let start = Instant::now();
    let mut all = JoinSet::new();
    for client in 0..clients {
        let (store, chains) = (store.clone(), chains.to_vec());
        all.spawn(async move {
            let mut done = 0_u64;
            let mine = chains.iter().cycle().skip(client * 7);
            for chain in mine.take_while(|_| start.elapsed() < time) {
                let stamp = Stamp::SYSTEM;
                store.append(&stamp, *chain, ASKED).await.expect("an entry");
                done += 1;
            }
            done
        });
    }
    let done = all.join_all().await.into_iter().sum();
    rate(done, start.elapsed())
}

/// The same database, with the settings of the store: durable when committed.
async fn bare(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
        });
    let raw = Database::connect(options).await.expect("a connection");
    let body = match raw.get_database_backend() {
        sea_orm::DbBackend::Postgres => "bytea",
        _ => "blob",
    };
    let table = format!("CREATE TABLE bare (seq bigint PRIMARY KEY, body {body} NOT NULL)");
    raw.execute_unprepared(&table).await.expect("a table");
    raw
}

async fn inserted(raw: &DatabaseConnection, many: usize, time: Duration) -> f64 {
    let backend = raw.get_database_backend();
    let sql = match backend {
        sea_orm::DbBackend::Postgres => "INSERT INTO bare VALUES ($1, $2)",
        _ => "INSERT INTO bare VALUES (?, ?)",
    };
    // Above what was inserted before.
    let first = i64::try_from(many).expect("a small number") << 32;
    let start = Instant::now();
    let mut done = 0_i64;
    while start.elapsed() < time {
        let transaction = raw.begin().await.expect("a transaction");
        for _ in 0..many {
            let values = [(first + done).into(), vec![7_u8; BODY].into()];
            let row = Statement::from_sql_and_values(backend, sql, values);
            transaction.execute_raw(row).await.expect("a row");
            done += 1;
        }
        transaction.commit().await.expect("all of them");
    }
    rate(u64::try_from(done).unwrap_or_default(), start.elapsed())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a figure to be read, of numbers far below 2^52"
)]
fn rate(done: u64, took: Duration) -> f64 {
    done as f64 / took.as_secs_f64()
}
