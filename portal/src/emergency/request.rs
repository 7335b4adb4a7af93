//! What a clinician gives before a record is opened in an emergency: the four fields of 2.51(c), and why consent can't be
//! had.

use crate::actor::Actor;
use crate::disclosure::{self, viewer_now};
use crate::step_up::Action as Confirmed;
use crate::{Portal, Refusal};
use chrono::NaiveDate;
use domain::decide::Action;
use domain::duty::Duty;
use domain::id::{OrganizationId, PatientId};
use domain::purpose::Purpose;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ops::RangeInclusive;
use store::{Chain, Event};
use tower_sessions::Session;

/// How many letters the nature of the emergency takes.
pub const NATURE: RangeInclusive<usize> = 10..=500;

const KEPT: &str = "emergency";

/// Whose record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whom {
    /// The one of this id.
    Patient(PatientId),
    /// The one with this name and birth date, if there is just one.
    Named {
        /// The whole name, as the record has it; case and spaces don't matter.
        name: String,
        /// The birth date.
        birth: NaiveDate,
    },
}

impl Whom {
    /// The patient, where an address named one.
    pub const fn patient(&self) -> Option<PatientId> {
        match self {
            Self::Patient(patient) => Some(*patient),
            Self::Named { .. } => None,
        }
    }
}

/// Why the patient's consent can't be had (2.51(a)).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum WithoutConsent {
    /// The patient is unconscious.
    Unconscious,
    /// The patient can't understand or decide now.
    Incapable,
    /// There is no time to ask, or nobody who may be asked can be reached in time.
    NoTime,
}

impl WithoutConsent {
    /// All, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Unconscious, Self::Incapable, Self::NoTime];

    /// The stable name in forms and in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unconscious => "unconscious",
            Self::Incapable => "incapable",
            Self::NoTime => "no-time",
        }
    }

    /// The reason of that [`WithoutConsent::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// All that is given and confirmed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Whose record.
    pub whom: Whom,
    /// For which organization the person acts: one of [`Asking::affiliations`].
    pub affiliation: OrganizationId,
    /// The nature of the emergency.
    pub nature: String,
    /// Why consent can't be had.
    pub without_consent: WithoutConsent,
}

impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Request([redacted])")
    }
}

impl core::fmt::Debug for Whom {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Whom([redacted])")
    }
}

impl Request {
    /// What a fresh factor has to be given for: exactly this.
    pub fn action(&self) -> Confirmed {
        let written = serde_json::to_vec(self).unwrap_or_default();
        let mut digest = Sha256::new();
        digest.update(b"confide emergency 1\0");
        digest.update(&written);
        Confirmed::Emergency {
            patient: self.whom.patient(),
            digest: digest.finalize().into(),
        }
    }

    /// Keeps it while the factor is given; the session is sealed.
    ///
    /// # Errors
    /// When the session can't be written.
    pub async fn keep(&self, session: &Session) -> Result<(), Refusal> {
        Ok(session.insert(KEPT, self).await?)
    }
}

/// What was kept and has been confirmed with a fresh factor, for this address.
///
/// # Errors
/// When the session can't be read.
pub async fn confirmed(
    portal: &Portal,
    session: &Session,
    patient: Option<PatientId>,
) -> Result<Option<Request>, Refusal> {
    let Some(kept) = session.get::<Request>(KEPT).await? else {
        return Ok(None);
    };
    let here = kept.whom.patient() == patient
        && crate::step_up::stands(portal, session, &kept.action()).await?;
    Ok(here.then_some(kept))
}

pub(super) async fn forget(session: &Session) -> Result<(), Refusal> {
    session.remove::<Request>(KEPT).await?;
    Ok(())
}

/// Who asks, as it goes onto the record (2.51(c)(1)).
#[derive(Clone, PartialEq, Eq)]
pub struct Asking {
    /// The name.
    pub name: String,
    /// Where the person works in a medical role now, by name; never empty.
    pub affiliations: Vec<(OrganizationId, String)>,
}

impl Asking {
    /// The name of an affiliation, if it is one.
    pub fn affiliation(&self, id: OrganizationId) -> Option<&str> {
        self.affiliations
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, name)| name.as_str())
    }
}

impl core::fmt::Debug for Asking {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Asking([redacted])")
    }
}

/// Who asks. The answer rests on the person and their role alone, never on whose record it is.
///
/// # Errors
/// [`Refusal::NotAvailable`], written down, for everybody but medical personnel who work somewhere now (LAW E1).
pub async fn asking(
    portal: &Portal,
    actor: &Actor,
    patient: Option<PatientId>,
) -> Result<Asking, Refusal> {
    match eligible(portal, actor).await? {
        Some(asking) => Ok(asking),
        None => Err(turned_down(portal, actor, patient).await),
    }
}

async fn eligible(portal: &Portal, actor: &Actor) -> Result<Option<Asking>, Refusal> {
    if !actor.may(Duty::Emergency) {
        return Ok(None);
    }
    let viewer = viewer_now(portal, actor).await?;
    let now = portal.now();
    let places: Vec<OrganizationId> = viewer
        .memberships
        .iter()
        .filter(|one| one.span.holds(now) && one.role.is_medical())
        .map(|one| one.organization)
        .collect();
    let mut affiliations: Vec<(OrganizationId, String)> = portal
        .store()
        .organizations(&places)
        .await?
        .into_iter()
        .map(|place| (place.id, place.name))
        .collect();
    affiliations.sort_by(|(_, a), (_, b)| a.cmp(b));
    affiliations.dedup();
    Ok((!affiliations.is_empty()).then(|| Asking {
        name: actor.name().to_owned(),
        affiliations,
    }))
}

async fn turned_down(portal: &Portal, actor: &Actor, patient: Option<PatientId>) -> Refusal {
    let purpose = Some(Purpose::Emergency);
    if let Some(patient) = patient {
        return disclosure::denied(portal, actor, patient, Action::View, purpose, None).await;
    }
    let event = Event::Denied {
        action: Action::View,
        purpose,
        item: None,
    };
    let stamp = actor.stamp();
    match portal.store().append(&stamp, Chain::House, event).await {
        Ok(_) => Refusal::NotAvailable,
        Err(error) => error.into(),
    }
}
