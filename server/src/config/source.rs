//! Where values come from: the file and the variables, as figment sees them.

use super::{ConfigError, Fault, Variables};
use figment::{
    Figment, Metadata, Profile, Provider,
    error::Kind,
    providers::{Format, Toml},
    value::{Dict, Map, Value},
};
use std::path::Path;

const PREFIX: &str = "CONFIDE_";
/// Variables that are arguments, not keys.
const NOT_KEYS: [&str; 3] = ["CONFIDE_CONFIG", "CONFIDE_NEW_KEY", "CONFIDE_CI"];
/// Variables that tell tests where things are; they mean nothing to the program.
const FOR_TESTS: &str = "CONFIDE_TEST_";

/// The file under the variables.
///
/// # Errors
/// When the file can't be read.
pub(super) fn gather(file: Option<&Path>, variables: &Variables) -> Result<Figment, ConfigError> {
    let mut figment = Figment::new();
    if let Some(path) = file {
        std::fs::read_to_string(path).map_err(|error| {
            let mut fault = Fault::wrong("", format!("can't be read: {}", error.kind()));
            fault.missing = true;
            ConfigError::of(fault.at(Some(path.display().to_string())))
        })?;
        figment = figment.merge(Toml::file_exact(path));
    }
    Ok(figment.merge(Environment(variables)))
}

/// The place a key's value came from, in words.
pub(super) fn place(figment: &Figment, key: &str) -> Option<String> {
    figment.find_metadata(key).map(|from| words(from, key))
}

fn words(from: &Metadata, key: &str) -> String {
    match &from.source {
        Some(source) => source.to_string(),
        None => format!("{} {}", from.name, variable_of(key)),
    }
}

fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// What figment found wrong, without the values it would print.
pub(super) fn faults(error: figment::Error) -> ConfigError {
    let faults = error
        .into_iter()
        .map(|error| {
            let mut key = error.path.join(".");
            let reason = match &error.kind {
                Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
                    format!("must be {expected}")
                }
                Kind::UnknownField(name, known) => {
                    if !key.ends_with(name.as_str()) {
                        if !key.is_empty() {
                            key.push('.');
                        }
                        key.push_str(name);
                    }
                    format!(
                        "there is no such key; the keys here are {}",
                        known.join(", ")
                    )
                }
                Kind::UnknownVariant(_, known) => format!("must be one of {}", known.join(", ")),
                Kind::MissingField(name) => format!("lacks {name}"),
                Kind::DuplicateField(name) => format!("has {name} twice"),
                Kind::ISizeOutOfRange(_) | Kind::USizeOutOfRange(_) => "is out of range".to_owned(),
                Kind::Message(message) => without_source_lines(message),
                _ => "can't be read".to_owned(),
            };
            let place = error.metadata.as_ref().map(|from| words(from, &key));
            Fault::wrong(&key, reason).at(place)
        })
        .collect();
    ConfigError { faults }
}

/// A TOML syntax error quotes the line, which may hold a secret: keep its place and its reason.
fn without_source_lines(message: &str) -> String {
    let mut lines = message.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default().to_owned();
    match lines.rfind(|line| !line.contains('|')) {
        Some(last) => format!("{first}: {last}"),
        None => first,
    }
}

/// The variables as a provider, with names of their own for the places of faults.
struct Environment<'a>(&'a Variables);

impl Provider for Environment<'_> {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment variable")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut data = Dict::new();
        for (name, value) in self.0 {
            let Some(key) = name.strip_prefix(PREFIX) else {
                continue;
            };
            if NOT_KEYS.contains(&name.as_str()) || name.starts_with(FOR_TESTS) {
                continue;
            }
            let key = key.to_lowercase().replace("__", ".");
            // Parsing never fails: what is nothing else is a string.
            let value = value
                .parse()
                .unwrap_or_else(|_| Value::from(value.as_str()));
            lay(&mut data, &key, value);
        }
        Ok(Profile::Default.collect(data))
    }
}

fn lay(into: &mut Dict, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            into.insert(key.to_owned(), value);
        }
        Some((table, rest)) => {
            let entry = into
                .entry(table.to_owned())
                .or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = entry {
                lay(inner, rest, value);
            }
        }
    }
}
