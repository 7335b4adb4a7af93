//! Time is a parameter: nothing in this crate asks the machine for it.

use chrono::{DateTime, Utc};

/// An instant in UTC.
pub type Instant = DateTime<Utc>;

/// Where the rest of the product gets the time from.
///
/// Only `server/src/main.rs` may make the one that reads the machine's clock; tests bring their own.
pub trait Clock: Send + Sync {
    /// The present instant, rounded to microseconds (the finest that every supported database keeps).
    fn now(&self) -> Instant;
}
