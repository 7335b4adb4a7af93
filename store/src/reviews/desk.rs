//! What was said, carried out anew on what an import brings, within its transaction.

use super::queue::Rows;
use crate::entities::contents;
use crate::error::Error;
use crate::import::Import;
use crate::vault::open_content;
use domain::id::{ItemId, PatientId};
use domain::item::ItemFacts;
use domain::labeling::Labelled;
use domain::labeling::review::{Parts, Record, Waiting, apply, digests, waiting};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;

/// What was said of one patient's items, and which of them wait, as they stood when the import met the patient.
pub struct Desk {
    patient: PatientId,
    records: HashMap<ItemId, Vec<Record>>,
    rows: HashMap<ItemId, Rows>,
}

impl core::fmt::Debug for Desk {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Desk([redacted])")
    }
}

impl Import {
    /// Reads what was said of a patient's items.
    pub async fn desk(&mut self, patient: PatientId) -> Result<Desk, Error> {
        let key = self.patient_data_key(patient)?;
        Ok(Desk {
            patient,
            records: self
                .store()
                .read_label_records(self.transaction(), &key, patient)
                .await?,
            rows: self
                .store()
                .queue_rows(self.transaction(), patient, None)
                .await?,
        })
    }

    /// Carries out what was said of an item on the labels that the rules give it now; what of it waits for a person.
    ///
    /// Its content is in the store already ([`Import::put_content`]): what was said rests on what was looked at. Which of
    /// its parts say where it comes from is noted, for [`Import::put_facts`].
    pub async fn review(
        &mut self,
        desk: &Desk,
        item: ItemId,
        labelled: &mut Labelled,
    ) -> Result<Waiting, Error> {
        self.note_origin(desk.patient, item, &labelled.told)?;
        let Some(records) = desk.records.get(&item) else {
            let digests = vec![[0; 32]; labelled.parts.len()];
            return Ok(waiting(&labelled.parts, &digests, &[]));
        };
        let key = self.patient_data_key(desk.patient)?;
        let row = contents::Entity::find_by_id(item.0)
            .filter(contents::Column::Patient.eq(desk.patient.0))
            .one(self.transaction())
            .await?
            .ok_or_else(|| Error::row("contents", "item", item.0.as_bytes()))?;
        let resource = open_content(&key, desk.patient, item, &row.content)?;
        let digests = resource.as_object().map(digests).unwrap_or_default();
        if digests.len() != labelled.parts.len() {
            return Err(Error::row("contents", "content", item.0.as_bytes()));
        }
        apply(&mut Parts::of(labelled, &digests), records, 0);
        Ok(waiting(&labelled.parts, &digests, records))
    }

    /// Puts an item into the queue, or takes it out, as it stands now: with its facts, in one transaction.
    pub async fn put_in_queue(
        &mut self,
        desk: &Desk,
        facts: &ItemFacts,
        waiting: &Waiting,
    ) -> Result<(), Error> {
        let rows = desk.rows.get(&facts.id);
        if rows.is_none() && waiting.is_empty() {
            return Ok(());
        }
        let changed = self
            .store()
            .put_in_queue(self.transaction(), rows, desk.patient, facts, waiting)
            .await?;
        if changed {
            self.touch(desk.patient)?;
        }
        Ok(())
    }
}
