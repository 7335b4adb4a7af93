//! Where a test's database and key are: a folder, and where PostgreSQL was chosen a database of its own there.

use super::{ORIGIN, began, world};
use confide::{
    World,
    config::{Config, Variables},
    demo::{self, Demo, people::SignIn},
    wiring,
};
use portal::Portal;
use secrecy::ExposeSecret;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use store::{
    Store,
    testing::{TempDatabase, TestClock},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Goes away with its test.
pub struct Place {
    folder: TempDir,
    database: Option<TempDatabase>,
}

impl Place {
    /// With nothing in it.
    pub async fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            database: TempDatabase::if_chosen().await,
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The environment that names the database, where the folder doesn't hold it.
    pub fn variables(&self) -> Variables {
        variables(self.database.as_ref())
    }

    /// The configuration of both.
    pub fn config(&self) -> Config {
        Config::of_directory(self.folder(), &self.variables()).expect("a configuration")
    }

    /// The database's address.
    pub fn url(&self) -> String {
        let config = self.config();
        config.storage.database_url.expose_secret().to_owned()
    }

    /// The store in it.
    pub async fn store(&self, world: &World) -> Store {
        wiring::open_store(&self.config().storage, world)
            .await
            .unwrap_or_else(|failure| panic!("{}", failure.message))
    }

    /// The demo in it.
    pub async fn open(&self, world: &World) -> (Portal, Vec<SignIn>) {
        open(self.folder(), self.database.as_ref(), world).await
    }
}

fn variables(database: Option<&TempDatabase>) -> Variables {
    let variable = |it: &TempDatabase| ("CONFIDE_DATABASE_URL".to_owned(), it.url().to_owned());
    database.map(variable).into_iter().collect()
}

async fn open(
    folder: &Path,
    database: Option<&TempDatabase>,
    world: &World,
) -> (Portal, Vec<SignIn>) {
    let demo = Demo::open_with(folder, &variables(database), world, ORIGIN)
        .await
        .unwrap_or_else(|failure| panic!("{}", failure.message));
    (demo.portal.clone(), demo.people.clone())
}

/// Importing and hashing take a second: done once for all tests of a file.
pub async fn copy_of_template() -> Place {
    static TEMPLATE: OnceCell<(PathBuf, Option<TempDatabase>)> = OnceCell::const_new();
    let (template, database) = TEMPLATE.get_or_init(make_template).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(template).expect("the template") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a copy");
    }
    let database = match database {
        Some(database) => Some(database.copy().await),
        None => None,
    };
    Place { folder, database }
}

async fn make_template() -> (PathBuf, Option<TempDatabase>) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("template-{}", env!("CARGO_CRATE_NAME")));
    if path.exists() {
        fs::remove_dir_all(&path).expect("the old template goes");
    }
    let clock = Arc::new(TestClock::at(began()));
    let database = TempDatabase::if_chosen().await;
    let (portal, _) = open(&path, database.as_ref(), &world(&clock, 1)).await;
    // The last connection writes the log back into the database as it closes.
    let closed = portal.store().clone().close().await;
    closed.expect("the template closes");
    let log = path.join("confide.db-wal");
    for _ in 0..200 {
        if fs::metadata(&log).map_or(true, |log| log.len() == 0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let _ = fs::remove_file(path.join("confide.db-shm"));
    assert!(path.join(demo::directory::MARKER).exists());
    (path, database)
}
