//! What staff see of cases, and taking one further: agreeing, stopping, making the code.

use super::{Step, of_staff, takes_two};
use crate::actor::Actor;
use crate::letters::{self, Kind};
use crate::staff::NewCode;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal, invitations, sign_in};
use core::fmt;
use domain::clock::Instant;
use domain::duty::Duty;
use domain::id::{PersonId, RecoveryCaseId};
use domain::identity_check::IdentityCheck;
use store::recovery_cases::Hand;
use store::{Account, CaseEnd, Chain, Event, RecoveryCase};
use tower_sessions::Session;

const CODE: &str = "recovery-code";
/// How many cases the list shows at most, the latest first.
const LISTED: usize = 100;

/// How a case stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// Until that instant nothing happens.
    Waiting(Instant),
    /// The wait is over; a second administrator has not agreed yet.
    NeedsSecond,
    /// The code can be made until that instant.
    Ready(Instant),
    /// Nobody made it in time.
    Lapsed,
    /// The owner stopped it.
    StoppedByOwner(Instant),
    /// Somebody of the staff stopped it.
    Stopped(Instant),
    /// The code was made.
    Finished(Instant),
}

impl State {
    /// Whether something may still come of it.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Waiting(_) | Self::NeedsSecond | Self::Ready(_))
    }
}

/// A case, for staff.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub id: RecoveryCaseId,
    /// The name of the account's owner.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// When it was opened.
    pub opened: Instant,
    /// Before that instant there is no code.
    pub ready: Instant,
    /// What was recorded.
    pub check: IdentityCheck,
    /// Who recorded it.
    pub by: Option<String>,
    /// Whether that was the one who looks.
    pub by_me: bool,
    /// Whether a second administrator has to agree.
    pub takes_two: bool,
    /// Who agreed, by name, and when.
    pub agreed: Option<(String, Instant)>,
    /// Who ended it, by name, where it was staff.
    pub ended_by: Option<String>,
    /// Whether the one who looks may agree to it.
    pub may_agree: bool,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Why a step can't be made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cant {
    /// Not before this instant.
    NotYet(Instant),
    /// A second administrator has to agree first.
    NeedsSecond,
    /// Who recorded the check can't agree to it too.
    SamePerson,
    /// It is over, or was settled in the meantime.
    Gone,
}

/// A case with the account it is about.
struct Found {
    case: RecoveryCase,
    account: Account,
}

impl Found {
    fn state(&self, now: Instant) -> State {
        match (self.case.end, self.case.is_open(now)) {
            (Some((CaseEnd::StoppedByOwner, at)), _) => State::StoppedByOwner(at),
            (Some((CaseEnd::Stopped(_), at)), _) => State::Stopped(at),
            (Some((CaseEnd::Finished(_), at)), _) => State::Finished(at),
            (None, false) => State::Lapsed,
            (None, true) if now < self.case.ready => State::Waiting(self.case.ready),
            (None, true) if takes_two(&self.account) && self.case.agreed.is_none() => {
                State::NeedsSecond
            }
            (None, true) => State::Ready(self.case.lapses),
        }
    }

    /// Whether this person may handle it: never their own; of the staff only administrators.
    fn is_for(&self, actor: &Actor) -> bool {
        self.case.person != actor.person()
            && (!of_staff(&self.account) || actor.may(Duty::ManagePeople))
    }

    /// Why this person can't agree, if there is a reason.
    fn agreeing(&self, actor: &Actor, now: Instant) -> Result<(), Cant> {
        if !self.case.is_open(now) || self.case.agreed.is_some() || !takes_two(&self.account) {
            Err(Cant::Gone)
        } else if self.case.by == actor.person() {
            Err(Cant::SamePerson)
        } else {
            Ok(())
        }
    }

    /// Why there is no code yet, or none any more.
    fn finishing(&self, now: Instant) -> Result<(), Cant> {
        match self.state(now) {
            State::Ready(_) => Ok(()),
            State::Waiting(ready) => Err(Cant::NotYet(ready)),
            State::NeedsSecond => Err(Cant::NeedsSecond),
            _ => Err(Cant::Gone),
        }
    }

    async fn shown(self, portal: &Portal, actor: &Actor) -> Result<Shown, Refusal> {
        let now = portal.now();
        let agreed = match self.case.agreed {
            Some((person, at)) => name(portal, person).await?.map(|name| (name, at)),
            None => None,
        };
        let ended_by = match self.case.end {
            Some((CaseEnd::Stopped(person) | CaseEnd::Finished(person), _)) => {
                name(portal, person).await?
            }
            _ => None,
        };
        Ok(Shown {
            id: self.case.id,
            name: name(portal, self.case.person).await?.unwrap_or_default(),
            state: self.state(now),
            opened: self.case.opened,
            ready: self.case.ready,
            by: name(portal, self.case.by).await?,
            by_me: self.case.by == actor.person(),
            takes_two: takes_two(&self.account),
            may_agree: self.agreeing(actor, now).is_ok() && actor.may(Duty::ManagePeople),
            agreed,
            ended_by,
            check: self.case.check,
        })
    }
}

async fn name(portal: &Portal, person: PersonId) -> Result<Option<String>, Refusal> {
    let person = portal.store().person(person).await?;
    Ok(person.map(|person| person.name))
}

