//! For whom somebody acts in this session. The session says for whom; whether they may is looked at with each request,
//! and again with everything that is shown.

use crate::actor::Actor;
use crate::session::{self, Acting};
use crate::{Portal, Refusal, sign_in};
use domain::clock::Instant;
use domain::duty::Duty;
use domain::id::{PatientId, PersonId};
use domain::party::{Party, Role};
use domain::state::{Authority, AuthorityKind, PolicyState};
use store::Event;
use tower_sessions::Session;

/// Somebody for whom a person may act now.
#[derive(Clone)]
pub struct Whom {
    /// The patient.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// By what right.
    pub kind: AuthorityKind,
    /// First instant at which that ends, where it is known.
    pub until: Option<Instant>,
    /// As whom: the person whom the patient named.
    person: PersonId,
}

impl core::fmt::Debug for Whom {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Whom([redacted])")
    }
}

/// Everybody for whom this person may act now, by name.
///
/// # Errors
/// [`Refusal::NotAvailable`] for staff.
pub async fn options(portal: &Portal, actor: &Actor) -> Result<Vec<Whom>, Refusal> {
    actor.must(Duty::OwnRecord)?;
    let store = portal.store();
    let Some(account) = store.account(actor.account()).await? else {
        return Err(Refusal::SignInFirst);
    };
    let now = portal.now();
    let mut found = Vec::new();
    for person in store.persons_of(&account).await? {
        for patient in store.patients_reaching(&[Party::Person(person)]).await? {
            let Some(state) = store.policy_state(patient).await? else {
                continue;
            };
            let Some(first) = state.acts_for(person, now).first().copied().cloned() else {
                continue;
            };
            found.push(Whom {
                patient,
                name: patient_name(portal, &state).await?,
                until: until(&first),
                kind: first.kind,
                person,
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.patient.cmp(&b.patient)));
    Ok(found)
}

/// First instant at which an authority ends by itself, where it is known.
pub(super) fn until(authority: &Authority) -> Option<Instant> {
    match authority.kind {
        AuthorityKind::ParentOfMinor { majority } => Some(
            authority
                .span
                .until
                .map_or(majority, |until| until.min(majority)),
        ),
        _ => authority.span.until,
    }
}

/// The name of the patient of a record, as the directory has it.
pub(super) async fn patient_name(portal: &Portal, state: &PolicyState) -> Result<String, Refusal> {
    let Some(subject) = state.subject else {
        return Ok(String::new());
    };
    let person = portal.store().person(subject).await?;
    Ok(person.map(|person| person.name).unwrap_or_default())
}

/// The actor who acts for that patient; `None`: nothing lets them, now.
pub(crate) async fn actor(
    portal: &Portal,
    own: Actor,
    acting: Acting,
) -> Result<Option<Actor>, Refusal> {
    let store = portal.store();
    let Some(account) = store.account(own.account).await? else {
        return Ok(None);
    };
    let as_whom = account.roles.contains(&Role::Proxy)
        && store.persons_of(&account).await?.contains(&acting.person);
    let state = if as_whom {
        store.policy_state(acting.patient).await?
    } else {
        None
    };
    let (Some(state), Some(person)) = (state, store.person(acting.person).await?) else {
        return Ok(None);
    };
    let acts_by: Vec<Authority> = state
        .acts_for(acting.person, portal.now())
        .into_iter()
        .cloned()
        .collect();
    if acts_by.is_empty() {
        return Ok(None);
    }
    Ok(Some(Actor {
        person,
        role: Role::Proxy,
        own_record: None,
        on_behalf_of: Some(acting.patient),
        acting_for: Some(patient_name(portal, &state).await?),
        acts_by,
        ..own
    }))
}

/// Acts for that patient from now on, under a new session id.
///
/// # Errors
/// [`Refusal::NotAvailable`] unless it is one of [`options`].
pub async fn begin(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    patient: PatientId,
) -> Result<(), Refusal> {
    let whom = options(portal, actor).await?;
    let whom = whom
        .into_iter()
        .find(|whom| whom.patient == patient)
        .ok_or(Refusal::NotAvailable)?;
    let acting = Acting {
        patient,
        person: whom.person,
    };
    session::act_for(session, Some(acting)).await?;
    let mut stamp = actor.stamp();
    stamp.on_behalf_of = Some(patient);
    let event = Event::RoleTaken { role: Role::Proxy };
    sign_in::log(portal, &stamp, event).await
}

/// Is in their own place again, under a new session id.
pub async fn stop(portal: &Portal, session: &Session, actor: &Actor) -> Result<(), Refusal> {
    actor.must(Duty::OwnRecord)?;
    if actor.on_behalf_of().is_none() {
        return Ok(());
    }
    session::act_for(session, None).await?;
    let account = portal.store().account(actor.account()).await?;
    let role = account.and_then(|account| account.roles.first().copied());
    let event = Event::RoleTaken {
        role: role.unwrap_or(Role::Proxy),
    };
    sign_in::log(portal, &actor.stamp(), event).await
}

/// Puts a session whose acting ended back into its owner's own place; `false`: it acted for nobody.
pub async fn fall_back(session: &Session) -> Result<bool, Refusal> {
    if !session::acts(session).await? {
        return Ok(false);
    }
    session::act_for(session, None).await?;
    Ok(true)
}
