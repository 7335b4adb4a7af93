//! Changing what one signs in with: password, authenticator app, recovery codes. Passkeys are in [`crate::passkeys`].
//!
//! Each change takes a fresh factor for that very change, ends the account's other sessions and is announced (LAW F7).
//! No change takes the last way to sign in with two factors away (LAW F5).

use crate::accounts;
use crate::actor::Actor;
use crate::announce::Announcement;
use crate::authenticator::{self, Setup};
use crate::passkeys::{self, Change};
use crate::passwords::{self, Weakness};
use crate::recovery_codes::{self, Fresh};
use crate::sign_in::{self, Outcome};
use crate::step_up::{self, Action};
use crate::{Portal, Refusal, session};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::id::AccountId;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::{Account, Event, SecretBytes};
use tower_sessions::Session;

/// The words of the ledger for each change.
pub(crate) const PASSKEY_ADDED: &str = "passkey-added";
pub(crate) const PASSKEY_REMOVED: &str = "passkey-removed";
const PASSWORD: &str = "password-changed";
const APP: &str = "authenticator-set-up";
const APP_REMOVED: &str = "authenticator-removed";
const CODES: &str = "recovery-codes-renewed";
const SIGN_IN: &str = "sign-in-changed";

const DRAFT: &str = "authenticator-draft";
const FRESH: &str = "recovery-codes";
/// How long new codes can be looked at again, and a new secret confirmed.
const SHOWN_FOR: TimeDelta = TimeDelta::minutes(10);

/// Something secret that is shown on one person's page, for a while.
#[derive(Serialize, Deserialize)]
struct ForNow<T> {
    what: T,
    at: Instant,
}

/// How taking the authenticator app away ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Removal {
    /// It is gone.
    Done,
    /// It stays: without it nobody could sign in.
    Last,
}

/// Takes another password.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without a fresh factor for it.
pub async fn change_password(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    password: SecretString,
) -> Result<Result<(), Weakness>, Refusal> {
    const CHANGE: Action = Action::ChangeFactors(Change::Password);
    if !step_up::stands(portal, session, &CHANGE).await? {
        return Err(Refusal::StepUpFirst);
    }
    let account = account_of(portal, actor).await?;
    let about = [actor.name(), account.sign_in.as_str()];
    if let Err(weakness) = passwords::check(portal, &password, &about).await? {
        return Ok(Err(weakness));
    }
    let hash = accounts::hash(portal, password).await?;
    step_up::take(portal, session, &CHANGE).await?;
    change(portal, actor, move |account| {
        account.password_hash = Some(hash);
        Some(())
    })
    .await?;
    changed(portal, session, actor, PASSWORD).await?;
    Ok(Ok(()))
}

/// What an app needs: the same secret until it is confirmed or the time for it is over.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without a fresh factor for it.
pub async fn start_app(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
) -> Result<Setup, Refusal> {
    const CHANGE: Action = Action::ChangeFactors(Change::App);
    if !step_up::stands(portal, session, &CHANGE).await? {
        return Err(Refusal::StepUpFirst);
    }
    let secret = if let Some(secret) = shown::<Vec<u8>>(portal, session, DRAFT).await? {
        SecretBytes::new(secret)
    } else {
        let secret = authenticator::draw(portal.store().entropy());
        show(portal, session, DRAFT, secret.expose().to_vec()).await?;
        secret
    };
    let account = account_of(portal, actor).await?;
    authenticator::setup(&secret, &account.sign_in).ok_or(Refusal::NotAvailable)
}

/// Sets the app up, once it shows the code of the new secret; the old secret gives no codes any more.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without a fresh factor for it, or when it was left for too long.
pub async fn finish_app(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    code: &SecretString,
) -> Result<Outcome, Refusal> {
    let Some(secret) = shown::<Vec<u8>>(portal, session, DRAFT).await? else {
        return Err(Refusal::StepUpFirst);
    };
    let secret = SecretBytes::new(secret);
    let Some(step) = authenticator::step(&secret, code, portal.now()) else {
        return Ok(Outcome::Refused);
    };
    step_up::take(portal, session, &Action::ChangeFactors(Change::App)).await?;
    session.remove::<ForNow<Vec<u8>>>(DRAFT).await?;
    change(portal, actor, move |account| {
        account.totp_secret = Some(secret);
        Some(())
    })
    .await?;
    // The code that confirmed it signs nobody in.
    portal.store().use_totp_step(actor.account(), step).await?;
    changed(portal, session, actor, APP).await?;
    Ok(Outcome::Accepted)
}

