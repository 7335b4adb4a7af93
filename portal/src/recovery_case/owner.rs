//! What the owner of an account sees of a case, and stopping it: a button, without a fresh factor, since stopping takes
//! nothing from anybody.

use crate::actor::Actor;
use crate::letters::{self, Kind};
use crate::{Portal, Refusal, sign_in};
use domain::clock::Instant;
use store::recovery_cases::Hand;
use store::{CaseEnd, Event};

/// A case of one's own account that something may still come of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mine {
    /// When it was opened.
    pub opened: Instant,
    /// Before that instant there is no code.
    pub ready: Instant,
}

/// The open case of the account of whoever is signed in.
pub async fn mine(portal: &Portal, actor: &Actor) -> Result<Option<Mine>, Refusal> {
    let case = portal
        .store()
        .open_recovery_case_of(actor.account())
        .await?;
    Ok(case.map(|case| Mine {
        opened: case.opened,
        ready: case.ready,
    }))
}

/// Stops it; `false`: there is none any more.
pub async fn stop(portal: &Portal, actor: &Actor) -> Result<bool, Refusal> {
    let store = portal.store();
    let Some(case) = store.open_recovery_case_of(actor.account()).await? else {
        return Ok(false);
    };
    let Some(account) = store.account(case.account).await? else {
        return Ok(false);
    };
    let chain = sign_in::chain_of(portal, account.person).await?;
    let letters = letters::of(store, &account, Kind::RecoveryStopped).await?;
    let now = portal.now();
    let at = (case.id, chain);
    let stamp = actor.stamp();
    let step = store.step_recovery_case(&stamp, Hand::Owner, at, &letters, |case, _| {
        case.is_open(now).then(|| {
            case.end = Some((CaseEnd::StoppedByOwner, now));
            Event::RecoveryCaseStopped {
                case: case.id,
                account: case.account,
                by_owner: true,
            }
        })
    });
    Ok(step.await?)
}
