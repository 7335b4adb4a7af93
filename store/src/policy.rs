//! Changes of policy: each is one transaction of rows, the epoch moved, and a ledger entry.

mod assignments;
mod consents;
mod emergencies;
mod reach;
mod records;
mod restrictions;

pub use assignments::Assignment;
pub use consents::{SignedDocument, Stop};
pub use emergencies::{EmergencyError, ReviewStage};
pub(crate) use reach::{extend as extend_reach, hash as party_hash};
pub(crate) use records::{PolicyRecord, read_record, seal_record};
pub use restrictions::{Asked, RestrictionError};

use crate::entities::{consents as consent_rows, policy_records};
use crate::error::Error;
use crate::ledger::Chain;
use crate::seal::DataKey;
use domain::clock::Instant;
use domain::consent::Standing;
use domain::decide::Ground;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// Whether every ground that can end is in force at the instant, looked at inside the transaction that discloses.
pub(crate) async fn grounds_in_force(
    (transaction, key): (&DatabaseTransaction, &DataKey),
    chain: Chain,
    grounds: &[Ground],
    at: Instant,
) -> Result<bool, Error> {
    let Some(patient) = chain.patient() else {
        return Ok(false);
    };
    let mut consents = Vec::new();
    let mut records: Vec<Uuid> = Vec::new();
    for ground in grounds {
        match ground {
            Ground::Consent(id, _) => consents.push(id.0),
            Ground::Authority(id) => records.push(id.0),
            Ground::Relationship(id) => records.push(id.0),
            Ground::Emergency(id) => records.push(id.0),
            Ground::Subject | Ground::Program(_) | Ground::Review(_) => {}
        }
    }
    if !consents.is_empty() {
        let rows = consent_rows::Entity::find()
            .filter(consent_rows::Column::Patient.eq(patient.0))
            .filter(consent_rows::Column::Id.is_in(consents.iter().copied()))
            .all(transaction)
            .await?;
        let mut standing = HashMap::with_capacity(rows.len());
        for row in &rows {
            let consent = consents::read_consent(key, row)?;
            standing.insert(row.id, consent.standing(at));
        }
        if !consents
            .iter()
            .all(|id| standing.get(id) == Some(&Standing::Active))
        {
            return Ok(false);
        }
    }
    if !records.is_empty() {
        let rows = policy_records::Entity::find()
            .filter(policy_records::Column::Patient.eq(patient.0))
            .filter(policy_records::Column::Id.is_in(records.iter().copied()))
            .all(transaction)
            .await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in &rows {
            found.insert(row.id, read_record(key, row)?.holds(at));
        }
        if !records.iter().all(|id| found.get(id) == Some(&true)) {
            return Ok(false);
        }
    }
    Ok(true)
}
