//! Checking the ledger: the links, and that no disclosure stands after the end of what it rests on (POLICY §6).

mod order;

use super::{Chain, HASH, entry_hash, read_entry};
use crate::entities::{ledger_entries, ledger_heads, patients};
use crate::error::Error;
use crate::opening::Store;
use crate::seal::DataKey;
use core::fmt;
use domain::clock::Instant;
use order::Order;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// What is wrong with an entry or a chain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FaultKind {
    /// An entry is missing before this one.
    Gap,
    /// The link to the entry before does not fit.
    Link,
    /// The entry is not what was hashed.
    Hash,
    /// The end of the chain is not where its head says.
    Head,
    /// A chain without a head, or of no patient.
    Chain,
    /// The body doesn't open or can't be read.
    Body,
    /// The instant is before that of the entry before.
    Instant,
    /// The epoch moved back, or did not move with a change of policy.
    Epoch,
    /// A disclosure rests on a consent that was not in force at its place.
    Consent,
    /// A disclosure rests on an authority, relationship or emergency grant that was not in force at its place.
    Ground,
    /// A disclosure rests on nothing.
    NoGround,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gap => "an entry is missing before this one",
            Self::Link => "the link to the entry before does not fit",
            Self::Hash => "the entry is not what was hashed",
            Self::Head => "the chain does not end where its head says",
            Self::Chain => "the chain has no head, or no patient",
            Self::Body => "the body can't be read",
            Self::Instant => "the instant is before that of the entry before",
            Self::Epoch => "the epoch moved back, or stood still at a change of policy",
            Self::Consent => "a disclosure rests on a consent that was not in force",
            Self::Ground => "a disclosure rests on a ground that was not in force",
            Self::NoGround => "a disclosure rests on nothing",
        })
    }
}

/// One fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    /// The chain.
    pub chain: Uuid,
    /// The place in it.
    pub seq: u64,
    /// What is wrong.
    pub what: FaultKind,
}

/// What a check found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VerifyReport {
    /// Chains looked at.
    pub chains: u64,
    /// Entries looked at.
    pub entries: u64,
    /// Chains whose bodies can't be read because the record was shredded; their links were checked all the same.
    pub shredded: u64,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

const PAGE: u64 = 500;

/// Whether bodies are opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Integrity,
    Rules,
}

impl Store {
    /// Checks everything: links, gaps, heads, instants, epochs and the order of disclosures. `progress` hears of
    /// entries done and entries in all.
    pub async fn verify(
        &self,
        progress: impl FnMut(u64, u64) + Send,
    ) -> Result<VerifyReport, Error> {
        self.check(Depth::Rules, progress).await
    }

    /// Checks links, gaps and heads, which needs no keys.
    pub async fn verify_integrity(
        &self,
        progress: impl FnMut(u64, u64) + Send,
    ) -> Result<VerifyReport, Error> {
        self.check(Depth::Integrity, progress).await
    }

    /// Checks one chain in the same way, to the end it has now; what is appended meanwhile is the next check's.
    pub async fn verify_chain(&self, chain: Chain) -> Result<VerifyReport, Error> {
        let mut report = VerifyReport {
            chains: 1,
            ..VerifyReport::default()
        };
        let head = ledger_heads::Entity::find_by_id(chain.id())
            .one(self.read())
            .await?;
        let Some(head) = head else {
            report.faults.push(Fault {
                chain: chain.id(),
                seq: 0,
                what: FaultKind::Chain,
            });
            return Ok(report);
        };
        let key = self.key_for_check(head.chain, &mut report).await?;
        let mut walk = Walk::new(chain, key);
        self.walk(&mut walk, &head, &mut report, &mut |_| {})
            .await?;
        Ok(report)
    }

    async fn check(
        &self,
        depth: Depth,
        mut progress: impl FnMut(u64, u64) + Send,
    ) -> Result<VerifyReport, Error> {
        let mut report = VerifyReport::default();
        let total = ledger_entries::Entity::find().count(self.read()).await?;
        // Chains before heads: one that begins meanwhile must not look headless.
        let mut chains: BTreeSet<Uuid> = ledger_entries::Entity::find()
            .select_only()
            .column(ledger_entries::Column::Chain)
            .distinct()
            .into_tuple::<Uuid>()
            .all(self.read())
            .await?
            .into_iter()
            .collect();
        let heads = ledger_heads::Entity::find()
            .order_by_asc(ledger_heads::Column::Chain)
            .all(self.read())
            .await?;
        for head in heads {
            chains.remove(&head.chain);
            let key = match depth {
                Depth::Integrity => None,
                Depth::Rules => self.key_for_check(head.chain, &mut report).await?,
            };
            let mut walk = Walk::new(Chain::of(head.chain), key);
            self.walk(&mut walk, &head, &mut report, &mut |done| {
                progress(done, total);
            })
            .await?;
            report.chains = report.chains.saturating_add(1);
        }
        for chain in chains {
            report.faults.push(Fault {
                chain,
                seq: 0,
                what: FaultKind::Chain,
            });
        }
        Ok(report)
    }

