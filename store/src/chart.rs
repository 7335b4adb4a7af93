//! A chart without its content: everything a decision rests on.

use crate::entities::{items, ledger_heads, organizations, patients};
use crate::error::Error;
use crate::ledger::{Chain, Head};
use crate::opening::Store;
use crate::packed::{self, Column};
use crate::seal::{DataKey, Place};
use crate::vault::open_facts;
use core::fmt;
use domain::id::{ItemId, OrganizationId, PatientId, PersonId};
use domain::item::ItemFacts;
use domain::state::PolicyState;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// What stands for a patient, and what is in the record, at one epoch.
#[derive(Clone)]
pub struct Chart {
    /// The state of the patient's policy.
    pub state: PolicyState,
    /// The items, without their content.
    pub items: Arc<Vec<ItemFacts>>,
}

impl fmt::Debug for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chart([redacted])")
    }
}

/// What the patient's own row seals.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct PatientBody {
    pub subject: Option<PersonId>,
    pub birth: Option<chrono::NaiveDate>,
}

pub(crate) fn body_place(patient: &PatientId) -> Place<'_> {
    Place {
        table: "patients",
        row: patient.0.as_bytes(),
        patient: Some(*patient),
        field: "body",
    }
}

pub(crate) fn read_body(key: &DataKey, row: &patients::Model) -> Result<PatientBody, Error> {
    match &row.body {
        None => Ok(PatientBody::default()),
        Some(sealed) => key.open(&body_place(&PatientId(row.id)), sealed),
    }
}

impl Store {
    /// What stands for a patient and what is in the record; `None`: no such patient, or shredded.
    ///
    /// The epoch is read before all else. Whatever changes while the rest is read moves the epoch, and then
    /// nothing decided on this chart can be disclosed (POLICY §6).
    pub async fn chart(&self, patient: PatientId) -> Result<Option<Chart>, Error> {
        let Some((state, key)) = self.state_and_key(patient).await? else {
            return Ok(None);
        };
        let items = Arc::new(self.read_items(&key, patient).await?);
        Ok(Some(Chart { state, items }))
    }

    /// The items of a record, without their content; none when there is no such patient.
    pub async fn items(&self, patient: PatientId) -> Result<Vec<ItemFacts>, Error> {
        match key_of(self, patient).await? {
            Some(key) => self.read_items(&key, patient).await,
            None => Ok(Vec::new()),
        }
    }

    /// Some items of a record, without their content, in no particular order: for a look at a few that doesn't cost the
    /// whole chart. As with [`Store::items_at`], their [`Store::policy_state`] was read before.
    pub async fn some_items(
        &self,
        patient: PatientId,
        items: &[ItemId],
    ) -> Result<Vec<ItemFacts>, Error> {
        let Some(key) = key_of(self, patient).await? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::with_capacity(items.len());
        for ids in items.chunks(1_000) {
            let rows = items::Entity::find()
                .filter(items::Column::Patient.eq(patient.0))
                .filter(items::Column::Id.is_in(ids.iter().map(|id| id.0)))
                .all(self.read())
                .await?;
            for row in rows {
                if let Some(facts) = row.facts {
                    found.push(open_facts(&key, patient, ItemId(row.id), &facts)?);
                }
            }
        }
        Ok(found)
    }

    pub(crate) async fn read_items(
        &self,
        key: &DataKey,
        patient: PatientId,
    ) -> Result<Vec<ItemFacts>, Error> {
        let columns = [Column::Id("id"), Column::Bytes("facts")];
        let select =
            "SELECT id, facts FROM items WHERE patient = $1 AND facts IS NOT NULL ORDER BY id";
        let values = vec![patient.0.into()];
        if let Some(rows) = packed::rows(self.read(), columns, select, values).await {
            return rows
                .into_iter()
                .map(|[id, facts]| {
                    let id = id.and_then(|id| Uuid::from_slice(&id).ok());
                    let (id, facts) = id
                        .zip(facts)
                        .ok_or_else(|| Error::row("items", "facts", patient.0.as_bytes()))?;
                    open_facts(key, patient, ItemId(id), &facts)
                })
                .collect();
        }
        let rows: Vec<(Uuid, Option<Vec<u8>>)> = items::Entity::find()
            .select_only()
            .column(items::Column::Id)
            .column(items::Column::Facts)
            .filter(items::Column::Patient.eq(patient.0))
            .order_by_asc(items::Column::Id)
            .into_tuple()
            .all(self.read())
            .await?;
        rows.into_iter()
            .filter_map(|(id, facts)| facts.map(|facts| (ItemId(id), facts)))
            .map(|(id, facts)| open_facts(key, patient, id, &facts))
            .collect()
    }

