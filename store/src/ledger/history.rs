//! Reading a chain, newest first.

use super::{Chain, Entry, read_entry, to_number};
use crate::entities::{ledger_entries, ledger_heads};
use crate::error::Error;
use crate::opening::Store;
use crate::seal::DataKey;
use domain::clock::Instant;
use domain::id::PatientId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Which entries to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HistoryQuery {
    /// Only entries before this place; `None`: from the newest.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u64,
    /// Only entries at or after this instant.
    pub from: Option<Instant>,
    /// Only entries before this instant.
    pub until: Option<Instant>,
}

impl Default for HistoryQuery {
    fn default() -> Self {
        Self {
            before: None,
            limit: 50,
            from: None,
            until: None,
        }
    }
}

const PAGE: u64 = 200;

impl Store {
    /// The entries of a patient's chain, newest first; none when there is no such patient.
    pub async fn history(
        &self,
        patient: PatientId,
        query: HistoryQuery,
    ) -> Result<Vec<Entry>, Error> {
        self.entries(Chain::Patient(patient), query).await
    }

    /// How many entries a patient's chain has.
    pub async fn history_count(&self, patient: PatientId) -> Result<u64, Error> {
        let head = ledger_heads::Entity::find_by_id(patient.0)
            .one(self.read())
            .await?;
        Ok(head.map_or(0, |head| u64::try_from(head.seq).unwrap_or_default()))
    }

    /// The place of the first entry at or after an instant, found by halving: instants never decrease along a chain. A
    /// chain with a gap is read from its end.
    async fn place_of(&self, chain: Chain, key: &DataKey, at: Instant) -> Result<i64, Error> {
        let head = ledger_heads::Entity::find_by_id(chain.id())
            .one(self.read())
            .await?;
        let (mut earlier, mut later) = (0, head.map_or(1, |head| head.seq.saturating_add(1)));
        while later.saturating_sub(earlier) > 1 {
            let middle = i64::midpoint(earlier, later);
            let row = ledger_entries::Entity::find_by_id((chain.id(), middle))
                .one(self.read())
                .await?;
            let Some(row) = row else {
                return Ok(i64::MAX);
            };
            if read_entry(key, &row)?.body.at < at {
                earlier = middle;
            } else {
                later = middle;
            }
        }
        Ok(later)
    }

    /// The entries of any chain, newest first.
    pub async fn entries(&self, chain: Chain, query: HistoryQuery) -> Result<Vec<Entry>, Error> {
        let Some(key) = self.chain_key(self.read(), chain).await? else {
            return Ok(Vec::new());
        };
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let mut before = match query.before {
            Some(before) => to_number(before)?,
            None => i64::MAX,
        };
        if let Some(until) = query.until {
            before = before.min(self.place_of(chain, &key, until).await?);
        }
        let mut found = Vec::new();
        loop {
            let rows = ledger_entries::Entity::find()
                .filter(ledger_entries::Column::Chain.eq(chain.id()))
                .filter(ledger_entries::Column::Seq.lt(before))
                .order_by_desc(ledger_entries::Column::Seq)
                .limit(PAGE.min(query.limit.max(1)))
                .all(self.read())
                .await?;
            let Some(last) = rows.last() else {
                return Ok(found);
            };
            before = last.seq;
            for row in &rows {
                let entry = read_entry(&key, row)?;
                // Instants never decrease along a chain: nothing older can follow.
                if query.from.is_some_and(|from| entry.body.at < from) || found.len() >= limit {
                    return Ok(found);
                }
                if query.until.is_none_or(|until| entry.body.at < until) {
                    found.push(entry);
                }
            }
        }
    }
}
