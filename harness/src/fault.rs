//! Why something didn't work.

use std::path::Path;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The server is gone: nothing was answered, or not to the end.
    #[error("the server is gone: {0}")]
    Gone(String),
    /// It was answered, and not as it should be.
    #[error("{0}")]
    Odd(String),
    /// The session is over, or was never there.
    #[error("not signed in")]
    SignedOut,
    /// Something of this machine: a file, a process.
    #[error("{0}")]
    Machine(String),
}

impl Fault {
    /// A file or folder that can't be used.
    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::Machine(format!("{}: {error}", path.display()))
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Machine(error.to_string())
    }
}
