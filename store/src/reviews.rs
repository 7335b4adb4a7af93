//! What people say of labels, and the queue of items that wait to be looked at (POLICY §2).
//!
//! Facts, queue and record change in one transaction with the ledger entry and the epoch: nothing that was decided on
//! the labels before can be disclosed any more (POLICY §6).

mod desk;
mod queue;
mod records;

pub use desk::Desk;
pub use queue::{Queued, Stage};

use crate::entities::{contents, items};
use crate::error::Error;
use crate::import::examine_again;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, to_number};
use crate::opening::Store;
use crate::seal::DataKey;
use crate::stamp::Stamp;
use crate::vault::{Kept as Stored, WrittenFacts, open_basis, open_content, open_facts, open_kept};
use domain::id::{ItemId, PatientId, ReviewId};
use domain::item::ItemFacts;
use domain::labeling::review::{
    Act, Carried, Fault, Outcome, PartDigest, Parts, Record, Waiting, Why, apply, carry, digests,
    lead_on, waiting,
};
use domain::labeling::{Examiner, LabelledPart, leads};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect,
};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

/// Nothing was said.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    /// What it was decided on no longer stands: read the chart and decide again.
    #[error("what it was decided on no longer stands")]
    Stale,
    /// The item is not what was looked at any more.
    #[error("the item changed since it was looked at")]
    Changed,
    /// It may not be said.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<DbErr> for LabelError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Of what something is said, and on what that was decided.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Whose record.
    pub patient: PatientId,
    /// The epoch that the decision to let them say it rests on (POLICY §6).
    pub epoch: u64,
    /// Of which item.
    pub item: ItemId,
    /// What was looked at ([`Store::label_version`]); `None`: whatever stands.
    pub version: Option<[u8; 32]>,
}

/// How the labels of one item stand.
pub struct Standing {
    /// The parts, with why each waits.
    pub parts: Vec<LabelledPart>,
    /// What each holds.
    pub digests: Vec<PartDigest>,
    /// What was said, in order.
    pub records: Vec<Record>,
}

impl core::fmt::Debug for Standing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Standing([redacted])")
    }
}

/// One item as it is kept, opened within a transaction.
struct Kept {
    facts: ItemFacts,
    standing: Standing,
    version: [u8; 32],
}

impl Store {
    /// Says something of an item's labels, and carries it out at once. `act` makes what is said from how the labels
    /// stand; `None`: there is nothing to say.
    ///
    /// # Errors
    /// [`LabelError::Stale`]: the epoch moved since; [`LabelError::Changed`]: another content or other labels than what
    /// was looked at; [`LabelError::Fault`]: it may not be said.
    pub async fn say_of_labels(
        &self,
        stamp: &Stamp,
        about: About,
        act: impl FnOnce(&Standing) -> Result<Option<Act>, Fault> + Send,
    ) -> Result<Option<Committed>, LabelError> {
        let by = stamp
            .actor
            .person
            .ok_or(Error::Misuse("nobody said something of labels"))?;
        let About { patient, item, .. } = about;
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        if unit.head.epoch != about.epoch {
            return Err(LabelError::Stale);
        }
        let kept = self.kept(&unit.transaction, &unit.key, patient, item);
        let Kept {
            mut facts,
            mut standing,
            version,
        } = kept.await?.ok_or(Error::NotFound("item"))?;
        if about.version.is_some_and(|seen| seen != version) {
            return Err(LabelError::Changed);
        }
        let Some(act) = act(&standing)? else {
            return Ok(None);
        };
        let record = Record {
            id: ReviewId::from_random(crate::entropy::random(self.entropy())),
            item,
            by,
            at: unit.head.next_instant(self.clock().now()),
            act,
        };
        let event = event_of(&record);
        standing.records.push(record);
        let waits = standing.carry_out(&facts.identifying);
        for (known, part) in facts.parts.iter_mut().zip(&standing.parts) {
            known.labels = part.labels;
        }
        let basis: Vec<_> = standing.parts.into_iter().map(|part| part.basis).collect();
        let said = Carried { facts, basis };
        let facts = self
            .carry_on(&unit.transaction, &unit.key, patient, said)
            .await?;
        let rows = self
            .queue_rows(&unit.transaction, patient, Some(item))
            .await?;
        self.put_in_queue(&unit.transaction, rows.get(&item), patient, &facts, &waits)
            .await?;
        unit.move_epoch()?;
        let committed = unit.append(stamp, event).await?;
        if let Some(record) = standing.records.last() {
            // The entry's place orders what was said of one patient: it only grows.
            let place = to_number(committed.seq)?;
            self.put_record(&unit.transaction, &unit.key, patient, place, record)
                .await?;
        }
        unit.commit().await?;
        Ok(Some(committed))
    }

