//! What one part shows.

use chrono::NaiveDate;

use super::basis::{Basis, BasisKind, Review};
use super::notes::NoteType;
use super::rules::Context;
use crate::fhir::reference::Target;
use crate::label::LabelSet;

/// What the examination of one resource knows before it reads a part.
pub(super) struct Item<'a> {
    pub resource_type: &'a str,
    /// The days on which a code may have been given.
    pub days: [Option<NaiveDate>; 3],
    /// Whether a code of a known system says what the item is.
    pub is_known: bool,
    /// Whether that code gives labels.
    pub is_labelled: bool,
    /// Whether the resource is a directory entry or a definition.
    pub is_directory: bool,
}

/// A reference that a part makes.
pub(super) struct Found {
    pub key: String,
    pub target: Option<Target>,
    pub display: Option<String>,
}

/// A label that a code gives only beside others.
pub(super) struct Conditional {
    pub basis: Basis,
    pub context: Context,
}

/// What one part shows.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent observation of a single pass"
)]
pub(super) struct Evidence {
    pub labels: LabelSet,
    /// The labels that codes and incoming labels give: free text of the item carries them too.
    pub coded: LabelSet,
    pub basis: Vec<Basis>,
    pub conditional: Vec<Conditional>,
    pub references: Vec<Found>,
    pub note_type: Option<NoteType>,
    /// Whether a code of a known system stands in it.
    pub known: bool,
    /// Whether a person's words or an attachment stand in it.
    pub free_text: bool,
    /// Whether an incoming label could not be read.
    pub unreadable_label: bool,
    pub hits: bool,
    pub unread: bool,
    pub unknown: bool,
    pub uncoded: bool,
    pub unvouched: bool,
}

impl Evidence {
    /// Why a person has to look at the part, if so.
    pub fn review(&self) -> Option<Review> {
        if self.unreadable_label {
            Some(Review::IncomingRestriction)
        } else if self.unread {
            Some(Review::UnreadableAttachment)
        } else if self.unknown {
            Some(Review::UnknownSystem)
        } else if self.uncoded {
            Some(Review::Uncoded)
        } else if self.unvouched && !self.hits {
            Some(Review::FreeText)
        } else {
            None
        }
    }

    pub fn add(&mut self, basis: Basis) {
        let label = basis.label;
        if matches!(basis.kind, BasisKind::Code | BasisKind::Incoming) {
            self.coded = self.coded.with(label);
        }
        let known = self.labels.has(label)
            && self.basis.iter().any(|other| {
                other.label == label
                    && other.kind == basis.kind
                    && other.rule == basis.rule
                    && other.code == basis.code
            });
        self.labels = self.labels.with(label);
        if !known {
            self.basis.push(basis);
        }
    }
}
