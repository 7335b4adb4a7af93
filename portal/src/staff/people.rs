//! Who is on the staff, in which roles, and how their accounts stand: for administrators, and for reviews of access.

use super::dormancy::is_dormant;
use crate::accounts::{self, Standing};
use crate::actor::Actor;
use crate::{Portal, Refusal};
use core::fmt;
use domain::clock::Instant;
use domain::duty::{Duty, is_staff};
use domain::id::{OrganizationId, PersonId, ProposalId};
use domain::npi::Npi;
use domain::party::{Role, Span, is_in_force};
use std::collections::HashMap;
pub use store::Proposed;
use store::{Account, InvitationRecord, OrganizationRecord, PersonRecord, Proposal};

/// How somebody's account stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// They can sign in.
    Active,
    /// They have a code until then, and have not used it.
    Invited(Instant),
    /// Their code is over.
    InvitationOver,
    /// What they signed in with was taken away.
    SetUpAnew,
    /// Nobody used it for 90 days.
    Dormant,
    /// It has no role any more.
    Closed,
    /// There is none.
    NoAccount,
}

/// A role, and where it is held.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// Which role.
    pub role: Role,
    /// Where; `None`: in the portal, without a place of work.
    pub organization: Option<(OrganizationId, String)>,
    /// From when until when, at a place of work; it may begin later.
    pub span: Option<Span>,
    /// Whether it is in force now.
    pub in_force: bool,
}

/// Something that waits for a second administrator.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub id: ProposalId,
    /// What.
    pub proposed: Proposed,
    /// The name of the organization, for a role.
    pub organization: Option<String>,
    /// The name of who asked.
    pub by: Option<String>,
    /// Whether it was the one who looks.
    pub by_me: bool,
    /// When.
    pub at: Instant,
}

/// Somebody of the staff.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Whether it is the one who looks.
    pub is_me: bool,
    /// The roles that are in force, or will be.
    pub places: Vec<Place>,
    /// The National Provider Identifier.
    pub npi: Option<Npi>,
    /// How the account stands.
    pub state: State,
    /// When it was used last.
    pub last_used: Option<Instant>,
    /// Since when they could sign in: a place of work without an account opens nothing.
    pub since: Option<Instant>,
    /// What waits for a second administrator.
    pub waiting: Vec<Waiting>,
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

impl Member {
    /// The roles that are in force or will be, each once.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.places.iter().map(|place| place.role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Whether there is an account, whatever it is worth now.
    pub fn has_account(&self) -> bool {
        self.since.is_some()
    }

    /// Whether there is anything to take away.
    pub fn has_access(&self) -> bool {
        !self.places.is_empty()
    }
}

/// The whole staff by name, for an administrator.
///
/// # Errors
/// [`Refusal::NotAvailable`] for everybody else.
pub async fn list(portal: &Portal, actor: &Actor) -> Result<Vec<Member>, Refusal> {
    actor.must(Duty::ManagePeople)?;
    everybody(portal, actor).await
}

/// One of them.
///
/// # Errors
/// [`Refusal::NotAvailable`] when nobody of that id is on the staff, or who asks is no administrator.
pub async fn one(portal: &Portal, actor: &Actor, person: PersonId) -> Result<Member, Refusal> {
    list(portal, actor)
        .await?
        .into_iter()
        .find(|member| member.person == person)
        .ok_or(Refusal::NotAvailable)
}

/// Every organization by name, for the forms.
pub async fn organizations(
    portal: &Portal,
    actor: &Actor,
) -> Result<Vec<OrganizationRecord>, Refusal> {
    actor.must(Duty::ManagePeople)?;
    let mut all = portal.store().all_organizations().await?;
    all.sort_by_key(|organization| organization.name.to_lowercase());
    Ok(all)
}

/// The whole staff by name, for any duty that was looked at before.
pub(super) async fn everybody(portal: &Portal, actor: &Actor) -> Result<Vec<Member>, Refusal> {
    let store = portal.store();
    let known = Known {
        now: portal.now(),
        me: actor.person(),
        organizations: store
            .all_organizations()
            .await?
            .into_iter()
            .map(|organization| (organization.id, organization.name))
            .collect(),
        accounts: by_person(store.all_accounts().await?, |(account, _)| account.person),
        invitations: by_person(store.invitations().await?, |one| one.person),
        proposals: store.staff_proposals().await?,
    };
    let people = store.all_people().await?;
    let names: HashMap<PersonId, String> = people
        .iter()
        .map(|person| (person.id, person.name.clone()))
        .collect();
    let mut members: Vec<Member> = people
        .into_iter()
        .filter_map(|person| known.member(person, &names))
        .collect();
    members.sort_by_key(|member| (member.name.to_lowercase(), member.person));
    Ok(members)
}

