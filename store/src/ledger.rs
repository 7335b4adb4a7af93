//! The ledger: append-only, one total order per patient and one for the house (POLICY §6).
//!
//! A body is sealed; the hash links run over the ciphertext, so that integrity can be checked without keys.

pub mod checkpoint;
mod disclose;
pub mod event;
mod facts;
mod group;
mod history;
mod log;
pub mod merkle;
mod noted;
mod reading;
pub mod verify;

pub use disclose::{DiscloseError, Receipt};
pub use facts::DisclosedFacts;
pub(crate) use group::{Group, Work};
pub use history::HistoryQuery;
pub(crate) use log::leaf_of;
pub use log::{Inclusion, leaf_data};
pub use noted::Noted;

use crate::entities::{ledger_entries, ledger_heads};
use crate::error::Error;
use crate::opening::Store;
use crate::seal::{DataKey, Place};
use crate::stamp::Stamp;
use chrono::DateTime;
use core::fmt;
use domain::clock::Instant;
use domain::id::PatientId;
use event::Event;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    DatabaseTransaction, EntityTrait, QuerySelect,
    sea_query::{LockBehavior, LockType},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// One order of entries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Chain {
    /// All that concerns one patient.
    Patient(PatientId),
    /// All else: sign-ins, accounts, roles, imports, keys.
    House,
}

impl Chain {
    /// The id of the chain; the house has the nil id.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Patient(patient) => patient.0,
            Self::House => Uuid::nil(),
        }
    }

    pub(crate) fn of(id: Uuid) -> Self {
        if id.is_nil() {
            Self::House
        } else {
            Self::Patient(PatientId(id))
        }
    }

    pub(crate) const fn patient(self) -> Option<PatientId> {
        match self {
            Self::Patient(patient) => Some(patient),
            Self::House => None,
        }
    }
}

/// The place and instant at which something was committed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Committed {
    /// The place in its chain, from 1.
    pub seq: u64,
    /// The instant; never before that of the entry before it.
    pub at: Instant,
}

/// What an entry says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryBody {
    /// When it was committed; never decreases along a chain.
    pub at: Instant,
    /// The epoch that stood once it was committed (POLICY §6).
    pub epoch: u64,
    /// Who did it.
    pub stamp: Stamp,
    /// What happened.
    pub event: Event,
    /// What it changed that decisions rest on, in full.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noted: Vec<Noted>,
}

impl fmt::Debug for EntryBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EntryBody([redacted])")
    }
}

/// One entry of a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its place, from 1.
    pub seq: u64,
    /// An opaque id that names it for good; taken from its hash.
    pub id: Uuid,
    /// What it says.
    pub body: EntryBody,
    /// Whether it is of a form that notes what decisions rest on: what was written before can't be decided again.
    pub notes: bool,
}

/// The stored form of a body. INVARIANT: a change of form takes a new number and keeps reading the old ones.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredBody {
    v: u16,
    #[serde(flatten)]
    body: EntryBody,
}

const BODY_FORMAT: u16 = 2;
/// The form without [`EntryBody::noted`] and without the facts of disclosures.
const WITHOUT_NOTES: u16 = 1;
pub(crate) const HASH: usize = 32;

/// The end of a chain, held locked while a transaction writes.
pub(crate) struct Head {
    pub chain: Chain,
    pub seq: u64,
    pub hash: Vec<u8>,
    pub epoch: u64,
    pub last_at: Option<Instant>,
    /// What the next entry notes.
    noted: Vec<Noted>,
}

pub(crate) fn to_number(value: u64) -> Result<i64, Error> {
    i64::try_from(value).map_err(|_| Error::TooLong)
}

pub(crate) fn from_micros(micros: i64) -> Option<Instant> {
    DateTime::from_timestamp_micros(micros)
}