    /// Writes an item of which something was said, and the others of the record that its labels go on to. Its facts, as
    /// they are then.
    async fn carry_on(
        &self,
        transaction: &DatabaseTransaction,
        key: &DataKey,
        patient: PatientId,
        said: Carried,
    ) -> Result<ItemFacts, Error> {
        let item = said.facts.id;
        let bases: HashMap<Uuid, Option<Vec<u8>>> = contents::Entity::find()
            .select_only()
            .column(contents::Column::Item)
            .column(contents::Column::Basis)
            .filter(contents::Column::Patient.eq(patient.0))
            .into_tuple::<(Uuid, Option<Vec<u8>>)>()
            .all(transaction)
            .await?
            .into_iter()
            .collect();
        let rows = items::Entity::find()
            .filter(items::Column::Patient.eq(patient.0))
            .all(transaction)
            .await?;
        let (mut record, mut kept) = (Vec::new(), Vec::new());
        let mut said = Some(said);
        let mut without_leads: Vec<usize> = Vec::new();
        for row in rows {
            let Some(sealed) = row.facts.as_deref() else {
                continue;
            };
            let id = ItemId(row.id);
            let Stored {
                facts,
                has_leads,
                told,
            } = open_kept(key, patient, id, sealed)?;
            if !has_leads {
                without_leads.push(record.len());
            }
            if let Some(said) = said.take_if(|said| said.facts.id == id) {
                record.push(said);
                kept.push((told, None));
            } else {
                let basis = bases.get(&row.id).and_then(Option::as_deref);
                let basis = open_basis(key, patient, id, basis)?;
                record.push(Carried { facts, basis });
                kept.push((told, row.facts_digest));
            }
        }
        if !without_leads.is_empty() {
            find_leads(transaction, key, patient, &mut record, &without_leads).await?;
        }
        carry(&mut record);
        for (Carried { facts, basis }, (told, known)) in record.iter().zip(kept) {
            let written = WrittenFacts::of(self, patient, facts, told.as_ref(), basis)?;
            if known.as_ref() != Some(&written.digest) {
                written.put(self, transaction, key).await?;
            }
        }
        let facts = record.into_iter().find(|one| one.facts.id == item);
        facts.map(|one| one.facts).ok_or(Error::NotFound("item"))
    }

    /// Tells one state of an item from another: what it holds, how it is labelled, and what was said of it. Opaque.
    ///
    /// `None`: the patient has no such item.
    pub async fn label_version(
        &self,
        patient: PatientId,
        item: ItemId,
    ) -> Result<Option<[u8; 32]>, Error> {
        let Some(key) = self.chain_key(self.read(), Chain::Patient(patient)).await? else {
            return Ok(None);
        };
        let kept = self.kept(self.read(), &key, patient, item).await?;
        Ok(kept.map(|kept| kept.version))
    }

    /// What was said of an item's labels, in order. For pages that show the item: ask for it after the item's permit was
    /// logged.
    pub async fn label_records(
        &self,
        patient: PatientId,
        item: ItemId,
    ) -> Result<Vec<Record>, Error> {
        let Some(key) = self.chain_key(self.read(), Chain::Patient(patient)).await? else {
            return Ok(Vec::new());
        };
        let mut records = self.read_label_records(self.read(), &key, patient).await?;
        Ok(records.remove(&item).unwrap_or_default())
    }