    async fn key_for_check(
        &self,
        chain: Uuid,
        report: &mut VerifyReport,
    ) -> Result<Option<Arc<DataKey>>, Error> {
        if chain.is_nil() {
            return Ok(Some(Arc::clone(self.house())));
        }
        let row = patients::Entity::find_by_id(chain).one(self.read()).await?;
        let fault = |what| Fault {
            chain,
            seq: 0,
            what,
        };
        match row.map(|row| self.patient_key(&row)) {
            None => {
                report.faults.push(fault(FaultKind::Chain));
                Ok(None)
            }
            Some(Ok(None)) => {
                report.shredded = report.shredded.saturating_add(1);
                Ok(None)
            }
            Some(Ok(key)) => Ok(key),
            Some(Err(error)) if error.is_broken_row() => {
                report.faults.push(fault(FaultKind::Body));
                Ok(None)
            }
            Some(Err(error)) => Err(error),
        }
    }

    /// Walks one chain to the end its head had when the check began: what is appended meanwhile is the next
    /// check's.
    async fn walk(
        &self,
        walk: &mut Walk,
        head: &ledger_heads::Model,
        report: &mut VerifyReport,
        progress: &mut (impl FnMut(u64) + Send),
    ) -> Result<(), Error> {
        let mut after = i64::MIN;
        loop {
            let rows = ledger_entries::Entity::find()
                .filter(ledger_entries::Column::Chain.eq(head.chain))
                .filter(ledger_entries::Column::Seq.gt(after))
                .order_by_asc(ledger_entries::Column::Seq)
                .limit(PAGE)
                .all(self.read())
                .await?;
            let Some(last) = rows.last() else { break };
            after = last.seq;
            for row in &rows {
                if row.seq > head.seq && !self.head_moved(head).await? {
                    report.faults.push(walk.fault(row.seq, FaultKind::Head));
                }
                if row.seq > head.seq {
                    break;
                }
                walk.entry(row, &mut report.faults);
                report.entries = report.entries.saturating_add(1);
            }
            progress(report.entries);
            if after >= head.seq {
                break;
            }
        }
        if walk.last_seq != u64::try_from(head.seq).unwrap_or(u64::MAX)
            || walk.last_hash != head.hash
            || (walk.key.is_some() && walk.last_at.map(|at| at.timestamp_micros()) != head.last_at)
        {
            report.faults.push(walk.fault(head.seq, FaultKind::Head));
        }
        if walk.key.is_some() && u64::try_from(head.epoch).unwrap_or_default() < walk.order.epoch()
        {
            report.faults.push(walk.fault(head.seq, FaultKind::Epoch));
        }
        Ok(())
    }

    async fn head_moved(&self, head: &ledger_heads::Model) -> Result<bool, Error> {
        let now = ledger_heads::Entity::find_by_id(head.chain)
            .one(self.read())
            .await?;
        Ok(now.is_some_and(|now| now.seq > head.seq))
    }
}

/// Where a walk along a chain stands.
struct Walk {
    chain: Chain,
    key: Option<Arc<DataKey>>,
    last_seq: u64,
    last_hash: Vec<u8>,
    last_at: Option<Instant>,
    order: Order,
}

impl Walk {
    fn new(chain: Chain, key: Option<Arc<DataKey>>) -> Self {
        Self {
            chain,
            key,
            last_seq: 0,
            last_hash: vec![0; HASH],
            last_at: None,
            order: Order::new(chain),
        }
    }

    fn fault(&self, seq: i64, what: FaultKind) -> Fault {
        Fault {
            chain: self.chain.id(),
            seq: u64::try_from(seq).unwrap_or_default(),
            what,
        }
    }

    fn entry(&mut self, row: &ledger_entries::Model, faults: &mut Vec<Fault>) {
        let seq = u64::try_from(row.seq).unwrap_or_default();
        if self.last_seq.checked_add(1) != Some(seq) {
            faults.push(self.fault(row.seq, FaultKind::Gap));
        }
        if row.prev != self.last_hash {
            faults.push(self.fault(row.seq, FaultKind::Link));
        }
        if entry_hash(self.chain, seq, &row.prev, &row.body) != row.hash {
            faults.push(self.fault(row.seq, FaultKind::Hash));
        }
        self.last_seq = seq;
        self.last_hash.clone_from(&row.hash);
        let Some(key) = &self.key else { return };
        match read_entry(key, row) {
            Err(_) => faults.push(self.fault(row.seq, FaultKind::Body)),
            Ok(entry) => {
                if self.last_at.is_some_and(|last| entry.body.at < last) {
                    faults.push(self.fault(row.seq, FaultKind::Instant));
                }
                self.last_at = Some(entry.body.at);
                for what in self.order.see(&entry.body) {
                    faults.push(self.fault(row.seq, what));
                }
            }
        }
    }
}