fn by_person<T>(all: Vec<T>, person: impl Fn(&T) -> PersonId) -> HashMap<PersonId, T> {
    all.into_iter().map(|one| (person(&one), one)).collect()
}

/// What is read once for the whole list.
struct Known {
    now: Instant,
    me: PersonId,
    organizations: HashMap<OrganizationId, String>,
    accounts: HashMap<PersonId, (Account, Option<Instant>)>,
    invitations: HashMap<PersonId, InvitationRecord>,
    proposals: Vec<Proposal>,
}

impl Known {
    fn name(&self, organization: OrganizationId) -> String {
        self.organizations
            .get(&organization)
            .cloned()
            .unwrap_or_default()
    }

    /// `None`: not of the staff, past or present.
    fn member(&self, person: PersonRecord, names: &HashMap<PersonId, String>) -> Option<Member> {
        let account = self.accounts.get(&person.id);
        let places = self.places(&person, account.map(|(account, _)| account));
        let waiting = self.waiting(person.id, names);
        // An account that once had a role of the staff, and has none, has no role at all, or one that ended by itself.
        let closed = account.is_some_and(|(account, _)| {
            places.is_empty() && account.roles.iter().copied().all(is_staff)
        });
        if places.is_empty() && waiting.is_empty() && !closed {
            return None;
        }
        let last_used = account.and_then(|(_, last_used)| *last_used);
        let since = account.map(|(account, _)| account.created);
        Some(Member {
            person: person.id,
            name: person.name,
            npi: person.npi,
            is_me: person.id == self.me,
            state: if closed {
                State::Closed
            } else {
                self.state(account, self.invitations.get(&person.id))
            },
            places,
            last_used,
            since,
            waiting,
        })
    }

    fn places(&self, person: &PersonRecord, account: Option<&Account>) -> Vec<Place> {
        let mut places: Vec<Place> = person
            .memberships
            .iter()
            .filter(|one| is_staff(one.role) && !one.span.is_over(self.now))
            .map(|one| Place {
                role: one.role,
                organization: Some((one.organization, self.name(one.organization))),
                span: Some(one.span),
                in_force: one.span.holds(self.now),
            })
            .collect();
        let bare = account.into_iter().flat_map(|account| &account.roles);
        // A role that had a place of work ended with it.
        let held =
            |role: &Role| is_staff(*role) && is_in_force(*role, &person.memberships, self.now);
        for role in bare.copied().filter(held) {
            if !places.iter().any(|place| role.is_served_by(place.role)) {
                places.push(Place {
                    role,
                    organization: None,
                    span: None,
                    in_force: true,
                });
            }
        }
        places
    }

    fn state(
        &self,
        account: Option<&(Account, Option<Instant>)>,
        invitation: Option<&InvitationRecord>,
    ) -> State {
        let invited = invitation.map(|invitation| {
            if self.now < invitation.expires {
                State::Invited(invitation.expires)
            } else {
                State::InvitationOver
            }
        });
        let Some((account, last_used)) = account else {
            return invited.unwrap_or(State::NoAccount);
        };
        if account.roles.is_empty() {
            return State::Closed;
        }
        let standing = accounts::standing(account);
        match (standing, invited) {
            (Standing::Reset, Some(invited)) => invited,
            _ if is_dormant(account, *last_used, self.now) => State::Dormant,
            (Standing::Reset, None) => State::SetUpAnew,
            (Standing::Active, _) => State::Active,
        }
    }

    fn waiting(&self, person: PersonId, names: &HashMap<PersonId, String>) -> Vec<Waiting> {
        self.proposals
            .iter()
            .filter(|proposal| proposal.person == person)
            .map(|proposal| Waiting {
                id: proposal.id,
                proposed: proposal.proposed,
                organization: match proposal.proposed {
                    Proposed::Role { organization, .. } => Some(self.name(organization)),
                    Proposed::Code => None,
                },
                by: names.get(&proposal.by).cloned(),
                by_me: proposal.by == self.me,
                at: proposal.at,
            })
            .collect()
    }
}
