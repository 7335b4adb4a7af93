//! What a database holds, byte for byte, to look in it for what must not be there.

use crate::opening::Options;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement};
use std::fs;

/// Everything: an SQLite database's file and log, or each value of each table of PostgreSQL's.
pub async fn contents(url: &str) -> Vec<u8> {
    match Options::new(url).sqlite_file() {
        Some(file) => ["", "-wal", "-shm"]
            .iter()
            .filter_map(|ending| fs::read(format!("{}{ending}", file.display())).ok())
            .flatten()
            .collect(),
        None => of_tables(url).await,
    }
}

async fn of_tables(url: &str) -> Vec<u8> {
    let database = Database::connect(url).await.expect("the database");
    let columns = "SELECT table_name::text AS t, column_name::text AS c, data_type = 'bytea' AS b \
                   FROM information_schema.columns WHERE table_schema = current_schema()";
    let mut all = Vec::new();
    for column in rows(&database, columns.to_owned()).await {
        let name = |name: &str| column.try_get::<String>("", name).expect("a name");
        let (table, column_name) = (name("t"), name("c"));
        let value = if column.try_get("", "b").expect("a kind") {
            format!("\"{column_name}\"")
        } else {
            format!("convert_to(\"{column_name}\"::text, 'UTF8')")
        };
        let sql =
            format!("SELECT {value} AS v FROM \"{table}\" WHERE \"{column_name}\" IS NOT NULL");
        for row in rows(&database, sql).await {
            let bytes: Vec<u8> = row.try_get("", "v").expect("bytes");
            all.extend(bytes);
            all.push(b'\n');
        }
    }
    database.close().await.expect("closed");
    all
}

async fn rows(database: &DatabaseConnection, sql: String) -> Vec<QueryResult> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    database.query_all_raw(statement).await.expect("rows")
}