    /// What stands for a patient; `None`: no such patient, or shredded.
    pub async fn policy_state(&self, patient: PatientId) -> Result<Option<PolicyState>, Error> {
        Ok(self.state_and_key(patient).await?.map(|(state, _)| state))
    }

    async fn state_and_key(
        &self,
        patient: PatientId,
    ) -> Result<Option<(PolicyState, Arc<DataKey>)>, Error> {
        let Some(head) = ledger_heads::Entity::find_by_id(patient.0)
            .one(self.read())
            .await?
        else {
            return Ok(None);
        };
        let head = Head::read(head)?;
        let Some(row) = patients::Entity::find_by_id(patient.0)
            .one(self.read())
            .await?
        else {
            return Ok(None);
        };
        let Some(key) = self.patient_key(&row)? else {
            return Ok(None);
        };
        let mut state = PolicyState::empty(patient);
        state.epoch = head.epoch;
        state.last_entry = head.last_at;
        match read_body(&key, &row) {
            Ok(body) => {
                state.subject = body.subject;
                state.majority = body.birth.and_then(of_age_everywhere);
            }
            Err(error) => unreadable(&mut state, error)?,
        }
        self.read_consents(&key, &mut state).await?;
        self.read_records(&key, &mut state).await?;
        match self.under_review(patient).await {
            Ok(items) => state.under_review = items,
            Err(error) => unreadable(&mut state, error)?,
        }
        state.programs = self.programs().await?;
        Ok(Some((state, key)))
    }

    /// The organizations that are Part 2 programs, confirmed by their sealed rows.
    async fn programs(&self) -> Result<Vec<OrganizationId>, Error> {
        let rows = organizations::Entity::find()
            .filter(organizations::Column::Program.eq(true))
            .order_by_asc(organizations::Column::Id)
            .all(self.read())
            .await?;
        let mut programs = Vec::with_capacity(rows.len());
        for row in rows {
            // The clear column only narrows the search; the sealed row decides.
            match self.read_organization(&row) {
                Ok(organization) if organization.part2_program => programs.push(organization.id),
                Ok(_) => {
                    tracing::error!(organization = %row.id, "a program mark is not what was sealed");
                }
                Err(_) => {
                    tracing::error!(organization = %row.id, "an organization can't be read");
                }
            }
        }
        Ok(programs)
    }
}

/// The key of a patient's record; `None`: no such patient, or shredded.
pub(crate) async fn key_of(
    store: &Store,
    patient: PatientId,
) -> Result<Option<Arc<DataKey>>, Error> {
    store.chain_key(store.read(), Chain::Patient(patient)).await
}

/// The instant at which the eighteenth birthday has begun in every time zone of the earth: the store knows no
/// patient's zone, and until then a minor's rules keep more closed (LAW D2, D6).
pub(crate) fn of_age_everywhere(birth: chrono::NaiveDate) -> Option<domain::clock::Instant> {
    let day = domain::minors::majority(birth)?;
    Some(day.and_hms_opt(12, 0, 0)?.and_utc())
}

/// A broken row makes the state unreadable, so that nobody but the patient is permitted anything (POLICY §4);
/// every other error stays an error.
pub(crate) fn unreadable(state: &mut PolicyState, error: Error) -> Result<(), Error> {
    match error {
        Error::Row { table, column, row } => {
            tracing::error!(
                table,
                column,
                row,
                "a row of a patient's policy can't be read"
            );
            state.unreadable = true;
            Ok(())
        }
        other => Err(other),
    }
}
