//! Which person is the subject of which record.

use crate::chart::{PatientBody, body_place, read_body};
use crate::entities::patients;
use crate::error::Error;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, Noted};
use crate::opening::Store;
use crate::seal::DataKey;
use crate::stamp::Stamp;
use domain::id::{PatientId, PersonId};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

impl Store {
    fn subject_hash(&self, person: PersonId) -> Vec<u8> {
        self.index().hash("subject", &[person.0.as_bytes()])
    }

    /// The record of which this person is the subject.
    pub async fn patient_of_subject(&self, person: PersonId) -> Result<Option<PatientId>, Error> {
        let row = patients::Entity::find()
            .filter(patients::Column::Subject.eq(self.subject_hash(person)))
            .one(self.read())
            .await?;
        Ok(row.map(|row| PatientId(row.id)))
    }

    /// The patient of an identity from outside, such as `Patient/1`.
    pub async fn patient_by_identity(&self, identity: &str) -> Result<Option<PatientId>, Error> {
        let row = patients::Entity::find()
            .filter(patients::Column::Identity.eq(self.patient_identity(identity)))
            .one(self.read())
            .await?;
        Ok(row.map(|row| PatientId(row.id)))
    }

    pub(crate) fn patient_identity(&self, identity: &str) -> Vec<u8> {
        self.reference_hash("patient-identity", identity)
    }

    /// Every patient.
    pub async fn all_patients(&self) -> Result<Vec<PatientId>, Error> {
        let ids: Vec<uuid::Uuid> = patients::Entity::find()
            .select_only()
            .column(patients::Column::Id)
            .order_by_asc(patients::Column::Id)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(ids.into_iter().map(PatientId).collect())
    }

    /// The birth date that came with the record.
    pub async fn birth_date(&self, patient: PatientId) -> Result<Option<chrono::NaiveDate>, Error> {
        let Some(row) = patients::Entity::find_by_id(patient.0)
            .one(self.read())
            .await?
        else {
            return Ok(None);
        };
        let Some(key) = self.patient_key(&row)? else {
            return Ok(None);
        };
        Ok(read_body(&key, &row)?.birth)
    }

    /// Names the person who is the subject of a record.
    ///
    /// # Errors
    /// [`Error::Exists`] when the person is another record's subject.
    pub async fn set_subject(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        person: PersonId,
    ) -> Result<Committed, Error> {
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        let noted = self
            .write_subject(&unit.transaction, &unit.key, patient, person, None)
            .await?;
        if let Some(noted) = noted {
            unit.head.note(noted);
        }
        unit.finish(stamp, Event::SubjectSet { person }).await
    }

    /// Writes the subject, and the birth date where one is given; what the entry is to note, if anything changed.
    pub(crate) async fn write_subject(
        &self,
        transaction: &DatabaseTransaction,
        key: &DataKey,
        patient: PatientId,
        person: PersonId,
        birth: Option<chrono::NaiveDate>,
    ) -> Result<Option<Noted>, Error> {
        let row = patients::Entity::find_by_id(patient.0)
            .one(transaction)
            .await?
            .ok_or(Error::NotFound("patient"))?;
        let before = read_body(key, &row)?;
        let body = PatientBody {
            subject: Some(person),
            birth: birth.or(before.birth),
        };
        if body == before {
            return Ok(None);
        }
        patients::Entity::update(patients::ActiveModel {
            id: Unchanged(patient.0),
            subject: Set(Some(self.subject_hash(person))),
            born: Set(Some(self.birth_hash(body.birth))),
            body: Set(Some(key.seal(
                &body_place(&patient),
                &body,
                self.entropy(),
            )?)),
            ..Default::default()
        })
        .exec(transaction)
        .await?;
        Ok(Some(Noted::Subject {
            person: body.subject,
            birth: body.birth,
        }))
    }
}
