//! Many entries as one row. What a check of links and log takes is mostly each row's own way out of the database; as one
//! value, thousands come at the price of one.
//!
//! What is found sound here is exactly what the walk entry by entry would find sound. Whatever else it is, is not told
//! here: the walk goes over the same entries again and names it. So a fault of this module can cost time and never hide
//! one of the ledger's.

use super::log::Leaf;
use crate::entities::ledger_heads;
use crate::ledger::{Chain, HASH, entry_digest};
use sea_orm::{DatabaseConnection, DbBackend, FromQueryResult, Statement, Value};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// How many entries are wanted in one statement.
const ENTRIES: u64 = 2_000;
/// Of how many entries the hashes are kept in memory until the log is checked, 32 bytes each. Of more, the log is read
/// together with the entries, row by row.
const KEPT: usize = 8_000_000;

/// Entries from one place (exclusive) to another (inclusive), in the order of chain and sequence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Range {
    pub after: (Uuid, i64),
    pub chain: Uuid,
    pub seq: i64,
}

impl Range {
    /// All of them.
    pub(super) const ALL: Self = Self {
        after: (Uuid::nil(), i64::MIN),
        chain: Uuid::max(),
        seq: i64::MAX,
    };

    /// Whether nothing stands behind it, whatever it calls itself.
    pub(super) fn is_open(self) -> bool {
        (self.chain, self.seq) == (Self::ALL.chain, Self::ALL.seq)
    }
}

/// Chains that are looked at together, or one long chain and what fits beside its end.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Unit {
    /// Their heads, in order.
    pub heads: Vec<Uuid>,
    /// In what pieces they are read. All but the last are of the first chain alone.
    pub pieces: Vec<Range>,
}

impl Unit {
    /// From before its first piece to the end of its last.
    pub(super) fn whole(&self) -> Range {
        let first = self.pieces.first().copied().unwrap_or(Range::ALL);
        let last = self.pieces.last().copied().unwrap_or(Range::ALL);
        Range {
            after: first.after,
            ..last
        }
    }
}

/// Puts all chains into units. Together these are every place there is, so that an entry of no known chain is in one too.
pub(super) fn units(heads: &BTreeMap<Uuid, ledger_heads::Model>) -> Vec<Unit> {
    let step = i64::try_from(ENTRIES).unwrap_or(i64::MAX);
    let mut units = Vec::new();
    let mut after = Range::ALL.after;
    let mut unit = Unit {
        heads: Vec::new(),
        pieces: Vec::new(),
    };
    let mut many: i64 = 0;
    let piece = |after: &mut (Uuid, i64), chain: Uuid, seq: i64| {
        let from = core::mem::replace(after, (chain, seq));
        Range {
            after: from,
            chain,
            seq,
        }
    };
    for (chain, head) in heads {
        if many.saturating_add(head.seq) > step
            && let Some(last) = unit.heads.last().copied()
        {
            unit.pieces.push(piece(&mut after, last, i64::MAX));
            units.push(unit);
            unit = Unit {
                heads: Vec::new(),
                pieces: Vec::new(),
            };
            many = 0;
        }
        unit.heads.push(*chain);
        let mut rest = head.seq;
        let mut until: i64 = 0;
        while rest > step {
            until = until.saturating_add(step);
            rest = rest.saturating_sub(step);
            unit.pieces.push(piece(&mut after, *chain, until));
        }
        many = many.saturating_add(rest);
    }
    unit.pieces
        .push(piece(&mut after, Range::ALL.chain, Range::ALL.seq));
    units.push(unit);
    units
}

/// The entries of one chain in a piece.
#[derive(FromQueryResult)]
pub(super) struct Group {
    chain: Uuid,
    number: i64,
    first: i64,
    last: i64,
    /// How many have hashes of the right length, and bytes throughout: what stands side by side must not be cut elsewhere
    /// than the columns are.
    fitting: i64,
    /// Of the bodies, with commas.
    lengths: String,
    /// Of each entry the hash before it, its own, and its body.
    bytes: Vec<u8>,
}

