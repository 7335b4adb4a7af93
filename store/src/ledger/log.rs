//! The log: every entry of every chain in one order, under one Merkle tree (RFC 6962).
//!
//! The order is made by the checkpoints: each puts what is not in the log yet behind what is, by chain and place.
//! Appending to a chain writes nothing here and waits for nothing here.

use super::checkpoint::{Checkpoint, SignedCheckpoint};
use super::merkle::{self, Hash, TileAt, Tiles, Under};
use super::{Chain, to_number};
use crate::entities::{checkpoints, log_chains, log_leaves, log_tiles, sealed_keys};
use crate::error::Error;
use crate::house_keys::SIGNING;
use crate::opening::Store;
use crate::signing::PublicKey;
use domain::id::PatientId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many entries one checkpoint takes in at most; of more there are several checkpoints, so that no transaction
/// keeps others waiting for long.
const AT_ONCE: u64 = 10_000;
/// How many rows are written by one statement.
const ROWS: usize = 1_000;

/// What the log holds of an entry: its chain, its place and its hash. This is what is hashed into the tree.
pub fn leaf_data(chain: Uuid, seq: u64, hash: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(16 + 8 + hash.len());
    data.extend_from_slice(chain.as_bytes());
    data.extend_from_slice(&seq.to_be_bytes());
    data.extend_from_slice(hash);
    data
}

/// The hash of an entry's leaf (RFC 6962 §2.1).
pub(crate) fn leaf_of(chain: Uuid, seq: u64, hash: &[u8]) -> Hash {
    merkle::leaf_hash_of([chain.as_bytes(), &seq.to_be_bytes(), hash])
}

/// Where the log says that an entry stands, and that it does: with a checkpoint, all that is needed to check it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inclusion {
    /// The entry's hash.
    pub hash: Hash,
    /// Its place in the log, from 0.
    pub position: u64,
    /// The nodes from the leaf to the root (RFC 6962 §2.1.1).
    pub path: Vec<Hash>,
    /// The checkpoint whose root it leads to.
    pub checkpoint: SignedCheckpoint,
}

#[derive(FromQueryResult)]
struct NewEntry {
    chain: Uuid,
    seq: i64,
    hash: Vec<u8>,
}

/// Entries that a chain's head has and the log has not, in the log's order.
const NEW_ENTRIES: &str = "SELECT e.chain AS chain, e.seq AS seq, e.hash AS hash FROM ledger_heads h \
     LEFT JOIN log_chains l ON l.chain = h.chain \
     JOIN ledger_entries e ON e.chain = h.chain AND e.seq > COALESCE(l.seq, 0) AND e.seq <= h.seq \
     WHERE h.seq > COALESCE(l.seq, 0) ORDER BY e.chain, e.seq LIMIT ";

/// How many entries the log has by then.
fn size_of(checkpoint: Option<&SignedCheckpoint>) -> u64 {
    checkpoint.map_or(0, |it| it.checkpoint.size)
}

impl Store {
    /// Takes into the log what is not in it yet, and signs; the newest checkpoint, whether it was made now or stood.
    /// `None`: nothing has ever been logged.
    pub async fn checkpoint(&self) -> Result<Option<SignedCheckpoint>, Error> {
        loop {
            let (newest, more) = self.next_checkpoint().await?;
            if !more {
                return Ok(newest);
            }
        }
    }

    /// The newest checkpoint.
    pub async fn last_checkpoint(&self) -> Result<Option<SignedCheckpoint>, Error> {
        last(self.read()).await
    }

