//! Store, portal, pages and layers put together.

use crate::{
    World,
    config::{Config, KeySource, Storage},
    failure::Failure,
    http::{self, Surroundings, problem, session::ByClock},
};
use axum::Router;
use chrono::TimeDelta;
use portal::Portal;
use secrecy::ExposeSecret;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{
    Store,
    keys::{EnvironmentKey, KeyError, KeyFile, KeyProvider},
};

/// Opens the store.
///
/// # Errors
/// When the key can't be read, is not the database's own, or the database can't be used.
pub async fn open_store(storage: &Storage, world: &World) -> Result<Store, Failure> {
    let key = open_key(storage, world)?;
    let url = storage.database_url.expose_secret();
    let store = Store::open(
        store::Options::new(url),
        key,
        Arc::clone(&world.clock),
        Arc::clone(&world.entropy),
    )
    .await;
    match (store, &storage.key) {
        (Err(error @ store::Error::WrongKey), KeySource::File(path)) => {
            Err(Failure::environment(format!("{}: {error}", path.display())))
        }
        (store, _) => Ok(store?),
    }
}

/// The database with the usual settings.
pub fn store_options(storage: &Storage) -> store::Options {
    store::Options::new(storage.database_url.expose_secret())
}

/// Opens the store to look at it: nothing is written, no key is made.
///
/// # Errors
/// As [`open_store`], and when the database is older than this program.
pub async fn open_to_read(storage: &Storage, world: &World) -> Result<Store, Failure> {
    if let KeySource::File(path) = &storage.key
        && !path.exists()
    {
        return Err(Failure::environment(format!(
            "{}: the key file is missing",
            path.display()
        )));
    }
    let key = open_key(storage, world)?;
    let store = Store::open_to_read(
        &store_options(storage),
        key,
        Arc::clone(&world.clock),
        Arc::clone(&world.entropy),
    )
    .await;
    match (store, &storage.key) {
        (Err(error @ store::Error::WrongKey), KeySource::File(path)) => {
            Err(Failure::environment(format!("{}: {error}", path.display())))
        }
        (store, _) => Ok(store?),
    }
}

/// The URL of a database that is named as a file or as a URL.
///
/// # Errors
/// When the file is not there.
pub fn url_of(database: &str) -> Result<String, Failure> {
    let url = if database.contains("://") || database.starts_with("sqlite:") {
        database.to_owned()
    } else {
        format!("sqlite://{database}")
    };
    match sqlite_file(&url) {
        Some(path) if !path.exists() => Err(Failure::environment(format!(
            "{}: there is no database here",
            path.display()
        ))),
        _ => Ok(url),
    }
}

fn open_key(storage: &Storage, world: &World) -> Result<Arc<dyn KeyProvider>, Failure> {
    match &storage.key {
        KeySource::Environment(key) => EnvironmentKey::from_value(key.expose_secret())
            .map(|key| Arc::new(key) as Arc<dyn KeyProvider>)
            .map_err(|error| Failure::environment(format!("CONFIDE_KEY: {error}"))),
        KeySource::File(path) => {
            // A new key for an old database would only hide that the right one is gone.
            let database = sqlite_file(storage.database_url.expose_secret());
            if database.is_some_and(|database| database.exists()) && !path.exists() {
                return Err(Failure::environment(format!(
                    "{}: the key file is missing, and the database was made with it",
                    path.display()
                )));
            }
            KeyFile::open_or_create(path, world.entropy.as_ref())
                .map(|key| Arc::new(key) as Arc<dyn KeyProvider>)
                .map_err(|error| Failure::environment(key_message(path, &error)))
        }
    }
}

fn key_message(path: &Path, error: &KeyError) -> String {
    match error {
        KeyError::Io(inner) => format!("{}: {error}: {}", path.display(), inner.kind()),
        _ => format!("{}: {error}", path.display()),
    }
}

/// The file of an SQLite URL, if it names one.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let path = rest.split_once('?').map_or(rest, |(path, _)| path);
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// The portal's options out of the configuration.
pub fn portal_options(config: &Config) -> portal::Options {
    portal::Options {
        time_zone: config.time_zone,
        part2_organizations: config.part2_organizations.clone(),
        idle: TimeDelta::from_std(config.session.idle).unwrap_or(TimeDelta::minutes(15)),
        total: TimeDelta::from_std(config.session.total).unwrap_or(TimeDelta::hours(12)),
        notice: config.notice.clone().unwrap_or_default(),
        origin: config
            .public_url
            .as_ref()
            .map(|url| url.origin().ascii_serialization()),
    }
}

/// The pages with all layers around them.
pub fn stack(state: app::State, portal: &Portal, world: &World, options: &http::Options) -> Router {
    let store = portal.store().clone();
    let surroundings = Surroundings {
        clock: Arc::clone(&world.clock),
        entropy: Arc::clone(&world.entropy),
        problems: problem_pages(state.clone()),
        ready: Arc::new({
            let store = store.clone();
            move || {
                let store = store.clone();
                Box::pin(async move { store.ping().await.is_ok() })
            }
        }),
    };
    http::stack(
        app::router(state),
        ByClock::new(
            store.sessions(),
            Arc::clone(&world.clock),
            options.cookie.idle,
        ),
        surroundings,
        options,
    )
}

fn problem_pages(state: app::State) -> problem::Pages {
    Arc::new(move |problem, parts| {
        let state = state.clone();
        let problem = match problem {
            problem::Problem::Refused => app::Problem::Refused,
            problem::Problem::TooLarge => app::Problem::TooLarge,
            problem::Problem::TooMany => app::Problem::TooMany,
            problem::Problem::Fault | problem::Problem::TimedOut => app::Problem::Fault,
        };
        Box::pin(async move { problem.respond(&state, parts).await })
    })
}

/// Refuses to make a new, empty database where one is to be looked at.
///
/// # Errors
/// When the SQLite file is not there.
pub fn must_exist(storage: &Storage) -> Result<(), Failure> {
    match sqlite_file(storage.database_url.expose_secret()) {
        Some(path) if !path.exists() => Err(Failure::environment(format!(
            "{}: there is no database here",
            path.display()
        ))),
        _ => Ok(()),
    }
}
