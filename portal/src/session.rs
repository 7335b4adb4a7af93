//! What a session holds, and the one place where an [`Actor`] is made of it (LAW F1, F4).
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`timed_out`] | a session that ended by itself, and what its owner had in hand |
//! | [`listed`](list()) | where somebody is signed in, and ending it |

mod listed;
pub mod timed_out;

use listed::member;
pub use listed::{Listed, end_all_of, end_one, list};

use crate::actor::Actor;
use crate::caller::Caller;
use crate::{Portal, Refusal, accounts, proxies, sign_in, step_up};
use chrono::NaiveDate;
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::id::{AccountId, ItemId, PatientId, PersonId, RequestId, SessionId};
use domain::item::ItemKind;
use domain::label::Label;
use domain::party::Role;
use domain::purpose::Purpose;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Mutex;
use store::Event;
use tower_sessions::Session;

/// The account, once both factors were given. The session store indexes it under this name.
const ACCOUNT: &str = "account";
const SESSION: &str = "session";
const SINCE: &str = "since";
const SEEN: &str = "seen";
const AGENT: &str = "agent";
const NETWORK: &str = "network";
const RECEIPT: &str = "receipt";
const REVEAL: &str = "reveal";
const FILTER: &str = "filter";
const PURPOSE: &str = "purpose";
const ROLE: &str = "role";
const ACTING: &str = "acting";

/// For how many patients a session remembers the declared purpose.
const DECLARED_AT_MOST: usize = 100;

/// How often a live session is written again, so that reading a page does not cost a write each time.
const TOUCH: TimeDelta = TimeDelta::seconds(30);

/// Something masked that was asked for; it is shown once, on the next page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Reveal {
    /// One item.
    Item(ItemId),
    /// Everything in the list that carries this segment.
    Segment(u64),
    /// The items that a draft or a consent opens.
    Opened,
}

/// What just worked on the account's page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Receipt {
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was taken away.
    PasskeyRemoved,
    /// The other sessions ended.
    OthersEnded,
    /// One of the other sessions ended.
    OneEnded,
    /// The password was changed.
    PasswordChanged,
    /// An authenticator app was set up.
    AppSetUp,
    /// The authenticator app was taken away.
    AppRemoved,
    /// New recovery codes are kept.
    CodesKept,
    /// Staff's help with the account was stopped.
    RecoveryStopped,
    /// A code is on its way to an address.
    CodeSent,
    /// An address was confirmed.
    AddressConfirmed,
    /// An address was taken away.
    AddressRemoved,
}

impl Reveal {
    /// A reveal of one segment.
    pub fn segment(label: Label) -> Self {
        Self::Segment(domain::label::LabelSet::of([label]).bits())
    }
}

/// What the patient's list is narrowed to. It lives in the session: an address would tell it (UX).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<ItemKind>,
    /// Only what carries this segment; `General`: only ordinary items.
    pub segment: Option<String>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Until this day.
    pub until: Option<NaiveDate>,
}

impl core::fmt::Debug for Filter {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Filter([redacted])")
    }
}

impl Filter {
    /// Whether it narrows nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// For whom a session acts, and as whom. What stands behind it is looked at with each request.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Acting {
    pub patient: PatientId,
    pub person: PersonId,
}

/// The actor of this session, if it is signed in and its time is not over (LAW F1: 15 minutes idle, 12 hours in all).
///
/// # Errors
/// [`Refusal::ActingEnded`] when the session acts for a patient and nothing lets it any more; until that was told, every
/// request is answered so.
pub async fn resume(
    portal: &Portal,
    session: &Session,
    request: Option<RequestId>,
) -> Result<Option<Actor>, Refusal> {
    timed_out::read(portal, session).await?;
    let Some(account_id) = session.get::<AccountId>(ACCOUNT).await? else {
        return Ok(None);
    };
    let (Some(id), Some(seen)) = (
        session.get::<SessionId>(SESSION).await?,
        session.get::<Instant>(SEEN).await?,
    ) else {
        return Ok(None);
    };
    let now = portal.now();
    let chosen = session.get::<Role>(ROLE).await?;
    let Some(actor) = actor_of(portal, account_id, id, chosen, request).await? else {
        session.flush().await?;
        return Ok(None);
    };
    if now - seen >= TOUCH {
        session.insert(SEEN, now).await?;
    }
    let acting = session.get::<Acting>(ACTING).await?;
    let actor = in_place(portal, actor, acting).await?;
    actor.map(Some).ok_or(Refusal::ActingEnded)
}

