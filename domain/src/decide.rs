//! The decision (POLICY §4): the one function behind every page, preview, export and replay.
//!
//! [`Decider`] holds what is the same for one viewer, purpose and instant; [`Decider::on`] what is the same for one item;
//! [`OnItem::part`] decides one part without allocating; [`Decider::permit`] gathers an item's parts into the [`Permit`]
//! without which nothing can be logged and nothing opened.

mod basis;
mod grants;
mod limits;
mod obligation;
mod on_item;
mod permit;
mod reach;
mod review;
mod signers;

pub use basis::{Basis, Ground};
pub use limits::{COORDINATOR_TEMPLATE, coordinator_template};
pub use obligation::{Obligation, Obligations};
pub use on_item::OnItem;
pub use permit::Permit;
pub use signers::hand_covers;

use crate::clock::Instant;
use crate::id::{EmergencyId, ItemId};
use crate::item::{ItemFacts, ItemKind, PartFacts};
use crate::label::LabelSet;
use crate::party::{Role, Viewer};
use crate::purpose::Purpose;
use crate::state::{Authority, AuthorityKind, PolicyState};
use grants::Grant;
use reach::Reach;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// What is done with a part. It goes into the ledger; what may be seen may be taken along, under the same rules.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Action {
    /// Listed or read on a page.
    View,
    /// Taken away as a file by the patient or somebody for them: access (LAW B7).
    Download,
    /// Taken away as a file by a recipient: disclosure.
    Export,
    /// Looked at as somebody else would see it, before or after sharing.
    Preview,
    /// Looked at by a privacy officer of where it came from, to put its labels right (POLICY §2, review queue).
    Review,
}

/// Permit or deny.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Effect {
    /// May be shown, after its ledger entry.
    Permit,
    /// Does not exist for this viewer.
    Deny,
}

/// Effect, basis and obligations (POLICY §4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Permit or deny.
    pub effect: Effect,
    /// On what it rests, sorted; empty on a deny.
    pub basis: Basis,
    /// What goes with it; empty on a deny.
    pub obligations: Obligations,
}

impl Decision {
    /// A deny says nothing more.
    pub fn deny() -> Self {
        Self {
            effect: Effect::Deny,
            basis: Basis::new(),
            obligations: Obligations::default(),
        }
    }

    fn permit(ground: Ground) -> Self {
        let mut basis = Basis::new();
        basis.push(ground);
        Self {
            effect: Effect::Permit,
            basis,
            obligations: Obligations::LOG,
        }
    }

    fn obliged(mut self, obligation: Obligation) -> Self {
        self.obligations = self.obligations.with(obligation);
        self
    }

    /// Whether it permits.
    pub fn permits(&self) -> bool {
        self.effect == Effect::Permit
    }
}

/// How the viewer stands to this patient, found once.
#[derive(Debug)]
enum Standpoint<'a> {
    Nobody,
    Subject,
    /// Acts by these authorities, sorted by id.
    Proxy(SmallVec<[&'a Authority; 2]>),
    Other,
}

/// What a viewer may not see though something opens it (POLICY §4.2).
#[derive(Debug, Default)]
struct Restricted {
    labels: LabelSet,
    items: SmallVec<[ItemId; 4]>,
    /// Of what was paid for in full: the visit and the claims.
    billing: SmallVec<[ItemId; 4]>,
    /// A restriction that can't be read keeps everything back.
    everything: bool,
}

/// Everything that is the same for one viewer, purpose, action and instant.
#[derive(Debug)]
pub struct Decider<'a> {
    viewer: &'a Viewer,
    purpose: Purpose,
    action: Action,
    now: Instant,
    state: &'a PolicyState,
    standpoint: Standpoint<'a>,
    grants: Vec<Grant<'a>>,
    restricted: Restricted,
    reach: Reach,
    emergency: Option<EmergencyId>,
}

impl<'a> Decider<'a> {
    /// Works out once what does not depend on the part.
    pub fn new(
        viewer: &'a Viewer,
        action: Action,
        purpose: Purpose,
        now: Instant,
        state: &'a PolicyState,
    ) -> Self {
        let reach = Reach::of(viewer, now, state);
        let standpoint = standpoint(viewer, now, state);
        let grants = match standpoint {
            Standpoint::Proxy(_) | Standpoint::Other => {
                Grant::all(viewer, purpose, now, state, &reach)
            }
            Standpoint::Nobody | Standpoint::Subject => Vec::new(),
        };
        // An emergency is for looking, for an hour: a file would stay (LAW E1, B3).
        let emergency =
            (viewer.role.is_medical() && purpose == Purpose::Emergency && action == Action::View)
                .then(|| {
                    let open = state
                        .emergencies
                        .iter()
                        .filter(|grant| grant.person == viewer.person && grant.is_open(now));
                    open.map(|grant| grant.id).min()
                })
                .flatten();
        Self {
            restricted: Restricted::of(viewer, now, state, &reach),
            viewer,
            purpose,
            action,
            now,
            state,
            standpoint,
            grants,
            reach,
            emergency,
        }
    }

