//! Making every decision again (POLICY §6): each disclosure is decided by [`domain::decide`] against the state that the
//! ledger itself implies at its place, so that one without a basis is found even if the running code was wrong.

use super::FaultKind;
use super::house::{CLOCKS_DIFFER, House};
use crate::chart::of_age_everywhere;
use crate::ledger::event::{DisclosedItem, Event};
use crate::ledger::{Entry, Noted};
use domain::clock::Instant;
use domain::consent::{AlreadyEnded, Consent, ConsentState, StandingConsent};
use domain::decide::{Action, Decider, Ground, Obligations};
use domain::id::{ConsentId, ItemId, PatientId};
use domain::item::ItemFacts;
use domain::label::LabelSet;
use domain::party::{Role, Viewer};
use domain::purpose::Purpose;
use domain::state::PolicyState;
use std::collections::{BTreeMap, HashMap};

/// What came of a disclosure that was to be decided again.
pub(super) enum Again {
    /// It is no disclosure of anything.
    Nothing,
    /// It was written before what it rested on was kept.
    TooOld,
    /// The rules allow it as it stands.
    Right,
    /// They don't.
    Wrong(FaultKind),
}

/// A patient's state along their chain.
pub(super) struct Replay {
    state: PolicyState,
    /// The consents as they are kept; what counts is that they are what was signed.
    kept: HashMap<ConsentId, Consent>,
    /// Whether everything was noted from the first entry on.
    whole: bool,
    /// How far the house had come at the last disclosure.
    house: u64,
}

/// The grounds of several parts: a consent with the labels it covered.
#[derive(Default)]
struct Grounds {
    consents: BTreeMap<ConsentId, LabelSet>,
    others: Vec<Ground>,
}

impl Grounds {
    fn add(&mut self, ground: &Ground) {
        match ground {
            Ground::Consent(id, labels) => {
                let known = self.consents.entry(*id).or_insert(LabelSet::EMPTY);
                *known = known.join(*labels);
            }
            other if !self.others.contains(other) => self.others.push(other.clone()),
            _ => {}
        }
    }

    fn holds(&self, other: &Self) -> bool {
        other
            .others
            .iter()
            .all(|ground| self.others.contains(ground))
            && other.consents.iter().all(|(id, labels)| {
                self.consents
                    .get(id)
                    .is_some_and(|own| own.contains(*labels))
            })
    }
}

/// What a disclosure says of itself.
struct Said<'a> {
    action: Action,
    purpose: Purpose,
    decided_at: Instant,
    items: &'a [DisclosedItem],
    basis: &'a [Ground],
    obligations: Obligations,
}

impl Replay {
    pub(super) fn new(patient: PatientId, kept: HashMap<ConsentId, Consent>) -> Self {
        Self {
            state: PolicyState::empty(patient),
            kept,
            whole: false,
            house: 0,
        }
    }

    /// Decides the entry again, if it is a disclosure, and takes in what it changes; then what is wrong with that.
    pub(super) fn see(&mut self, house: &House, entry: &Entry) -> (Again, Option<FaultKind>) {
        if entry.seq == 1 {
            self.whole = entry.notes;
        }
        let again = self.again(house, entry);
        let fault = self.change(entry);
        (again, fault)
    }

    fn again(&mut self, house: &House, entry: &Entry) -> Again {
        let Event::Disclosed {
            action,
            purpose,
            decided_at,
            items,
            basis,
            obligations,
            facts,
            house: place,
            ..
        } = &entry.body.event
        else {
            return Again::Nothing;
        };
        if items.is_empty() {
            return Again::Nothing;
        }
        if !(self.whole && house.whole && entry.notes) {
            return Again::TooOld;
        }
        let ids: Vec<ItemId> = items.iter().map(|item| item.item).collect();
        let facts = facts.as_ref().and_then(|facts| facts.unpack(&ids));
        let (Some(facts), Some(place)) = (facts, *place) else {
            return Again::Wrong(FaultKind::Facts);
        };
        let actor = &entry.body.stamp.actor;
        let (Some(person), Some(role)) = (actor.person, actor.role) else {
            return Again::Wrong(FaultKind::Undecided);
        };
        // A decision of another time is none: what has ended since would count for it.
        let apart = entry.body.at.signed_duration_since(*decided_at).abs();
        if apart > CLOCKS_DIFFER {
            return Again::Wrong(FaultKind::Facts);
        }
        // Nobody looks with roles that ended long before, or with those of before somebody else looked.
        if place < self.house || !house.may_be_at(place, person, *decided_at) {
            return Again::Wrong(FaultKind::Facts);
        }
        self.house = place;
        let is_subject = role == Role::Patient && self.state.subject == Some(person);
        let viewer = Viewer {
            person,
            role,
            subject_of: is_subject.then_some(self.state.patient),
            memberships: house.memberships(person, place),
        };
        self.state.programs = house.programs(place);
        // That an item was up for review is the entry's own word: the queue is no part of the ledger.
        self.state.under_review = if *action == Action::Review {
            ids
        } else {
            Vec::new()
        };
        let said = Said {
            action: *action,
            purpose: *purpose,
            decided_at: *decided_at,
            items,
            basis,
            obligations: *obligations,
        };
        match decided_again(&viewer, &self.state, &said, &facts) {
            Ok(()) => Again::Right,
            Err(what) => Again::Wrong(what),
        }
    }