/// Reads a piece. `None`: it doesn't come out as such rows, which is for the walk to look at.
pub(super) async fn read(read: &DatabaseConnection, range: Range) -> Option<Vec<Group>> {
    let backend = read.get_database_backend();
    let columns = match backend {
        // `group_concat` takes bytes for what they are; the lengths tell if it ever did not. Of text, which SQLite keeps in
        // any column, the length is that of its letters, and would tell another place to cut at.
        DbBackend::Sqlite => {
            "COUNT(CASE WHEN length(prev) = 32 AND length(hash) = 32 AND typeof(prev) = 'blob' AND typeof(hash) = 'blob' \
             AND typeof(body) = 'blob' THEN 1 END) AS fitting, group_concat(length(body), ',') AS lengths, \
             CAST(group_concat(prev || hash || body, '') AS BLOB) AS bytes"
        }
        _ => {
            "COUNT(CASE WHEN octet_length(prev) = 32 AND octet_length(hash) = 32 THEN 1 END) AS fitting, \
             string_agg(octet_length(body)::text, ',') AS lengths, string_agg(prev || hash || body, ''::bytea) AS bytes"
        }
    };
    let mut values: Vec<Value> = vec![range.after.0.into(), range.after.1.into()];
    let upto = if range.is_open() {
        ""
    } else {
        values.extend([range.chain.into(), range.seq.into()]);
        " AND (chain, seq) <= ($3, $4)"
    };
    let of_piece = format!("FROM ledger_entries WHERE (chain, seq) > ($1, $2){upto}");
    let from = match backend {
        // The index that groups them by chain has them in the order of the sequence. To ask for that order would have each
        // row copied into a table of its own and sorted, which takes three times as long. If one day it isn't so, the walk
        // below finds them out of order, and nothing is taken for sound.
        DbBackend::Sqlite => of_piece,
        _ => format!(
            "FROM (SELECT chain, seq, prev, hash, body {of_piece} ORDER BY chain, seq) AS piece"
        ),
    };
    let sql = format!(
        "SELECT chain, COUNT(*) AS number, MIN(seq) AS first, MAX(seq) AS last, {columns} {from} \
         GROUP BY chain ORDER BY chain"
    );
    let statement = Statement::from_sql_and_values(backend, sql, values);
    // Of odd types, or too long for one value: the walk tells what it is.
    Group::find_by_statement(statement).all(read).await.ok()
}

/// Where a chain stands after some of its entries.
#[derive(Clone, Copy)]
struct Reached {
    seq: i64,
    hash: [u8; HASH],
}

const BEGINNING: Reached = Reached {
    seq: 0,
    hash: [0; HASH],
};

/// What the pieces of one unit came to so far.
pub(super) struct Tally {
    /// Where the first chain stands, of which there may be several pieces.
    first: Reached,
    entries: u64,
    hashes: Vec<(Uuid, Vec<[u8; HASH]>)>,
}

impl Tally {
    pub(super) const fn new() -> Self {
        Self {
            first: BEGINNING,
            entries: 0,
            hashes: Vec::new(),
        }
    }

    /// How many entries were found sound.
    pub(super) const fn entries(&self) -> u64 {
        self.entries
    }

    /// Takes in the next piece. `None`: something is off.
    pub(super) fn take(
        &mut self,
        unit: &Unit,
        piece: Range,
        groups: &[Group],
        heads: &BTreeMap<Uuid, ledger_heads::Model>,
    ) -> Option<()> {
        let last = unit.pieces.last() == Some(&piece);
        let wanted = if last {
            unit.heads.as_slice()
        } else {
            unit.heads.get(..1)?
        };
        if groups.len() != wanted.len() {
            return None;
        }
        for (index, (chain, group)) in wanted.iter().zip(groups).enumerate() {
            if group.chain != *chain {
                return None;
            }
            let from = if index == 0 { self.first } else { BEGINNING };
            let (reached, hashes) = group.walk(from)?;
            if last {
                let head = heads.get(chain)?;
                if head.seq != reached.seq || head.hash != reached.hash {
                    return None;
                }
            } else if reached.seq != piece.seq {
                return None;
            } else {
                self.first = reached;
            }
            self.entries = self
                .entries
                .saturating_add(u64::try_from(group.number).ok()?);
            self.hashes.push((*chain, hashes));
        }
        Some(())
    }
}

