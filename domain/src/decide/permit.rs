//! The permit: leave to show some parts of one item, once it is logged.

use super::{Action, Basis, Ground, Obligations, basis};
use crate::clock::Instant;
use crate::id::{ItemId, PatientId, PersonId};
use crate::item::{ItemFacts, PartFacts};
use crate::label::LabelSet;
use crate::party::Role;
use crate::purpose::Purpose;
use smallvec::SmallVec;

/// Leave to show the permitted parts of one item, at one epoch, to one viewer, once it is logged.
///
/// Only [`Decider::permit`](super::Decider::permit) makes one; it can't be copied, and the ledger takes it.
#[must_use = "a permit that is not logged opens nothing"]
#[derive(PartialEq, Eq, Debug)]
pub struct Permit {
    patient: PatientId,
    epoch: u64,
    item: ItemId,
    viewer: PersonId,
    role: Role,
    action: Action,
    purpose: Purpose,
    decided_at: Instant,
    permitted: SmallVec<[u64; 1]>,
    whole: bool,
    masked: bool,
    labels: LabelSet,
    basis: Basis,
    obligations: Obligations,
}

impl Permit {
    /// Gathers what may be kept of an item, part by part; `None` when no identifying part may be seen: then the item
    /// does not exist for this viewer (POLICY §1).
    pub(super) fn gather(
        decider: &super::Decider<'_>,
        item: &ItemFacts,
        keep: impl Fn(&PartFacts) -> bool,
    ) -> Option<Self> {
        let mut permit = Self {
            patient: decider.state.patient,
            epoch: decider.state.epoch,
            item: item.id,
            viewer: decider.viewer.person,
            role: decider.viewer.role,
            action: decider.action,
            purpose: decider.purpose,
            decided_at: decider.now,
            permitted: SmallVec::new(),
            whole: true,
            masked: false,
            labels: LabelSet::EMPTY,
            basis: Basis::new(),
            obligations: Obligations::LOG,
        };
        permit.permitted.resize(item.parts.len().div_ceil(64), 0);
        let on_item = decider.on(item);
        let mut identified = false;
        for (index, part) in item.parts.iter().enumerate() {
            let decision = on_item.part(part);
            if !decision.permits() {
                permit.whole = false;
                continue;
            }
            identified |= identifies(item, index);
            if !keep(part) {
                permit.whole = false;
                continue;
            }
            if let Some(word) = permit.permitted.get_mut(index / 64) {
                *word |= 1 << (index % 64);
            }
            permit.labels = permit.labels.join(part.labels);
            permit.obligations = permit.obligations.join(decision.obligations);
            basis::join(&mut permit.basis, decision.basis);
        }
        identified.then_some(permit)
    }

    /// Narrows it to the privacy screen (UX): kind, date and segment in words, no content.
    pub fn masked(mut self) -> Self {
        self.masked = true;
        self
    }

    /// Narrows it to those of its parts that are to be kept; the item's facts are the ones it was decided on.
    ///
    /// The facts of another item leave nothing of it. Basis and obligations stay those of the whole permit; where they
    /// must be those of the kept parts alone, ask [`Decider::permit_of`](super::Decider::permit_of).
    pub fn keeping(mut self, item: &ItemFacts, keep: impl Fn(&PartFacts) -> bool) -> Self {
        let mut labels = LabelSet::EMPTY;
        let mut kept: SmallVec<[u64; 1]> = SmallVec::new();
        kept.resize(self.permitted.len(), 0);
        if item.id == self.item {
            for (index, part) in item.parts.iter().enumerate() {
                if self.allows(index)
                    && keep(part)
                    && let Some(word) = kept.get_mut(index / 64)
                {
                    labels = labels.join(part.labels);
                    *word |= 1 << (index % 64);
                }
            }
        }
        self.whole = self.whole && kept == self.permitted;
        self.permitted = kept;
        self.labels = labels;
        self
    }

    /// Narrows it to the parts that the other permit allows too: a record seen as somebody else sees it.
    ///
    /// `None` when nothing is left, or when the permits are of different items or epochs.
    pub fn narrowed_to(mut self, other: &Self) -> Option<Self> {
        if self.item != other.item || self.epoch != other.epoch || self.patient != other.patient {
            return None;
        }
        self.whole = self.whole && other.whole;
        self.masked = self.masked || other.masked;
        for (index, word) in self.permitted.iter_mut().enumerate() {
            *word &= other.permitted.get(index).copied().unwrap_or_default();
        }
        self.labels = self.labels.meet(other.labels);
        self.permitted.iter().any(|word| *word != 0).then_some(self)
    }

    /// Whether it is narrowed to the privacy screen.
    pub const fn is_masked(&self) -> bool {
        self.masked
    }

    /// Whose record.
    pub const fn patient(&self) -> PatientId {
        self.patient
    }

    /// The epoch of the state it was decided on (POLICY §6).
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Which item.
    pub const fn item(&self) -> ItemId {
        self.item
    }

    /// For whom.
    pub const fn viewer(&self) -> PersonId {
        self.viewer
    }

    /// In which role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// To do what.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Why.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// When it was decided.
    pub const fn decided_at(&self) -> Instant {
        self.decided_at
    }

    /// Whether the part at that index may be shown.
    pub fn allows(&self, part: usize) -> bool {
        self.permitted
            .get(part / 64)
            .is_some_and(|word| word & (1 << (part % 64)) != 0)
    }

    /// Whether every part may be shown. For the ledger alone: it tells a viewer that something is hidden (POLICY §5).
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// The permitted parts as bits, 64 a word, for the ledger.
    pub fn part_bits(&self) -> &[u64] {
        &self.permitted
    }

    /// The join of the permitted parts' labels.
    pub const fn labels(&self) -> LabelSet {
        self.labels
    }

    /// On what it rests, sorted.
    pub fn basis(&self) -> &[Ground] {
        &self.basis
    }

    /// What goes with it.
    pub const fn obligations(&self) -> Obligations {
        self.obligations
    }
}

/// Whether the part at that index is one that identifies the item (POLICY §1).
pub(super) fn identifies(item: &ItemFacts, index: usize) -> bool {
    item.identifying.iter().any(|at| usize::from(*at) == index)
}
