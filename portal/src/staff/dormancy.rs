//! Accounts of the staff that nobody used for 90 days: they close when somebody tries to use them, and administrators
//! help their owners back as anybody who lost every way in ([`crate::recovery_case`]). Nothing has to run for that. Patients' accounts stay open however long they are
//! away.

use crate::{Portal, Refusal, accounts, sign_in};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::duty::is_staff;
use domain::id::RequestId;
use store::{Account, Event};

/// After so long without being used an account of the staff is dormant.
pub const DORMANT_AFTER: TimeDelta = TimeDelta::days(90);

/// Whether an account is dormant; one that was never used counts from when it was made.
pub fn is_dormant(account: &Account, last_used: Option<Instant>, now: Instant) -> bool {
    let since = last_used.unwrap_or(account.created);
    account.roles.iter().any(|role| is_staff(*role)) && now - since >= DORMANT_AFTER
}

/// Whether somebody who gave a right factor may go on. A dormant account is closed by the try: what it signed in with is
/// taken away, so that it stays closed. Whoever has no role that is in force is not let in either. The answer they get is the
/// one that wrong factors get (LAW F8).
pub(crate) async fn may_enter(
    portal: &Portal,
    account: &Account,
    request: Option<RequestId>,
) -> Result<bool, Refusal> {
    let store = portal.store();
    let Some(person) = store.person(account.person).await? else {
        return Ok(false);
    };
    if accounts::in_force(account, &person, portal.now()).is_empty() {
        return Ok(false);
    }
    let last_used = store.last_used(account.id).await?;
    if !is_dormant(account, last_used, portal.now()) {
        return Ok(true);
    }
    let stamp = sign_in::stamp_of(account, request);
    let closed = store
        .change_account(&stamp, account.id, |kept| {
            let open = kept.has_factors();
            kept.take_factors_away();
            open.then_some(())
        })
        .await?;
    if closed.is_some() {
        let event = Event::AccountClosed {
            account: account.id,
        };
        sign_in::log(portal, &stamp, event).await?;
    }
    Ok(false)
}
