//! The order of a chain: reads events only, and trusts no other row.

use super::FaultKind;
use crate::ledger::event::Event;
use crate::ledger::{Chain, EntryBody};
use domain::clock::Instant;
use domain::decide::Ground;
use domain::id::ConsentId;
use domain::party::Span;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What stood at the place a walk has come to.
pub(super) struct Order {
    of_patient: bool,
    epoch: u64,
    disclosed_at_epoch: Option<u64>,
    consents: HashMap<ConsentId, Span>,
    grounds: HashMap<Uuid, Span>,
}

impl Order {
    pub(super) fn new(chain: Chain) -> Self {
        Self {
            of_patient: chain.patient().is_some(),
            epoch: 0,
            disclosed_at_epoch: None,
            consents: HashMap::new(),
            grounds: HashMap::new(),
        }
    }

    /// Takes in the next entry; what is wrong with it.
    pub(super) fn see(&mut self, body: &EntryBody) -> BTreeSet<FaultKind> {
        let mut faults = BTreeSet::new();
        if body.epoch < self.epoch {
            faults.insert(FaultKind::Epoch);
        }
        self.epoch = body.epoch;
        // Whatever changes policy moves the epoch past every disclosure before it.
        let stood_still = self
            .disclosed_at_epoch
            .is_some_and(|disclosed| body.epoch <= disclosed);
        if stood_still && changes_policy(&body.event) {
            faults.insert(FaultKind::Epoch);
        }
        match &body.event {
            Event::Disclosed {
                epoch,
                items,
                basis,
                ..
            } => {
                if self.of_patient && *epoch != body.epoch {
                    faults.insert(FaultKind::Epoch);
                }
                self.disclosed_at_epoch = Some(body.epoch);
                if basis.is_empty() && !items.is_empty() {
                    faults.insert(FaultKind::NoGround);
                }
                for ground in basis {
                    faults.extend(self.fault_of(ground, body.at));
                }
            }
            Event::ConsentSigned {
                consent,
                start,
                ends,
                ..
            } => {
                self.consents.insert(
                    *consent,
                    Span {
                        from: *start,
                        until: *ends,
                    },
                );
            }
            Event::ConsentRevoked { consent }
            | Event::ConsentSuspended { consent }
            | Event::ConsentSuperseded { consent, .. }
            | Event::ConsentEnded { consent } => {
                self.consents.remove(consent);
            }
            Event::RelationshipAdded {
                relationship, span, ..
            } => {
                self.grounds.insert(relationship.0, *span);
            }
            Event::AuthorityAdded {
                authority, span, ..
            } => {
                self.grounds.insert(authority.0, *span);
            }
            Event::EmergencyOpened {
                emergency, span, ..
            } => {
                self.grounds.insert(emergency.0, *span);
            }
            Event::RelationshipEnded { relationship, .. } => {
                self.grounds.remove(&relationship.0);
            }
            Event::AuthorityEnded { authority } => {
                self.grounds.remove(&authority.0);
            }
            Event::EmergencyEnded { emergency } => {
                self.grounds.remove(&emergency.0);
            }
            _ => {}
        }
        faults
    }

    /// The epoch of the last entry.
    pub(super) const fn epoch(&self) -> u64 {
        self.epoch
    }

    fn fault_of(&self, ground: &Ground, at: Instant) -> Option<FaultKind> {
        let holds = |span: Option<&Span>| span.is_some_and(|span| span.holds(at));
        let (stands, what) = match ground {
            Ground::Consent(id, _) => (holds(self.consents.get(id)), FaultKind::Consent),
            Ground::Authority(id) => (holds(self.grounds.get(&id.0)), FaultKind::Ground),
            Ground::Relationship(id) => (holds(self.grounds.get(&id.0)), FaultKind::Ground),
            Ground::Emergency(id) => (holds(self.grounds.get(&id.0)), FaultKind::Ground),
            Ground::Subject | Ground::Program(_) | Ground::Review(_) => (true, FaultKind::Ground),
        };
        (!stands).then_some(what)
    }
}

const fn changes_policy(event: &Event) -> bool {
    matches!(
        event,
        Event::ConsentSigned { .. }
            | Event::ConsentRevoked { .. }
            | Event::ConsentSuspended { .. }
            | Event::ConsentSuperseded { .. }
            | Event::ConsentEnded { .. }
            | Event::SharingToldToEnd { .. }
            | Event::RelationshipAdded { .. }
            | Event::RelationshipEnded { .. }
            | Event::RestrictionAdded { .. }
            | Event::RestrictionEnded { .. }
            | Event::RestrictionAsked { .. }
            | Event::RestrictionRefused { .. }
            | Event::RestrictionQuestioned { .. }
            | Event::RestrictionLimited { .. }
            | Event::AuthorityAdded { .. }
            | Event::AuthorityEnded { .. }
            | Event::EmergencyOpened { .. }
            | Event::EmergencyEnded { .. }
            | Event::SubjectSet { .. }
            | Event::LabelsReviewed { .. }
            | Event::LabelsProposed { .. }
            | Event::LabelsLowered { .. }
            | Event::LabelsRefused { .. }
            | Event::KeptPrivate { .. }
            | Event::Imported { .. }
    )
}
