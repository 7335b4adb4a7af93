//! The keys as written, and the checks that turn them into a [`Config`].

use super::{
    Config, ConfigError, DEFAULT_ADDRESS, Fault, KeySource, LogFormat, Network, Requests, Session,
    Storage, Tls, Variables,
    audit::{RawAudit, audit},
    database_in, key_in,
    mail::{RawMail, mail},
    notice::{RawNotice, notice},
    source,
    token::{RawToken, token},
};
use figment::Figment;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};
use url::Url;

/// Every key. No `Debug`: some values are secrets.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    /// Where to listen: an address and a port. Default `127.0.0.1:8080`.
    address: Option<String>,
    /// The address people type, `https://` and a host; cookies, passkeys and the same-origin check hang on it.
    public_url: Option<String>,
    /// A directory for the database and the key file; each may be put elsewhere by its own key.
    data_dir: Option<PathBuf>,
    /// `sqlite:///path/confide.db?mode=rwc` or `postgres://…`. With a password in it only as
    /// `CONFIDE_DATABASE_URL` or by `database_url_file`.
    database_url: Option<String>,
    /// A file that holds the database URL.
    database_url_file: Option<PathBuf>,
    /// The file with the key that wraps all others, mode 0600; made on first use.
    key_file: Option<PathBuf>,
    /// The key itself; only as the variable `CONFIDE_KEY`.
    key: Option<String>,
    /// The wrapping key inside a token.
    pkcs11: RawToken,
    /// The time zone in which people read dates, by its IANA name. Default `America/New_York`.
    time_zone: Option<String>,
    /// Organizations that are Part 2 programs: references, identifiers (`system|value`) or names.
    part2_organizations: Vec<String>,
    /// Addresses or ranges of the proxies whose `X-Forwarded-For` is believed. Default: none.
    trusted_proxies: Vec<String>,
    /// TLS, when no proxy does it.
    tls: Option<RawTls>,
    /// How long sessions last.
    session: RawSession,
    /// Limits on requests.
    requests: RawRequests,
    /// How letters are sent.
    mail: RawMail,
    /// What the patient notice is filled in with.
    notice: RawNotice,
    /// Checkpoints of the ledger.
    audit: RawAudit,
    /// The log.
    log: RawLog,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTls {
    /// PEM file: the certificate, then its intermediates.
    certificate: PathBuf,
    /// PEM file: the private key.
    key: PathBuf,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawSession {
    /// Minutes without a request, 1 to 15. Default 15.
    idle_minutes: Option<u64>,
    /// Hours in all, 1 to 12. Default 12.
    total_hours: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawRequests {
    /// Seconds until a request is given up, 1 to 300. Default 30.
    timeout_seconds: Option<u64>,
    /// Requests that one address may send at once. Default 120.
    burst: Option<u32>,
    /// Requests a second that one address is granted anew. Default 20.
    per_second: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawLog {
    /// `text` or `json`. Default `text`.
    format: Option<String>,
    /// What is logged, in the words of `tracing`'s `EnvFilter`. Default `info` for this product, `warn` for the rest.
    filter: Option<String>,
}

/// Collects faults, so that an operator sees all of them at once.
pub(super) struct Check<'a> {
    pub(super) figment: &'a Figment,
    faults: Vec<Fault>,
}

impl Check<'_> {
    pub(super) fn fault(&mut self, key: &str, reason: impl Into<String>) {
        let place = source::place(self.figment, key);
        self.faults.push(Fault::wrong(key, reason).at(place));
    }

    pub(super) fn missing(&mut self, key: &str, reason: &str) {
        self.faults.push(Fault::missing(key, reason));
    }

    pub(super) fn parse<T: FromStr>(
        &mut self,
        key: &str,
        text: Option<&str>,
        expected: &str,
    ) -> Option<T> {
        let parsed = text?.trim().parse().ok();
        if parsed.is_none() {
            self.fault(key, format!("must be {expected}"));
        }
        parsed
    }

    pub(super) fn within(&mut self, key: &str, value: Option<u64>, default: u64, most: u64) -> u64 {
        let value = value.unwrap_or(default);
        if !(1..=most).contains(&value) {
            self.fault(key, format!("must be between 1 and {most}"));
        }
        value
    }
}

/// Reads and checks. `directory` is the `--data` of the command line, which wins over everything.
pub(super) fn read(
    file: Option<&Path>,
    variables: &Variables,
    directory: Option<&Path>,
) -> Result<Config, ConfigError> {
    let figment = source::gather(file, variables)?;
    let mut raw: Raw = figment.extract().map_err(source::faults)?;
    if let Some(directory) = directory {
        raw.data_dir = Some(directory.to_owned());
        (
            raw.database_url,
            raw.database_url_file,
            raw.key_file,
            raw.key,
        ) = (None, None, None, None);
        raw.pkcs11 = RawToken::default();
    }
    let mut check = Check {
        figment: &figment,
        faults: Vec::new(),
    };
    let storage = storage(&mut check, &raw);
    let address = check.parse(
        "address",
        raw.address.as_deref(),
        "an address and a port, such as \"127.0.0.1:8080\"",
    );
    let public_url = public_url(&mut check, raw.public_url.as_deref());
    let time_zone = check.parse(
        "time_zone",
        raw.time_zone.as_deref(),
        "the IANA name of a time zone, such as \"America/Chicago\"",
    );
    let trusted_proxies = networks(&mut check, &raw.trusted_proxies);
    if raw
        .part2_organizations
        .iter()
        .any(|name| name.trim().is_empty())
    {
        check.fault("part2_organizations", "must not hold an empty text");
    }
    let session = session(&mut check, &raw.session);
    let requests = requests(&mut check, &raw.requests);
    let mail = mail(&mut check, &raw.mail);
    let notice = notice(&mut check, &raw.notice);
    let audit = audit(&mut check, &raw.audit);
    let log_format = match raw.log.format.as_deref() {
        None | Some("text") => LogFormat::Text,
        Some("json") => LogFormat::Json,
        Some(_) => {
            check.fault("log.format", "must be \"text\" or \"json\"");
            LogFormat::Text
        }
    };
    let log_filter = raw
        .log
        .filter
        .unwrap_or_else(|| crate::logging::DEFAULT_FILTER.to_owned());
    if tracing_subscriber::EnvFilter::try_new(&log_filter).is_err() {
        check.fault(
            "log.filter",
            "must be a filter such as \"info,portal=debug\"",
        );
    }
    match storage {
        Some(storage) if check.faults.is_empty() => Ok(Config {
            address: address.unwrap_or(DEFAULT_ADDRESS),
            public_url,
            storage,
            tls: raw.tls.map(|tls| Tls {
                certificate: tls.certificate,
                key: tls.key,
            }),
            trusted_proxies,
            time_zone: time_zone.unwrap_or(chrono_tz::America::New_York),
            part2_organizations: raw.part2_organizations,
            session,
            requests,
            mail,
            notice,
            audit,
            log_format,
            log_filter,
        }),
        _ => Err(ConfigError {
            faults: check.faults,
        }),
    }
}

fn storage(check: &mut Check<'_>, raw: &Raw) -> Option<Storage> {
    let database_url = database_url(check, raw);
    let key = key(check, raw);
    Some(Storage {
        database_url: database_url?,
        key: key?,
    })
}

fn database_url(check: &mut Check<'_>, raw: &Raw) -> Option<SecretString> {
    let (key, url) = match (&raw.database_url, &raw.database_url_file, &raw.data_dir) {
        (Some(_), Some(_), _) => {
            check.fault(
                "database_url_file",
                "can't stand beside database_url: give one of them",
            );
            return None;
        }
        (Some(url), None, _) => ("database_url", SecretString::from(url.as_str())),
        (None, Some(path), _) => {
            let Ok(url) = std::fs::read_to_string(path) else {
                check.fault("database_url_file", "names a file that can't be read");
                return None;
            };
            ("database_url_file", SecretString::from(url.trim()))
        }
        (None, None, Some(directory)) => return Some(database_in(directory)),
        (None, None, None) => {
            check.faults.push(Fault::missing(
                "data_dir",
                "is needed: a directory for the database and the key (or database_url and key_file)",
            ));
            return None;
        }
    };
    let written_in_file = !source::place(check.figment, "database_url")
        .is_some_and(|place| place.starts_with("environment"));
    match Url::parse(url.expose_secret()) {
        Ok(parsed) if !matches!(parsed.scheme(), "sqlite" | "postgres" | "postgresql") => {
            check.fault(key, "must start with sqlite: or postgres:");
            None
        }
        Ok(parsed) if key == "database_url" && parsed.password().is_some() && written_in_file => {
            check.fault(
                key,
                "must not hold a password here: use CONFIDE_DATABASE_URL or database_url_file",
            );
            None
        }
        Err(_) if !url.expose_secret().starts_with("sqlite:") => {
            check.fault(key, "must be a database URL");
            None
        }
        _ => Some(url),
    }
}

fn key(check: &mut Check<'_>, raw: &Raw) -> Option<KeySource> {
    if raw.pkcs11.is_given() {
        if raw.key.is_some() || raw.key_file.is_some() {
            check.fault(
                "pkcs11",
                "can't stand beside key_file or CONFIDE_KEY: give one of them",
            );
            return None;
        }
        return token(check, &raw.pkcs11).map(KeySource::Token);
    }
    let from_variable =
        source::place(check.figment, "key").is_some_and(|place| place.starts_with("environment"));
    match (&raw.key, &raw.key_file, &raw.data_dir) {
        (Some(_), _, _) if !from_variable => {
            check.fault(
                "key",
                "must not stand in the file: use CONFIDE_KEY or key_file",
            );
            None
        }
        (Some(_), Some(_), _) => {
            check.fault("key", "can't stand beside key_file: give one of them");
            None
        }
        (Some(key), None, _) => Some(KeySource::Environment(key.as_str().into())),
        (None, Some(path), _) => Some(KeySource::File(path.clone())),
        (None, None, Some(directory)) => Some(KeySource::File(key_in(directory))),
        (None, None, None) => {
            check.faults.push(Fault::missing(
                "key_file",
                "is needed: the file with the key that wraps all others (or data_dir, CONFIDE_KEY, or [pkcs11])",
            ));
            None
        }
    }
}

fn public_url(check: &mut Check<'_>, text: Option<&str>) -> Option<Url> {
    let url: Url = check.parse(
        "public_url",
        text,
        "an address such as \"https://records.example.org\"",
    )?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !plain {
        check.fault(
            "public_url",
            "must be a scheme and a host only, without a path",
        );
    }
    Some(url)
}

fn networks(check: &mut Check<'_>, texts: &[String]) -> Vec<Network> {
    texts
        .iter()
        .filter_map(|text| {
            check.parse(
                "trusted_proxies",
                Some(text),
                "a list of addresses or ranges such as \"10.0.0.0/8\"",
            )
        })
        .collect()
}

fn session(check: &mut Check<'_>, raw: &RawSession) -> Session {
    let idle = check.within("session.idle_minutes", raw.idle_minutes, 15, 15);
    let total = check.within("session.total_hours", raw.total_hours, 12, 12);
    Session {
        idle: Duration::from_secs(idle.saturating_mul(60)),
        total: Duration::from_secs(total.saturating_mul(3600)),
    }
}

fn requests(check: &mut Check<'_>, raw: &RawRequests) -> Requests {
    let timeout = check.within("requests.timeout_seconds", raw.timeout_seconds, 30, 300);
    let burst = check.within("requests.burst", raw.burst.map(u64::from), 120, 1_000_000);
    let per_second = check.within(
        "requests.per_second",
        raw.per_second.map(u64::from),
        20,
        1_000_000,
    );
    Requests {
        timeout: Duration::from_secs(timeout),
        burst: u32::try_from(burst).unwrap_or(u32::MAX),
        per_second: u32::try_from(per_second).unwrap_or(u32::MAX),
    }
}
