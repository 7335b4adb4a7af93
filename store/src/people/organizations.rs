//! Organizations: programs, hospitals, practices, payers.

use crate::entities::organizations;
use crate::error::Error;
use crate::import::Put;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, Noted};
use crate::opening::Store;
use crate::seal::Place;
use crate::stamp::Stamp;
use crate::unit::move_every_epoch;
use core::fmt;
use domain::id::OrganizationId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

/// An organization.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRecord {
    /// Which.
    pub id: OrganizationId,
    /// The name as shown.
    pub name: String,
    /// What it is, in a word.
    #[serde(default)]
    pub kind: String,
    /// Whether it is a Part 2 program (42 CFR 2.11).
    #[serde(default)]
    pub part2_program: bool,
    /// A reference from outside by which to find it, such as `Organization/7`.
    #[serde(default)]
    pub reference: Option<String>,
}

impl OrganizationRecord {
    /// What the entry notes that is written with this record.
    pub(crate) const fn noted(&self) -> Noted {
        Noted::Program {
            organization: self.id,
            part2_program: self.part2_program,
        }
    }
}

impl fmt::Debug for OrganizationRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrganizationRecord")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn place(id: &OrganizationId) -> Place<'_> {
    Place {
        table: "organizations",
        row: id.0.as_bytes(),
        patient: None,
        field: "body",
    }
}

impl Store {
    pub(crate) fn read_organization(
        &self,
        row: &organizations::Model,
    ) -> Result<OrganizationRecord, Error> {
        let id = OrganizationId(row.id);
        let place = place(&id);
        let organization: OrganizationRecord = self.house().open(&place, &row.body)?;
        if organization.id == id {
            Ok(organization)
        } else {
            Err(place.broken())
        }
    }

    /// One organization.
    pub async fn organization(
        &self,
        id: OrganizationId,
    ) -> Result<Option<OrganizationRecord>, Error> {
        let row = organizations::Entity::find_by_id(id.0)
            .one(self.read())
            .await?;
        row.map(|row| self.read_organization(&row)).transpose()
    }

    /// These organizations, in no particular order; unknown ones are left out.
    pub async fn organizations(
        &self,
        ids: &[OrganizationId],
    ) -> Result<Vec<OrganizationRecord>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(1_000) {
            let rows = organizations::Entity::find()
                .filter(organizations::Column::Id.is_in(ids.iter().map(|id| id.0)))
                .all(self.read())
                .await?;
            for row in &rows {
                found.push(self.read_organization(row)?);
            }
        }
        Ok(found)
    }

    /// Every organization.
    pub async fn all_organizations(&self) -> Result<Vec<OrganizationRecord>, Error> {
        let rows = organizations::Entity::find()
            .order_by_asc(organizations::Column::Id)
            .all(self.read())
            .await?;
        rows.iter().map(|row| self.read_organization(row)).collect()
    }

    /// The organization of a reference from outside.
    pub async fn organization_by_reference(
        &self,
        reference: &str,
    ) -> Result<Option<OrganizationRecord>, Error> {
        let hash = self.reference_hash("organization-reference", reference);
        let row = organizations::Entity::find()
            .filter(organizations::Column::Reference.eq(hash))
            .one(self.read())
            .await?;
        row.map(|row| self.read_organization(&row)).transpose()
    }

    /// Keeps an organization. Becoming or ceasing to be a Part 2 program moves every epoch (POLICY §6).
    pub async fn put_organization(
        &self,
        stamp: &Stamp,
        organization: OrganizationRecord,
    ) -> Result<Committed, Error> {
        let mut unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        let (_, program_changed) = self
            .write_organization(&unit.transaction, &organization)
            .await?;
        unit.head.note(organization.noted());
        let event = Event::OrganizationChanged {
            organization: organization.id,
            part2_program: organization.part2_program,
        };
        let committed = unit.append(stamp, event).await?;
        unit.head.save(&unit.transaction).await?;
        if program_changed {
            move_every_epoch(&unit.transaction).await?;
        }
        unit.transaction.commit().await?;
        Ok(committed)
    }

    /// Writes an organization's row; tells also whether a known one became or ceased to be a program.
    pub(crate) async fn write_organization(
        &self,
        transaction: &DatabaseTransaction,
        organization: &OrganizationRecord,
    ) -> Result<(Put, bool), Error> {
        // Held for the rest of the transaction: of two changes at once, each sees what the other left.
        let before = match organizations::Entity::find_by_id(organization.id.0)
            .lock_exclusive()
            .one(transaction)
            .await?
        {
            Some(row) => Some(self.read_organization(&row)?),
            None => None,
        };
        if before.as_ref() == Some(organization) {
            return Ok((Put::Unchanged, false));
        }
        let row = organizations::ActiveModel {
            id: Set(organization.id.0),
            reference: Set(organization
                .reference
                .as_deref()
                .map(|reference| self.reference_hash("organization-reference", reference))),
            program: Set(organization.part2_program),
            body: Set(self
                .house()
                .seal(&place(&organization.id), organization, self.entropy())?),
        };
        match before {
            None => {
                organizations::Entity::insert(row)
                    .exec_without_returning(transaction)
                    .await?;
                Ok((Put::New, organization.part2_program))
            }
            Some(before) => {
                organizations::Entity::update(row).exec(transaction).await?;
                Ok((
                    Put::Changed,
                    before.part2_program != organization.part2_program,
                ))
            }
        }
    }
}
