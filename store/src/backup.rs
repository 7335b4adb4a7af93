//! Backups: one sealed file with everything a database holds, taken at one instant while the portal serves, and the way
//! back, which checks everything before it is put in place.
//!
//! ```text
//! confide-backup-1\n
//! length (4 bytes), header (JSON, in clear): which backup, when, from which schema, its wrapped key, the public key
//! chunks: length (4 bytes), ciphertext; AES-256-GCM by the STREAM construction (counter and last mark in the nonce),
//! each bound to the SHA-256 of the header
//! ```
//!
//! The plaintext of the chunks is a sequence of records: a table with its columns, its rows, the next table, and at the
//! end what must have come of it. Values are sealed in it as they are in the database. Both databases write and read the
//! same.

mod frames;
mod restoring;
mod rows;

pub use restoring::{Restored, restore};
pub use rows::tables;

use crate::entities::ledger_heads;
use crate::entropy::{fresh_key, random};
use crate::error::Error;
use crate::keys::{KeyError, KeyProvider, Wrappings};
use crate::ledger::Chain;
use crate::ledger::checkpoint::SignedCheckpoint;
use crate::ledger::event::Event;
use crate::opening::Store;
use crate::signing::PublicKey;
use crate::stamp::Stamp;
use domain::clock::Instant;
use domain::id::BackupId;
use frames::Writer;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait,
    IsolationLevel, QueryOrder, TransactionOptions, TransactionTrait,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"confide-backup-1\n";
/// The longest header that is read.
const HEADER_AT_MOST: u32 = 64 * 1024;

/// What is wrong with a backup, or with putting it in place.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file can't be read or written.
    #[error("the file can't be read or written: {}", .0.kind())]
    Io(#[from] std::io::Error),
    /// It is no backup.
    #[error("this is not a backup of this program")]
    NotABackup,
    /// It was cut off, changed, or is not whole.
    #[error("the backup was changed or is not whole")]
    Damaged,
    /// It was made with another schema.
    #[error(
        "the backup is of another version of this program: put it back with that one, then let the new one upgrade it"
    )]
    OtherVersion,
    /// The key is not the one that the backup was sealed with.
    #[error("this key is not the one the backup was made with")]
    WrongKey,
    /// There is something where it would go.
    #[error("there is a database in this place already; nothing was written")]
    Occupied,
    /// What came out is not what went in, or its ledger is not sound.
    #[error("what came out of the backup is not sound: {0}")]
    Unsound(String),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<sea_orm::DbErr> for BackupError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<KeyError> for BackupError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Wrong => Self::WrongKey,
            other => Self::Store(other.into()),
        }
    }
}

/// What stands in clear before a backup. Nothing of it is secret.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// Which backup.
    pub id: BackupId,
    /// When it was begun.
    pub made: Instant,
    /// The last migration of the schema.
    pub schema: String,
    /// `sqlite` or `postgres`: where it was made.
    pub database: String,
    /// The public half of the key that signs, in hexadecimal digits.
    pub public_key: String,
    /// The backup's own key, wrapped, in hexadecimal digits.
    key: String,
    /// The nonce's fixed part, in hexadecimal digits.
    nonce: String,
}

/// One record of the plaintext. INVARIANT: kept by their places in this list; add at the end.
#[derive(Serialize, Deserialize)]
enum Record {
    /// The rows that follow are of this table, with these columns.
    Table { name: String, columns: Vec<String> },
    /// One row.
    Row(Vec<Cell>),
    /// Nothing follows.
    End(Totals),
}

/// One value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Cell {
    Null,
    Bytes(Vec<u8>),
    Uuid([u8; 16]),
    Number(i64),
    Truth(bool),
    Text(String),
}

/// What must come of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Totals {
    /// Rows of all tables.
    pub rows: u64,
    /// Chains of the ledger.
    pub chains: u64,
    /// Entries of all chains, by their heads.
    pub entries: u64,
    /// SHA-256 over every head: chain, place, hash.
    pub heads: [u8; 32],
}

/// A backup that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// Its header.
    pub header: Header,
    /// What must come of it.
    pub totals: Totals,
    /// The checkpoint in it, over every entry that was there when it was begun; `None`: nothing had ever been logged.
    pub checkpoint: Option<SignedCheckpoint>,
}

/// The heads of a database.
async fn totals(connection: &impl ConnectionTrait, rows: u64) -> Result<Totals, Error> {
    let mut hash = Sha256::new();
    hash.update(b"confide ledger heads 1\0");
    let mut totals = Totals {
        rows,
        chains: 0,
        entries: 0,
        heads: [0; 32],
    };
    for head in ledger_heads::Entity::find()
        .order_by_asc(ledger_heads::Column::Chain)
        .all(connection)
        .await?
    {
        hash.update(head.chain.as_bytes());
        hash.update(head.seq.to_be_bytes());
        hash.update(
            u64::try_from(head.hash.len())
                .unwrap_or(u64::MAX)
                .to_be_bytes(),
        );
        hash.update(&head.hash);
        totals.chains = totals.chains.saturating_add(1);
        let entries = u64::try_from(head.seq).unwrap_or_default();
        totals.entries = totals.entries.saturating_add(entries);
    }
    totals.heads = hash.finalize().into();
    Ok(totals)
}

