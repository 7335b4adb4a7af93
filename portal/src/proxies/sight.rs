//! What somebody reads of the lists around a record: consents and history.
//!
//! The patient, and whoever stands in their place for everything, reads all of them. Anybody else who acts for the
//! patient reads of the consents that they signed, or that name them as a helper, and of what they did themselves or was
//! done on a consent that they signed, as far as it is about items that they may see. So nothing in these lists tells
//! them that there is more (POLICY §5, LAW D1).

use crate::actor::Actor;
use crate::records::own_purpose;
use crate::{Portal, Refusal};
use domain::consent::{Consent, ConsentKind, Coverage, Grantor, Recipient};
use domain::decide::{Action, Decider, Ground};
use domain::id::{ConsentId, ItemId, PatientId, PersonId};
use domain::item::{ItemFacts, PartFacts};
use domain::label::LabelSet;
use std::collections::{BTreeMap, BTreeSet};
use store::{Chart, DisclosedFacts, DisclosedItem, Entry, Event};

/// Whether the actor reads of this consent.
pub(crate) fn reads(actor: &Actor, consent: &Consent) -> bool {
    actor.is_whole()
        || signed(actor.person(), consent)
        || (consent.terms.kind == ConsentKind::Proxy
            && consent
                .terms
                .to
                .contains(&Recipient::Person(actor.person())))
}

/// Whether the actor may revoke it: whoever stands in the patient's place every one, anybody else what they signed.
pub(crate) fn revokes(actor: &Actor, consent: &Consent) -> bool {
    actor.is_whole() || (actor.may_sign() && signed(actor.person(), consent))
}

fn signed(person: PersonId, consent: &Consent) -> bool {
    let for_the_patient = matches!(
        &consent.terms.grantor,
        Grantor::Proxy { person: by, .. } if *by == person
    );
    for_the_patient
        || consent
            .countersignature()
            .is_some_and(|other| other.person == person)
}

/// What of a history somebody reads.
pub(crate) enum Sight {
    /// All of it.
    Whole,
    /// What concerns them.
    Part {
        person: PersonId,
        /// What they signed.
        consents: BTreeMap<ConsentId, Consent>,
        items: BTreeSet<ItemId>,
    },
}

impl Sight {
    pub(crate) async fn of(
        portal: &Portal,
        actor: &Actor,
        patient: PatientId,
    ) -> Result<Self, Refusal> {
        if actor.is_whole() {
            return Ok(Self::Whole);
        }
        let chart = portal.store().chart(patient).await?;
        let chart = chart.ok_or(Refusal::NotAvailable)?;
        let person = actor.person();
        Ok(Self::Part {
            person,
            consents: chart
                .state
                .consents
                .iter()
                .filter(|standing| signed(person, &standing.consent))
                .map(|standing| (standing.consent.id, standing.consent.clone()))
                .collect(),
            items: may_see(portal, actor, &chart),
        })
    }

    /// The entry as far as they read it.
    pub(crate) fn of_entry(&self, mut entry: Entry) -> Option<Entry> {
        let Self::Part {
            person,
            consents,
            items: seen,
        } = self
        else {
            return Some(entry);
        };
        if entry.body.stamp.actor.person == Some(*person) {
            return Some(entry);
        }
        let theirs = match &mut entry.body.event {
            Event::Disclosed {
                items,
                basis,
                facts,
                ..
            } => {
                basis.retain(
                    |ground| matches!(ground, Ground::Consent(id, _) if consents.contains_key(id)),
                );
                let own = basis.iter().filter_map(|ground| match ground {
                    Ground::Consent(id, _) => consents.get(id),
                    _ => None,
                });
                // What one look showed may rest on more than what they signed: that is not theirs to count. What an entry
                // doesn't say, or says so that nobody can read it, counts for nothing.
                let facts = facts.take();
                let opened = facts.map(|facts| opened(items, &facts, own));
                let opened = opened.unwrap_or_default();
                items.retain(|item| seen.contains(&item.item) && opened.contains(&item.item));
                !items.is_empty() && !basis.is_empty()
            }
            Event::ConsentSigned { consent, .. }
            | Event::ConsentRevoked { consent }
            | Event::ConsentSuspended { consent }
            | Event::ConsentSuperseded { consent, .. }
            | Event::ConsentEnded { consent } => consents.contains_key(consent),
            _ => false,
        };
        theirs.then_some(entry)
    }
}

/// The items of the record that the actor may see now.
pub(crate) async fn seen(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
) -> Result<BTreeSet<ItemId>, Refusal> {
    let chart = portal.store().chart(patient).await?;
    let chart = chart.ok_or(Refusal::NotAvailable)?;
    Ok(may_see(portal, actor, &chart))
}

fn may_see(portal: &Portal, actor: &Actor, chart: &Chart) -> BTreeSet<ItemId> {
    let viewer = actor.viewer();
    let purpose = own_purpose(actor.role());
    let decider = Decider::new(&viewer, Action::View, purpose, portal.now(), &chart.state);
    let seen = chart.items.iter();
    seen.filter(|item| decider.labels(item).is_some())
        .map(|item| item.id)
        .collect()
}

/// Which of the items of a disclosure these consents opened by themselves, by what the entry says of them: those with a
/// part that identifies them (POLICY §1), that was shown, and of which every label is covered. What another consent had to
/// open beside them tells of that consent.
fn opened<'c>(
    items: &[DisclosedItem],
    facts: &DisclosedFacts,
    consents: impl Iterator<Item = &'c Consent>,
) -> BTreeSet<ItemId> {
    let ids: Vec<ItemId> = items.iter().map(|item| item.item).collect();
    let facts = facts.unpack(&ids).unwrap_or_default();
    let consents: Vec<Own<'_>> = consents.map(Own::of).collect();
    let alone = |(shown, item): &(&DisclosedItem, &ItemFacts)| {
        item.identifying
            .iter()
            .map(|at| usize::from(*at))
            .any(|at| {
                let part = item.parts.get(at).filter(|_| was_shown(shown, at));
                part.is_some_and(|part| {
                    let covered = consents
                        .iter()
                        .fold(LabelSet::EMPTY, |all, own| all.join(own.covers(item, part)));
                    covered.contains(part.labels.required())
                })
            })
    };
    let all = items.iter().zip(&facts);
    all.filter(alone).map(|(_, item)| item.id).collect()
}

/// Whether the part at that place was among those that were shown.
fn was_shown(item: &DisclosedItem, at: usize) -> bool {
    let word = item.parts.get(at / 64).copied().unwrap_or_default();
    word & (1 << (at % 64)) != 0
}

/// A consent of theirs, ready to be asked part by part.
struct Own<'c> {
    coverage: Coverage<'c>,
    kind: ConsentKind,
}

impl<'c> Own<'c> {
    fn of(consent: &'c Consent) -> Self {
        Self {
            coverage: consent.coverage(),
            kind: consent.terms.kind,
        }
    }

    /// Which labels of a part it covers, as the decision has it (POLICY §4.7b). A consent never covers the mark
    /// `minor-consented` here: what a minor consented to alone is no part of what somebody else signed (LAW D1).
    fn covers(&self, item: &ItemFacts, part: &PartFacts) -> LabelSet {
        let other_than_notes =
            self.kind == ConsentKind::Notes && !part.labels.overlaps(LabelSet::NOTES);
        if other_than_notes || self.coverage.leaves_out(&part.leads_to) {
            return LabelSet::EMPTY;
        }
        self.coverage.on(item)
    }
}
