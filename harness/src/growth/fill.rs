//! Patients by the thousand: rows as long as real ones, under ids and hashes that are random as real ones are. Nobody opens
//! their records, and nobody could: what is sealed in them is a copy of what is sealed elsewhere.

use crate::fault::Fault;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement,
};
use std::path::Path;

/// How many are made at once.
const AT_ONCE: u64 = 50_000;
/// Items of each record.
const ITEMS: u64 = 5;

/// What is made of so many patients, with five items and so many entries each. The log is said to hold the entries: signing
/// them is not what is measured.
const STATEMENTS: [&str; 10] = [
    "CREATE TEMP TABLE p AS SELECT randomblob(16) AS id FROM {1..patients}",
    "CREATE TEMP TABLE i AS SELECT randomblob(16) AS id, p.id AS patient FROM p, {1..items}",
    "INSERT INTO patients (id, identity, subject, data_key, key_version, body, born, other_keys) \
     SELECT p.id, randomblob(length(o.identity)), randomblob(length(o.subject)), o.data_key, o.key_version, o.body, \
     randomblob(length(o.born)), o.other_keys FROM p, (SELECT * FROM patients LIMIT 1) o ORDER BY p.id",
    "INSERT INTO policy_records (id, patient, body) SELECT randomblob(16), p.id, o.body \
     FROM p, (SELECT * FROM policy_records LIMIT 1) o",
    "INSERT INTO reach (party, patient) SELECT randomblob(length(o.party)), p.id FROM p, (SELECT * FROM reach LIMIT 1) o",
    "INSERT INTO items (id, patient, identity, facts_digest, facts) \
     SELECT i.id, i.patient, randomblob(length(o.identity)), o.facts_digest, o.facts \
     FROM i, (SELECT * FROM items ORDER BY length(facts) DESC LIMIT 1) o ORDER BY i.id",
    "INSERT INTO contents (item, patient, digest, content, basis, url, url_digest) \
     SELECT i.id, i.patient, o.digest, o.content, o.basis, o.url, o.url_digest \
     FROM i, (SELECT * FROM contents ORDER BY length(content) LIMIT 1) o ORDER BY i.id",
    "INSERT INTO ledger_heads (chain, seq, hash, epoch, last_at) \
     SELECT p.id, {entries}, randomblob(32), o.epoch, o.last_at FROM p, (SELECT * FROM ledger_heads LIMIT 1) o ORDER BY p.id",
    "INSERT INTO log_chains (chain, seq) SELECT p.id, {entries} FROM p ORDER BY p.id",
    "INSERT INTO ledger_entries (chain, seq, prev, hash, body) \
     SELECT p.id, s.value, randomblob(32), randomblob(32), randomblob(400) FROM p, {1..entries} s \
     ORDER BY p.id, s.value",
];

/// Adds so many patients, with so many entries each.
pub fn patients(database: &Path, many: u64, entries: u64) -> Result<(), Fault> {
    with(database, async |connection| {
        // What breaks off here is thrown away.
        for pragma in [
            "journal_mode = WAL",
            "synchronous = OFF",
            "cache_size = -2000000",
        ] {
            connection
                .execute_unprepared(&format!("PRAGMA {pragma}"))
                .await?;
        }
        let mut left = many;
        while left > 0 {
            let now = left.min(AT_ONCE);
            connection.execute_unprepared("BEGIN").await?;
            for statement in STATEMENTS {
                connection
                    .execute_unprepared(&of(statement, now, entries))
                    .await?;
            }
            connection
                .execute_unprepared("COMMIT; DROP TABLE p; DROP TABLE i")
                .await?;
            left = left.saturating_sub(now);
        }
        let log = "PRAGMA wal_checkpoint(TRUNCATE)";
        connection.execute_unprepared(log).await.map(drop)
    })
}

/// The statement with its numbers; `{1..patients}` is a table of the numbers up to there.
fn of(statement: &str, patients: u64, entries: u64) -> String {
    let mut sql = statement.to_owned();
    for (name, number) in [
        ("patients", patients),
        ("items", ITEMS),
        ("entries", entries),
    ] {
        let table = format!(
            "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {number}) \
             SELECT value FROM n)"
        );
        sql = sql
            .replace(&format!("{{1..{name}}}"), &table)
            .replace(&format!("{{{name}}}"), &number.to_string());
    }
    sql
}

/// How many entries the ledger has.
pub fn entries(database: &Path) -> Result<i64, Fault> {
    with(database, async |connection| {
        let sql = "SELECT count(*) AS many FROM ledger_entries";
        let row = connection
            .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
            .await?;
        row.map_or(Ok(0), |row| row.try_get("", "many"))
    })
}

fn with<T>(
    database: &Path,
    work: impl AsyncFnOnce(&DatabaseConnection) -> Result<T, DbErr>,
) -> Result<T, Fault> {
    let mut options = ConnectOptions::new(format!("sqlite://{}", database.display()));
    options.max_connections(1).sqlx_logging(false);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime
        .block_on(async {
            let connection = Database::connect(options).await?;
            let done = work(&connection).await?;
            connection.close().await?;
            Ok(done)
        })
        .map_err(|error: DbErr| Fault::Machine(error.to_string()))
}
