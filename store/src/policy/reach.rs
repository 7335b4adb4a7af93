//! Which patients a party may have something to do with: a list of candidates, by keyed hash.
//!
//! Names nobody, never shrinks, and decides nothing: the caller decides on each candidate.

use crate::entities::reach;
use crate::error::Error;
use crate::opening::Store;
use domain::id::PatientId;
use domain::party::Party;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

pub(crate) fn hash(store: &Store, party: Party) -> Vec<u8> {
    let (kind, id): (&[u8], _) = match &party {
        Party::Person(person) => (b"person", person.0),
        Party::Organization(organization) => (b"organization", organization.0),
    };
    store.index().hash("reach", &[kind, id.as_bytes()])
}

/// Adds parties to those a patient may be reached by.
pub(crate) async fn extend(
    store: &Store,
    transaction: &DatabaseTransaction,
    patient: PatientId,
    parties: &[Party],
) -> Result<(), Error> {
    for party in parties {
        reach::Entity::insert(reach::ActiveModel {
            party: Set(hash(store, *party)),
            patient: Set(patient.0),
        })
        .on_conflict(
            OnConflict::columns([reach::Column::Party, reach::Column::Patient])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    }
    Ok(())
}

impl Store {
    /// The patients that a consent, relationship, authority or emergency grant ever tied to one of these parties.
    pub async fn patients_reaching(&self, parties: &[Party]) -> Result<Vec<PatientId>, Error> {
        let hashes = parties.iter().map(|party| hash(self, *party));
        let found: Vec<uuid::Uuid> = reach::Entity::find()
            .select_only()
            .column(reach::Column::Patient)
            .distinct()
            .filter(reach::Column::Party.is_in(hashes))
            .order_by_asc(reach::Column::Patient)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(found.into_iter().map(PatientId).collect())
    }
}
