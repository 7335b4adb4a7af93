//! What one resource shows by itself, in the form that is kept.

use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::basis::{Basis, Review};
use super::notes::NoteType;
use super::origin::OrganizationRef;
use super::roles::Role;
use crate::clock::Instant;
use crate::fhir::reference::Target;
use crate::item::ItemKind;
use crate::label::LabelSet;

/// What one resource shows by itself. Holds no content; the codes and words that gave labels, paths and references are
/// in it, so it is to be kept sealed like the content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examined {
    /// The FHIR resource type.
    pub resource_type: String,
    /// The resource's id.
    pub id: Option<String>,
    /// The `fullUrl` it came with.
    pub full_url: Option<String>,
    /// The kind of item it becomes.
    pub kind: ItemKind,
    /// Whose record it belongs to.
    pub patient: Option<Target>,
    /// Its parts, in the order of [`parts::split`].
    pub parts: Vec<ExaminedPart>,
    /// Which parts identify it.
    pub identifying: Vec<u16>,
    /// First and last day of the service.
    pub service: Option<(NaiveDate, NaiveDate)>,
    /// The instant to sort by.
    pub when: Option<Instant>,
    /// Its business identifiers, `system|value`.
    pub identifiers: Vec<String>,
    /// Its name, for an organization.
    pub(super) name: Option<String>,
    pub(super) references: Vec<Reference>,
    pub(super) links: Vec<Link>,
    pub(super) conditional: Vec<Conditional>,
    pub(super) narrative: Vec<Basis>,
    pub(super) note_type: Option<NoteType>,
    /// Where it says that it comes from (`meta.source`), without the fragment.
    #[serde(default)]
    pub(super) origin: Option<Target>,
    /// Organizations inside it, by their local id, as sources may be.
    pub(super) contained: Vec<(String, OrganizationRef)>,
    /// Whether it came restricted without a reason we know.
    pub(super) restricted: bool,
    /// Whether it came marked as not restricted.
    pub(super) came_normal: bool,
}

impl Examined {
    /// `Type/id`; with the `fullUrl` or a blank in place of a missing id.
    pub fn identity(&self) -> String {
        match (&self.id, &self.full_url) {
            (Some(id), _) => format!("{}/{id}", self.resource_type),
            (None, Some(url)) => format!("{}/{url}", self.resource_type),
            (None, None) => format!("{}/", self.resource_type),
        }
    }
}

impl Examined {
    /// What it refers to, in the order of its parts, but not what stands inside it.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.references
            .iter()
            .filter_map(|reference| reference.target.as_ref())
            .chain(&self.origin)
            .filter(|target| !matches!(target, Target::Contained(_)))
    }
}

impl fmt::Debug for Examined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Examined([redacted])")
    }
}

/// One part by itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExaminedPart {
    /// Its path.
    pub path: String,
    /// The labels that its own evidence gives.
    pub labels: LabelSet,
    /// Those of them that rest on codes and incoming labels.
    pub(super) coded: LabelSet,
    /// What they rest on.
    pub basis: Vec<Basis>,
    /// Why a person has to look at it, if so.
    pub review: Option<Review>,
    /// Whether it holds a person's words: then it carries the item's coded labels too.
    pub(super) free_text: bool,
    /// Whether a code of a system we know stands in it.
    pub(super) known: bool,
}

impl fmt::Debug for ExaminedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExaminedPart([redacted])")
    }
}

/// A reference to another resource.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reference {
    pub part: u32,
    pub role: Role,
    /// Whether it names who made or keeps the item.
    pub source: bool,
    pub target: Option<Target>,
    /// What the reference calls an organization, when nothing else is known of it.
    pub display: Option<String>,
}

/// Labels that one part gives to another of the same item, or to all of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    pub from: u32,
    pub to: Option<u32>,
}

/// A label that a code gives only beside others.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Conditional {
    pub part: u32,
    pub basis: Basis,
    /// Whether any diagnosis of the person will do; else only a reason of the item.
    pub anywhere: bool,
    pub any_of: LabelSet,
}

/// The element at the top that a path starts with.
pub(super) fn element_of(path: &str) -> &str {
    path.split(['[', '.']).next().unwrap_or(path)
}
