//! Opening the one record that was asked for, and ending it (LAW E1).

use super::request::{self, Asking, Request, Whom};
use super::{LASTS, told};
use crate::actor::Actor;
use crate::{Portal, Refusal, disclosure, named, session, sign_in, step_up};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use domain::clock::Instant;
use domain::decide::Action;
use domain::duty::Duty;
use domain::id::{EmergencyId, OrganizationId, PatientId};
use domain::party::Span;
use domain::purpose::Purpose;
use domain::state::{
    Afterwards, Emergency, EmergencyFault, EmergencyRecipient, EmergencyState, review_day,
};
use std::collections::BTreeSet;
use store::{Chain, EmergencyError, Event};
use tower_sessions::Session;

/// What stands in the record for a discloser when no item names where it came from.
const NO_SOURCE: &str = "the records of this portal";

/// Why no record was opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unopened {
    /// No record is of that name and birth date, or of that id, or more than one: which of it is not told (LAW B5).
    NoRecord,
    /// Too many tries that opened nothing: not before this instant.
    Wait(Instant),
    /// It is open already, and is never extended.
    IsOpen,
}

/// A grant of this person's that is open now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open {
    /// Which.
    pub id: EmergencyId,
    /// Since when.
    pub since: Instant,
    /// First instant at which it is over.
    pub until: Instant,
}

/// Opens the record that was asked for, for an hour; takes a fresh factor for exactly this request.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor; [`Refusal::NotAvailable`] for whoever may not ask.
pub async fn open(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    wanted: &Request,
) -> Result<Result<PatientId, Unopened>, Refusal> {
    let asking = request::asking(portal, actor, wanted.whom.patient()).await?;
    let affiliation = asking.affiliation(wanted.affiliation);
    let affiliation = affiliation.ok_or(Refusal::BadRequest)?.to_owned();
    if !request::NATURE.contains(&wanted.nature.trim().chars().count()) {
        return Err(Refusal::BadRequest);
    }
    if let Some(patient) = wanted.whom.patient()
        && current(portal, actor, patient).await?.is_some()
    {
        return Ok(Err(Unopened::IsOpen));
    }
    let store = portal.store();
    let counter = store.attempt_key("emergency", &actor.person().to_string());
    let now = portal.now();
    // Told before a code is used up for nothing.
    if let Some(until) = store.attempts(&counter).await?.blocked_until
        && now < until
    {
        return Ok(Err(Unopened::Wait(until)));
    }
    step_up::take(portal, session, &wanted.action()).await?;
    // There is no cap: somebody's life may depend on the next try. Each waits longer instead.
    let blocks = |failures| {
        let wait = sign_in::delay(failures);
        (wait > TimeDelta::zero()).then(|| now + wait)
    };
    if !store.begin_attempt(&counter, u32::MAX, blocks).await? {
        let until = store.attempts(&counter).await?.blocked_until;
        return Ok(Err(Unopened::Wait(until.unwrap_or(now))));
    }
    let Some(patient) = find(portal, &wanted.whom).await? else {
        return nothing_opened(portal, actor).await;
    };
    let record = record(portal, actor, &asking, affiliation, wanted, patient).await?;
    match store.open_emergency(&actor.stamp(), patient, record).await {
        Ok(_) => {}
        Err(EmergencyError::NotFound) => return nothing_opened(portal, actor).await,
        Err(EmergencyError::IsOpen) => return Ok(Err(Unopened::IsOpen)),
        Err(EmergencyError::Fault(_)) => return Err(Refusal::BadRequest),
        Err(EmergencyError::Store(error)) => return Err(error.into()),
    }
    store.clear_attempts(&counter).await?;
    request::forget(session).await?;
    session::declare_purpose(session, patient, Purpose::Emergency).await?;
    told::by_letter(portal, patient).await;
    Ok(Ok(patient))
}

/// The attempt is written down where no patient is named.
async fn nothing_opened(
    portal: &Portal,
    actor: &Actor,
) -> Result<Result<PatientId, Unopened>, Refusal> {
    let stamp = actor.stamp();
    let event = Event::EmergencyNotOpened;
    portal.store().append(&stamp, Chain::House, event).await?;
    Ok(Err(Unopened::NoRecord))
}

/// The one record that was asked for. By name and birth date it must be one and no more.
async fn find(portal: &Portal, whom: &Whom) -> Result<Option<PatientId>, Refusal> {
    match whom {
        // An id of nobody's is told by the store, when it comes to opening.
        Whom::Patient(patient) => Ok(Some(*patient)),
        Whom::Named { name, birth } => named::the_one(portal, name, *birth).await,
    }
}

