//! The staff: roles given and ended, changes that wait for a second administrator, reviews of who has access.
//!
//! Each change is one transaction: the person's places of work, the roles of the account, the end of its sessions, of
//! open invitations and of every decision made before (the epochs move), and the ledger. Who makes it must still hold
//! the role in which they make it when it commits.

mod reviews;

pub use reviews::{AccessReview, Judged};

use crate::accounts::Account;
use crate::entities::{accounts, staff_proposals};
use crate::error::Error;
use crate::ledger::Chain;
use crate::ledger::event::Event;
use crate::opening::Store;
use crate::people::PersonRecord;
use crate::seal::Place;
use crate::stamp::Stamp;
use crate::unit::Unit;
use chrono::NaiveDate;
use core::fmt;
use domain::clock::Instant;
use domain::duty::is_staff;
use domain::id::{OrganizationId, PersonId, ProposalId};
use domain::party::{Membership, Role, Span, is_in_force};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};

/// Somebody of the staff, as a change finds them.
#[derive(Clone, PartialEq, Eq)]
pub struct Staff {
    /// The person.
    pub person: PersonRecord,
    /// The account, if there is one.
    pub account: Option<Account>,
}

impl fmt::Debug for Staff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Staff")
            .field("person", &self.person.id)
            .finish_non_exhaustive()
    }
}

impl Staff {
    /// Gives a role at an organization for a time; `false`: it is held already, or will be.
    pub fn join(
        &mut self,
        organization: OrganizationId,
        role: Role,
        span: Span,
        now: Instant,
    ) -> bool {
        let held = self.person.memberships.iter().any(|one| {
            one.organization == organization && one.role == role && !one.span.is_over(now)
        });
        if !held {
            self.person.memberships.push(Membership {
                organization,
                role,
                span,
            });
        }
        let known = match &mut self.account {
            Some(account) if !account.roles.contains(&role) => {
                account.roles.push(role);
                false
            }
            _ => true,
        };
        !held || !known
    }

    /// Ends one place of work: a role at an organization, or, without one, a role that an account has without any. The
    /// roles that end by it.
    pub fn leave(
        &mut self,
        organization: Option<OrganizationId>,
        role: Role,
        now: Instant,
    ) -> Vec<Role> {
        let mut found = organization.is_none();
        for one in &mut self.person.memberships {
            let meant = Some(one.organization) == organization && one.role == role;
            if meant && !one.span.is_over(now) {
                one.span.until = Some(now.max(one.span.from));
                found = true;
            }
        }
        if !found {
            return Vec::new();
        }
        let memberships = &self.person.memberships;
        let serves = |held: Role| {
            memberships
                .iter()
                .any(|one| !one.span.is_over(now) && held.is_served_by(one.role))
        };
        let mut ended = Vec::new();
        if let Some(account) = &mut self.account {
            account.roles.retain(|held| {
                let keep = !held.is_served_by(role) || serves(*held);
                if !keep {
                    ended.push(*held);
                }
                keep
            });
            close(account);
        }
        if ended.is_empty() && organization.is_some() {
            ended.push(role);
        }
        ended
    }

    /// Ends every place of work and every role that an administrator gives. The roles that end by it.
    pub fn leave_everything(&mut self, now: Instant) -> Vec<Role> {
        let mut ended = Vec::new();
        for one in &mut self.person.memberships {
            if !one.span.is_over(now) {
                one.span.until = Some(now.max(one.span.from));
                ended.push(one.role);
            }
        }
        if let Some(account) = &mut self.account {
            ended.extend(account.roles.iter().copied().filter(|role| is_staff(*role)));
            account.roles.retain(|role| !is_staff(*role));
            close(account);
        }
        ended.sort_unstable();
        ended.dedup();
        ended
    }
}

/// An account without a role has nothing to sign in with: should its owner come back, they get a new code.
fn close(account: &mut Account) {
    if account.roles.is_empty() {
        account.take_factors_away();
    }
}

/// What waits for a second administrator. INVARIANT: add variants; never rename one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Proposed {
    /// A role at an organization.
    Role {
        /// Which role.
        role: Role,
        /// Where.
        organization: OrganizationId,
        /// The day on which it begins; `None`: when it is agreed to.
        #[serde(default)]
        from: Option<NaiveDate>,
        /// The last day on which it is held; `None`: open.
        #[serde(default)]
        until: Option<NaiveDate>,
    },
    /// A new code, with which the account is made.
    Code,
}

