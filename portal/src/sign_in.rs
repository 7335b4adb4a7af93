//! Signing in: a password, then a code; the same answer whatever was wrong (LAW F5, F6, F8). Passkeys, which are both
//! at once, are in [`crate::passkeys`]; how often one may try is in [`limits`].

mod limits;

pub use limits::{FAILURE_CAP, delay};

pub(crate) use limits::{Counter, charge, forgive, give_back, leave_name};

use crate::actor::Actor;
use crate::caller::Caller;
use crate::devices::{self, Device};
use crate::session::{self, timed_out};
use crate::staff::dormancy;
use crate::{Portal, Refusal, accounts};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::id::{AccountId, PersonId, RequestId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{Account, ActorRef, Chain, Event, Stamp};
use tower_sessions::Session;
use uuid::Uuid;

const PENDING: &str = "pending";
/// How long the second factor may be waited for.
const PENDING_FOR: TimeDelta = TimeDelta::minutes(10);
/// How many passwords are hashed for a name at least: one account of a name takes as long as none, and as two.
const HASHES_AT_LEAST: usize = 2;
/// How the session of somebody begins who has just made the account, as the ledger has it.
pub(crate) const BY_JOINING: &str = "joining";
/// The same with a passkey.
pub(crate) const BY_PASSKEY: &str = "passkey";

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

/// The first factor. Several accounts may have one name; each opens with its own password.
pub async fn password(
    portal: &Portal,
    caller: &Caller,
    sign_in: &str,
    password: SecretString,
) -> Result<Outcome, Refusal> {
    let name = sign_in.trim().to_lowercase();
    let accounts = portal.store().accounts_by_sign_in(&name).await?;
    let device = devices::device(portal, &caller.device, &accounts).await?;
    // The owner's own browser is not slowed down by what others do in the same network.
    if device == Device::Unknown && !limits::charge(portal, caller.network).await? {
        return Ok(Outcome::Refused);
    }
    let counter = Counter::of_password(portal, &name, device);
    let allowed = counter.count(portal).await?;
    counter.keep(portal, !accounts.is_empty()).await?;
    let right = matching(portal, &accounts, password).await?;
    let right = match right.filter(|_| allowed) {
        Some(account) if dormancy::may_enter(portal, account, caller.request).await? => {
            Some(account)
        }
        _ => None,
    };
    let Some(account) = right else {
        // Only what was counted is written down: a flood must not fill the patient's own history.
        if allowed {
            write_down_failure(portal, &accounts, caller.request).await?;
        }
        return Ok(Outcome::Refused);
    };
    counter.clear(portal).await?;
    if device == Device::Unknown {
        limits::give_back(portal, caller.network).await?;
    }
    let session = &caller.session;
    let waiting = timed_out::lift(portal, session).await?;
    session.clear().await;
    session.cycle_id().await?;
    timed_out::put(session, waiting).await?;
    let pending = Pending {
        account: account.id,
        since: portal.now(),
    };
    session.insert(PENDING, pending).await?;
    Ok(Outcome::Accepted)
}

/// The account whose password it is. Hashes as often where there is none.
async fn matching<'a>(
    portal: &Portal,
    accounts: &'a [Account],
    password: SecretString,
) -> Result<Option<&'a Account>, Refusal> {
    let mut right = None;
    for turn in 0..accounts.len().max(HASHES_AT_LEAST) {
        let account = accounts.get(turn);
        let hash = account.and_then(|account| account.password_hash.clone());
        if accounts::verify(portal, password.clone(), hash).await? && right.is_none() {
            right = account;
        }
    }
    Ok(right)
}

/// A wrong password stands on the chain of each person who has the name; one for a name that nobody has, on the
/// house's, without the name. Nobody knows who typed it.
async fn write_down_failure(
    portal: &Portal,
    accounts: &[Account],
    request: Option<RequestId>,
) -> Result<(), Refusal> {
    let store = portal.store();
    let stamp = |account| Stamp {
        actor: ActorRef {
            account,
            person: None,
            role: None,
        },
        on_behalf_of: None,
        session: None,
        request,
    };
    if accounts.is_empty() {
        // As much work as for an account.
        store.patient_of_subject(PersonId(Uuid::nil())).await?;
        store
            .append(&stamp(None), Chain::House, Event::PasswordFailed)
            .await?;
    }
    for account in accounts {
        let chain = chain_of(portal, account.person).await?;
        store
            .append(&stamp(Some(account.id)), chain, Event::PasswordFailed)
            .await?;
    }
    Ok(())
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
    caller: &Caller,
    code: &SecretString,
) -> Result<Outcome, Refusal> {
    let Some(account) = pending(portal, &caller.session).await? else {
        return Err(Refusal::SignInFirst);
    };
    let device = devices::device(portal, &caller.device, core::slice::from_ref(&account)).await?;
    let charged = device == Device::Unknown;
    let outcome = if charged && !limits::charge(portal, caller.network).await? {
        Outcome::Refused
    } else {
        check_code(portal, &account, code, device).await?
    };
    if outcome == Outcome::Refused {
        let stamp = stamp_of(&account, caller.request);
        log(portal, &stamp, Event::SignInFailed).await?;
        return Ok(Outcome::Refused);
    }
    if charged {
        limits::give_back(portal, caller.network).await?;
    }
    begin(portal, caller, &account, "password+totp").await?;
    Ok(Outcome::Accepted)
}

/// Begins the session of somebody who gave both factors, or a passkey, which is both.
pub(crate) async fn begin(
    portal: &Portal,
    caller: &Caller,
    account: &Account,
    method: &str,
) -> Result<(), Refusal> {
    let id = session::begin(portal, caller, account.id).await?;
    let stamp = Stamp {
        session: Some(id),
        ..stamp_of(account, caller.request)
    };
    let event = Event::SignedIn {
        method: method.to_owned(),
    };
    log(portal, &stamp, event).await?;
    if method == BY_PASSKEY {
        forgive(portal, account).await?;
    }
    // Who has just joined knows it.
    devices::remember(portal, caller, account, method == BY_JOINING).await
}

/// Checks a code against the account's authenticator, counts failures, and lets no code serve twice.
pub(crate) async fn check_code(
    portal: &Portal,
    account: &Account,
    code: &SecretString,
    device: Device,
) -> Result<Outcome, Refusal> {
    let counter = Counter::of_code(portal, account.id, device);
    if !counter.count(portal).await? {
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
        .zip(u64::try_from(portal.now().timestamp()).ok())
        .and_then(|(totp, time)| totp.check(&digits, time));
    let fresh = match step {
        Some(step) => portal.store().use_totp_step(account.id, step).await?,
        None => false,
    };
    if fresh {
        counter.clear(portal).await?;
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

/// The chain of a person: their own where they have a record, else the house's.
pub(crate) async fn chain_of(portal: &Portal, person: PersonId) -> Result<Chain, Refusal> {
    let patient = portal.store().patient_of_subject(person).await?;
    Ok(patient.map_or(Chain::House, Chain::Patient))
}

/// Sign-ins stand on the person's own chain where they have a record, else on the house's.
pub(crate) async fn log(portal: &Portal, stamp: &Stamp, event: Event) -> Result<(), Refusal> {
    let chain = match stamp.actor.person {
        Some(person) => chain_of(portal, person).await?,
        None => Chain::House,
    };
    portal.store().append(stamp, chain, event).await?;
    Ok(())
}
