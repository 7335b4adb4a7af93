//! Which grants wait for whose review, without a look into any record.
//!
//! A row names its organization and grant by keyed hashes; whose record it is about is sealed.

use crate::entities::emergency_queue::{ActiveModel, Column, Entity, Model};
use crate::error::Error;
use crate::opening::Store;
use crate::seal::Place;
use domain::id::{EmergencyId, OrganizationId, PatientId};
use domain::state::Emergency;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

/// Where a grant stands for an organization.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReviewStage {
    /// It waits for the review.
    Waiting,
    /// It was reviewed.
    Reviewed,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Body {
    patient: PatientId,
    emergency: EmergencyId,
}

impl ReviewStage {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Waiting => b"waiting",
            Self::Reviewed => b"reviewed",
        }
    }
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: "emergency_queue",
        row,
        patient: None,
        field: "body",
    }
}

impl Store {
    /// Grants that concern one of these organizations, each once: of those that wait the oldest first, of those that were
    /// reviewed the newest; at most so many.
    pub async fn emergencies_of(
        &self,
        organizations: &[OrganizationId],
        stage: ReviewStage,
        limit: u64,
    ) -> Result<Vec<(PatientId, EmergencyId)>, Error> {
        let queues: Vec<_> = organizations
            .iter()
            .map(|organization| self.emergency_queue_hash(*organization, stage))
            .collect();
        let query = Entity::find().filter(Column::Queue.is_in(queues));
        let query = match stage {
            ReviewStage::Waiting => query.order_by_asc(Column::Opened),
            ReviewStage::Reviewed => query.order_by_desc(Column::Opened),
        };
        let rows = query
            .order_by_asc(Column::Emergency)
            .limit(limit)
            .all(self.read())
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let body = self.read_queued_emergency(row)?;
            let line = (body.patient, body.emergency);
            if !found.contains(&line) {
                found.push(line);
            }
        }
        Ok(found)
    }

    /// Whose record a grant is about, when it concerns one of these organizations.
    pub async fn patient_of_emergency(
        &self,
        organizations: &[OrganizationId],
        emergency: EmergencyId,
    ) -> Result<Option<PatientId>, Error> {
        let queues = organizations.iter().flat_map(|organization| {
            [ReviewStage::Waiting, ReviewStage::Reviewed]
                .map(|stage| self.emergency_queue_hash(*organization, stage))
        });
        let row = Entity::find()
            .filter(Column::Queue.is_in(queues))
            .filter(Column::Emergency.eq(self.emergency_hash(emergency)))
            .order_by_asc(Column::Queue)
            .one(self.read())
            .await?;
        let body = row
            .map(|row| self.read_queued_emergency(&row))
            .transpose()?;
        Ok(body
            .filter(|body| body.emergency == emergency)
            .map(|body| body.patient))
    }

    pub(super) async fn queue_emergency(
        &self,
        transaction: &DatabaseTransaction,
        patient: PatientId,
        emergency: &Emergency,
    ) -> Result<(), Error> {
        let body = Body {
            patient,
            emergency: emergency.id,
        };
        let opened = emergency.span.from.timestamp_micros();
        for organization in emergency.concerned() {
            let queue = self.emergency_queue_hash(organization, ReviewStage::Waiting);
            self.put_in_emergency_queue(transaction, queue, body, opened)
                .await?;
        }
        Ok(())
    }

    /// Moves a grant from what waits to what was reviewed.
    pub(super) async fn emergency_was_reviewed(
        &self,
        transaction: &DatabaseTransaction,
        organization: OrganizationId,
        emergency: EmergencyId,
    ) -> Result<(), Error> {
        let waiting = self.emergency_queue_hash(organization, ReviewStage::Waiting);
        let key = (waiting, self.emergency_hash(emergency));
        let row = Entity::find_by_id(key.clone())
            .one(transaction)
            .await?
            .ok_or(Error::NotFound("emergency"))?;
        let body = self.read_queued_emergency(&row)?;
        Entity::delete_by_id(key).exec(transaction).await?;
        let reviewed = self.emergency_queue_hash(organization, ReviewStage::Reviewed);
        self.put_in_emergency_queue(transaction, reviewed, body, row.opened)
            .await
    }

    async fn put_in_emergency_queue(
        &self,
        transaction: &DatabaseTransaction,
        queue: Vec<u8>,
        body: Body,
        opened: i64,
    ) -> Result<(), Error> {
        let emergency = self.emergency_hash(body.emergency);
        let row = [queue.as_slice(), &emergency].concat();
        Entity::insert(ActiveModel {
            body: Set(self.house().seal(&place(&row), &body, self.entropy())?),
            queue: Set(queue),
            emergency: Set(emergency),
            opened: Set(opened),
        })
        .exec_without_returning(transaction)
        .await?;
        Ok(())
    }

    /// Forgets a grant of a record that is shredded.
    pub(crate) async fn forget_emergency(
        &self,
        transaction: &DatabaseTransaction,
        emergency: EmergencyId,
    ) -> Result<(), Error> {
        Entity::delete_many()
            .filter(Column::Emergency.eq(self.emergency_hash(emergency)))
            .exec(transaction)
            .await?;
        Ok(())
    }

    fn read_queued_emergency(&self, row: &Model) -> Result<Body, Error> {
        let id = [row.queue.as_slice(), &row.emergency].concat();
        self.house().open(&place(&id), &row.body)
    }

    fn emergency_queue_hash(&self, organization: OrganizationId, stage: ReviewStage) -> Vec<u8> {
        self.index().hash(
            "emergency-queue",
            &[organization.0.as_bytes(), stage.name()],
        )
    }

    fn emergency_hash(&self, emergency: EmergencyId) -> Vec<u8> {
        self.index().hash("emergency", &[emergency.0.as_bytes()])
    }
}
