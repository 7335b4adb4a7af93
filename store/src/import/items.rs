//! Items within an import: content by identity, facts and basis once they are settled.

use super::{Import, Known, Put};
use crate::entities::{contents, items};
use crate::entropy::random;
use crate::error::Error;
use crate::vault::{
    basis_place, content_place, facts_place, open_content, open_facts, write_facts,
};
use domain::id::{ItemId, PatientId};
use domain::item::ItemFacts;
use domain::labeling::{Basis, Examined, Examiner};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use zeroize::Zeroizing;

impl Import {
    /// Puts a resource by its identity, such as `Condition/123`. Compared by a keyed digest: an equal one stays.
    ///
    /// A new item has no facts yet and is in no chart until [`Import::put_facts`].
    pub async fn put_content(
        &mut self,
        patient: PatientId,
        identity: &str,
        resource: &Value,
    ) -> Result<(ItemId, Put), Error> {
        let identity = self.store.index().hash(
            "item-identity",
            &[patient.0.as_bytes(), identity.as_bytes()],
        );
        let plain = Zeroizing::new(serde_json::to_vec(resource).map_err(|_| Error::Unwritable)?);
        let digest = self
            .store
            .index()
            .hash("item-content", &[patient.0.as_bytes(), &plain]);
        let met = self.met(patient)?;
        let key = Arc::clone(&met.key);
        let (id, put) = match met.known.get(&identity) {
            Some(known) if known.digest == digest => (known.id, Put::Unchanged),
            Some(known) => (known.id, Put::Changed),
            None => (ItemId::from_random(random(self.store.entropy())), Put::New),
        };
        let seal = || {
            let place = content_place(patient, &id);
            key.seal_bytes(&place.bytes(), &plain, self.store.entropy())
        };
        match put {
            Put::Unchanged => {}
            Put::Changed => {
                contents::Entity::update(contents::ActiveModel {
                    item: Unchanged(id.0),
                    digest: Set(digest.clone()),
                    content: Set(seal()?),
                    ..Default::default()
                })
                .exec(&self.transaction)
                .await?;
            }
            Put::New => {
                let content = seal()?;
                items::Entity::insert(items::ActiveModel {
                    id: Set(id.0),
                    patient: Set(patient.0),
                    identity: Set(identity.clone()),
                    facts_digest: Set(None),
                    facts: Set(None),
                })
                .exec_without_returning(&self.transaction)
                .await?;
                contents::Entity::insert(contents::ActiveModel {
                    item: Set(id.0),
                    patient: Set(patient.0),
                    digest: Set(digest.clone()),
                    content: Set(content),
                    basis: Set(None),
                })
                .exec_without_returning(&self.transaction)
                .await?;
            }
        }
        self.met(patient)?.counts.count(put);
        if put != Put::Unchanged {
            let met = self.changed(patient)?;
            let facts_digest = met.facts.entry(id).or_default().clone();
            met.known.insert(
                identity,
                Known {
                    id,
                    digest,
                    facts_digest,
                },
            );
        }
        Ok((id, put))
    }

    /// Every item of a patient that has facts, examined: to settle labels again together with what is new.
    ///
    /// Content is opened, examined and dropped in here: without a receipt it leaves the store for nobody. An item
    /// that can't be examined any more is left out, and its labels stay as they are.
    pub async fn existing(
        &mut self,
        patient: PatientId,
    ) -> Result<Vec<(ItemId, ItemFacts, Examined)>, Error> {
        let key = Arc::clone(&self.met(patient)?.key);
        let facts = items::Entity::find()
            .filter(items::Column::Patient.eq(patient.0))
            .order_by_asc(items::Column::Id)
            .all(&self.transaction)
            .await?;
        let content: HashMap<_, _> = contents::Entity::find()
            .filter(contents::Column::Patient.eq(patient.0))
            .all(&self.transaction)
            .await?
            .into_iter()
            .map(|row| (row.item, row.content))
            .collect();
        let mut examiner = Examiner::default();
        let mut found = Vec::with_capacity(facts.len());
        for row in facts {
            let Some(facts) = row.facts else { continue };
            let id = ItemId(row.id);
            let content = content
                .get(&row.id)
                .ok_or_else(|| Error::row("contents", "item", row.id.as_bytes()))?;
            let facts = open_facts(&key, patient, id, &facts)?;
            let resource = open_content(&key, patient, id, content)?;
            if let Ok(examined) = examiner.examine(&resource, None) {
                found.push((id, facts, examined));
            } else {
                tracing::error!(item = %id, "an item can't be examined again");
            }
        }
        Ok(found)
    }

    /// Puts an item's facts and why its parts are labelled, part by part. Equal ones stay.
    ///
    /// Give a known item the `recorded` and `batch` of its facts in [`Import::existing`]: otherwise it counts as
    /// changed.
    pub async fn put_facts(
        &mut self,
        patient: PatientId,
        facts: &ItemFacts,
        basis: &[Vec<Basis>],
    ) -> Result<Put, Error> {
        let plain = Zeroizing::new(write_facts(facts)?);
        let why = Zeroizing::new(serde_json::to_vec(basis).map_err(|_| Error::Unwritable)?);
        let digest = self
            .store
            .index()
            .hash("item-facts", &[patient.0.as_bytes(), &plain, &why]);
        let item = facts.id;
        let met = self.met(patient)?;
        let key = Arc::clone(&met.key);
        let before = met
            .facts
            .get(&item)
            .ok_or(Error::Misuse("facts of an item without content"))?
            .clone();
        if before.as_ref() == Some(&digest) {
            return Ok(Put::Unchanged);
        }
        let entropy = self.store.entropy();
        let sealed = key.seal_bytes(&facts_place(patient, &item).bytes(), &plain, entropy)?;
        let why = key.seal_bytes(&basis_place(patient, &item).bytes(), &why, entropy)?;
        items::Entity::update(items::ActiveModel {
            id: Unchanged(item.0),
            facts_digest: Set(Some(digest.clone())),
            facts: Set(Some(sealed)),
            ..Default::default()
        })
        .exec(&self.transaction)
        .await?;
        contents::Entity::update(contents::ActiveModel {
            item: Unchanged(item.0),
            basis: Set(Some(why)),
            ..Default::default()
        })
        .exec(&self.transaction)
        .await?;
        self.changed(patient)?.facts.insert(item, Some(digest));
        Ok(if before.is_some() {
            Put::Changed
        } else {
            Put::New
        })
    }
}
