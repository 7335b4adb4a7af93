//! Consents: signed once, never rewritten; only where they stand changes.

use crate::chart::unreadable;
use crate::entities::{consents, drafts, patients};
use crate::error::{ChangeError, Error};
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed};
use crate::opening::Store;
use crate::policy::extend_reach;
use crate::seal::{DataKey, Place};
use crate::signing::{About, PublicKey};
use crate::stamp::Stamp;
use crate::unit::Unit;
use domain::clock::Instant;
use domain::consent::{
    AlreadyEnded, Consent, ConsentState, Document, Participants, Recipient, StandingConsent,
};
use domain::id::{AccountId, ConsentId, PatientId};
use domain::party::Party;
use domain::state::PolicyState;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

fn place<'a>(patient: PatientId, consent: &'a ConsentId, field: &'static str) -> Place<'a> {
    Place {
        table: "consents",
        row: consent.0.as_bytes(),
        patient: Some(patient),
        field,
    }
}

/// The document a consent was signed as, and the server's signature over both (LAW A1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedDocument {
    /// What the signer read.
    pub document: Document,
    /// The server's key at the time.
    pub key: PublicKey,
    /// Ed25519 over [`Document::canonical_with`] the consent.
    pub signature: [u8; 64],
}

/// The same as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptDocument {
    document: Document,
    key: PublicKey,
    #[serde(with = "signature_bytes")]
    signature: [u8; 64],
}

mod signature_bytes {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        bytes: &[u8; 64],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        bytes.as_slice().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; 64], D::Error> {
        Vec::<u8>::deserialize(deserializer)?
            .try_into()
            .map_err(|_| D::Error::custom("64 bytes"))
    }
}

/// Reads a consent and where it stands.
pub(crate) fn read_consent(key: &DataKey, row: &consents::Model) -> Result<StandingConsent, Error> {
    let patient = PatientId(row.patient);
    let id = ConsentId(row.id);
    let body = place(patient, &id, "body");
    let consent: Consent = key.open(&body, &row.body)?;
    if consent.id != id || consent.terms.patient != patient {
        return Err(body.broken());
    }
    let state = key.open(&place(patient, &id, "state"), &row.state)?;
    Ok(StandingConsent { consent, state })
}

/// How a consent is stopped by what staff wrote down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// An oral revocation: nothing may be disclosed on it (LAW A12).
    Suspend,
    /// The event that it was to end with came about.
    End,
}

/// Whom a consent names, so that they find the patient.
fn recipients(consent: &Consent) -> Vec<Party> {
    let mut parties = Vec::new();
    for recipient in &consent.terms.to {
        match recipient {
            Recipient::Person(person) => parties.push(Party::Person(*person)),
            Recipient::Organization(organization) => {
                parties.push(Party::Organization(*organization));
            }
            Recipient::Intermediary {
                organization,
                participants,
            } => {
                parties.push(Party::Organization(*organization));
                if let Participants::Named(named) = participants {
                    parties.extend(named.iter().copied());
                }
            }
            // Classes are reached by the relationships of those in them.
            Recipient::TreatingProviders | Recipient::TpoClass | Recipient::Named(_) => {}
        }
    }
    parties
}

impl Unit<'_> {
    pub(crate) fn patient(&self) -> Result<PatientId, Error> {
        self.head
            .chain
            .patient()
            .ok_or(Error::Misuse("policy belongs to a patient"))
    }

    pub(crate) async fn standing(
        &self,
        consent: ConsentId,
    ) -> Result<Option<StandingConsent>, Error> {
        let row = consents::Entity::find_by_id(consent.0)
            .filter(consents::Column::Patient.eq(self.patient()?.0))
            .one(&self.transaction)
            .await?;
        row.map(|row| read_consent(&self.key, &row)).transpose()
    }

    pub(crate) async fn set_state(
        &self,
        consent: ConsentId,
        state: &ConsentState,
    ) -> Result<(), Error> {
        let place = place(self.patient()?, &consent, "state");
        let state = self.key.seal(&place, state, self.store.entropy())?;
        consents::Entity::update(consents::ActiveModel {
            id: Unchanged(consent.0),
            state: Set(state),
            ..Default::default()
        })
        .exec(&self.transaction)
        .await?;
        Ok(())
    }
}

impl Store {
    /// Keeps a signed consent with the document it was signed as, under the server's signature. The one it supersedes,
    /// if any, is superseded in the same transaction.
    ///
    /// # Errors
    /// [`Error::NotFound`] when patient or superseded consent is unknown; [`Error::AlreadyEnded`] when the
    /// superseded one has ended meanwhile; [`Error::Misuse`] when the consent is not sound.
    pub async fn sign_consent(
        &self,
        stamp: &Stamp,
        consent: Consent,
        document: Document,
    ) -> Result<Committed, Error> {
        self.sign(stamp, consent, document, None).await
    }

