//! What keys there are, by what they are wrapped, and how far a rotation is.

use super::anew::house_waiting;
use super::data::ANNOUNCING;
use crate::entities::{key_rotations, patients, sealed_keys};
use crate::error::Error;
use crate::house_keys;
use crate::keys::Versions;
use crate::ledger::from_micros;
use crate::opening::Store;
use crate::unit;
use domain::clock::Instant;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};

/// A key of the house.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NamedKey {
    /// `house`, `index` or `signing`.
    pub name: String,
    /// The version that seals.
    pub version: u32,
    /// Versions kept beside it, to open what they sealed.
    pub older: u64,
    /// The ids of the wrapping keys; an empty one is not noted.
    pub wrapped_by: Vec<String>,
}

/// A rotation of data keys that is not finished.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RotationStatus {
    /// When it began.
    pub started: Option<Instant>,
    /// Whether new versions are still being announced.
    pub announcing: bool,
    /// Patients who are not done.
    pub patients_waiting: u64,
    /// Rows of the house that are not done.
    pub house_rows_waiting: u64,
}

/// All of it. Tells no key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyStatus {
    /// Where the wrapping key is: `file`, `environment`, `token`.
    pub provider: &'static str,
    /// Its id.
    pub key: String,
    /// The keys of the house.
    pub house: Vec<NamedKey>,
    /// Patients whose records can be read.
    pub patients: u64,
    /// Patients whose records were shredded.
    pub shredded: u64,
    /// How many patients' keys each wrapping key wraps, by its id.
    pub patients_wrapped_by: BTreeMap<String, u64>,
    /// How many patients' keys have which version.
    pub patients_by_version: BTreeMap<u32, u64>,
    /// Versions of patients' keys that are kept for ledger entries alone.
    pub kept_for_ledger: u64,
    /// The rotation under way, if there is one.
    pub rotation: Option<RotationStatus>,
    /// The fingerprint of the public half of the key that signs.
    pub signing_fingerprint: String,
}

impl KeyStatus {
    /// Whether some keys are wrapped by other keys than this one: the change of the wrapping key is not finished.
    pub fn has_other_wrappings(&self) -> bool {
        let other = |id: &String| !id.is_empty() && *id != self.key;
        self.patients_wrapped_by.keys().any(other)
            || self
                .house
                .iter()
                .any(|key| key.wrapped_by.iter().any(other))
    }
}

fn wrapped_by(keys: &Versions) -> BTreeSet<&str> {
    keys.all()
        .flat_map(|(_, wrappings)| wrappings.by())
        .collect()
}

fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

impl Store {
    /// What keys there are, and how far a rotation is. Reads every patient's row.
    pub async fn key_status(&self) -> Result<KeyStatus, Error> {
        let mut house = Vec::new();
        for row in sealed_keys::Entity::find()
            .order_by_asc(sealed_keys::Column::Name)
            .all(self.read())
            .await?
        {
            let keys = house_keys::versions(&row)?;
            house.push(NamedKey {
                version: keys.version,
                older: u64::try_from(keys.others.len()).unwrap_or(u64::MAX),
                wrapped_by: wrapped_by(&keys).into_iter().map(str::to_owned).collect(),
                name: row.name,
            });
        }
        let mut status = KeyStatus {
            provider: self.provider().kind(),
            key: self.provider().id(),
            house,
            patients: 0,
            shredded: patients::Entity::find()
                .filter(patients::Column::DataKey.is_null())
                .count(self.read())
                .await?,
            patients_wrapped_by: BTreeMap::new(),
            patients_by_version: BTreeMap::new(),
            kept_for_ledger: 0,
            rotation: None,
            signing_fingerprint: self.public_key().fingerprint(),
        };
        let mut waiting = 0_u64;
        let mut after = None;
        loop {
            let rows = self.patients_after(self.read(), after).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in &rows {
                let Some(keys) = unit::key_versions(row)? else {
                    continue;
                };
                status.patients = status.patients.saturating_add(1);
                for id in wrapped_by(&keys) {
                    count(&mut status.patients_wrapped_by, id.to_owned());
                }
                count(&mut status.patients_by_version, keys.version);
                let kept = u64::try_from(keys.kept_for_ledger()).unwrap_or(u64::MAX);
                status.kept_for_ledger = status.kept_for_ledger.saturating_add(kept);
                if keys.is_announced() || keys.is_leaving() {
                    waiting = waiting.saturating_add(1);
                }
            }
        }
        if let Some(rotation) = key_rotations::Entity::find().one(self.read()).await? {
            status.rotation = Some(RotationStatus {
                started: from_micros(rotation.started),
                announcing: rotation.stage == ANNOUNCING,
                patients_waiting: waiting,
                house_rows_waiting: house_waiting(self.read(), self.house().version()).await?,
            });
        }
        Ok(status)
    }
}
