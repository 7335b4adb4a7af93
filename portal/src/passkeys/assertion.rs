//! Signing in with a passkey, and stepping up with one.

use super::{Kept, broken, ceremony, kept, party, read, written};
use crate::actor::Actor;
use crate::caller::Caller;
use crate::sign_in::{self, BY_PASSKEY, Outcome};
use crate::staff::dormancy;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::id::AccountId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Account, Event, Stamp};
use tower_sessions::Session;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, PublicKeyCredential, WebauthnError,
};
use webauthn_rs_proto::AllowCredentials;

const SIGN_IN: &str = "passkey-sign-in";
const STEP_UP: &str = "passkey-step-up";

/// What stepping up remembers: the factor is for this action and no other.
#[derive(Serialize, Deserialize)]
struct SteppingUp {
    action: Action,
    state: DiscoverableAuthentication,
}

/// Begins signing in: what the browser needs to ask for any passkey of this site, as JSON
/// (`CredentialRequestOptions`). It is the same for everybody.
pub async fn start_sign_in(portal: &Portal, session: &Session) -> Result<String, Refusal> {
    let (mut options, state) = party(portal)?
        .start_discoverable_authentication()
        .map_err(broken)?;
    // Whether the browser offers it within the name's field or after a press on the button is the page's choice.
    options.mediation = None;
    ceremony::begin(portal, session, SIGN_IN, state).await?;
    serde_json::to_string(&options).map_err(broken)
}

/// Ends signing in. Whatever was wrong, the answer is the same (LAW F8).
///
/// # Errors
/// [`Refusal::BadRequest`] when it is not JSON of that kind.
pub async fn finish_sign_in(
    portal: &Portal,
    caller: &Caller,
    answer: &[u8],
) -> Result<Outcome, Refusal> {
    let Some(state) = ceremony::take(portal, &caller.session, SIGN_IN).await? else {
        return Ok(Outcome::Refused);
    };
    let answer: PublicKeyCredential =
        serde_json::from_slice(answer).map_err(|_| Refusal::BadRequest)?;
    let Ok((account, _)) = party(portal)?.identify_discoverable_authentication(&answer) else {
        return Ok(Outcome::Refused);
    };
    let Some(account) = portal.store().account(AccountId(account)).await? else {
        return Ok(Outcome::Refused);
    };
    let stamp = sign_in::stamp_of(&account, caller.request);
    if check(portal, &stamp, &account, state, &answer).await? == Outcome::Refused
        || !dormancy::may_enter(portal, &account, caller.request).await?
    {
        return Ok(Outcome::Refused);
    }
    sign_in::begin(portal, caller, &account, BY_PASSKEY).await?;
    Ok(Outcome::Accepted)
}

/// Whether the person can step up with a passkey.
pub async fn can_step_up(portal: &Portal, actor: &Actor) -> Result<bool, Refusal> {
    let account = portal.store().account(actor.account()).await?;
    Ok(super::offered(portal) && account.is_some_and(|account| !kept(&account).is_empty()))
}

/// Begins stepping up for what waits to be confirmed.
///
/// # Errors
/// [`Refusal::BadRequest`] when nothing waits; [`Refusal::NotAvailable`] when the person has no passkey.
pub async fn start_step_up(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
) -> Result<String, Refusal> {
    let action = step_up::wanted(session).await?.ok_or(Refusal::BadRequest)?;
    let account = account_of(portal, actor).await?;
    let passkeys = kept(&account);
    if passkeys.is_empty() {
        return Err(Refusal::NotAvailable);
    }
    // Checked like a sign-in, against the passkey as it is then; the browser is told which ones to ask for.
    let (mut options, state) = party(portal)?
        .start_discoverable_authentication()
        .map_err(broken)?;
    options.mediation = None;
    options.public_key.allow_credentials = passkeys
        .iter()
        .map(|kept| AllowCredentials {
            type_: "public-key".to_owned(),
            id: kept.key.cred_id().clone(),
            transports: None,
        })
        .collect();
    ceremony::begin(portal, session, STEP_UP, SteppingUp { action, state }).await?;
    serde_json::to_string(&options).map_err(broken)
}

