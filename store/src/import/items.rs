//! Items within an import: content by identity, facts and basis once they are settled.

use super::{Import, Known, Put};
use crate::entities::{contents, items};
use crate::entropy::random;
use crate::error::Error;
use crate::seal::{DataKey, Place};
use crate::vault::{WrittenFacts, content_place, open_basis, open_content, open_facts};
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

fn url_place(patient: PatientId, item: &ItemId) -> Place<'_> {
    Place {
        table: "contents",
        row: item.0.as_bytes(),
        patient: Some(patient),
        field: "url",
    }
}

/// Examines the content of an item that is kept with these facts, and drops it. What has no form any more that can be
/// examined is read as far as it goes, with the labels it has; `None`: it is no resource at all.
pub(crate) fn examine_again(
    examiner: &mut Examiner,
    key: &DataKey,
    facts: &ItemFacts,
    content: &contents::Model,
) -> Result<Option<Examined>, Error> {
    let (patient, item) = (PatientId(content.patient), facts.id);
    let resource = open_content(key, patient, item, &content.content)?;
    let url: Option<String> = content
        .url
        .as_deref()
        .map(|url| key.open(&url_place(patient, &item), url))
        .transpose()?;
    if let Ok(examined) = examiner.examine(&resource, url.as_deref()) {
        return Ok(Some(examined));
    }
    tracing::error!(item = %item, "an item can't be examined again: it keeps the labels it has");
    let basis = open_basis(key, patient, item, content.basis.as_deref())?;
    let examined = examiner.examine_kept(&resource, url.as_deref(), facts, &basis);
    Ok(examined.ok())
}

impl Import {
    /// Puts a resource by its identity, such as `Condition/123`. Compared by a keyed digest: an equal one stays.
    ///
    /// The `fullUrl` it came with is kept beside it, for references that name it so; a file without one takes none away.
    /// A new item has no facts yet and is in no chart until [`Import::put_facts`].
    pub async fn put_content(
        &mut self,
        patient: PatientId,
        identity: &str,
        full_url: Option<&str>,
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
                    url: Set(None),
                    url_digest: Set(None),
                })
                .exec_without_returning(&self.transaction)
                .await?;
            }
        }
        let url_digest = self.put_url(patient, id, &identity, full_url).await?;
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
                    url_digest,
                },
            );
        }
        Ok((id, put))
    }

    /// Keeps the URL of an item when it is another than the one known; gives its digest.
    async fn put_url(
        &mut self,
        patient: PatientId,
        item: ItemId,
        identity: &[u8],
        full_url: Option<&str>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let met = self.met(patient)?;
        let key = Arc::clone(&met.key);
        let known = met.known.get(identity).and_then(|it| it.url_digest.clone());
        let Some(url) = full_url else {
            return Ok(known);
        };
        let digest = self
            .store
            .index()
            .hash("item-url", &[patient.0.as_bytes(), url.as_bytes()]);
        if known.as_ref() == Some(&digest) {
            return Ok(known);
        }
        let place = url_place(patient, &item);
        contents::Entity::update(contents::ActiveModel {
            item: Unchanged(item.0),
            url: Set(Some(key.seal(&place, &url, self.store.entropy())?)),
            url_digest: Set(Some(digest.clone())),
            ..Default::default()
        })
        .exec(&self.transaction)
        .await?;
        if let Some(known) = self.met(patient)?.known.get_mut(identity) {
            known.url_digest = Some(digest.clone());
        }
        Ok(Some(digest))
    }

    /// An item that is kept already, examined, by its identity. Its content is opened and dropped in here.
    pub async fn known(
        &self,
        patient: PatientId,
        identity: &str,
    ) -> Result<Option<Examined>, Error> {
        let identity = self.store.index().hash(
            "item-identity",
            &[patient.0.as_bytes(), identity.as_bytes()],
        );
        let met = self
            .patients
            .get(&patient)
            .ok_or(Error::Misuse("a patient this import has not met"))?;
        let Some(known) = met.known.get(&identity) else {
            return Ok(None);
        };
        let row = contents::Entity::find_by_id(known.id.0)
            .one(&self.transaction)
            .await?
            .ok_or_else(|| Error::row("contents", "item", known.id.0.as_bytes()))?;
        let resource = open_content(&met.key, patient, known.id, &row.content)?;
        Ok(Examiner::default().examine(&resource, None).ok())
    }

    /// Every item of a patient that has facts, examined: to settle labels again together with what is new.
    ///
    /// Content is opened, examined and dropped in here: without a receipt it leaves the store for nobody. An item
    /// that can't be examined any more takes part with the labels it has ([`Examiner::examine_kept`]): what refers to it
    /// must not be labelled as if it were gone.
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
            .map(|row| (row.item, row))
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
            if let Some(examined) = examine_again(&mut examiner, &key, &facts, content)? {
                found.push((id, facts, examined));
            }
        }
        Ok(found)
    }

    /// Puts an item's facts and why its parts are labelled, part by part. Equal ones stay.
    ///
    /// Give a known item the `recorded` and `batch` of its facts in [`Import::existing`]: otherwise it counts as
    /// changed. Which of its parts say where it comes from is as it was at [`Import::review`].
    pub async fn put_facts(
        &mut self,
        patient: PatientId,
        facts: &ItemFacts,
        basis: &[Vec<Basis>],
    ) -> Result<Put, Error> {
        let item = facts.id;
        let told = self.met(patient)?.told.get(&item).cloned();
        let written = WrittenFacts::of(&self.store, patient, facts, told.as_ref(), basis)?;
        let met = self.met(patient)?;
        let key = Arc::clone(&met.key);
        let before = met
            .facts
            .get(&item)
            .ok_or(Error::Misuse("facts of an item without content"))?
            .clone();
        if before.as_ref() == Some(&written.digest) {
            return Ok(Put::Unchanged);
        }
        let digest = written.digest.clone();
        written.put(&self.store, &self.transaction, &key).await?;
        self.changed(patient)?.facts.insert(item, Some(digest));
        Ok(if before.is_some() {
            Put::Changed
        } else {
            Put::New
        })
    }
}