    /// Takes in what an entry changes.
    fn change(&mut self, entry: &Entry) -> Option<FaultKind> {
        for noted in &entry.body.noted {
            self.note(noted);
        }
        let at = entry.body.at;
        match &entry.body.event {
            Event::ConsentSigned {
                consent, digest, ..
            } => {
                let Some(kept) = self
                    .kept
                    .remove(consent)
                    .filter(|kept| kept.digest() == *digest)
                else {
                    return Some(FaultKind::ConsentText);
                };
                self.state.consents.push(StandingConsent {
                    consent: kept,
                    state: ConsentState::Active,
                });
            }
            Event::ConsentRevoked { consent } => self.moved(*consent, |it| it.revoke(at)),
            Event::ConsentSuspended { consent } => self.moved(*consent, |it| it.suspend(at)),
            Event::ConsentEnded { consent } => self.moved(*consent, |it| it.end(at)),
            Event::ConsentSuperseded { consent, by } => {
                self.moved(*consent, |it| it.supersede(at, *by));
            }
            _ => {}
        }
        None
    }

    fn moved(
        &mut self,
        consent: ConsentId,
        to: impl Fn(&ConsentState) -> Result<ConsentState, AlreadyEnded>,
    ) {
        let standing = self
            .state
            .consents
            .iter_mut()
            .find(|standing| standing.consent.id == consent);
        if let Some(standing) = standing
            && let Ok(state) = to(&standing.state)
        {
            standing.state = state;
        }
    }

    fn note(&mut self, noted: &Noted) {
        let state = &mut self.state;
        match noted {
            Noted::Relationship(it) => put(&mut state.relationships, it, |known| known.id == it.id),
            Noted::Restriction(it) => put(&mut state.restrictions, it, |known| known.id == it.id),
            Noted::Authority(it) => put(&mut state.authorities, it, |known| known.id == it.id),
            Noted::Emergency(it) => put(&mut state.emergencies, it, |known| known.id == it.id),
            Noted::Subject { person, birth } => {
                state.subject = *person;
                state.majority = birth.and_then(of_age_everywhere);
            }
            Noted::Memberships { .. } | Noted::Program { .. } => {}
        }
    }
}

/// Puts a record in the place of the one of its id.
fn put<T: Clone>(all: &mut Vec<T>, one: &T, is_it: impl Fn(&T) -> bool) {
    match all.iter_mut().find(|known| is_it(known)) {
        Some(known) => known.clone_from(one),
        None => all.push(one.clone()),
    }
}

/// Decides all parts of all items again. What was shown must be permitted; the grounds named must be those of what was
/// shown, and at most those of all that could have been.
fn decided_again(
    viewer: &Viewer,
    state: &PolicyState,
    said: &Said<'_>,
    facts: &[ItemFacts],
) -> Result<(), FaultKind> {
    let decider = Decider::new(viewer, said.action, said.purpose, said.decided_at, state);
    let mut of_shown = Grounds::default();
    let mut of_all = Grounds::default();
    let mut obliged = Obligations::LOG;
    for (shown, item) in said.items.iter().zip(facts) {
        let on_item = decider.on(item);
        let mut identified = false;
        let mut labels = LabelSet::EMPTY;
        for (index, part) in item.parts.iter().enumerate() {
            let is_shown = has_bit(&shown.parts, index);
            let decision = on_item.part(part);
            if !decision.permits() {
                if is_shown {
                    return Err(FaultKind::Undecided);
                }
                continue;
            }
            identified |= item.identifying.iter().any(|at| usize::from(*at) == index);
            for ground in &decision.basis {
                of_all.add(ground);
                if is_shown {
                    of_shown.add(ground);
                }
            }
            if is_shown {
                labels = labels.join(part.labels);
                obliged = obliged.join(decision.obligations);
            }
        }
        if !identified {
            return Err(FaultKind::Undecided);
        }
        if !shown.labels.contains(labels) || beyond(&shown.parts, item.parts.len()) {
            return Err(FaultKind::Facts);
        }
    }
    let mut named = Grounds::default();
    for ground in said.basis {
        named.add(ground);
    }
    let fits = named.holds(&of_shown)
        && of_all.holds(&named)
        && said.obligations.join(obliged) == said.obligations;
    fits.then_some(()).ok_or(FaultKind::OtherGrounds)
}

fn has_bit(words: &[u64], index: usize) -> bool {
    words
        .get(index / 64)
        .is_some_and(|word| word & (1 << (index % 64)) != 0)
}

/// Whether a part is named that the item has not.
fn beyond(words: &[u64], parts: usize) -> bool {
    (parts..words.len().saturating_mul(64)).any(|index| has_bit(words, index))
}
