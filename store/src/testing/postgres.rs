//! Databases that go away with their tests, on the PostgreSQL server that `CONFIDE_TEST_POSTGRES` names.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use std::sync::{Mutex, PoisonError};

/// The names of databases whose tests are over. Dropping one takes a runtime, so the next that is made drops them.
static OVER: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Whether `CONFIDE_TEST_DATABASE` says that tests which are about no kind of database run on PostgreSQL.
///
/// # Panics
/// When it says something else than `sqlite` or `postgres`.
pub fn is_chosen() -> bool {
    match std::env::var("CONFIDE_TEST_DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(std::env::VarError::NotPresent) => false,
        other => panic!("CONFIDE_TEST_DATABASE is sqlite or postgres, not {other:?}"),
    }
}

/// A database of its own.
#[derive(Debug)]
pub struct TempDatabase {
    url: String,
    name: String,
}

impl TempDatabase {
    /// An empty one; `None` where no server is named.
    pub async fn empty() -> Option<Self> {
        let base = std::env::var("CONFIDE_TEST_POSTGRES").ok()?;
        Some(Self::make(&base, "").await)
    }

    /// An empty one where PostgreSQL was chosen; `None` where it wasn't.
    ///
    /// # Panics
    /// When it was chosen and no server is named.
    pub async fn if_chosen() -> Option<Self> {
        if !is_chosen() {
            return None;
        }
        let made = Self::empty().await;
        Some(made.expect("CONFIDE_TEST_DATABASE=postgres wants a server in CONFIDE_TEST_POSTGRES"))
    }

    /// One that holds the same. Nobody may be connected to the one that is copied.
    pub async fn copy(&self) -> Self {
        Self::make(&self.url, &format!("TEMPLATE {}", self.name)).await
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn make(base: &str, how: &str) -> Self {
        let name = name_of_its_own();
        // The database that every server has: who copies one isn't connected to it.
        let server = connect(&beside(base, "postgres")).await;
        let over = core::mem::take(&mut *OVER.lock().unwrap_or_else(PoisonError::into_inner));
        for name in over {
            run(
                &server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            )
            .await;
        }
        run(&server, &format!("CREATE DATABASE {name} {how}")).await;
        server.close().await.expect("the connection closes");
        Self {
            url: beside(base, &name),
            name,
        }
    }
}

impl Drop for TempDatabase {
    fn drop(&mut self) {
        let mut over = OVER.lock().unwrap_or_else(PoisonError::into_inner);
        over.push(core::mem::take(&mut self.name));
    }
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1);
    Database::connect(options)
        .await
        .expect("CONFIDE_TEST_POSTGRES names a database that answers")
}

async fn run(server: &DatabaseConnection, sql: &str) {
    let done = server.execute_unprepared(sql).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The address of another database of the same server.
fn beside(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = address
        .rsplit_once('/')
        .expect("an address with a database");
    format!("{server}/{name}?{query}")
}

/// A name that no other run has.
fn name_of_its_own() -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let name = folder.path().file_name().map(|name| {
        let name = name.to_string_lossy();
        data_encoding::HEXLOWER.encode(name.as_bytes())
    });
    let process = std::process::id();
    format!("confide_{}_{process}", name.unwrap_or_default())
}
