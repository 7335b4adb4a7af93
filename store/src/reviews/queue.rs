//! The queue: which items wait for whom, without a look into any chart.
//!
//! A row names its organization, item and patient by keyed hashes; what it is about is sealed.

use crate::entities::review_queue::{self, Column, Entity};
use crate::error::Error;
use crate::ledger::from_micros;
use crate::opening::Store;
use crate::seal::Place;
use domain::clock::Instant;
use domain::id::{ItemId, OrganizationId, PatientId};
use domain::item::ItemFacts;
use domain::labeling::review::Waiting;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// For what an item waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// For somebody to look at it.
    First,
    /// For a second person to approve a lowering.
    Second,
}

impl Stage {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::First => b"first",
            Self::Second => b"second",
        }
    }
}

/// An item that waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Queued {
    /// Whose record it is of.
    pub patient: PatientId,
    /// Which.
    pub item: ItemId,
    /// Since when it waits.
    pub since: Instant,
    /// What of it, and why.
    pub waiting: Waiting,
}

#[derive(Serialize, Deserialize)]
struct Body {
    patient: PatientId,
    item: ItemId,
    waiting: Waiting,
}

/// The rows of one item: at most one a stage.
#[derive(Debug)]
pub(super) struct Rows {
    waiting: Waiting,
    /// Queue and instant.
    places: Vec<(Vec<u8>, i64)>,
}

impl Rows {
    /// What the rows say; they all say the same.
    pub(super) const fn waiting(&self) -> &Waiting {
        &self.waiting
    }
}

impl Store {
    /// What waits for these organizations, the longest waiting first, after that item; at most `limit`. An item that no
    /// longer waits is no place to go on from: then it is read from the beginning.
    pub async fn review_queue(
        &self,
        organizations: &[OrganizationId],
        stage: Stage,
        after: Option<ItemId>,
        limit: u64,
    ) -> Result<Vec<Queued>, Error> {
        let queues = self.queues(organizations, &[stage]);
        let mut query = Entity::find().filter(Column::Queue.is_in(queues.iter().cloned()));
        if let Some(item) = after {
            let hash = self.item_hash(item);
            let before = Entity::find()
                .filter(Column::Queue.is_in(queues))
                .filter(Column::Item.eq(hash.clone()))
                .one(self.read())
                .await?;
            if let Some(before) = before {
                query = query.filter(
                    Condition::any().add(Column::Since.gt(before.since)).add(
                        Condition::all()
                            .add(Column::Since.eq(before.since))
                            .add(Column::Item.gt(hash)),
                    ),
                );
            }
        }
        let rows = query
            .order_by_asc(Column::Since)
            .order_by_asc(Column::Item)
            .limit(limit)
            .all(self.read())
            .await?;
        rows.iter().map(|row| self.read_queued(row)).collect()
    }

    /// An item that waits for one of these organizations, whatever it waits for.
    pub async fn queued(
        &self,
        organizations: &[OrganizationId],
        item: ItemId,
    ) -> Result<Option<Queued>, Error> {
        let row = Entity::find()
            .filter(Column::Queue.is_in(self.queues(organizations, &[Stage::First, Stage::Second])))
            .filter(Column::Item.eq(self.item_hash(item)))
            .order_by_asc(Column::Queue)
            .one(self.read())
            .await?;
        row.map(|row| self.read_queued(&row)).transpose()
    }

    /// The items of a patient that wait, for whomever.
    pub(crate) async fn under_review(&self, patient: PatientId) -> Result<Vec<ItemId>, Error> {
        let rows = self.queue_rows(self.read(), patient, None).await?;
        let mut items: Vec<ItemId> = rows.into_keys().collect();
        items.sort_unstable();
        Ok(items)
    }

    /// The rows of a patient's items, or of one.
    pub(super) async fn queue_rows(
        &self,
        connection: &impl ConnectionTrait,
        patient: PatientId,
        item: Option<ItemId>,
    ) -> Result<HashMap<ItemId, Rows>, Error> {
        let mut query = Entity::find().filter(Column::Record.eq(self.record_hash(patient)));
        if let Some(item) = item {
            query = query.filter(Column::Item.eq(self.item_hash(item)));
        }
        let mut found: HashMap<ItemId, Rows> = HashMap::new();
        for row in query.all(connection).await? {
            let queued = self.read_queued(&row)?;
            if queued.patient != patient {
                return Err(Error::row("review_queue", "body", &row.item));
            }
            found
                .entry(queued.item)
                .or_insert_with(|| Rows {
                    waiting: queued.waiting,
                    places: Vec::new(),
                })
                .places
                .push((row.queue, row.since));
        }
        Ok(found)
    }

