//! What an import did, in numbers (CLI.md).

use domain::label::Label;
use domain::labeling::Labelled;
use serde::Serialize;
use std::collections::BTreeMap;
use store::Put;

/// What an import of one file did.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The file's name.
    pub file: String,
    /// Resources by type.
    pub resources: BTreeMap<String, u64>,
    /// Resources that were new.
    pub new: u64,
    /// Resources that had changed.
    pub changed: u64,
    /// Resources that were there already, the same.
    pub unchanged: u64,
    /// Parts by segment.
    pub segments: BTreeMap<&'static str, u64>,
    /// Parts by kind of basis.
    pub basis: BTreeMap<&'static str, u64>,
    /// Parts from a Part 2 program.
    pub part2: u64,
    /// Parts that wait for a person.
    pub review: u64,
    /// Those parts, by why.
    pub review_reasons: BTreeMap<&'static str, u64>,
    /// Always `null` here: a file with a fault has no report.
    pub error: Option<()>,
}

impl Report {
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            resources: BTreeMap::new(),
            new: 0,
            changed: 0,
            unchanged: 0,
            segments: BTreeMap::new(),
            basis: BTreeMap::new(),
            part2: 0,
            review: 0,
            review_reasons: BTreeMap::new(),
            error: None,
        }
    }

    pub(super) fn resource(&mut self, resource_type: &str) {
        *self.resources.entry(resource_type.to_owned()).or_default() += 1;
    }

    pub(super) fn put(&mut self, put: Put) {
        match put {
            Put::New => self.new += 1,
            Put::Changed => self.changed += 1,
            Put::Unchanged => self.unchanged += 1,
        }
    }

    pub(super) fn labels(&mut self, labelled: &Labelled) {
        for part in &labelled.parts {
            for label in part.labels.iter().filter(|label| label.is_segment()) {
                *self.segments.entry(label.name()).or_default() += 1;
            }
            if part.labels.has(Label::Part2) {
                self.part2 += 1;
            }
            if part.labels.has(Label::Unclassified) {
                self.review += 1;
            }
            if let Some(review) = part.review {
                *self.review_reasons.entry(review.name()).or_default() += 1;
            }
            let mut kinds: Vec<&'static str> =
                part.basis.iter().map(|basis| basis.kind.name()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            for kind in kinds {
                *self.basis.entry(kind).or_default() += 1;
            }
        }
    }
}