/// Who acts in a session of this account with that choice of role; `None`: the account is gone, or has no role.
async fn actor_of(
    portal: &Portal,
    account_id: AccountId,
    session: SessionId,
    chosen: Option<Role>,
    request: Option<RequestId>,
) -> Result<Option<Actor>, Refusal> {
    let store = portal.store();
    let Some(account) = store.account(account_id).await? else {
        return Ok(None);
    };
    let Some(person) = store.person(account.person).await? else {
        return Ok(None);
    };
    // A role that ended by itself ends here.
    let held = accounts::in_force(&account, &person, portal.now());
    let Some(role) = chosen
        .filter(|role| held.contains(role))
        .or_else(|| held.first().copied())
    else {
        return Ok(None);
    };
    let own_record = store.patient_of_subject(person.id).await?;
    Ok(Some(Actor {
        account: account_id,
        person,
        role,
        session,
        request,
        own_record,
        on_behalf_of: None,
        acts_by: Vec::new(),
        acting_for: None,
        shown: Mutex::default(),
    }))
}

/// The same person where the session acts for a patient; `None`: nothing lets them, now.
async fn in_place(
    portal: &Portal,
    own: Actor,
    acting: Option<Acting>,
) -> Result<Option<Actor>, Refusal> {
    match acting {
        None => Ok(Some(own)),
        Some(acting) => proxies::acting::actor(portal, own, acting).await,
    }
}

/// Acts for a patient from now on, or for nobody, under a new cookie value. Nothing of the other place is taken along:
/// no filter, no answer begun, no fresh factor.
pub(crate) async fn act_for(session: &Session, acting: Option<Acting>) -> Result<(), Refusal> {
    let mut kept = Vec::new();
    for key in [ACCOUNT, SESSION, SINCE, SEEN, AGENT, NETWORK, ROLE] {
        if let Some(value) = session.get_value(key).await? {
            kept.push((key, value));
        }
    }
    session.clear().await;
    session.cycle_id().await?;
    for (key, value) in kept {
        session.insert_value(key, value).await?;
    }
    if let Some(acting) = acting {
        session.insert(ACTING, acting).await?;
    }
    Ok(())
}

/// Whether the session acts for somebody, whether it may or not.
pub(crate) async fn acts(session: &Session) -> Result<bool, Refusal> {
    Ok(session.get::<Acting>(ACTING).await?.is_some())
}

/// The actor of this session without a trace in it: it does not live longer by that (LAW F1). For what a page's script
/// asks by itself.
pub async fn peek(portal: &Portal, session: &Session) -> Result<Option<Actor>, Refusal> {
    let account = session.get::<AccountId>(ACCOUNT).await?;
    let id = session.get::<SessionId>(SESSION).await?;
    match account.zip(id) {
        Some((account, id)) => live(portal, account, id).await,
        None => Ok(None),
    }
}

/// The same actor as the session and the account have it now; `None`: the session is over, or was ended.
pub(crate) async fn again(portal: &Portal, actor: &Actor) -> Result<Option<Actor>, Refusal> {
    live(portal, actor.account, actor.session).await
}

/// Who acts in a session of an account, found by its own id: the cookie's changes with every rise in assurance.
async fn live(
    portal: &Portal,
    account: AccountId,
    id: SessionId,
) -> Result<Option<Actor>, Refusal> {
    let (now, options) = (portal.now(), portal.options());
    let sessions = portal.store().sessions().of_account(account).await?;
    let Some(data) = sessions
        .iter()
        .find(|data| member::<SessionId>(data, SESSION) == Some(id))
    else {
        return Ok(None);
    };
    let in_time = member::<Instant>(data, SINCE)
        .zip(member::<Instant>(data, SEEN))
        .is_some_and(|(since, seen)| now - since < options.total && now - seen < options.idle);
    if !in_time {
        return Ok(None);
    }
    match actor_of(portal, account, id, member(data, ROLE), None).await? {
        // Who may not act any more has no page open in that place.
        Some(own) => in_place(portal, own, member(data, ACTING)).await,
        None => Ok(None),
    }
}

