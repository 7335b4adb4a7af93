//! Small worlds of resources for the labeling tests.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::fhir::reader;
use domain::label::{Label, LabelSet};
use domain::labeling::{
    Context, Examined, Examiner, Fault, Labelled, LabelledPart, Part2Programs, settle,
};
use serde_json::{Value, json};

/// Labels these resources together.
pub fn label(resources: &[Value]) -> World {
    label_from(resources, &[])
}

/// Labels these resources, with these organizations as Part 2 programs.
pub fn label_from(resources: &[Value], programs: &[&str]) -> World {
    let mut examiner = Examiner::default();
    let all = resources
        .iter()
        .map(|resource| {
            examiner
                .examine(resource, None)
                .expect("a readable resource")
        })
        .collect();
    World::settle(all, programs)
}

/// The labelled resources by `Type/id`.
pub struct World(pub BTreeMap<String, Labelled>);

impl World {
    pub fn settle(examined: Vec<Examined>, programs: &[&str]) -> Self {
        let programs = Part2Programs::of(programs);
        let labelled = settle(
            examined,
            &Context {
                part2_programs: &programs,
            },
        );
        Self(
            labelled
                .into_iter()
                .map(|labelled| (labelled.identity(), labelled))
                .collect(),
        )
    }

    pub fn part(&self, resource: &str, path: &str) -> &LabelledPart {
        self.0
            .get(resource)
            .unwrap_or_else(|| panic!("no {resource}"))
            .parts
            .iter()
            .find(|part| part.path == path)
            .unwrap_or_else(|| panic!("no {path}"))
    }

    /// The names of a part's labels.
    pub fn labels(&self, resource: &str, path: &str) -> Vec<&'static str> {
        names(self.part(resource, path).labels)
    }

    pub fn has(&self, resource: &str, path: &str, label: Label) -> bool {
        self.part(resource, path).labels.has(label)
    }
}

pub fn names(labels: LabelSet) -> Vec<&'static str> {
    labels.iter().map(Label::name).collect()
}

/// Reads and labels a file of `../shared/data`; `None`, plainly said, when it is not there.
pub fn data(file: &str, programs: &[&str]) -> Option<World> {
    Some(World::settle(examined(file)?, programs))
}

/// The same, with the resources in the opposite order.
pub fn data_reversed(file: &str) -> Option<World> {
    let mut examined = examined(file)?;
    examined.reverse();
    Some(World::settle(examined, &[]))
}

fn examined(file: &str) -> Option<Vec<Examined>> {
    let folder = std::env::var_os("CONFIDE_TEST_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join(file);
    let Ok(source) = std::fs::File::open(&path) else {
        eprintln!(
            "NOT TESTED: the test data {file} is not there; set CONFIDE_TEST_DATA to its folder"
        );
        return None;
    };
    let mut examiner = Examiner::default();
    let mut all = Vec::new();
    reader::read(source, |entry| {
        all.push(examiner.examine(&entry.resource, entry.full_url.as_deref())?);
        Ok::<(), Fault>(())
    })
    .unwrap_or_else(|error| panic!("{file}: {error}"));
    Some(all)
}

pub const SNOMED: &str = "http://snomed.info/sct";
pub const LOINC: &str = "http://loinc.org";
pub const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

pub fn concept(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": system, "code": code}]})
}

/// Opioid dependence.
pub fn opioid() -> Value {
    concept(ICD10, "F11.20")
}

/// Essential hypertension.
pub fn ordinary() -> Value {
    concept(ICD10, "I10")
}

pub fn to(reference: &str) -> Value {
    json!({"reference": reference})
}

pub fn opioid_condition() -> Value {
    json!({"resourceType": "Condition", "id": "oud", "subject": to("Patient/1"), "code": opioid()})
}

pub fn ordinary_condition() -> Value {
    json!({"resourceType": "Condition", "id": "htn", "subject": to("Patient/1"), "code": ordinary()})
}