    /// Puts an item where it belongs, `rows` being where it stands; whether anything changed.
    ///
    /// Only what came from one organization has somebody to look at it: no reviewer sees across organizations.
    pub(super) async fn put_in_queue(
        &self,
        transaction: &DatabaseTransaction,
        rows: Option<&Rows>,
        patient: PatientId,
        facts: &ItemFacts,
        waiting: &Waiting,
    ) -> Result<bool, Error> {
        let mut wanted = Vec::new();
        if let Some(source) = facts.only_source() {
            if !waiting.first.is_empty() {
                wanted.push(self.queue_hash(source, Stage::First));
            }
            if !waiting.second.is_empty() {
                wanted.push(self.queue_hash(source, Stage::Second));
            }
        }
        let places = rows.map(|rows| rows.places.as_slice()).unwrap_or_default();
        let stands = places.len() == wanted.len()
            && places.iter().all(|(queue, _)| wanted.contains(queue))
            && rows.is_none_or(|rows| rows.waiting == *waiting);
        if stands {
            return Ok(false);
        }
        let item = self.item_hash(facts.id);
        for (queue, _) in places.iter().filter(|(queue, _)| !wanted.contains(queue)) {
            Entity::delete_by_id((queue.clone(), item.clone()))
                .exec(transaction)
                .await?;
        }
        let body = Body {
            patient,
            item: facts.id,
            waiting: waiting.clone(),
        };
        for queue in wanted {
            let row = [queue.as_slice(), &item].concat();
            let body = self.house().seal(&place(&row), &body, self.entropy())?;
            if places.iter().any(|(known, _)| *known == queue) {
                Entity::update(review_queue::ActiveModel {
                    queue: Unchanged(queue),
                    item: Unchanged(item.clone()),
                    body: Set(body),
                    ..Default::default()
                })
                .exec(transaction)
                .await?;
            } else {
                Entity::insert(review_queue::ActiveModel {
                    queue: Set(queue),
                    item: Set(item.clone()),
                    record: Set(self.record_hash(patient)),
                    since: Set(self.clock().now().timestamp_micros()),
                    body: Set(body),
                })
                .exec_without_returning(transaction)
                .await?;
            }
        }
        Ok(true)
    }

    /// Forgets what waits of a record that is shredded.
    pub(crate) async fn forget_reviews(
        &self,
        transaction: &DatabaseTransaction,
        patient: PatientId,
    ) -> Result<(), Error> {
        Entity::delete_many()
            .filter(Column::Record.eq(self.record_hash(patient)))
            .exec(transaction)
            .await?;
        Ok(())
    }

    fn read_queued(&self, row: &review_queue::Model) -> Result<Queued, Error> {
        let id = [row.queue.as_slice(), &row.item].concat();
        let place = place(&id);
        let body: Body = self.house().open(&place, &row.body)?;
        let since = from_micros(row.since).ok_or_else(|| place.broken())?;
        Ok(Queued {
            patient: body.patient,
            item: body.item,
            since,
            waiting: body.waiting,
        })
    }

    fn queues(&self, organizations: &[OrganizationId], stages: &[Stage]) -> Vec<Vec<u8>> {
        organizations
            .iter()
            .flat_map(|organization| {
                stages
                    .iter()
                    .map(|stage| self.queue_hash(*organization, *stage))
            })
            .collect()
    }

    fn queue_hash(&self, organization: OrganizationId, stage: Stage) -> Vec<u8> {
        self.index()
            .hash("review-queue", &[organization.0.as_bytes(), stage.name()])
    }

    fn item_hash(&self, item: ItemId) -> Vec<u8> {
        self.index().hash("review-item", &[item.0.as_bytes()])
    }

    fn record_hash(&self, patient: PatientId) -> Vec<u8> {
        self.index().hash("review-record", &[patient.0.as_bytes()])
    }
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: "review_queue",
        row,
        patient: None,
        field: "body",
    }
}
