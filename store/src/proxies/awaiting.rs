//! Consents that a minor signed and that wait for a parent's or guardian's signature (LAW D2, 2.14(b)(1)). They stand
//! apart from those that were signed: nothing can rest on one.

use crate::entities::awaiting_consents::{ActiveModel, Column, Entity, Model};
use crate::error::Error;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed};
use crate::opening::Store;
use crate::seal::{DataKey, Place};
use crate::stamp::Stamp;
use crate::unit::Unit;
use domain::consent::{Consent, Grantor};
use domain::id::{ConsentId, PatientId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

fn place(patient: PatientId, consent: &ConsentId) -> Place<'_> {
    Place {
        table: "awaiting_consents",
        row: consent.0.as_bytes(),
        patient: Some(patient),
        field: "body",
    }
}

fn read(key: &DataKey, row: &Model) -> Result<Consent, Error> {
    let patient = PatientId(row.patient);
    let id = ConsentId(row.id);
    let place = place(patient, &id);
    let consent: Consent = key.open(&place, &row.body)?;
    if consent.id == id && consent.terms.patient == patient {
        Ok(consent)
    } else {
        Err(place.broken())
    }
}

impl Unit<'_> {
    /// Takes a consent off those that wait; `false`: it doesn't wait any more.
    pub(crate) async fn take_awaiting(&self, consent: ConsentId) -> Result<bool, Error> {
        let gone = Entity::delete_many()
            .filter(Column::Id.eq(consent.0))
            .filter(Column::Patient.eq(self.patient()?.0))
            .exec(&self.transaction)
            .await?;
        Ok(gone.rows_affected == 1)
    }
}

impl Store {
    /// Keeps what a minor signed until the second signature is there.
    ///
    /// # Errors
    /// [`Error::Misuse`] when it is not sound, not the patient's own, or bears both signatures already;
    /// [`Error::Exists`] when it waits already.
    pub async fn await_signature(
        &self,
        stamp: &Stamp,
        consent: &Consent,
    ) -> Result<Committed, Error> {
        let own = consent.terms.grantor == Grantor::Patient;
        if !consent.is_sound() || !own || consent.countersignature().is_some() {
            return Err(Error::Misuse(
                "a consent that waits for no second signature",
            ));
        }
        let patient = consent.terms.patient;
        let unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        let body = unit
            .key
            .seal(&place(patient, &consent.id), consent, self.entropy())?;
        let known = Entity::find_by_id(consent.id.0)
            .one(&unit.transaction)
            .await?;
        if known.is_some() || unit.standing(consent.id).await?.is_some() {
            return Err(Error::Exists);
        }
        Entity::insert(ActiveModel {
            id: Set(consent.id.0),
            patient: Set(patient.0),
            body: Set(body),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        let event = Event::ConsentAwaits {
            consent: consent.id,
        };
        unit.finish_without_change(stamp, event).await
    }

    /// What waits for a second signature for this patient.
    pub async fn awaiting(&self, patient: PatientId) -> Result<Vec<Consent>, Error> {
        let Some(key) = self.chain_key(self.read(), Chain::Patient(patient)).await? else {
            return Ok(Vec::new());
        };
        let rows = Entity::find()
            .filter(Column::Patient.eq(patient.0))
            .order_by_asc(Column::Id)
            .all(self.read())
            .await?;
        rows.iter().map(|row| read(&key, row)).collect()
    }

    /// Takes back what waits; `false`: it doesn't wait any more.
    pub async fn withdraw_awaiting(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        consent: ConsentId,
    ) -> Result<bool, Error> {
        let unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        if !unit.take_awaiting(consent).await? {
            return Ok(false);
        }
        let event = Event::ConsentWithdrawn { consent };
        unit.finish_without_change(stamp, event).await?;
        Ok(true)
    }
}
