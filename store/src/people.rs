//! People and organizations, sealed by the house key.

mod births;
mod organizations;
mod subject;

pub use organizations::{OrganizationChange, OrganizationRecord};

use crate::entities::people;
use crate::error::Error;
use crate::import::Put;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, Noted};
use crate::opening::Store;
use crate::seal::Place;
use crate::stamp::Stamp;
use core::fmt;
use domain::id::PersonId;
use domain::npi::Npi;
use domain::party::Membership;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

/// A natural person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Who.
    pub id: PersonId,
    /// The name as shown.
    pub name: String,
    /// A qualification such as MD.
    #[serde(default)]
    pub qualification: Option<String>,
    /// A specialty.
    #[serde(default)]
    pub specialty: Option<String>,
    /// The places in workforces, past and present.
    #[serde(default)]
    pub memberships: Vec<Membership>,
    /// An e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The National Provider Identifier (45 CFR 162.406).
    #[serde(default)]
    pub npi: Option<Npi>,
    /// A reference from outside by which to find the person, such as `Practitioner/7`.
    #[serde(default)]
    pub reference: Option<String>,
}

impl PersonRecord {
    /// A person of whom only the name is known.
    pub fn named(id: PersonId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            qualification: None,
            specialty: None,
            memberships: Vec::new(),
            email: None,
            npi: None,
            reference: None,
        }
    }
}

impl PersonRecord {
    /// What the entry notes that is written with this record.
    pub(crate) fn noted(&self) -> Noted {
        Noted::Memberships {
            person: self.id,
            memberships: self.memberships.clone(),
        }
    }
}

impl fmt::Debug for PersonRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonRecord")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn place(id: &PersonId) -> Place<'_> {
    Place {
        table: "people",
        row: id.0.as_bytes(),
        patient: None,
        field: "body",
    }
}

impl Store {
    fn read_person(&self, row: &people::Model) -> Result<PersonRecord, Error> {
        let id = PersonId(row.id);
        let place = place(&id);
        let person: PersonRecord = self.house().open(&place, &row.body)?;
        if person.id == id {
            Ok(person)
        } else {
            Err(place.broken())
        }
    }

    pub(crate) fn reference_hash(&self, purpose: &'static str, reference: &str) -> Vec<u8> {
        self.index().hash(purpose, &[reference.as_bytes()])
    }

    /// One person.
    pub async fn person(&self, id: PersonId) -> Result<Option<PersonRecord>, Error> {
        let row = people::Entity::find_by_id(id.0).one(self.read()).await?;
        row.map(|row| self.read_person(&row)).transpose()
    }

    /// These people, in no particular order; unknown ones are left out.
    pub async fn people(&self, ids: &[PersonId]) -> Result<Vec<PersonRecord>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(1_000) {
            let rows = people::Entity::find()
                .filter(people::Column::Id.is_in(ids.iter().map(|id| id.0)))
                .all(self.read())
                .await?;
            for row in &rows {
                found.push(self.read_person(row)?);
            }
        }
        Ok(found)
    }

    /// Everybody.
    pub async fn all_people(&self) -> Result<Vec<PersonRecord>, Error> {
        let rows = people::Entity::find()
            .order_by_asc(people::Column::Id)
            .all(self.read())
            .await?;
        rows.iter().map(|row| self.read_person(row)).collect()
    }

    /// The person of a reference from outside.
    pub async fn person_by_reference(
        &self,
        reference: &str,
    ) -> Result<Option<PersonRecord>, Error> {
        let hash = self.reference_hash("person-reference", reference);
        let row = people::Entity::find()
            .filter(people::Column::Reference.eq(hash))
            .one(self.read())
            .await?;
        row.map(|row| self.read_person(&row)).transpose()
    }

    /// Keeps a person. A change of memberships moves every epoch: any decision may rest on them (POLICY §6).
    pub async fn put_person(
        &self,
        stamp: &Stamp,
        person: PersonRecord,
    ) -> Result<Committed, Error> {
        let mut unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        let (_, memberships_changed) = self.write_person(&unit.transaction, &person).await?;
        unit.head.note(person.noted());
        let event = Event::RoleChanged {
            person: person.id,
            roles: person.memberships.iter().map(|it| it.role).collect(),
        };
        let committed = unit.append(stamp, event).await?;
        if memberships_changed {
            unit.move_every_epoch();
        }
        unit.commit().await?;
        Ok(committed)
    }

    /// One person, whose row is held for the rest of the transaction: what is written on top of it undoes nobody
    /// else's change.
    pub(crate) async fn lock_person(
        &self,
        transaction: &DatabaseTransaction,
        id: PersonId,
    ) -> Result<Option<PersonRecord>, Error> {
        let row = people::Entity::find_by_id(id.0)
            .lock_exclusive()
            .one(transaction)
            .await?;
        row.map(|row| self.read_person(&row)).transpose()
    }

    /// Writes a person's row; tells also whether memberships that were known changed.
    pub(crate) async fn write_person(
        &self,
        transaction: &DatabaseTransaction,
        person: &PersonRecord,
    ) -> Result<(Put, bool), Error> {
        let before = self.lock_person(transaction, person.id).await?;
        if before.as_ref() == Some(person) {
            return Ok((Put::Unchanged, false));
        }
        let row = people::ActiveModel {
            id: Set(person.id.0),
            reference: Set(person
                .reference
                .as_deref()
                .map(|reference| self.reference_hash("person-reference", reference))),
            body: Set(self
                .house()
                .seal(&place(&person.id), person, self.entropy())?),
        };
        match before {
            None => {
                people::Entity::insert(row)
                    .exec_without_returning(transaction)
                    .await?;
                Ok((Put::New, false))
            }
            Some(before) => {
                people::Entity::update(row).exec(transaction).await?;
                Ok((Put::Changed, before.memberships != person.memberships))
            }
        }
    }
}
