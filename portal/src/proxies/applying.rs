//! Asking the office to act for somebody: a parent, a guardian, or somebody for a deceased patient (LAW D4).
//!
//! Whoever asks is told nothing of whether there is such a record (LAW B5): every application is taken alike, and waits
//! alike. The one record of that name and birth date, if there is one, is looked for once, as it comes.

use super::document::{self, MOST};
use crate::actor::Actor;
use crate::{Portal, Refusal, named};
use chrono::NaiveDate;
use domain::clock::Instant;
use domain::duty::Duty;
use domain::id::{ApplicationId, DocumentId};
use domain::label::LabelSet;
use store::{Application, ApplicationKind, ApplicationState, DocumentRecord};

/// How many applications of one person may wait at once.
pub const AT_ONCE: usize = 5;
/// The longest name, in characters.
pub const LONGEST_NAME: usize = 200;

/// A file as it was sent.
pub struct Upload {
    /// The name it came with.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl core::fmt::Debug for Upload {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Upload([redacted])")
    }
}

/// What is asked.
#[derive(Clone)]
pub struct Asked {
    /// For whom: the whole name.
    pub name: String,
    /// Their birth date.
    pub birth: NaiveDate,
    /// By what right.
    pub kind: ApplicationKind,
    /// What a guardian's order covers.
    pub scope: LabelSet,
    /// The last day of the order, if it has one.
    pub until: Option<NaiveDate>,
}

impl core::fmt::Debug for Asked {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Asked([redacted])")
    }
}

/// Why it is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotTaken {
    /// As many as may wait do.
    TooMany,
    /// No document.
    NoDocument,
    /// More than [`MOST`] documents.
    TooManyDocuments,
    /// One of them is not a whole PDF, PNG or JPEG of at most [`document::LARGEST`] bytes.
    NotADocument,
}

/// Whether this person may ask: whoever has an account of their own, in their own place.
///
/// # Errors
/// [`Refusal::NotAvailable`] for staff, and while acting for somebody.
pub fn may_ask(actor: &Actor) -> Result<(), Refusal> {
    actor.must(Duty::OwnRecord)?;
    match actor.on_behalf_of() {
        None => Ok(()),
        Some(_) => Err(Refusal::NotAvailable),
    }
}

/// Takes an application with its documents, sealed, all or nothing.
pub async fn apply(
    portal: &Portal,
    actor: &Actor,
    asked: Asked,
    uploads: Vec<Upload>,
) -> Result<Result<ApplicationId, NotTaken>, Refusal> {
    may_ask(actor)?;
    let name = asked.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Refusal::BadRequest);
    }
    let store = portal.store();
    let known = store.applications_of(actor.person()).await?;
    let waiting = known
        .iter()
        .filter(|one| one.state == ApplicationState::Waiting);
    if waiting.count() >= AT_ONCE {
        return Ok(Err(NotTaken::TooMany));
    }
    if uploads.is_empty() {
        return Ok(Err(NotTaken::NoDocument));
    }
    if uploads.len() > MOST {
        return Ok(Err(NotTaken::TooManyDocuments));
    }
    let mut records = Vec::new();
    let mut contents = Vec::new();
    for upload in uploads {
        let Some(kind) = document::kind(&upload.bytes) else {
            return Ok(Err(NotTaken::NotADocument));
        };
        let id = DocumentId::from_random(store::entropy::random(store.entropy()));
        records.push(DocumentRecord {
            id,
            name: document::kept_name(&upload.name),
            media_type: kind.media_type().to_owned(),
            bytes: u64::try_from(upload.bytes.len()).unwrap_or(u64::MAX),
        });
        contents.push((id, upload.bytes));
    }
    let application = Application {
        id: ApplicationId::from_random(store::entropy::random(store.entropy())),
        account: actor.account(),
        person: actor.person(),
        name: name.to_owned(),
        birth: asked.birth,
        kind: asked.kind,
        scope: asked.scope,
        until: asked.until,
        documents: records,
        patient: named::the_one(portal, name, asked.birth).await?,
        made: portal.now(),
        state: ApplicationState::Waiting,
    };
    store
        .put_application(&actor.stamp(), &application, contents)
        .await?;
    Ok(Ok(application.id))
}

/// Where an application stands, as far as whoever asked is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stands {
    /// It waits.
    Waiting,
    /// Granted.
    Granted,
    /// Not granted: why is not told (LAW D5).
    NotGranted,
}

/// An application, as whoever made it reads it.
#[derive(Clone)]
pub struct Mine {
    /// For whom, as they wrote it.
    pub name: String,
    /// When.
    pub made: Instant,
    /// By what right.
    pub kind: ApplicationKind,
    /// Where it stands.
    pub stands: Stands,
}

impl core::fmt::Debug for Mine {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Mine([redacted])")
    }
}

/// What this person asked for, the newest first; nothing while acting for somebody.
pub async fn mine(portal: &Portal, actor: &Actor) -> Result<Vec<Mine>, Refusal> {
    if may_ask(actor).is_err() {
        return Ok(Vec::new());
    }
    let known = portal.store().applications_of(actor.person()).await?;
    Ok(known
        .into_iter()
        .map(|one| Mine {
            name: one.name,
            made: one.made,
            kind: one.kind,
            stands: match one.state {
                ApplicationState::Waiting => Stands::Waiting,
                ApplicationState::Verified { .. } => Stands::Granted,
                ApplicationState::Refused { .. } => Stands::NotGranted,
            },
        })
        .collect())
}
