//! Checking the ledger (POLICY §6): the links and the log without keys; with them, that no disclosure stands after the
//! end of what it rests on, and that the rules allow every one of them.

mod bulk;
mod fault;
mod house;
mod known;
mod log;
mod order;
mod replay;
mod walk;

pub use fault::{Fault, FaultKind, VerifyReport};
pub use known::KnownKey;

use super::Chain;
use crate::entities::{ledger_entries, ledger_heads, log_leaves, patients};
use crate::error::Error;
use crate::opening::{Store, connect_to_copy};
use crate::seal::DataKey;
use bulk::{Hashes, Range, Tally};
use core::fmt;
use house::House;
use replay::Replay;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;
use walk::{Opened, Walk};

/// How many entries are read at once.
const PAGE: u64 = 2_000;

/// What is known of a ledger from elsewhere, to hold it against.
#[derive(Clone, Default, Debug)]
pub struct Expected {
    /// The key that checkpoints must be signed with; `None`: the one that stands beside each.
    pub key: Option<KnownKey>,
    /// Signed notes that were kept elsewhere: the log must go on from every one of them.
    pub checkpoints: Vec<String>,
}

/// The ledger of a database that is only looked at, without any key.
pub struct LedgerCopy {
    read: DatabaseConnection,
}

impl fmt::Debug for LedgerCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LedgerCopy")
    }
}

impl LedgerCopy {
    /// Opens a database to look at it; nothing is written to it, and its schema stays.
    ///
    /// # Errors
    /// [`Error::Connect`]; [`Error::OlderSchema`] when there is no log in it.
    pub async fn open(options: &crate::Options) -> Result<Self, Error> {
        Ok(Self {
            read: connect_to_copy(options).await?,
        })
    }

    /// Checks links, heads, log and checkpoints. `progress` hears of what is done and of all.
    pub async fn verify(
        &self,
        expected: &Expected,
        progress: impl FnMut(u64, u64) + Send,
    ) -> Result<VerifyReport, Error> {
        let mut check = Check::new(&self.read, None);
        check.everything(expected, progress).await?;
        Ok(check.report)
    }
}

impl Store {
    /// Checks everything: links, heads, log, checkpoints, instants, epochs, and every disclosure against the rules.
    /// `progress` hears of what is done and of all.
    pub async fn verify(
        &self,
        progress: impl FnMut(u64, u64) + Send,
    ) -> Result<VerifyReport, Error> {
        self.verify_against(&Expected::default(), progress).await
    }

    /// The same, held against what is known from elsewhere. Where no key is expected, it is the store's own.
    pub async fn verify_against(
        &self,
        expected: &Expected,
        progress: impl FnMut(u64, u64) + Send,
    ) -> Result<VerifyReport, Error> {
        let mut expected = expected.clone();
        expected
            .key
            .get_or_insert_with(|| KnownKey::Whole(self.public_key()));
        let mut check = Check::new(self.read(), Some(self));
        check.everything(&expected, progress).await?;
        Ok(check.report)
    }

    /// Checks links, heads, log and checkpoints, which needs no keys.
    pub async fn verify_integrity(
        &self,
        progress: impl FnMut(u64, u64) + Send,
    ) -> Result<VerifyReport, Error> {
        let mut check = Check::new(self.read(), None);
        check.everything(&Expected::default(), progress).await?;
        Ok(check.report)
    }

    /// Checks one chain, to the end it has now; what is appended meanwhile is the next check's.
    pub async fn verify_chain(&self, chain: Chain) -> Result<VerifyReport, Error> {
        let mut check = Check::new(self.read(), Some(self));
        if chain != Chain::House {
            // Roles and programs are told there; what is wrong with it is another check's.
            check.chains(Some(Chain::House), &mut |_, _| {}).await?;
            check.report = VerifyReport::default();
        }
        check.chains(Some(chain), &mut |_, _| {}).await?;
        if check.report.chains == 0 {
            check.report.chains = 1;
            check.report.faults.push(Fault {
                chain: chain.id(),
                seq: 0,
                what: FaultKind::Chain,
            });
        }
        Ok(check.report)
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
}

/// One check, as far as it has come.
struct Check<'a> {
    read: &'a DatabaseConnection,
    /// With it, bodies are opened.
    store: Option<&'a Store>,
    house: House,
    report: VerifyReport,
    total: u64,
}