impl Head {
    pub(crate) fn read(row: ledger_heads::Model) -> Result<Self, Error> {
        let broken = |column| Error::row("ledger_heads", column, row.chain.as_bytes());
        Ok(Self {
            chain: Chain::of(row.chain),
            seq: u64::try_from(row.seq).map_err(|_| broken("seq"))?,
            epoch: u64::try_from(row.epoch).map_err(|_| broken("epoch"))?,
            last_at: match row.last_at {
                None => None,
                Some(micros) => Some(from_micros(micros).ok_or_else(|| broken("last_at"))?),
            },
            hash: row.hash,
            noted: Vec::new(),
        })
    }

    /// Locks the end of a chain for the rest of the transaction; `None`: no such chain.
    pub(crate) async fn lock(
        transaction: &DatabaseTransaction,
        chain: Chain,
    ) -> Result<Option<Self>, Error> {
        ledger_heads::Entity::find_by_id(chain.id())
            .lock_exclusive()
            .one(transaction)
            .await?
            .map(Self::read)
            .transpose()
    }

    /// The same, without waiting; `None`: another transaction holds it, or there is no such chain.
    pub(crate) async fn lock_if_free(
        transaction: &DatabaseTransaction,
        chain: Chain,
    ) -> Result<Option<Self>, Error> {
        ledger_heads::Entity::find_by_id(chain.id())
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(transaction)
            .await?
            .map(Self::read)
            .transpose()
    }

    /// Has the next entry note what it changes.
    pub(crate) fn note(&mut self, noted: Noted) {
        self.noted.push(noted);
    }

    /// The instant of the next entry.
    pub(crate) fn next_instant(&self, now: Instant) -> Instant {
        self.last_at.map_or(now, |last| last.max(now))
    }

    /// Writes the next entry. The head itself is written by [`Head::save`].
    pub(crate) async fn append(
        &mut self,
        store: &Store,
        transaction: &DatabaseTransaction,
        key: &DataKey,
        stamp: &Stamp,
        event: Event,
    ) -> Result<Committed, Error> {
        let at = self.next_instant(store.clock().now());
        self.append_at(at, store, transaction, key, stamp, event)
            .await
    }

    /// The same, at an instant that [`Head::next_instant`] gave.
    pub(crate) async fn append_at(
        &mut self,
        at: Instant,
        store: &Store,
        transaction: &DatabaseTransaction,
        key: &DataKey,
        stamp: &Stamp,
        event: Event,
    ) -> Result<Committed, Error> {
        let seq = self.seq.checked_add(1).ok_or(Error::TooLong)?;
        let row = row_of(self.chain, seq);
        let stored = StoredBody {
            v: BODY_FORMAT,
            body: EntryBody {
                at,
                epoch: self.epoch,
                stamp: *stamp,
                event,
                noted: core::mem::take(&mut self.noted),
            },
        };
        let body = key.seal(&place(self.chain, &row), &stored, store.entropy())?;
        let hash = entry_hash(self.chain, seq, &self.hash, &body);
        ledger_entries::Entity::insert(ledger_entries::ActiveModel {
            chain: Set(self.chain.id()),
            seq: Set(to_number(seq)?),
            prev: Set(self.hash.clone()),
            hash: Set(hash.clone()),
            body: Set(body),
        })
        .exec_without_returning(transaction)
        .await?;
        self.seq = seq;
        self.hash = hash;
        self.last_at = Some(at);
        Ok(Committed { seq, at })
    }

    /// Writes the head back.
    pub(crate) async fn save(&self, transaction: &DatabaseTransaction) -> Result<(), Error> {
        ledger_heads::Entity::update(ledger_heads::ActiveModel {
            chain: Unchanged(self.chain.id()),
            seq: Set(to_number(self.seq)?),
            hash: Set(self.hash.clone()),
            epoch: Set(to_number(self.epoch)?),
            last_at: Set(self.last_at.map(|at| at.timestamp_micros())),
        })
        .exec(transaction)
        .await?;
        Ok(())
    }
}

