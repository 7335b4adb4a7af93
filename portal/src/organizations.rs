//! The organizations: what they are, who works there, which are Part 2 programs (42 CFR 2.11), for the office.

use crate::actor::Actor;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use core::fmt;
use domain::clock::Instant;
use domain::duty::{Duty, is_staff};
use domain::id::{OrganizationId, PersonId};
use domain::npi::Npi;
use domain::organization::OrganizationKind;
use domain::party::{Role, Span};
use domain::redisclosure::RecipientClass;
use store::OrganizationChange;
pub use store::OrganizationRecord;
use tower_sessions::Session;

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

/// What an administrator says of an organization, but for whether it is a program.
#[derive(Clone, PartialEq, Eq)]
pub struct Facts {
    /// The name.
    pub name: String,
    /// What it is; `None`: what a file said of it stays.
    pub kind: Option<OrganizationKind>,
    /// The National Provider Identifier.
    pub npi: Option<Npi>,
    /// What it is as a recipient (LAW B2).
    pub class: Option<RecipientClass>,
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Facts([redacted])")
    }
}

/// Why it can't be kept so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cant {
    /// No name, or one longer than 200 characters.
    Name,
    /// A new organization needs a kind.
    Kind,
    /// Another organization has this identifier.
    NpiTaken,
}

/// Somebody who works there now, or will.
#[derive(Clone, PartialEq, Eq)]
pub struct Worker {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// What they do there.
    pub role: Role,
    /// From when until when.
    pub span: Span,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker([redacted])")
    }
}

/// One organization, with who works there.
#[derive(Debug)]
pub struct Opened {
    /// The organization.
    pub organization: OrganizationRecord,
    /// Who works there, by name.
    pub workers: Vec<Worker>,
    /// Whether the one who looks may change it.
    pub may_change: bool,
    /// When the page was true.
    pub as_of: Instant,
}

/// Every organization by name.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not see them.
pub async fn list(portal: &Portal, actor: &Actor) -> Result<Vec<OrganizationRecord>, Refusal> {
    actor.must(Duty::SeeOrganizations)?;
    let mut all = portal.store().all_organizations().await?;
    all.sort_by_key(|organization| (organization.name.to_lowercase(), organization.id));
    Ok(all)
}

/// One organization.
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is none of that id, or for whoever may not see it.
pub async fn one(portal: &Portal, actor: &Actor, id: OrganizationId) -> Result<Opened, Refusal> {
    actor.must(Duty::SeeOrganizations)?;
    let store = portal.store();
    let organization = store.organization(id).await?.ok_or(Refusal::NotAvailable)?;
    let now = portal.now();
    let mut workers: Vec<Worker> = store
        .all_people()
        .await?
        .into_iter()
        .flat_map(|person| {
            let (id, name) = (person.id, person.name);
            person
                .memberships
                .into_iter()
                .map(move |one| (id, name.clone(), one))
        })
        .filter(|(_, _, one)| {
            one.organization == id && is_staff(one.role) && !one.span.is_over(now)
        })
        .map(|(person, name, one)| Worker {
            person,
            name,
            role: one.role,
            span: one.span,
        })
        .collect();
    workers.sort_by_key(|worker| (worker.name.to_lowercase(), worker.role, worker.person));
    Ok(Opened {
        organization,
        workers,
        may_change: actor.may(Duty::ManageOrganizations),
        as_of: now,
    })
}

/// Whether the one who asks may record a new one: for the page with the empty form.
///
/// # Errors
/// [`Refusal::NotAvailable`] when not.
pub fn may_add(actor: &Actor) -> Result<(), Refusal> {
    actor.must(Duty::ManageOrganizations)
}

fn checked(facts: &Facts) -> Result<String, Cant> {
    let name = facts.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        Err(Cant::Name)
    } else {
        Ok(name.to_owned())
    }
}

/// Records a new organization. It is no Part 2 program: that is said of it afterwards, with a fresh factor.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not.
pub async fn add(
    portal: &Portal,
    actor: &Actor,
    facts: &Facts,
) -> Result<Result<OrganizationId, Cant>, Refusal> {
    actor.must(Duty::ManageOrganizations)?;
    let name = match checked(facts) {
        Ok(name) => name,
        Err(cant) => return Ok(Err(cant)),
    };
    let Some(kind) = facts.kind else {
        return Ok(Err(Cant::Kind));
    };
    let store = portal.store();
    let id = OrganizationId::from_random(store::entropy::random(store.entropy()));
    let organization = OrganizationRecord {
        kind: kind.words().to_owned(),
        npi: facts.npi,
        class: facts.class,
        by_hand: true,
        ..OrganizationRecord::named(id, name)
    };
    let change = store.add_organization(&actor.stamp(), organization).await?;
    Ok(done(change)?.map(|()| id))
}

/// Changes what is kept of an organization, but for whether it is a program.
///
/// # Errors
/// [`Refusal::NotAvailable`] as [`one`], and for whoever may not.
pub async fn change(
    portal: &Portal,
    actor: &Actor,
    id: OrganizationId,
    facts: &Facts,
) -> Result<Result<(), Cant>, Refusal> {
    actor.must(Duty::ManageOrganizations)?;
    one(portal, actor, id).await?;
    let name = match checked(facts) {
        Ok(name) => name,
        Err(cant) => return Ok(Err(cant)),
    };
    let change = portal
        .store()
        .change_organization(&actor.stamp(), id, |organization| {
            organization.name = name;
            if let Some(kind) = facts.kind {
                kind.words().clone_into(&mut organization.kind);
            }
            organization.npi = facts.npi;
            organization.class = facts.class;
            organization.by_hand = true;
        })
        .await?;
    done(change)
}

fn done(change: OrganizationChange) -> Result<Result<(), Cant>, Refusal> {
    match change {
        OrganizationChange::Done | OrganizationChange::Unchanged => Ok(Ok(())),
        OrganizationChange::NpiTaken => Ok(Err(Cant::NpiTaken)),
        OrganizationChange::NotHeld => Err(Refusal::NotAvailable),
    }
}

/// Says that an organization is a Part 2 program, or is none, with a fresh factor for exactly this. Every decision made
/// before is void (POLICY §6); labels come and go when files are imported.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor; [`Refusal::NotAvailable`] as [`change`].
pub async fn set_program(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: OrganizationId,
    program: bool,
) -> Result<(), Refusal> {
    actor.must(Duty::ManageOrganizations)?;
    let opened = one(portal, actor, id).await?;
    if opened.organization.part2_program == program {
        return Ok(());
    }
    step_up::take(portal, session, &program_action(id, program)).await?;
    let change = portal
        .store()
        .change_organization(&actor.stamp(), id, |organization| {
            organization.part2_program = program;
        })
        .await?;
    // Nothing but who acts can stand in the way: the identifier stays.
    match done(change)? {
        Ok(()) => Ok(()),
        Err(_) => Err(Refusal::BadRequest),
    }
}

/// What a fresh factor is asked for.
pub const fn program_action(organization: OrganizationId, program: bool) -> Action {
    Action::SetProgram {
        organization,
        program,
    }
}

/// What a fresh factor stands for, for this organization: whether it is to be a program.
pub async fn confirmed(
    portal: &Portal,
    session: &Session,
    id: OrganizationId,
) -> Result<Option<bool>, Refusal> {
    Ok(match step_up::confirmed(portal, session).await? {
        Some(Action::SetProgram {
            organization,
            program,
        }) if organization == id => Some(program),
        _ => None,
    })
}
