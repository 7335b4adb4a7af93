//! The items of a record, without their content, as they were at an epoch.
//!
//! Every page of a record rests on all of its items, and few pages come after a change. What was read at an epoch is
//! handed out again at that epoch, and at no other: whatever changes an item moves the epoch in the same transaction
//! (POLICY §6), on whichever server, and a disclosure commits only at the epoch it was decided on. It is what reading
//! again would give, and no more trusted: what is shown is opened from its own row, and numbered by the facts there.

use crate::chart::key_of;
use crate::error::Error;
use crate::opening::Store;
use domain::id::PatientId;
use domain::item::ItemFacts;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Of how many parts the facts are kept, over all records; some hundred bytes each.
const PARTS: usize = 60_000;

/// Records that were looked at lately.
#[derive(Default)]
pub(crate) struct ItemsAt(Mutex<Known>);

#[derive(Default)]
struct Known {
    of: HashMap<PatientId, Record>,
    parts: usize,
    /// Counts what was asked for.
    turn: u64,
}

struct Record {
    epoch: u64,
    items: Arc<Vec<ItemFacts>>,
    parts: usize,
    asked: u64,
}

impl Known {
    fn take_out(&mut self, patient: PatientId) {
        if let Some(gone) = self.of.remove(&patient) {
            self.parts = self.parts.saturating_sub(gone.parts);
        }
    }
}

impl ItemsAt {
    fn get(&self, patient: PatientId, epoch: u64) -> Option<Arc<Vec<ItemFacts>>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.turn = known.turn.wrapping_add(1);
        let turn = known.turn;
        let record = known.of.get_mut(&patient)?;
        if record.epoch != epoch {
            return None;
        }
        record.asked = turn;
        Some(Arc::clone(&record.items))
    }

    fn forget(&self, patient: PatientId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.take_out(patient);
    }

    fn put(&self, patient: PatientId, epoch: u64, items: &Arc<Vec<ItemFacts>>) {
        let parts = items.iter().map(|item| item.parts.len().saturating_add(1));
        let parts: usize = parts.sum();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.take_out(patient);
        while known.parts.saturating_add(parts) > PARTS {
            let oldest = known.of.iter().min_by_key(|(_, record)| record.asked);
            let Some(oldest) = oldest.map(|(patient, _)| *patient) else {
                // Longer than all that is kept.
                return;
            };
            known.take_out(oldest);
        }
        let asked = known.turn;
        known.parts = known.parts.saturating_add(parts);
        let items = Arc::clone(items);
        known.of.insert(
            patient,
            Record {
                epoch,
                items,
                parts,
                asked,
            },
        );
    }
}

impl Store {
    /// The items of a record, without their content, for a look whose [`Store::policy_state`] was read at that epoch
    /// before; none when there is no such patient, or it was shredded.
    pub async fn items_at(
        &self,
        patient: PatientId,
        epoch: u64,
    ) -> Result<Arc<Vec<ItemFacts>>, Error> {
        // A shredded record has no key; what is remembered of it is nobody's.
        let Some(key) = key_of(self, patient).await? else {
            self.known_items().forget(patient);
            return Ok(Arc::default());
        };
        if let Some(items) = self.known_items().get(patient, epoch) {
            return Ok(items);
        }
        // What changes from here on is at a later epoch, and nobody asks at this one after that.
        let items = Arc::new(self.read_items(&key, patient).await?);
        self.known_items().put(patient, epoch, &items);
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::{ItemsAt, PARTS};
    use domain::clock::Instant;
    use domain::id::{BatchId, ItemId, PatientId};
    use domain::item::{ItemFacts, ItemKind, PartFacts};
    use domain::label::LabelSet;
    use std::sync::Arc;
    use uuid::Uuid;

    fn record(parts: usize) -> Arc<Vec<ItemFacts>> {
        let part = PartFacts {
            path: "code".to_owned(),
            labels: LabelSet::EMPTY,
            leads_to: Vec::new(),
        };
        Arc::new(vec![ItemFacts {
            id: ItemId(Uuid::from_u128(1)),
            resource_type: "Observation".to_owned(),
            kind: ItemKind::Result,
            sources: Vec::new(),
            authors: Vec::new(),
            service: None,
            when: None,
            recorded: Instant::UNIX_EPOCH,
            batch: BatchId(Uuid::from_u128(1)),
            parts: vec![part; parts],
            identifying: Vec::new(),
        }])
    }

    fn patient(number: u128) -> PatientId {
        PatientId(Uuid::from_u128(number))
    }

    #[test]
    fn another_epoch_is_another_record() {
        let known = ItemsAt::default();
        known.put(patient(1), 7, &record(3));
        assert!(known.get(patient(1), 7).is_some());
        assert!(known.get(patient(1), 8).is_none());
        assert!(known.get(patient(1), 6).is_none());
        assert!(known.get(patient(2), 7).is_none());
    }

    #[test]
    fn it_does_not_grow_past_its_bound() {
        let known = ItemsAt::default();
        let each = PARTS / 4;
        for number in 0..20 {
            known.put(patient(number), 1, &record(each));
            // The first is asked for again and again, and stays.
            assert!(known.get(patient(0), 1).is_some());
        }
        let kept = (0..20).filter(|number| known.get(patient(*number), 1).is_some());
        assert_eq!(kept.count(), 3);
        known.put(patient(0), 2, &record(PARTS + 1));
        assert!(
            known.get(patient(0), 1).is_none(),
            "it is not that any more"
        );
        assert!(known.get(patient(0), 2).is_none(), "too long to be kept");
    }
}
