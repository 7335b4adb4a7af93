//! Adding a passkey, and taking one away. Each asks for a fresh factor first and ends the account's other sessions
//! (LAW F7).

use super::{
    AT_MOST, Change, Kept, LABEL_AT_MOST, broken, can_spare, ceremony, kept, party, read, written,
};
use crate::actor::Actor;
use crate::factors;
use crate::sign_in::Outcome;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use serde::Deserialize;
use store::Account;
use tower_sessions::Session;
use uuid::Uuid;
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};
use webauthn_rs_proto::ResidentKeyRequirement;

const CEREMONY: &str = "passkey-registration";

/// What the browser sends when the passkey is made.
#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    label: String,
    credential: RegisterPublicKeyCredential,
}

/// How taking a passkey away ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Removal {
    /// It is gone.
    Done,
    /// It stays: without it nobody could sign in (LAW F5).
    Last,
}

/// Begins: what the browser needs to make a passkey, as JSON (`CredentialCreationOptions`).
///
/// # Errors
/// [`Refusal::StepUpFirst`] without a fresh factor; [`Refusal::BadRequest`] when there are [`AT_MOST`] already.
pub async fn start(portal: &Portal, session: &Session, actor: &Actor) -> Result<String, Refusal> {
    if !step_up::stands(portal, session, &Action::ChangeFactors(Change::Add)).await? {
        return Err(Refusal::StepUpFirst);
    }
    let account = account_of(portal, actor).await?;
    if account.passkeys.len() >= AT_MOST {
        return Err(Refusal::BadRequest);
    }
    let name = match actor.name() {
        "" => &account.sign_in,
        name => name,
    };
    offer(portal, session, &account, name).await
}

/// What the browser needs to make a passkey for this account, other than those it has; `name` is what the browser shows.
pub(crate) async fn offer(
    portal: &Portal,
    session: &Session,
    account: &Account,
    name: &str,
) -> Result<String, Refusal> {
    let known = kept(account)
        .iter()
        .map(|kept| kept.key.cred_id().clone())
        .collect();
    let (mut options, state) = party(portal)?
        .start_passkey_registration(account.id.0, &account.sign_in, name, Some(known))
        .map_err(broken)?;
    // The library asks for a key that is not discoverable; only a discoverable one signs in without a name.
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    ceremony::begin(portal, session, CEREMONY, state).await?;
    serde_json::to_string(&options).map_err(broken)
}

/// Checks what the browser made; `None`: it is not to be accepted.
///
/// # Errors
/// [`Refusal::BadRequest`] when it is not JSON of that kind.
async fn made(portal: &Portal, session: &Session, made: &[u8]) -> Result<Option<Kept>, Refusal> {
    let Some(state) = ceremony::take::<PasskeyRegistration>(portal, session, CEREMONY).await?
    else {
        return Ok(None);
    };
    let made: Made = serde_json::from_slice(made).map_err(|_| Refusal::BadRequest)?;
    let discoverable = made
        .credential
        .extensions
        .cred_props
        .as_ref()
        .and_then(|props| props.rk);
    let checked = party(portal)?.finish_passkey_registration(&made.credential, &state);
    let (Ok(key), true) = (checked, discoverable != Some(false)) else {
        return Ok(None);
    };
    Ok(Some(Kept {
        id: uuid::Builder::from_random_bytes(store::entropy::random(portal.store().entropy()))
            .into_uuid(),
        label: label(&made.label),
        added: portal.now(),
        used: None,
        spent: None,
        key,
    }))
}

/// The same, in the form an account keeps: for an account that is being set up.
pub(crate) async fn first(
    portal: &Portal,
    session: &Session,
    answer: &[u8],
) -> Result<Option<serde_json::Value>, Refusal> {
    let fresh = made(portal, session, answer).await?;
    Ok(fresh.as_ref().and_then(written))
}

/// Ends: checks what the browser made and keeps it.
///
/// # Errors
/// [`Refusal::BadRequest`] when it is not JSON of that kind; [`Refusal::StepUpFirst`] when the fresh factor is over.
pub async fn finish(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    made: &[u8],
) -> Result<Outcome, Refusal> {
    let Some(fresh) = self::made(portal, session, made).await? else {
        return Ok(Outcome::Refused);
    };
    step_up::take(portal, session, &Action::ChangeFactors(Change::Add)).await?;
    let value = written(&fresh).ok_or_else(|| broken(()))?;
    let added = portal
        .store()
        .change_account(&actor.stamp(), actor.account(), |account| {
            let twice = kept(account).iter().any(|other| other.key == fresh.key);
            if twice || account.passkeys.len() >= AT_MOST {
                return None;
            }
            account.passkeys.push(value);
            Some(())
        })
        .await?;
    if added.is_none() {
        return Ok(Outcome::Refused);
    }
    factors::changed(portal, session, actor, factors::PASSKEY_ADDED).await?;
    Ok(Outcome::Accepted)
}

/// Takes a passkey away; it signs nobody in from this moment on.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without a fresh factor for this very passkey; [`Refusal::NotAvailable`] when there is no
/// such passkey.
pub async fn remove(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    passkey: Uuid,
) -> Result<Removal, Refusal> {
    let account = account_of(portal, actor).await?;
    if !kept(&account).iter().any(|kept| kept.id == passkey) {
        return Err(Refusal::NotAvailable);
    }
    if !can_spare(&account, passkey) {
        return Ok(Removal::Last);
    }
    step_up::take(
        portal,
        session,
        &Action::ChangeFactors(Change::Remove(passkey)),
    )
    .await?;
    let removed = portal
        .store()
        .change_account(&actor.stamp(), actor.account(), |account| {
            // Looked at again: another passkey may have gone in the meantime.
            if !can_spare(account, passkey) {
                return None;
            }
            account
                .passkeys
                .retain(|value| read(value).is_none_or(|kept| kept.id != passkey));
            Some(())
        })
        .await?;
    if removed.is_none() {
        return Ok(Removal::Last);
    }
    factors::changed(portal, session, actor, factors::PASSKEY_REMOVED).await?;
    Ok(Removal::Done)
}

async fn account_of(portal: &Portal, actor: &Actor) -> Result<Account, Refusal> {
    portal
        .store()
        .account(actor.account())
        .await?
        .ok_or(Refusal::SignInFirst)
}

/// One line of plain text, no longer than a label may be.
fn label(typed: &str) -> String {
    typed
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(LABEL_AT_MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_label_is_one_short_line() {
        assert_eq!(label("  My\u{7}\n phone\t"), "My phone");
        assert_eq!(label(" \n"), "");
        assert_eq!(label(&"é".repeat(200)).chars().count(), 60);
    }
}
