//! Step one of labeling: one resource, by itself.

use core::fmt;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::basis::{Basis, BasisKind, Review};
use super::evidence::{Evidence, Item};
use super::examined::{Conditional, Examined, ExaminedPart, Link, Reference, element_of};
use super::links::links;
use super::origin::OrganizationRef;
use super::parts::{self, Part};
use super::reading::Reader;
use super::review::{is_said, resting_only_on};
use super::roles::{self, Role};
use super::rules::{Near, Rules};
use super::walk::Walk;
use super::{attachment, identity, shape};
use crate::fhir::dates;
use crate::fhir::reference::{self, Target};
use crate::fhir::security::{self, Incoming};
use crate::item::{ItemFacts, ItemKind};
use crate::label::{Confidentiality, Label, LabelSet};

/// Why a resource cannot be read. Says nothing of its content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The path of the element in the resource; empty for the resource itself.
    pub path: String,
    /// What is wrong, in plain words.
    pub reason: &'static str,
}

impl Fault {
    pub(crate) fn new(path: &str, reason: &'static str) -> Self {
        Self {
            path: path.to_owned(),
            reason,
        }
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "the resource {}", self.reason)
        } else {
            write!(f, "{} {}", self.path, self.reason)
        }
    }
}

/// Examines one resource; see [`Examiner`] for many.
///
/// # Errors
/// When the resource is not of a form that can be labelled.
pub fn examine(resource: &Value) -> Result<Examined, Fault> {
    Examiner::default().examine(resource, None)
}

/// Examines resources one after the other, remembering what it has read to be quick.
pub struct Examiner {
    reader: Reader,
}

impl Default for Examiner {
    fn default() -> Self {
        Self::new(Rules::standard())
    }
}

impl Examiner {
    /// An examiner by these rules.
    pub fn new(rules: &'static Rules) -> Self {
        Self {
            reader: Reader::new(rules),
        }
    }

    /// Examines one resource, which came under that `fullUrl`.
    ///
    /// # Errors
    /// When the resource is not of a form that can be labelled.
    pub fn examine(&mut self, resource: &Value, full_url: Option<&str>) -> Result<Examined, Fault> {
        let map = object(resource)?;
        shape::check(map)?;
        Ok(self.read(map, full_url))
    }

    /// Examines one resource that was taken in with these facts, for these reasons, and has no form any more that can be
    /// labelled. It is read as far as it goes, and keeps the labels that it had: what refers to it still leads to it, and
    /// to something as strict.
    ///
    /// # Errors
    /// When it is no object.
    pub fn examine_kept(
        &mut self,
        resource: &Value,
        full_url: Option<&str>,
        facts: &ItemFacts,
        basis: &[Vec<Basis>],
    ) -> Result<Examined, Fault> {
        let mut examined = self.read(object(resource)?, full_url);
        examined.keep(facts, basis);
        Ok(examined)
    }

    fn read(&mut self, map: &Map<String, Value>, full_url: Option<&str>) -> Examined {
        let resource_type = text_of(map, "resourceType").unwrap_or_default();
        let times = dates::times(map);
        let split = parts::split(map);
        let identifying = identifying(resource_type, &split);
        let incoming = map
            .get("meta")
            .and_then(|meta| meta.get("security"))
            .and_then(Value::as_array)
            .map(security::read)
            .unwrap_or_default();
        let mut item = Item {
            resource_type,
            days: [
                times.service.map(|(first, _)| first),
                times.service.map(|(_, last)| last),
                times.recorded,
            ],
            is_known: false,
            is_labelled: false,
            is_directory: roles::is_directory(resource_type),
        };
        // What says what the item is comes first: it vouches for the rest.
        let mut evidence: Vec<Option<Evidence>> = split.iter().map(|_| None).collect();
        for first in [true, false] {
            for (index, part) in split.iter().enumerate() {
                if is_in(&identifying, index) == first
                    && let Some(slot) = evidence.get_mut(index)
                {
                    *slot = Some(self.part(&item, map, part));
                }
            }
            if first {
                let found = evidence.iter().flatten();
                item.is_known = found.clone().any(|evidence| evidence.known);
                item.is_labelled = found
                    .map(|evidence| evidence.coded)
                    .chain([incoming.labels])
                    .any(|labels| !labels.segments().minus(LabelSet::IDENTITY).is_ordinary());
            }
        }
        let evidence: Vec<Evidence> = evidence
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect();
        let mut examined = Examined {
            resource_type: resource_type.to_owned(),
            id: text_of(map, "id").map(str::to_owned),
            full_url: full_url.map(str::to_owned),
            kind: ItemKind::of_resource(resource_type),
            patient: None,
            parts: Vec::with_capacity(split.len()),
            identifying,
            service: times.service,
            when: times.when,
            identifiers: identifiers(map),
            name: text_of(map, "name").map(str::to_owned),
            references: Vec::new(),
            links: links(resource_type, &split),
            conditional: Vec::new(),
            narrative: self.narrative(map),
            note_type: None,
            origin: origin(map),
            contained: contained(map),
            restricted: false,
            came_normal: false,
        };
        for (index, (part, evidence)) in split.iter().zip(evidence).enumerate() {
            examined.take(index, part, evidence);
        }
        examined.link_contained();
        examined.no_code(&item);
        examined.incoming(incoming);
        examined
    }

