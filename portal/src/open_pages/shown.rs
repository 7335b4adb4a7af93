//! What one look put on a page, taken from its entry in the ledger, and whether it may still be seen.

use crate::actor::Actor;
use crate::disclosure::{Look, Of, look};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::decide::{Action, Decider};
use domain::id::{ItemId, PatientId};
use domain::item::ItemFacts;
use domain::purpose::Purpose;
use domain::state::PolicyState;
use store::{DisclosedItem, Event, Logged};

/// One look.
pub(super) struct Shown {
    pub patient: PatientId,
    /// The epoch at which it was last found to stand.
    pub epoch: u64,
    /// When something ends by itself that it may rest on.
    pub due: Option<Instant>,
    action: Action,
    purpose: Purpose,
    items: Vec<DisclosedItem>,
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
                ..
            } if own => Some(Self {
                patient: logged.patient,
                epoch: entry.body.epoch,
                due: None,
                action,
                purpose,
                items,
            }),
            _ => None,
        })
    }

    /// Decides anew, on the state as it is; `false`: something of it may not be seen any more.
    pub async fn stands(&mut self, portal: &Portal, actor: &Actor) -> Result<bool, Refusal> {
        let ids: Vec<ItemId> = self.items.iter().map(|item| item.item).collect();
        let all = Of::These(&ids);
        let Some(Look { viewer, chart }) =
            look(portal, actor, self.patient, all, |_, _| true).await?
        else {
            return Ok(false);
        };
        let now = portal.now();
        let decider = Decider::new(&viewer, self.action, self.purpose, now, &chart.state);
        self.epoch = chart.state.epoch;
        self.due = next_end(&chart.state, now);
        Ok(self.items.iter().all(|shown| {
            chart
                .items
                .iter()
                .find(|item| item.id == shown.item)
                .is_some_and(|item| covers(&decider, item, shown))
        }))
    }
}

/// Whether all that was shown of an item may be seen.
fn covers(decider: &Decider<'_>, item: &ItemFacts, shown: &DisclosedItem) -> bool {
    let on_item = decider.on(item);
    // An item without its title is not there (POLICY §1), and of a masked one nothing else was shown.
    decider.labels(item).is_some()
        && (shown.masked
            || parts(&shown.parts).all(|index| {
                item.parts
                    .get(index)
                    .is_some_and(|part| on_item.part(part).permits())
            }))
}

/// The places of the bits that are set, 64 a word.
fn parts(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(word, bits)| {
        (0..64)
            .filter(move |bit| (bits >> bit) & 1 == 1)
            .map(move |bit| word * 64 + bit)
    })
}

/// The next instant at which something of a patient's policy begins to be over.
fn next_end(state: &PolicyState, now: Instant) -> Option<Instant> {
    let consents = state.consents.iter().map(|one| one.span().until);
    let relationships = state.relationships.iter().map(|one| one.span.until);
    let authorities = state.authorities.iter().map(|one| one.span.until);
    let emergencies = state.emergencies.iter().map(|one| one.span.until);
    // A restriction may begin to bind.
    let restrictions = state.restrictions.iter().map(|one| Some(one.span.from));
    consents
        .chain(relationships)
        .chain(authorities)
        .chain(emergencies)
        .chain(restrictions)
        .chain([state.majority])
        .flatten()
        .filter(|end| *end > now)
        .min()
}
