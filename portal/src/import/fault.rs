//! Why a file was refused, and where: its place, never its content.

use crate::Refusal;
use domain::fhir::reader::ReadFault;
use domain::labeling::Fault;
use serde::Serialize;

/// A file was refused whole, or could not be written.
#[derive(Debug, Serialize, thiserror::Error)]
#[error("{}", self.words())]
pub struct ImportError {
    /// The entry of the bundle or the resource of the NDJSON file, from 0, where the fault has one.
    pub entry: Option<usize>,
    /// The element's path, where the fault has one.
    pub path: Option<String>,
    /// What is wrong, in plain words.
    pub reason: String,
    /// Not a fault of the file: the store or a worker failed.
    #[serde(skip)]
    #[source]
    pub cause: Option<Box<Refusal>>,
}

impl ImportError {
    fn words(&self) -> String {
        let mut words = String::new();
        if let Some(entry) = self.entry {
            words = format!("entry {entry}: ");
        }
        if let Some(path) = self.path.as_deref().filter(|path| !path.is_empty()) {
            words.push_str(path);
            words.push_str(": ");
        }
        words.push_str(&self.reason);
        words
    }

    pub(super) fn of_file(fault: &ReadFault) -> Self {
        let reason = match fault.position {
            Some((line, column)) => format!("{} (line {line}, column {column})", fault.reason),
            None => fault.reason.clone(),
        };
        Self {
            entry: fault.entry,
            path: Some(fault.path.clone()),
            reason,
            cause: None,
        }
    }

    pub(super) fn of_resource(entry: usize, fault: &Fault) -> Self {
        Self {
            entry: Some(entry),
            path: Some(fault.path.clone()),
            reason: if fault.path.is_empty() {
                format!("the resource {}", fault.reason)
            } else {
                fault.reason.to_owned()
            },
            cause: None,
        }
    }

    pub(super) fn nobodys(entry: usize) -> Self {
        Self {
            entry: Some(entry),
            path: None,
            reason: "the resource names no patient, and nothing tells whose of this file it is"
                .to_owned(),
            cause: None,
        }
    }

    pub(super) fn another(entry: usize) -> Self {
        Self {
            entry: Some(entry),
            path: None,
            reason: "another person is kept under this id already; if the file comes from another \
                     sender, import it with --sender NAME"
                .to_owned(),
            cause: None,
        }
    }

    pub(super) fn unknown_patient(entry: usize, identity: &str) -> Self {
        Self {
            entry: Some(entry),
            path: Some(identity.to_owned()),
            reason: "names a patient that is not in this file".to_owned(),
            cause: None,
        }
    }

    pub(super) fn store(refusal: Refusal) -> Self {
        Self {
            entry: None,
            path: None,
            reason: "the records could not be written; nothing of the file was kept".to_owned(),
            cause: Some(Box::new(refusal)),
        }
    }
}

impl From<store::Error> for ImportError {
    fn from(error: store::Error) -> Self {
        Self::store(error.into())
    }
}
