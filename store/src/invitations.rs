//! Invitations: who may make an account, or set one up anew. A code opens one, once; the database holds only the
//! code's keyed hash, and the rest sealed.

use crate::accounts::Account;
use crate::chart::read_body;
use crate::entities::{accounts, invitations, patients};
use crate::error::Error;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, from_micros};
use crate::opening::Store;
use crate::seal::Place;
use crate::stamp::Stamp;
use crate::unit::Unit;
use chrono::NaiveDate;
use core::fmt;
use domain::clock::Instant;
use domain::id::{AccountId, InvitationId, PatientId, PersonId};
use domain::party::Role;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

/// An invitation.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationRecord {
    /// Which.
    pub id: InvitationId,
    /// Who is invited.
    pub person: PersonId,
    /// The roles the account is to have.
    pub roles: Vec<Role>,
    /// The birth date that must be given with the code; `None`: the code alone opens it (staff).
    pub birth: Option<NaiveDate>,
    /// The account that is set up anew; `None`: a new one is made.
    pub account: Option<AccountId>,
    /// When it was made.
    pub made: Instant,
    /// The first instant at which it opens nothing any more.
    pub expires: Instant,
}

impl fmt::Debug for InvitationRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvitationRecord")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What the row seals.
#[derive(Serialize, Deserialize)]
struct Body {
    person: PersonId,
    roles: Vec<Role>,
    birth: Option<NaiveDate>,
    account: Option<AccountId>,
    made: Instant,
}

fn place(id: &InvitationId) -> Place<'_> {
    Place {
        table: "invitations",
        row: id.0.as_bytes(),
        patient: None,
        field: "body",
    }
}

impl Store {
    fn invitation_code(&self, code: &str) -> Vec<u8> {
        self.index().hash("invitation", &[code.as_bytes()])
    }

    pub(crate) fn invited_person(&self, person: PersonId) -> Vec<u8> {
        self.index()
            .hash("invitation-person", &[person.0.as_bytes()])
    }

    pub(crate) fn read_invitation(
        &self,
        row: &invitations::Model,
    ) -> Result<InvitationRecord, Error> {
        let id = InvitationId(row.id);
        let body: Body = self.house().open(&place(&id), &row.body)?;
        let expires = from_micros(row.expires)
            .ok_or_else(|| Error::row("invitations", "expires", row.id.as_bytes()))?;
        Ok(InvitationRecord {
            id,
            person: body.person,
            roles: body.roles,
            birth: body.birth,
            account: body.account,
            made: body.made,
            expires,
        })
    }

