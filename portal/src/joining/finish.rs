//! The end of the way: everything at once, or nothing.

use super::{Progress, Step, Way, leave, mark, present};
use crate::announce::Announcement;
use crate::caller::Caller;
use crate::{Portal, Refusal, contacts, session, sign_in};
use domain::id::InvitationId;
use sha2::{Digest, Sha256};
use store::{Account, Event, Stamp};

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finished {
    /// The account is there and its owner signed in.
    SignedIn,
    /// A question is not answered yet.
    NotYet,
    /// The invitation was taken up, withdrawn or over in the meantime. Nothing was made.
    Gone,
}

/// Makes the account, or puts what was set up in the place of what was there, and signs its owner in.
///
/// `notice`: the privacy notice that was shown and acknowledged, word for word; who needs one and has none is not done
/// yet (LAW C5).
pub async fn finish(
    portal: &Portal,
    caller: &Caller,
    notice: Option<&str>,
) -> Result<Finished, Refusal> {
    let session = &caller.session;
    let progress = present(portal, session).await?;
    let notice = notice.filter(|_| progress.needs_notice());
    let answered = match progress.step() {
        None => true,
        Some(step) => step == Step::Notice && notice.is_some(),
    };
    if !answered {
        return Ok(Finished::NotYet);
    }
    let account = progress.account(portal.now());
    let stamp = sign_in::stamp_of(&account, caller.request);
    if let Some(notice) = notice {
        // Before the account is there: nobody gets in without it. Who reads it and is then turned away has read it.
        let notice = Sha256::digest(notice.as_bytes()).into();
        sign_in::log(portal, &stamp, Event::NoticeAcknowledged { notice }).await?;
    }
    let done = match progress.way {
        Way::Invited(invitation) => invited(portal, &stamp, &progress, account, invitation).await?,
        Way::Recovered => renew(portal, &stamp, &progress, &account).await?,
    };
    let Some(account) = done else {
        leave(session).await?;
        return Ok(Finished::Gone);
    };
    if let Some(app) = &progress.app {
        // The code that confirmed the app signs nobody in.
        portal.store().use_totp_step(account.id, app.step).await?;
    }
    if progress.exists {
        anew(portal, &stamp, &account).await?;
    } else {
        portal.announce(account.id, Announcement::AccountMade).await;
        contacts::begin(portal, &stamp, &account, progress.birth).await;
    }
    sign_in::begin(portal, caller, &account, sign_in::BY_JOINING).await?;
    Ok(Finished::SignedIn)
}

/// `None`: the invitation is gone.
async fn invited(
    portal: &Portal,
    stamp: &Stamp,
    progress: &Progress,
    account: Account,
    invitation: InvitationId,
) -> Result<Option<Account>, Refusal> {
    let store = portal.store();
    let others = store.accounts_by_sign_in(&account.sign_in).await?;
    let accepted = store.accept_invitation(stamp, invitation, account).await?;
    if accepted.is_some() && !progress.exists {
        for other in others {
            portal.announce(other.id, Announcement::NameShared).await;
        }
    }
    Ok(accepted)
}

/// `None`: the account is gone, or was changed since the recovery began.
async fn renew(
    portal: &Portal,
    stamp: &Stamp,
    progress: &Progress,
    fresh: &Account,
) -> Result<Option<Account>, Refusal> {
    let changed = portal
        .store()
        .change_account(stamp, fresh.id, |account| {
            if progress.before != Some(mark(account)) {
                return None;
            }
            account.password_hash.clone_from(&fresh.password_hash);
            account.totp_secret.clone_from(&fresh.totp_secret);
            account.passkeys.clone_from(&fresh.passkeys);
            account.recovery_codes.clone_from(&fresh.recovery_codes);
            Some(account.clone())
        })
        .await;
    match changed {
        Err(store::Error::NotFound(_)) => Ok(None),
        changed => Ok(changed?),
    }
}

/// What follows when everything an account signs in with was set up anew (LAW F7).
async fn anew(portal: &Portal, stamp: &Stamp, account: &Account) -> Result<(), Refusal> {
    session::end_all_of(portal, stamp, account.id).await?;
    // Whoever tried passwords and codes at this name doesn't keep its owner out (LAW F6).
    sign_in::forgive(portal, account).await?;
    let changed = Event::FactorChanged {
        account: account.id,
        change: "set-up-anew".to_owned(),
    };
    sign_in::log(portal, stamp, changed).await?;
    portal.announce(account.id, Announcement::SetUpAnew).await;
    Ok(())
}
