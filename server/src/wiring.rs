//! Store, portal, pages and layers put together.

pub mod key;

use crate::{
    World,
    config::{Config, Storage},
    failure::Failure,
    http::{self, Surroundings, problem, session::ByClock},
    serving,
};
use axum::Router;
use chrono::TimeDelta;
use portal::Portal;
use secrecy::ExposeSecret;
use std::sync::Arc;
use store::Store;

/// Opens the store, and has it look again and again whether another process rotated the keys.
///
/// # Errors
/// When the key can't be read, is not the database's own, or the database can't be used.
pub async fn open_store(storage: &Storage, world: &World) -> Result<Store, Failure> {
    let options = store_options(storage);
    // A new key for a database that has keys would only hide that the right one is gone.
    let make = if key::is_there(&storage.key) {
        key::Missing::Refuse
    } else if store::holds_keys(&options).await? {
        key::Missing::Lost
    } else {
        key::Missing::Make
    };
    let provider = key::open(&storage.key, make, world)?;
    let store = Store::open(
        options,
        provider,
        Arc::clone(&world.clock),
        Arc::clone(&world.entropy),
    )
    .await
    .map_err(|error| match error {
        error @ store::Error::WrongKey => {
            Failure::environment(format!("{}: {error}", key::name(&storage.key)))
        }
        other => other.into(),
    })?;
    keep_keys_fresh(&store);
    Ok(store)
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
    let options = store_options(storage);
    let key = key::open(&storage.key, key::Missing::Refuse, world)?;
    Store::open_to_read(
        &options,
        key,
        Arc::clone(&world.clock),
        Arc::clone(&world.entropy),
    )
    .await
    .map_err(|error| match error {
        error @ store::Error::WrongKey => {
            Failure::environment(format!("{}: {error}", key::name(&storage.key)))
        }
        other => other.into(),
    })
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
    match store::Options::new(&url).sqlite_file() {
        Some(path) if !path.exists() => Err(Failure::environment(format!(
            "{}: there is no database here",
            path.display()
        ))),
        _ => Ok(url),
    }
}

fn keep_keys_fresh(store: &Store) {
    let store = store.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Store::KEYS_LOOKED_AT).await;
            if let Err(error) = store.refresh_keys().await {
                tracing::error!(%error, "can't look whether keys were rotated");
            }
        }
    });
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

/// Waits until the process is asked to stop, and ends what lasts as long as a page is open: nothing else would.
pub fn until_stopped(portal: &Portal) -> impl Future<Output = ()> + Send + 'static {
    let store = portal.store().clone();
    async move {
        serving::asked_to_stop().await;
        store.changes().tell(store::Change::Stopping);
    }
}

/// The pages with all layers around them.
pub fn stack(state: app::State, portal: &Portal, world: &World, options: &http::Options) -> Router {
    let store = portal.store().clone();
    // Here alone are pages open that others' changes may close.
    tokio::spawn({
        let store = store.clone();
        async move { store.hear_others().await }
    });
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
    let options = store::Options::new(storage.database_url.expose_secret());
    match options.sqlite_file() {
        Some(path) if !path.exists() => Err(Failure::environment(format!(
            "{}: there is no database here",
            path.display()
        ))),
        _ => Ok(()),
    }
}
