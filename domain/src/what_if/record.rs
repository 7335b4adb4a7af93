//! One record as a decision and a provision's conditions see it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::directory::{Directory, Names};
use crate::clock::Instant;
use crate::fhir::reader::Entry;
use crate::fhir::reference::Target;
use crate::id::{BatchId, ItemId};
use crate::item::{ItemFacts, PartFacts};
use crate::labeling::{Labelled, parts};

/// One record.
pub(super) struct Record<'a> {
    /// `Type/id`.
    pub identity: String,
    /// Every name it has.
    pub names: Names,
    /// Every name of the patient it belongs to; empty: nobody knows whose it is.
    pub patient: Names,
    /// What a decision needs to know of it.
    pub facts: ItemFacts,
    /// The organizations it came from.
    pub sources: Vec<Names>,
    /// Who wrote it.
    pub authors: Vec<Names>,
    resource: &'a Map<String, Value>,
}

impl<'a> Record<'a> {
    /// The records, in the order of the entries that were labelled.
    pub fn all(
        entries: &'a [Entry],
        labelled: Vec<Labelled>,
        directory: &Directory<'_>,
    ) -> Vec<Self> {
        let mut records: Vec<Self> = entries
            .iter()
            .zip(labelled)
            .filter_map(|(entry, labelled)| {
                let resource = entry.resource.as_object()?;
                Some(Self::of(entry, resource, labelled, directory))
            })
            .collect();
        // A directory entry is no patient's; where the files are about one patient alone, it goes with that patient.
        let patients: BTreeSet<&Names> = records
            .iter()
            .map(|record| &record.patient)
            .filter(|names| !names.is_empty())
            .collect();
        if let [only] = patients.into_iter().collect::<Vec<_>>().as_slice() {
            let only = (*only).clone();
            for record in records
                .iter_mut()
                .filter(|record| record.patient.is_empty())
            {
                record.patient.clone_from(&only);
            }
        }
        records
    }

    fn of(
        entry: &Entry,
        resource: &'a Map<String, Value>,
        labelled: Labelled,
        directory: &Directory<'_>,
    ) -> Self {
        let identity = labelled.identity();
        let own = Target::of(&identity)
            .into_iter()
            .chain(entry.full_url.as_deref().and_then(Target::of));
        let mut names = directory.names(&own.collect::<Vec<_>>());
        names.extend(entry.full_url.clone());
        let all_of = |texts: &[String]| -> Vec<Names> {
            texts.iter().map(|text| by_text(text, directory)).collect()
        };
        let patient = if labelled.resource_type == "Patient" {
            names.clone()
        } else {
            labelled
                .patient
                .as_deref()
                .map(|text| by_text(text, directory))
                .unwrap_or_default()
        };
        let instant = labelled.when.unwrap_or(Instant::UNIX_EPOCH);
        Self {
            facts: ItemFacts {
                id: ItemId::derived("what-if", &identity),
                kind: labelled.kind,
                // The conditions on source and author are the Consent's, and asked before this item is decided.
                sources: Vec::new(),
                authors: Vec::new(),
                service: labelled.service,
                when: labelled.when,
                recorded: instant,
                batch: BatchId::derived("what-if", ""),
                parts: labelled
                    .parts
                    .into_iter()
                    .map(|part| PartFacts {
                        leads_to: Vec::new(),
                        path: part.path,
                        labels: part.labels,
                    })
                    .collect(),
                identifying: labelled.identifying,
                resource_type: labelled.resource_type,
            },
            sources: all_of(&labelled.sources),
            authors: all_of(&labelled.authors),
            identity,
            names,
            patient,
            resource,
        }
    }

    /// Whether a coding of that system and code stands in it: in what says what it is, or anywhere.
    pub fn has_code(&self, system: Option<&str>, code: &str, anywhere: bool) -> bool {
        let found = |value: &Value| {
            let mut found = false;
            each_object(value, &mut |object| {
                let text = |key: &str| object.get(key).and_then(Value::as_str);
                let own = text("system").map(|text| text.trim_end_matches('/'));
                found |= text("code").map(str::trim) == Some(code)
                    && match system {
                        Some(system) => own == Some(system) || (anywhere && own.is_none()),
                        None => anywhere,
                    };
            });
            found
        };
        if anywhere {
            return self.resource.values().any(found);
        }
        let elements = parts::identifying(&self.facts.resource_type);
        elements
            .iter()
            .filter_map(|element| self.resource.get(*element))
            .any(found)
    }

    /// Whether a document of that type or category, by code.
    pub fn is_document_of(&self, system: Option<&str>, code: &str) -> bool {
        ["type", "category", "code"]
            .iter()
            .filter_map(|element| self.resource.get(*element))
            .any(|value| {
                let mut found = false;
                each_object(value, &mut |object| {
                    let text = |key: &str| object.get(key).and_then(Value::as_str);
                    found |=
                        system.is_some() && text("system") == system && text("code") == Some(code);
                });
                found
            })
    }

    /// Whether something of that media type is attached.
    pub fn has_media(&self, media: &str) -> bool {
        let mut found = false;
        for value in self.resource.values() {
            each_object(value, &mut |object| {
                found |= object.get("contentType").and_then(Value::as_str) == Some(media);
            });
        }
        found || self.resource.get("contentType").and_then(Value::as_str) == Some(media)
    }

    /// Whether it refers to what has one of these names.
    pub fn refers_to(&self, names: &Names) -> bool {
        references(self.resource)
            .iter()
            .any(|target| names.contains(target.as_str()))
    }
}

/// What a resource refers to.
pub(super) fn references(resource: &Map<String, Value>) -> Vec<Target> {
    let mut all = Vec::new();
    for value in resource.values() {
        each_object(value, &mut |object| {
            if object.contains_key("reference") {
                all.extend(Target::of_reference(object));
            }
        });
    }
    all
}

/// A source or author as labeling names it: a reference, or an identifier as `system|value`.
fn by_text(text: &str, directory: &Directory<'_>) -> Names {
    let target = if text.contains('|') && !text.contains('?') {
        Some(Target::Identifier(text.to_owned()))
    } else {
        Target::of(text)
    };
    directory.names(target.as_ref())
}

fn each_object(value: &Value, take: &mut dyn FnMut(&Map<String, Value>)) {
    match value {
        Value::Array(list) => list.iter().for_each(|inner| each_object(inner, take)),
        Value::Object(map) => {
            take(map);
            map.values().for_each(|inner| each_object(inner, take));
        }
        _ => {}
    }
}
