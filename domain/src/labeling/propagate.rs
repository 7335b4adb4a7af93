//! Step two of labeling: origin and references, over everything that is known, to a fixed point.
//!
//! | from | to | how far |
//! | --- | --- | --- |
//! | what a reference leads to | the part that refers | always |
//! | an item's code or title | all its parts | always: the whole item is about it |
//! | a visit's reasons and diagnoses | the visit | all its parts |
//! | a visit | its procedures, notes and medications | all their parts |
//! | a condition that is the reason | what it is the reason for | all its parts; in a claim the lines that name it |
//! | an order, or the larger one | what carries it out, or is a piece of it | all its parts |
//! | a report or panel with a labelled code | its results | all their parts |
//! | an item's coded labels | its free text | always (POLICY §1) |
//! | a prescription | the lines of its claim | all lines |
//!
//! Labels are only ever added, so it ends. A reason by code stays on the reason, except for a visit (POLICY §1, §2).

mod graph;
mod node;
mod outcome;
mod sources;

pub(super) use node::passing;

use core::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::basis::{Basis, Review};
use super::examined::Examined;
use super::origin::{Part2Programs, ToldOrigin};
use super::review::Conflict;
use crate::clock::Instant;
use crate::item::ItemKind;
use crate::label::LabelSet;

/// What labeling needs to know besides the resources.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The source organizations that are Part 2 programs.
    pub part2_programs: &'a Part2Programs,
}

/// One resource, labelled.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    /// The FHIR resource type.
    pub resource_type: String,
    /// The resource's id.
    pub id: Option<String>,
    /// The `fullUrl` it came with.
    pub full_url: Option<String>,
    /// The kind of item it becomes.
    pub kind: ItemKind,
    /// Whose record it belongs to: `Patient/id` when the patient is known, else the reference as written.
    pub patient: Option<String>,
    /// Its parts, in the order of [`super::parts::split`].
    pub parts: Vec<LabelledPart>,
    /// Which parts identify it.
    pub identifying: Vec<u16>,
    /// The organizations it came from, the surest name of each.
    pub sources: Vec<String>,
    /// Who wrote it, as references, where that is known.
    pub authors: Vec<String>,
    /// Which of its parts say so.
    #[serde(skip)]
    pub told: ToldOrigin,
    /// First and last day of the service.
    pub service: Option<(NaiveDate, NaiveDate)>,
    /// The instant to sort by.
    pub when: Option<Instant>,
}

impl Labelled {
    /// `Type/id`.
    pub fn identity(&self) -> String {
        let id = self
            .id
            .as_deref()
            .or(self.full_url.as_deref())
            .unwrap_or_default();
        format!("{}/{id}", self.resource_type)
    }

    /// The join of its parts' labels (POLICY §1).
    pub fn labels(&self) -> LabelSet {
        self.parts
            .iter()
            .fold(LabelSet::EMPTY, |all, part| all.join(part.labels))
    }
}

impl fmt::Debug for Labelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Labelled([redacted])")
    }
}

/// One part, labelled.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelledPart {
    /// Its path.
    pub path: String,
    /// Its labels.
    pub labels: LabelSet,
    /// What each label rests on.
    pub basis: Vec<Basis>,
    /// Why it is unclassified, if it is.
    pub review: Option<Review>,
    /// Where what is known of it does not agree, so that a person has to look: it hides nothing.
    pub conflict: Option<Conflict>,
    /// The other items that it refers to, as `Type/id`.
    #[serde(skip)]
    pub leads_to: Vec<String>,
}

impl fmt::Debug for LabelledPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LabelledPart([redacted])")
    }
}

/// Labels resources together: those of a file, and of the record they join.
///
/// The order of what comes back is the order of what was given; the order does not change the labels.
pub fn settle(examined: Vec<Examined>, context: &Context<'_>) -> Vec<Labelled> {
    let mut graph = graph::Graph::new(examined);
    graph.origins(context.part2_programs);
    graph.settle();
    graph.narratives();
    graph.settle();
    graph.finish()
}

/// Where the parts of these resources lead to among them, as [`LabelledPart::leads_to`] has it: for each resource, part by
/// part.
pub fn leads(examined: Vec<Examined>) -> Vec<Vec<Vec<String>>> {
    let count = examined.len();
    let graph = graph::Graph::new(examined);
    (0..count).map(|at| graph.leads(at)).collect()
}
