//! Relationships, restrictions, authorities, emergency grants and withheld items: one sealed table, the kind inside.

use crate::chart::unreadable;
use crate::entities::policy_records;
use crate::error::{ChangeError, Error};
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed, Head, Noted};
use crate::opening::Store;
use crate::policy::{emergencies, extend_reach};
use crate::seal::{DataKey, Place};
use crate::stamp::Stamp;
use crate::unit::Unit;
use domain::clock::Instant;
use domain::id::{AuthorityId, PatientId, RelationshipId, RestrictionId};
use domain::party::{Party, Relationship, Span};
use domain::state::{Authority, Emergency, PolicyState, Restriction};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a row of `policy_records` seals. INVARIANT: add variants; never rename one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PolicyRecord {
    Relationship(Relationship),
    Restriction(Restriction),
    Authority(Authority),
    Emergency(Emergency),
}

impl PolicyRecord {
    pub(crate) const fn id(&self) -> Uuid {
        match self {
            Self::Relationship(it) => it.id.0,
            Self::Restriction(it) => it.id.0,
            Self::Authority(it) => it.id.0,
            Self::Emergency(it) => it.id.0,
        }
    }

    const fn span(&self) -> &Span {
        match self {
            Self::Relationship(it) => &it.span,
            Self::Restriction(it) => &it.span,
            Self::Authority(it) => &it.span,
            Self::Emergency(it) => &it.span,
        }
    }

    const fn span_mut(&mut self) -> &mut Span {
        match self {
            Self::Relationship(it) => &mut it.span,
            Self::Restriction(it) => &mut it.span,
            Self::Authority(it) => &mut it.span,
            Self::Emergency(it) => &mut it.span,
        }
    }

    pub(crate) fn holds(&self, at: Instant) -> bool {
        self.span().holds(at)
    }

    /// Whom it ties to the patient.
    pub(crate) fn parties(&self) -> Vec<Party> {
        match self {
            Self::Relationship(it) => vec![it.party],
            Self::Authority(it) => vec![Party::Person(it.person)],
            Self::Emergency(it) => vec![Party::Person(it.person)],
            Self::Restriction(_) => Vec::new(),
        }
    }

    pub(crate) fn added(&self) -> Event {
        match self {
            Self::Relationship(it) => Event::RelationshipAdded {
                relationship: it.id,
                party: it.party,
                kind: it.kind,
                span: it.span,
                assigned: false,
            },
            Self::Restriction(it) => Event::RestrictionAdded { restriction: it.id },
            Self::Authority(it) => Event::AuthorityAdded {
                authority: it.id,
                person: it.person,
                span: it.span,
            },
            Self::Emergency(it) => emergencies::entry(it),
        }
    }

    fn noted(&self) -> Noted {
        match self.clone() {
            Self::Relationship(it) => Noted::Relationship(it),
            Self::Restriction(it) => Noted::Restriction(it),
            Self::Authority(it) => Noted::Authority(it),
            Self::Emergency(it) => Noted::Emergency(it),
        }
    }

    fn ended(&self) -> Event {
        match self {
            Self::Relationship(it) => Event::RelationshipEnded {
                relationship: it.id,
                party: Some(it.party),
            },
            Self::Restriction(it) => Event::RestrictionEnded { restriction: it.id },
            Self::Authority(it) => Event::AuthorityEnded { authority: it.id },
            Self::Emergency(it) => Event::EmergencyEnded { emergency: it.id },
        }
    }

    const fn same_kind(&self, kind: Kind) -> bool {
        matches!(
            (self, kind),
            (Self::Relationship(_), Kind::Relationship)
                | (Self::Restriction(_), Kind::Restriction)
                | (Self::Authority(_), Kind::Authority)
        )
    }
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Relationship,
    Restriction,
    Authority,
}

fn place(patient: PatientId, id: &Uuid) -> Place<'_> {
    Place {
        table: "policy_records",
        row: id.as_bytes(),
        patient: Some(patient),
        field: "body",
    }
}

pub(crate) fn read_record(
    key: &DataKey,
    row: &policy_records::Model,
) -> Result<PolicyRecord, Error> {
    let place = place(PatientId(row.patient), &row.id);
    let record: PolicyRecord = key.open(&place, &row.body)?;
    if record.id() == row.id {
        Ok(record)
    } else {
        Err(place.broken())
    }
}

