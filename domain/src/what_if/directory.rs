//! Who is who: every way in which a resource of the given files is named.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::fhir::reader::Entry;
use crate::fhir::reference::{self, Target};

/// All names of one resource, as [`Target::as_str`] writes them. Two sets that share a name mean the same resource.
pub(super) type Names = BTreeSet<String>;

/// The resources of the given files by every name they have.
pub(super) struct Directory<'a> {
    resources: Vec<(Names, &'a Map<String, Value>)>,
    by_name: HashMap<String, Vec<usize>>,
}

impl<'a> Directory<'a> {
    pub fn of(entries: impl Iterator<Item = &'a Entry>) -> Self {
        let mut directory = Self {
            resources: Vec::new(),
            by_name: HashMap::new(),
        };
        for entry in entries {
            if let Some(map) = entry.resource.as_object() {
                directory
                    .resources
                    .push((names(map, entry.full_url.as_deref()), map));
            }
        }
        let shared = shared(&directory.resources);
        for (at, (names, _)) in directory.resources.iter_mut().enumerate() {
            names.retain(|name| !shared.contains(name));
            for name in names.iter() {
                directory.by_name.entry(name.clone()).or_default().push(at);
            }
        }
        directory
    }

    /// The resources of that name.
    pub fn find(&self, name: &str) -> impl Iterator<Item = &(Names, &'a Map<String, Value>)> {
        let places = self
            .by_name
            .get(name)
            .map(Vec::as_slice)
            .unwrap_or_default();
        places.iter().filter_map(|at| self.resources.get(*at))
    }

    /// Every name of what is named by one of these.
    pub fn names<'t>(&self, targets: impl IntoIterator<Item = &'t Target>) -> Names {
        let mut all = Names::new();
        for target in targets {
            let name = target.as_str();
            all.insert(name.to_owned());
            for (names, _) in self.find(name) {
                all.extend(names.iter().cloned());
            }
        }
        all
    }

    /// The resources that these names mean.
    pub fn resources(&self, names: &Names) -> impl Iterator<Item = &'a Map<String, Value>> {
        let places: BTreeSet<usize> = names
            .iter()
            .filter_map(|name| self.by_name.get(name))
            .flatten()
            .copied()
            .collect();
        places
            .into_iter()
            .filter_map(|at| self.resources.get(at))
            .map(|(_, map)| *map)
    }

    /// Every resource of that type.
    pub fn of_type(
        &self,
        resource_type: &str,
    ) -> impl Iterator<Item = &(Names, &'a Map<String, Value>)> {
        self.resources
            .iter()
            .filter(move |(_, map)| is_type(map, resource_type))
    }

    /// Every name of what a `Reference` element names; empty when there is none.
    pub fn of_element(&self, element: Option<&Value>) -> Names {
        let target = element
            .and_then(Value::as_object)
            .and_then(Target::of_reference);
        self.names(target.as_ref())
    }
}

/// Whether the resource is of that type.
pub(super) fn is_type(map: &Map<String, Value>, resource_type: &str) -> bool {
    map.get("resourceType").and_then(Value::as_str) == Some(resource_type)
}

/// Whether both name the same.
pub(super) fn meet(one: &Names, other: &Names) -> bool {
    one.iter().any(|name| other.contains(name))
}

/// Business identifiers that different resources have: they name nobody.
fn shared(resources: &[(Names, &Map<String, Value>)]) -> Names {
    let mut holders: HashMap<&str, (Option<&Value>, Option<&Value>)> = HashMap::new();
    let mut shared = Names::new();
    for (names, map) in resources {
        let holder = (map.get("resourceType"), map.get("id"));
        for name in names.iter().filter(|name| name.contains('|')) {
            if holders
                .insert(name, holder)
                .is_some_and(|other| other != holder)
            {
                shared.insert(name.clone());
            }
        }
    }
    shared
}

fn names(map: &Map<String, Value>, full_url: Option<&str>) -> Names {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    let mut names = Names::new();
    if let (Some(resource_type), Some(id)) = (text("resourceType"), text("id")) {
        names.insert(format!("{resource_type}/{id}"));
    }
    if let Some(target) = full_url.and_then(Target::of) {
        names.insert(target.as_str().to_owned());
    }
    if let Some(url) = full_url {
        names.insert(url.to_owned());
    }
    let identifiers = map.get("identifier").and_then(Value::as_array);
    let identifiers = identifiers
        .into_iter()
        .flatten()
        .filter_map(Value::as_object);
    // An identifier without a system could be anybody's.
    names.extend(
        identifiers
            .filter_map(reference::identifier)
            .filter(|name| !name.starts_with('|')),
    );
    names
}