    /// Keeps an invitation under its code, which is not kept itself. What was open for the same person before is
    /// withdrawn: a letter that was lost opens nothing once there is another.
    pub async fn put_invitation(
        &self,
        stamp: &Stamp,
        invitation: InvitationRecord,
        code: &str,
    ) -> Result<Committed, Error> {
        let mut unit = self.house_unit().await?;
        self.withdraw_invitations_of(&mut unit, stamp, invitation.person)
            .await?;
        let person = self.invited_person(invitation.person);
        let body = Body {
            person: invitation.person,
            roles: invitation.roles.clone(),
            birth: invitation.birth,
            account: invitation.account,
            made: invitation.made,
        };
        invitations::Entity::insert(invitations::ActiveModel {
            id: Set(invitation.id.0),
            code: Set(self.invitation_code(code)),
            person: Set(person),
            body: Set(self
                .house()
                .seal(&place(&invitation.id), &body, self.entropy())?),
            expires: Set(invitation.expires.timestamp_micros()),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        let event = Event::InvitationMade {
            invitation: invitation.id,
            person: invitation.person,
            roles: invitation.roles,
        };
        unit.finish_without_change(stamp, event).await
    }

    /// Takes back every invitation of a person together with what is changed in that unit.
    pub(crate) async fn withdraw_invitations_of(
        &self,
        unit: &mut Unit<'_>,
        stamp: &Stamp,
        person: PersonId,
    ) -> Result<(), Error> {
        let open = invitations::Entity::find()
            .filter(invitations::Column::Person.eq(self.invited_person(person)))
            .all(&unit.transaction)
            .await?;
        for row in open {
            withdraw(unit, stamp, InvitationId(row.id)).await?;
        }
        Ok(())
    }

    /// The invitation that a code opens; `None`: no such code, taken up, withdrawn, or over.
    pub async fn invitation_by_code(&self, code: &str) -> Result<Option<InvitationRecord>, Error> {
        let row = invitations::Entity::find()
            .filter(invitations::Column::Code.eq(self.invitation_code(code)))
            .one(self.read())
            .await?;
        let found = row.map(|row| self.read_invitation(&row)).transpose()?;
        let now = self.clock().now();
        Ok(found.filter(|invitation| now < invitation.expires))
    }

    /// Every invitation that was neither taken up nor withdrawn; those that are over too.
    pub async fn invitations(&self) -> Result<Vec<InvitationRecord>, Error> {
        let rows = invitations::Entity::find()
            .order_by_asc(invitations::Column::Id)
            .all(self.read())
            .await?;
        rows.iter().map(|row| self.read_invitation(row)).collect()
    }

    /// Takes an invitation back; `false`: there is none of that id.
    pub async fn withdraw_invitation(
        &self,
        stamp: &Stamp,
        invitation: InvitationId,
    ) -> Result<bool, Error> {
        let mut unit = self.house_unit().await?;
        if !withdraw(&mut unit, stamp, invitation).await? {
            return Ok(false);
        }
        unit.commit().await?;
        Ok(true)
    }

    /// Takes an invitation up: it is gone and the account is there, or neither. Of an account that exists, what it signs
    /// in with is replaced, and who it is stays; the name of a new one may be in use by others, see
    /// [`Store::accounts_by_sign_in`].
    ///
    /// The account as it is now; `None`: taken up, withdrawn or over in the meantime, nothing is written.
    ///
    /// # Errors
    /// [`Error::Exists`] when as many accounts as can have one sign-in name have this one.
    pub async fn accept_invitation(
        &self,
        stamp: &Stamp,
        invitation: InvitationId,
        account: Account,
    ) -> Result<Option<Account>, Error> {
        let mut unit = self.house_unit().await?;
        let taken = invitations::Entity::delete_many()
            .filter(invitations::Column::Id.eq(invitation.0))
            .filter(invitations::Column::Expires.gt(self.clock().now().timestamp_micros()))
            .exec(&unit.transaction)
            .await?;
        if taken.rows_affected != 1 {
            return Ok(None);
        }
        let mut account = account;
        let before = accounts::Entity::find_by_id(account.id.0)
            .one(&unit.transaction)
            .await?;
        let event = if let Some(before) = before {
            let before = self.read_account(&before)?;
            account.sign_in.clone_from(&before.sign_in);
            account.person = before.person;
            account.roles.clone_from(&before.roles);
            account.created = before.created;
            self.rewrite_account(&unit.transaction, &before, &account)
                .await?;
            Event::AccountChanged {
                account: account.id,
            }
        } else {
            self.insert_account(&unit.transaction, &account, true)
                .await?;
            Event::AccountCreated {
                account: account.id,
            }
        };
        unit.append(stamp, event).await?;
        let event = Event::InvitationUsed {
            invitation,
            account: account.id,
        };
        unit.finish_without_change(stamp, event).await?;
        Ok(Some(account))
    }

    /// The person who is the subject of a record, where one was named.
    pub async fn subject(&self, patient: PatientId) -> Result<Option<PersonId>, Error> {
        let Some(row) = patients::Entity::find_by_id(patient.0)
            .one(self.read())
            .await?
        else {
            return Ok(None);
        };
        let Some(key) = self.patient_key(&row)? else {
            return Ok(None);
        };
        Ok(read_body(&key, &row)?.subject)
    }

    async fn house_unit(&self) -> Result<Unit<'_>, Error> {
        self.unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))
    }
}

async fn withdraw(
    unit: &mut Unit<'_>,
    stamp: &Stamp,
    invitation: InvitationId,
) -> Result<bool, Error> {
    let gone = invitations::Entity::delete_by_id(invitation.0)
        .exec(&unit.transaction)
        .await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    unit.append(stamp, Event::InvitationWithdrawn { invitation })
        .await?;
    Ok(true)
}