    /// One transaction's worth; tells also whether there may be more.
    async fn next_checkpoint(&self) -> Result<(Option<SignedCheckpoint>, bool), Error> {
        // Every chain is looked at for what is new, and nobody who writes waits for that: entries never change.
        let known = size_of(last(self.read()).await?.as_ref());
        let new = NewEntry::find_by_statement(Statement::from_string(
            self.read().get_database_backend(),
            format!("{NEW_ENTRIES}{AT_ONCE}"),
        ))
        .all(self.read())
        .await?;
        let transaction = self.begin().await?;
        // Checkpoints take turns, of several servers too.
        sealed_keys::Entity::find_by_id(SIGNING.to_owned())
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let before = last(&transaction).await?;
        let size = size_of(before.as_ref());
        if size != known {
            // Another server made one meanwhile, and may have taken in the same.
            return Ok((before, true));
        }
        if new.is_empty() {
            return Ok((before, false));
        }
        let more = u64::try_from(new.len()).unwrap_or(u64::MAX) >= AT_ONCE;
        let (root, grown) = take_in(&transaction, size, &new).await?;
        let checkpoint = Checkpoint {
            size: grown,
            root,
            at: self.clock().now(),
            after: size,
        };
        let signed = SignedCheckpoint {
            checkpoint,
            key: self.public_key(),
            note: checkpoint.sign(self.signer()),
        };
        checkpoints::Entity::insert(checkpoints::ActiveModel {
            size: Set(to_number(grown)?),
            at: Set(checkpoint.at.timestamp_micros()),
            key: Set(signed.key.0.to_vec()),
            note: Set(signed.note.clone()),
        })
        .exec_without_returning(&transaction)
        .await?;
        transaction.commit().await?;
        Ok((Some(signed), more))
    }

    /// The proof that an entry of a patient's chain is in the log; made a checkpoint for, if it isn't yet. `None`: there
    /// is no such entry.
    pub async fn prove(&self, patient: PatientId, seq: u64) -> Result<Option<Inclusion>, Error> {
        let chain = Chain::Patient(patient);
        if let Some(found) = self.find_in_log(chain, seq).await? {
            return Ok(Some(found));
        }
        self.checkpoint().await?;
        self.find_in_log(chain, seq).await
    }

    async fn find_in_log(&self, chain: Chain, seq: u64) -> Result<Option<Inclusion>, Error> {
        let leaf = log_leaves::Entity::find()
            .filter(log_leaves::Column::Chain.eq(chain.id()))
            .filter(log_leaves::Column::Seq.eq(to_number(seq)?))
            .one(self.read())
            .await?;
        let entry =
            crate::entities::ledger_entries::Entity::find_by_id((chain.id(), to_number(seq)?))
                .one(self.read())
                .await?;
        let (Some(leaf), Some(entry)) = (leaf, entry) else {
            return Ok(None);
        };
        let newest = self.last_checkpoint().await?;
        let broken = || Error::row("log_leaves", "position", chain.id().as_bytes());
        let position = u64::try_from(leaf.position).map_err(|_| broken())?;
        let checkpoint = newest
            .filter(|newest| newest.checkpoint.size > position)
            .ok_or_else(broken)?;
        let size = checkpoint.checkpoint.size;
        let nodes = merkle::inclusion(position, size).ok_or_else(broken)?;
        Ok(Some(Inclusion {
            hash: entry.hash.try_into().map_err(|_| broken())?,
            position,
            path: path(self.read(), &nodes).await?,
            checkpoint,
        }))
    }

    /// The proof that the log of the newer size begins with that of the older (RFC 6962 §2.1.2). Both are sizes of
    /// checkpoints.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the log is not that long.
    pub async fn prove_consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, Error> {
        let nodes = merkle::consistency(old, new).ok_or(Error::NotFound("checkpoint"))?;
        path(self.read(), &nodes).await
    }
}

/// The newest checkpoint as it is kept; a note that can't be read is an error, never overwritten.
async fn last(connection: &impl ConnectionTrait) -> Result<Option<SignedCheckpoint>, Error> {
    let row = checkpoints::Entity::find()
        .order_by_desc(checkpoints::Column::Size)
        .one(connection)
        .await?;
    row.map(|row| {
        let broken = |column| Error::row("checkpoints", column, &row.size.to_be_bytes());
        let key = PublicKey(row.key.try_into().map_err(|_| broken("key"))?);
        let checkpoint = Checkpoint::read(&row.note, &key).map_err(|_| broken("note"))?;
        if to_number(checkpoint.size)? != row.size {
            return Err(broken("size"));
        }
        Ok(SignedCheckpoint {
            checkpoint,
            key,
            note: row.note,
        })
    })
    .transpose()
}

