//! Whose hand a consent needs, and what a hand can open (LAW D1, D2, D4, A11).
//!
//! A signature is looked at again at every disclosure, as of the instant at which it was given: what a representative
//! lawfully signed stays, also when the authority ends later; what was signed without authority opens nothing.

use crate::clock::Instant;
use crate::consent::{Consent, ConsentKind, Grantor, Terms};
use crate::id::{AuthorityId, PersonId};
use crate::label::{Label, LabelSet};
use crate::purpose::{Purpose, PurposeSet};
use crate::state::{Authority, AuthorityKind, PolicyState};

/// Every label there is.
const EVERY: LabelSet = LabelSet::SEGMENTS
    .join(LabelSet::NOTES)
    .with(Label::Part2)
    .with(Label::MinorConsented)
    .with(Label::PatientRequested)
    .with(Label::Unclassified);

/// The labels that a consent can cover at most, by whose hand it bears.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ceiling {
    /// On parts without the mark `minor-consented`.
    pub plain: LabelSet,
    /// On parts of a service that the minor consented to alone: there only the minor's own hand counts (LAW D1).
    pub alone: LabelSet,
}

impl Ceiling {
    const NOTHING: Self = Self {
        plain: LabelSet::EMPTY,
        alone: LabelSet::EMPTY,
    };

    pub fn is_nothing(self) -> bool {
        self == Self::NOTHING
    }

    pub const fn on(self, labels: LabelSet) -> LabelSet {
        if labels.has(Label::MinorConsented) {
            self.alone
        } else {
            self.plain
        }
    }
}

/// What this consent's signatures can open.
pub(super) fn ceiling(consent: &Consent, state: &PolicyState) -> Ceiling {
    let signed = consent.signature.signed_at;
    match &consent.terms.grantor {
        Grantor::Patient => {
            let of_age = state.majority.is_none_or(|majority| majority <= signed);
            let countersigned = consent.countersignature().is_some_and(|other| {
                right(
                    state,
                    other.authority,
                    other.person,
                    other.signature.signed_at,
                )
                .is_some_and(|authority| {
                    matches!(
                        authority.kind,
                        AuthorityKind::ParentOfMinor { .. } | AuthorityKind::Guardian { .. }
                    )
                })
            });
            Ceiling {
                plain: if of_age || countersigned {
                    EVERY
                } else {
                    LabelSet::EMPTY
                },
                alone: EVERY,
            }
        }
        Grantor::Proxy { person, authority } => {
            let Some(authority) = right(state, *authority, *person, signed) else {
                return Ceiling::NOTHING;
            };
            let plain = of_hand(&consent.terms, authority, state, signed);
            Ceiling {
                plain,
                alone: LabelSet::EMPTY,
            }
        }
    }
}

/// Whether the hand that these terms name can open all that they say, at that instant (LAW D1, D2, D4): what is signed for
/// somebody on paper is decided by nobody afterwards. A patient's own can; where a minor's needs another beside it, that
/// is asked for apart.
pub fn hand_covers(terms: &Terms, state: &PolicyState, at: Instant) -> bool {
    let Grantor::Proxy { person, authority } = &terms.grantor else {
        return true;
    };
    let Some(authority) = right(state, *authority, *person, at) else {
        return false;
    };
    // Not a matter of scope: no terms open these by their labels.
    let mut said = terms.what.granted().minus(LabelSet::of([
        Label::Unclassified,
        Label::PatientRequested,
        Label::MinorConsented,
    ]));
    if terms.kind != ConsentKind::Notes {
        said = said.minus(LabelSet::NOTES);
    }
    of_hand(terms, authority, state, at).contains(said)
}

/// What a representative's hand opens at most of parts without the mark `minor-consented`.
fn of_hand(terms: &Terms, authority: &Authority, state: &PolicyState, at: Instant) -> LabelSet {
    match &authority.kind {
        // Of a Part 2 program's records the minor signs too (LAW D1, D2).
        AuthorityKind::ParentOfMinor { .. } => EVERY.without(Label::Part2),
        AuthorityKind::Guardian { scope } => scope.with_children(),
        AuthorityKind::Director if terms.purposes == PurposeSet::of([Purpose::Payment]) => EVERY,
        AuthorityKind::AfterDeath(_) if state.first_in_line(authority, at) => EVERY,
        // A helper chosen by an adult may look; signing is for those whom 42 CFR 2.14 and 2.15 name.
        AuthorityKind::Director | AuthorityKind::AfterDeath(_) | AuthorityKind::ChosenByAdult => {
            LabelSet::EMPTY
        }
    }
}

/// The authority of that id, if it was that person's and in force at that instant.
fn right(
    state: &PolicyState,
    id: AuthorityId,
    person: PersonId,
    at: Instant,
) -> Option<&Authority> {
    state.authorities.iter().find(|authority| {
        authority.id == id && authority.person == person && authority.in_force(at)
    })
}
