//! `confide audit checkpoint` and `confide audit key`

use super::{read, verify::checkpoint_json};
use crate::{
    World, checkpoints,
    cli::{AuditKey, Checkpoint},
    command::configuration,
    failure::{Exit, Failure},
    output, wiring,
};
use serde_json::json;
use store::{
    Store,
    ledger::checkpoint::{self, notes, verifier_key},
};

/// The longest file of checkpoints that is read.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Signs the ledger as it is now, and prints the checkpoint or appends it to a file.
pub async fn run(arguments: Checkpoint, world: &World) -> Result<Exit, Failure> {
    let config = configuration(&arguments.place, world)?;
    wiring::must_exist(&config.storage)?;
    let store = wiring::open_store(&config.storage, world).await?;
    let since = match &arguments.since {
        None => None,
        Some(path) => Some(last_kept(&store, path)?),
    };
    let Some(newest) = store.checkpoint().await? else {
        return Err(Failure::environment("the ledger is empty"));
    };
    let text = match since {
        None => newest.note.clone(),
        Some(since) if since > newest.checkpoint.size => {
            output::note("confide: the log ends before the kept checkpoint");
            return Ok(Exit::FaultFound);
        }
        Some(since) => checkpoints::request(&store, since, &newest).await?,
    };
    if let Some(path) = &arguments.out {
        checkpoints::append(path, &text).map_err(|error| {
            Failure::environment(format!(
                "{}: can't be written: {}",
                path.display(),
                error.kind()
            ))
        })?;
    }
    if arguments.json {
        output::json(&checkpoint_json(&newest));
    } else if arguments.out.is_none() {
        output::line(text.trim_end());
    } else {
        output::line(&format!("{} entries signed", newest.checkpoint.size));
    }
    Ok(Exit::Done)
}

/// The size of the largest checkpoint in a file.
fn last_kept(store: &Store, path: &std::path::Path) -> Result<u64, Failure> {
    let bytes = read(path, LONGEST)?;
    let mut largest = None;
    for note in notes(&String::from_utf8_lossy(&bytes)) {
        let kept = checkpoint::Checkpoint::read(&note, &store.public_key())
            .map_err(|fault| Failure::bad_input(format!("{}: {fault}", path.display())))?;
        largest = largest.max(Some(kept.size));
    }
    largest.ok_or_else(|| Failure::bad_input(format!("{}: holds no checkpoint", path.display())))
}

/// Prints the public key that checkpoints are signed with.
pub async fn key(arguments: AuditKey, world: &World) -> Result<Exit, Failure> {
    let config = configuration(&arguments.place, world)?;
    wiring::must_exist(&config.storage)?;
    let store = wiring::open_to_read(&config.storage, world).await?;
    let key = store.public_key();
    if arguments.json {
        output::json(&json!({
            "key": verifier_key(&key),
            "fingerprint": key.fingerprint(),
        }));
    } else {
        output::line(&verifier_key(&key));
        output::note(&format!("fingerprint {}", key.fingerprint()));
    }
    Ok(Exit::Done)
}
