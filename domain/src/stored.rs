//! Reading what was stored: a limit that is not there is a fault, not "no limit".

use serde::{Deserialize, Deserializer};

/// Reads an optional value that must be written, if only as `null`.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}