/// Seals a record for its row, and has the entry that commits with it note what it says.
pub(crate) fn seal_record(
    store: &Store,
    key: &DataKey,
    head: &mut Head,
    record: &PolicyRecord,
) -> Result<policy_records::ActiveModel, Error> {
    let patient = head
        .chain
        .patient()
        .ok_or(Error::Misuse("policy belongs to a patient"))?;
    let id = record.id();
    head.note(record.noted());
    Ok(policy_records::ActiveModel {
        id: Set(id),
        patient: Set(patient.0),
        body: Set(key.seal(&place(patient, &id), record, store.entropy())?),
    })
}

impl Store {
    /// Records a care relationship.
    pub async fn add_relationship(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        relationship: Relationship,
    ) -> Result<Committed, Error> {
        let record = PolicyRecord::Relationship(relationship);
        self.add_record(stamp, patient, record).await
    }

    /// Ends a care relationship now.
    pub async fn end_relationship(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        relationship: RelationshipId,
    ) -> Result<Committed, ChangeError> {
        self.end_record(stamp, patient, relationship.0, Kind::Relationship)
            .await
    }

    /// Records a restriction (LAW C4).
    pub async fn add_restriction(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        restriction: Restriction,
    ) -> Result<Committed, Error> {
        let record = PolicyRecord::Restriction(restriction);
        self.add_record(stamp, patient, record).await
    }

    /// Ends a restriction now.
    pub async fn end_restriction(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        restriction: RestrictionId,
    ) -> Result<Committed, ChangeError> {
        self.end_record(stamp, patient, restriction.0, Kind::Restriction)
            .await
    }

    /// Records an authority to act for the patient (LAW D).
    pub async fn add_authority(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        authority: Authority,
    ) -> Result<Committed, Error> {
        let record = PolicyRecord::Authority(authority);
        self.add_record(stamp, patient, record).await
    }

    /// Ends an authority now.
    pub async fn end_authority(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        authority: AuthorityId,
    ) -> Result<Committed, ChangeError> {
        self.end_record(stamp, patient, authority.0, Kind::Authority)
            .await
    }

    async fn add_record(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        record: PolicyRecord,
    ) -> Result<Committed, Error> {
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        policy_records::Entity::insert(seal_record(self, &unit.key, &mut unit.head, &record)?)
            .exec_without_returning(&unit.transaction)
            .await?;
        extend_reach(self, &unit.transaction, patient, &record.parties()).await?;
        unit.finish(stamp, record.added()).await
    }

    async fn end_record(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        id: Uuid,
        kind: Kind,
    ) -> Result<Committed, ChangeError> {
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(ChangeError::NotFound)?;
        let (_, event) = self.end_within(&mut unit, id, kind).await?;
        Ok(unit.finish(stamp, event).await?)
    }

    /// Ends a record within a unit; when, and what the ledger says of it.
    pub(super) async fn end_within(
        &self,
        unit: &mut Unit<'_>,
        id: Uuid,
        kind: Kind,
    ) -> Result<(Instant, Event), ChangeError> {
        let patient = unit.head.chain.patient().ok_or(ChangeError::NotFound)?;
        let row = policy_records::Entity::find_by_id(id)
            .filter(policy_records::Column::Patient.eq(patient.0))
            .one(&unit.transaction)
            .await?
            .ok_or(ChangeError::NotFound)?;
        let mut record = read_record(&unit.key, &row)?;
        if !record.same_kind(kind) {
            return Err(ChangeError::NotFound);
        }
        let at = unit.head.next_instant(self.clock().now());
        if record.span().until.is_some_and(|until| until <= at) {
            return Err(ChangeError::AlreadyEnded);
        }
        record.span_mut().until = Some(at);
        let sealed = seal_record(self, &unit.key, &mut unit.head, &record)?;
        policy_records::Entity::update(policy_records::ActiveModel {
            id: Unchanged(id),
            ..sealed
        })
        .exec(&unit.transaction)
        .await?;
        Ok((at, record.ended()))
    }

    pub(crate) async fn read_records(
        &self,
        key: &DataKey,
        state: &mut PolicyState,
    ) -> Result<(), Error> {
        let rows = policy_records::Entity::find()
            .filter(policy_records::Column::Patient.eq(state.patient.0))
            .order_by_asc(policy_records::Column::Id)
            .all(self.read())
            .await?;
        for row in rows {
            match read_record(key, &row) {
                Ok(PolicyRecord::Relationship(it)) => state.relationships.push(it),
                Ok(PolicyRecord::Restriction(it)) => state.restrictions.push(it),
                Ok(PolicyRecord::Authority(it)) => state.authorities.push(it),
                Ok(PolicyRecord::Emergency(it)) => state.emergencies.push(it),
                Err(error) => unreadable(state, error)?,
            }
        }
        Ok(())
    }
}
