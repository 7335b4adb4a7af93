//! `[audit]`: how often the ledger is signed, and where the checkpoints go.

use super::{is_loopback, raw::Check};
use serde::Deserialize;
use std::{path::PathBuf, time::Duration};
use url::Url;

/// How often the ledger is signed, and where the checkpoints go besides the database.
#[derive(Clone, Debug)]
pub struct Audit {
    /// How often, when there is something new.
    pub every: Duration,
    /// A file to which each is appended.
    pub file: Option<PathBuf>,
    /// An address to which each is sent.
    pub url: Option<Url>,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(EVERY * 60),
            file: None,
            url: None,
        }
    }
}

/// Minutes, unless told otherwise.
const EVERY: u64 = 10;
/// Minutes at most: a day.
const AT_MOST: u64 = 24 * 60;

/// The keys as written.
#[expect(
    clippy::struct_field_names,
    reason = "the names in the configuration file"
)]
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAudit {
    /// Minutes between checkpoints, 1 to 1440. Default 10.
    checkpoint_every: Option<u64>,
    /// A file to which each checkpoint is appended; best where the operator of the database can't write.
    checkpoint_file: Option<PathBuf>,
    /// An `https` address to which each checkpoint is sent (POST); `http` on this machine only.
    checkpoint_url: Option<String>,
}

/// Checks the keys.
pub(super) fn audit(check: &mut Check<'_>, raw: &RawAudit) -> Audit {
    let minutes = check.within(
        "audit.checkpoint_every",
        raw.checkpoint_every,
        EVERY,
        AT_MOST,
    );
    Audit {
        every: Duration::from_secs(minutes.saturating_mul(60)),
        file: raw.checkpoint_file.clone(),
        url: url(check, raw.checkpoint_url.as_deref()),
    }
}

fn url(check: &mut Check<'_>, text: Option<&str>) -> Option<Url> {
    const KEY: &str = "audit.checkpoint_url";
    let url: Url = check.parse(
        KEY,
        text,
        "an address such as \"https://witness.example.org/add-checkpoint\"",
    )?;
    let closed = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if !closed || !url.has_host() {
        check.fault(
            KEY,
            "must start with https:// (plain http is for this machine only)",
        );
        return None;
    }
    if !url.username().is_empty() || url.password().is_some() {
        check.fault(KEY, "must not hold a name or a password");
        return None;
    }
    Some(url)
}