    /// The same of a draft, which is gone once it is signed: in the same transaction, so that nobody who was never answered
    /// can sign it a second time, after the consent was revoked.
    ///
    /// # Errors
    /// Those of [`Store::sign_consent`]; [`Error::Exists`] when this draft was signed already.
    pub async fn sign_draft(
        &self,
        stamp: &Stamp,
        consent: Consent,
        document: Document,
        draft: (AccountId, Uuid),
    ) -> Result<Committed, Error> {
        self.sign(stamp, consent, document, Some(draft)).await
    }

    async fn sign(
        &self,
        stamp: &Stamp,
        consent: Consent,
        document: Document,
        draft: Option<(AccountId, Uuid)>,
    ) -> Result<Committed, Error> {
        if !consent.is_sound() {
            return Err(Error::Misuse("a consent that is not sound"));
        }
        let patient = consent.terms.patient;
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        let at = unit.head.next_instant(self.clock().now());
        unit.move_epoch()?;
        if let Some(previous) = consent.supersedes {
            let standing = unit
                .standing(previous)
                .await?
                .ok_or(Error::NotFound("superseded consent"))?;
            let state = standing
                .state
                .supersede(at, consent.id)
                .map_err(|_| Error::AlreadyEnded)?;
            unit.set_state(previous, &state).await?;
            let event = Event::ConsentSuperseded {
                consent: previous,
                by: consent.id,
            };
            unit.append(stamp, event).await?;
        }
        let body = place(patient, &consent.id, "body");
        let state = place(patient, &consent.id, "state");
        let words = place(patient, &consent.id, "document");
        let canonical = document.canonical_with(&consent);
        let kept = KeptDocument {
            document,
            key: self.public_key(),
            signature: self.signer().sign(About::Consent, &canonical),
        };
        consents::Entity::insert(consents::ActiveModel {
            id: Set(consent.id.0),
            patient: Set(patient.0),
            body: Set(unit.key.seal(&body, &consent, self.entropy())?),
            state: Set(unit
                .key
                .seal(&state, &ConsentState::Active, self.entropy())?),
            document: Set(Some(unit.key.seal(&words, &kept, self.entropy())?)),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        if consent.countersignature().is_some() && !unit.take_awaiting(consent.id).await? {
            // Taken back, or signed in another window, in the meantime.
            return Err(Error::NotFound("consent that waits for a signature"));
        }
        if let Some((account, draft)) = draft {
            drafts::Entity::delete_by_id((account.0, draft))
                .exec(&unit.transaction)
                .await?;
        }
        extend_reach(self, &unit.transaction, patient, &recipients(&consent)).await?;
        let standing = StandingConsent {
            consent,
            state: ConsentState::Active,
        };
        let span = standing.span();
        let event = Event::ConsentSigned {
            consent: standing.consent.id,
            version: standing.consent.version,
            digest: standing.consent.digest(),
            start: span.from,
            ends: span.until,
        };
        unit.finish_without_change(stamp, event).await
    }

    /// Revokes a consent (LAW A12): no disclosure that rests on it can commit after this returns.
    pub async fn revoke_consent(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        consent: ConsentId,
    ) -> Result<Committed, ChangeError> {
        self.move_consent(
            stamp,
            patient,
            consent,
            ConsentState::revoke,
            Event::ConsentRevoked { consent },
        )
        .await
    }

    /// Records an oral revocation (LAW A12).
    pub async fn suspend_consent(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        consent: ConsentId,
    ) -> Result<Committed, ChangeError> {
        self.move_consent(
            stamp,
            patient,
            consent,
            ConsentState::suspend,
            Event::ConsentSuspended { consent },
        )
        .await
    }

    /// Records that the event a consent was to end with came about.
    pub async fn end_consent(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        consent: ConsentId,
    ) -> Result<Committed, ChangeError> {
        self.move_consent(
            stamp,
            patient,
            consent,
            ConsentState::end,
            Event::ConsentEnded { consent },
        )
        .await
    }

    /// Stops those of a patient's consents that are chosen and can still be stopped, all in one transaction, and writes down
    /// what it rests on; that also where none is chosen. Nothing tells how many they were.
    ///
    /// # Errors
    /// [`ChangeError::NotFound`] when there is no such patient.
    pub async fn stop_consents(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        choose: impl Fn(&StandingConsent) -> Option<Stop>,
        told: Event,
    ) -> Result<Committed, ChangeError> {
        let mut unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(ChangeError::NotFound)?;
        let at = unit.head.next_instant(self.clock().now());
        unit.move_epoch()?;
        let rows = consents::Entity::find()
            .filter(consents::Column::Patient.eq(patient.0))
            .order_by_asc(consents::Column::Id)
            .all(&unit.transaction)
            .await
            .map_err(Error::from)?;
        for row in rows {
            // What can't be read opens nothing, and has to stop nothing.
            let Ok(standing) = read_consent(&unit.key, &row) else {
                continue;
            };
            let consent = standing.consent.id;
            let (state, event) = match choose(&standing) {
                None => continue,
                Some(Stop::Suspend) => (
                    standing.state.suspend(at),
                    Event::ConsentSuspended { consent },
                ),
                Some(Stop::End) => (standing.state.end(at), Event::ConsentEnded { consent }),
            };
            if let Ok(state) = state {
                unit.set_state(consent, &state).await?;
                unit.append(stamp, event).await?;
            }
        }
        Ok(unit.finish_without_change(stamp, told).await?)
    }

    async fn move_consent(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        consent: ConsentId,
        to: fn(&ConsentState, Instant) -> Result<ConsentState, AlreadyEnded>,
        event: Event,
    ) -> Result<Committed, ChangeError> {
        let unit = self
            .unit(Chain::Patient(patient))
            .await?
            .ok_or(ChangeError::NotFound)?;
        let standing = unit.standing(consent).await?.ok_or(ChangeError::NotFound)?;
        let at = unit.head.next_instant(self.clock().now());
        unit.set_state(consent, &to(&standing.state, at)?).await?;
        Ok(unit.finish(stamp, event).await?)
    }

    /// One consent of a patient.
    pub async fn consent(
        &self,
        patient: PatientId,
        consent: ConsentId,
    ) -> Result<Option<StandingConsent>, Error> {
        let Some(key) = self.chain_key(self.read(), Chain::Patient(patient)).await? else {
            return Ok(None);
        };
        let row = consents::Entity::find_by_id(consent.0)
            .filter(consents::Column::Patient.eq(patient.0))
            .one(self.read())
            .await?;
        row.map(|row| read_consent(&key, &row)).transpose()
    }

    /// The document a consent was signed as; `None` when there is no such consent, or it is of a time before documents.
    ///
    /// # Errors
    /// [`Error::Broken`] when the server's signature is not over this consent and this document.
    pub async fn consent_document(
        &self,
        patient: PatientId,
        consent: ConsentId,
    ) -> Result<Option<SignedDocument>, Error> {
        let Some(key) = self.chain_key(self.read(), Chain::Patient(patient)).await? else {
            return Ok(None);
        };
        let row = consents::Entity::find_by_id(consent.0)
            .filter(consents::Column::Patient.eq(patient.0))
            .one(self.read())
            .await?;
        let Some((row, sealed)) = row.and_then(|mut row| row.document.take().map(|it| (row, it)))
        else {
            return Ok(None);
        };
        let place = place(patient, &consent, "document");
        let kept: KeptDocument = key.open(&place, &sealed)?;
        let signed = read_consent(&key, &row)?.consent;
        let canonical = kept.document.canonical_with(&signed);
        if !kept
            .key
            .verifies(About::Consent, &canonical, &kept.signature)
        {
            return Err(place.broken());
        }
        Ok(Some(SignedDocument {
            document: kept.document,
            key: kept.key,
            signature: kept.signature,
        }))
    }

    /// A patient's readable consents, newest signature first; an unreadable one is logged by id and makes
    /// `policy_state(..).unreadable` true.
    pub async fn consents(&self, patient: PatientId) -> Result<Vec<StandingConsent>, Error> {
        let Some(row) = patients::Entity::find_by_id(patient.0)
            .one(self.read())
            .await?
        else {
            return Ok(Vec::new());
        };
        let Some(key) = self.patient_key(&row)? else {
            return Ok(Vec::new());
        };
        let mut state = PolicyState::empty(patient);
        self.read_consents(&key, &mut state).await?;
        state
            .consents
            .sort_by_key(|standing| core::cmp::Reverse(standing.consent.signature.signed_at));
        Ok(state.consents)
    }

    /// A patient's consents as they are kept, those that can be read, wherever they stand.
    pub(crate) async fn kept_consents(
        &self,
        key: &DataKey,
        patient: PatientId,
    ) -> Result<HashMap<ConsentId, Consent>, Error> {
        let mut state = PolicyState::empty(patient);
        self.read_consents(key, &mut state).await?;
        let kept = state.consents.into_iter();
        Ok(kept.map(|it| (it.consent.id, it.consent)).collect())
    }

    pub(crate) async fn read_consents(
        &self,
        key: &DataKey,
        state: &mut PolicyState,
    ) -> Result<(), Error> {
        let rows = consents::Entity::find()
            .filter(consents::Column::Patient.eq(state.patient.0))
            .order_by_asc(consents::Column::Id)
            .all(self.read())
            .await?;
        for row in rows {
            match read_consent(key, &row) {
                Ok(consent) => state.consents.push(consent),
                Err(error) => unreadable(state, error)?,
            }
        }
        Ok(())
    }
}
