//! Carrying out a change of staff: each with a fresh factor for this very change, nobody for themselves, and the roles
//! that could hide what others do only when a second administrator agrees.

use super::check::{Cant, check, there};
use super::people;
use super::{Change, Term};
use crate::actor::Actor;
use crate::invitations::{self, Invitee, Issued};
use crate::step_up::{self, Action};
use crate::{Portal, Refusal, letters, session};
use core::fmt;
use domain::clock::Instant;
use domain::duty::{Duty, is_staff, needs_second_person};
use domain::id::{OrganizationId, PersonId, ProposalId};
use domain::party::{Membership, Role};
use serde::{Deserialize, Serialize};
use store::{Event, PersonRecord, Proposal, Proposed};
use tower_sessions::Session;

const CODE: &str = "staff-code";
const OUTCOME: &str = "staff-outcome";

/// What came of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is done, and there is a code to hand over: [`take_code`] has it, once.
    Code,
    /// It waits for a second administrator.
    Waiting,
}

/// A code to hand over, shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCode {
    /// For whom.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The code, as it is written down.
    pub code: String,
    /// The first instant at which it opens nothing any more.
    pub expires: Instant,
}

impl fmt::Debug for NewCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewCode([redacted])")
    }
}

/// Takes the code that was made last: it is shown once.
pub async fn take_code(session: &Session, actor: &Actor) -> Result<Option<NewCode>, Refusal> {
    actor.must(Duty::ManagePeople)?;
    session::take(session, CODE).await
}

/// Takes what came of the last change, to be said once.
pub async fn take_outcome(session: &Session) -> Result<Option<Outcome>, Refusal> {
    session::take(session, OUTCOME).await
}

/// Makes a change, with a fresh factor for it.
///
/// # Errors
/// [`Refusal::StepUpFirst`] when none stands for this very change; [`Refusal::NotAvailable`] as [`check`].
pub async fn carry_out(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    change: &Change,
) -> Result<Result<Outcome, Cant>, Refusal> {
    if let Err(cant) = check(portal, actor, change).await? {
        return Ok(Err(cant));
    }
    let action = Action::ChangeStaff(change.clone());
    step_up::take(portal, session, &action).await?;
    let work = Work {
        portal,
        session,
        actor,
    };
    let made = work.make(change).await?;
    if let Ok(outcome) = made {
        session.insert(OUTCOME, outcome).await?;
    }
    Ok(made)
}

/// Says no to what waits, or takes back what one asked for. Nothing was given, so no factor is asked for.
///
/// # Errors
/// [`Refusal::NotAvailable`] as [`check`].
pub async fn refuse(
    portal: &Portal,
    actor: &Actor,
    person: PersonId,
    proposal: ProposalId,
) -> Result<Result<(), Cant>, Refusal> {
    let member = people::one(portal, actor, person).await?;
    if !member.waiting.iter().any(|one| one.id == proposal) {
        return Ok(Err(Cant::NotThere));
    }
    if member.is_me {
        return Ok(Err(Cant::Yourself));
    }
    let event = Event::StaffChangeRefused { proposal, person };
    let settled = portal
        .store()
        .settle_proposal(&actor.stamp(), proposal, event)
        .await?;
    Ok(there(settled))
}

/// What waits for a second administrator when a role is to be given.
const fn wait(role: Role, organization: OrganizationId, term: Term) -> Proposed {
    Proposed::Role {
        role,
        organization,
        from: term.from,
        until: term.until,
    }
}

/// Who changes something, and with what.
struct Work<'a> {
    portal: &'a Portal,
    session: &'a Session,
    actor: &'a Actor,
}

type Made = Result<Result<Outcome, Cant>, Refusal>;

