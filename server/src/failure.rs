//! Why a command stopped, and the process's exit code (the contract of the command line).

use crate::config::ConfigError;

/// The exit codes that operators script against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The check found a fault.
    FaultFound = 1,
    /// Bad input or usage.
    BadInput = 2,
    /// The environment: database, key, disk.
    Environment = 3,
}

/// A command that could not be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What to tell the operator: what is wrong, and where.
    pub message: String,
}

impl Failure {
    /// The input or the usage is at fault.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::BadInput,
            message: message.into(),
        }
    }

    /// What was checked is not as it must be.
    pub fn fault_found(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::FaultFound,
            message: message.into(),
        }
    }

    /// The environment is at fault.
    pub fn environment(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Environment,
            message: message.into(),
        }
    }
}

impl From<ConfigError> for Failure {
    /// What is lacking is the environment's fault, what is wrong the input's.
    fn from(error: ConfigError) -> Self {
        let exit = if error.only_missing() {
            Exit::Environment
        } else {
            Exit::BadInput
        };
        Self {
            exit,
            message: format!("the configuration can't be used\n{error}"),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        use std::error::Error as _;
        let message = match error.source() {
            // Key errors tell modes and kinds; a database's own words could repeat values.
            Some(source) if matches!(error, store::Error::Key(_)) => format!("{error}: {source}"),
            _ => error.to_string(),
        };
        Self::environment(message)
    }
}

impl From<portal::Refusal> for Failure {
    fn from(refusal: portal::Refusal) -> Self {
        match refusal {
            portal::Refusal::Unavailable(cause) => Self::environment(cause.to_string()),
            other => Self::bad_input(other.to_string()),
        }
    }
}
