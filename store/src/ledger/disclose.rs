//! Disclosing: permits become a committed entry, and only that becomes a receipt (POLICY §6).

use super::event::{DisclosedItem, Event};
use super::facts::DisclosedFacts;
use super::group::{On, Work};
use super::{Chain, Committed, Head};
use crate::entities::ledger_heads;
use crate::error::Error;
use crate::opening::Store;
use crate::seal::DataKey;
use crate::stamp::Stamp;
use crate::vault::SealedItem;
use core::fmt;
use domain::clock::Instant;
use domain::decide::{Action, Ground, Obligations, Permit};
use domain::id::{ItemId, PatientId};
use domain::item::ItemFacts;
use domain::purpose::Purpose;
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// Nothing was disclosed.
#[derive(Debug, thiserror::Error)]
pub enum DiscloseError {
    /// What it was decided on no longer stands: read the chart and decide again.
    #[error("what it was decided on no longer stands")]
    Stale,
    /// The store could not do it; nothing may be shown.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<DbErr> for DiscloseError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

/// Proof that a disclosure stands in the ledger, and the means to open what it names and nothing else.
///
/// Only [`Store::disclose`] makes one, from permits, after the commit; it can't be copied.
#[must_use = "a disclosure was logged; open what it permits"]
pub struct Receipt {
    patient: PatientId,
    committed: Committed,
    key: Arc<DataKey>,
    leave: HashMap<ItemId, Leave>,
}

/// Leave to open one ciphertext within the limits of its permit.
pub(crate) struct Leave {
    pub permit: Permit,
    pub digest: [u8; 32],
    /// The facts of that ciphertext.
    pub facts: ItemFacts,
}

impl Receipt {
    /// Its place in the patient's chain.
    pub const fn seq(&self) -> u64 {
        self.committed.seq
    }

    /// The instant of the disclosure.
    pub const fn at(&self) -> Instant {
        self.committed.at
    }

    /// Whose record.
    pub const fn patient(&self) -> PatientId {
        self.patient
    }

    pub(crate) fn leave(&self, item: ItemId) -> Option<&Leave> {
        self.leave.get(&item)
    }

    pub(crate) fn key(&self) -> &DataKey {
        &self.key
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt")
            .field("seq", &self.committed.seq)
            .finish_non_exhaustive()
    }
}

/// What is the same for all permits of one disclosure, and all together.
struct Together {
    work: Work,
    leave: HashMap<ItemId, Leave>,
}

impl Store {
    /// Logs what the permits allow, in one entry, if the state they were decided on still stands.
    ///
    /// All permits are of one patient, epoch, viewer, role, action and purpose; the viewer is the stamp's actor;
    /// each has its sealed item. The entry commits only at the permits' epoch, while each consent, authority,
    /// relationship and emergency grant they rest on is in force.
    ///
    /// # Errors
    /// [`DiscloseError::Stale`]: something changed, or the decision is older than 30 seconds; decide again.
    pub async fn disclose(
        &self,
        stamp: &Stamp,
        permits: Vec<Permit>,
        sealed: &[SealedItem],
    ) -> Result<Receipt, DiscloseError> {
        let patient = permits.first().map(Permit::patient).ok_or(NO_PERMITS)?;
        // Before the head is taken, so that nobody waits while facts are opened.
        let key = self
            .chain_key(self.read(), Chain::Patient(patient))
            .await?
            .ok_or(Error::NotFound("patient"))?;
        let together = Together::of(&key, stamp, permits, sealed)?;
        let written = self.write_together(together.work).await?;
        Ok(Receipt {
            patient,
            committed: written.committed,
            key: written.key,
            leave: together.leave,
        })
    }

