//! Rotating data keys: a new version of every patient's key and of the house's, and everything sealed anew.
//!
//! 1. A new version is announced in every key's row. It opens, and seals nothing yet.
//! 2. A pause: whoever read a key before has finished, and every process has looked at the house's key again.
//! 3. The house's new version seals. Patient by patient, under the lock on the patient's head that every writer takes: the
//!    new version seals, each row is sealed anew, read back and compared; then the old version opens ledger entries only,
//!    and the epoch moves, so that whoever decided on what was read before decides again.
//! 4. Another pause, for processes that still sealed with the house's old version; then the house's rows.
//!
//! Killed at any instant, it goes on where it was: each row's keys tell how far it came.

use super::anew::{house_anew, patient_anew};
use super::{write_house_key, write_patient_keys};
use crate::entities::{key_rotations, patients, sealed_keys};
use crate::entropy::random;
use crate::error::Error;
use crate::house_keys::{self, HOUSE};
use crate::keys::{Owner, Versions};
use crate::ledger::Chain;
use crate::ledger::event::Event;
use crate::opening::Store;
use crate::stamp::Stamp;
use crate::unit;
use core::time::Duration;
use domain::id::PatientId;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use uuid::Uuid;

/// Rows sealed anew in one transaction.
const ROWS_AT_ONCE: u64 = 500;

/// The stages as the table keeps them. INVARIANT: numbers stay.
pub(super) const ANNOUNCING: i64 = 0;
pub(super) const SEALING: i64 = 1;

/// How far a rotation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DataProgress {
    /// A new version is being announced; so many patients were looked at.
    Announcing(u64),
    /// Waiting for who still holds the versions before.
    Waiting(Duration),
    /// Patients whose rows were all sealed anew, and patients in all.
    Patients(u64, u64),
    /// Rows of the house that were sealed anew.
    House(u64),
}

impl Store {
    /// Rotates every data key, or goes on with a rotation that was broken off; gives the number of patients.
    ///
    /// `pause`: longer than any request and any command takes, and than [`Store::KEYS_LOOKED_AT`]; nothing is lost when
    /// it is too short, but a request that began before may fail.
    ///
    /// # Errors
    /// [`Error::NotFinished`] while the wrapping key is being changed; [`Error::Row`] when a row doesn't open: it stays
    /// as it is, and so do the versions that its owner has.
    pub async fn rotate_data_keys(
        &self,
        stamp: &Stamp,
        pause: Duration,
        mut progress: impl FnMut(DataProgress) + Send,
    ) -> Result<u64, Error> {
        let rotation = self.begin_rotation().await?;
        if rotation.stage == ANNOUNCING {
            self.announce(&mut progress).await?;
            self.set_stage(rotation.id, SEALING).await?;
        }
        self.refresh_keys().await?;
        progress(DataProgress::Waiting(pause));
        tokio::time::sleep(pause).await;
        self.switch_house().await?;
        let all = patients::Entity::find()
            .filter(patients::Column::DataKey.is_not_null())
            .count(self.read())
            .await?;
        let mut done = 0_u64;
        let mut after = None;
        loop {
            let rows = self.patients_after(self.read(), after).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in &rows {
                self.rotate_patient(PatientId(row.id)).await?;
                done = done.saturating_add(1);
                progress(DataProgress::Patients(done, all.max(done)));
            }
        }
        progress(DataProgress::Waiting(pause));
        tokio::time::sleep(pause).await;
        self.seal_house_anew(&mut progress).await?;
        self.end_rotation(stamp, rotation.id, done).await?;
        Ok(done)
    }

    async fn begin_rotation(&self) -> Result<key_rotations::Model, Error> {
        let transaction = self.begin().await?;
        if let Some(under_way) = key_rotations::Entity::find().one(&transaction).await? {
            return Ok(under_way);
        }
        let rotation = key_rotations::Model {
            id: uuid::Builder::from_random_bytes(random(self.entropy())).into_uuid(),
            started: self.clock().now().timestamp_micros(),
            stage: ANNOUNCING,
        };
        key_rotations::Entity::insert(key_rotations::ActiveModel {
            id: Set(rotation.id),
            started: Set(rotation.started),
            stage: Set(rotation.stage),
        })
        .exec_without_returning(&transaction)
        .await?;
        transaction.commit().await?;
        Ok(rotation)
    }