/// A change that an administrator asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Proposal {
    /// Which.
    pub id: ProposalId,
    /// About whom.
    pub person: PersonId,
    /// What.
    pub proposed: Proposed,
    /// Who asked.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

fn place(id: &ProposalId) -> Place<'_> {
    Place {
        table: "staff_proposals",
        row: id.0.as_bytes(),
        patient: None,
        field: "body",
    }
}

/// What a change comes to, for the ledger; `None`: there is nothing to change.
pub type Changed = Option<Vec<Event>>;

impl Store {
    /// A unit on the house's chain for somebody who still holds the role in which they act; `None`: they don't.
    pub(crate) async fn house_staff_unit(&self, stamp: &Stamp) -> Result<Option<Unit<'_>>, Error> {
        let unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        let acts = self.still_acts(&unit.transaction, stamp).await?;
        Ok(acts.then_some(unit))
    }

    /// Whether who acts still holds the role in which they do, looked at inside the transaction.
    pub(crate) async fn still_acts(
        &self,
        transaction: &DatabaseTransaction,
        stamp: &Stamp,
    ) -> Result<bool, Error> {
        // The system itself acts by its own right.
        let Some(id) = stamp.actor.account else {
            return Ok(true);
        };
        let Some(role) = stamp.actor.role else {
            return Ok(false);
        };
        let row = accounts::Entity::find_by_id(id.0).one(transaction).await?;
        let Some(account) = row.map(|row| self.read_account(&row)).transpose()? else {
            return Ok(false);
        };
        let person = self.lock_person(transaction, account.person).await?;
        let now = self.clock().now();
        Ok(account.roles.contains(&role)
            && person.is_some_and(|person| is_in_force(role, &person.memberships, now)))
    }

    /// Changes one person within a unit; tells whether anything changed that decisions rest on. `None`: nothing did.
    async fn change_within(
        &self,
        unit: &mut Unit<'_>,
        stamp: &Stamp,
        person: PersonId,
        change: impl FnOnce(&mut Staff) -> Changed + Send,
    ) -> Result<Option<bool>, Error> {
        let known = self
            .lock_person(&unit.transaction, person)
            .await?
            .ok_or(Error::NotFound("person"))?;
        let account = accounts::Entity::find()
            .filter(accounts::Column::Person.eq(self.account_person_hash(person)))
            .order_by_asc(accounts::Column::Id)
            .one(&unit.transaction)
            .await?
            .map(|row| self.read_account(&row))
            .transpose()?;
        let before = Staff {
            person: known,
            account,
        };
        let mut after = before.clone();
        let Some(events) = change(&mut after) else {
            return Ok(None);
        };
        self.write_person(&unit.transaction, &after.person).await?;
        let mut moved = before.person.memberships != after.person.memberships;
        if moved {
            unit.head.note(after.person.noted());
        }
        if let (Some(before), Some(after)) = (&before.account, &after.account)
            && before != after
        {
            self.rewrite_account(&unit.transaction, before, after)
                .await?;
            moved |= before.roles != after.roles;
        }
        if let Some(account) = after.account.as_ref().filter(|_| moved) {
            self.end_sessions_within(&unit.transaction, account.id)
                .await?;
        }
        // A code that is on its way would make an account with the roles of before.
        if moved {
            self.withdraw_invitations_of(unit, stamp, person).await?;
        }
        for event in events {
            unit.append(stamp, event).await?;
        }
        Ok(Some(moved))
    }

    async fn commit_staff(&self, mut unit: Unit<'_>, moved: bool) -> Result<(), Error> {
        if moved {
            unit.move_every_epoch();
        }
        unit.commit().await
    }

    /// Changes somebody's place on the staff, or settles a proposal by it; `change` tells what for the ledger.
    ///
    /// `false`: nothing was changed: there was nothing to change, the proposal is settled already, or who acts no longer
    /// holds their role.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such person.
    pub async fn change_staff(
        &self,
        stamp: &Stamp,
        person: PersonId,
        proposal: Option<ProposalId>,
        change: impl FnOnce(&mut Staff) -> Changed + Send,
    ) -> Result<bool, Error> {
        let Some(mut unit) = self.house_staff_unit(stamp).await? else {
            return Ok(false);
        };
        if let Some(proposal) = proposal
            && !take(&unit, proposal).await?
        {
            return Ok(false);
        }
        let Some(moved) = self.change_within(&mut unit, stamp, person, change).await? else {
            return Ok(false);
        };
        self.commit_staff(unit, moved).await?;
        Ok(true)
    }

    /// Keeps somebody new, with what an administrator gives them; `false`: who acts no longer holds their role.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is a person of that id.
    pub async fn add_staff(
        &self,
        stamp: &Stamp,
        person: &PersonRecord,
        events: Vec<Event>,
        proposal: Option<Proposal>,
    ) -> Result<bool, Error> {
        let Some(mut unit) = self.house_staff_unit(stamp).await? else {
            return Ok(false);
        };
        if self
            .lock_person(&unit.transaction, person.id)
            .await?
            .is_some()
        {
            return Err(Error::Exists);
        }
        self.write_person(&unit.transaction, person).await?;
        unit.head.note(person.noted());
        for event in events {
            unit.append(stamp, event).await?;
        }
        if let Some(proposal) = proposal {
            self.put_proposal(&mut unit, stamp, &proposal).await?;
        }
        self.commit_staff(unit, false).await?;
        Ok(true)
    }

    async fn put_proposal(
        &self,
        unit: &mut Unit<'_>,
        stamp: &Stamp,
        proposal: &Proposal,
    ) -> Result<(), Error> {
        let body = self
            .house()
            .seal(&place(&proposal.id), proposal, self.entropy())?;
        staff_proposals::Entity::insert(staff_proposals::ActiveModel {
            id: Set(proposal.id.0),
            body: Set(body),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        let role = match proposal.proposed {
            Proposed::Role { role, .. } => Some(role),
            Proposed::Code => None,
        };
        let event = Event::StaffChangeProposed {
            proposal: proposal.id,
            person: proposal.person,
            role,
        };
        unit.append(stamp, event).await?;
        Ok(())
    }

    /// Keeps what an administrator asked for; `false`: who acts no longer holds their role.
    pub async fn propose_staff_change(
        &self,
        stamp: &Stamp,
        proposal: Proposal,
    ) -> Result<bool, Error> {
        let Some(mut unit) = self.house_staff_unit(stamp).await? else {
            return Ok(false);
        };
        self.put_proposal(&mut unit, stamp, &proposal).await?;
        self.commit_staff(unit, false).await?;
        Ok(true)
    }

    /// Everything that waits for a second administrator, the oldest first.
    pub async fn staff_proposals(&self) -> Result<Vec<Proposal>, Error> {
        let rows = staff_proposals::Entity::find().all(self.read()).await?;
        let mut found = rows
            .iter()
            .map(|row| {
                let id = ProposalId(row.id);
                let place = place(&id);
                let proposal: Proposal = self.house().open(&place, &row.body)?;
                if proposal.id == id {
                    Ok(proposal)
                } else {
                    Err(place.broken())
                }
            })
            .collect::<Result<Vec<_>, Error>>()?;
        found.sort_by_key(|proposal| (proposal.at, proposal.id));
        Ok(found)
    }

    /// Settles a proposal without a change of roles: it was refused, or a new code follows. `false`: it is settled
    /// already, or who acts no longer holds their role.
    pub async fn settle_proposal(
        &self,
        stamp: &Stamp,
        proposal: ProposalId,
        event: Event,
    ) -> Result<bool, Error> {
        let Some(mut unit) = self.house_staff_unit(stamp).await? else {
            return Ok(false);
        };
        if !take(&unit, proposal).await? {
            return Ok(false);
        }
        unit.append(stamp, event).await?;
        self.commit_staff(unit, false).await?;
        Ok(true)
    }
}

/// Takes a proposal: of two answers at once, one counts.
async fn take(unit: &Unit<'_>, proposal: ProposalId) -> Result<bool, Error> {
    let gone = staff_proposals::Entity::delete_by_id(proposal.0)
        .exec(&unit.transaction)
        .await?;
    Ok(gone.rows_affected == 1)
}
