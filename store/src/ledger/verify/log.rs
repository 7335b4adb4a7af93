//! Checking the log: that every entry in it stands in its chain, that its tree has the roots that were signed, and that
//! no checkpoint is missing, changed, or of another history than those kept elsewhere. Needs no keys.

use super::bulk::{Hashes, Leaves};
use super::{Check, Expected, Fault, FaultKind, KnownKey};
use crate::entities::{checkpoints, log_chains, log_leaves, log_tiles};
use crate::error::Error;
use crate::ledger::checkpoint::Checkpoint;
use crate::ledger::leaf_of;
use crate::ledger::merkle::{Edge, Hash, WIDTH};
use crate::signing::PublicKey;
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, Statement,
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// How many leaves are read at once: whole tiles.
const PAGE: u64 = 20 * WIDTH;
const BYTES: usize = 32;

#[derive(FromQueryResult)]
struct Joined {
    position: i64,
    chain: Uuid,
    seq: i64,
    /// `None`: the chain has no such entry.
    hash: Option<Vec<u8>>,
}

/// A place in the log, and what its entry comes to.
pub(super) struct Leaf {
    position: i64,
    chain: Uuid,
    seq: i64,
    /// `None`: the chain has no such entry.
    hash: Option<Hash>,
}

impl Leaf {
    /// Of an entry with that hash.
    pub(super) fn of(position: i64, chain: Uuid, seq: i64, hash: Option<&[u8]>) -> Self {
        let number = u64::try_from(seq).unwrap_or_default();
        Self {
            position,
            chain,
            seq,
            hash: hash.map(|hash| leaf_of(chain, number, hash)),
        }
    }
}

/// How far each chain was seen in the log.
#[derive(Default)]
struct Seen {
    of: HashMap<Uuid, i64>,
    /// The chain that was seen last, and how far: not in the map yet.
    last: Option<(Uuid, i64)>,
    /// An entry stood before the one before it.
    odd: bool,
}

impl Seen {
    fn see(&mut self, chain: Uuid, seq: i64) {
        let before = match self.last {
            Some((last, reached)) if last == chain => reached,
            _ => {
                self.settle();
                self.of.get(&chain).copied().unwrap_or_default()
            }
        };
        self.odd |= before.checked_add(1) != Some(seq);
        self.last = Some((chain, seq));
    }

    fn settle(&mut self) {
        if let Some((chain, reached)) = self.last.take() {
            self.of.insert(chain, reached);
        }
    }
}

#[derive(FromQueryResult)]
struct OfChain {
    chain: Uuid,
    seq: i64,
}

/// Chains of which the log holds something else than it says.
const CHAINS: &str = "SELECT l.chain AS chain, l.seq AS seq FROM log_chains l LEFT JOIN \
     (SELECT chain, MAX(seq) AS last, COUNT(*) AS number FROM log_leaves GROUP BY chain) g ON g.chain = l.chain \
     WHERE g.last IS NULL OR g.last <> l.seq OR g.number <> l.seq ORDER BY l.chain LIMIT 100";
const CHAINS_UNTOLD: &str = "SELECT g.chain AS chain, MAX(g.seq) AS seq FROM log_leaves g \
     LEFT JOIN log_chains l ON l.chain = g.chain WHERE l.chain IS NULL GROUP BY g.chain ORDER BY g.chain LIMIT 100";

/// A root that the log must have at some size.
struct Wanted {
    root: Hash,
    /// What it means if it has another.
    otherwise: FaultKind,
}

/// An entry that is not what the tile of its place has.
struct Unlike {
    position: u64,
    chain: Uuid,
    seq: u64,
}

/// The tree as it grows while leaves are read.
#[derive(Default)]
struct Growth {
    edge: Edge,
    /// The tree of what the tiles have, from where the two differ.
    of_tiles: Option<Edge>,
    /// Entries since the last root that are not what their tile has.
    unlike: Vec<Unlike>,
    /// The hashes of higher tiles, level by level.
    higher: BTreeMap<u32, Vec<u8>>,
    seen: Seen,
}

