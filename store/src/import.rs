//! Importing: one transaction for a whole file, all or nothing.

mod directory;
mod items;
mod patients;

pub(crate) use items::examine_again;

use crate::changes::Change;
use crate::entropy::random;
use crate::error::Error;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Head, Noted};
use crate::opening::Store;
use crate::seal::DataKey;
use crate::stamp::Stamp;
use crate::unit::move_every_epoch;
use core::fmt;
use domain::id::{BatchId, ItemId, PatientId};
use domain::labeling::ToldOrigin;
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What came of putting something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Put {
    /// It was not there.
    New,
    /// It was there and is different now.
    Changed,
    /// It was there just so.
    Unchanged,
}

/// How many items came to what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ImportCounts {
    /// Items that were new.
    pub new: u64,
    /// Items that changed.
    pub changed: u64,
    /// Items that stayed the same.
    pub unchanged: u64,
}

impl ImportCounts {
    pub(crate) const fn count(&mut self, put: Put) {
        let counter = match put {
            Put::New => &mut self.new,
            Put::Changed => &mut self.changed,
            Put::Unchanged => &mut self.unchanged,
        };
        *counter = counter.saturating_add(1);
    }
}

/// An item known before, by its identity.
#[derive(Clone)]
struct Known {
    id: ItemId,
    digest: Vec<u8>,
    facts_digest: Option<Vec<u8>>,
    url_digest: Option<Vec<u8>>,
}

/// A patient this import has met.
struct Met {
    key: Arc<DataKey>,
    head: Head,
    changed: bool,
    counts: ImportCounts,
    known: HashMap<Vec<u8>, Known>,
    facts: HashMap<ItemId, Option<Vec<u8>>>,
    /// Which parts of an item say where it comes from, as it was labelled.
    told: HashMap<ItemId, ToldOrigin>,
}

/// An import under way. Dropped without [`Import::commit`]: nothing was imported.
///
/// It holds the write lock: on SQLite every other write waits until it ends.
pub struct Import {
    store: Store,
    transaction: DatabaseTransaction,
    stamp: Stamp,
    batch: BatchId,
    patients: BTreeMap<PatientId, Met>,
    move_every_epoch: bool,
    /// What the house's entry is to note.
    noted: Vec<Noted>,
}

impl fmt::Debug for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Import")
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Begins an import.
    pub async fn begin_import(&self, stamp: &Stamp) -> Result<Import, Error> {
        Ok(Import {
            transaction: self.begin().await?,
            batch: BatchId::from_random(random(self.entropy())),
            store: self.clone(),
            stamp: *stamp,
            patients: BTreeMap::new(),
            move_every_epoch: false,
            noted: Vec::new(),
        })
    }
}

impl Import {
    /// The id of this run, for the facts of new items.
    pub const fn batch(&self) -> BatchId {
        self.batch
    }

    /// Marks that something of a patient changed: the epoch moves, once an import.
    fn changed(&mut self, patient: PatientId) -> Result<&mut Met, Error> {
        let met = self.met(patient)?;
        if !met.changed {
            met.changed = true;
            met.head.epoch = met.head.epoch.checked_add(1).ok_or(Error::TooLong)?;
        }
        Ok(met)
    }

    fn met(&mut self, patient: PatientId) -> Result<&mut Met, Error> {
        self.patients
            .get_mut(&patient)
            .ok_or(Error::Misuse("a patient this import has not met"))
    }

    pub(crate) const fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) const fn transaction(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    pub(crate) fn patient_data_key(&mut self, patient: PatientId) -> Result<Arc<DataKey>, Error> {
        Ok(Arc::clone(&self.met(patient)?.key))
    }

    /// Notes which parts of an item say where it comes from, to be kept with its facts.
    pub(crate) fn note_origin(
        &mut self,
        patient: PatientId,
        item: ItemId,
        told: &ToldOrigin,
    ) -> Result<(), Error> {
        self.met(patient)?.told.insert(item, told.clone());
        Ok(())
    }

    /// The epoch of this patient moves when this import is committed.
    pub(crate) fn touch(&mut self, patient: PatientId) -> Result<(), Error> {
        self.changed(patient).map(drop)
    }

    /// Keeps everything: the epoch of each patient for whom something changed moves, and the run is logged on
    /// their chain and on the house's.
    pub async fn commit(self, counts: ImportCounts) -> Result<(), Error> {
        let Self {
            store,
            transaction,
            stamp,
            batch,
            patients,
            move_every_epoch: move_all,
            noted,
        } = self;
        let imported = |counts: ImportCounts| Event::Imported {
            batch,
            new: counts.new,
            changed: counts.changed,
            unchanged: counts.unchanged,
        };
        for mut met in patients.into_values() {
            if met.changed {
                met.head
                    .append(&store, &transaction, &met.key, &stamp, imported(met.counts))
                    .await?;
                met.head.save(&transaction).await?;
            }
        }
        let mut house = Head::lock(&transaction, Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        for noted in noted {
            house.note(noted);
        }
        house
            .append(
                &store,
                &transaction,
                store.house(),
                &stamp,
                imported(counts),
            )
            .await?;
        house.save(&transaction).await?;
        if move_all {
            // Last: the heads written above must not overwrite it.
            move_every_epoch(&transaction).await?;
        }
        // Labels may have moved of whoever was met: looked at once, for all.
        store.tell_others(&transaction, &Change::Everyone).await?;
        transaction.commit().await?;
        store.changes().tell(Change::Everyone);
        Ok(())
    }
}