    fn part(&mut self, item: &Item<'_>, map: &Map<String, Value>, part: &Part<'_>) -> Evidence {
        let mut walk = Walk {
            reader: &mut self.reader,
            item,
            element: part.element,
            nests: part.nests,
            evidence: Evidence::default(),
        };
        match (part.element, part.value) {
            ("data", Some(Value::String(data))) if item.resource_type == "Binary" => {
                walk.data(text_of(map, "contentType").unwrap_or_default(), data);
            }
            ("extension" | "modifierExtension", Some(Value::Object(extension))) => {
                walk.extension(extension);
            }
            _ => walk.part(part.value, part.beside),
        }
        let mut evidence = walk.evidence;
        if let Some(label) = identity::of_element(item.resource_type, part.element) {
            evidence.add(
                Basis::new(BasisKind::Code, "identity.element", label).from(part.path.clone()),
            );
        }
        if item.resource_type == "Patient"
            && part.element == "name"
            && part
                .value
                .is_some_and(|name| identity::is_preferred_name(map, name))
        {
            evidence.add(
                Basis::new(
                    BasisKind::Code,
                    "identity.preferred-name",
                    Label::PreferredName,
                )
                .from(part.path.clone()),
            );
        }
        evidence
    }

    fn narrative(&mut self, map: &Map<String, Value>) -> Vec<Basis> {
        let mut found = Vec::new();
        if let Some(div) = map
            .get("text")
            .and_then(|text| text.get("div"))
            .and_then(Value::as_str)
        {
            self.reader.text(&attachment::without_tags(div), &mut found);
        }
        for basis in &mut found {
            basis.from = Some("text".to_owned());
        }
        found
    }
}

impl Examined {
    fn take(&mut self, index: usize, part: &Part<'_>, evidence: Evidence) {
        let at = u32::try_from(index).unwrap_or(u32::MAX);
        for found in &evidence.references {
            let role = roles::of(&self.resource_type, part.element, &found.key);
            if role == Role::Subject && self.patient.is_none() && part.element == found.key {
                self.patient.clone_from(&found.target);
            }
            self.references.push(Reference {
                part: at,
                role,
                source: roles::is_source(&self.resource_type, part.element),
                target: found.target.clone(),
                display: found.display.clone(),
            });
        }
        self.conditional
            .extend(evidence.conditional.iter().map(|conditional| Conditional {
                part: at,
                basis: conditional.basis.clone(),
                anywhere: conditional.context.near == Near::Record,
                any_of: conditional.context.any_of,
            }));
        self.note_type = self.note_type.max(evidence.note_type);
        self.parts.push(ExaminedPart {
            path: part.path.clone(),
            labels: evidence.labels,
            coded: evidence.coded,
            review: evidence.review(),
            free_text: evidence.free_text,
            known: evidence.known,
            basis: evidence.basis,
        });
    }

    /// A part that refers to a resource inside the same resource takes its labels; a reason gives them to all.
    fn link_contained(&mut self) {
        for reference in &self.references {
            let Some(Target::Contained(id)) = &reference.target else {
                continue;
            };
            let Some(position) = self.contained.iter().position(|(local, _)| local == id) else {
                continue;
            };
            let path = format!("contained[{position}]");
            let from = self.parts.iter().position(|part| part.path == path);
            let Some(from) = from.and_then(|from| u32::try_from(from).ok()) else {
                continue;
            };
            let whole = reference.role == Role::Reason && !roles::is_claim(&self.resource_type);
            self.links.push(Link {
                from,
                to: (!whole).then_some(reference.part),
            });
        }
    }

    /// Without a code that says what it is, nothing vouches for a clinical item.
    fn no_code(&mut self, item: &Item<'_>) {
        let has_code = !self.identifying_is_fallback();
        let labelled = self
            .identifying
            .iter()
            .filter_map(|index| self.parts.get(usize::from(*index)))
            .any(|part| !part.labels.is_ordinary());
        if parts::needs_code(item.resource_type) && !has_code && !labelled {
            for part in &mut self.parts {
                part.review = part.review.or(Some(Review::NoCode));
            }
        }
    }