impl Growth {
    /// The next leaf: what the chain comes to, and what the tile has.
    fn push(&mut self, leaf: Hash, of_tile: Option<Hash>, at: Unlike) {
        let of_tile = of_tile.unwrap_or_default();
        if leaf != of_tile {
            self.unlike.push(at);
            if self.of_tiles.is_none() {
                self.of_tiles = Some(self.edge.clone());
            }
        }
        if let Some(edge) = &mut self.of_tiles {
            edge.push(of_tile, |_, _| {});
        }
        let higher = &mut self.higher;
        self.edge.push(leaf, |level, node| {
            higher.entry(level).or_default().extend_from_slice(node);
        });
    }

    /// Holds the tree against a root it must have.
    fn hold(&mut self, wanted: &[Wanted], faults: &mut Vec<Fault>) {
        let size = self.edge.size();
        let by_entries = self.edge.root();
        let by_tiles = self.of_tiles.as_ref().map_or(by_entries, Edge::root);
        let mut tiles_are_wrong = false;
        for wanted in wanted {
            if wanted.root == by_entries {
                tiles_are_wrong = true;
            } else if wanted.root != by_tiles {
                faults.push(Fault::of_log(size, wanted.otherwise));
            }
        }
        self.tell_unlike(tiles_are_wrong, faults);
    }

    fn tell_unlike(&mut self, tiles_are_wrong: bool, faults: &mut Vec<Fault>) {
        for unlike in self.unlike.drain(..) {
            faults.push(if tiles_are_wrong {
                Fault::of_log(unlike.position, FaultKind::Tile)
            } else {
                Fault {
                    chain: unlike.chain,
                    seq: unlike.seq,
                    what: FaultKind::Replaced,
                }
            });
        }
    }
}

/// What is read of the log at once.
struct Window {
    from: u64,
    until: u64,
    /// All leaves as one row; `None`: that is not to be had.
    many: Option<Leaves>,
    /// The tiles over them, by number.
    tiles: HashMap<u64, Vec<u8>>,
}

impl Window {
    /// Reads the leaves from a place on; `None`: it is the last.
    async fn read(
        read: &DatabaseConnection,
        from: u64,
        last: u64,
        hashes: &Hashes,
    ) -> Result<Option<Self>, Error> {
        if from >= last {
            return Ok(None);
        }
        let until = from.saturating_add(PAGE).min(last);
        let many = if hashes.is_empty() {
            None
        } else {
            Leaves::read(read, (from, until)).await
        };
        let bound = |at: u64| i64::try_from(at / WIDTH).unwrap_or(i64::MAX);
        let rows = log_tiles::Entity::find()
            .filter(log_tiles::Column::Level.eq(0))
            .filter(log_tiles::Column::Number.between(bound(from), bound(until)))
            .all(read)
            .await?;
        let tiles = rows
            .into_iter()
            .filter_map(|row| Some((u64::try_from(row.number).ok()?, row.hashes)))
            .collect();
        Ok(Some(Self {
            from,
            until,
            many,
            tiles,
        }))
    }

    const fn range(&self) -> (u64, u64) {
        (self.from, self.until)
    }
}

