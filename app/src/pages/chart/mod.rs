//! A patient's chart as somebody else may see it.
//!
//! INVARIANT (POLICY §5): nothing on these pages depends on anything but what the portal returned for this viewer.
//! Whether a patient exists, or has more than is shown, can't be told from them.

pub(crate) mod basis;
pub(in crate::pages) mod body;
pub mod emergency;
mod entry;
pub mod export;
pub mod item;
pub(in crate::pages) mod place;
mod purpose;
pub mod record;

use crate::{components::time::zone, dates, visit::Visit};
use domain::{id::PatientId, party::Role, purpose::Purpose};
use portal::{Refusal, chart::Heading, session};
use uuid::Uuid;

/// The birth date in words, as precise as the record has it.
pub(super) fn birth(heading: &Heading) -> Option<String> {
    heading
        .birth_date
        .as_deref()
        .and_then(|date| dates::partial(date, zone()))
}

/// The patient of the address, for somebody whose role opens charts.
///
/// # Errors
/// [`Refusal::NotAvailable`] for others, and for what is no id.
fn patient_for(visit: &Visit, id: Option<Uuid>) -> Result<PatientId, Refusal> {
    let role = visit.actor.role();
    id.filter(|_| role.gives_care() || role == Role::Billing)
        .map(PatientId)
        .ok_or(Refusal::NotAvailable)
}

/// The purpose declared for this patient in this session.
async fn declared(visit: &Visit, patient: PatientId) -> Result<Option<Purpose>, Refusal> {
    session::purpose(&visit.session, patient).await
}
