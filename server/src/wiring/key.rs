//! The wrapping key, wherever the configuration says it is.

use crate::{World, config::KeySource, failure::Failure};
use secrecy::ExposeSecret;
use std::{path::Path, sync::Arc};
use store::keys::{EnvironmentKey, KeyError, KeyFile, KeyProvider, TokenKey};

/// What to do where there is no key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// Make one: nothing was ever sealed with another.
    Make,
    /// Say so.
    Refuse,
    /// Say so, and that the database was made with it.
    Lost,
}

/// Whether the key is there, as far as can be told without opening it. A token is asked when it is opened.
pub fn is_there(source: &KeySource) -> bool {
    match source {
        KeySource::File(path) => path.exists(),
        KeySource::Environment(_) => true,
        KeySource::Token(_) => false,
    }
}

/// The key's place in words, for messages.
pub fn name(source: &KeySource) -> String {
    match source {
        KeySource::File(path) => path.display().to_string(),
        KeySource::Environment(_) => "CONFIDE_KEY".to_owned(),
        KeySource::Token(place) => place.module.display().to_string(),
    }
}

/// Opens it.
///
/// # Errors
/// When it can't be read, is none, or is not there and none may be made.
pub fn open(
    source: &KeySource,
    missing: Missing,
    world: &World,
) -> Result<Arc<dyn KeyProvider>, Failure> {
    let fault = |error: KeyError| Failure::environment(message(&name(source), &error));
    match source {
        KeySource::Environment(key) => {
            let key = EnvironmentKey::from_value(key.expose_secret()).map_err(fault)?;
            Ok(Arc::new(key))
        }
        KeySource::File(path) => {
            if !path.exists() && missing != Missing::Make {
                return Err(lost(path, missing));
            }
            let key = match missing {
                Missing::Make => KeyFile::open_or_create(path, world.entropy.as_ref()),
                Missing::Refuse | Missing::Lost => KeyFile::open(path),
            };
            Ok(Arc::new(key.map_err(fault)?))
        }
        KeySource::Token(place) => {
            let key = TokenKey::open(place.clone(), missing == Missing::Make).map_err(fault)?;
            Ok(Arc::new(key))
        }
    }
}

fn lost(path: &Path, missing: Missing) -> Failure {
    Failure::environment(match missing {
        Missing::Lost => format!(
            "{}: the key file is missing, and the database was made with it",
            path.display()
        ),
        Missing::Make | Missing::Refuse => {
            format!("{}: the key file is missing", path.display())
        }
    })
}

fn message(place: &str, error: &KeyError) -> String {
    match error {
        KeyError::Io(inner) => format!("{place}: {error}: {}", inner.kind()),
        _ => format!("{place}: {error}"),
    }
}
