//! A provision asked by one viewer: which labels it opens of a part, and which parts it denies.

use super::asked::{Around, Asked};
use super::record::Record;
use crate::fhir::consent::{Effect, Provision};
use crate::label::{Label, LabelSet};

/// What is opened of one part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Grant {
    /// The labels.
    pub labels: LabelSet,
    /// Whether the item itself was named.
    pub named: bool,
}

impl Grant {
    pub const NOTHING: Self = Self {
        labels: LabelSet::EMPTY,
        named: false,
    };

    const fn join(self, other: Self) -> Self {
        Self {
            labels: self.labels.join(other.labels),
            named: self.named || other.named,
        }
    }
}

/// A provision that applies to this viewer, for this purpose, at this instant.
pub(super) struct Rule<'a> {
    provision: &'a Provision,
    asked: Asked<'a>,
    permits: Vec<Self>,
    denies: Vec<Self>,
    /// It holds permits: as a permit it opens only what they say.
    is_narrowed: bool,
    /// Whether its conditions are met as a permit's have to be: its exceptions open nothing where they only may be met.
    is_certain: bool,
}

impl<'a> Rule<'a> {
    /// The rule, read with that effect; `None` when it does not apply.
    pub fn of(provision: &'a Provision, effect: Effect, asked: Asked<'a>) -> Option<Self> {
        Self::within(provision, effect, asked, Around::default())
    }

    fn within(
        provision: &'a Provision,
        effect: Effect,
        asked: Asked<'a>,
        around: Around,
    ) -> Option<Self> {
        let mut inside = around;
        let is_certain = asked.permits(provision, &mut inside);
        let applies = if effect == Effect::Permit {
            is_certain
        } else {
            asked.denies(provision)
        };
        let nested = |effect: Effect| {
            let inner = provision
                .provisions
                .iter()
                .filter(move |inner| inner.effect == effect);
            inner
                .filter_map(move |inner| Self::within(inner, effect, asked, inside))
                .collect()
        };
        applies.then(|| Self {
            provision,
            asked,
            permits: nested(Effect::Permit),
            denies: nested(Effect::Deny),
            is_narrowed: provision.has(Effect::Permit),
            is_certain,
        })
    }

    /// As a permit: what it opens of a part so labelled.
    pub fn grant(&self, record: &Record<'_>, labels: LabelSet) -> Grant {
        self.grant_within(record, labels, None)
    }

    /// `around`: the labels that the permit around it is limited to, or that the deny around it names.
    fn grant_within(&self, record: &Record<'_>, labels: LabelSet, around: Option<Limit>) -> Grant {
        let Some(named) = self.asked.is_permitted(self.provision, record) else {
            return Grant::NOTHING;
        };
        let own = self.provision.labels.map(|named| named.opens);
        let limit = match (own, around) {
            (Some(own), Some(Limit::Permit(outer))) => Some(own.meet(outer)),
            (Some(own), _) => Some(own),
            (None, Some(Limit::Permit(outer) | Limit::Deny(outer))) => Some(outer),
            (None, None) => None,
        };
        if self.denies.iter().any(|deny| deny.denies(record, labels)) {
            return Grant::NOTHING;
        }
        if self.is_narrowed {
            let around = limit.map(Limit::Permit);
            let inner = self
                .permits
                .iter()
                .map(|permit| permit.grant_within(record, labels, around));
            return inner.fold(Grant::NOTHING, Grant::join);
        }
        // Naming no label opens what is not specially protected; naming the item opens its segments.
        let general = LabelSet::of([Label::General]);
        let opened = limit.unwrap_or(if named { LabelSet::SEGMENTS } else { general });
        if opened.overlaps(LabelSet::NOTES) && !labels.overlaps(LabelSet::NOTES) {
            // LAW A9: what opens such notes opens nothing beside them.
            return Grant::NOTHING;
        }
        Grant {
            labels: opened,
            named,
        }
    }

    /// As a deny: whether a part so labelled is denied and no exception lifts it.
    fn denies(&self, record: &Record<'_>, labels: LabelSet) -> bool {
        let touched = self.touched(record, labels);
        !touched.is_empty() && !self.exceptions(record, labels).labels.contains(touched)
    }

    /// As a deny: the labels of the part for which it is denied; empty when it isn't.
    pub fn touched(&self, record: &Record<'_>, labels: LabelSet) -> LabelSet {
        if !self.asked.is_denied(self.provision, record) {
            return LabelSet::EMPTY;
        }
        match self.provision.labels {
            Some(named) => without_marks(named.touches(labels)),
            None => without_marks(labels.required()),
        }
    }

    /// As a deny: what its exceptions open of a part.
    pub fn exceptions(&self, record: &Record<'_>, labels: LabelSet) -> Grant {
        if !self.is_certain || self.asked.is_permitted(self.provision, record).is_none() {
            return Grant::NOTHING;
        }
        // A deny beside an exception is the stronger of the two.
        if self.denies.iter().any(|deny| deny.denies(record, labels)) {
            return Grant::NOTHING;
        }
        let around = self
            .provision
            .labels
            .map(|named| Limit::Deny(named.opens.join(named.denies)));
        let open = self
            .permits
            .iter()
            .map(|permit| permit.grant_within(record, labels, around));
        open.fold(Grant::NOTHING, Grant::join)
    }
}

#[derive(Clone, Copy)]
enum Limit {
    Permit(LabelSet),
    Deny(LabelSet),
}

/// The labels an exception has to open for a deny to be lifted: marks are not met by naming labels, but on their own terms.
fn without_marks(labels: LabelSet) -> LabelSet {
    let rest = labels
        .without(Label::PatientRequested)
        .without(Label::MinorConsented);
    if rest.is_empty() && !labels.is_empty() {
        rest.with(Label::General)
    } else {
        rest
    }
}
