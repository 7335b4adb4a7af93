//! `[pkcs11]`: the wrapping key inside a token.

use super::{raw::Check, source};
use secrecy::SecretString;
use serde::Deserialize;
use std::path::PathBuf;
use store::keys::TokenPlace;
use zeroize::Zeroizing;

/// The keys as written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawToken {
    /// The module of the token's maker: a shared library.
    module: Option<PathBuf>,
    /// The token's label.
    token: Option<String>,
    /// The key's label in the token; it is made there when the database is made. Default `confide`.
    key: Option<String>,
    /// The user's PIN; only as the variable `CONFIDE_PKCS11__PIN`.
    pin: Option<String>,
    /// A file that holds the PIN.
    pin_file: Option<PathBuf>,
}

impl RawToken {
    /// Whether anything was said.
    pub(super) const fn is_given(&self) -> bool {
        self.module.is_some()
            || self.token.is_some()
            || self.key.is_some()
            || self.pin.is_some()
            || self.pin_file.is_some()
    }
}

/// Checks the keys; `None`: something is wrong with them.
pub(super) fn token(check: &mut Check<'_>, raw: &RawToken) -> Option<TokenPlace> {
    let pin = pin(check, raw);
    let Some(module) = raw.module.clone() else {
        check.missing("pkcs11.module", "is needed beside the rest of [pkcs11]");
        return None;
    };
    let Some(token) = raw.token.clone() else {
        check.missing(
            "pkcs11.token",
            "is needed beside the rest of [pkcs11]: the token's label",
        );
        return None;
    };
    Some(TokenPlace {
        module,
        token,
        key: raw.key.clone().unwrap_or_else(|| "confide".to_owned()),
        pin: pin?,
    })
}

fn pin(check: &mut Check<'_>, raw: &RawToken) -> Option<SecretString> {
    let from_variable = source::place(check.figment, "pkcs11.pin")
        .is_some_and(|place| place.starts_with("environment"));
    match (&raw.pin, &raw.pin_file) {
        (Some(_), _) if !from_variable => {
            check.fault(
                "pkcs11.pin",
                "must not stand in the file: use CONFIDE_PKCS11__PIN or pkcs11.pin_file",
            );
            None
        }
        (Some(_), Some(_)) => {
            check.fault(
                "pkcs11.pin_file",
                "can't stand beside CONFIDE_PKCS11__PIN: give one of them",
            );
            None
        }
        (Some(pin), None) => Some(SecretString::from(pin.as_str())),
        (None, Some(path)) => {
            let Ok(pin) = std::fs::read_to_string(path).map(Zeroizing::new) else {
                check.fault("pkcs11.pin_file", "names a file that can't be read");
                return None;
            };
            Some(SecretString::from(pin.trim()))
        }
        (None, None) => {
            check.missing(
                "pkcs11.pin_file",
                "is needed: a file with the token's PIN (or CONFIDE_PKCS11__PIN)",
            );
            None
        }
    }
}
