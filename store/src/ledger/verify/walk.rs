//! Walking a chain entry by entry.

use super::house::House;
use super::order::Order;
use super::replay::{Again, Replay};
use super::{Fault, FaultKind, VerifyReport};
use crate::entities::{ledger_entries, ledger_heads};
use crate::ledger::{Chain, HASH, entry_hash, read_entry};
use crate::seal::DataKey;
use domain::clock::Instant;
use std::sync::Arc;

/// What opens the bodies of a chain, and what is known to decide by.
pub(super) struct Opened {
    pub key: Arc<DataKey>,
    /// Of a patient's chain.
    pub replay: Option<Replay>,
}

/// Where a walk along a chain stands.
pub(super) struct Walk {
    chain: Chain,
    opened: Option<Opened>,
    last_seq: u64,
    last_hash: Vec<u8>,
    last_at: Option<Instant>,
    order: Order,
}

impl Walk {
    pub(super) fn new(chain: Chain, opened: Option<Opened>) -> Self {
        Self {
            chain,
            opened,
            last_seq: 0,
            last_hash: vec![0; HASH],
            last_at: None,
            order: Order::new(chain),
        }
    }

    pub(super) fn fault(&self, seq: i64, what: FaultKind) -> Fault {
        Fault {
            chain: self.chain.id(),
            seq: u64::try_from(seq).unwrap_or_default(),
            what,
        }
    }

    /// The next entry.
    pub(super) fn entry(
        &mut self,
        row: ledger_entries::Model,
        house: &mut House,
        report: &mut VerifyReport,
    ) {
        report.entries = report.entries.saturating_add(1);
        report.one_by_one = report.one_by_one.saturating_add(1);
        let seq = u64::try_from(row.seq).unwrap_or_default();
        if self.last_seq.checked_add(1) != Some(seq) {
            report.faults.push(self.fault(row.seq, FaultKind::Gap));
        }
        if row.prev != self.last_hash {
            report.faults.push(self.fault(row.seq, FaultKind::Link));
        }
        if entry_hash(self.chain, seq, &row.prev, &row.body) != row.hash {
            report.faults.push(self.fault(row.seq, FaultKind::Hash));
        }
        self.last_seq = seq;
        if self.opened.is_some() {
            self.body(&row, house, report);
        }
        self.last_hash = row.hash;
    }

    fn body(&mut self, row: &ledger_entries::Model, house: &mut House, report: &mut VerifyReport) {
        let Some(opened) = &mut self.opened else {
            return;
        };
        let Ok(entry) = read_entry(&opened.key, row) else {
            report.faults.push(self.fault(row.seq, FaultKind::Body));
            return;
        };
        let mut found = self.order.see(&entry.body);
        match &mut opened.replay {
            None => house.see(&entry),
            Some(replay) => {
                let (again, fault) = replay.see(house, &entry);
                found.extend(fault);
                match again {
                    Again::Nothing => {}
                    Again::TooOld => report.too_old = report.too_old.saturating_add(1),
                    Again::Right => report.replayed = report.replayed.saturating_add(1),
                    Again::Wrong(what) => {
                        report.replayed = report.replayed.saturating_add(1);
                        found.insert(what);
                    }
                }
            }
        }
        if self.last_at.is_some_and(|last| entry.body.at < last) {
            report.faults.push(self.fault(row.seq, FaultKind::Instant));
        }
        self.last_at = Some(entry.body.at);
        for what in found {
            report.faults.push(self.fault(row.seq, what));
        }
    }

    /// The end of the chain, held against its head.
    pub(super) fn end(&self, head: &ledger_heads::Model, report: &mut VerifyReport) {
        report.chains = report.chains.saturating_add(1);
        let read = self.opened.is_some();
        if self.last_seq != u64::try_from(head.seq).unwrap_or(u64::MAX)
            || self.last_hash != head.hash
            || (read && self.last_at.map(|at| at.timestamp_micros()) != head.last_at)
        {
            report.faults.push(self.fault(head.seq, FaultKind::Head));
        }
        if read && u64::try_from(head.epoch).unwrap_or_default() < self.order.epoch() {
            report.faults.push(self.fault(head.seq, FaultKind::Epoch));
        }
    }
}