/// The latest cases that this person may handle, the open ones first.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever helps nobody with accounts.
pub async fn list(portal: &Portal, actor: &Actor) -> Result<Vec<Shown>, Refusal> {
    actor.must(Duty::HelpAccounts)?;
    let store = portal.store();
    let now = portal.now();
    let mut cases = store.recovery_cases().await?;
    cases.sort_by_key(|case| !case.is_open(now));
    let mut shown = Vec::new();
    for case in cases.into_iter().take(LISTED) {
        let Some(account) = store.account(case.account).await? else {
            continue;
        };
        let found = Found { case, account };
        if found.is_for(actor) {
            shown.push(found.shown(portal, actor).await?);
        }
    }
    Ok(shown)
}

async fn find(portal: &Portal, actor: &Actor, id: RecoveryCaseId) -> Result<Found, Refusal> {
    actor.must(Duty::HelpAccounts)?;
    let store = portal.store();
    let case = store.recovery_case(id).await?;
    let case = case.ok_or(Refusal::NotAvailable)?;
    let account = store.account(case.account).await?;
    let account = account.ok_or(Refusal::NotAvailable)?;
    let found = Found { case, account };
    if found.is_for(actor) {
        Ok(found)
    } else {
        Err(Refusal::NotAvailable)
    }
}

/// One case.
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is none of that id that this person may handle.
pub async fn one(portal: &Portal, actor: &Actor, id: RecoveryCaseId) -> Result<Shown, Refusal> {
    find(portal, actor, id).await?.shown(portal, actor).await
}

/// Stops a case: nothing comes of it. No factor is asked for, since nothing is given.
///
/// # Errors
/// As [`one`].
pub async fn stop(
    portal: &Portal,
    actor: &Actor,
    id: RecoveryCaseId,
) -> Result<Result<(), Cant>, Refusal> {
    let found = find(portal, actor, id).await?;
    let store = portal.store();
    let now = portal.now();
    let me = actor.person();
    let chain = sign_in::chain_of(portal, found.account.person).await?;
    let letters = letters::of(store, &found.account, Kind::RecoveryStopped).await?;
    let stamp = actor.stamp();
    let stopped = store
        .step_recovery_case(&stamp, Hand::Staff, (id, chain), &letters, |case, _| {
            case.is_open(now).then(|| {
                case.end = Some((CaseEnd::Stopped(me), now));
                Event::RecoveryCaseStopped {
                    case: case.id,
                    account: case.account,
                    by_owner: false,
                }
            })
        })
        .await?;
    Ok(if stopped { Ok(()) } else { Err(Cant::Gone) })
}

/// Takes a case further, with a fresh factor for this very step.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without one; [`Refusal::NotAvailable`] as [`one`], and for agreeing when who asks is no
/// administrator.
pub async fn step(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: RecoveryCaseId,
    step: Step,
) -> Result<Result<(), Cant>, Refusal> {
    let found = find(portal, actor, id).await?;
    let now = portal.now();
    let can = match step {
        Step::Agree => {
            actor.must(Duty::ManagePeople)?;
            found.agreeing(actor, now)
        }
        Step::Code => found.finishing(now),
    };
    if let Err(cant) = can {
        return Ok(Err(cant));
    }
    step_up::take(portal, session, &Action::RecoveryCase { case: id, step }).await?;
    let done = match step {
        Step::Agree => agree(portal, actor, &found, now).await?,
        Step::Code => finish(portal, session, actor, &found, now).await?,
    };
    Ok(if done { Ok(()) } else { Err(Cant::Gone) })
}

async fn agree(
    portal: &Portal,
    actor: &Actor,
    found: &Found,
    now: Instant,
) -> Result<bool, Refusal> {
    let me = actor.person();
    let at = (found.case.id, Chain::House);
    let stamp = actor.stamp();
    let step = portal
        .store()
        .step_recovery_case(&stamp, Hand::Staff, at, &[], |case, _| {
            let may = case.is_open(now) && case.agreed.is_none() && case.by != me;
            may.then(|| {
                case.agreed = Some((me, now));
                Event::RecoveryCaseAgreed {
                    case: case.id,
                    account: case.account,
                }
            })
        });
    Ok(step.await?)
}

/// The case ends first, so that of two who finish it one does; then everything the account signs in with goes, and the
/// code is there to be shown once. Who loses it opens a new case.
async fn finish(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    found: &Found,
    now: Instant,
) -> Result<bool, Refusal> {
    let me = actor.person();
    let chain = sign_in::chain_of(portal, found.account.person).await?;
    let stamp = actor.stamp();
    let at = (found.case.id, chain);
    let ended = portal
        .store()
        .step_recovery_case(&stamp, Hand::Staff, at, &[], |case, account| {
            let may = case.is_ready(now) && (case.agreed.is_some() || !takes_two(account));
            may.then(|| {
                case.end = Some((CaseEnd::Finished(me), now));
                Event::RecoveryCaseFinished {
                    case: case.id,
                    account: case.account,
                }
            })
        })
        .await?;
    if !ended {
        return Ok(false);
    }
    let issued = invitations::reset(portal, &stamp, found.account.id)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let code = NewCode {
        person: found.account.person,
        name: name(portal, found.account.person)
            .await?
            .unwrap_or_default(),
        code: issued.code.written(),
        expires: issued.expires,
    };
    session.insert(CODE, (found.case.id, code)).await?;
    Ok(true)
}

/// Takes the code of a case that this person finished: it is shown once.
pub async fn take_code(
    session: &Session,
    actor: &Actor,
    id: RecoveryCaseId,
) -> Result<Option<NewCode>, Refusal> {
    actor.must(Duty::HelpAccounts)?;
    let kept: Option<(RecoveryCaseId, NewCode)> = session.get(CODE).await?;
    match kept {
        Some((of, code)) if of == id => {
            session.remove::<(RecoveryCaseId, NewCode)>(CODE).await?;
            Ok(Some(code))
        }
        _ => Ok(None),
    }
}
