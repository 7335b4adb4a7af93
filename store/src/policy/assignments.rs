//! Care relationships that an administrator assigned: each is one of the patient's own records of policy, and beside it
//! stands, sealed by the house key, who assigned it and why, so that the office can list them without a patient's key.

use super::extend_reach;
use super::records::{Kind, PolicyRecord, seal_record};
use crate::entities::{assignments, policy_records};
use crate::error::{ChangeError, Error};
use crate::ledger::Chain;
use crate::ledger::event::Event;
use crate::opening::Store;
use crate::seal::Place;
use crate::stamp::Stamp;
use core::cmp::Reverse;
use core::fmt;
use domain::clock::Instant;
use domain::id::{PatientId, PersonId, RelationshipId};
use domain::party::Relationship;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::{Deserialize, Serialize};

/// A care relationship that an administrator assigned.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Whose record.
    pub patient: PatientId,
    /// With whom, what about, and while it lasts.
    pub relationship: Relationship,
    /// Why.
    pub reason: String,
    /// Who assigned it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// Who ended it, if somebody did before its time.
    #[serde(default)]
    pub ended_by: Option<PersonId>,
}

impl fmt::Debug for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assignment([redacted])")
    }
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: "assignments",
        row,
        patient: None,
        field: "body",
    }
}

impl Store {
    /// The row names neither the relationship nor the patient in clear.
    pub(crate) fn assignment_row(&self, id: RelationshipId) -> Vec<u8> {
        self.index().hash("assignment", &[id.0.as_bytes()])
    }

    fn seal_assignment(&self, assignment: &Assignment) -> Result<assignments::ActiveModel, Error> {
        let row = self.assignment_row(assignment.relationship.id);
        Ok(assignments::ActiveModel {
            body: Set(self
                .house()
                .seal(&place(&row), assignment, self.entropy())?),
            id: Set(row),
        })
    }

    fn read_assignment(&self, row: &assignments::Model) -> Result<Assignment, Error> {
        let place = place(&row.id);
        let assignment: Assignment = self.house().open(&place, &row.body)?;
        if self.assignment_row(assignment.relationship.id) == row.id {
            Ok(assignment)
        } else {
            Err(place.broken())
        }
    }

    /// A few letters by which the office tells patients apart in its lists, without knowing who they are.
    pub fn patient_reference(&self, patient: PatientId) -> String {
        let hash = self
            .index()
            .hash("patient-reference", &[patient.0.as_bytes()]);
        let letters = data_encoding::BASE32_NOPAD.encode(hash.get(..5).unwrap_or_default());
        let (first, second) = letters.split_at_checked(4).unwrap_or((&letters, ""));
        format!("{first}-{second}")
    }

    /// Records a care relationship that an administrator assigns: the relationship, who may be reached by it, what the
    /// office keeps of it, the patient's epoch and ledger entry, all at once. `false`: who assigns it no longer holds
    /// their role.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such patient, or the record was shredded.
    pub async fn assign_relationship(
        &self,
        stamp: &Stamp,
        assignment: &Assignment,
    ) -> Result<bool, Error> {
        let patient = assignment.patient;
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        if !self.still_acts(&unit.transaction, stamp).await? {
            return Ok(false);
        }
        let relationship = assignment.relationship.clone();
        let event = Event::RelationshipAdded {
            relationship: relationship.id,
            party: relationship.party,
            kind: relationship.kind,
            span: relationship.span,
            assigned: true,
        };
        let record = PolicyRecord::Relationship(relationship);
        policy_records::Entity::insert(seal_record(self, &unit.key, &mut unit.head, &record)?)
            .exec_without_returning(&unit.transaction)
            .await?;
        extend_reach(self, &unit.transaction, patient, &record.parties()).await?;
        assignments::Entity::insert(self.seal_assignment(assignment)?)
            .exec_without_returning(&unit.transaction)
            .await?;
        unit.finish(stamp, event).await?;
        Ok(true)
    }

    /// Ends an assigned care relationship now, with what was decided on it.
    ///
    /// # Errors
    /// [`ChangeError::NotFound`] when there is none of that id, or who ends it no longer holds their role;
    /// [`ChangeError::AlreadyEnded`].
    pub async fn end_assignment(
        &self,
        stamp: &Stamp,
        id: RelationshipId,
    ) -> Result<(), ChangeError> {
        let known = self.assignment(id).await?.ok_or(ChangeError::NotFound)?;
        let mut unit = self
            .unit(Chain::Patient(known.patient))
            .await?
            .ok_or(ChangeError::NotFound)?;
        if !self.still_acts(&unit.transaction, stamp).await? {
            return Err(ChangeError::NotFound);
        }
        let (at, event) = self.end_within(&mut unit, id.0, Kind::Relationship).await?;
        let mut ended = known;
        ended.relationship.span.until = Some(at);
        ended.ended_by = stamp.actor.person;
        assignments::Entity::update(self.seal_assignment(&ended)?)
            .exec(&unit.transaction)
            .await
            .map_err(Error::from)?;
        unit.finish(stamp, event).await?;
        Ok(())
    }

    /// One assigned care relationship.
    pub async fn assignment(&self, id: RelationshipId) -> Result<Option<Assignment>, Error> {
        let row = assignments::Entity::find_by_id(self.assignment_row(id))
            .one(self.read())
            .await?;
        row.map(|row| self.read_assignment(&row)).transpose()
    }

    /// Every assigned care relationship, the newest first.
    pub async fn assignments(&self) -> Result<Vec<Assignment>, Error> {
        let rows = assignments::Entity::find().all(self.read()).await?;
        let mut found = rows
            .iter()
            .map(|row| self.read_assignment(row))
            .collect::<Result<Vec<_>, Error>>()?;
        found.sort_by_key(|one| Reverse((one.at, one.relationship.id)));
        Ok(found)
    }
}
