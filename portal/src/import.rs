//! Taking records in: read, label, seal, report; all of a file or nothing of it (ARCHITECTURE, "Import and export").

mod care;
mod directory;
mod fault;
mod intake;
mod likeness;
mod owner;
mod report;
mod sender;

use crate::{Portal, Refusal};
use domain::fhir::reader::{self, ReadError};
use domain::id::{OrganizationId, PersonId};
use domain::labeling::{Examined, Examiner};
use intake::Intake;
use sender::Sender;
use serde_json::Value;
use std::io::Read;
use store::Stamp;
use tokio::sync::mpsc;

pub use fault::ImportError;
pub use report::Report;

/// How many resources wait between the reading thread and the writing one.
const AHEAD: usize = 64;

/// A file to take in.
pub struct Source {
    /// Its name, for the report.
    pub name: String,
    /// Its bytes.
    pub bytes: Box<dyn Read + Send>,
    /// Who sent it, where several senders may use the same ids: each one's are its own. Always name the same sender
    /// alike.
    pub sender: Option<String>,
}

/// How far an import is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Resources read.
    pub resources: u64,
    /// Whether reading is over and labels are being settled.
    pub settling: bool,
}

/// A resource that was read and examined, on its way to the store.
struct Arrival {
    /// Its place in the file, from 0.
    entry: usize,
    resource: Value,
    examined: Examined,
    full_url: Option<String>,
}

/// Takes one file in. Running it again changes nothing.
///
/// # Errors
/// The first fault with its place; then nothing of the file was kept.
pub async fn run(
    portal: &Portal,
    stamp: &Stamp,
    source: Source,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, ImportError> {
    let name = source.name.clone();
    let from = Sender::of(source.sender.as_deref());
    let (sender, mut arrivals) = mpsc::channel::<Arrival>(AHEAD);
    let reading = tokio::task::spawn_blocking(move || read(source, &sender));
    let mut intake = Intake::begin(portal, stamp, &name, from).await?;
    while let Some(arrival) = arrivals.recv().await {
        intake.take(arrival).await?;
        progress(Progress {
            resources: intake.read(),
            settling: false,
        });
    }
    // The reader's own fault, with its place, is the one to tell.
    reading
        .await
        .map_err(|_| ImportError::store(Refusal::Unavailable(crate::refusal::Cause::Worker)))??;
    progress(Progress {
        resources: intake.read(),
        settling: true,
    });
    intake.finish().await
}

/// Reads and examines on a thread of its own; stops when nobody takes any more.
fn read(source: Source, sender: &mpsc::Sender<Arrival>) -> Result<(), ImportError> {
    let mut examiner = Examiner::default();
    let outcome = reader::read(source.bytes, |entry: reader::Entry| {
        let index = entry.index;
        let full_url = entry.full_url;
        let examined = examiner
            .examine(&entry.resource, full_url.as_deref())
            .map_err(|fault| Some(ImportError::of_resource(index, &fault)))?;
        sender
            .blocking_send(Arrival {
                entry: index,
                resource: entry.resource,
                examined,
                full_url,
            })
            .map_err(|_| None)
    });
    match outcome {
        Ok(_) | Err(ReadError::Taker(None)) => Ok(()),
        Err(ReadError::Taker(Some(error))) => Err(error),
        Err(ReadError::Fault(fault)) => Err(ImportError::of_file(&fault)),
    }
}

/// The organization that a reference of the outside leads to.
pub fn organization_id(reference: &str) -> OrganizationId {
    OrganizationId::derived("fhir", reference)
}

/// The person that a reference of the outside leads to.
pub fn person_id(reference: &str) -> PersonId {
    PersonId::derived("fhir", reference)
}
