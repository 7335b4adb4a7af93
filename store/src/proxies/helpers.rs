//! Helpers whom patients named: joining with an account that is there already, and the end of their access.
//!
//! A patient names a person; nobody knows then which account that will be. Somebody without an account makes one for that
//! person. Somebody who has one acts as that person with it: the consent that names the person stays as it was signed.

use crate::accounts::Account;
use crate::entities::{account_persons, accounts, invitations, policy_records};
use crate::error::{ChangeError, Error};
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed};
use crate::opening::Store;
use crate::policy::{PolicyRecord, read_record, seal_record};
use crate::seal::Place;
use crate::stamp::Stamp;
use crate::unit::move_every_epoch;
use domain::consent::ConsentKind;
use domain::consent::Recipient;
use domain::duty::is_staff;
use domain::id::{AccountId, AuthorityId, ConsentId, InvitationId, PatientId, PersonId};
use domain::party::Role;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Body {
    person: PersonId,
    account: AccountId,
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: "account_persons",
        row,
        patient: None,
        field: "body",
    }
}

impl Store {
    fn acting_person_hash(&self, person: PersonId) -> Vec<u8> {
        self.index().hash("acting-person", &[person.0.as_bytes()])
    }

    pub(crate) fn acting_account_hash(&self, account: AccountId) -> Vec<u8> {
        self.index().hash("acting-account", &[account.0.as_bytes()])
    }

    /// Everybody as whom an account may act: its own person first, then those whom patients named and whose invitation
    /// it took up.
    pub async fn persons_of(&self, account: &Account) -> Result<Vec<PersonId>, Error> {
        let rows = account_persons::Entity::find()
            .filter(account_persons::Column::Account.eq(self.acting_account_hash(account.id)))
            .order_by_asc(account_persons::Column::Person)
            .all(self.read())
            .await?;
        let mut persons = vec![account.person];
        for row in rows {
            let place = place(&row.person);
            let body: Body = self.house().open(&place, &row.body)?;
            if body.account != account.id || self.acting_person_hash(body.person) != row.person {
                return Err(place.broken());
            }
            persons.push(body.person);
        }
        Ok(persons)
    }

    /// Takes an invitation up with an account that is there: it acts as the person invited from now on, beside its own.
    ///
    /// `None`: the invitation is gone, is one for staff or for an account that is set up anew, or the account is staff's.
    /// Nothing is written then.
    pub async fn join_with_account(
        &self,
        stamp: &Stamp,
        invitation: InvitationId,
        account: AccountId,
    ) -> Result<Option<PersonId>, Error> {
        let mut unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        let Some(row) = invitations::Entity::find_by_id(invitation.0)
            .filter(invitations::Column::Expires.gt(self.clock().now().timestamp_micros()))
            .lock_exclusive()
            .one(&unit.transaction)
            .await?
        else {
            return Ok(None);
        };
        let invited = self.read_invitation(&row)?;
        let Some(row) = accounts::Entity::find_by_id(account.0)
            .lock_exclusive()
            .one(&unit.transaction)
            .await?
        else {
            return Ok(None);
        };
        let before = self.read_account(&row)?;
        let for_helpers = invited.account.is_none() && invited.roles == [Role::Proxy];
        if !for_helpers || before.roles.iter().any(|role| is_staff(*role)) {
            return Ok(None);
        }
        invitations::Entity::delete_by_id(invitation.0)
            .exec(&unit.transaction)
            .await?;
        let person = self.acting_person_hash(invited.person);
        let body = Body {
            person: invited.person,
            account,
        };
        account_persons::Entity::insert(account_persons::ActiveModel {
            body: Set(self.house().seal(&place(&person), &body, self.entropy())?),
            person: Set(person),
            account: Set(self.acting_account_hash(account)),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        if !before.roles.contains(&Role::Proxy) {
            let mut after = before.clone();
            after.roles.push(Role::Proxy);
            self.rewrite_account(&unit.transaction, &before, &after)
                .await?;
            move_every_epoch(&unit.transaction).await?;
        }
        unit.append(
            stamp,
            Event::InvitationUsed {
                invitation,
                account,
            },
        )
        .await?;
        let event = Event::HelperJoined {
            person: invited.person,
            account,
        };
        unit.finish_without_change(stamp, event).await?;
        Ok(Some(invited.person))
    }

    /// Ends an authority, and with it every proxy-access consent that names its person: the next look is decided without
    /// them (POLICY §6).
    ///
    /// # Errors
    /// [`ChangeError::NotFound`], [`ChangeError::AlreadyEnded`].
    pub async fn end_acting(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        authority: AuthorityId,
    ) -> Result<Committed, ChangeError> {
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(ChangeError::NotFound)?;
        let row = policy_records::Entity::find_by_id(authority.0)
            .filter(policy_records::Column::Patient.eq(patient.0))
            .one(&unit.transaction)
            .await
            .map_err(Error::from)?
            .ok_or(ChangeError::NotFound)?;
        let PolicyRecord::Authority(mut ended) = read_record(&unit.key, &row)? else {
            return Err(ChangeError::NotFound);
        };
        let at = unit.head.next_instant(self.clock().now());
        if ended.span.until.is_some_and(|until| until <= at) {
            return Err(ChangeError::AlreadyEnded);
        }
        unit.move_epoch()?;
        for consent in self.access_of(patient, ended.person).await? {
            let Some(standing) = unit.standing(consent).await? else {
                continue;
            };
            // One that has ended already stays as it ended.
            let Ok(state) = standing.state.revoke(at) else {
                continue;
            };
            unit.set_state(consent, &state).await?;
            unit.append(stamp, Event::ConsentRevoked { consent })
                .await?;
        }
        ended.span.until = Some(at);
        let record = PolicyRecord::Authority(ended);
        let sealed = seal_record(self, &unit.key, &mut unit.head, &record)?;
        policy_records::Entity::update(policy_records::ActiveModel {
            id: Unchanged(authority.0),
            ..sealed
        })
        .exec(&unit.transaction)
        .await
        .map_err(Error::from)?;
        let event = Event::AuthorityEnded { authority };
        Ok(unit.finish_without_change(stamp, event).await?)
    }

    /// The proxy-access consents that name a person.
    async fn access_of(
        &self,
        patient: PatientId,
        person: PersonId,
    ) -> Result<Vec<ConsentId>, Error> {
        Ok(self
            .consents(patient)
            .await?
            .into_iter()
            .filter(|standing| {
                let terms = &standing.consent.terms;
                terms.kind == ConsentKind::Proxy && terms.to.contains(&Recipient::Person(person))
            })
            .map(|standing| standing.consent.id)
            .collect())
    }
}
