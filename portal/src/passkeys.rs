//! Passkeys: the factor that can't be phished (LAW F5). WebAuthn Level 2, by `webauthn-rs`.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`factors`](factors()) | what an account signs in with, for its own page |
//! | [`registration`] | adding a passkey and taking one away, both behind a step-up (LAW F7) |
//! | [`assertion`] | signing in and stepping up with one |
//!
//! A passkey is discoverable (it carries the account's id, so nobody types a name) and always verifies the person
//! (fingerprint, face, PIN), so it counts as two factors by itself. What a ceremony must remember between its two
//! requests stays in the session, here on the server, and serves once.

pub mod assertion;
mod ceremony;
mod factors;
pub mod registration;

pub use factors::{Factors, Listed, factors};

use crate::refusal::Cause;
use crate::{Portal, Refusal};
use chrono::TimeDelta;
use core::fmt;
use domain::clock::Instant;
use serde::{Deserialize, Serialize};
use store::Account;
use uuid::Uuid;
use webauthn_rs::prelude::{Passkey, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// What password managers and browsers call this site.
pub(crate) const NAME: &str = "Confide";
/// How many passkeys an account may have.
pub const AT_MOST: usize = 20;
/// The longest label, in characters.
pub const LABEL_AT_MOST: usize = 60;
/// How long a ceremony may take: as long as a second factor may be waited for.
const CEREMONY_FOR: TimeDelta = TimeDelta::minutes(10);

/// A change of factors that a person confirms before it is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Change {
    /// Add a passkey.
    Add,
    /// Take this passkey away.
    Remove(Uuid),
    /// Take another password.
    Password,
    /// Set up an authenticator app, in place of the one there may be.
    App,
    /// Take the authenticator app away.
    RemoveApp,
    /// Take new recovery codes in place of the old ones.
    RecoveryCodes,
}

/// A passkey as the account keeps it.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    /// Its name in addresses; not the credential's own id, which stays here.
    id: Uuid,
    /// What the person calls it; may be empty.
    label: String,
    added: Instant,
    used: Option<Instant>,
    /// SHA-256 of the answer it gave last, which can't serve again.
    spent: Option<[u8; 32]>,
    key: Passkey,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The passkeys of an account, in the order they were added. One that can't be read signs nobody in.
fn kept(account: &Account) -> Vec<Kept> {
    account.passkeys.iter().filter_map(read).collect()
}

fn read(value: &serde_json::Value) -> Option<Kept> {
    let read = Kept::deserialize(value).ok();
    if read.is_none() {
        tracing::error!("a passkey can't be read");
    }
    read
}

fn written(kept: &Kept) -> Option<serde_json::Value> {
    serde_json::to_value(kept).ok()
}

/// Whether the account can still sign in with two factors without this passkey (LAW F5).
fn can_spare(account: &Account, passkey: Uuid) -> bool {
    let by_code = account.password_hash.is_some() && account.totp_secret.is_some();
    by_code || kept(account).iter().any(|other| other.id != passkey)
}

/// Whether a passkey signs in to this account.
pub(crate) fn any(account: &Account) -> bool {
    !kept(account).is_empty()
}

/// The relying party of that origin (`https://records.example.org`); `None` where browsers allow no passkeys:
/// addresses that are numbers. The id is the whole host, so that no other host of the same domain gets to see one.
pub(crate) fn relying_party(origin: &str) -> Option<Webauthn> {
    let origin = Url::parse(origin).ok()?;
    let host = origin.domain()?;
    WebauthnBuilder::new(host, &origin)
        .ok()?
        .rp_name(NAME)
        .build()
        .ok()
}

/// Whether this portal offers passkeys at all.
pub fn offered(portal: &Portal) -> bool {
    portal.relying_party().is_some()
}

fn party(portal: &Portal) -> Result<&Webauthn, Refusal> {
    portal.relying_party().ok_or(Refusal::NotAvailable)
}

/// What could not be made or written as JSON.
fn broken<E>(_: E) -> Refusal {
    Refusal::Unavailable(Cause::Passkey)
}

#[cfg(test)]
mod tests {
    use super::{can_spare, relying_party};
    use domain::id::{AccountId, PersonId};
    use serde_json::{Value, json};
    use store::{Account, SecretBytes};
    use uuid::Uuid;

    /// A passkey as it is kept, of that number.
    fn passkey(number: u128) -> Value {
        json!({
            "id": Uuid::from_u128(number),
            "label": "",
            "added": "2026-06-03T18:05:00Z",
            "used": null,
            "spent": null,
            "key": { "cred": {
                "cred_id": "uZcVDBVS68E_MtAgeQpElA",
                "cred": { "type_": "ES256", "key": { "EC_EC2": {
                    "curve": "SECP256R1",
                    "x": [
                        194, 126, 127, 109, 252, 23, 131, 21, 252, 6, 223, 99, 44, 254, 140, 27,
                        230, 17, 94, 5, 133, 28, 104, 41, 144, 69, 171, 149, 161, 26, 200, 243
                    ],
                    "y": [
                        143, 123, 183, 156, 24, 178, 21, 248, 117, 159, 162, 69, 171, 52, 188, 252,
                        26, 59, 6, 47, 103, 92, 19, 58, 117, 103, 249, 0, 219, 8, 95, 196
                    ]
                } } },
                "counter": 2,
                "transports": null,
                "user_verified": true,
                "backup_eligible": false,
                "backup_state": false,
                "registration_policy": "required",
                "extensions": { "cred_protect": "NotRequested", "hmac_create_secret": "NotRequested" },
                "attestation": { "data": "None", "metadata": "None" },
                "attestation_format": "none"
            } }
        })
    }

    fn account(passkeys: Vec<Value>, password: bool, app: bool) -> Account {
        Account {
            id: AccountId(Uuid::nil()),
            sign_in: "person@example.org".to_owned(),
            password_hash: password.then(|| "a hash".to_owned()),
            totp_secret: app.then(|| SecretBytes::new(vec![7; 20])),
            recovery_codes: Vec::new(),
            passkeys,
            person: PersonId(Uuid::nil()),
            roles: Vec::new(),
            created: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_last_way_to_sign_in_stays() {
        let first = Uuid::from_u128(1);
        let only = || vec![passkey(1)];
        assert!(can_spare(&account(only(), true, true), first));
        assert!(!can_spare(&account(only(), true, false), first));
        assert!(!can_spare(&account(only(), false, true), first));
        assert!(!can_spare(&account(only(), false, false), first));
        let two = vec![passkey(1), passkey(2)];
        assert!(can_spare(&account(two, false, false), first));
        // One that can't be read signs nobody in.
        let broken = vec![passkey(1), json!({ "id": Uuid::from_u128(2) })];
        assert!(!can_spare(&account(broken, false, false), first));
    }

    #[test]
    fn passkeys_need_a_host_with_a_name() {
        assert!(relying_party("https://records.example.org").is_some());
        assert!(relying_party("http://localhost:3000").is_some());
        for none in [
            "http://127.0.0.1:3000",
            "https://[::1]",
            "records.example.org",
            "",
        ] {
            assert!(relying_party(none).is_none(), "{none}");
        }
    }
}
