//! Changing keys while the portal serves: the wrapping key ([`wrapping`]), and the data keys ([`data`]).

mod anew;
mod data;
mod status;
mod wrapping;

pub use anew::sealed_columns;
pub use data::DataProgress;
pub use status::{KeyStatus, NamedKey, RotationStatus};
pub use wrapping::Rewrapped;

use crate::entities::{patients, sealed_keys};
use crate::error::Error;
use crate::keys::Versions;
use crate::opening::Store;
use crate::{house_keys, unit};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Patients looked at in one transaction.
const PATIENTS_AT_ONCE: u64 = 100;

/// A patient's row as far as keys go.
fn patient_row_as_read(row: &patients::Model) -> Condition {
    Condition::all()
        .add(patients::Column::Id.eq(row.id))
        .add(patients::Column::DataKey.eq(row.data_key.clone()))
        .add(match &row.other_keys {
            Some(others) => patients::Column::OtherKeys.eq(others.clone()),
            None => patients::Column::OtherKeys.is_null(),
        })
}

/// Writes a patient's keys over those that were read; `false`: they are others by now, and nothing was written.
async fn write_patient_keys(
    connection: &impl ConnectionTrait,
    row: &patients::Model,
    keys: &Versions,
) -> Result<bool, Error> {
    let done = patients::Entity::update_many()
        .set(patients::ActiveModel {
            data_key: Set(Some(keys.wrapped.stored())),
            key_version: Set(i64::from(keys.version)),
            other_keys: Set(keys.stored_others()),
            ..Default::default()
        })
        .filter(patient_row_as_read(row))
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Writes a key of the house over what was read; `false`: it is another by now, and nothing was written.
async fn write_house_key(
    connection: &impl ConnectionTrait,
    row: &sealed_keys::Model,
    keys: &Versions,
) -> Result<bool, Error> {
    let others = match &row.other_keys {
        Some(others) => sealed_keys::Column::OtherKeys.eq(others.clone()),
        None => sealed_keys::Column::OtherKeys.is_null(),
    };
    let done = sealed_keys::Entity::update_many()
        .set(sealed_keys::ActiveModel {
            wrapped: Set(keys.wrapped.stored()),
            version: Set(i64::from(keys.version)),
            other_keys: Set(keys.stored_others()),
            ..Default::default()
        })
        .filter(
            sealed_keys::Column::Name
                .eq(row.name.clone())
                .and(sealed_keys::Column::Wrapped.eq(row.wrapped.clone()))
                .and(others),
        )
        .exec(connection)
        .await?;
    Ok(done.rows_affected == 1)
}

impl Store {
    /// The next patients in the order of their ids whose records are not shredded.
    async fn patients_after(
        &self,
        connection: &impl ConnectionTrait,
        after: Option<Uuid>,
    ) -> Result<Vec<patients::Model>, Error> {
        let mut query = patients::Entity::find().filter(patients::Column::DataKey.is_not_null());
        if let Some(after) = after {
            query = query.filter(patients::Column::Id.gt(after));
        }
        Ok(query
            .order_by_asc(patients::Column::Id)
            .limit(PATIENTS_AT_ONCE)
            .all(connection)
            .await?)
    }

    /// Changes the keys of every patient, some at a time; gives how many were changed. What another process changes
    /// meanwhile is tried again. `change` tells whether it changed anything.
    async fn change_every_patient_key(
        &self,
        mut change: impl FnMut(&mut Versions) -> Result<bool, Error> + Send,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<u64, Error> {
        let mut changed = 0_u64;
        let mut looked_at = 0_u64;
        let mut after = None;
        loop {
            let transaction = self.begin().await?;
            let rows = self.patients_after(&transaction, after).await?;
            let Some(last) = rows.last().map(|row| row.id) else {
                return Ok(changed);
            };
            let mut missed = false;
            for row in &rows {
                let Some(mut keys) = unit::key_versions(row)? else {
                    continue;
                };
                if change(&mut keys)? {
                    if write_patient_keys(&transaction, row, &keys).await? {
                        changed = changed.saturating_add(1);
                    } else {
                        missed = true;
                    }
                }
            }
            transaction.commit().await?;
            if !missed {
                after = Some(last);
                looked_at = looked_at.saturating_add(u64::try_from(rows.len()).unwrap_or_default());
                progress(looked_at);
            }
        }
    }

    /// Changes every key of the house in one transaction; gives how many were changed.
    async fn change_house_keys(
        &self,
        mut change: impl FnMut(&mut Versions) -> Result<bool, Error> + Send,
    ) -> Result<u64, Error> {
        loop {
            let transaction = self.begin().await?;
            let rows = sealed_keys::Entity::find()
                .order_by_asc(sealed_keys::Column::Name)
                .all(&transaction)
                .await?;
            let mut changed = 0_u64;
            let mut missed = false;
            for row in &rows {
                let mut keys = house_keys::versions(row)?;
                if change(&mut keys)? {
                    missed |= !write_house_key(&transaction, row, &keys).await?;
                    changed = changed.saturating_add(1);
                }
            }
            if missed {
                transaction.rollback().await?;
                continue;
            }
            transaction.commit().await?;
            return Ok(changed);
        }
    }
}
