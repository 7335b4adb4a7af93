//! What one look put on a page, taken from its entry in the ledger, and whether it may still be seen.

mod seen;

use crate::actor::Actor;
use crate::disclosure::{Look, Of, look};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::decide::{Action, Decider};
use domain::id::{ItemId, PatientId};
use domain::party::{Role, Viewer};
use domain::purpose::Purpose;
use domain::state::{AuthorityKind, PolicyState};
use seen::Seen;
use store::{Event, Logged};

/// One look.
pub(super) struct Shown {
    pub patient: PatientId,
    /// The epoch at which it was last found to stand.
    pub epoch: u64,
    /// When time alone may take away something that it rests on.
    pub due: Option<Instant>,
    action: Action,
    purpose: Purpose,
    items: Vec<Seen>,
}

impl Shown {
    /// Reads it; `None`: no such look of this person in this role, for whom they act now.
    pub async fn read(
        portal: &Portal,
        actor: &Actor,
        logged: Logged,
    ) -> Result<Option<Self>, Refusal> {
        let Some(entry) = portal.store().entry(logged).await? else {
            return Ok(None);
        };
        let stamp = entry.body.stamp;
        let own = stamp.actor.person == Some(actor.person())
            && (stamp.actor.role, stamp.on_behalf_of) == (Some(actor.role()), actor.on_behalf_of());
        Ok(match entry.body.event {
            Event::Disclosed {
                action,
                purpose,
                items,
                facts,
                ..
            } if own => {
                let ids: Vec<ItemId> = items.iter().map(|item| item.item).collect();
                let known = facts.and_then(|facts| facts.unpack(&ids));
                let mut known = known.unwrap_or_default().into_iter();
                Some(Self {
                    patient: logged.patient,
                    epoch: entry.body.epoch,
                    due: None,
                    action,
                    purpose,
                    items: items
                        .iter()
                        .map(|item| Seen::of(item, known.next()))
                        .collect(),
                })
            }
            _ => None,
        })
    }

    /// Decides anew, on the state as it is; `false`: something of it may not be seen any more.
    pub async fn stands(&mut self, portal: &Portal, actor: &Actor) -> Result<bool, Refusal> {
        let ids: Vec<ItemId> = self.items.iter().map(|seen| seen.item).collect();
        let all = Of::These(&ids);
        let Some(Look { viewer, chart }) =
            look(portal, actor, self.patient, all, |_, _| true).await?
        else {
            return Ok(false);
        };
        let now = portal.now();
        let decider = Decider::new(&viewer, self.action, self.purpose, now, &chart.state);
        self.epoch = chart.state.epoch;
        self.due = next_end(&chart.state, &viewer, now);
        if self.items.is_empty() {
            // That there was nothing to see, or a line without a name. The end of a right to act closes its pages itself.
            return Ok(viewer.role == Role::Proxy || decider.has_standing());
        }
        Ok(self.items.iter_mut().all(|seen| {
            let mut items = chart.items.iter();
            items
                .find(|item| item.id == seen.item)
                .is_some_and(|item| seen.stands(&decider, item))
        }))
    }
}

/// The next instant at which time alone may take something away: what opens ends, or what closes begins.
fn next_end(state: &PolicyState, viewer: &Viewer, now: Instant) -> Option<Instant> {
    let consents = state.consents.iter().map(|one| one.span().until);
    let relationships = state.relationships.iter().map(|one| one.span.until);
    let emergencies = state.emergencies.iter().map(|one| one.span.until);
    // A restriction may begin to bind.
    let restrictions = state.restrictions.iter().map(|one| Some(one.span.from));
    // A place of work may begin that a restriction names, and an authority that stands before another.
    let work = viewer.memberships.iter().map(|one| one.span);
    let authorities = state.authorities.iter().map(|one| one.span);
    let both = work
        .chain(authorities)
        .flat_map(|span| [Some(span.from), span.until]);
    let majorities = state.authorities.iter().map(|one| match one.kind {
        AuthorityKind::ParentOfMinor { majority } => Some(majority),
        _ => None,
    });
    consents
        .chain(relationships)
        .chain(emergencies)
        .chain(restrictions)
        .chain(both)
        .chain(majorities)
        .chain([state.majority])
        .flatten()
        .filter(|end| *end > now)
        .min()
}

#[cfg(test)]
mod tests;