    /// Whether no element of the type's identifying ones is there.
    fn identifying_is_fallback(&self) -> bool {
        let named = parts::identifying(&self.resource_type);
        !self
            .identifying
            .iter()
            .filter_map(|index| self.parts.get(usize::from(*index)))
            .any(|part| named.contains(&element_of(&part.path)))
    }

    /// Adds the labels that it was kept with, but for those that rest on what people said: they come anew from that.
    fn keep(&mut self, facts: &ItemFacts, basis: &[Vec<Basis>]) {
        let said: BTreeMap<&str, LabelSet> = facts
            .parts
            .iter()
            .zip(basis)
            .map(|(kept, grounds)| (kept.path.as_str(), resting_only_on(grounds, is_said)))
            .collect();
        // Also what the rest of the item took from a part of which it was said.
        let comes_anew = |ground: &Basis| {
            let from = ground.from.as_deref().and_then(|from| said.get(from));
            is_said(ground) || from.is_some_and(|labels| labels.has(ground.label))
        };
        for part in &mut self.parts {
            let here = facts.parts.iter().position(|kept| kept.path == part.path);
            for (index, kept) in facts.parts.iter().enumerate() {
                // What was no part then may be of any of those that were.
                if here.is_some_and(|here| here != index) {
                    continue;
                }
                let grounds = basis.get(index).map(Vec::as_slice).unwrap_or_default();
                let anew = resting_only_on(grounds, comes_anew);
                part.labels = part.labels.join(kept.labels.minus(anew));
                for ground in grounds {
                    if !comes_anew(ground) && !part.basis.contains(ground) {
                        part.basis.push(ground.clone());
                    }
                }
            }
        }
    }

    /// Labels that came with the resource: on every part, never weakened.
    fn incoming(&mut self, incoming: Incoming) {
        for label in incoming
            .labels
            .iter()
            .filter(|label| *label != Label::General)
        {
            let basis =
                Basis::new(BasisKind::Incoming, "incoming.resource", label).from("meta.security");
            for part in &mut self.parts {
                part.labels = part.labels.with(label);
                part.coded = part.coded.with(label);
                part.basis.push(basis.clone());
            }
        }
        if incoming.unreadable {
            for part in &mut self.parts {
                part.review = Some(Review::IncomingRestriction);
            }
        }
        self.came_normal = incoming.confidentiality == Some(Confidentiality::N);
        self.restricted = matches!(
            incoming.confidentiality,
            Some(Confidentiality::R | Confidentiality::V)
        );
    }
}

fn object(resource: &Value) -> Result<&Map<String, Value>, Fault> {
    resource
        .as_object()
        .ok_or_else(|| Fault::new("", "must be an object"))
}

fn text_of<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Value::as_str)
}

fn is_in(identifying: &[u16], index: usize) -> bool {
    identifying.iter().any(|at| usize::from(*at) == index)
}

/// The parts that identify an item: those of the first element of its type's that is there, or else its first part.
fn identifying(resource_type: &str, split: &[Part<'_>]) -> Vec<u16> {
    let at = |wanted: &str| -> Vec<u16> {
        split
            .iter()
            .enumerate()
            .filter(|(_, part)| part.element == wanted && part.parent.is_none())
            .filter_map(|(index, _)| u16::try_from(index).ok())
            .collect()
    };
    parts::identifying(resource_type)
        .iter()
        .map(|element| at(element))
        .find(|found| !found.is_empty())
        .unwrap_or_else(|| vec![0])
}

fn identifiers(map: &Map<String, Value>) -> Vec<String> {
    let list = match map.get("identifier") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(one @ Value::Object(_)) => core::slice::from_ref(one),
        _ => &[],
    };
    list.iter()
        .filter_map(Value::as_object)
        .filter_map(reference::identifier)
        .collect()
}

/// Where a resource says that it comes from: `meta.source`, whose fragment only tells messages apart (FHIR R4, `Meta`).
fn origin(map: &Map<String, Value>) -> Option<Target> {
    let source = text_of(map.get("meta")?.as_object()?, "source")?;
    let place = source.split_once('#').map_or(source, |(place, _)| place);
    Target::of(place)
}

/// The resources inside a resource, by local id; what they are called, for organizations.
fn contained(map: &Map<String, Value>) -> Vec<(String, OrganizationRef)> {
    let list = map.get("contained").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .map(|value| {
            let inner = value.as_object();
            let id = inner
                .and_then(|inner| text_of(inner, "id"))
                .unwrap_or_default()
                .to_owned();
            let organization = inner
                .filter(|inner| text_of(inner, "resourceType") == Some("Organization"))
                .map(|inner| OrganizationRef {
                    references: Vec::new(),
                    identifiers: identifiers(inner),
                    name: text_of(inner, "name").map(str::to_owned),
                })
                .unwrap_or_default();
            (id, organization)
        })
        .collect()
}