impl<'a> Check<'a> {
    fn new(read: &'a DatabaseConnection, store: Option<&'a Store>) -> Self {
        Self {
            read,
            store,
            house: House::new(),
            report: VerifyReport::default(),
            total: 0,
        }
    }

    /// How much is done; never more than all, however many entries come in meanwhile.
    fn done(&self) -> u64 {
        let done = self.report.entries.saturating_add(self.report.logged);
        Ord::min(done, self.total)
    }

    async fn everything(
        &mut self,
        expected: &Expected,
        mut progress: impl FnMut(u64, u64) + Send,
    ) -> Result<(), Error> {
        let entries = ledger_entries::Entity::find().count(self.read).await?;
        let leaves = log_leaves::Entity::find().count(self.read).await?;
        self.total = entries.saturating_add(leaves);
        let hashes = if self.store.is_none() {
            self.links(&mut progress).await?
        } else {
            // Each body is opened, and decided again: what a row's way costs is the least of it.
            self.chains(None, &mut progress).await?;
            Hashes::default()
        };
        self.log(expected, &hashes, &mut progress).await
    }

    /// Checks links and hashes of every chain, many entries at a time; where that doesn't find everything sound, entry by
    /// entry.
    async fn links(
        &mut self,
        progress: &mut (impl FnMut(u64, u64) + Send),
    ) -> Result<Hashes, Error> {
        let heads = self.heads(None).await?;
        let units = bulk::units(&heads);
        let mut pieces = units.iter().flat_map(|unit| &unit.pieces).copied();
        let mut hashes = Hashes::default();
        let mut ahead = match pieces.next() {
            Some(first) => bulk::read(self.read, first).await,
            None => None,
        };
        for unit in &units {
            let mut tally = Some(Tally::new());
            for piece in &unit.pieces {
                let next = pieces.next();
                let read = self.read;
                // The database reads the next while this one is hashed.
                let (following, sound) = tokio::join!(
                    async move {
                        match next {
                            Some(next) => bulk::read(read, next).await,
                            None => None,
                        }
                    },
                    async {
                        let groups = ahead.take()?;
                        tally.as_mut()?.take(unit, *piece, &groups, &heads)
                    }
                );
                ahead = following;
                if sound.is_none() {
                    tally = None;
                }
            }
            if let Some(tally) = tally {
                let chains = u64::try_from(unit.heads.len()).unwrap_or_default();
                self.report.chains = self.report.chains.saturating_add(chains);
                self.report.entries = self.report.entries.saturating_add(tally.entries());
                hashes.keep(tally);
            } else {
                let of_unit = unit
                    .heads
                    .iter()
                    .filter_map(|chain| Some((*chain, heads.get(chain)?.clone())))
                    .collect();
                self.walk(of_unit, None, unit.whole(), progress).await?;
            }
            progress(self.done(), self.total);
        }
        Ok(hashes)
    }

    /// Walks every chain, or one, to the end its head had when the walk began: what is appended meanwhile is the next
    /// check's. The house's chain comes first: the others are decided by it.
    async fn chains(
        &mut self,
        only: Option<Chain>,
        progress: &mut (impl FnMut(u64, u64) + Send),
    ) -> Result<(), Error> {
        let heads = self.heads(only).await?;
        let after = (only.map_or(Uuid::nil(), Chain::id), i64::MIN);
        let range = Range {
            after,
            ..Range::ALL
        };
        self.walk(heads, only, range, progress).await
    }