    /// Logs a view that showed nothing, if the state it was decided on still stands.
    pub async fn record_view(
        &self,
        stamp: &Stamp,
        patient: PatientId,
        epoch: u64,
        action: Action,
        purpose: Purpose,
    ) -> Result<Committed, DiscloseError> {
        let decided_at = self.clock().now();
        let work = Work {
            chain: Chain::Patient(patient),
            stamp: *stamp,
            event: Event::Disclosed {
                action,
                purpose,
                epoch,
                decided_at,
                items: Vec::new(),
                basis: Vec::new(),
                obligations: Obligations::LOG,
                digest: Sha256::new().finalize().into(),
                facts: None,
                house: None,
            },
            on: Some(On {
                epoch,
                decided_at,
                basis: Vec::new(),
            }),
        };
        Ok(self.write_together(work).await?.committed)
    }
}

/// Where the house's chain stands, for entries that are written to a patient's chain in this transaction.
///
/// Whatever moves in the house after a decision moves the patient's epoch too: at the epoch of the permits, who is who is
/// still as it was decided. Read while the patient's chain is held, it never goes back from one entry to the next.
pub(crate) async fn place_of_house(transaction: &DatabaseTransaction) -> Result<u64, Error> {
    let head = ledger_heads::Entity::find_by_id(Chain::House.id())
        .one(transaction)
        .await?
        .ok_or(Error::NotFound("ledger"))?;
    Ok(Head::read(head)?.seq)
}

const NO_PERMITS: Error = Error::Misuse("a disclosure without permits; use record_view");

impl Together {
    fn of(
        key: &DataKey,
        stamp: &Stamp,
        permits: Vec<Permit>,
        sealed: &[SealedItem],
    ) -> Result<Self, Error> {
        let first = permits.first().ok_or(NO_PERMITS)?;
        let viewer = first.viewer();
        let role = first.role();
        let action = first.action();
        let purpose = first.purpose();
        let patient = first.patient();
        let epoch = first.epoch();
        let mut decided_at = first.decided_at();
        // A stamp that names nobody would leave a look in the ledger that nobody took.
        if stamp.actor.person != Some(viewer) || stamp.actor.role != Some(role) {
            return Err(Error::Misuse(
                "the permits are another person's than the actor",
            ));
        }
        let by_id: HashMap<ItemId, &SealedItem> =
            sealed.iter().map(|item| (item.id(), item)).collect();
        let mut items = Vec::with_capacity(permits.len());
        let mut leave = HashMap::with_capacity(permits.len());
        let mut basis: Vec<Ground> = Vec::new();
        let mut obligations = Obligations::LOG;
        let mut released = Sha256::new();
        for permit in permits {
            let same = permit.viewer() == viewer
                && permit.role() == role
                && permit.action() == action
                && permit.purpose() == purpose
                && permit.patient() == patient
                && permit.epoch() == epoch;
            if !same {
                return Err(Error::Misuse("permits of different disclosures in one"));
            }
            let sealed = by_id
                .get(&permit.item())
                .filter(|sealed| sealed.patient() == patient)
                .ok_or(Error::Misuse("a permit without its sealed item"))?;
            let digest = sealed.digest();
            let facts = sealed.facts(key)?;
            absorb(&mut released, &permit, &digest);
            join(&mut basis, permit.basis());
            obligations = obligations.join(permit.obligations());
            decided_at = decided_at.min(permit.decided_at());
            items.push(DisclosedItem {
                item: permit.item(),
                parts: permit.part_bits().to_vec(),
                whole: permit.is_whole(),
                masked: permit.is_masked(),
                labels: permit.labels(),
            });
            let opened = Leave {
                permit,
                digest,
                facts,
            };
            if leave.insert(opened.permit.item(), opened).is_some() {
                return Err(Error::Misuse("two permits of one item"));
            }
        }
        let facts = items
            .iter()
            .filter_map(|item| leave.get(&item.item).map(|leave| &leave.facts));
        let facts = DisclosedFacts::pack(facts)?;
        let event = Event::Disclosed {
            action,
            purpose,
            epoch,
            decided_at,
            items,
            basis: basis.clone(),
            obligations,
            digest: released.finalize().into(),
            facts: Some(facts),
            // Where the house stands when it is written.
            house: None,
        };
        let on = On {
            epoch,
            decided_at,
            basis,
        };
        Ok(Self {
            work: Work {
                chain: Chain::Patient(patient),
                stamp: *stamp,
                event,
                on: Some(on),
            },
            leave,
        })
    }
}

fn absorb(released: &mut Sha256, permit: &Permit, digest: &[u8; 32]) {
    released.update(permit.item().0.as_bytes());
    released.update(digest);
    let words = permit.part_bits();
    released.update(u64::try_from(words.len()).unwrap_or(u64::MAX).to_be_bytes());
    for word in words {
        released.update(word.to_be_bytes());
    }
    released.update([u8::from(permit.is_masked())]);
}

/// Gathers grounds; a consent's labels join.
fn join(all: &mut Vec<Ground>, more: &[Ground]) {
    for ground in more {
        let known = match ground {
            Ground::Consent(id, covered) => all.iter_mut().find_map(|known| match known {
                Ground::Consent(at, labels) if at == id => {
                    *labels = labels.join(*covered);
                    Some(())
                }
                _ => None,
            }),
            other => all.contains(other).then_some(()),
        };
        if known.is_none() {
            all.push(ground.clone());
        }
    }
}
