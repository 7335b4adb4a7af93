//! Reading chains from their beginning.

use super::{Chain, Entry, read_entry, to_number};
use crate::entities::{ledger_entries, ledger_heads};
use crate::error::Error;
use crate::opening::Store;
use domain::clock::Instant;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

impl Store {
    /// The entries of a chain after that place, oldest first, at most `limit`; none when there is no such chain, or the
    /// record was shredded.
    pub async fn entries_after(
        &self,
        chain: Chain,
        after: u64,
        limit: u64,
    ) -> Result<Vec<Entry>, Error> {
        let Some(key) = self.chain_key(self.read(), chain).await? else {
            return Ok(Vec::new());
        };
        let rows = ledger_entries::Entity::find()
            .filter(ledger_entries::Column::Chain.eq(chain.id()))
            .filter(ledger_entries::Column::Seq.gt(to_number(after)?))
            .order_by_asc(ledger_entries::Column::Seq)
            .limit(limit)
            .all(self.read())
            .await?;
        rows.iter().map(|row| read_entry(&key, row)).collect()
    }

    /// Every chain, the house's first; with an instant, only those with an entry at or after it.
    pub async fn chains(&self, since: Option<Instant>) -> Result<Vec<Chain>, Error> {
        let mut query = ledger_heads::Entity::find().order_by_asc(ledger_heads::Column::Chain);
        if let Some(since) = since {
            query = query.filter(ledger_heads::Column::LastAt.gte(since.timestamp_micros()));
        }
        let heads = query.all(self.read()).await?;
        Ok(heads.iter().map(|head| Chain::of(head.chain)).collect())
    }
}
