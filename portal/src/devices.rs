//! Devices somebody signed in from before. A browser keeps 128 random bits in a cookie of its own; the account keeps
//! their keyed hash. What it is for: a flood of wrong passwords from elsewhere doesn't stop the owner's own browser
//! (LAW F6), and a sign-in from a browser that is new is told to the owner. The cookie alone opens nothing.

mod agent;

pub use agent::{Agent, Browser, System};

use crate::caller::Caller;
use crate::letters::{self, Kind};
use crate::{Portal, Refusal};
use core::fmt;
use data_encoding::BASE64URL_NOPAD;
use domain::id::AccountId;
use std::sync::{Arc, Mutex, PoisonError};
use store::Account;
use uuid::Uuid;

/// How many random bytes a device's cookie holds.
const BYTES: usize = 16;

/// The device's cookie: what came with the request, and what goes with the answer. Cheap to clone; clones are one.
#[derive(Clone, Default)]
pub struct DeviceCookie(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    came: Option<String>,
    goes: Option<String>,
}

impl DeviceCookie {
    /// What came with the request. Anything that is not one of our cookies counts as none.
    pub fn came(value: Option<&str>) -> Self {
        let came = value
            .filter(|value| {
                BASE64URL_NOPAD
                    .decode(value.as_bytes())
                    .is_ok_and(|bytes| bytes.len() == BYTES)
            })
            .map(ToOwned::to_owned);
        Self(Arc::new(Mutex::new(Held { came, goes: None })))
    }

    /// What the answer sets the cookie to; `None`: it stays as it is.
    pub fn goes(&self) -> Option<String> {
        self.held(|held| held.goes.clone())
    }

    fn token(&self) -> Option<String> {
        self.held(|held| held.goes.clone().or_else(|| held.came.clone()))
    }

    /// What it holds, drawn if it holds nothing; goes with the answer either way, so that its year begins anew.
    fn keep(&self, portal: &Portal) -> String {
        let drawn: [u8; BYTES] = store::entropy::random(portal.store().entropy());
        let token = self
            .token()
            .unwrap_or_else(|| BASE64URL_NOPAD.encode(&drawn));
        self.held(|held| held.goes = Some(token.clone()));
        token
    }

    fn held<T>(&self, with: impl FnOnce(&mut Held) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for DeviceCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceCookie([redacted])")
    }
}

/// Whether somebody signed in to an account from a device before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Device {
    /// Yes.
    Known,
    /// No, or nobody can tell.
    Unknown,
}

/// Whether one of these accounts was signed in to from this device. Looks as long where there is no account.
pub(crate) async fn device(
    portal: &Portal,
    cookie: &DeviceCookie,
    accounts: &[Account],
) -> Result<Device, Refusal> {
    let token = cookie.token().unwrap_or_default();
    let nobody = [AccountId(Uuid::nil())];
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let ids = if ids.is_empty() { &nobody[..] } else { &ids };
    let mut device = Device::Unknown;
    for id in ids {
        if portal.store().knows_device(*id, &token).await? {
            device = Device::Known;
        }
    }
    Ok(device)
}

/// Remembers the device that was signed in from. The owner gets a letter when it is new, unless `told` otherwise.
pub(crate) async fn remember(
    portal: &Portal,
    caller: &Caller,
    account: &Account,
    told: bool,
) -> Result<(), Refusal> {
    let letters = if told {
        Vec::new()
    } else {
        letters::to(portal, account, Kind::NewDevice, caller.agent).await?
    };
    let token = caller.device.keep(portal);
    portal
        .store()
        .remember_device(account.id, &token, &letters)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::DeviceCookie;

    #[test]
    fn only_a_cookie_of_ours_counts() {
        let ours = "AAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(
            DeviceCookie::came(Some(ours)).token().as_deref(),
            Some(ours)
        );
        for other in [
            "",
            "short",
            "AAAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAA==",
            "é",
        ] {
            assert_eq!(DeviceCookie::came(Some(other)).token(), None, "{other}");
        }
        assert_eq!(DeviceCookie::came(Some(ours)).goes(), None);
    }
}
