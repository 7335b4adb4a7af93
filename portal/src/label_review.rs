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
use crate::disclosure::{self, Look, Of};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::decide::{Action, Decider};
use domain::duty::Duty;
use domain::id::{ItemId, OrganizationId, PatientId};
use domain::party::{Role, Viewer};
use domain::purpose::Purpose;
use domain::state::PolicyState;

/// Whom the person reviews for: where they are privacy officer now.
///
/// # Errors
/// [`Refusal::NotAvailable`] when they review for nobody.
pub(crate) fn reviews_for(actor: &Actor, now: Instant) -> Result<Vec<OrganizationId>, Refusal> {
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
    disclosure::look(portal, actor, patient, Of::These(items), stands(portal)).await
}

/// Whether somebody reviews for anybody.
fn stands(portal: &Portal) -> impl Fn(&Viewer, &PolicyState) -> bool {
    move |viewer, state| decider(viewer, portal.now(), state).has_standing()
}

fn decider<'a>(viewer: &'a Viewer, now: Instant, state: &'a PolicyState) -> Decider<'a> {
    Decider::new(viewer, Action::Review, Purpose::Operations, now, state)
}