/// What binds a backup's key to the backup.
fn key_place(id: BackupId) -> Vec<u8> {
    let mut place = b"confide backup key 1\0".to_vec();
    place.extend_from_slice(id.0.as_bytes());
    place
}

/// The schema this program writes.
fn schema() -> String {
    Migrator::migrations()
        .last()
        .map(|migration| migration.name().to_owned())
        .unwrap_or_default()
}

/// Reads the header of a backup, and leaves the reader behind it.
///
/// # Errors
/// [`BackupError::NotABackup`]; [`BackupError::Io`].
pub fn read_header(from: &mut dyn Read) -> Result<Header, BackupError> {
    Ok(header_and_digest(from)?.0)
}

fn header_and_digest(from: &mut dyn Read) -> Result<(Header, [u8; 32]), BackupError> {
    let mut magic = [0; MAGIC.len()];
    from.read_exact(&mut magic)
        .map_err(|_| BackupError::NotABackup)?;
    let mut length = [0; 4];
    from.read_exact(&mut length)
        .map_err(|_| BackupError::NotABackup)?;
    let length = u32::from_be_bytes(length);
    if magic != MAGIC || length > HEADER_AT_MOST {
        return Err(BackupError::NotABackup);
    }
    let mut header = vec![0; usize::try_from(length).map_err(|_| BackupError::NotABackup)?];
    from.read_exact(&mut header)
        .map_err(|_| BackupError::Damaged)?;
    let read = serde_json::from_slice(&header).map_err(|_| BackupError::Damaged)?;
    Ok((read, Sha256::digest(&header).into()))
}

fn hex<const N: usize>(text: &str) -> Result<[u8; N], BackupError> {
    data_encoding::HEXLOWER
        .decode(text.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(BackupError::Damaged)
}

impl Header {
    /// The public half of the key that signs.
    ///
    /// # Errors
    /// [`BackupError::Damaged`].
    pub fn public_key(&self) -> Result<PublicKey, BackupError> {
        hex(&self.public_key).map(PublicKey)
    }

    fn open_key(&self, provider: &dyn KeyProvider) -> Result<Zeroizing<[u8; 32]>, BackupError> {
        let stored = data_encoding::HEXLOWER
            .decode(self.key.as_bytes())
            .map_err(|_| BackupError::Damaged)?;
        let wrappings = Wrappings::read(&stored).ok_or(BackupError::Damaged)?;
        Ok(wrappings.unwrap(&key_place(self.id), provider)?)
    }
}

/// One state of the database, whatever others write meanwhile.
async fn snapshot(connection: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    // SQLite gives a reader one state by itself, from its first look on.
    let postgres = connection.get_database_backend() == DbBackend::Postgres;
    let options = TransactionOptions {
        isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
        access_mode: postgres.then_some(AccessMode::ReadOnly),
        ..TransactionOptions::default()
    };
    Ok(connection.begin_with_options(options).await?)
}

impl Store {
    /// Writes a backup of one instant; the portal may go on serving. The ledger is signed first, so that the backup
    /// holds a checkpoint over what was there when it was begun. `progress` hears of rows.
    ///
    /// # Errors
    /// When the database can't be read, the ledger can't be signed, the key can't be used, or the file can't be
    /// written.
    pub async fn backup(
        &self,
        stamp: &Stamp,
        to: &mut (dyn Write + Send),
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<Made, BackupError> {
        let checkpoint = self.checkpoint().await?;
        let entropy = self.entropy();
        let id = BackupId::from_random(random(entropy));
        let key = fresh_key(entropy);
        let nonce: [u8; frames::NONCE] = random(entropy);
        let provider = self.provider().as_ref();
        let wrapped = Wrappings::new(&key, &key_place(id), provider, entropy)?;
        let backend = self.read().get_database_backend();
        let header = Header {
            id,
            made: self.clock().now(),
            schema: schema(),
            database: match backend {
                DbBackend::Sqlite => "sqlite",
                _ => "postgres",
            }
            .to_owned(),
            public_key: data_encoding::HEXLOWER.encode(&self.public_key().0),
            key: data_encoding::HEXLOWER.encode(&wrapped.stored()),
            nonce: data_encoding::HEXLOWER.encode(&nonce),
        };
        let clear = serde_json::to_vec(&header).map_err(|_| Error::Unwritable)?;
        to.write_all(MAGIC)?;
        let length = u32::try_from(clear.len()).map_err(|_| Error::TooLong)?;
        to.write_all(&length.to_be_bytes())?;
        to.write_all(&clear)?;
        let mut writer = Writer::new(to, &key, nonce, Sha256::digest(&clear).into());
        let transaction = snapshot(self.read()).await?;
        let rows = rows::dump(&transaction, &mut writer, &mut progress).await?;
        let totals = totals(&transaction, rows).await?;
        transaction.rollback().await?;
        writer.write(&Record::End(totals.clone()))?;
        writer.finish()?;
        to.flush()?;
        // Once it is whole: what did not come about is not in the ledger.
        self.append(stamp, Chain::House, Event::BackupMade { backup: id })
            .await?;
        Ok(Made {
            header,
            totals,
            checkpoint,
        })
    }
}
