//! Looking an account up and opening a case for it.

use super::request::{self, Request, Whom};
use super::{SERVES, birth_of, of_staff};
use crate::actor::Actor;
use crate::letters::{self, Kind};
use crate::{Portal, Refusal, sign_in, step_up};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::duty::Duty;
use domain::id::RecoveryCaseId;
use store::{Account, Chain, Event, RecoveryCase};
use tower_sessions::Session;

/// Why no case was opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unopened {
    /// No account has that e-mail and birth date, or more than one has.
    NoAccount,
    /// Too many tries that found none: not before this instant.
    Wait(Instant),
    /// A case of that account is open already.
    IsOpen,
    /// It is the account of who asks.
    Own,
}

/// Opens a case; takes a fresh factor for exactly this request. Nothing is looked up before it is given, and a try that
/// finds nothing is written down and counted: this is no place to ask who has an account.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor; [`Refusal::NotAvailable`] for whoever helps nobody with accounts;
/// [`Refusal::BadRequest`] when the check is not whole.
pub async fn open(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    wanted: &Request,
) -> Result<Result<RecoveryCaseId, Unopened>, Refusal> {
    actor.must(Duty::HelpAccounts)?;
    if matches!(wanted.whom, Whom::Account(_)) {
        actor.must(Duty::ManagePeople)?;
    }
    if !wanted.check.is_whole() {
        return Err(Refusal::BadRequest);
    }
    let store = portal.store();
    let now = portal.now();
    let counter = store.attempt_key("recovery-lookup", &actor.person().to_string());
    // Told before a code is used up for nothing.
    if let Some(until) = store.attempts(&counter).await?.blocked_until
        && now < until
    {
        return Ok(Err(Unopened::Wait(until)));
    }
    step_up::take(portal, session, &wanted.action()).await?;
    let blocks = |failures| {
        let wait = sign_in::delay(failures);
        (wait > TimeDelta::zero()).then(|| now + wait)
    };
    if !store.begin_attempt(&counter, u32::MAX, blocks).await? {
        let until = store.attempts(&counter).await?.blocked_until;
        return Ok(Err(Unopened::Wait(until.unwrap_or(now))));
    }
    let stamp = actor.stamp();
    let Some(account) = find(portal, &wanted.whom).await? else {
        let event = Event::RecoveryCaseNotOpened;
        store.append(&stamp, Chain::House, event).await?;
        return Ok(Err(Unopened::NoAccount));
    };
    store.clear_attempts(&counter).await?;
    if account.person == actor.person() {
        return Ok(Err(Unopened::Own));
    }
    let ready = now + wanted.check.how.wait();
    let case = RecoveryCase {
        id: RecoveryCaseId::from_random(store::entropy::random(store.entropy())),
        account: account.id,
        person: account.person,
        check: wanted.check.clone(),
        by: actor.person(),
        opened: now,
        ready,
        lapses: ready + SERVES,
        agreed: None,
        end: None,
    };
    let chain = sign_in::chain_of(portal, account.person).await?;
    let letters = letters::of(store, &account, Kind::RecoveryAsked).await?;
    let opened = store
        .open_recovery_case(&stamp, chain, &case, &letters)
        .await?;
    if !opened {
        return Ok(Err(Unopened::IsOpen));
    }
    request::forget(session).await?;
    Ok(Ok(case.id))
}

/// The one account that was meant.
async fn find(portal: &Portal, whom: &Whom) -> Result<Option<Account>, Refusal> {
    let store = portal.store();
    let (email, birth) = match whom {
        Whom::Named { email, birth } => (email, *birth),
        Whom::Account(id) => {
            let account = store.account(*id).await?;
            return Ok(account.filter(|account| of_staff(account) && !account.roles.is_empty()));
        }
    };
    let mut found = Vec::new();
    for account in store.accounts_by_sign_in(email).await? {
        if !of_staff(&account) && birth_of(portal, &account).await? == Some(birth) {
            found.push(account);
        }
    }
    let one = found.pop();
    Ok(one.filter(|_| found.is_empty()))
}
