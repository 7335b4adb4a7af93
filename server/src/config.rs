//! What the operator sets: a TOML file, overridden by `CONFIDE_…` variables, checked before anything starts.
//!
//! A variable's name is the key in capitals, with `__` between a table and its key:
//! `CONFIDE_SESSION__IDLE_MINUTES=10`. Lists are written as in TOML: `CONFIDE_TRUSTED_PROXIES='["10.0.0.0/8"]'`.
//! Secrets come from files or variables only and are never printed. `config.example.toml` beside this crate's
//! manifest shows every key; `docs/operations.md` explains them.

mod audit;
mod fault;
mod mail;
mod network;
mod notice;
mod raw;
mod source;
mod token;

pub use audit::Audit;
pub use fault::{ConfigError, Fault};
pub use mail::{Mail, MailWay, SmtpSecurity, SmtpServer};
pub use network::Network;

use chrono_tz::Tz;
use secrecy::SecretString;
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};
use store::keys::TokenPlace;
use url::Url;

/// Environment variables as the process got them.
pub type Variables = Vec<(String, String)>;

/// Where the key is that wraps all others.
pub enum KeySource {
    /// A file of mode 0600, made on first use.
    File(PathBuf),
    /// The variable `CONFIDE_KEY`.
    Environment(SecretString),
    /// Inside a PKCS#11 token.
    Token(TokenPlace),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => out.debug_tuple("File").field(path).finish(),
            Self::Environment(_) => out.write_str("Environment([redacted])"),
            Self::Token(place) => out.debug_tuple("Token").field(place).finish(),
        }
    }
}

/// Certificate and private key for TLS, both PEM files.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate, followed by its intermediates.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// How long a session lasts (LAW F1).
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// Without a request: 1 to 15 minutes.
    pub idle: Duration,
    /// In all: 1 to 12 hours.
    pub total: Duration,
}

/// What one client address may ask, and how long an answer may take.
#[derive(Clone, Copy, Debug)]
pub struct Requests {
    /// After so long a request is given up.
    pub timeout: Duration,
    /// How many requests may come at once.
    pub burst: u32,
    /// How many a second are granted anew.
    pub per_second: u32,
}

/// How the log is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LogFormat {
    /// A line of text an event.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

/// Where things are kept: all that commands without a server need.
#[derive(Debug)]
pub struct Storage {
    /// `sqlite://…` or `postgres://…`; may carry a password.
    pub database_url: SecretString,
    /// The key that wraps all others.
    pub key: KeySource,
}

/// The whole configuration, checked.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub address: SocketAddr,
    /// The address people type, scheme and host; required to serve.
    pub public_url: Option<Url>,
    /// Where things are kept.
    pub storage: Storage,
    /// TLS, if this process speaks it itself.
    pub tls: Option<Tls>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// The time zone in which people read dates.
    pub time_zone: Tz,
    /// Which organizations are Part 2 programs (POLICY §2).
    pub part2_organizations: Vec<String>,
    /// How long sessions last.
    pub session: Session,
    /// Limits on requests.
    pub requests: Requests,
    /// How letters are sent; `None`: nobody gets one.
    pub mail: Option<Mail>,
    /// What the patient notice is filled in with; `None`: general words (LAW C5).
    pub notice: Option<portal::notice::NoticeFacts>,
    /// How often the ledger is signed, and where the checkpoints go.
    pub audit: Audit,
    /// Format of the log.
    pub log_format: LogFormat,
    /// What is logged, in the words of `tracing`'s `EnvFilter`.
    pub log_filter: String,
}

/// Where `confide serve` listens unless told otherwise: behind a proxy on the same machine.
pub const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

impl Config {
    /// Reads the file, lays the variables over it and checks everything.
    ///
    /// # Errors
    /// Every fault found, each with its key and the place it came from; never with a value.
    pub fn load(file: Option<&Path>, variables: &Variables) -> Result<Self, ConfigError> {
        raw::read(file, variables, None)
    }

    /// The configuration of a data directory alone: an SQLite database and a key file in it.
    ///
    /// # Errors
    /// As [`Config::load`]; variables count here too.
    pub fn of_directory(directory: &Path, variables: &Variables) -> Result<Self, ConfigError> {
        raw::read(None, variables, Some(directory))
    }

    /// The public address, which serving can't do without.
    ///
    /// # Errors
    /// When it is missing, or is not `https` and not on this machine.
    pub fn public_url_to_serve(&self) -> Result<&Url, ConfigError> {
        let url = self.public_url.as_ref().ok_or_else(|| {
            ConfigError::of(Fault::missing(
                "public_url",
                "is needed to serve: the address people type, such as \"https://records.example.org\"",
            ))
        })?;
        if url.scheme() == "https" || is_loopback(url) {
            Ok(url)
        } else {
            Err(ConfigError::of(Fault::wrong(
                "public_url",
                "must start with https:// (plain http is for this machine only)",
            )))
        }
    }
}

/// Whether the address is one of this machine itself.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The database in a data directory.
pub fn database_in(directory: &Path) -> SecretString {
    // `mode=rwc` makes the file on first use.
    format!(
        "sqlite://{}?mode=rwc",
        directory.join("confide.db").display()
    )
    .into()
}

/// The key file in a data directory.
pub fn key_in(directory: &Path) -> PathBuf {
    directory.join("confide.key")
}
