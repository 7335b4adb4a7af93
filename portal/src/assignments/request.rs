//! What an administrator gives to assign a care relationship, and what can be wrong with it before anybody is looked for.

use crate::actor::Actor;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal, days, directory};
use chrono::{Months, NaiveDate};
use core::fmt;
use core::ops::RangeInclusive;
use domain::clock::Instant;
use domain::duty::Duty;
use domain::party::{Party, RelationshipKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::Session;

const KEPT: &str = "assignment";

/// The longest an assignment lasts: what takes longer is assigned again.
pub const LONGEST: Months = Months::new(12);

/// How many letters the reason takes.
pub const REASON: RangeInclusive<usize> = 10..=500;

/// What a relationship can be about, in the order offered.
pub const KINDS: [RelationshipKind; 4] = [
    RelationshipKind::Treating,
    RelationshipKind::Coordinating,
    RelationshipKind::Payer,
    RelationshipKind::Operations,
];

/// All that is given and confirmed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The patient's whole name.
    pub name: String,
    /// The patient's birth date.
    pub birth: NaiveDate,
    /// With whom.
    pub party: Party,
    /// What about.
    pub kind: RelationshipKind,
    /// The last day.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked([redacted])")
    }
}

/// Why it can't be assigned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cant {
    /// No name.
    Name,
    /// Nobody, or nothing, that can be given a care relationship.
    Party,
    /// It is about who asks, or an organization for which they look at records.
    Own,
    /// The person doesn't give care in their role.
    Kind,
    /// The last day is over, or more than a year away.
    End,
    /// The reason is shorter or longer than [`REASON`].
    Reason,
    /// No record is of that name and birth date, or more than one: which of it is not told (LAW B5).
    NoRecord,
    /// Too many tries that found nobody: not before this instant.
    Wait(Instant),
}

impl Asked {
    /// What a fresh factor has to be given for: exactly this.
    pub fn action(&self) -> Action {
        let written = serde_json::to_vec(self).unwrap_or_default();
        let mut digest = Sha256::new();
        digest.update(b"confide assignment 1\0");
        digest.update(&written);
        Action::AssignCare {
            digest: digest.finalize().into(),
        }
    }

    /// Keeps it while the factor is given; the session is sealed.
    ///
    /// # Errors
    /// When the session can't be written.
    pub async fn keep(&self, session: &Session) -> Result<(), Refusal> {
        Ok(session.insert(KEPT, self).await?)
    }

    /// The first instant at which it is over.
    pub(super) fn ends(&self, portal: &Portal) -> Instant {
        days::end_of(self.until, portal.options().time_zone)
    }
}

pub(super) async fn forget(session: &Session) -> Result<(), Refusal> {
    session.remove::<Asked>(KEPT).await?;
    Ok(())
}

/// What was kept and has been confirmed with a fresh factor.
///
/// # Errors
/// When the session can't be read.
pub async fn confirmed(portal: &Portal, session: &Session) -> Result<Option<Asked>, Refusal> {
    let Some(kept) = session.get::<Asked>(KEPT).await? else {
        return Ok(None);
    };
    let stands = step_up::stands(portal, session, &kept.action()).await?;
    Ok(stands.then_some(kept))
}

/// With whom a relationship can be assigned: the staff who look at records, and the organizations.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not assign.
pub async fn candidates(
    portal: &Portal,
    actor: &Actor,
) -> Result<Vec<directory::Candidate>, Refusal> {
    actor.must(Duty::AssignCare)?;
    let mut found = directory::candidates(portal, actor).await?;
    found.retain(|candidate| candidate.party != Party::Person(actor.person()));
    Ok(found)
}

/// Whether it can be assigned, as far as that can be told without looking for the patient.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not assign.
pub async fn check(
    portal: &Portal,
    actor: &Actor,
    asked: &Asked,
) -> Result<Result<(), Cant>, Refusal> {
    let candidates = candidates(portal, actor).await?;
    if asked.name.trim().is_empty() {
        return Ok(Err(Cant::Name));
    }
    let now = portal.now();
    if is_own(actor, asked.party, now) {
        return Ok(Err(Cant::Own));
    }
    if !candidates.iter().any(|one| one.party == asked.party) {
        return Ok(Err(Cant::Party));
    }
    let today = days::of(now, portal.options().time_zone);
    let last = today.checked_add_months(LONGEST).unwrap_or(today);
    if asked.until < today || last < asked.until {
        return Ok(Err(Cant::End));
    }
    if !REASON.contains(&asked.reason.trim().chars().count()) {
        return Ok(Err(Cant::Reason));
    }
    let cares = matches!(
        asked.kind,
        RelationshipKind::Treating | RelationshipKind::Coordinating
    );
    if cares && let Party::Person(person) = asked.party {
        let person = portal.store().person(person).await?;
        let gives_care = person.is_some_and(|person| {
            person
                .memberships
                .iter()
                .any(|one| one.role.gives_care() && one.span.holds(now))
        });
        if !gives_care {
            return Ok(Err(Cant::Kind));
        }
    }
    Ok(Ok(()))
}

/// Whether it would be for who asks: for themselves, or for an organization for which they look at records in another
/// role.
fn is_own(actor: &Actor, party: Party, now: Instant) -> bool {
    match party {
        Party::Person(person) => person == actor.person(),
        Party::Organization(organization) => actor.viewer().memberships.iter().any(|one| {
            one.organization == organization
                && Duty::OpenCharts.is_of(one.role)
                && !one.span.is_over(now)
        }),
    }
}
