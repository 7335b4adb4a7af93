//! Walking a Consent's JSON: every element is taken or named as a fault.

use serde_json::{Map, Value};

use super::condition::Coding;
use crate::fhir::reference::{self, Target};

/// Something about one element of a Consent. Says nothing of its content.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Remark {
    /// The path of the element; empty for the Consent itself.
    pub path: String,
    /// What about it, in plain words.
    pub reason: &'static str,
}

impl core::fmt::Display for Remark {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let path = if self.path.is_empty() {
            "it"
        } else {
            &self.path
        };
        write!(f, "{path} {}", self.reason)
    }
}

/// An object of the Consent and where it stands.
pub(super) struct Object<'a> {
    pub map: &'a Map<String, Value>,
    pub path: String,
}

impl Object<'_> {
    pub fn at(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}

/// What has been found while reading.
#[derive(Default)]
pub(super) struct Reading {
    pub faults: Vec<Remark>,
    pub notes: Vec<Remark>,
    /// Identifiers of contained resources, by local id.
    pub contained: Vec<(String, Vec<String>)>,
}

impl Reading {
    pub fn fault(&mut self, path: impl Into<String>, reason: &'static str) {
        let path = path.into();
        self.faults.push(Remark { path, reason });
    }

    pub fn note(&mut self, path: impl Into<String>, reason: &'static str) {
        let path = path.into();
        self.notes.push(Remark { path, reason });
    }

    /// Names the elements of the resource that are not known.
    pub fn resource(&mut self, object: &Object<'_>, known: &[&str]) {
        let of_every = [
            "resourceType",
            "id",
            "meta",
            "language",
            "text",
            "extension",
        ];
        self.keys(object, &|key| {
            of_every.contains(&key) || known.contains(&key)
        });
        // A server that left elements out says so; one of them could have been a condition.
        let tags = object
            .map
            .get("meta")
            .and_then(|meta| meta.get("tag"))
            .and_then(Value::as_array);
        if tags.is_some_and(|tags| {
            tags.iter()
                .any(|tag| tag.get("code").and_then(Value::as_str) == Some("SUBSETTED"))
        }) {
            self.fault("meta.tag", "says that elements were left out");
        }
    }

    /// Names the elements of a part of the resource that are not known.
    pub fn element(&mut self, object: &Object<'_>, known: &[&str]) {
        self.keys(object, &|key| {
            matches!(key, "id" | "extension") || known.contains(&key)
        });
    }

    fn keys(&mut self, object: &Object<'_>, is_known: &dyn Fn(&str) -> bool) {
        for (key, value) in object.map {
            let reason = match key.strip_prefix('_') {
                // Extensions of a primitive that is there may be passed over; one that is not there is not.
                Some(bare) if is_known(bare) && object.map.contains_key(bare) => continue,
                _ if value.is_null() => "is null",
                _ if is_known(key) => continue,
                _ if key == "modifierExtension" => {
                    "changes the meaning in a way that is not understood"
                }
                _ => "is not an element that is understood",
            };
            // The name of an unknown element could be anything a file holds: the place is told without it.
            let told = key == "modifierExtension" || is_known(key);
            let path = if told { object.at(key) } else { object.at("?") };
            self.fault(path, reason);
        }
    }