/// Turns the session into a signed-in one, under a new cookie value (no fixation).
pub(crate) async fn begin(
    portal: &Portal,
    caller: &Caller,
    account: AccountId,
) -> Result<SessionId, Refusal> {
    let session = &caller.session;
    let in_hand = timed_out::lift(portal, session).await?;
    session.clear().await;
    session.cycle_id().await?;
    let now = portal.now();
    let id = SessionId::from_random(store::entropy::random(portal.store().entropy()));
    session.insert(ACCOUNT, account).await?;
    session.insert(SESSION, id).await?;
    session.insert(SINCE, now).await?;
    session.insert(SEEN, now).await?;
    session.insert(AGENT, caller.agent).await?;
    if let Some(network) = caller.network {
        session.insert(NETWORK, network).await?;
    }
    timed_out::hand_over(session, in_hand, account).await?;
    portal.store().note_use(account).await?;
    Ok(id)
}

/// Takes another role for the rest of the session, under a new cookie value. What was confirmed in the other role stands
/// no more.
pub(crate) async fn take_role(session: &Session, role: Role) -> Result<(), Refusal> {
    step_up::forget(session).await?;
    session.remove::<Acting>(ACTING).await?;
    session.cycle_id().await?;
    Ok(session.insert(ROLE, role).await?)
}

/// Ends the account's sessions everywhere but here (LAW F7); tells how many there were.
pub async fn end_others(portal: &Portal, session: &Session, actor: &Actor) -> Result<u64, Refusal> {
    let ended = portal
        .store()
        .sessions()
        .end_all(actor.account, session.id().as_ref())
        .await?;
    let event = Event::SessionsEnded {
        account: actor.account,
    };
    sign_in::log(portal, &actor.stamp(), event).await?;
    Ok(ended)
}

/// Takes something out of the session. Where there is nothing the session stays as it is and is not written again: a page
/// that only asks must not cost a write, nor write over what another page of the same person has just put there.
pub(crate) async fn take<T: DeserializeOwned>(
    session: &Session,
    key: &str,
) -> Result<Option<T>, Refusal> {
    if session.get_value(key).await?.is_none() {
        return Ok(None);
    }
    Ok(session.remove(key).await?)
}

/// Remembers what just worked, to be said on the account's page.
pub async fn leave_receipt(session: &Session, receipt: Receipt) -> Result<(), Refusal> {
    Ok(session.insert(RECEIPT, receipt).await?)
}

/// Takes what just worked: it is said once.
pub async fn take_receipt(session: &Session) -> Result<Option<Receipt>, Refusal> {
    take(session, RECEIPT).await
}

/// Remembers what was asked for, to be shown once.
pub async fn ask_reveal(session: &Session, reveal: Reveal) -> Result<(), Refusal> {
    Ok(session.insert(REVEAL, reveal).await?)
}

/// Takes what was asked for: the page after shows it masked again.
pub async fn take_reveal(session: &Session) -> Result<Option<Reveal>, Refusal> {
    take(session, REVEAL).await
}

/// The list's filter.
pub async fn filter(session: &Session) -> Result<Filter, Refusal> {
    Ok(session.get::<Filter>(FILTER).await?.unwrap_or_default())
}

/// Sets the list's filter.
pub async fn set_filter(session: &Session, filter: &Filter) -> Result<(), Refusal> {
    Ok(session.insert(FILTER, filter).await?)
}

/// The purpose the clinician declared for this patient in this session, if any.
pub async fn purpose(session: &Session, patient: PatientId) -> Result<Option<Purpose>, Refusal> {
    let declared: Option<Vec<(PatientId, Purpose)>> = session.get(PURPOSE).await?;
    Ok(declared
        .unwrap_or_default()
        .into_iter()
        .find_map(|(of, purpose)| (of == patient).then_some(purpose)))
}

/// Declares the purpose for this patient.
pub async fn declare_purpose(
    session: &Session,
    patient: PatientId,
    purpose: Purpose,
) -> Result<(), Refusal> {
    let mut declared: Vec<(PatientId, Purpose)> = session.get(PURPOSE).await?.unwrap_or_default();
    declared.retain(|(of, _)| *of != patient);
    // Declared for any id alike, so that the question tells nothing; hence a bound, the oldest go first.
    let surplus = (declared.len() + 1).saturating_sub(DECLARED_AT_MOST);
    declared.drain(..surplus);
    declared.push((patient, purpose));
    Ok(session.insert(PURPOSE, declared).await?)
}

/// Forgets the purpose declared for this patient: it is asked for again.
pub(crate) async fn forget_purpose(session: &Session, patient: PatientId) -> Result<(), Refusal> {
    let Some(mut declared) = session.get::<Vec<(PatientId, Purpose)>>(PURPOSE).await? else {
        return Ok(());
    };
    declared.retain(|(of, _)| *of != patient);
    Ok(session.insert(PURPOSE, declared).await?)
}
