//! Emergency grants (LAW E1): opened, ended, reviewed and read of, each in one transaction with its ledger entry.

mod queue;

pub use queue::ReviewStage;

use super::records::{PolicyRecord, read_record, seal_record};
use crate::entities::policy_records;
use crate::error::Error;
use crate::ledger::event::{EmergencyEntry, Event};
use crate::ledger::{Chain, Committed};
use crate::opening::Store;
use crate::policy::extend_reach;
use crate::stamp::Stamp;
use crate::unit::Unit;
use domain::clock::Instant;
use domain::id::{EmergencyId, OrganizationId, PatientId};
use domain::state::{Concern, Emergency, EmergencyFault, EmergencyReview};
use sea_orm::{
    ActiveValue::Unchanged, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
};

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum EmergencyError {
    /// There is no such grant of this patient.
    #[error("there is no such emergency grant")]
    NotFound,
    /// The same person has an open grant for this patient: it is never extended.
    #[error("an emergency grant is open already")]
    IsOpen,
    /// It may not be so.
    #[error(transparent)]
    Fault(#[from] EmergencyFault),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<DbErr> for EmergencyError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Opens an emergency grant: the record of 2.51(c) is in the entry and in the queue of those who review it, before
    /// anything can be looked at on it.
    ///
    /// # Errors
    /// [`EmergencyError::Fault`] when the record is not complete; [`EmergencyError::IsOpen`].
    pub async fn open_emergency(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        emergency: Emergency,
    ) -> Result<Committed, EmergencyError> {
        let emergency = emergency.checked()?;
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(EmergencyError::NotFound)?;
        let at = unit.head.next_instant(self.clock().now());
        let rows = policy_records::Entity::find()
            .filter(policy_records::Column::Patient.eq(patient.0))
            .all(&unit.transaction)
            .await?;
        for row in &rows {
            if let PolicyRecord::Emergency(known) = read_record(&unit.key, row)?
                && known.person == emergency.person
                && known.is_open(at)
            {
                return Err(EmergencyError::IsOpen);
            }
        }
        self.queue_emergency(&unit.transaction, patient, &emergency)
            .await?;
        let record = PolicyRecord::Emergency(emergency);
        policy_records::Entity::insert(seal_record(self, &unit.key, &mut unit.head, &record)?)
            .exec_without_returning(&unit.transaction)
            .await?;
        extend_reach(self, &unit.transaction, patient, &record.parties()).await?;
        Ok(unit.finish(stamp, record.added()).await?)
    }

    /// Ends an emergency grant now: the next look is decided without it.
    ///
    /// # Errors
    /// [`EmergencyFault::Moved`] when it is over already.
    pub async fn end_emergency(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        id: EmergencyId,
    ) -> Result<Committed, EmergencyError> {
        let (mut unit, mut emergency, at) = self.take_emergency(patient, id).await?;
        if !emergency.is_open(at) {
            return Err(EmergencyFault::Moved.into());
        }
        emergency.state = emergency.close(at)?;
        emergency.span.until = Some(at);
        self.put_emergency(&mut unit, emergency).await?;
        let event = Event::EmergencyEnded { emergency: id };
        Ok(unit.finish(stamp, event).await?)
    }

    /// Records what a privacy officer found, for the organizations they answer for, signed with the stamp's account at
    /// the entry's instant.
    ///
    /// # Errors
    /// [`EmergencyError::Fault`] as [`Emergency::reviewed`] has them.
    pub async fn review_emergency(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        id: EmergencyId,
        organizations: &[OrganizationId],
        justified: bool,
        reason: &str,
    ) -> Result<Committed, EmergencyError> {
        let (Some(by), Some(account)) = (stamp.actor.person, stamp.actor.account) else {
            return Err(Error::Misuse("nobody reviewed an emergency").into());
        };
        let (mut unit, mut emergency, at) = self.take_emergency(patient, id).await?;
        for organization in organizations {
            emergency = emergency.reviewed(EmergencyReview {
                organization: *organization,
                by,
                account,
                at,
                justified,
                reason: reason.to_owned(),
            })?;
            self.emergency_was_reviewed(&unit.transaction, *organization, id)
                .await?;
        }
        self.put_emergency(&mut unit, emergency).await?;
        let event = Event::EmergencyReviewed {
            emergency: id,
            organizations: organizations.to_vec(),
            justified,
        };
        Ok(unit.finish_without_change(stamp, event).await?)
    }

    /// Records that the patient read of it, and what they report, if anything.
    ///
    /// # Errors
    /// [`EmergencyError::NotFound`].
    pub async fn acknowledge_emergency(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        id: EmergencyId,
        concern: Option<String>,
    ) -> Result<Committed, EmergencyError> {
        let (mut unit, mut emergency, at) = self.take_emergency(patient, id).await?;
        let event = Event::EmergencyAcknowledged {
            emergency: id,
            concern: concern.is_some(),
        };
        emergency.after.acknowledged = Some(at);
        if let Some(words) = concern {
            emergency.after.concern = Some(Concern { at, words });
        }
        self.put_emergency(&mut unit, emergency).await?;
        Ok(unit.finish_without_change(stamp, event).await?)
    }

    /// One emergency grant of a patient.
    pub async fn emergency(
        &self,
        patient: PatientId,
        id: EmergencyId,
    ) -> Result<Option<Emergency>, Error> {
        let Some(key) = self.chain_key(self.read(), Chain::Patient(patient)).await? else {
            return Ok(None);
        };
        let row = emergency_row(self.read(), patient, id).await?;
        Ok(match row.map(|row| read_record(&key, &row)).transpose()? {
            Some(PolicyRecord::Emergency(emergency)) => Some(emergency),
            _ => None,
        })
    }

    async fn take_emergency(
        &self,
        patient: PatientId,
        id: EmergencyId,
    ) -> Result<(Unit<'_>, Emergency, Instant), EmergencyError> {
        let unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(EmergencyError::NotFound)?;
        let row = emergency_row(&unit.transaction, patient, id)
            .await?
            .ok_or(EmergencyError::NotFound)?;
        let PolicyRecord::Emergency(emergency) = read_record(&unit.key, &row)? else {
            return Err(EmergencyError::NotFound);
        };
        let at = unit.head.next_instant(self.clock().now());
        Ok((unit, emergency, at))
    }

    async fn put_emergency(&self, unit: &mut Unit<'_>, emergency: Emergency) -> Result<(), Error> {
        let record = PolicyRecord::Emergency(emergency);
        let sealed = seal_record(self, &unit.key, &mut unit.head, &record)?;
        policy_records::Entity::update(policy_records::ActiveModel {
            id: Unchanged(record.id()),
            ..sealed
        })
        .exec(&unit.transaction)
        .await?;
        Ok(())
    }
}

async fn emergency_row(
    connection: &impl ConnectionTrait,
    patient: PatientId,
    id: EmergencyId,
) -> Result<Option<policy_records::Model>, Error> {
    Ok(policy_records::Entity::find_by_id(id.0)
        .filter(policy_records::Column::Patient.eq(patient.0))
        .one(connection)
        .await?)
}

/// What the entry says of a grant that is opened: all that 2.51(c) wants recorded.
pub(super) fn entry(emergency: &Emergency) -> Event {
    Event::EmergencyOpened {
        emergency: emergency.id,
        person: emergency.person,
        span: emergency.span,
        record: Some(EmergencyEntry {
            recipient: emergency.recipient.clone(),
            affiliation: emergency.affiliation,
            discloser: emergency.discloser.clone(),
            disclosers: emergency.disclosers.clone(),
            nature: emergency.nature.clone(),
            without_consent: emergency.without_consent.clone(),
        }),
    }
}