    /// A text; `None` when it is not there, with a fault when it is something else.
    pub fn text<'a>(&mut self, object: &Object<'a>, key: &str) -> Option<&'a str> {
        match object.map.get(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => {
                self.fault(object.at(key), "is not a text");
                None
            }
        }
    }

    /// The values of a list with their places; `None` when it is not there, with a fault when it is no list or empty.
    pub fn list<'a>(&mut self, object: &Object<'a>, key: &str) -> Option<Vec<(&'a Value, String)>> {
        match object.map.get(key)? {
            Value::Array(list) if !list.is_empty() => {
                let at = object.at(key);
                let place = |(index, value)| (value, format!("{at}[{index}]"));
                Some(list.iter().enumerate().map(place).collect())
            }
            _ => {
                self.fault(object.at(key), "is not a list of at least one");
                None
            }
        }
    }

    pub fn object<'a>(&mut self, value: &'a Value, path: String) -> Option<Object<'a>> {
        match value.as_object() {
            Some(map) if !map.is_empty() => Some(Object { map, path }),
            _ => {
                self.fault(path, "is not an object");
                None
            }
        }
    }

    /// The objects of a list; `None` when the list is not there or can't be read.
    pub fn objects<'a>(&mut self, object: &Object<'a>, key: &str) -> Option<Vec<Object<'a>>> {
        let list = self.list(object, key)?;
        let faults = self.faults.len();
        let read: Vec<Object<'a>> = list
            .into_iter()
            .filter_map(|(value, path)| self.object(value, path))
            .collect();
        (faults == self.faults.len()).then_some(read)
    }

    /// A `Coding`; with a fault when it has no code.
    pub fn coding(&mut self, object: &Object<'_>) -> Option<Coding> {
        self.element(
            object,
            &["system", "version", "code", "display", "userSelected"],
        );
        let system = self
            .text(object, "system")
            .map(|text| text.trim_end_matches('/').to_owned());
        let Some(code) = self.text(object, "code") else {
            self.fault(object.path.clone(), "has no code");
            return None;
        };
        Some(Coding {
            system,
            code: code.to_owned(),
        })
    }

    /// The codings of a `CodeableConcept`; empty when it has words alone.
    fn codings(&mut self, concept: &Object<'_>) -> Vec<Coding> {
        self.element(concept, &["coding", "text"]);
        let list = self.objects(concept, "coding").unwrap_or_default();
        list.iter()
            .filter_map(|coding| self.coding(coding))
            .collect()
    }

    pub fn concept(&mut self, object: &Object<'_>, key: &str) -> Option<Vec<Coding>> {
        let value = object.map.get(key)?;
        let concept = self.object(value, object.at(key))?;
        Some(self.codings(&concept))
    }

    pub fn concepts(&mut self, object: &Object<'_>, key: &str) -> Option<Vec<Vec<Coding>>> {
        let list = self.objects(object, key)?;
        Some(list.iter().map(|concept| self.codings(concept)).collect())
    }

    /// Every way in which a `Reference` names something; empty when it names nothing that can be looked up.
    pub fn targets(&mut self, object: &Object<'_>) -> Vec<Target> {
        self.element(object, &["reference", "type", "identifier", "display"]);
        let mut targets = Vec::new();
        if let Some(text) = self.text(object, "reference") {
            match Target::of(text) {
                Some(Target::Contained(id)) => {
                    let inside = self.contained.iter().filter(|(local, _)| *local == id);
                    targets.extend(
                        inside
                            .flat_map(|(_, names)| names)
                            .cloned()
                            .map(Target::Identifier),
                    );
                }
                Some(target) => targets.push(target),
                None => {}
            }
        }
        if let Some(identifier) = object.map.get("identifier") {
            match identifier.as_object().and_then(reference::identifier) {
                Some(name) => targets.push(Target::Identifier(name)),
                None => self.fault(object.at("identifier"), "has no value"),
            }
        }
        // An identifier without a system could be anybody's.
        targets
            .retain(|target| !matches!(target, Target::Identifier(name) if name.starts_with('|')));
        targets
    }

    pub fn reference(&mut self, object: &Object<'_>, key: &str) -> Option<Vec<Target>> {
        let value = object.map.get(key)?;
        let reference = self.object(value, object.at(key))?;
        Some(self.targets(&reference))
    }

    pub fn references(&mut self, object: &Object<'_>, key: &str) -> Vec<Target> {
        let list = self.objects(object, key).unwrap_or_default();
        list.iter()
            .flat_map(|reference| self.targets(reference))
            .collect()
    }
}
