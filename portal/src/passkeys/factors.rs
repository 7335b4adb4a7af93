//! What an account signs in with, for its own page.

use super::{AT_MOST, can_spare, kept, offered};
use crate::actor::Actor;
use crate::{Portal, Refusal};
use core::fmt;
use domain::clock::Instant;
use uuid::Uuid;

/// An account's factors.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and the page shows each by itself"
)]
pub struct Factors {
    /// The person's name.
    pub name: String,
    /// The sign-in name.
    pub sign_in: String,
    /// The passkeys, in the order they were added.
    pub passkeys: Vec<Listed>,
    /// Whether another passkey can be added.
    pub can_add: bool,
    /// Whether an authenticator app is set up.
    pub authenticator: bool,
    /// Whether the app may be taken away: not when nobody could sign in any more.
    pub can_remove_app: bool,
    /// Whether there is a password.
    pub password: bool,
    /// How many recovery codes are left.
    pub recovery_codes: usize,
}

/// A passkey on its owner's page.
pub struct Listed {
    /// Its name in addresses.
    pub id: Uuid,
    /// What the owner calls it; may be empty.
    pub label: String,
    /// When it was added.
    pub added: Instant,
    /// When it was used last.
    pub used: Option<Instant>,
    /// Whether it may be taken away: not when nobody could sign in any more.
    pub can_remove: bool,
}

impl fmt::Debug for Factors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Factors([redacted])")
    }
}

impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listed")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What the person signs in with.
pub async fn factors(portal: &Portal, actor: &Actor) -> Result<Factors, Refusal> {
    let account = portal
        .store()
        .account(actor.account())
        .await?
        .ok_or(Refusal::SignInFirst)?;
    let passkeys: Vec<Listed> = kept(&account)
        .into_iter()
        .map(|kept| Listed {
            can_remove: can_spare(&account, kept.id),
            id: kept.id,
            label: kept.label,
            added: kept.added,
            used: kept.used,
        })
        .collect();
    Ok(Factors {
        name: actor.name().to_owned(),
        can_add: offered(portal) && account.passkeys.len() < AT_MOST,
        authenticator: account.totp_secret.is_some(),
        can_remove_app: crate::factors::can_spare_app(&account),
        password: account.password_hash.is_some(),
        recovery_codes: account.recovery_codes.len(),
        sign_in: account.sign_in,
        passkeys,
    })
}
