//! Shredding a record: its keys are destroyed, and with them everything they sealed, here and in every copy whose wrapped
//! keys can't be unwrapped any more (docs/operations.md). The ledger keeps its links and its tree; what its entries said
//! can't be read by anybody.

use crate::chart::read_body;
use crate::entities::{
    accounts, assignments, consents, contacts, contents, devices, drafts, invitations, items,
    label_records, patients, people, policy_records, reach, recovery_cases, restriction_requests,
};
use crate::entropy::random;
use crate::error::Error;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Head};
use crate::opening::Store;
use crate::policy::{PolicyRecord, party_hash, read_record};
use crate::stamp::Stamp;
use crate::unit::Unit;
use domain::id::{AccountId, PatientId, PersonId};
use domain::party::{Party, Role};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter,
};

/// What was destroyed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shredded {
    /// Items of the record.
    pub items: u64,
    /// Consents.
    pub consents: u64,
    /// Accounts that were the patient's alone.
    pub accounts: u64,
    /// Whether the database file was rid of old pages at once; on PostgreSQL that is left to the operator.
    pub pages_cleared: bool,
}

impl Store {
    /// Destroys a patient's keys, everything they sealed, and every look-up that leads to the patient.
    ///
    /// What stays: the opaque id, the head and the entries of the patient's chain, whose bodies nobody can read; and an
    /// entry in the house's chain with the opaque id and the reason.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such patient, or the record was shredded before.
    pub async fn shred_patient(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        reason: &str,
    ) -> Result<Shredded, Error> {
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        let row = patients::Entity::find_by_id(patient.0)
            .one(&unit.transaction)
            .await?
            .ok_or(Error::NotFound("patient"))?;
        // A body that can't be read must not keep the record from being shredded.
        let subject = read_body(&unit.key, &row)
            .ok()
            .and_then(|body| body.subject);
        let mut done = self.delete_record(&unit, patient).await?;
        patients::Entity::update(patients::ActiveModel {
            id: Unchanged(patient.0),
            // Unique, and the hash of nothing.
            identity: Set(random::<32>(self.entropy()).to_vec()),
            subject: Set(None),
            data_key: Set(None),
            other_keys: Set(None),
            body: Set(None),
            born: Set(None),
            ..Default::default()
        })
        .exec(&unit.transaction)
        .await?;
        if let Some(person) = subject {
            done.accounts = self.delete_person(&unit, person).await?;
        }
        let mut house = Head::lock(&unit.transaction, Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        let event = Event::RecordShredded {
            patient,
            reason: reason.to_owned(),
        };
        house
            .append(self, &unit.transaction, self.house(), stamp, event)
            .await?;
        house.save(&unit.transaction).await?;
        unit.move_epoch()?;
        unit.commit().await?;
        done.pages_cleared = self.clear_pages().await;
        Ok(done)
    }

    async fn delete_record(&self, unit: &Unit<'_>, patient: PatientId) -> Result<Shredded, Error> {
        let transaction = &unit.transaction;
        let rows = policy_records::Entity::find()
            .filter(policy_records::Column::Patient.eq(patient.0))
            .all(transaction)
            .await?;
        for row in &rows {
            // What can't be read leads nowhere any more either.
            match read_record(&unit.key, row) {
                Ok(PolicyRecord::Emergency(emergency)) => {
                    self.forget_emergency(transaction, emergency.id).await?;
                }
                Ok(PolicyRecord::Relationship(relationship)) => {
                    assignments::Entity::delete_by_id(self.assignment_row(relationship.id))
                        .exec(transaction)
                        .await?;
                }
                Ok(PolicyRecord::Restriction(_) | PolicyRecord::Authority(_)) | Err(_) => {}
            }
        }
        self.forget_reviews(transaction, patient).await?;
        macro_rules! delete {
            ($table:ident) => {
                $table::Entity::delete_many()
                    .filter($table::Column::Patient.eq(patient.0))
                    .exec(transaction)
                    .await?
                    .rows_affected
            };
        }
        delete!(label_records);
        delete!(restriction_requests);
        delete!(policy_records);
        delete!(contents);
        delete!(reach);
        Ok(Shredded {
            consents: delete!(consents),
            items: delete!(items),
            accounts: 0,
            pages_cleared: false,
        })
    }

    /// Deletes the subject of the record and their accounts, unless they are somebody else here too: staff, or tied to
    /// another patient.
    async fn delete_person(&self, unit: &Unit<'_>, person: PersonId) -> Result<u64, Error> {
        let transaction = &unit.transaction;
        let hash = self.account_person_hash(person);
        let rows = accounts::Entity::find()
            .filter(accounts::Column::Person.eq(hash))
            .all(transaction)
            .await?;
        let tied = reach::Entity::find()
            .filter(reach::Column::Party.eq(party_hash(self, Party::Person(person))))
            .count(transaction)
            .await?
            > 0;
        let mut staff = false;
        for row in &rows {
            let account = AccountId(row.id);
            self.end_sessions_within(transaction, account).await?;
            drafts::Entity::delete_many()
                .filter(drafts::Column::Account.eq(row.id))
                .exec(transaction)
                .await?;
            let of_patients = |role: &Role| matches!(role, Role::Patient | Role::Proxy);
            staff |= !self.read_account(row)?.roles.iter().all(of_patients);
        }
        if tied || staff {
            return Ok(0);
        }
        for row in &rows {
            let account = AccountId(row.id);
            devices::Entity::delete_by_id(self.device_row(account))
                .exec(transaction)
                .await?;
            contacts::Entity::delete_by_id(self.contacts_row(account))
                .exec(transaction)
                .await?;
            recovery_cases::Entity::delete_many()
                .filter(recovery_cases::Column::Account.eq(self.case_account(account)))
                .exec(transaction)
                .await?;
            accounts::Entity::delete_by_id(row.id)
                .exec(transaction)
                .await?;
        }
        invitations::Entity::delete_many()
            .filter(invitations::Column::Person.eq(self.invited_person(person)))
            .exec(transaction)
            .await?;
        people::Entity::delete_by_id(person.0)
            .exec(transaction)
            .await?;
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    }

    /// Rids an SQLite file of what it held before; `false`: it could not be done now, or it is another database.
    async fn clear_pages(&self) -> bool {
        if self.write().get_database_backend() != DbBackend::Sqlite {
            return false;
        }
        // What is deleted is written over (`secure_delete`); what is left is the log of changes beside the file.
        let statement = "PRAGMA wal_checkpoint(TRUNCATE)".to_owned();
        let statement = sea_orm::Statement::from_string(DbBackend::Sqlite, statement);
        let row = self.write().query_one_raw(statement).await;
        let busy = row.ok().flatten().map(|row| row.try_get::<i32>("", "busy"));
        matches!(busy, Some(Ok(0)))
    }
}