/// Puts entries behind a log of that size; the new root and size.
async fn take_in(
    transaction: &DatabaseTransaction,
    size: u64,
    new: &[NewEntry],
) -> Result<(Hash, u64), Error> {
    let mut growing = Tiles::growing(size);
    growing.extend(Tiles::needed(&[Under::all(size)]));
    let mut tiles = tiles(transaction, &growing).await?;
    let broken = || Error::row("log_tiles", "hashes", &size.to_be_bytes());
    let mut grown = size;
    let mut leaves = Vec::with_capacity(new.len());
    let mut chains: BTreeMap<Uuid, i64> = BTreeMap::new();
    for entry in new {
        let seq = u64::try_from(entry.seq)
            .map_err(|_| Error::row("ledger_entries", "seq", entry.chain.as_bytes()))?;
        let leaf = leaf_of(entry.chain, seq, &entry.hash);
        tiles.push(grown, leaf).ok_or_else(broken)?;
        leaves.push(log_leaves::ActiveModel {
            position: Set(to_number(grown)?),
            chain: Set(entry.chain),
            seq: Set(entry.seq),
        });
        chains.insert(entry.chain, entry.seq);
        grown = grown.checked_add(1).ok_or(Error::TooLong)?;
    }
    for rows in leaves.chunks(ROWS) {
        log_leaves::Entity::insert_many(rows.iter().cloned())
            .exec_without_returning(transaction)
            .await?;
    }
    let chains: Vec<log_chains::ActiveModel> = chains
        .into_iter()
        .map(|(chain, seq)| log_chains::ActiveModel {
            chain: Set(chain),
            seq: Set(seq),
        })
        .collect();
    for rows in chains.chunks(ROWS) {
        log_chains::Entity::insert_many(rows.iter().cloned())
            .on_conflict(
                OnConflict::column(log_chains::Column::Chain)
                    .update_column(log_chains::Column::Seq)
                    .to_owned(),
            )
            .exec_without_returning(transaction)
            .await?;
    }
    let root = tiles.node(Under::all(grown)).ok_or_else(broken)?;
    keep(transaction, size, &tiles).await?;
    Ok((root, grown))
}

/// Keeps the tiles that leaves from that size on went into.
async fn keep(transaction: &DatabaseTransaction, size: u64, tiles: &Tiles) -> Result<(), Error> {
    for ((level, number), hashes) in tiles.iter() {
        if !merkle::grows(size, (level, number)) {
            continue;
        }
        log_tiles::Entity::insert(log_tiles::ActiveModel {
            level: Set(i64::from(level)),
            number: Set(to_number(number)?),
            hashes: Set(hashes.to_vec()),
        })
        .on_conflict(
            OnConflict::columns([log_tiles::Column::Level, log_tiles::Column::Number])
                .update_column(log_tiles::Column::Hashes)
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    }
    Ok(())
}

/// The nodes over these leaves, in their order.
async fn path(connection: &impl ConnectionTrait, nodes: &[Under]) -> Result<Vec<Hash>, Error> {
    let tiles = tiles(connection, &Tiles::needed(nodes)).await?;
    nodes
        .iter()
        .map(|node| {
            tiles
                .node(*node)
                .ok_or_else(|| Error::row("log_tiles", "hashes", b""))
        })
        .collect()
}

/// Reads tiles by where they stand.
async fn tiles(connection: &impl ConnectionTrait, wanted: &[TileAt]) -> Result<Tiles, Error> {
    let mut found = Tiles::default();
    if wanted.is_empty() {
        return Ok(found);
    }
    let mut any = Condition::any();
    for (level, number) in wanted {
        any = any.add(
            Condition::all()
                .add(log_tiles::Column::Level.eq(i64::from(*level)))
                .add(log_tiles::Column::Number.eq(to_number(*number)?)),
        );
    }
    let rows = log_tiles::Entity::find()
        .filter(any)
        .all(connection)
        .await?;
    for row in rows {
        let broken = |column| Error::row("log_tiles", column, &row.number.to_be_bytes());
        let at = (
            u32::try_from(row.level).map_err(|_| broken("level"))?,
            u64::try_from(row.number).map_err(|_| broken("number"))?,
        );
        found.put(at, row.hashes);
    }
    Ok(found)
}
