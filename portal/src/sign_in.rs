//! Signing in: a password, then a code; the same answer whatever was wrong (LAW F5, F6, F8). Passkeys, which are both
//! at once, are in [`crate::passkeys`].

use crate::accounts;
use crate::actor::Actor;
use crate::{Portal, Refusal, session};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::id::{AccountId, RequestId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::Account;
use store::{ActorRef, Stamp};
use store::{Chain, Event};
use tower_sessions::Session;

const PENDING: &str = "pending";
/// How long the second factor may be waited for.
const PENDING_FOR: TimeDelta = TimeDelta::minutes(10);
/// Failures in a row after which an account needs another way back (LAW F6).
pub const FAILURE_CAP: u32 = 100;

#[derive(Serialize, Deserialize)]
struct Pending {
    account: AccountId,
    since: Instant,
}

/// How a try ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Go on.
    Accepted,
    /// Wrong, unknown, or too many tries: the person is told one thing for all.
    Refused,
}

/// How long to wait after so many failures in a row: nothing at first, then doubling up to a quarter of an hour.
pub fn delay(failures: u32) -> TimeDelta {
    match failures {
        0..=3 => TimeDelta::zero(),
        4..=13 => TimeDelta::seconds(1_i64 << (failures - 3)).min(TimeDelta::minutes(15)),
        _ => TimeDelta::minutes(15),
    }
}

/// The first factor.
pub async fn password(
    portal: &Portal,
    session: &Session,
    sign_in: &str,
    password: SecretString,
) -> Result<Outcome, Refusal> {
    let store = portal.store();
    let now = portal.now();
    let name = sign_in.trim().to_lowercase();
    // Counted by name, whether an account has it or not, so that both look the same.
    let allowed = begin_attempt(portal, &name).await?;
    let account = store.account_by_sign_in(&name).await?;
    let hash = account
        .as_ref()
        .and_then(|account| account.password_hash.clone());
    let right = accounts::verify(portal, password, hash).await? && allowed;
    let Some(account) = account.filter(|_| right) else {
        return Ok(Outcome::Refused);
    };
    store
        .clear_attempts(&store.attempt_key("password", &name))
        .await?;
    session.clear().await;
    session.cycle_id().await?;
    session
        .insert(
            PENDING,
            Pending {
                account: account.id,
                since: now,
            },
        )
        .await?;
    Ok(Outcome::Accepted)
}

/// Counts a try at this name's password before it is made; `false`: blocked for now.
async fn begin_attempt(portal: &Portal, name: &str) -> Result<bool, Refusal> {
    count(portal, "password", name).await
}

async fn count(portal: &Portal, kind: &str, name: &str) -> Result<bool, Refusal> {
    let store = portal.store();
    let now = portal.now();
    let key = store.attempt_key(kind, name);
    Ok(store
        .begin_attempt(&key, FAILURE_CAP, |failures| {
            let wait = delay(failures);
            (wait > TimeDelta::zero()).then(|| now + wait)
        })
        .await?)
}

/// Whether this session has given its password and waits for the second factor.
pub async fn is_pending(portal: &Portal, session: &Session) -> Result<bool, Refusal> {
    Ok(pending(portal, session).await?.is_some())
}

async fn pending(portal: &Portal, session: &Session) -> Result<Option<Account>, Refusal> {
    let Some(pending) = session.get::<Pending>(PENDING).await? else {
        return Ok(None);
    };
    if portal.now() - pending.since >= PENDING_FOR {
        return Ok(None);
    }
    Ok(portal.store().account(pending.account).await?)
}

/// The second factor: a code from the authenticator app, single use (RFC 6238).
pub async fn code(
    portal: &Portal,
    session: &Session,
    request: Option<RequestId>,
    code: &SecretString,
) -> Result<Outcome, Refusal> {
    let Some(account) = pending(portal, session).await? else {
        return Err(Refusal::SignInFirst);
    };
    let stamp = stamp_of(&account, request);
    if check_code(portal, &account, code).await? == Outcome::Refused {
        log(portal, &stamp, Event::SignInFailed).await?;
        return Ok(Outcome::Refused);
    }
    begin(portal, session, &account, request, "password+totp").await?;
    Ok(Outcome::Accepted)
}

/// Begins the session of somebody who gave both factors, or a passkey, which is both.
pub(crate) async fn begin(
    portal: &Portal,
    session: &Session,
    account: &Account,
    request: Option<RequestId>,
    method: &str,
) -> Result<(), Refusal> {
    let id = session::begin(portal, session, account.id).await?;
    let stamp = Stamp {
        session: Some(id),
        ..stamp_of(account, request)
    };
    let event = Event::SignedIn {
        method: method.to_owned(),
    };
    log(portal, &stamp, event).await
}

/// Checks a code against the account's authenticator, counts failures, and lets no code serve twice.
pub(crate) async fn check_code(
    portal: &Portal,
    account: &Account,
    code: &SecretString,
) -> Result<Outcome, Refusal> {
    let store = portal.store();
    let now = portal.now();
    let name = account.sign_in.trim().to_lowercase();
    if !count(portal, "code", &name).await? {
        return Ok(Outcome::Refused);
    }
    let digits: String = code
        .expose_secret()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let step = account
        .totp_secret
        .as_ref()
        .and_then(accounts::authenticator)
        .zip(u64::try_from(now.timestamp()).ok())
        .and_then(|(totp, time)| totp.check(&digits, time));
    let fresh = match step {
        Some(step) => store.use_totp_step(account.id, step).await?,
        None => false,
    };
    if fresh {
        store
            .clear_attempts(&store.attempt_key("code", &name))
            .await?;
        Ok(Outcome::Accepted)
    } else {
        Ok(Outcome::Refused)
    }
}

/// Ends the session on the server.
pub async fn sign_out(
    portal: &Portal,
    session: &Session,
    actor: Option<&Actor>,
) -> Result<(), Refusal> {
    session.flush().await?;
    if let Some(actor) = actor {
        log(portal, &actor.stamp(), Event::SignedOut).await?;
    }
    Ok(())
}

pub(crate) fn stamp_of(account: &Account, request: Option<RequestId>) -> Stamp {
    Stamp {
        actor: ActorRef {
            account: Some(account.id),
            person: Some(account.person),
            role: account.roles.first().copied(),
        },
        on_behalf_of: None,
        session: None,
        request,
    }
}

/// Sign-ins stand on the person's own chain where they have a record, else on the house's.
pub(crate) async fn log(portal: &Portal, stamp: &Stamp, event: Event) -> Result<(), Refusal> {
    let store = portal.store();
    let chain = match stamp.actor.person {
        Some(person) => store
            .patient_of_subject(person)
            .await?
            .map_or(Chain::House, Chain::Patient),
        None => Chain::House,
    };
    store.append(stamp, chain, event).await?;
    Ok(())
}
