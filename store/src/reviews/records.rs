//! The records of what was said: sealed with the patient's key, appended, never changed.

use crate::entities::label_records;
use crate::error::Error;
use crate::opening::Store;
use crate::seal::{DataKey, Place};
use domain::id::{ItemId, PatientId, ReviewId};
use domain::labeling::review::Record;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use std::collections::HashMap;

fn place(patient: PatientId, id: &ReviewId) -> Place<'_> {
    Place {
        table: "label_records",
        row: id.0.as_bytes(),
        patient: Some(patient),
        field: "body",
    }
}

impl Store {
    /// What was said of the items of one patient, in order.
    pub(super) async fn read_label_records(
        &self,
        connection: &impl ConnectionTrait,
        key: &DataKey,
        patient: PatientId,
    ) -> Result<HashMap<ItemId, Vec<Record>>, Error> {
        let rows = label_records::Entity::find()
            .filter(label_records::Column::Patient.eq(patient.0))
            .order_by_asc(label_records::Column::Place)
            .all(connection)
            .await?;
        let mut found: HashMap<ItemId, Vec<Record>> = HashMap::new();
        for row in rows {
            let id = ReviewId(row.id);
            let place = place(patient, &id);
            let record: Record = key.open(&place, &row.body)?;
            if record.id != id {
                return Err(place.broken());
            }
            found.entry(record.item).or_default().push(record);
        }
        Ok(found)
    }

    pub(super) async fn put_record(
        &self,
        transaction: &DatabaseTransaction,
        key: &DataKey,
        patient: PatientId,
        at: i64,
        record: &Record,
    ) -> Result<(), Error> {
        let body = key.seal(&place(patient, &record.id), record, self.entropy())?;
        label_records::Entity::insert(label_records::ActiveModel {
            id: Set(record.id.0),
            patient: Set(patient.0),
            place: Set(at),
            body: Set(body),
        })
        .exec_without_returning(transaction)
        .await?;
        Ok(())
    }
}
