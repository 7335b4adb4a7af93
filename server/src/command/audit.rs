//! `confide audit …`: checking the ledger, signing it, copying it out.

mod checkpoint;
mod export;
mod verify;

use crate::{World, cli::Audit, failure::Exit, failure::Failure};

/// Runs one of them.
pub async fn run(command: Audit, world: &World) -> Result<Exit, Failure> {
    match command {
        Audit::Verify(arguments) => verify::run(arguments, world).await,
        Audit::Checkpoint(arguments) => checkpoint::run(arguments, world).await,
        Audit::Key(arguments) => checkpoint::key(arguments, world).await,
        Audit::Export(arguments) => export::run(arguments, world).await,
    }
}

/// A file of at most so many bytes, as text.
fn read(path: &std::path::Path, longest: u64) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let cant = |error: &std::io::Error| {
        Failure::bad_input(format!(
            "{}: can't be read: {}",
            path.display(),
            error.kind()
        ))
    };
    let file = std::fs::File::open(path).map_err(|error| cant(&error))?;
    let mut bytes = Vec::new();
    let read = file.take(longest.saturating_add(1)).read_to_end(&mut bytes);
    let length = read.map_err(|error| cant(&error))?;
    if u64::try_from(length).unwrap_or(u64::MAX) > longest {
        return Err(Failure::bad_input(format!(
            "{}: is too long",
            path.display()
        )));
    }
    Ok(bytes)
}
