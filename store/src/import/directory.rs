//! What a file tells of people, organizations and places, within an import.

use super::{Import, Put};
use crate::entities::directory;
use crate::error::Error;
use crate::opening::Store;
use crate::people::{OrganizationRecord, PersonRecord};
use crate::seal::Place;
use domain::id::PersonId;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    EntityTrait,
};
use serde_json::Value;
use zeroize::Zeroizing;

fn place(reference: &[u8]) -> Place<'_> {
    Place {
        table: "directory",
        row: reference,
        patient: None,
        field: "body",
    }
}

impl Import {
    /// A person as known before, held until this import ends: for a file that adds to what is known.
    pub async fn person(&self, id: PersonId) -> Result<Option<PersonRecord>, Error> {
        self.store.lock_person(&self.transaction, id).await
    }

    /// Puts a person; an equal one stays.
    pub async fn put_person(&mut self, person: &PersonRecord) -> Result<Put, Error> {
        let (put, memberships_changed) = self.store.write_person(&self.transaction, person).await?;
        self.move_every_epoch |= memberships_changed;
        Ok(put)
    }

    /// Puts an organization; an equal one stays.
    pub async fn put_organization(
        &mut self,
        organization: &OrganizationRecord,
    ) -> Result<Put, Error> {
        let (put, program_changed) = self
            .store
            .write_organization(&self.transaction, organization)
            .await?;
        self.move_every_epoch |= program_changed;
        Ok(put)
    }

    /// Keeps a resource that belongs to no patient (Organization, Practitioner, PractitionerRole, Location, …) by
    /// its reference; an equal one stays.
    pub async fn put_directory(&mut self, reference: &str, resource: &Value) -> Result<Put, Error> {
        let row = self.store.reference_hash("directory", reference);
        let plain = Zeroizing::new(serde_json::to_vec(resource).map_err(|_| Error::Unwritable)?);
        let digest = self
            .store
            .index()
            .hash("directory-content", &[&row, &plain]);
        let before = directory::Entity::find_by_id(row.clone())
            .one(&self.transaction)
            .await?;
        if before.as_ref().is_some_and(|it| it.digest == digest) {
            return Ok(Put::Unchanged);
        }
        let house = self.store.house();
        let body = house.seal_bytes(&place(&row).bytes(), &plain, self.store.entropy())?;
        if before.is_some() {
            directory::Entity::update(directory::ActiveModel {
                reference: Unchanged(row),
                digest: Set(digest),
                body: Set(body),
            })
            .exec(&self.transaction)
            .await?;
            Ok(Put::Changed)
        } else {
            directory::Entity::insert(directory::ActiveModel {
                reference: Set(row),
                digest: Set(digest),
                body: Set(body),
            })
            .exec_without_returning(&self.transaction)
            .await?;
            Ok(Put::New)
        }
    }
}

impl Store {
    /// A resource of the directory by its reference. For tests: nothing of a file is shown without a receipt, and what
    /// belongs to no patient has none.
    #[cfg(feature = "testing")]
    pub async fn directory(&self, reference: &str) -> Result<Option<Value>, Error> {
        let row = self.reference_hash("directory", reference);
        let found = directory::Entity::find_by_id(row.clone())
            .one(self.read())
            .await?;
        found
            .map(|found| self.house().open(&place(&row), &found.body))
            .transpose()
    }
}
