//! Restrictions that were asked for (LAW C4): what binds and what was said of it change in one transaction, with the epoch
//! and the ledger entry.

use super::records::{PolicyRecord, read_record, seal_record};
use crate::entities::{policy_records, restriction_requests};
use crate::error::Error;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed};
use crate::opening::Store;
use crate::seal::{DataKey, Place};
use crate::stamp::Stamp;
use domain::clock::Instant;
use domain::id::{OrganizationId, PatientId, RestrictionId};
use domain::state::{Restriction, RestrictionFault, RestrictionRequest};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RestrictionError {
    /// There is no such restriction of this patient.
    #[error("there is no such restriction")]
    NotFound,
    /// The record changed since it was looked at.
    #[error("the record changed meanwhile")]
    Stale,
    /// It may not be so.
    #[error(transparent)]
    Fault(#[from] RestrictionFault),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<DbErr> for RestrictionError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// A restriction, and what was said of it.
pub type Asked = (Restriction, RestrictionRequest);

fn place(patient: PatientId, id: &RestrictionId) -> Place<'_> {
    Place {
        table: "restriction_requests",
        row: id.0.as_bytes(),
        patient: Some(patient),
        field: "body",
    }
}

fn read_request(
    key: &DataKey,
    row: &restriction_requests::Model,
) -> Result<RestrictionRequest, Error> {
    let id = RestrictionId(row.id);
    let place = place(PatientId(row.patient), &id);
    let request: RestrictionRequest = key.open(&place, &row.body)?;
    if request.id == id {
        Ok(request)
    } else {
        Err(place.broken())
    }
}

async fn restriction_of(
    connection: &impl ConnectionTrait,
    key: &DataKey,
    patient: PatientId,
    id: RestrictionId,
) -> Result<Option<Restriction>, Error> {
    let row = policy_records::Entity::find_by_id(id.0)
        .filter(policy_records::Column::Patient.eq(patient.0))
        .one(connection)
        .await?;
    Ok(match row.map(|row| read_record(key, &row)).transpose()? {
        Some(PolicyRecord::Restriction(restriction)) => Some(restriction),
        _ => None,
    })
}

impl Store {
    /// Takes a request in. What must be agreed to binds from this moment on.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such patient.
    pub async fn ask_restriction(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        (restriction, request): Asked,
    ) -> Result<Committed, Error> {
        if restriction.id != request.id {
            return Err(Error::Misuse("a request for another restriction"));
        }
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        let event = Event::RestrictionAsked {
            restriction: restriction.id,
            organization: request.organization,
            paid_in_full: restriction.paid_in_full,
        };
        let record = PolicyRecord::Restriction(restriction);
        policy_records::Entity::insert(seal_record(self, &unit.key, &mut unit.head, &record)?)
            .exec_without_returning(&unit.transaction)
            .await?;
        let body = place(patient, &request.id);
        restriction_requests::Entity::insert(restriction_requests::ActiveModel {
            id: Set(request.id.0),
            patient: Set(patient.0),
            queue: Set(self.restriction_queue(request.organization)),
            body: Set(unit.key.seal(&body, &request, self.entropy())?),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        unit.finish(stamp, event).await
    }

    /// Changes a restriction and what was said of it; `change` gets the instant of the change and tells what for the
    /// ledger. `epoch`: only while this is the patient's, where `change` rests on what was read at it.
    ///
    /// # Errors
    /// What `change` finds; [`RestrictionError::Stale`] at another epoch.
    pub async fn change_restriction(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        id: RestrictionId,
        epoch: Option<u64>,
        change: impl FnOnce(&mut Asked, Instant) -> Result<Event, RestrictionFault> + Send,
    ) -> Result<Committed, RestrictionError> {
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(RestrictionError::NotFound)?;
        if epoch.is_some_and(|epoch| epoch != unit.head.epoch) {
            return Err(RestrictionError::Stale);
        }
        let row = restriction_requests::Entity::find_by_id(id.0)
            .filter(restriction_requests::Column::Patient.eq(patient.0))
            .one(&unit.transaction)
            .await?
            .ok_or(RestrictionError::NotFound)?;
        let restriction = restriction_of(&unit.transaction, &unit.key, patient, id)
            .await?
            .ok_or(RestrictionError::NotFound)?;
        let mut asked = (restriction, read_request(&unit.key, &row)?);
        let at = unit.head.next_instant(self.clock().now());
        let event = change(&mut asked, at)?;
        let (restriction, request) = asked;
        let record = PolicyRecord::Restriction(restriction);
        let sealed = seal_record(self, &unit.key, &mut unit.head, &record)?;
        policy_records::Entity::update(policy_records::ActiveModel {
            id: Unchanged(id.0),
            ..sealed
        })
        .exec(&unit.transaction)
        .await?;
        let body = unit
            .key
            .seal(&place(patient, &id), &request, self.entropy())?;
        restriction_requests::Entity::update(restriction_requests::ActiveModel {
            id: Unchanged(id.0),
            body: Set(body),
            ..Default::default()
        })
        .exec(&unit.transaction)
        .await?;
        Ok(unit.finish(stamp, event).await?)
    }

    /// One restriction that was asked for.
    pub async fn restriction(
        &self,
        patient: PatientId,
        id: RestrictionId,
    ) -> Result<Option<Asked>, Error> {
        Ok(self
            .restrictions(patient)
            .await?
            .into_iter()
            .find(|(restriction, _)| restriction.id == id))
    }

    /// All that a patient asked for, the newest first.
    pub async fn restrictions(&self, patient: PatientId) -> Result<Vec<Asked>, Error> {
        let Some(key) = self.chain_key(self.read(), Chain::Patient(patient)).await? else {
            return Ok(Vec::new());
        };
        let rows = restriction_requests::Entity::find()
            .filter(restriction_requests::Column::Patient.eq(patient.0))
            .all(self.read())
            .await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            let request = read_request(&key, row)?;
            if let Some(restriction) =
                restriction_of(self.read(), &key, patient, request.id).await?
            {
                all.push((restriction, request));
            }
        }
        all.sort_by_key(|(_, request)| core::cmp::Reverse((request.asked, request.id)));
        Ok(all)
    }

    /// What was asked of one of these organizations, at most so many.
    pub async fn restrictions_of(
        &self,
        organizations: &[OrganizationId],
        limit: u64,
    ) -> Result<Vec<(PatientId, RestrictionId)>, Error> {
        let queues = organizations.iter().map(|one| self.restriction_queue(*one));
        let rows = restriction_requests::Entity::find()
            .filter(restriction_requests::Column::Queue.is_in(queues))
            .order_by_asc(restriction_requests::Column::Id)
            .limit(limit)
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (PatientId(row.patient), RestrictionId(row.id)))
            .collect())
    }

    /// Who asked, when one of these organizations was asked.
    pub async fn patient_of_restriction(
        &self,
        organizations: &[OrganizationId],
        id: RestrictionId,
    ) -> Result<Option<PatientId>, Error> {
        let queues = organizations.iter().map(|one| self.restriction_queue(*one));
        let row = restriction_requests::Entity::find_by_id(id.0)
            .filter(restriction_requests::Column::Queue.is_in(queues))
            .one(self.read())
            .await?;
        Ok(row.map(|row| PatientId(row.patient)))
    }

    fn restriction_queue(&self, organization: OrganizationId) -> Vec<u8> {
        self.index()
            .hash("restriction-queue", &[organization.0.as_bytes()])
    }
}
