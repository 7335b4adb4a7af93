//! The way back: into an empty database, all or nothing.

use super::frames::Reader;
use super::rows::{Loader, is_empty};
use super::{BackupError, Header, Record, Totals, header_and_digest, hex, schema, totals};
use crate::entropy::Entropy;
use crate::error::Error;
use crate::keys::KeyProvider;
use crate::ledger::Chain;
use crate::ledger::event::Event;
use crate::ledger::verify::VerifyReport;
use crate::opening::{Options, Store, begin, connect};
use crate::stamp::Stamp;
use domain::clock::Clock;
use migrations::{Migrator, MigratorTrait};
use sea_orm::DatabaseConnection;
use std::io::Read;
use std::sync::Arc;

/// What was put in place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// The backup's header.
    pub header: Header,
    /// What came out of it.
    pub totals: Totals,
    /// What the check of the ledger found: nothing wrong, or it would not be here.
    pub report: VerifyReport,
}

/// Reads a backup into the empty database of `options`, checks it against what the backup says of itself, and checks
/// every chain of the ledger.
///
/// The caller puts a restored SQLite file in its place only once this has returned: when it fails the file is of no use.
/// On PostgreSQL, what fails before the check leaves nothing behind.
///
/// # Errors
/// See [`BackupError`].
pub async fn restore(
    from: &mut (dyn Read + Send),
    options: Options,
    key: Arc<dyn KeyProvider>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    mut progress: impl FnMut(u64) + Send,
) -> Result<(Store, Restored), BackupError> {
    let (header, digest) = header_and_digest(from)?;
    // A migration may do more than add columns: rows of an older schema are for the program that made them.
    if header.schema != schema() {
        return Err(BackupError::OtherVersion);
    }
    let backup_key = header.open_key(key.as_ref())?;
    let mut reader = Reader::new(from, &backup_key, hex(&header.nonce)?, digest)?;
    let connection = connect(&options, 1, false).await?;
    let loaded = load(&connection, &mut reader, &mut progress).await;
    connection.close().await?;
    let promised = loaded?;
    let store = Store::open(options, key, clock, entropy).await?;
    let report = store.verify(|_, _| ()).await?;
    let found = totals(store.read(), promised.rows).await?;
    if let Some(reason) = fault(&store, &header, &promised, &found, &report)? {
        store.close().await?;
        return Err(BackupError::Unsound(reason));
    }
    let event = Event::BackupRestored {
        backup: header.id,
        made: header.made,
    };
    store.append(&Stamp::SYSTEM, Chain::House, event).await?;
    Ok((
        store,
        Restored {
            header,
            totals: promised,
            report,
        },
    ))
}

async fn load(
    connection: &DatabaseConnection,
    reader: &mut Reader<'_>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Totals, BackupError> {
    // A database that somebody uses stays as it is, its schema too.
    let used = migrations::SchemaManager::new(connection)
        .has_table("sealed_keys")
        .await?;
    if used && !is_empty(connection).await? {
        return Err(BackupError::Occupied);
    }
    Migrator::up(connection, None).await?;
    let transaction = begin(connection).await?;
    let mut loader = Loader::new(&transaction);
    let mut rows = 0_u64;
    let promised = loop {
        match reader.next()?.ok_or(BackupError::Damaged)? {
            Record::Table { name, columns } => loader.table(name, columns).await?,
            Record::Row(cells) => {
                loader.row(cells).await?;
                rows = rows.saturating_add(1);
                if rows.is_multiple_of(1_000) {
                    progress(rows);
                }
            }
            Record::End(totals) => break totals,
        }
    };
    loader.flush().await?;
    if reader.next()?.is_some() || promised.rows != rows {
        return Err(BackupError::Damaged);
    }
    if totals(&transaction, rows).await? != promised {
        return Err(BackupError::Unsound(
            "the ledger's heads are others".to_owned(),
        ));
    }
    transaction.commit().await.map_err(Error::from)?;
    Ok(promised)
}

fn fault(
    store: &Store,
    header: &Header,
    promised: &Totals,
    found: &Totals,
    report: &VerifyReport,
) -> Result<Option<String>, BackupError> {
    if let Some(fault) = report.faults.first() {
        return Ok(Some(format!(
            "the ledger: chain {}, entry {}: {}",
            fault.chain, fault.seq, fault.what
        )));
    }
    if promised != found || report.chains != promised.chains || report.entries != promised.entries {
        return Ok(Some("the ledger has other heads".to_owned()));
    }
    if store.public_key() != header.public_key()? {
        return Ok(Some("the key that signs is another".to_owned()));
    }
    Ok(None)
}
