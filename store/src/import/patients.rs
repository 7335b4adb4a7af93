//! Patients, their subjects and relationships, within an import.

use super::{Import, Known, Met};
use crate::entities::{contents, items, patients, policy_records};
use crate::entropy::{fresh_key, random};
use crate::error::Error;
use crate::keys::{Owner, Versions};
use crate::ledger::event::Event;
use crate::ledger::{Chain, Head, new_head};
use crate::policy::{PolicyRecord, extend_reach, read_record, seal_record};
use crate::seal::DataKey;
use chrono::NaiveDate;
use domain::id::{ItemId, PatientId, PersonId};
use domain::party::Relationship;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
};
use std::collections::HashMap;
use std::sync::Arc;

impl Import {
    /// The patient of an identity from outside, and whether it is new. A new one gets a data key and a chain.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the record was shredded.
    pub async fn patient(&mut self, identity: &str) -> Result<(PatientId, bool), Error> {
        let hash = self.store.patient_identity(identity);
        let row = patients::Entity::find()
            .filter(patients::Column::Identity.eq(hash.clone()))
            .one(&self.transaction)
            .await?;
        match row {
            Some(row) => {
                let patient = PatientId(row.id);
                if !self.patients.contains_key(&patient) {
                    let met = self.meet(patient).await?;
                    self.patients.insert(patient, met);
                }
                Ok((patient, false))
            }
            None => Ok((self.new_patient(hash).await?, true)),
        }
    }

    async fn new_patient(&mut self, identity: Vec<u8>) -> Result<PatientId, Error> {
        let entropy = self.store.entropy();
        let patient = PatientId::from_random(random(entropy));
        let bytes = fresh_key(entropy);
        let provider = self.store.provider().as_ref();
        let key = Versions::first(Owner::Patient(patient), &bytes, provider, entropy)?;
        patients::Entity::insert(patients::ActiveModel {
            id: Set(patient.0),
            identity: Set(identity),
            subject: Set(None),
            data_key: Set(Some(key.wrapped.stored())),
            key_version: Set(i64::from(key.version)),
            body: Set(None),
            born: Set(None),
            other_keys: Set(None),
        })
        .exec_without_returning(&self.transaction)
        .await?;
        let head = new_head(&self.transaction, Chain::Patient(patient)).await?;
        let met = Met {
            key: Arc::new(DataKey::new(&bytes, key.version)),
            head,
            changed: false,
            counts: super::ImportCounts::default(),
            known: HashMap::new(),
            facts: HashMap::new(),
            told: HashMap::new(),
        };
        self.patients.insert(patient, met);
        self.changed(patient)?;
        Ok(patient)
    }

    async fn meet(&self, patient: PatientId) -> Result<Met, Error> {
        let head = Head::lock(&self.transaction, Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        // Once the head is locked: the key may have been rotated while this waited, and what an old one seals is lost.
        let key = self
            .store
            .chain_key(&self.transaction, Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        let digests: Vec<(uuid::Uuid, Vec<u8>, Option<Vec<u8>>)> = contents::Entity::find()
            .select_only()
            .column(contents::Column::Item)
            .column(contents::Column::Digest)
            .column(contents::Column::UrlDigest)
            .filter(contents::Column::Patient.eq(patient.0))
            .into_tuple()
            .all(&self.transaction)
            .await?;
        let mut digests: HashMap<_, _> = digests
            .into_iter()
            .map(|(item, content, url)| (item, (content, url)))
            .collect();
        let rows: Vec<(uuid::Uuid, Vec<u8>, Option<Vec<u8>>)> = items::Entity::find()
            .select_only()
            .column(items::Column::Id)
            .column(items::Column::Identity)
            .column(items::Column::FactsDigest)
            .filter(items::Column::Patient.eq(patient.0))
            .into_tuple()
            .all(&self.transaction)
            .await?;
        let mut known = HashMap::with_capacity(rows.len());
        for (id, identity, facts_digest) in rows {
            let (digest, url_digest) = digests
                .remove(&id)
                .ok_or_else(|| Error::row("contents", "item", id.as_bytes()))?;
            known.insert(
                identity,
                Known {
                    id: ItemId(id),
                    digest,
                    facts_digest,
                    url_digest,
                },
            );
        }
        let facts = known
            .values()
            .map(|it| (it.id, it.facts_digest.clone()))
            .collect();
        Ok(Met {
            key,
            head,
            changed: false,
            counts: super::ImportCounts::default(),
            known,
            facts,
            told: HashMap::new(),
        })
    }

    /// Names the person who is the subject of a record, and the birth date.
    pub async fn set_subject(
        &mut self,
        patient: PatientId,
        person: PersonId,
        birth: Option<NaiveDate>,
    ) -> Result<(), Error> {
        let key = Arc::clone(&self.met(patient)?.key);
        let changed = self
            .store
            .write_subject(&self.transaction, &key, patient, person, birth)
            .await?;
        if let Some(noted) = changed {
            self.met(patient)?.head.note(noted);
            self.log(patient, Event::SubjectSet { person }).await?;
        }
        Ok(())
    }

    /// Records a care relationship; one of the same id is replaced, an equal one stays. One that is over before anybody
    /// knew of it opens nothing, and is not kept.
    pub async fn add_relationship(
        &mut self,
        patient: PatientId,
        relationship: Relationship,
    ) -> Result<(), Error> {
        let key = Arc::clone(&self.met(patient)?.key);
        let now = self.store.clock().now();
        let is_over = relationship.span.until.is_some_and(|until| until <= now);
        let record = PolicyRecord::Relationship(relationship);
        let before = policy_records::Entity::find_by_id(record.id())
            .one(&self.transaction)
            .await?;
        match before {
            None if is_over => return Ok(()),
            None => {
                let row = self.sealed(patient, &record)?;
                policy_records::Entity::insert(row)
                    .exec_without_returning(&self.transaction)
                    .await?;
            }
            Some(before) if before.patient != patient.0 => return Err(Error::Exists),
            Some(before) => {
                // A relationship that has ended, by hand or by itself, stays ended, whatever the file says again.
                let PolicyRecord::Relationship(known) = read_record(&key, &before)? else {
                    return Err(Error::Exists);
                };
                let PolicyRecord::Relationship(new) = &record else {
                    return Ok(());
                };
                let was_over = known.span.until.is_some_and(|until| until <= now);
                if known == *new || was_over {
                    return Ok(());
                }
                let row = self.sealed(patient, &record)?;
                policy_records::Entity::update(policy_records::ActiveModel {
                    id: Unchanged(before.id),
                    ..row
                })
                .exec(&self.transaction)
                .await?;
            }
        }
        extend_reach(&self.store, &self.transaction, patient, &record.parties()).await?;
        self.log(patient, record.added()).await
    }

    /// A record sealed for its row; the patient's next entry notes it.
    fn sealed(
        &mut self,
        patient: PatientId,
        record: &PolicyRecord,
    ) -> Result<policy_records::ActiveModel, Error> {
        let store = self.store.clone();
        let met = self.met(patient)?;
        seal_record(&store, &met.key, &mut met.head, record)
    }

    async fn log(&mut self, patient: PatientId, event: Event) -> Result<(), Error> {
        self.changed(patient)?;
        let Self {
            store,
            transaction,
            stamp,
            patients,
            ..
        } = self;
        let met = patients
            .get_mut(&patient)
            .ok_or(Error::Misuse("a patient this import has not met"))?;
        met.head
            .append(store, transaction, &met.key, stamp, event)
            .await?;
        Ok(())
    }
}
