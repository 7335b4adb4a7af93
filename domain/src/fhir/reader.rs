//! Reading FHIR files: Bundles and NDJSON, one resource at a time, without holding the file (ARCHITECTURE, Import).
//!
//! The file is cut into JSON values by its brackets alone; each is then read by `serde_json`, which checks it.

mod input;
mod seen;

use core::fmt;
use std::io::Read;

use serde_json::{Map, Value};
use thiserror::Error;

use input::Input;
use seen::Seen;

/// The largest resource that is read, in bytes.
pub const LARGEST_RESOURCE: usize = 64 * 1024 * 1024;

/// Bundle types that hold resources to import.
const BUNDLE_TYPES: [&str; 4] = ["transaction", "collection", "batch", "searchset"];

/// One resource of a file.
pub struct Entry {
    /// Its place in the file, from 0.
    pub index: usize,
    /// The `fullUrl` of its bundle entry.
    pub full_url: Option<String>,
    /// The resource, always an object with a `resourceType`.
    pub resource: Value,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

/// Why a file cannot be read, and where. Says nothing of its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFault {
    /// The entry of the bundle, or the resource of the NDJSON file, from 0.
    pub entry: Option<usize>,
    /// The path of the element; empty for the resource or the file as a whole.
    pub path: String,
    /// What is wrong, in plain words.
    pub reason: String,
    /// Line and column of the file, from 1, where they are known.
    pub position: Option<(usize, usize)>,
}

impl std::error::Error for ReadFault {}

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(entry) = self.entry {
            write!(f, "entry {entry}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        if let Some((line, column)) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// What ended a read early: a fault of the file, or an error of the one who takes the entries.
#[derive(Debug, Error)]
pub enum ReadError<E> {
    /// The file is at fault.
    #[error("{0}")]
    Fault(ReadFault),
    /// The callback returned an error.
    #[error("the entry was not taken")]
    Taker(E),
}

impl<E> From<ReadFault> for ReadError<E> {
    fn from(fault: ReadFault) -> Self {
        Self::Fault(fault)
    }
}

/// What was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// How many resources were given out.
    pub resources: usize,
    /// How many bytes the file has.
    pub bytes: u64,
}

/// Reads a Bundle (transaction, collection, batch, searchset), an NDJSON file, or a single resource, and gives out
/// one resource after the other. The same resource twice, word for word, is given out once.
///
/// A fault may show late in a file: a caller that writes must be able to take everything back.
///
/// # Errors
/// The first fault of the file with its place, or the callback's own error.
pub fn read<E>(
    source: impl Read,
    take: impl FnMut(Entry) -> Result<(), E>,
) -> Result<Summary, ReadError<E>> {
    read_limited(source, LARGEST_RESOURCE, take)
}

/// As [`read`], with another limit for the size of one resource, in bytes.
///
/// # Errors
/// As [`read`].
pub fn read_limited<E>(
    source: impl Read,
    largest: usize,
    take: impl FnMut(Entry) -> Result<(), E>,
) -> Result<Summary, ReadError<E>> {
    let mut file = File {
        input: Input::new(source, largest),
        seen: Seen::default(),
        next: 0,
        given: 0,
        take,
    };
    let mut documents = 0_usize;
    while file.input.skip_blank()?.is_some() {
        file.document()?;
        documents = documents.saturating_add(1);
    }
    if documents == 0 {
        return Err(fault(None, "", "the file is empty").into());
    }
    Ok(Summary {
        resources: file.given,
        bytes: file.input.bytes(),
    })
}

fn fault(entry: Option<usize>, path: &str, reason: &str) -> ReadFault {
    ReadFault {
        entry,
        path: path.to_owned(),
        reason: reason.to_owned(),
        position: None,
    }
}

/// A file being read.
struct File<R, T> {
    input: Input<R>,
    seen: Seen,
    /// The index of the next resource.
    next: usize,
    given: usize,
    take: T,
}

/// What a document has turned out to be so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unknown,
    Bundle,
    Resource,
}

