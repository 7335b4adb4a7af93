//! Putting labels right: the queue of items that wait, one item on the desk, and what a privacy officer says of it
//! (POLICY §2).
//!
//! A privacy officer sees what waits of their own organization and nothing else: each line and each item is decided
//! (`Action::Review`) and logged before it is shown, and what they say commits only at the epoch it was decided on.

mod desk;
mod queue;

pub use desk::{Desk, Proposal, Unsaid, WaitingPart, approve, open, refuse, say, waits};
pub use queue::{Line, PAGE, Queue, queue};
pub use store::Stage;

use crate::actor::Actor;
use crate::disclosure::{Look, viewer_now};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::decide::{Action, Decider};
use domain::duty::Duty;
use domain::id::{ItemId, OrganizationId, PatientId};
use domain::party::Role;
use domain::purpose::Purpose;
use store::Chart;

/// Whom the person reviews for: where they are privacy officer now.
///
/// # Errors
/// [`Refusal::NotAvailable`] when they review for nobody.
fn reviews_for(actor: &Actor, now: Instant) -> Result<Vec<OrganizationId>, Refusal> {
    actor.must(Duty::ReviewLabels)?;
    let organizations: Vec<OrganizationId> = actor
        .viewer()
        .memberships
        .iter()
        .filter(|one| one.role == Role::PrivacyOfficer && one.span.holds(now))
        .map(|one| one.organization)
        .collect();
    if organizations.is_empty() {
        Err(Refusal::NotAvailable)
    } else {
        Ok(organizations)
    }
}

/// Whether this person has anything to do here.
pub fn may_review(portal: &Portal, actor: &Actor) -> bool {
    reviews_for(actor, portal.now()).is_ok()
}

/// Reads what a look at some items of a patient rests on, the epoch first; `None`: nothing to look at for this person.
async fn look(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    items: &[ItemId],
) -> Result<Option<Look>, Refusal> {
    let store = portal.store();
    let Some(state) = store.policy_state(patient).await? else {
        return Ok(None);
    };
    let viewer = viewer_now(portal, actor).await?;
    if !decider(&viewer, portal.now(), &state).has_standing() {
        return Ok(None);
    }
    let items = store.some_items(patient, items).await?;
    Ok(Some(Look {
        viewer,
        chart: Chart { state, items },
    }))
}

fn decider<'a>(
    viewer: &'a domain::party::Viewer,
    now: Instant,
    state: &'a domain::state::PolicyState,
) -> Decider<'a> {
    Decider::new(viewer, Action::Review, Purpose::Operations, now, state)
}