    /// Walks the chains of these heads, entry by entry, which are all there are between two places.
    async fn walk(
        &mut self,
        mut heads: BTreeMap<Uuid, ledger_heads::Model>,
        only: Option<Chain>,
        mut range: Range,
        progress: &mut (impl FnMut(u64, u64) + Send),
    ) -> Result<(), Error> {
        let mut walk: Option<(ledger_heads::Model, Walk)> = None;
        let mut headless: Option<Uuid> = None;
        loop {
            let rows = self.entries_after(only, range).await?;
            let Some(last) = rows.last() else { break };
            range.after = (last.chain, last.seq);
            for row in rows {
                if walk
                    .as_ref()
                    .is_none_or(|(head, _)| head.chain != row.chain)
                {
                    if let Some((head, walk)) = walk.take() {
                        walk.end(&head, &mut self.report);
                    }
                    match heads.remove(&row.chain) {
                        Some(head) => walk = Some(self.begin(head).await?),
                        None if headless != Some(row.chain) => {
                            headless = Some(row.chain);
                            self.headless(row.chain).await?;
                        }
                        None => {}
                    }
                }
                let Some((head, walk)) = &mut walk else {
                    continue;
                };
                if row.seq <= head.seq {
                    walk.entry(row, &mut self.house, &mut self.report);
                } else if !head_moved(self.read, head).await? {
                    self.report
                        .faults
                        .push(walk.fault(row.seq, FaultKind::Head));
                }
            }
            progress(self.done(), self.total);
        }
        if let Some((head, walk)) = walk {
            walk.end(&head, &mut self.report);
        }
        for head in heads.into_values() {
            let (head, walk) = self.begin(head).await?;
            walk.end(&head, &mut self.report);
        }
        Ok(())
    }

    async fn heads(
        &self,
        only: Option<Chain>,
    ) -> Result<BTreeMap<Uuid, ledger_heads::Model>, Error> {
        let mut query = ledger_heads::Entity::find();
        if let Some(only) = only {
            query = query.filter(ledger_heads::Column::Chain.eq(only.id()));
        }
        let heads = query.all(self.read).await?;
        Ok(heads.into_iter().map(|head| (head.chain, head)).collect())
    }

    async fn entries_after(
        &self,
        only: Option<Chain>,
        range: Range,
    ) -> Result<Vec<ledger_entries::Model>, Error> {
        let place = || {
            Expr::tuple([
                Expr::col(ledger_entries::Column::Chain),
                Expr::col(ledger_entries::Column::Seq),
            ])
        };
        let at = |chain: Uuid, seq: i64| Expr::tuple([Expr::value(chain), Expr::value(seq)]);
        let mut wanted = Condition::all().add(place().gt(at(range.after.0, range.after.1)));
        if !range.is_open() {
            wanted = wanted.add(place().lte(at(range.chain, range.seq)));
        }
        if let Some(only) = only {
            wanted = wanted.add(ledger_entries::Column::Chain.eq(only.id()));
        }
        Ok(ledger_entries::Entity::find()
            .filter(wanted)
            .order_by_asc(ledger_entries::Column::Chain)
            .order_by_asc(ledger_entries::Column::Seq)
            .limit(PAGE)
            .all(self.read)
            .await?)
    }

    async fn begin(
        &mut self,
        head: ledger_heads::Model,
    ) -> Result<(ledger_heads::Model, Walk), Error> {
        let chain = Chain::of(head.chain);
        let opened = match self.store {
            None => None,
            Some(store) => match store.key_for_check(head.chain, &mut self.report).await? {
                None => None,
                Some(key) => {
                    let replay = match chain {
                        Chain::House => None,
                        Chain::Patient(patient) => {
                            let kept = store.kept_consents(&key, patient).await?;
                            Some(Replay::new(patient, kept))
                        }
                    };
                    Some(Opened { key, replay })
                }
            },
        };
        Ok((head, Walk::new(chain, opened)))
    }

    /// Entries without a head: a fault, unless the chain began after the heads were read.
    async fn headless(&mut self, chain: Uuid) -> Result<(), Error> {
        let head = ledger_heads::Entity::find_by_id(chain)
            .one(self.read)
            .await?;
        if head.is_none() {
            self.report.faults.push(Fault {
                chain,
                seq: 0,
                what: FaultKind::Chain,
            });
        }
        Ok(())
    }
}

/// Whether the chain went on since its head was read.
async fn head_moved(read: &DatabaseConnection, head: &ledger_heads::Model) -> Result<bool, Error> {
    let now = ledger_heads::Entity::find_by_id(head.chain)
        .one(read)
        .await?;
    Ok(now.is_some_and(|now| now.seq > head.seq))
}
