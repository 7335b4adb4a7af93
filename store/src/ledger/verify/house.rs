//! What the house's chain says of roles and programs, place by place.

use crate::ledger::{Entry, Noted};
use chrono::TimeDelta;
use domain::clock::Instant;
use domain::id::{OrganizationId, PersonId};
use domain::party::Membership;
use std::collections::HashMap;
use std::hash::Hash;

/// How much later than the place a disclosure names a role may have ended, and how far its decision may lie from its place
/// in the order: clocks of several servers differ.
pub(super) const CLOCKS_DIFFER: TimeDelta = TimeDelta::hours(1);

/// Something that changes from place to place.
struct Changing<K, V>(HashMap<K, Vec<(u64, Instant, V)>>);

impl<K: Eq + Hash, V> Changing<K, V> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    fn add(&mut self, key: K, at: (u64, Instant), value: V) {
        self.0.entry(key).or_default().push((at.0, at.1, value));
    }

    /// What stood once the chain had come to that place.
    fn at(&self, key: &K, place: u64) -> Option<&V> {
        let changes = self.0.get(key)?;
        let later = changes.partition_point(|(seq, _, _)| *seq <= place);
        changes
            .get(later.checked_sub(1)?)
            .map(|(_, _, value)| value)
    }

    /// Whether it changed after that place and well before that instant.
    fn changed_between(&self, key: &K, place: u64, before: Instant) -> bool {
        let changes = self.0.get(key).map(Vec::as_slice).unwrap_or_default();
        changes
            .iter()
            .any(|(seq, at, _)| *seq > place && before.signed_duration_since(*at) > CLOCKS_DIFFER)
    }
}

/// Roles and programs as the house's chain tells them.
pub(in crate::ledger) struct House {
    /// Whether it was noted from the first entry on.
    pub whole: bool,
    last: u64,
    memberships: Changing<PersonId, Vec<Membership>>,
    programs: Changing<OrganizationId, bool>,
}

impl House {
    pub(super) fn new() -> Self {
        Self {
            whole: false,
            last: 0,
            memberships: Changing::new(),
            programs: Changing::new(),
        }
    }

    /// Takes in the next entry of the house's chain.
    pub(super) fn see(&mut self, entry: &Entry) {
        if entry.seq == 1 {
            self.whole = entry.notes;
        }
        self.last = entry.seq;
        let at = (entry.seq, entry.body.at);
        for noted in &entry.body.noted {
            match noted {
                Noted::Memberships {
                    person,
                    memberships,
                } => self.memberships.add(*person, at, memberships.clone()),
                Noted::Program {
                    organization,
                    part2_program,
                } => self.programs.add(*organization, at, *part2_program),
                _ => {}
            }
        }
    }

    /// Whether a disclosure decided at that instant may name that place: it is there, and what changed after it did not
    /// change long before.
    pub(super) fn may_be_at(&self, place: u64, person: PersonId, decided_at: Instant) -> bool {
        place <= self.last
            && !self.memberships.changed_between(&person, place, decided_at)
            && !self
                .programs
                .0
                .keys()
                .any(|program| self.programs.changed_between(program, place, decided_at))
    }

    pub(super) fn memberships(&self, person: PersonId, place: u64) -> Vec<Membership> {
        self.memberships
            .at(&person, place)
            .cloned()
            .unwrap_or_default()
    }

    /// The programs at that place, sorted.
    pub(super) fn programs(&self, place: u64) -> Vec<OrganizationId> {
        let mut programs: Vec<_> = self
            .programs
            .0
            .keys()
            .filter(|id| self.programs.at(id, place) == Some(&true))
            .copied()
            .collect();
        programs.sort_unstable();
        programs
    }
}