impl Group {
    /// Walks the entries from where their chain stands; where it stands then, and the hashes. `None`: something is off.
    fn walk(&self, from: Reached) -> Option<(Reached, Vec<[u8; HASH]>)> {
        let in_a_row = self.first == from.seq.checked_add(1)?
            && self.last.checked_sub(self.first)?.checked_add(1)? == self.number;
        if !in_a_row || self.fitting != self.number {
            return None;
        }
        let chain = Chain::of(self.chain);
        let mut hashes = Vec::with_capacity(usize::try_from(self.number).ok()?);
        let mut bytes = self.bytes.as_slice();
        let mut reached = from;
        for length in self.lengths.split(',') {
            let (prev, rest) = bytes.split_first_chunk::<HASH>()?;
            let (hash, rest) = rest.split_first_chunk::<HASH>()?;
            let (body, rest) = rest.split_at_checked(length.parse().ok()?)?;
            bytes = rest;
            let seq = reached.seq.checked_add(1)?;
            if *prev != reached.hash
                || entry_digest(chain, u64::try_from(seq).ok()?, prev, body) != *hash
            {
                return None;
            }
            reached = Reached { seq, hash: *hash };
            hashes.push(*hash);
        }
        (bytes.is_empty() && reached.seq == self.last).then_some((reached, hashes))
    }
}

/// The hashes of entries that were found sound, chain by chain from the first entry on.
#[derive(Default)]
pub(super) struct Hashes {
    of: HashMap<Uuid, Vec<[u8; HASH]>>,
    many: usize,
}

impl Hashes {
    /// Keeps those of a unit.
    pub(super) fn keep(&mut self, tally: Tally) {
        for (chain, hashes) in tally.hashes {
            self.many = self.many.saturating_add(hashes.len());
            if self.many <= KEPT {
                self.of.entry(chain).or_default().extend(hashes);
            }
        }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    fn of(&self, chain: Uuid) -> Option<&[[u8; HASH]]> {
        self.of.get(&chain).map(Vec::as_slice)
    }
}

/// Leaves of the log as one row.
#[derive(FromQueryResult)]
pub(super) struct Leaves {
    number: i64,
    first: Option<i64>,
    chains: Option<Vec<u8>>,
    seqs: Option<String>,
}

impl Leaves {
    /// Reads the leaves from one place (inclusive) to another (exclusive).
    pub(super) async fn read(read: &DatabaseConnection, (from, until): (u64, u64)) -> Option<Self> {
        let backend = read.get_database_backend();
        let (chains, seqs) = match backend {
            DbBackend::Sqlite => (
                "CAST(group_concat(chain, '') AS BLOB)",
                "group_concat(seq, ',')",
            ),
            _ => (
                "string_agg(uuid_send(chain), ''::bytea)",
                "string_agg(seq::text, ',')",
            ),
        };
        let sql = format!(
            "SELECT COUNT(*) AS number, MIN(position) AS first, {chains} AS chains, {seqs} AS seqs FROM \
             (SELECT position, chain, seq FROM log_leaves WHERE position >= {from} AND position < {until} \
             ORDER BY position) AS piece"
        );
        Self::find_by_statement(Statement::from_string(backend, sql))
            .one(read)
            .await
            .ok()?
    }

    /// The leaves, with the hashes of their entries as they were found sound. `None`: one is missing, or of an entry that
    /// was not among those.
    pub(super) fn leaves(&self, hashes: &Hashes, (from, until): (u64, u64)) -> Option<Vec<Leaf>> {
        // Places are unique: as many as there can be are all there are, one after the other.
        if self.first != i64::try_from(from).ok()
            || u64::try_from(self.number) != Ok(until.checked_sub(from)?)
        {
            return None;
        }
        let (chains, rest) = self.chains.as_ref()?.as_chunks::<16>();
        let number = usize::try_from(self.number).ok()?;
        if chains.len() != number || !rest.is_empty() {
            return None;
        }
        let mut leaves = Vec::with_capacity(number);
        let mut seqs = self.seqs.as_ref()?.split(',');
        // Entries of one chain come one after the other.
        let mut of: Option<(Uuid, &[[u8; HASH]])> = None;
        for (position, chain) in (self.first?..).zip(chains) {
            let chain = Uuid::from_bytes(*chain);
            let seq: i64 = seqs.next()?.parse().ok()?;
            let of_chain = match of {
                Some((known, hashes)) if known == chain => hashes,
                _ => hashes.of(chain)?,
            };
            of = Some((chain, of_chain));
            let hash = of_chain.get(usize::try_from(seq.checked_sub(1)?).ok()?)?;
            leaves.push(Leaf::of(position, chain, seq, Some(hash.as_slice())));
        }
        seqs.next().is_none().then_some(leaves)
    }
}
