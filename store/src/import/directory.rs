//! What a file tells of people, organizations and places, within an import.

use super::{Import, Put};
use crate::entities::{directory, directory_names};
use crate::error::Error;
use crate::opening::Store;
use crate::people::{OrganizationRecord, PersonRecord};
use crate::seal::Place;
use domain::id::{OrganizationId, PersonId};
use domain::labeling::{Examined, Examiner};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use zeroize::Zeroizing;

/// What a directory row seals.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    url: Option<String>,
    resource: Cow<'a, Value>,
}

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
        if put != Put::Unchanged && (memberships_changed || !person.memberships.is_empty()) {
            self.noted.push(person.noted());
        }
        Ok(put)
    }

    /// An organization as known before, held until this import ends: for a file that adds to what is known.
    pub async fn organization(
        &self,
        id: OrganizationId,
    ) -> Result<Option<OrganizationRecord>, Error> {
        self.store.lock_organization(&self.transaction, id).await
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
        if program_changed || (put == Put::New && organization.part2_program) {
            self.noted.push(organization.noted());
        }
        Ok(put)
    }

    /// Keeps a resource that belongs to no patient (Organization, Practitioner, PractitionerRole, Location, …) by
    /// its reference, to be found again by each of these names; an equal one stays.
    pub async fn put_directory(
        &mut self,
        reference: &str,
        names: &[String],
        full_url: Option<&str>,
        resource: &Value,
    ) -> Result<Put, Error> {
        let row = self.store.reference_hash("directory", reference);
        let entry = Entry {
            url: full_url.map(str::to_owned),
            resource: Cow::Borrowed(resource),
        };
        let plain = Zeroizing::new(serde_json::to_vec(&entry).map_err(|_| Error::Unwritable)?);
        let named = names.join("\n");
        let digest = self
            .store
            .index()
            .hash("directory-content", &[&row, &plain, named.as_bytes()]);
        let before = directory::Entity::find_by_id(row.clone())
            .one(&self.transaction)
            .await?;
        if before.as_ref().is_some_and(|it| it.digest == digest) {
            return Ok(Put::Unchanged);
        }
        let house = self.store.house();
        let body = house.seal_bytes(&place(&row).bytes(), &plain, self.store.entropy())?;
        let model = directory::ActiveModel {
            reference: Set(row.clone()),
            digest: Set(digest),
            body: Set(body),
        };
        let put = if before.is_some() {
            directory::Entity::update(model)
                .exec(&self.transaction)
                .await?;
            directory_names::Entity::delete_many()
                .filter(directory_names::Column::Reference.eq(row.clone()))
                .exec(&self.transaction)
                .await?;
            Put::Changed
        } else {
            directory::Entity::insert(model)
                .exec_without_returning(&self.transaction)
                .await?;
            Put::New
        };
        let names: BTreeSet<Vec<u8>> = names.iter().map(|name| self.name_hash(name)).collect();
        for name in names {
            directory_names::Entity::insert(directory_names::ActiveModel {
                name: Set(name),
                reference: Set(row.clone()),
            })
            .exec_without_returning(&self.transaction)
            .await?;
        }
        Ok(put)
    }

    /// The resources of the directory that go by one of these names, examined: for labels that rest on where an item
    /// comes from. They are opened, examined and dropped in here, as in [`Import::existing`].
    pub async fn directory_named(&self, names: &[String]) -> Result<Vec<Examined>, Error> {
        let mut examiner = Examiner::default();
        let mut found = Vec::new();
        let mut seen: HashSet<Vec<u8>> = HashSet::new();
        for names in names.chunks(500) {
            let rows = directory_names::Entity::find()
                .filter(
                    directory_names::Column::Name
                        .is_in(names.iter().map(|name| self.name_hash(name))),
                )
                .all(&self.transaction)
                .await?;
            for row in rows {
                if !seen.insert(row.reference.clone()) {
                    continue;
                }
                let Some(entry) = directory::Entity::find_by_id(row.reference.clone())
                    .one(&self.transaction)
                    .await?
                else {
                    continue;
                };
                let entry = self.store.read_entry(&entry)?;
                if let Ok(examined) = examiner.examine(&entry.resource, entry.url.as_deref()) {
                    found.push(examined);
                } else {
                    tracing::error!("a directory entry can't be examined again");
                }
            }
        }
        Ok(found)
    }

    fn name_hash(&self, name: &str) -> Vec<u8> {
        self.store.reference_hash("directory-name", name)
    }
}

impl Store {
    fn read_entry(&self, row: &directory::Model) -> Result<Entry<'static>, Error> {
        self.house().open(&place(&row.reference), &row.body)
    }

    /// A resource of the directory by its reference. For tests: nothing of a file is shown without a receipt, and what
    /// belongs to no patient has none.
    #[cfg(feature = "testing")]
    pub async fn directory(&self, reference: &str) -> Result<Option<Value>, Error> {
        let row = self.reference_hash("directory", reference);
        let found = directory::Entity::find_by_id(row.clone())
            .one(self.read())
            .await?;
        found
            .map(|found| Ok(self.read_entry(&found)?.resource.into_owned()))
            .transpose()
    }
}
