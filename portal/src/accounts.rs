//! Accounts: making one, and the two secrets that belong to it.

use crate::passwords::normal;
use crate::refusal::Cause;
use crate::{Portal, Refusal};
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier};
use domain::clock::Instant;
use domain::id::{AccountId, PersonId};
use domain::party::{Role, is_in_force};
use secrecy::SecretString;
use store::{Account, PersonRecord, SecretBytes, Stamp};

pub use crate::authenticator::of as authenticator;

/// An account to be made.
pub struct NewAccount {
    /// The sign-in name: an e-mail address.
    pub sign_in: String,
    /// The password.
    pub password: SecretString,
    /// The person it belongs to.
    pub person: PersonId,
    /// The roles, the first of which is taken at sign-in.
    pub roles: Vec<Role>,
    /// The authenticator's secret (RFC 6238), 20 bytes or more.
    pub totp_secret: SecretBytes,
}

/// Makes an account.
///
/// # Errors
/// When the name is taken or the store can't be used.
pub async fn create(portal: &Portal, stamp: &Stamp, new: NewAccount) -> Result<AccountId, Refusal> {
    let store = portal.store();
    let hash = hash(portal, new.password).await?;
    let account = Account {
        id: AccountId::from_random(store::entropy::random(store.entropy())),
        sign_in: new.sign_in,
        password_hash: Some(hash),
        totp_secret: Some(new.totp_secret),
        recovery_codes: Vec::new(),
        passkeys: Vec::new(),
        person: new.person,
        roles: new.roles,
        created: portal.now(),
    };
    let id = account.id;
    store.create_account(stamp, account).await?;
    Ok(id)
}

/// Hashes a password with argon2id, off the request threads and few at a time.
pub(crate) async fn hash(portal: &Portal, password: SecretString) -> Result<String, Refusal> {
    let salt: [u8; 16] = store::entropy::random(portal.store().entropy());
    let password = normal(&password);
    let Ok(_turn) = portal.hashing().acquire_owned().await else {
        return Err(Refusal::Unavailable(Cause::Worker));
    };
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|_| Refusal::Unavailable(Cause::Worker))
    })
    .await
    .map_err(|_| Refusal::Unavailable(Cause::Worker))?
}

/// Whether the password is the one that was hashed; takes as long when there is no hash (LAW F8: generic answers).
pub(crate) async fn verify(
    portal: &Portal,
    password: SecretString,
    hash: Option<String>,
) -> Result<bool, Refusal> {
    /// A hash with the same cost as ours, of nothing anybody types.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRmb3Jub25l$4gL8Qh0y3B2PZ0m0m8mQkqjYx3hY8z0m0J2Jm1j1v0A";
    let password = normal(&password);
    let Ok(_turn) = portal.hashing().acquire_owned().await else {
        return Err(Refusal::Unavailable(Cause::Worker));
    };
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let text = hash.unwrap_or_else(|| NOBODY.to_owned());
        let verified = PasswordHash::new(&text).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        known && verified
    })
    .await
    .map_err(|_| Refusal::Unavailable(Cause::Worker))
}

/// The roles in which somebody may work now: those of the account, without the ones whose places of work have not begun
/// or are over.
pub(crate) fn in_force(account: &Account, person: &PersonRecord, now: Instant) -> Vec<Role> {
    let held = |role: &Role| is_in_force(*role, &person.memberships, now);
    account.roles.iter().copied().filter(held).collect()
}

/// How an account stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Its owner can sign in.
    Active,
    /// What it signed in with was taken away; it waits to be set up anew.
    Reset,
}

/// An account, as those see it who look after accounts.
#[derive(Clone)]
pub struct Overview {
    /// Which.
    pub account: AccountId,
    /// Whose.
    pub person: PersonId,
    /// The person's name.
    pub name: Option<String>,
    /// The sign-in name.
    pub sign_in: String,
    /// The roles.
    pub roles: Vec<Role>,
    /// When it was made.
    pub created: Instant,
    /// When it was signed in to last.
    pub last_used: Option<Instant>,
    /// How it stands.
    pub standing: Standing,
}

impl core::fmt::Debug for Overview {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Overview")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// Every account.
pub async fn overview(portal: &Portal) -> Result<Vec<Overview>, Refusal> {
    let store = portal.store();
    let mut lines = Vec::new();
    for (account, last_used) in store.all_accounts().await? {
        let standing = standing(&account);
        let person = store.person(account.person).await?;
        lines.push(Overview {
            account: account.id,
            person: account.person,
            name: person.map(|person| person.name),
            sign_in: account.sign_in,
            roles: account.roles,
            created: account.created,
            last_used,
            standing,
        });
    }
    Ok(lines)
}

pub(crate) fn standing(account: &Account) -> Standing {
    let by_code = account.password_hash.is_some() && account.totp_secret.is_some();
    if by_code || crate::passkeys::any(account) {
        Standing::Active
    } else {
        Standing::Reset
    }
}