    async fn kept(
        &self,
        connection: &impl ConnectionTrait,
        key: &DataKey,
        patient: PatientId,
        item: ItemId,
    ) -> Result<Option<Kept>, Error> {
        let row = items::Entity::find_by_id(item.0)
            .filter(items::Column::Patient.eq(patient.0))
            .one(connection)
            .await?;
        let Some(sealed) = row.as_ref().and_then(|row| row.facts.as_deref()) else {
            return Ok(None);
        };
        let facts = open_facts(key, patient, item, sealed)?;
        let content = contents::Entity::find_by_id(item.0)
            .filter(contents::Column::Patient.eq(patient.0))
            .one(connection)
            .await?
            .ok_or_else(|| Error::row("contents", "item", item.0.as_bytes()))?;
        let resource = open_content(key, patient, item, &content.content)?;
        let digests = resource.as_object().map(digests).unwrap_or_default();
        let mut basis = open_basis(key, patient, item, content.basis.as_deref())?.into_iter();
        if digests.len() != facts.parts.len() {
            return Err(Error::row("items", "facts", item.0.as_bytes()));
        }
        let rows = self.queue_rows(connection, patient, Some(item)).await?;
        let waits = rows.get(&item).map(|rows| rows.waiting().clone());
        let why = |path: &str| {
            let parts = waits.as_ref().map(|waits| waits.parts.as_slice());
            let part = parts
                .unwrap_or_default()
                .iter()
                .find(|part| part.path == path);
            part.map(|part| part.why)
        };
        let parts = facts
            .parts
            .iter()
            .map(|part| {
                let (review, conflict) = match why(&part.path) {
                    Some(Why::Unclassified(review)) => (Some(review), None),
                    Some(Why::Conflict(conflict)) => (None, Some(conflict)),
                    None => (None, None),
                };
                LabelledPart {
                    path: part.path.clone(),
                    labels: part.labels,
                    basis: basis.next().unwrap_or_default(),
                    review,
                    conflict,
                    leads_to: Vec::new(),
                }
            })
            .collect();
        let mut records = self.read_label_records(connection, key, patient).await?;
        let records = records.remove(&item).unwrap_or_default();
        let mut version = Sha256::new();
        version.update(b"confide label version 1\0");
        version.update(&content.digest);
        version.update(row.and_then(|row| row.facts_digest).unwrap_or_default());
        for record in &records {
            version.update(record.id.0.as_bytes());
        }
        Ok(Some(Kept {
            facts,
            standing: Standing {
                parts,
                digests,
                records,
            },
            version: version.finalize().into(),
        }))
    }
}

/// Finds where the parts of these items of a record lead to, from what they hold: they were taken in before that was kept.
/// Without it, what is said of another item would not get to them, and the form they are written in says that it is known.
async fn find_leads(
    transaction: &DatabaseTransaction,
    key: &DataKey,
    patient: PatientId,
    record: &mut [Carried],
    of: &[usize],
) -> Result<(), Error> {
    let contents: HashMap<Uuid, contents::Model> = contents::Entity::find()
        .filter(contents::Column::Patient.eq(patient.0))
        .all(transaction)
        .await?
        .into_iter()
        .map(|row| (row.item, row))
        .collect();
    let mut examiner = Examiner::default();
    let mut all = Vec::with_capacity(record.len());
    // The places in the record of what was examined, and the items by the names that references know them by.
    let mut places = Vec::with_capacity(record.len());
    let mut items: HashMap<String, ItemId> = HashMap::new();
    for (place, Carried { facts, .. }) in record.iter().enumerate() {
        let content = contents
            .get(&facts.id.0)
            .ok_or_else(|| Error::row("contents", "item", facts.id.0.as_bytes()))?;
        if let Some(examined) = examine_again(&mut examiner, key, facts, content)? {
            items.entry(examined.identity()).or_insert(facts.id);
            places.push(place);
            all.push(examined);
        }
    }
    for (place, leads) in places.into_iter().zip(leads(all)) {
        let item = record.get_mut(place).filter(|_| of.contains(&place));
        let parts = item.into_iter().flat_map(|item| &mut item.facts.parts);
        for (part, leads) in parts.zip(leads) {
            part.leads_to = leads
                .iter()
                .filter_map(|to| items.get(to))
                .copied()
                .collect();
        }
    }
    lead_on(record);
    Ok(())
}

impl Standing {
    /// Carries out what was said last.
    fn carry_out(&mut self, identifying: &[u16]) -> Waiting {
        let before = self.records.len().saturating_sub(1);
        let mut item = Parts {
            parts: &mut self.parts,
            identifying,
            digests: &self.digests,
        };
        apply(&mut item, &self.records, before);
        waiting(&self.parts, &self.digests, &self.records)
    }
}

fn event_of(record: &Record) -> Event {
    let item = record.item;
    match &record.act {
        Act::Reviewed {
            outcome: Outcome::Lowered(_),
            ..
        } => Event::LabelsProposed {
            item,
            review: record.id,
        },
        Act::Reviewed { .. } => Event::LabelsReviewed {
            item,
            review: record.id,
        },
        Act::Approved { proposal } => Event::LabelsLowered {
            item,
            proposal: *proposal,
        },
        Act::Refused { proposal } => Event::LabelsRefused {
            item,
            proposal: *proposal,
        },
        Act::KeptPrivate => Event::KeptPrivate {
            item,
            private: true,
        },
        Act::NoLongerPrivate => Event::KeptPrivate {
            item,
            private: false,
        },
    }
}