    async fn set_stage(&self, id: Uuid, stage: i64) -> Result<(), Error> {
        let transaction = self.begin().await?;
        key_rotations::Entity::update(key_rotations::ActiveModel {
            id: Unchanged(id),
            stage: Set(stage),
            ..Default::default()
        })
        .exec(&transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    async fn announce(
        &self,
        progress: &mut (impl FnMut(DataProgress) + Send),
    ) -> Result<(), Error> {
        let provider = self.provider().as_ref();
        let new_version = |keys: &mut Versions| {
            // A version that only one of two wrapping keys wraps would be out of reach for half of the processes.
            if keys.all().any(|(_, wrappings)| wrappings.len() > 1) {
                return Err(Error::NotFinished);
            }
            // The house's versions before stay as they are, see `end_rotation`.
            let of_patient = matches!(keys.owner, Owner::Patient(_));
            if keys.is_announced() || (of_patient && keys.is_leaving()) {
                return Ok(false);
            }
            keys.announce(provider, self.entropy())?;
            Ok(true)
        };
        let house_too = |keys: &mut Versions| match keys.owner {
            Owner::House(HOUSE) => new_version(keys),
            // Hashes can't be made anew: what was hashed is not kept. Signatures out there name the key that signed.
            _ => Ok(false),
        };
        self.change_house_keys(house_too).await?;
        self.change_every_patient_key(new_version, |done| progress(DataProgress::Announcing(done)))
            .await?;
        Ok(())
    }

    async fn switch_house(&self) -> Result<(), Error> {
        loop {
            let transaction = self.begin().await?;
            let row = sealed_keys::Entity::find_by_id(HOUSE)
                .one(&transaction)
                .await?
                .ok_or(Error::KeysMissing)?;
            let mut keys = house_keys::versions(&row)?;
            keys.switch();
            if write_house_key(&transaction, &row, &keys).await? {
                transaction.commit().await?;
                return self.refresh_keys().await;
            }
        }
    }

    /// Everything of one patient; nothing where it is done, or the record was shredded.
    async fn rotate_patient(&self, patient: PatientId) -> Result<(), Error> {
        loop {
            let Some(mut unit) = self.unit(Chain::Patient(patient)).await? else {
                return Ok(());
            };
            let row = patients::Entity::find_by_id(patient.0)
                .one(&unit.transaction)
                .await?
                .ok_or(Error::NotFound("patient"))?;
            let Some(mut keys) = unit::key_versions(&row)? else {
                return Ok(());
            };
            if !keys.is_announced() && !keys.is_leaving() {
                return Ok(());
            }
            keys.switch();
            let key = keys.open(self.provider())?;
            let done = patient_anew(
                &unit.transaction,
                &key,
                patient,
                ROWS_AT_ONCE,
                self.entropy(),
            )
            .await?;
            let finished = done < ROWS_AT_ONCE;
            if finished {
                keys.settle();
                unit.move_epoch()?;
            }
            if !write_patient_keys(&unit.transaction, &row, &keys).await? {
                // The wrapping key is being changed at the same time: once more.
                continue;
            }
            unit.commit().await?;
            if finished {
                return Ok(());
            }
        }
    }

    async fn seal_house_anew(
        &self,
        progress: &mut (impl FnMut(DataProgress) + Send),
    ) -> Result<(), Error> {
        let mut done = 0_u64;
        loop {
            let transaction = self.begin().await?;
            let some = house_anew(&transaction, self.house(), ROWS_AT_ONCE, self.entropy()).await?;
            transaction.commit().await?;
            done = done.saturating_add(some);
            progress(DataProgress::House(done));
            if some == 0 {
                return Ok(());
            }
        }
    }

    /// INVARIANT: the house's versions before stay able to open everything. Who writes a row of the house holds no lock,
    /// so a process that was stopped for long may still write one sealed by a version before; it must not be lost. The
    /// next rotation, or the next write, seals it anew.
    async fn end_rotation(&self, stamp: &Stamp, id: Uuid, patients: u64) -> Result<(), Error> {
        let unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        let done = key_rotations::Entity::delete_by_id(id)
            .exec(&unit.transaction)
            .await?;
        // Of two processes that worked at it, one says so.
        if done.rows_affected == 1 {
            let event = Event::DataKeysRotated { patients };
            unit.finish_without_change(stamp, event).await?;
        }
        Ok(())
    }
}
