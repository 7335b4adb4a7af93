//! What somebody reads of the lists around a record: consents and history.
//!
//! The patient, and whoever stands in their place for everything, reads all of them. Anybody else who acts for the
//! patient reads of the consents that they signed, or that name them as a helper, and of what they did themselves or was
//! done on a consent that they signed, as far as it is about items that they may see. So nothing in these lists tells
//! them that there is more (POLICY §5, LAW D1).

use crate::actor::Actor;
use crate::records::own_purpose;
use crate::{Portal, Refusal};
use domain::consent::{Consent, ConsentKind, Grantor, Recipient};
use domain::decide::{Action, Decider, Ground};
use domain::id::{ConsentId, ItemId, PatientId, PersonId};
use domain::label::Label;
use std::collections::{BTreeMap, BTreeSet};
use store::{DisclosedFacts, DisclosedItem, Entry, Event};

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
        let viewer = actor.viewer();
        let purpose = own_purpose(actor.role());
        let now = portal.now();
        let decider = Decider::new(&viewer, Action::View, purpose, now, &chart.state);
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
            items: chart
                .items
                .iter()
                .filter(|item| decider.labels(item).is_some())
                .map(|item| item.id)
                .collect(),
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
                // What one look showed may rest on more than what they signed: that is not theirs to count.
                let opened = facts.take().and_then(|facts| opened(items, &facts, own));
                items.retain(|item| {
                    seen.contains(&item.item)
                        && opened.as_ref().is_none_or(|all| all.contains(&item.item))
                });
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

/// Which of the items of a disclosure these consents open something of, by what the entry says of them; `None` when it
/// doesn't say.
fn opened<'c>(
    items: &[DisclosedItem],
    facts: &DisclosedFacts,
    consents: impl Iterator<Item = &'c Consent>,
) -> Option<BTreeSet<ItemId>> {
    let ids: Vec<ItemId> = items.iter().map(|item| item.item).collect();
    let facts = facts.unpack(&ids)?;
    let consents: Vec<&Consent> = consents.collect();
    let opens = |item: &&domain::item::ItemFacts| {
        consents.iter().any(|consent| {
            let granted = consent.grants_on(item);
            item.parts.iter().any(|part| {
                granted.overlaps(part.labels)
                    || (part.labels.is_ordinary() && granted.has(Label::General))
            })
        })
    };
    Some(facts.iter().filter(opens).map(|item| item.id).collect())
}
