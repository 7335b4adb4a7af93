//! Signing in when a factor is lost: a recovery code in its place, after which everything is set up anew before anything
//! else opens (LAW F6). Who has no code left is helped by staff ([`crate::recovery_case`]).

use crate::announce::Announcement;
use crate::caller::Caller;
use crate::sign_in::{Counter, Outcome};
use crate::staff::dormancy;
use crate::{Portal, Refusal, accounts, joining, recovery_codes, sign_in};
use domain::id::RequestId;
use secrecy::SecretString;
use store::{Account, Event};

/// How the ledger has it that a code was used.
pub(crate) const CODE_USED: &str = "recovery-code-used";
/// How many passwords are checked for a name at least: one account of a name takes as long as none, and as two.
const HASHES_AT_LEAST: usize = 2;

/// Takes a sign-in name, the password where the account has one, and a recovery code. Whatever was wrong, the answer is
/// the same (LAW F8); a code that was taken serves nobody again.
///
/// Counted in two shares of the account's hundred failures ([`crate::sign_in`], LAW F6): wrong codes for the name, and
/// right ones with a wrong password for the account. So whoever used the other shares up, or this one with wrong codes,
/// doesn't close the way to who holds a right one.
///
/// Accepted: the session is one in which the account is set up anew ([`joining`]), and in nothing else signed in.
pub async fn begin(
    portal: &Portal,
    caller: &Caller,
    sign_in: &str,
    password: SecretString,
    code: &SecretString,
) -> Result<Outcome, Refusal> {
    if !sign_in::charge(portal, caller.network).await? {
        return Ok(Outcome::Refused);
    }
    let store = portal.store();
    let name = sign_in.trim().to_lowercase();
    let accounts = store.accounts_by_sign_in(&name).await?;
    let held = accounts
        .iter()
        .find(|account| recovery_codes::find(portal, account, code).is_some());
    let counter = match held {
        Some(account) => Counter::of_held_recovery(portal, account.id),
        None => Counter::of_wrong_recovery(portal, &name),
    };
    let counted = counter.count(portal).await?;
    counter.keep(portal, !accounts.is_empty()).await?;
    let mut known = Vec::new();
    for turn in 0..accounts.len().max(HASHES_AT_LEAST) {
        let account = accounts.get(turn);
        let hash = account.and_then(|account| account.password_hash.clone());
        let right = accounts::verify(portal, password.clone(), hash).await?;
        // Without a password the code is all there is: the account's passkeys are what was lost.
        known.extend(account.filter(|account| right || account.password_hash.is_none()));
    }
    for account in known.into_iter().filter(|_| counted) {
        if use_up(portal, caller.request, account, code).await? {
            counter.clear(portal).await?;
            sign_in::give_back(portal, caller.network).await?;
            // As it is now, without the code.
            let Some(account) = store.account(account.id).await? else {
                return Ok(Outcome::Refused);
            };
            if !dormancy::may_enter(portal, &account, caller.request).await? {
                return Ok(Outcome::Refused);
            }
            joining::begin_recovery(portal, &caller.session, &account).await?;
            return Ok(Outcome::Accepted);
        }
        let stamp = sign_in::stamp_of(account, caller.request);
        sign_in::log(portal, &stamp, Event::SignInFailed).await?;
    }
    Ok(Outcome::Refused)
}

/// Uses a code up, writes it down and tells the owner.
async fn use_up(
    portal: &Portal,
    request: Option<RequestId>,
    account: &Account,
    code: &SecretString,
) -> Result<bool, Refusal> {
    let Some(hash) = recovery_codes::find(portal, account, code) else {
        return Ok(false);
    };
    let stamp = sign_in::stamp_of(account, request);
    let store = portal.store();
    if !store.use_recovery_code(&stamp, account.id, &hash).await? {
        return Ok(false);
    }
    let event = Event::FactorChanged {
        account: account.id,
        change: CODE_USED.to_owned(),
    };
    sign_in::log(portal, &stamp, event).await?;
    let what = Announcement::RecoveryCodeUsed;
    portal.announce(account.id, what).await;
    Ok(true)
}
