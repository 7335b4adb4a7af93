//! What can go wrong in the store. Tells tables, columns and opaque ids; never content.

use crate::keys::KeyError;
use sea_orm::DbErr;
use std::sync::Arc;

/// The store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database could not be opened.
    #[error("the database could not be opened")]
    Connect,
    /// The database refused or did not answer.
    #[error("the database refused or did not answer")]
    Database(#[source] Box<DbErr>),
    /// A row holds what this program can't have put there, or can't read.
    #[error("a row is broken: table {table}, column {column}, row {row}")]
    Row {
        /// The table.
        table: &'static str,
        /// The column, or the field sealed in it.
        column: &'static str,
        /// The row's opaque id in hexadecimal digits.
        row: String,
    },
    /// The key is not the one this database was made with. Nothing was written.
    #[error("this key is not the one the database was made with; nothing was written")]
    WrongKey,
    /// The database holds records but not the keys that open them. Nothing was written.
    #[error("the database holds records but its own wrapped keys are gone; nothing was written")]
    KeysMissing,
    /// A key is not wrapped by the wrapping key that is to stay. Nothing was dropped.
    #[error("a key is not wrapped by the new wrapping key yet; nothing was dropped")]
    NotYetWrapped,
    /// A change of the wrapping key is not finished.
    #[error("the change of the wrapping key is not finished; finish it first")]
    NotFinished,
    /// The database is older than this program, and was only to be looked at.
    #[error(
        "the database is of an older version: let this version open it once to serve or to import, then look again"
    )]
    OlderSchema,
    /// The key provider failed.
    #[error("the key could not be used")]
    Key(#[source] KeyError),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It has ended already.
    #[error("it has ended already")]
    AlreadyEnded,
    /// Another has that name or id.
    #[error("it exists already")]
    Exists,
    /// The caller asked for something that makes no sense; a fault in the program.
    #[error("the store was asked for something that makes no sense: {0}")]
    Misuse(&'static str),
    /// Too many entries wait to be written.
    #[error("too many entries wait to be written")]
    Busy,
    /// The ledger could not be written; nothing that waited for it was.
    #[error("the ledger could not be written")]
    NotWritten(#[source] Option<Arc<Error>>),
    /// A value is too long to seal.
    #[error("a value is too long")]
    TooLong,
    /// A value can't be written down.
    #[error("a value can't be written down")]
    Unwritable,
}

impl Error {
    pub(crate) fn row(table: &'static str, column: &'static str, row: &[u8]) -> Self {
        Self::Row {
            table,
            column,
            row: data_encoding::HEXLOWER.encode(row),
        }
    }

    /// Whether it is the fault of one entry, found before anything of it was written.
    pub(crate) const fn is_of_one_entry(&self) -> bool {
        !matches!(self, Self::Database(_) | Self::Exists | Self::Connect)
    }

    /// Whether a row is broken, rather than the database or the caller.
    pub const fn is_broken_row(&self) -> bool {
        matches!(self, Self::Row { .. })
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Self::Exists,
            _ => Self::Database(Box::new(error)),
        }
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

/// A standing thing could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// This patient has no such thing.
    #[error("there is no such thing")]
    NotFound,
    /// It has ended already.
    #[error("it has ended already")]
    AlreadyEnded,
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<DbErr> for ChangeError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<domain::consent::AlreadyEnded> for ChangeError {
    fn from(_: domain::consent::AlreadyEnded) -> Self {
        Self::AlreadyEnded
    }
}

impl From<ChangeError> for Error {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotFound => Self::NotFound("thing"),
            ChangeError::AlreadyEnded => Self::AlreadyEnded,
            ChangeError::Store(error) => error,
        }
    }
}