impl Check<'_> {
    /// Checks the log and every checkpoint.
    pub(super) async fn log(
        &mut self,
        expected: &Expected,
        hashes: &Hashes,
        progress: &mut (impl FnMut(u64, u64) + Send),
    ) -> Result<(), Error> {
        let before = self.report.faults.len();
        let (mut wanted, keys, last) = self.checkpoints(expected).await?;
        self.kept_elsewhere(expected, &keys, &mut wanted);
        let mut growth = Growth::default();
        let mut ahead = Window::read(self.read, 0, last, hashes).await?;
        while growth.edge.size() < last {
            let Some(window) = ahead.take() else { break };
            let (read, next) = (self.read, window.until);
            // The database reads the next while this one is hashed.
            let (following, taken) = tokio::join!(Window::read(read, next, last, hashes), async {
                let leaves = window.many.as_ref()?.leaves(hashes, window.range())?;
                Some(self.take(&mut growth, leaves, &window, &wanted))
            });
            let taken = if let Some(taken) = taken {
                taken
            } else {
                let rows = self.joined(window.range()).await?;
                let many = u64::try_from(rows.len()).unwrap_or(u64::MAX);
                self.report.one_by_one = self.report.one_by_one.saturating_add(many);
                self.take(&mut growth, rows, &window, &wanted)
            };
            progress(self.done(), self.total);
            if !taken {
                break;
            }
            ahead = following?;
        }
        growth.seen.settle();
        let walked = growth.edge.size();
        let faults = &mut self.report.faults;
        growth.tell_unlike(false, faults);
        if walked < last {
            faults.push(Fault::of_log(walked, FaultKind::LogGap));
        }
        for (size, _) in wanted.range(walked.saturating_add(1)..) {
            faults.push(Fault::of_log(*size, FaultKind::Short));
        }
        let beyond = self.unsigned(last).await?;
        if beyond > 0 || walked < last || !self.as_told(&growth.seen).await? {
            self.chains_of_log().await?;
        }
        if self.report.faults.len() == before {
            self.higher_tiles(&growth.higher).await?;
        }
        Ok(())
    }

    /// The checkpoints that are kept here: the roots they want, their keys, and the size of the last.
    async fn checkpoints(
        &mut self,
        expected: &Expected,
    ) -> Result<(BTreeMap<u64, Vec<Wanted>>, Vec<PublicKey>, u64), Error> {
        let rows = checkpoints::Entity::find()
            .order_by_asc(checkpoints::Column::Size)
            .all(self.read)
            .await?;
        let mut wanted: BTreeMap<u64, Vec<Wanted>> = BTreeMap::new();
        let mut keys: Vec<PublicKey> = Vec::new();
        let mut last = 0;
        for row in rows {
            self.report.checkpoints = self.report.checkpoints.saturating_add(1);
            let size = u64::try_from(row.size).unwrap_or_default();
            let key = row.key.try_into().ok().map(PublicKey);
            let key = key.filter(|key| expected.key.as_ref().is_none_or(|known| known.is(key)));
            let read = key.and_then(|key| {
                let checkpoint = Checkpoint::read(&row.note, &key).ok()?;
                let fits = checkpoint.size == size && checkpoint.at.timestamp_micros() == row.at;
                fits.then_some((key, checkpoint))
            });
            match read {
                None => self
                    .report
                    .faults
                    .push(Fault::of_log(size, FaultKind::Signature)),
                Some((key, checkpoint)) => {
                    if checkpoint.after != last {
                        self.report
                            .faults
                            .push(Fault::of_log(size, FaultKind::NoCheckpoint));
                    }
                    wanted.entry(size).or_default().push(Wanted {
                        root: checkpoint.root,
                        otherwise: FaultKind::Root,
                    });
                    if !keys.contains(&key) {
                        keys.push(key);
                    }
                }
            }
            last = size;
        }
        Ok((wanted, keys, last))
    }

    /// Adds the roots that checkpoints kept elsewhere want.
    fn kept_elsewhere(
        &mut self,
        expected: &Expected,
        keys: &[PublicKey],
        wanted: &mut BTreeMap<u64, Vec<Wanted>>,
    ) {
        let mut keys = keys.to_vec();
        if let Some(KnownKey::Whole(key)) = &expected.key {
            keys.push(*key);
        }
        for note in &expected.checkpoints {
            self.report.kept_elsewhere = self.report.kept_elsewhere.saturating_add(1);
            let read = keys.iter().find_map(|key| Checkpoint::read(note, key).ok());
            match read {
                None => self
                    .report
                    .faults
                    .push(Fault::of_log(0, FaultKind::Signature)),
                Some(checkpoint) => wanted.entry(checkpoint.size).or_default().push(Wanted {
                    root: checkpoint.root,
                    otherwise: FaultKind::Rewritten,
                }),
            }
        }
    }

    /// Puts the leaves of a window into the tree; `false`: there are none, or one is missing.
    fn take(
        &mut self,
        growth: &mut Growth,
        leaves: Vec<Leaf>,
        window: &Window,
        wanted: &BTreeMap<u64, Vec<Wanted>>,
    ) -> bool {
        for row in leaves {
            let position = growth.edge.size();
            if u64::try_from(row.position) != Ok(position) {
                return false;
            }
            self.report.logged = self.report.logged.saturating_add(1);
            growth.seen.see(row.chain, row.seq);
            let seq = u64::try_from(row.seq).unwrap_or_default();
            let of_tile = tile_hash(&window.tiles, position);
            let leaf = row.hash.unwrap_or_else(|| {
                self.report.faults.push(Fault {
                    chain: row.chain,
                    seq,
                    what: FaultKind::Missing,
                });
                // What the log had there, so that the rest can still be held against its roots.
                of_tile.unwrap_or_default()
            });
            growth.push(
                leaf,
                of_tile,
                Unlike {
                    position,
                    chain: row.chain,
                    seq,
                },
            );
            if let Some(wanted) = wanted.get(&growth.edge.size()) {
                growth.hold(wanted, &mut self.report.faults);
            }
        }
        growth.edge.size() == window.until
    }

    /// Leaves from one place to another, each read together with its entry.
    async fn joined(&self, (from, until): (u64, u64)) -> Result<Vec<Leaf>, Error> {
        let rows = Joined::find_by_statement(Statement::from_string(
            self.read.get_database_backend(),
            format!(
                "SELECT l.position AS position, l.chain AS chain, l.seq AS seq, e.hash AS hash FROM log_leaves l \
                 LEFT JOIN ledger_entries e ON e.chain = l.chain AND e.seq = l.seq \
                 WHERE l.position >= {from} AND l.position < {until} ORDER BY l.position"
            ),
        ))
        .all(self.read)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Leaf::of(row.position, row.chain, row.seq, row.hash.as_deref()))
            .collect())
    }

    /// Whether leaves stand behind the last checkpoint that no newer one has signed meanwhile; how many stand there.
    async fn unsigned(&mut self, last: u64) -> Result<u64, Error> {
        let last_row = i64::try_from(last).unwrap_or(i64::MAX);
        let beyond = log_leaves::Entity::find()
            .filter(log_leaves::Column::Position.gte(last_row))
            .count(self.read)
            .await?;
        if beyond == 0 {
            return Ok(0);
        }
        let newer = checkpoints::Entity::find()
            .filter(checkpoints::Column::Size.gt(last_row))
            .count(self.read)
            .await?;
        if newer == 0 {
            self.report
                .faults
                .push(Fault::of_log(last, FaultKind::Unsigned));
        }
        Ok(beyond)
    }

    /// Whether the log says of each chain what was seen of it, and nothing of any other.
    async fn as_told(&self, seen: &Seen) -> Result<bool, Error> {
        let told = log_chains::Entity::find().all(self.read).await?;
        Ok(!seen.odd
            && told.len() == seen.of.len()
            && told
                .iter()
                .all(|told| seen.of.get(&told.chain) == Some(&told.seq)))
    }

    /// Names the chains of which it doesn't.
    async fn chains_of_log(&mut self) -> Result<(), Error> {
        let backend = self.read.get_database_backend();
        for sql in [CHAINS, CHAINS_UNTOLD] {
            let rows = OfChain::find_by_statement(Statement::from_string(backend, sql))
                .all(self.read)
                .await?;
            for row in rows {
                self.report.faults.push(Fault {
                    chain: row.chain,
                    seq: u64::try_from(row.seq).unwrap_or_default(),
                    what: FaultKind::LogChain,
                });
            }
        }
        Ok(())
    }

    /// Holds the tiles above the leaves against what the leaves came to.
    async fn higher_tiles(&mut self, higher: &BTreeMap<u32, Vec<u8>>) -> Result<(), Error> {
        let rows = log_tiles::Entity::find()
            .filter(log_tiles::Column::Level.gt(0))
            .all(self.read)
            .await?;
        let kept: HashMap<(i64, i64), Vec<u8>> = rows
            .into_iter()
            .map(|row| ((row.level, row.number), row.hashes))
            .collect();
        let width = usize::try_from(WIDTH).unwrap_or(BYTES);
        for (level, hashes) in higher {
            for (number, tile) in (0_i64..).zip(hashes.chunks(width * BYTES)) {
                let is = kept.get(&(i64::from(*level), number));
                // It may have grown since the leaves were read.
                if !is.is_some_and(|is| is.starts_with(tile)) {
                    let leaves = WIDTH.saturating_pow(level.saturating_add(1));
                    let place = u64::try_from(number).unwrap_or_default();
                    self.report
                        .faults
                        .push(Fault::of_log(place.saturating_mul(leaves), FaultKind::Tile));
                }
            }
        }
        Ok(())
    }
}

/// The hash that the tile of a place has for it.
fn tile_hash(tiles: &HashMap<u64, Vec<u8>>, position: u64) -> Option<Hash> {
    let tile = tiles.get(&(position / WIDTH))?;
    let from = usize::try_from(position % WIDTH).ok()?.checked_mul(BYTES)?;
    tile.get(from..)?.first_chunk::<BYTES>().copied()
}
