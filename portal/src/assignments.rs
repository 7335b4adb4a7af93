//! Care relationships that an administrator assigns, where no record tells of one (POLICY §4.6, §4.7a): for a time, with
//! a reason and a fresh factor, never for oneself. The patient reads of each in their history.
//!
//! Administrators find a patient by name and birth date alone, and see nobody: neither a list of patients nor whose
//! record an assignment is about, only a few letters that tell one patient from another (LAW B5).

mod request;

pub use request::{Asked, Cant, KINDS, LONGEST, REASON, candidates, check, confirmed};

use crate::actor::Actor;
use crate::{Portal, Refusal, directory, named, sign_in, step_up};
use chrono::TimeDelta;
use core::fmt;
use domain::clock::Instant;
use domain::duty::Duty;
use domain::id::RelationshipId;
use domain::party::{Party, Relationship, RelationshipKind, Span};
use store::{Assignment, Chain, Event};
use tower_sessions::Session;

/// One assignment, as the office sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub id: RelationshipId,
    /// Letters that tell its patient from another one's.
    pub patient: String,
    /// With whom; `None`: somebody who is no longer in the directory.
    pub party: Option<directory::Name>,
    /// What it is about.
    pub kind: RelationshipKind,
    /// While it lasts.
    pub span: Span,
    /// Why.
    pub reason: String,
    /// Who assigned it, by name.
    pub by: Option<String>,
    /// When.
    pub at: Instant,
    /// Who ended it before its time, by name.
    pub ended_by: Option<String>,
    /// Whether it is in force.
    pub in_force: bool,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line([redacted])")
    }
}

/// What the office sees of assignments.
#[derive(Debug)]
pub struct Listed {
    /// This page's, the newest first.
    pub lines: Vec<Line>,
    /// How many pages there are.
    pub pages: usize,
    /// Whether the one who looks may assign and end.
    pub may_assign: bool,
    /// When the page was true.
    pub as_of: Instant,
}

/// How many stand on a page.
const PAGE: usize = 50;

async fn line(portal: &Portal, assignment: Assignment) -> Result<Line, Refusal> {
    let store = portal.store();
    let Assignment {
        patient,
        relationship,
        reason,
        by,
        at,
        ended_by,
    } = assignment;
    let name = async |person| -> Result<Option<String>, Refusal> {
        Ok(store.person(person).await?.map(|person| person.name))
    };
    Ok(Line {
        id: relationship.id,
        patient: store.patient_reference(patient),
        party: match relationship.party {
            Party::Person(person) => directory::person(portal, person).await?,
            Party::Organization(organization) => {
                directory::organization(portal, organization).await?
            }
        },
        kind: relationship.kind,
        in_force: relationship.span.holds(portal.now()),
        span: relationship.span,
        reason,
        by: name(by).await?,
        at,
        ended_by: match ended_by {
            Some(person) => name(person).await?,
            None => None,
        },
    })
}

/// A page of the assignments, counted from 1.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not see them.
pub async fn list(portal: &Portal, actor: &Actor, page: usize) -> Result<Listed, Refusal> {
    actor.must(Duty::SeeAssignments)?;
    let all = portal.store().assignments().await?;
    let pages = all.len().div_ceil(PAGE).max(1);
    let skipped = page.clamp(1, pages).saturating_sub(1).saturating_mul(PAGE);
    let mut lines = Vec::new();
    for assignment in all.into_iter().skip(skipped).take(PAGE) {
        lines.push(line(portal, assignment).await?);
    }
    Ok(Listed {
        lines,
        pages,
        may_assign: actor.may(Duty::AssignCare),
        as_of: portal.now(),
    })
}

/// One assignment, and whether the one who looks may end it.
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is none of that id, or for whoever may not see it.
pub async fn one(
    portal: &Portal,
    actor: &Actor,
    id: RelationshipId,
) -> Result<(Line, bool), Refusal> {
    actor.must(Duty::SeeAssignments)?;
    let found = portal.store().assignment(id).await?;
    let line = line(portal, found.ok_or(Refusal::NotAvailable)?).await?;
    let may_end = actor.may(Duty::AssignCare) && !line.span.is_over(portal.now());
    Ok((line, may_end))
}

/// Whether the one who asks may assign and end.
///
/// # Errors
/// [`Refusal::NotAvailable`] when not.
pub fn may_assign(actor: &Actor) -> Result<(), Refusal> {
    actor.must(Duty::AssignCare)
}

/// Assigns what was asked for, with a fresh factor for exactly this.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor; [`Refusal::NotAvailable`] for whoever may not.
pub async fn assign(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    asked: &Asked,
) -> Result<Result<RelationshipId, Cant>, Refusal> {
    if let Err(cant) = check(portal, actor, asked).await? {
        return Ok(Err(cant));
    }
    let store = portal.store();
    let counter = store.attempt_key("assignment", &actor.person().to_string());
    let now = portal.now();
    // Told before a code is used up for nothing.
    if let Some(until) = store.attempts(&counter).await?.blocked_until
        && now < until
    {
        return Ok(Err(Cant::Wait(until)));
    }
    step_up::take(portal, session, &asked.action()).await?;
    // Each name that fits nobody waits longer: this is no way to ask who has a record here.
    let blocks = |failures| {
        let wait = sign_in::delay(failures);
        (wait > TimeDelta::zero()).then(|| now + wait)
    };
    if !store.begin_attempt(&counter, u32::MAX, blocks).await? {
        let until = store.attempts(&counter).await?.blocked_until;
        return Ok(Err(Cant::Wait(until.unwrap_or(now))));
    }
    let stamp = actor.stamp();
    let Some(patient) = named::the_one(portal, &asked.name, asked.birth).await? else {
        let event = Event::RelationshipNotAssigned;
        store.append(&stamp, Chain::House, event).await?;
        return Ok(Err(Cant::NoRecord));
    };
    let assignment = Assignment {
        patient,
        relationship: Relationship {
            id: RelationshipId::from_random(store::entropy::random(store.entropy())),
            party: asked.party,
            kind: asked.kind,
            span: Span {
                from: now,
                until: Some(asked.ends(portal)),
            },
        },
        reason: asked.reason.trim().to_owned(),
        by: actor.person(),
        at: now,
        ended_by: None,
    };
    if !store.assign_relationship(&stamp, &assignment).await? {
        return Err(Refusal::NotAvailable);
    }
    store.clear_attempts(&counter).await?;
    request::forget(session).await?;
    Ok(Ok(assignment.relationship.id))
}

/// Ends one now: the next look is decided without it. Nothing is given by it, so no factor is asked for. Ended twice is
/// ended.
///
/// # Errors
/// [`Refusal::NotAvailable`] as [`one`], and for whoever may not.
pub async fn end(portal: &Portal, actor: &Actor, id: RelationshipId) -> Result<(), Refusal> {
    actor.must(Duty::AssignCare)?;
    match portal.store().end_assignment(&actor.stamp(), id).await {
        Ok(()) | Err(store::ChangeError::AlreadyEnded) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