/// Ends stepping up; on success the session's id changes and the action that is confirmed is given.
///
/// # Errors
/// [`Refusal::BadRequest`] when it is not JSON of that kind.
pub async fn finish_step_up(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    answer: &[u8],
) -> Result<Result<Action, Outcome>, Refusal> {
    let Some(SteppingUp { action, state }) = ceremony::take(portal, session, STEP_UP).await? else {
        return Ok(Err(Outcome::Refused));
    };
    // Something else may wait by now, asked for in another window: the person did not confirm that.
    if step_up::wanted(session).await?.as_ref() != Some(&action) {
        return Ok(Err(Outcome::Refused));
    }
    let answer: PublicKeyCredential =
        serde_json::from_slice(answer).map_err(|_| Refusal::BadRequest)?;
    let account = account_of(portal, actor).await?;
    if check(portal, &actor.stamp(), &account, state, &answer).await? == Outcome::Refused {
        return Ok(Err(Outcome::Refused));
    }
    step_up::given(portal, session, actor, &action).await?;
    Ok(Ok(action))
}

/// Checks an answer against the account's passkey of that id: challenge, origin, signature, the person verified, the
/// counter. An answer serves once, whoever sends it.
async fn check(
    portal: &Portal,
    stamp: &Stamp,
    account: &Account,
    state: DiscoverableAuthentication,
    answer: &PublicKeyCredential,
) -> Result<Outcome, Refusal> {
    let Some((value, kept)) = find(account, answer.get_credential_id()) else {
        return Ok(Outcome::Refused);
    };
    let result = party(portal)?.finish_discoverable_authentication_v2(answer, state, &kept.key);
    let failed = match result {
        Ok(result) if result.user_verified() => {
            let renewed = renewed(kept, &result, digest(answer), portal.now());
            if take(portal, account.id, value, renewed).await? {
                return Ok(Outcome::Accepted);
            }
            Event::SignInFailed
        }
        Err(WebauthnError::CredentialPossibleCompromise) => {
            tracing::warn!(
                account = %account.id,
                "refused: a passkey's counter did not rise, a copy of it may be in use"
            );
            Event::FactorSuspected {
                account: account.id,
            }
        }
        Ok(_) | Err(_) => Event::SignInFailed,
    };
    sign_in::log(portal, stamp, failed).await?;
    Ok(Outcome::Refused)
}

/// The passkey of that credential id, as it is kept and as it reads.
fn find<'a>(account: &'a Account, credential: &[u8]) -> Option<(&'a serde_json::Value, Kept)> {
    account
        .passkeys
        .iter()
        .filter_map(|value| read(value).map(|kept| (value, kept)))
        .find(|(_, kept)| kept.key.cred_id().as_slice() == credential)
}

/// The passkey after it was used; `None` when it gave this very answer before.
fn renewed(
    mut kept: Kept,
    result: &AuthenticationResult,
    digest: [u8; 32],
    now: Instant,
) -> Option<Kept> {
    if kept.spent == Some(digest) {
        return None;
    }
    kept.key.update_credential(result)?;
    kept.spent = Some(digest);
    kept.used = Some(now);
    Some(kept)
}

/// Puts the used passkey in the place of the one that was checked. `false` when that one is gone or was used in the
/// meantime: of two answers at the same moment one counts, and a passkey that was taken away doesn't come back.
async fn take(
    portal: &Portal,
    account: AccountId,
    checked: &serde_json::Value,
    renewed: Option<Kept>,
) -> Result<bool, Refusal> {
    let Some(renewed) = renewed.as_ref().and_then(written) else {
        return Ok(false);
    };
    let done = portal
        .store()
        .touch_account(account, |account| {
            let place = account
                .passkeys
                .iter_mut()
                .find(|value| *value == checked)?;
            *place = renewed;
            Some(())
        })
        .await?;
    Ok(done.is_some())
}

/// What makes an answer this one: the signature, and what was signed.
fn digest(answer: &PublicKeyCredential) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [
        &answer.response.signature,
        &answer.response.authenticator_data,
        &answer.response.client_data_json,
    ] {
        hash.update(Sha256::digest(part));
    }
    hash.finalize().into()
}

async fn account_of(portal: &Portal, actor: &Actor) -> Result<Account, Refusal> {
    portal
        .store()
        .account(actor.account())
        .await?
        .ok_or(Refusal::SignInFirst)
}