    /// What is the same for every part of one item.
    pub fn on<'d>(&'d self, item: &'d ItemFacts) -> OnItem<'d, 'a> {
        OnItem::new(self, item)
    }

    /// Decides one part; for several parts of an item, [`Decider::on`] once.
    pub fn part(&self, item: &ItemFacts, part: &PartFacts) -> Decision {
        self.on(item).part(part)
    }

    /// Whether this viewer has any standing toward the patient for this purpose: a current relationship, an
    /// active consent, an emergency grant, an authority, or being the patient.
    ///
    /// It tells nothing of what the record holds.
    pub fn has_standing(&self) -> bool {
        if self.is_before_the_last_entry() {
            return false;
        }
        match &self.standpoint {
            Standpoint::Nobody => false,
            Standpoint::Subject => self.action != Action::Review,
            Standpoint::Proxy(authorities) => {
                self.action != Action::Review
                    && !self.state.unreadable
                    && authorities
                        .iter()
                        .any(|authority| authority.kind != AuthorityKind::Director)
            }
            Standpoint::Other => {
                if self.action == Action::Review {
                    return review::has_standing(self);
                }
                !self.viewer.role.never_sees_content()
                    && !self.state.unreadable
                    && (self.emergency.is_some()
                        || !self.grants.is_empty()
                        || (self.reach.care.is_some() && self.viewer.role.gives_care()))
            }
        }
    }

    /// The purpose it decides for.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The join of the labels of the parts this viewer may see, or `None` when the item does not exist for them.
    pub fn labels(&self, item: &ItemFacts) -> Option<LabelSet> {
        let on_item = self.on(item);
        let mut labels = LabelSet::EMPTY;
        let mut identified = false;
        for (index, part) in item.parts.iter().enumerate() {
            if on_item.part(part).permits() {
                labels = labels.join(part.labels);
                identified |= permit::identifies(item, index);
            }
        }
        identified.then_some(labels)
    }

    /// Decides every part of an item and, when an identifying part may be seen, gives the permit for those that may.
    ///
    /// `None`: the item does not exist for this viewer (POLICY §1).
    pub fn permit(&self, item: &ItemFacts) -> Option<Permit> {
        self.permit_of(item, |_| true)
    }

    /// The permit for some of the parts that may be seen, with labels, basis and obligations of just those.
    pub fn permit_of(&self, item: &ItemFacts, keep: impl Fn(&PartFacts) -> bool) -> Option<Permit> {
        Permit::gather(self, item, keep)
    }

    /// A clock that stands before the last ledger entry is not to be believed (POLICY §4).
    fn is_before_the_last_entry(&self) -> bool {
        self.state.last_entry.is_some_and(|last| self.now < last)
    }
}

impl Restricted {
    fn of(viewer: &Viewer, now: Instant, state: &PolicyState, reach: &Reach) -> Self {
        let mut all = Self::default();
        for restriction in &state.restrictions {
            if !restriction.binds(now) || !reach.is_bound(viewer, &restriction.recipients) {
                continue;
            }
            all.everything |= !restriction.labels.is_readable();
            all.labels = all.labels.join(restriction.labels.with_children());
            all.items.extend_from_slice(&restriction.items);
            all.billing.extend_from_slice(&restriction.billing);
        }
        all
    }

    /// Whether all of an item is kept back, whatever its labels.
    fn holds(&self, item: &ItemFacts) -> bool {
        self.everything || self.items.contains(&item.id) || self.bills(item)
    }

    /// Whether it bills a service that was paid for in full: the claim itself, or one that leads to it
    /// (164.522(a)(1)(vi)).
    fn bills(&self, item: &ItemFacts) -> bool {
        let known = |id: &ItemId| self.billing.contains(id) || self.items.contains(id);
        item.kind == ItemKind::Claim
            && !(self.billing.is_empty() && self.items.is_empty())
            && (self.billing.contains(&item.id)
                || item
                    .parts
                    .iter()
                    .any(|part| part.leads_to.iter().any(known)))
    }
}

fn standpoint<'a>(viewer: &Viewer, now: Instant, state: &'a PolicyState) -> Standpoint<'a> {
    match viewer.role {
        Role::Patient => {
            let subject =
                viewer.subject_of == Some(state.patient) && state.subject == Some(viewer.person);
            if subject {
                Standpoint::Subject
            } else {
                Standpoint::Nobody
            }
        }
        Role::Proxy => {
            let mut authorities: SmallVec<[&Authority; 2]> = state
                .authorities
                .iter()
                .filter(|authority| authority.person == viewer.person && authority.in_force(now))
                .collect();
            authorities.sort_unstable_by_key(|authority| authority.id);
            if authorities.is_empty() {
                Standpoint::Nobody
            } else {
                Standpoint::Proxy(authorities)
            }
        }
        _ => Standpoint::Other,
    }
}

/// Decides one part: [`Decider`] for a single question.
pub fn decide(
    viewer: &Viewer,
    item: &ItemFacts,
    part: &PartFacts,
    action: Action,
    purpose: Purpose,
    now: Instant,
    state: &PolicyState,
) -> Decision {
    Decider::new(viewer, action, purpose, now, state).part(item, part)
}
