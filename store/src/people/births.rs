//! Patients by birth date: a keyed hash beside each row, so that finding one reads the few that fit and no other.

use crate::chart::{PatientBody, read_body};
use crate::entities::patients;
use crate::error::Error;
use crate::opening::Store;
use chrono::NaiveDate;
use domain::id::{PatientId, PersonId};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// How many rows are filled at once.
const AT_ONCE: u64 = 500;

/// Rows that say who they are about, and don't say by hash when that person was born.
fn unfilled() -> Condition {
    Condition::all()
        .add(patients::Column::Born.is_null())
        .add(patients::Column::Body.is_not_null())
        .add(patients::Column::DataKey.is_not_null())
}

impl Store {
    /// The hash of a birth date; a record without one has a hash too, so that an empty column means only that nobody
    /// wrote it yet.
    pub(crate) fn birth_hash(&self, birth: Option<NaiveDate>) -> Vec<u8> {
        let day = birth.map(|birth| birth.to_string()).unwrap_or_default();
        self.index().hash("birth", &[day.as_bytes()])
    }

    /// Writes the hashes that are missing: of a database that is older than the column, or that an older program wrote
    /// to. All of it commits, or nothing does.
    pub(crate) async fn fill_births(&self) -> Result<(), Error> {
        let missing = patients::Entity::find()
            .filter(unfilled())
            .one(self.read())
            .await?;
        if missing.is_none() {
            return Ok(());
        }
        let transaction = self.begin().await?;
        let mut after = uuid::Uuid::nil();
        loop {
            let rows = patients::Entity::find()
                .filter(unfilled())
                .filter(patients::Column::Id.gt(after))
                .order_by_asc(patients::Column::Id)
                .limit(AT_ONCE)
                .all(&transaction)
                .await?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            for row in &rows {
                // One that can't be read says so when somebody reads it; the others are not kept from opening by it.
                let Ok(body) = self.body_of(row) else {
                    tracing::error!("a patient's row can't be read");
                    continue;
                };
                patients::Entity::update(patients::ActiveModel {
                    id: Unchanged(row.id),
                    born: Set(Some(self.birth_hash(body.birth))),
                    ..Default::default()
                })
                .exec(&transaction)
                .await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    fn body_of(&self, row: &patients::Model) -> Result<PatientBody, Error> {
        // A record that was shredded has no key, and nobody opens it any more.
        match self.patient_key(row)? {
            Some(key) => read_body(&key, row),
            None => Ok(PatientBody::default()),
        }
    }

    /// The patients with this birth date, with the persons they are. Rows whose hash nobody wrote yet are read too.
    pub async fn patients_born(
        &self,
        birth: NaiveDate,
    ) -> Result<Vec<(PatientId, PersonId)>, Error> {
        let rows = patients::Entity::find()
            .filter(
                Condition::any()
                    .add(patients::Column::Born.eq(self.birth_hash(Some(birth))))
                    .add(unfilled()),
            )
            .order_by_asc(patients::Column::Id)
            .all(self.read())
            .await?;
        let mut found = Vec::new();
        for row in &rows {
            let body = self.body_of(row)?;
            if body.birth == Some(birth)
                && let Some(person) = body.subject
            {
                found.push((PatientId(row.id), person));
            }
        }
        Ok(found)
    }
}
