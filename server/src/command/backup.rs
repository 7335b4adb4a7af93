//! `confide backup` and `confide restore`

use crate::{
    World,
    cli::keys::{Backup, Restore},
    command::configuration,
    config::Storage,
    failure::{Exit, Failure},
    output::{self, ProgressLine},
    wiring::{
        self,
        key::{self, Missing},
    },
};
use secrecy::ExposeSecret;
use serde_json::json;
use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, BufWriter, ErrorKind},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{
    Options, Stamp, Store,
    backup::{self, BackupError, Restored},
    entropy,
    keys::KeyProvider,
};

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let message = error.to_string();
        match error {
            BackupError::Store(error) => error.into(),
            BackupError::Unsound(_) => Self::fault_found(message),
            BackupError::NotABackup | BackupError::Damaged | BackupError::OtherVersion => {
                Self::bad_input(message)
            }
            BackupError::Io(_) | BackupError::WrongKey | BackupError::Occupied => {
                Self::environment(message)
            }
        }
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::environment(format!("{}: {}", path.display(), error.kind()))
}

/// Writes a backup, under a name of its own until it is whole.
pub async fn backup(arguments: Backup, world: &World) -> Result<Exit, Failure> {
    let config = configuration(&arguments.place, world)?;
    wiring::must_exist(&config.storage)?;
    if arguments.to.exists() {
        return Err(occupied(&arguments.to));
    }
    let store = wiring::open_store(&config.storage, world).await?;
    let draft = Draft::beside(&arguments.to, world);
    let file = draft.create()?;
    let mut progress = ProgressLine::new(arguments.progress);
    let mut to = BufWriter::new(file);
    let made = store
        .backup(&Stamp::SYSTEM, &mut to, |rows| {
            progress.show(&format!("{rows} rows"));
        })
        .await?;
    let file = to
        .into_inner()
        .map_err(|error| failed(&arguments.to, error.error()))?;
    file.sync_all()
        .map_err(|error| failed(&arguments.to, &error))?;
    draft.publish(&arguments.to)?;
    progress.end();
    if arguments.json {
        output::json(&json!({
            "backup": made.header.id.to_string(),
            "made": made.header.made.to_rfc3339(),
            "rows": made.totals.rows,
            "chains": made.totals.chains,
            "entries": made.totals.entries,
            "checkpoint": made.checkpoint.as_ref().map(|signed| json!({
                "size": signed.checkpoint.size,
                "note": signed.note,
            })),
        }));
    } else {
        output::line(&format!(
            "{}: {} rows, {} ledger entries in {} chains, made {}",
            arguments.to.display(),
            made.totals.rows,
            made.totals.entries,
            made.totals.chains,
            made.header.made.to_rfc3339()
        ));
        output::line("It opens with the wrapping key only. Keep that elsewhere.");
        if let Some(signed) = &made.checkpoint {
            output::line(&format!(
                "{} of its ledger entries are signed. Keep this checkpoint elsewhere too:\n\n{}",
                signed.checkpoint.size,
                signed.note.trim_end()
            ));
        }
    }
    Ok(Exit::Done)
}

fn occupied(path: &Path) -> Failure {
    Failure::environment(format!(
        "{}: is there already; nothing was written",
        path.display()
    ))
}

/// A file under a name of its own until it is whole.
struct Draft(PathBuf);

impl Draft {
    fn beside(path: &Path, world: &World) -> Self {
        let random: [u8; 8] = entropy::random(world.entropy.as_ref());
        let name = path.file_name().map_or_else(
            || "confide".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let suffix = data_encoding::HEXLOWER.encode(&random);
        Self(path.with_file_name(format!(".{name}.{suffix}")))
    }

    fn create(&self) -> Result<File, Failure> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options
            .open(&self.0)
            .map_err(|error| failed(&self.0, &error))
    }

    /// Gives it its name, unless another has it by now.
    fn publish(&self, path: &Path) -> Result<(), Failure> {
        fs::hard_link(&self.0, path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => occupied(path),
            _ => failed(path, &error),
        })?;
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| failed(path, &error))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let mut path = self.0.clone().into_os_string();
            path.push(ending);
            // What stays is sealed, as the database is.
            let _ = fs::remove_file(path);
        }
    }
}

/// Puts a backup in place: an SQLite file only once it has been checked, a PostgreSQL database after the same backup was
/// put into a file of its own and checked there.
pub async fn restore(arguments: Restore, world: &World) -> Result<Exit, Failure> {
    let config = configuration(&arguments.place, world)?;
    let storage = &config.storage;
    let options = Options::new(storage.database_url.expose_secret());
    if let Some(file) = options.sqlite_file()
        && file.exists()
    {
        return Err(occupied(&file));
    }
    if store::holds_keys(&options).await? {
        return Err(BackupError::Occupied.into());
    }
    let key = key::open(&storage.key, Missing::Refuse, world)?;
    let mut progress = ProgressLine::new(arguments.progress);
    let restored = put_back(&arguments.file, storage, &key, world, &mut progress).await?;
    progress.end();
    if arguments.json {
        output::json(&json!({
            "backup": restored.header.id.to_string(),
            "made": restored.header.made.to_rfc3339(),
            "rows": restored.totals.rows,
            "chains": restored.totals.chains,
            "entries": restored.totals.entries,
            "shredded": restored.report.shredded,
        }));
    } else {
        output::line(&format!(
            "Restored: {} rows; {} ledger entries in {} chains are whole.",
            restored.totals.rows, restored.totals.entries, restored.totals.chains
        ));
        output::line(&format!(
            "What happened after {} is gone with it, revocations too. Find out what was revoked before you serve.",
            restored.header.made.to_rfc3339()
        ));
    }
    Ok(Exit::Done)
}

async fn put_back(
    file: &Path,
    storage: &Storage,
    key: &Arc<dyn KeyProvider>,
    world: &World,
    progress: &mut ProgressLine,
) -> Result<Restored, Failure> {
    let target = Options::new(storage.database_url.expose_secret());
    let place = target.sqlite_file();
    let beside = match &place {
        Some(place) => place.clone(),
        None => file.to_owned(),
    };
    let draft = Draft::beside(&beside, world);
    drop(draft.create()?);
    let staged = Options::new(format!("sqlite://{}", draft.0.display()));
    let (store, restored) = read_back(file, staged, key, world, progress).await?;
    store.close().await?;
    if let Some(place) = &place {
        draft.publish(place)?;
    } else {
        let (store, _) = read_back(file, target, key, world, progress).await?;
        store.close().await?;
    }
    Ok(restored)
}

async fn read_back(
    file: &Path,
    options: Options,
    key: &Arc<dyn KeyProvider>,
    world: &World,
    progress: &mut ProgressLine,
) -> Result<(Store, Restored), Failure> {
    let from = File::open(file).map_err(|error| failed(file, &error))?;
    let mut from = BufReader::new(from);
    Ok(backup::restore(
        &mut from,
        options,
        Arc::clone(key),
        Arc::clone(&world.clock),
        Arc::clone(&world.entropy),
        |rows| progress.show(&format!("{rows} rows")),
    )
    .await?)
}