impl Work<'_> {
    async fn make(&self, change: &Change) -> Made {
        match change {
            Change::Invite {
                name,
                organization,
                role,
                term,
            } => self.invite(name.trim(), *organization, *role, *term).await,
            Change::Give {
                person,
                organization,
                role,
                term,
            } if needs_second_person(*role) => {
                let proposed = wait(*role, *organization, *term);
                self.propose(*person, proposed).await
            }
            Change::Give {
                person,
                organization,
                role,
                term,
            } => {
                self.give(*person, (*organization, *role), *term, None)
                    .await
            }
            Change::End {
                person,
                organization,
                role,
            } => self.end(*person, *organization, *role).await,
            Change::Code { person } => {
                let member = people::one(self.portal, self.actor, *person).await?;
                if member.roles().into_iter().any(needs_second_person) {
                    self.propose(*person, Proposed::Code).await
                } else {
                    self.code(*person).await
                }
            }
            Change::Agree { person, proposal } => self.agree(*person, *proposal).await,
        }
    }

    fn proposal(&self, person: PersonId, proposed: Proposed) -> Proposal {
        let store = self.portal.store();
        Proposal {
            id: ProposalId::from_random(store::entropy::random(store.entropy())),
            person,
            proposed,
            by: self.actor.person(),
            at: self.portal.now(),
        }
    }

    async fn invite(
        &self,
        name: &str,
        organization: OrganizationId,
        role: Role,
        term: Term,
    ) -> Made {
        let Some(span) = term.span(self.portal.now(), self.portal.options().time_zone) else {
            return Ok(Err(Cant::End));
        };
        let store = self.portal.store();
        let id = PersonId::from_random(store::entropy::random(store.entropy()));
        let mut person = PersonRecord::named(id, name);
        let mut events = Vec::new();
        let proposal = if needs_second_person(role) {
            Some(self.proposal(id, wait(role, organization, term)))
        } else {
            person.memberships.push(Membership {
                organization,
                role,
                span,
            });
            events.push(Event::RoleGiven {
                person: id,
                role,
                organization,
                span: Some(span),
            });
            None
        };
        if !store
            .add_staff(&self.actor.stamp(), &person, events, proposal)
            .await?
        {
            return Err(Refusal::NotAvailable);
        }
        if proposal.is_some() {
            return Ok(Ok(Outcome::Waiting));
        }
        self.code(id).await
    }

    async fn propose(&self, person: PersonId, proposed: Proposed) -> Made {
        let proposal = self.proposal(person, proposed);
        let kept = self
            .portal
            .store()
            .propose_staff_change(&self.actor.stamp(), proposal)
            .await?;
        if kept {
            Ok(Ok(Outcome::Waiting))
        } else {
            Err(Refusal::NotAvailable)
        }
    }

    /// Gives a role, and a code where there is no account.
    async fn give(
        &self,
        person: PersonId,
        (organization, role): (OrganizationId, Role),
        term: Term,
        proposal: Option<ProposalId>,
    ) -> Made {
        let now = self.portal.now();
        let Some(span) = term.span(now, self.portal.options().time_zone) else {
            return Ok(Err(Cant::End));
        };
        let done = self
            .portal
            .store()
            .change_staff(&self.actor.stamp(), person, proposal, |staff| {
                if !staff.join(organization, role, span, now) {
                    return None;
                }
                let given = Event::RoleGiven {
                    person,
                    role,
                    organization,
                    span: Some(span),
                };
                let agreed =
                    proposal.map(|proposal| Event::StaffChangeApproved { proposal, person });
                Some(agreed.into_iter().chain([given]).collect())
            })
            .await?;
        if !done {
            return Ok(Err(Cant::NotThere));
        }
        let member = people::one(self.portal, self.actor, person).await?;
        let second = member.roles().into_iter().any(needs_second_person);
        match member.state {
            people::State::Active | people::State::Dormant => {
                self.tell(person).await?;
                Ok(Ok(Outcome::Done))
            }
            // What it signed in with is gone: staff help its owner back by a case, as anybody.
            _ if member.has_account() => Ok(Ok(Outcome::Done)),
            // A code for somebody who holds such a role takes two; agreeing to the role is one of them.
            _ if second && proposal.is_none() => Ok(Ok(Outcome::Done)),
            _ => self.code(person).await,
        }
    }

    async fn end(
        &self,
        person: PersonId,
        organization: Option<OrganizationId>,
        role: Role,
    ) -> Made {
        let now = self.portal.now();
        let done = self
            .portal
            .store()
            .change_staff(&self.actor.stamp(), person, None, |staff| {
                let roles = staff.leave(organization, role, now);
                (!roles.is_empty()).then(|| {
                    vec![Event::RolesEnded {
                        person,
                        roles,
                        organization,
                    }]
                })
            })
            .await?;
        if !done {
            return Ok(Err(Cant::NotThere));
        }
        self.tell(person).await?;
        Ok(Ok(Outcome::Done))
    }

    async fn agree(&self, person: PersonId, proposal: ProposalId) -> Made {
        let member = people::one(self.portal, self.actor, person).await?;
        let Some(waiting) = member.waiting.into_iter().find(|one| one.id == proposal) else {
            return Ok(Err(Cant::NotThere));
        };
        match waiting.proposed {
            Proposed::Role {
                role,
                organization,
                from,
                until,
            } => {
                let term = Term { from, until };
                self.give(person, (organization, role), term, Some(proposal))
                    .await
            }
            Proposed::Code if self.has_account(person).await? => Ok(Err(Cant::HasAccount)),
            Proposed::Code => {
                let event = Event::StaffChangeApproved { proposal, person };
                let settled = self
                    .portal
                    .store()
                    .settle_proposal(&self.actor.stamp(), proposal, event)
                    .await?;
                if settled {
                    self.code(person).await
                } else {
                    Ok(Err(Cant::NotThere))
                }
            }
        }
    }

    async fn has_account(&self, person: PersonId) -> Result<bool, Refusal> {
        let accounts = self.portal.store().accounts_of(person).await?;
        Ok(!accounts.is_empty())
    }

    /// Makes a code with which an account is made; never one into an account that is there.
    async fn code(&self, person: PersonId) -> Made {
        let stamp = self.actor.stamp();
        let now = self.portal.now();
        let Some(record) = self.portal.store().person(person).await? else {
            return Err(Refusal::NotAvailable);
        };
        let mut roles: Vec<Role> = Vec::new();
        for one in &record.memberships {
            if !one.span.is_over(now) && is_staff(one.role) && !roles.contains(&one.role) {
                roles.push(one.role);
            }
        }
        let invitee = Invitee {
            person,
            roles,
            birth: None,
        };
        match invitations::invite(self.portal, &stamp, invitee).await? {
            Ok(issued) => self.hand_over(person, record.name, issued).await,
            Err(invitations::CantInvite::HasAccount) => Ok(Err(Cant::HasAccount)),
            Err(_) => Ok(Err(Cant::NotThere)),
        }
    }

    async fn hand_over(&self, person: PersonId, name: String, issued: Issued) -> Made {
        let code = NewCode {
            person,
            name,
            code: issued.code.written(),
            expires: issued.expires,
        };
        self.session.insert(CODE, code).await?;
        Ok(Ok(Outcome::Code))
    }

    /// Tells the owner of the account that their sessions ended.
    async fn tell(&self, person: PersonId) -> Result<(), Refusal> {
        let store = self.portal.store();
        for account in store.accounts_of(person).await? {
            letters::post(store, account.id, letters::Kind::SessionsEnded).await?;
        }
        Ok(())
    }
}
