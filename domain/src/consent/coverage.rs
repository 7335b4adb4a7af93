//! What a consent covers of an item, whoever looks (POLICY §3).

use super::{Consent, ConsentKind, Discloser, Scope};
use crate::id::ItemId;
use crate::item::ItemFacts;
use crate::label::{Label, LabelSet};

/// A consent's scope with its labels worked out, ready to be asked item by item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Coverage<'a> {
    what: &'a Scope,
    from: &'a Discloser,
    /// The labels opened of an item inside the scope.
    inside: LabelSet,
    /// The labels opened of an item included by name.
    by_name: LabelSet,
}

impl Consent {
    /// What it covers, ready to be asked item by item.
    pub fn coverage(&self) -> Coverage<'_> {
        let what = &self.terms.what;
        // Not a matter of scope: what nobody has classified, the patient's wish that an item be private (only naming the
        // item opens it), and the minor's mark (met by whose hand signed, LAW D1).
        let never = LabelSet::of([
            Label::Unclassified,
            Label::PatientRequested,
            Label::MinorConsented,
        ]);
        let mut inside = what.granted().minus(never);
        if self.terms.kind != ConsentKind::Notes {
            inside = inside.minus(LabelSet::NOTES);
        }
        // Naming the item opens its segments; the law and separated notes still have to be named.
        let by_name = inside
            .join(LabelSet::SEGMENTS)
            .with(Label::PatientRequested)
            .minus(what.exclude.with_children());
        Coverage {
            what,
            from: &self.terms.from,
            inside,
            by_name,
        }
    }

    /// Which labels of an item's parts its scope covers, whoever looks and whoever signed.
    pub fn grants_on(&self, item: &ItemFacts) -> LabelSet {
        self.coverage().on(item)
    }
}

impl Coverage<'_> {
    /// Which labels of that item's parts are covered.
    pub fn on(&self, item: &ItemFacts) -> LabelSet {
        if self.what.items_excluded.contains(&item.id) || !self.discloser_matches(item) {
            LabelSet::EMPTY
        } else if self.what.items_included.contains(&item.id) {
            self.by_name
        } else if self.is_inside(item) {
            self.inside
        } else {
            LabelSet::EMPTY
        }
    }

    /// Whether something that this leads to was left out by name: then the way to it is left out too.
    pub fn leaves_out(&self, leads_to: &[ItemId]) -> bool {
        let out = &self.what.items_excluded;
        !out.is_empty() && leads_to.iter().any(|item| out.contains(item))
    }

    fn is_inside(&self, item: &ItemFacts) -> bool {
        self.what.kinds.has(item.kind)
            && self.service_matches(item)
            && self.what.existing_at.is_none_or(|at| item.recorded <= at)
    }

    fn discloser_matches(&self, item: &ItemFacts) -> bool {
        match self.from {
            Discloser::AnyProvider => true,
            Discloser::Organizations(list) => {
                !item.sources.is_empty() && item.sources.iter().all(|source| list.contains(source))
            }
        }
    }

    fn service_matches(&self, item: &ItemFacts) -> bool {
        if self.what.service_from.is_none() && self.what.service_until.is_none() {
            return true;
        }
        item.service.is_some_and(|(first, last)| {
            self.what.service_from.is_none_or(|from| from <= first)
                && self.what.service_until.is_none_or(|until| last <= until)
        })
    }
}