/// Whether the app may be taken away: only where a passkey is left to sign in with.
pub(crate) fn can_spare_app(account: &Account) -> bool {
    account.totp_secret.is_some() && passkeys::any(account)
}

/// Takes the app away; its codes confirm nothing from this moment on.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without a fresh factor for it; [`Refusal::NotAvailable`] when there is none.
pub async fn remove_app(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
) -> Result<Removal, Refusal> {
    let account = account_of(portal, actor).await?;
    if account.totp_secret.is_none() {
        return Err(Refusal::NotAvailable);
    }
    if !can_spare_app(&account) {
        return Ok(Removal::Last);
    }
    step_up::take(portal, session, &Action::ChangeFactors(Change::RemoveApp)).await?;
    let removed = change(portal, actor, |account| {
        // Looked at again: the last passkey may have gone in the meantime.
        if !can_spare_app(account) {
            return None;
        }
        account.totp_secret = None;
        Some(())
    })
    .await?;
    if removed.is_none() {
        return Ok(Removal::Last);
    }
    changed(portal, session, actor, APP_REMOVED).await?;
    Ok(Removal::Done)
}

/// Draws new recovery codes; the old ones are worth nothing from this moment on. [`new_codes`] shows them.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without a fresh factor for it.
pub async fn renew_codes(portal: &Portal, session: &Session, actor: &Actor) -> Result<(), Refusal> {
    step_up::take(
        portal,
        session,
        &Action::ChangeFactors(Change::RecoveryCodes),
    )
    .await?;
    let fresh = recovery_codes::draw(portal, actor.account());
    let hashes = fresh.hashes.clone();
    // In the session first: codes that nobody could read would be worse than none.
    show(portal, session, FRESH, fresh).await?;
    change(portal, actor, move |account| {
        account.recovery_codes = hashes;
        Some(())
    })
    .await?;
    changed(portal, session, actor, CODES).await
}

/// The codes that were just drawn, until their owner has kept them or the time for it is over.
pub async fn new_codes(portal: &Portal, session: &Session) -> Result<Option<Fresh>, Refusal> {
    shown(portal, session, FRESH).await
}

/// The owner has kept them: they are not shown again.
pub async fn codes_kept(session: &Session) -> Result<(), Refusal> {
    session.remove::<ForNow<Fresh>>(FRESH).await?;
    Ok(())
}

/// The entry of an account whose sign-in name is another now.
pub(crate) fn sign_in_changed(account: AccountId) -> Event {
    Event::FactorChanged {
        account,
        change: SIGN_IN.to_owned(),
    }
}

/// What follows every change: an entry on the person's own chain, the end of the other sessions, and word of it.
pub(crate) async fn changed(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    change: &str,
) -> Result<(), Refusal> {
    // The sessions first: whoever holds one of them must not profit from a ledger that fails.
    session::end_others(portal, session, actor).await?;
    let event = Event::FactorChanged {
        account: actor.account(),
        change: change.to_owned(),
    };
    sign_in::log(portal, &actor.stamp(), event).await?;
    let what = match change {
        PASSWORD => Announcement::PasswordChanged,
        CODES => Announcement::RecoveryCodesChanged,
        _ => Announcement::FactorChanged,
    };
    portal.announce(actor.account(), what).await;
    Ok(())
}

async fn change(
    portal: &Portal,
    actor: &Actor,
    change: impl FnOnce(&mut Account) -> Option<()> + Send,
) -> Result<Option<()>, Refusal> {
    let store = portal.store();
    Ok(store
        .change_account(&actor.stamp(), actor.account(), change)
        .await?)
}

async fn account_of(portal: &Portal, actor: &Actor) -> Result<Account, Refusal> {
    portal
        .store()
        .account(actor.account())
        .await?
        .ok_or(Refusal::SignInFirst)
}

async fn show<T: Serialize + Send + Sync>(
    portal: &Portal,
    session: &Session,
    key: &str,
    what: T,
) -> Result<(), Refusal> {
    let at = portal.now();
    Ok(session.insert(key, ForNow { what, at }).await?)
}

async fn shown<T: serde::de::DeserializeOwned + Send>(
    portal: &Portal,
    session: &Session,
    key: &str,
) -> Result<Option<T>, Refusal> {
    let kept: Option<ForNow<T>> = session.get(key).await?;
    let now = portal.now();
    Ok(kept
        .filter(|kept| kept.at <= now && now - kept.at < SHOWN_FOR)
        .map(|kept| kept.what))
}
