//! What can be wrong with a configuration. Messages name the key and the place, never a value:
//! a value may be a secret.

use std::fmt;

/// One fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The key, with its table: `session.idle_minutes`. Empty when the whole file is meant.
    pub key: String,
    /// The file, or the variable.
    pub place: Option<String>,
    /// What is wrong, and what would be right.
    pub reason: String,
    /// Whether something is lacking rather than wrong.
    pub missing: bool,
}

impl Fault {
    /// A key without which it can't go on.
    pub fn missing(key: &str, reason: &str) -> Self {
        Self {
            key: key.to_owned(),
            place: None,
            reason: reason.to_owned(),
            missing: true,
        }
    }

    /// A key with a value that can't be used.
    pub fn wrong(key: &str, reason: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            place: None,
            reason: reason.into(),
            missing: false,
        }
    }

    /// The same, with the place.
    #[must_use]
    pub fn at(mut self, place: Option<String>) -> Self {
        self.place = place;
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(out, "{place}: ")?;
        }
        if !self.key.is_empty() {
            write!(out, "{}: ", self.key)?;
        }
        out.write_str(&self.reason)
    }
}

/// Everything that is wrong with a configuration.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub struct ConfigError {
    /// One or more.
    pub faults: Vec<Fault>,
}

impl ConfigError {
    /// An error of one fault.
    pub fn of(fault: Fault) -> Self {
        Self {
            faults: vec![fault],
        }
    }

    /// Whether nothing is wrong, only lacking.
    pub fn only_missing(&self) -> bool {
        self.faults.iter().all(|fault| fault.missing)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, fault) in self.faults.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            write!(out, "{fault}")?;
        }
        Ok(())
    }
}