/// Begins a chain.
pub(crate) async fn new_head(
    transaction: &DatabaseTransaction,
    chain: Chain,
) -> Result<Head, Error> {
    let head = Head {
        chain,
        seq: 0,
        hash: vec![0; HASH],
        epoch: 0,
        last_at: None,
        noted: Vec::new(),
    };
    ledger_heads::Entity::insert(ledger_heads::ActiveModel {
        chain: Set(chain.id()),
        seq: Set(0),
        hash: Set(head.hash.clone()),
        epoch: Set(0),
        last_at: Set(None),
    })
    .exec_without_returning(transaction)
    .await?;
    Ok(head)
}

/// The row id of an entry: its chain and its place.
pub(crate) fn row_of(chain: Chain, seq: u64) -> Vec<u8> {
    let mut row = chain.id().as_bytes().to_vec();
    row.extend_from_slice(&seq.to_be_bytes());
    row
}

pub(crate) fn place(chain: Chain, row: &[u8]) -> Place<'_> {
    Place {
        table: "ledger_entries",
        row,
        patient: chain.patient(),
        field: "body",
    }
}

/// SHA-256 over the chain, the place, the hash before and the ciphertext, with a prefix of its own.
pub(crate) fn entry_hash(chain: Chain, seq: u64, prev: &[u8], body: &[u8]) -> Vec<u8> {
    entry_digest(chain, seq, prev, body).to_vec()
}

pub(crate) fn entry_digest(chain: Chain, seq: u64, prev: &[u8], body: &[u8]) -> [u8; HASH] {
    let mut hash = Sha256::new();
    hash.update(b"confide ledger entry 1\0");
    hash.update(chain.id().as_bytes());
    hash.update(seq.to_be_bytes());
    hash.update(u64::try_from(prev.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(prev);
    hash.update(body);
    hash.finalize().into()
}

/// Opens an entry's body.
pub(crate) fn read_entry(key: &DataKey, row: &ledger_entries::Model) -> Result<Entry, Error> {
    let chain = Chain::of(row.chain);
    let seq = u64::try_from(row.seq)
        .map_err(|_| Error::row("ledger_entries", "seq", row.chain.as_bytes()))?;
    let id = row_of(chain, seq);
    let place = place(chain, &id);
    let stored: StoredBody = key.open(&place, &row.body)?;
    if !(WITHOUT_NOTES..=BODY_FORMAT).contains(&stored.v) {
        return Err(place.broken());
    }
    let name = row
        .hash
        .first_chunk::<16>()
        .ok_or_else(|| Error::row("ledger_entries", "hash", &id))?;
    Ok(Entry {
        seq,
        id: uuid::Builder::from_custom_bytes(*name).into_uuid(),
        notes: stored.v > WITHOUT_NOTES,
        body: stored.body,
    })
}

impl Store {
    /// Appends an entry that changes no policy: sign-ins, denied attempts, key events.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such patient, or the record was shredded.
    pub async fn append(
        &self,
        stamp: &Stamp,
        chain: Chain,
        event: Event,
    ) -> Result<Committed, Error> {
        let work = Work {
            chain,
            stamp: *stamp,
            event,
            on: None,
        };
        match self.write_together(work).await {
            Ok(written) => Ok(written.committed),
            Err(DiscloseError::Store(error)) => Err(error),
            Err(DiscloseError::Stale) => Err(Error::Misuse("an entry on nothing went stale")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StoredBody;
    use crate::Event;

    /// Entries of the first form are read for good; they note nothing.
    #[test]
    fn the_first_form_is_still_read() {
        let stored: StoredBody = serde_json::from_str(
            r#"{"v":1,"at":"2026-11-22T12:00:00Z","epoch":3,"stamp":{"actor":{"account":null,"person":null,"role":null},"on_behalf_of":null,"session":null,"request":null},"event":"SignedOut"}"#,
        )
        .expect("an old body");
        assert_eq!((stored.v, stored.body.epoch), (1, 3));
        assert!(stored.body.event == Event::SignedOut);
        assert!(stored.body.noted.is_empty());
    }
}