/// The record of 2.51(c).
async fn record(
    portal: &Portal,
    actor: &Actor,
    asking: &Asking,
    affiliation: String,
    wanted: &Request,
    patient: PatientId,
) -> Result<Emergency, Refusal> {
    let store = portal.store();
    let sources: BTreeSet<OrganizationId> = store
        .items(patient)
        .await?
        .into_iter()
        .flat_map(|item| item.sources)
        .collect();
    let disclosers: Vec<OrganizationId> = sources.into_iter().collect();
    let mut names: Vec<String> = store
        .organizations(&disclosers)
        .await?
        .into_iter()
        .map(|one| one.name)
        .collect();
    names.sort();
    let now = portal.now();
    Ok(Emergency {
        id: EmergencyId::from_random(store::entropy::random(store.entropy())),
        person: actor.person(),
        role: actor.role(),
        affiliation: wanted.affiliation,
        recipient: EmergencyRecipient {
            name: asking.name.clone(),
            affiliation,
        },
        discloser: if names.is_empty() {
            NO_SOURCE.to_owned()
        } else {
            names.join("; ")
        },
        disclosers,
        nature: wanted.nature.trim().to_owned(),
        without_consent: wanted.without_consent.name().to_owned(),
        state: EmergencyState::Open,
        span: Span {
            from: now,
            until: Some(now + LASTS),
        },
        after: Afterwards {
            due: due(now, portal.options().time_zone),
            ..Afterwards::default()
        },
    })
}

/// The first instant at which a review is late: when the last of its business days is over where the portal is.
fn due(opened: Instant, zone: Tz) -> Option<Instant> {
    let last: NaiveDate = review_day(opened.with_timezone(&zone).date_naive());
    last.checked_add_days(Days::new(1))?
        .and_time(NaiveTime::MIN)
        .and_local_timezone(zone)
        .earliest()
        .map(|midnight| midnight.to_utc())
}

/// This person's open grant for a patient; `None` for whoever has none, whether there is such a patient or not.
///
/// # Errors
/// When the store can't be used.
pub async fn current(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
) -> Result<Option<Open>, Refusal> {
    if !actor.may(Duty::Emergency) {
        return Ok(None);
    }
    let Some(state) = portal.store().policy_state(patient).await? else {
        return Ok(None);
    };
    let now = portal.now();
    let mine = state.emergencies.iter().filter(|grant| {
        // An end always stands: a grant without one is never open.
        grant.person == actor.person() && grant.is_open(now)
    });
    Ok(mine.min_by_key(|grant| grant.id).and_then(|grant| {
        Some(Open {
            id: grant.id,
            since: grant.span.from,
            until: grant.span.until?,
        })
    }))
}

/// When this person's last grant for a patient ended, if that was within the last day: they are told so where they would
/// open another.
///
/// # Errors
/// When the store can't be used.
pub async fn ended(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
) -> Result<Option<Instant>, Refusal> {
    let Some(state) = portal.store().policy_state(patient).await? else {
        return Ok(None);
    };
    let now = portal.now();
    let ends = state
        .emergencies
        .iter()
        .filter(|grant| grant.person == actor.person())
        .filter_map(|grant| grant.span.until);
    Ok(ends
        .filter(|end| *end <= now && now - *end < TimeDelta::days(1))
        .max())
}

/// Goes back to a record that is open, in another session: its pages are for the emergency again. Whether there was one
/// to go back to.
///
/// # Errors
/// When the store or the session can't be used.
pub async fn resume(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    patient: PatientId,
) -> Result<bool, Refusal> {
    if current(portal, actor, patient).await?.is_none() {
        return Ok(false);
    }
    session::declare_purpose(session, patient, Purpose::Emergency).await?;
    Ok(true)
}

/// Ends it now: the next look is decided without it. Ended twice is ended.
///
/// # Errors
/// When the store or the session can't be used.
pub async fn end(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    patient: PatientId,
) -> Result<(), Refusal> {
    session::forget_purpose(session, patient).await?;
    let Some(open) = current(portal, actor, patient).await? else {
        return Ok(());
    };
    let stamp = actor.stamp();
    let ended = portal.store().end_emergency(&stamp, patient, open.id);
    match ended.await {
        Ok(_) | Err(EmergencyError::Fault(EmergencyFault::Moved)) => Ok(()),
        Err(error) => Err(refused(error)),
    }
}

/// Somebody goes on as if it were open and it isn't: their purpose is forgotten, the attempt written down.
///
/// # Errors
/// When the store or the session can't be used.
pub async fn over(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    patient: PatientId,
) -> Result<(), Refusal> {
    session::forget_purpose(session, patient).await?;
    let purpose = Some(Purpose::Emergency);
    match disclosure::denied(portal, actor, patient, Action::View, purpose, None).await {
        Refusal::NotAvailable => Ok(()),
        refusal => Err(refusal),
    }
}

/// What the store refuses of a grant that the person may know of.
pub(super) fn refused(error: EmergencyError) -> Refusal {
    match error {
        EmergencyError::Store(error) => error.into(),
        EmergencyError::NotFound | EmergencyError::IsOpen | EmergencyError::Fault(_) => {
            Refusal::NotAvailable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::due;
    use chrono::{DateTime, Utc};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_review_is_due_when_its_last_day_is_over_where_the_portal_is() {
        let zone = chrono_tz::America::New_York;
        // Thursday evening in New York is Friday in Greenwich: due until Monday is over there.
        let opened = at("2026-11-20T02:00:00Z");
        assert_eq!(due(opened, zone), Some(at("2026-11-24T05:00:00Z")));
        assert_eq!(
            due(opened, chrono_tz::UTC),
            Some(at("2026-11-25T00:00:00Z"))
        );
    }
}
