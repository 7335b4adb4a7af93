//! Organizations: programs, hospitals, practices, payers.

use crate::entities::organizations;
use crate::error::Error;
use crate::import::Put;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, Noted};
use crate::opening::Store;
use crate::seal::Place;
use crate::stamp::Stamp;
use core::fmt;
use domain::id::OrganizationId;
use domain::npi::Npi;
use domain::redisclosure::RecipientClass;
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
    /// The National Provider Identifier (45 CFR 162.406). No two organizations have the same.
    #[serde(default)]
    pub npi: Option<Npi>,
    /// What it is as a recipient (42 CFR 2.33(b), LAW B2); `None`: nobody said.
    #[serde(default)]
    pub class: Option<RecipientClass>,
    /// Whether an administrator said what it is: then no file says it otherwise.
    #[serde(default)]
    pub by_hand: bool,
}

/// How a change of an organization ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrganizationChange {
    /// It is done.
    Done,
    /// It is so already; nothing was written.
    Unchanged,
    /// Another organization has this National Provider Identifier.
    NpiTaken,
    /// Who changes it no longer holds their role.
    NotHeld,
}

impl OrganizationRecord {
    /// An organization of which only the name is known.
    pub fn named(id: OrganizationId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            kind: String::new(),
            part2_program: false,
            reference: None,
            npi: None,
            class: None,
            by_hand: false,
        }
    }

    /// What is different from what was, in the ledger's fixed words.
    fn changed_from(&self, before: &Self) -> Vec<String> {
        [
            ("name", self.name != before.name),
            ("kind", self.kind != before.kind),
            ("npi", self.npi != before.npi),
            ("class", self.class != before.class),
            ("program", self.part2_program != before.part2_program),
        ]
        .into_iter()
        .filter(|(_, changed)| *changed)
        .map(|(word, _)| word.to_owned())
        .collect()
    }

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

    /// Whether another organization has this identifier.
    async fn is_taken(
        &self,
        transaction: &DatabaseTransaction,
        npi: Npi,
        but: OrganizationId,
    ) -> Result<bool, Error> {
        let row = organizations::Entity::find()
            .filter(organizations::Column::Npi.eq(self.npi_hash(npi)))
            .one(transaction)
            .await?;
        Ok(row.is_some_and(|row| row.id != but.0))
    }

    fn npi_hash(&self, npi: Npi) -> Vec<u8> {
        self.reference_hash("organization-npi", &npi.to_string())
    }

    /// Keeps a new organization for an administrator.
    ///
    /// # Errors
    /// [`Error::Exists`] when there is one of that id.
    pub async fn add_organization(
        &self,
        stamp: &Stamp,
        organization: OrganizationRecord,
    ) -> Result<OrganizationChange, Error> {
        self.organization_unit(stamp, organization.id, |before| match before {
            Some(_) => Err(Error::Exists),
            None => Ok(organization),
        })
        .await
    }

    /// Changes an organization for an administrator. It is read and written in one transaction, so that of two changes
    /// at once neither undoes the other. Becoming or ceasing to be a Part 2 program moves every epoch (POLICY §6).
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that id.
    pub async fn change_organization(
        &self,
        stamp: &Stamp,
        id: OrganizationId,
        change: impl FnOnce(&mut OrganizationRecord) + Send,
    ) -> Result<OrganizationChange, Error> {
        self.organization_unit(stamp, id, |before| {
            let mut after = before.ok_or(Error::NotFound("organization"))?;
            change(&mut after);
            Ok(after)
        })
        .await
    }

    async fn organization_unit(
        &self,
        stamp: &Stamp,
        id: OrganizationId,
        make: impl FnOnce(Option<OrganizationRecord>) -> Result<OrganizationRecord, Error> + Send,
    ) -> Result<OrganizationChange, Error> {
        let mut unit = self
            .unit(Chain::House)
            .await?
            .ok_or(Error::NotFound("ledger"))?;
        if !self.still_acts(&unit.transaction, stamp).await? {
            return Ok(OrganizationChange::NotHeld);
        }
        let before = self.lock_organization(&unit.transaction, id).await?;
        let organization = make(before.clone())?;
        if let Some(npi) = organization.npi
            && self.is_taken(&unit.transaction, npi, id).await?
        {
            return Ok(OrganizationChange::NpiTaken);
        }
        let (put, program_changed) = self
            .write_organization(&unit.transaction, &organization)
            .await?;
        let what = match (&before, put) {
            (_, Put::Unchanged) => return Ok(OrganizationChange::Unchanged),
            (Some(before), _) => organization.changed_from(before),
            (None, _) => vec!["new".to_owned()],
        };
        unit.head.note(organization.noted());
        let event = Event::OrganizationChanged {
            organization: id,
            part2_program: organization.part2_program,
            what,
        };
        unit.append(stamp, event).await?;
        if program_changed {
            unit.move_every_epoch();
        }
        unit.commit().await?;
        Ok(OrganizationChange::Done)
    }

    /// One organization, whose row is held for the rest of the transaction.
    pub(crate) async fn lock_organization(
        &self,
        transaction: &DatabaseTransaction,
        id: OrganizationId,
    ) -> Result<Option<OrganizationRecord>, Error> {
        let row = organizations::Entity::find_by_id(id.0)
            .lock_exclusive()
            .one(transaction)
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
            what: Vec::new(),
        };
        let committed = unit.append(stamp, event).await?;
        if program_changed {
            unit.move_every_epoch();
        }
        unit.commit().await?;
        Ok(committed)
    }

    /// Writes an organization's row; tells also whether a known one became or ceased to be a program. An identifier that
    /// another organization has is left out: two senders may mean one by it, and nobody has said so.
    pub(crate) async fn write_organization(
        &self,
        transaction: &DatabaseTransaction,
        organization: &OrganizationRecord,
    ) -> Result<(Put, bool), Error> {
        // Held for the rest of the transaction: of two changes at once, each sees what the other left.
        let before = self.lock_organization(transaction, organization.id).await?;
        let mut organization = organization.clone();
        if let Some(npi) = organization.npi
            && self.is_taken(transaction, npi, organization.id).await?
        {
            organization.npi = None;
        }
        if before.as_ref() == Some(&organization) {
            return Ok((Put::Unchanged, false));
        }
        let row = organizations::ActiveModel {
            id: Set(organization.id.0),
            reference: Set(organization
                .reference
                .as_deref()
                .map(|reference| self.reference_hash("organization-reference", reference))),
            program: Set(organization.part2_program),
            npi: Set(organization.npi.map(|npi| self.npi_hash(npi))),
            body: Set(self.house().seal(
                &place(&organization.id),
                &organization,
                self.entropy(),
            )?),
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