impl<R: Read, E, T: FnMut(Entry) -> Result<(), E>> File<R, T> {
    /// Reads one JSON document: a Bundle entry by entry, anything else whole.
    fn document(&mut self) -> Result<(), ReadError<E>> {
        let at = Some(self.next);
        if self.input.skip_blank()? != Some(b'{') {
            return Err(self
                .input
                .fault_here(at, "a resource or a Bundle starts with {")
                .into());
        }
        self.input.step();
        let mut kind = Kind::Unknown;
        let mut rest = Map::new();
        let mut entries_read = false;
        let mut first = true;
        loop {
            let at = (kind != Kind::Bundle).then_some(self.next);
            match self.input.skip_blank()? {
                Some(b'}') => break self.input.step(),
                Some(b',') if !first => {
                    self.input.step();
                    self.input.skip_blank()?;
                }
                Some(_) if first => {}
                Some(_) => return Err(self.input.fault_here(at, "a comma or } is missing").into()),
                None => {
                    return Err(self
                        .input
                        .fault_here(at, "the file ends in the middle")
                        .into());
                }
            }
            first = false;
            let Value::String(key) = self.input.value(at)? else {
                return Err(self
                    .input
                    .fault_here(at, "an element's name is missing")
                    .into());
            };
            if self.input.skip_blank()? != Some(b':') {
                return Err(self.input.fault_here(at, "a colon is missing").into());
            }
            self.input.step();
            let next = self.input.skip_blank()?;
            if key == "entry" && kind != Kind::Resource && next == Some(b'[') {
                match self.entries(kind)? {
                    None => {
                        kind = Kind::Bundle;
                        entries_read = true;
                    }
                    Some(list) => {
                        kind = Kind::Resource;
                        rest.insert(key, list);
                    }
                }
                continue;
            }
            let value = self.input.value(at)?;
            if key == "resourceType" {
                let named = if value == "Bundle" {
                    Kind::Bundle
                } else {
                    Kind::Resource
                };
                if kind != Kind::Unknown && kind != named {
                    return Err(fault(
                        at,
                        "resourceType",
                        "the entries are those of another resource type",
                    )
                    .into());
                }
                kind = named;
            }
            if kind == Kind::Bundle && key == "type" {
                bundle_type(&value)?;
            }
            rest.insert(key, value);
        }
        match kind {
            Kind::Bundle => {
                if rest
                    .get("resourceType")
                    .is_none_or(|named| named != "Bundle")
                {
                    return Err(
                        fault(None, "resourceType", "a Bundle must say that it is one").into(),
                    );
                }
                if !entries_read && rest.contains_key("entry") {
                    return Err(fault(None, "entry", "must be a list").into());
                }
                bundle_type(rest.get("type").unwrap_or(&Value::Null))?;
                Ok(())
            }
            Kind::Unknown | Kind::Resource => self.give(None, Value::Object(rest)),
        }
    }

    /// Reads the list of entries. `Some` when it turns out to be the list of another resource type, which is small.
    fn entries(&mut self, kind: Kind) -> Result<Option<Value>, ReadError<E>> {
        self.input.step();
        let mut kind = kind;
        let mut list = Vec::new();
        let mut first = true;
        loop {
            let at = Some(self.next);
            match self.input.skip_blank()? {
                Some(b']') => break self.input.step(),
                Some(b',') if !first => {
                    self.input.step();
                    self.input.skip_blank()?;
                }
                Some(_) if first => {}
                Some(_) => return Err(self.input.fault_here(at, "a comma or ] is missing").into()),
                None => {
                    return Err(self
                        .input
                        .fault_here(at, "the file ends in the middle")
                        .into());
                }
            }
            first = false;
            let value = self.input.value(at)?;
            if kind == Kind::Unknown {
                let is_bundle = ["resource", "fullUrl", "request", "response"]
                    .iter()
                    .any(|key| value.get(key).is_some());
                kind = if is_bundle {
                    Kind::Bundle
                } else {
                    Kind::Resource
                };
            }
            if kind == Kind::Resource {
                list.push(value);
            } else {
                self.entry(value)?;
            }
        }
        Ok((kind == Kind::Resource).then_some(Value::Array(list)))
    }

    fn entry(&mut self, value: Value) -> Result<(), ReadError<E>> {
        let at = Some(self.next);
        let Value::Object(mut entry) = value else {
            return Err(fault(at, "", "an entry must be an object").into());
        };
        let full_url = match entry.remove("fullUrl") {
            None => None,
            Some(Value::String(url)) => Some(url),
            Some(_) => return Err(fault(at, "fullUrl", "must be a text").into()),
        };
        match entry.remove("resource") {
            Some(resource) => self.give(full_url, resource),
            None => Err(fault(at, "resource", "the entry holds no resource").into()),
        }
    }

    fn give(&mut self, full_url: Option<String>, resource: Value) -> Result<(), ReadError<E>> {
        let index = self.next;
        self.next = self.next.saturating_add(1);
        let at = Some(index);
        let Some(object) = resource.as_object() else {
            return Err(fault(at, "resource", "must be an object").into());
        };
        match object.get("resourceType") {
            Some(Value::String(named)) if !named.is_empty() => {}
            Some(_) => return Err(fault(at, "resourceType", "must be a text").into()),
            None => return Err(fault(at, "resourceType", "is missing").into()),
        }
        if !self.seen.is_new(full_url.as_deref(), &resource, index)? {
            return Ok(());
        }
        self.given = self.given.saturating_add(1);
        (self.take)(Entry {
            index,
            full_url,
            resource,
        })
        .map_err(ReadError::Taker)
    }
}

fn bundle_type(value: &Value) -> Result<(), ReadFault> {
    match value.as_str() {
        Some(known) if BUNDLE_TYPES.contains(&known) => Ok(()),
        Some(_) => Err(fault(
            None,
            "type",
            "a Bundle of this type is not imported; it must be a transaction, collection, batch or searchset",
        )),
        None => Err(fault(None, "type", "a Bundle must name its type")),
    }
}
