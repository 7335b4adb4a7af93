//! All resources and the references between them.

use std::collections::{HashMap, HashSet, VecDeque};

use super::super::basis::{BasisKind, Review};
use super::super::examine::Examined;
use super::super::origin::{OrganizationRef, Part2Programs};
use super::super::roles::{self, Role};
use super::node::{Edge, Node, passing};
use super::{Labelled, LabelledPart};
use crate::fhir::reference::{self, Target};
use crate::item::ItemKind;
use crate::label::{Label, LabelSet};

pub(super) struct Graph {
    nodes: Vec<Node>,
    index: Index,
    /// For each person: the labels of all their diagnoses, and the items that some of their codes depend on.
    persons: Vec<Person>,
    /// Organizations that are Part 2 programs.
    programs: HashSet<usize>,
}

#[derive(Default)]
struct Person {
    record: LabelSet,
    waiting: Vec<usize>,
}

/// Finds a resource by every way of referring to it.
#[derive(Default)]
struct Index {
    identities: HashMap<String, usize>,
    urls: HashMap<String, usize>,
    identifiers: HashMap<String, usize>,
}

impl Index {
    fn of(nodes: &[Node]) -> Self {
        let mut index = Self::default();
        for (at, node) in nodes.iter().enumerate() {
            let examined = &node.examined;
            if examined.id.is_some() {
                index.identities.entry(examined.identity()).or_insert(at);
            }
            if let Some(url) = &examined.full_url {
                if let Some(identity) = reference::identity(url) {
                    index.identities.entry(identity).or_insert(at);
                }
                index.urls.entry(url.clone()).or_insert(at);
            }
            if let Some(id) = &examined.id {
                index.urls.entry(format!("urn:uuid:{id}")).or_insert(at);
            }
            for identifier in &examined.identifiers {
                index.identifiers.entry(identifier.clone()).or_insert(at);
            }
        }
        index
    }

    fn find(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Resource(identity) => self.identities.get(identity),
            Target::Url(url) => self.urls.get(url),
            Target::Identifier(identifier) => self.identifiers.get(identifier),
            Target::Contained(_) => None,
        }
        .copied()
    }
}

impl Graph {
    pub fn new(examined: Vec<Examined>) -> Self {
        let mut nodes: Vec<Node> = examined.into_iter().map(Node::new).collect();
        let index = Index::of(&nodes);
        let mut dependents: Vec<(usize, usize)> = Vec::new();
        let mut results: Vec<(usize, usize)> = Vec::new();
        for (at, node) in nodes.iter_mut().enumerate() {
            for (number, reference) in node.examined.references.iter().enumerate() {
                if reference.role == Role::Subject {
                    continue;
                }
                let Some(target) = reference
                    .target
                    .as_ref()
                    .and_then(|target| index.find(target))
                    .filter(|target| *target != at)
                else {
                    continue;
                };
                node.edges.push(Edge {
                    reference: number,
                    target,
                });
                dependents.push((target, at));
                if matches!(reference.role, Role::Result | Role::Member) {
                    results.push((target, at));
                }
            }
        }
        for (target, at) in dependents {
            if let Some(node) = nodes.get_mut(target) {
                if node.dependents.last() != Some(&at) {
                    node.dependents.push(at);
                }
            }
        }
        for (target, at) in results {
            if let Some(node) = nodes.get_mut(target) {
                node.panels.push(at);
            }
        }
        let mut graph = Self {
            nodes,
            index,
            persons: Vec::new(),
            programs: HashSet::new(),
        };
        graph.persons();
        graph
    }

    /// Groups the items by the person whose record they belong to.
    fn persons(&mut self) {
        let mut places: HashMap<String, usize> = HashMap::new();
        for at in 0..self.nodes.len() {
            let Some(key) = self.person_of(at) else {
                continue;
            };
            let next = places.len();
            let place = *places.entry(key).or_insert(next);
            if self.persons.len() <= place {
                self.persons.push(Person::default());
            }
            let Some(node) = self.nodes.get_mut(at) else {
                continue;
            };
            node.person = Some(place);
            if node
                .examined
                .conditional
                .iter()
                .any(|condition| condition.anywhere)
            {
                if let Some(person) = self.persons.get_mut(place) {
                    person.waiting.push(at);
                }
            }
        }
    }

    /// `Patient/id`, or the reference as written when the patient is not known.
    fn person_of(&self, at: usize) -> Option<String> {
        let examined = &self.nodes.get(at)?.examined;
        if examined.resource_type == "Patient" {
            return Some(examined.identity());
        }
        let target = examined.patient.as_ref()?;
        let known = self.index.find(target).and_then(|at| self.nodes.get(at));
        Some(known.map_or_else(
            || target.as_str().to_owned(),
            |node| node.examined.identity(),
        ))
    }

    /// Sources, and the law and the separated notes that follow from them.
    pub fn origins(&mut self, programs: &Part2Programs) {
        self.programs = (0..self.nodes.len())
            .filter(|at| self.is_program(*at, programs))
            .collect();
        let direct: Vec<Vec<Source>> = (0..self.nodes.len())
            .map(|at| self.direct_sources(at))
            .collect();
        // A Provenance names the sources of its targets.
        let mut told: Vec<Vec<Source>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.examined.resource_type == "Provenance")
        {
            let sources = direct.get(at).cloned().unwrap_or_default();
            for edge in &node.edges {
                let is_target = node.reference(*edge).is_some_and(|reference| {
                    usize::try_from(reference.part)
                        .ok()
                        .and_then(|part| node.examined.parts.get(part))
                        .is_some_and(|part| part.path.starts_with("target"))
                });
                if let (true, Some(slot)) = (is_target, told.get_mut(edge.target)) {
                    slot.extend(sources.iter().cloned());
                }
            }
        }
        for at in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(at) else {
                continue;
            };
            let mut sources: Vec<Source> = direct.get(at).cloned().unwrap_or_default();
            for edge in &node.edges {
                let hands_on = node.reference(*edge).is_some_and(|reference| {
                    matches!(
                        reference.role,
                        Role::Encounter | Role::Claim | Role::PartOf | Role::Request
                    )
                });
                if hands_on {
                    sources.extend(direct.get(edge.target).cloned().unwrap_or_default());
                }
            }
            sources.extend(told.get(at).cloned().unwrap_or_default());
            if sources.is_empty() {
                sources = self.employers(at);
            }
            let found = sources.iter().find(|source| match source {
                Source::Known(organization) => self.programs.contains(organization),
                Source::Named(organization) => programs.holds(organization),
            });
            let program = found.and_then(|source| self.key_of(source));
            let sources = self.keys_of(&sources);
            let Some(node) = self.nodes.get_mut(at) else {
                continue;
            };
            node.sources = sources;
            node.origin(program.as_deref());
        }
        self.references_to_programs(programs);
    }

    fn is_program(&self, at: usize, programs: &Part2Programs) -> bool {
        // A unit of a program is part of it.
        let mut at = at;
        for _ in 0..8 {
            let Some(node) = self
                .nodes
                .get(at)
                .filter(|node| node.examined.resource_type == "Organization")
            else {
                return false;
            };
            if programs.holds(&organization_of(&node.examined)) {
                return true;
            }
            let above = node.edges.iter().find(|edge| {
                node.reference(**edge)
                    .is_some_and(|reference| reference.role == Role::PartOf)
            });
            let Some(above) = above else {
                return false;
            };
            at = above.target;
        }
        false
    }

    /// The organizations that the item itself names as its sources.
    fn direct_sources(&self, at: usize) -> Vec<Source> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        let mut sources = Vec::new();
        for (number, reference) in node
            .examined
            .references
            .iter()
            .enumerate()
            .filter(|(_, reference)| reference.source)
        {
            let edge = node.edges.iter().find(|edge| edge.reference == number);
            match (edge, &reference.target) {
                (Some(edge), _) => sources.extend(self.organization_at(edge.target, 4)),
                (None, Some(Target::Contained(id))) => {
                    let inside = node
                        .examined
                        .contained
                        .iter()
                        .find(|(local, _)| local == id);
                    sources.extend(
                        inside
                            .filter(|(_, organization)| organization.key().is_some())
                            .map(|(_, organization)| Source::Named(organization.clone())),
                    );
                }
                (None, target) => {
                    let is_organization = match target {
                        Some(Target::Resource(identity)) => identity.starts_with("Organization/"),
                        _ => true,
                    };
                    if is_organization {
                        sources.push(Source::Named(named(
                            target.as_ref(),
                            reference.display.as_deref(),
                        )));
                    }
                }
            }
        }
        sources
    }

    /// The organization that a source stands for: itself, or that of a role, a place, a team or a device.
    fn organization_at(&self, at: usize, steps: usize) -> Option<Source> {
        let node = self.nodes.get(at)?;
        let wanted = match node.examined.resource_type.as_str() {
            "Organization" => return Some(Source::Known(at)),
            "PractitionerRole" => "organization",
            "Location" | "CareTeam" => "managingOrganization",
            "HealthcareService" => "providedBy",
            "Device" => "owner",
            _ => return None,
        };
        let steps = steps.checked_sub(1)?;
        let (number, reference) =
            node.examined
                .references
                .iter()
                .enumerate()
                .find(|(_, reference)| {
                    usize::try_from(reference.part)
                        .ok()
                        .and_then(|part| node.examined.parts.get(part))
                        .is_some_and(|part| part.path.starts_with(wanted))
                })?;
        match node.edges.iter().find(|edge| edge.reference == number) {
            Some(edge) => self.organization_at(edge.target, steps),
            None => Some(Source::Named(named(
                reference.target.as_ref(),
                reference.display.as_deref(),
            ))),
        }
    }

    /// Without any other source: the organizations for which its author works.
    fn employers(&self, at: usize) -> Vec<Source> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        let authors = node
            .edges
            .iter()
            .filter(|edge| {
                node.reference(**edge)
                    .is_some_and(|reference| reference.source)
            })
            .filter_map(|edge| self.nodes.get(edge.target))
            .filter(|author| author.examined.resource_type == "Practitioner");
        authors
            .flat_map(|author| &author.dependents)
            .filter(|role| {
                self.nodes
                    .get(**role)
                    .is_some_and(|role| role.examined.resource_type == "PractitionerRole")
            })
            .filter_map(|role| self.organization_at(*role, 4))
            .collect()
    }

    fn key_of(&self, source: &Source) -> Option<String> {
        match source {
            Source::Known(at) => self.nodes.get(*at).map(|node| node.examined.identity()),
            Source::Named(organization) => organization.key().map(str::to_owned),
        }
    }

    fn keys_of(&self, sources: &[Source]) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for key in sources.iter().filter_map(|source| self.key_of(source)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// A part that names a Part 2 program tells of it, wherever the item comes from.
    fn references_to_programs(&mut self, programs: &Part2Programs) {
        for at in 0..self.nodes.len() {
            let Some(node) = self
                .nodes
                .get(at)
                .filter(|node| !roles::is_directory(&node.examined.resource_type))
            else {
                continue;
            };
            let mut found: Vec<(usize, String)> = Vec::new();
            for (number, reference) in node.examined.references.iter().enumerate() {
                if reference.role == Role::Subject {
                    continue;
                }
                let edge = node.edges.iter().find(|edge| edge.reference == number);
                let is_program = match edge {
                    Some(edge) => self.programs.contains(&edge.target),
                    None => programs.holds(&named(
                        reference.target.as_ref(),
                        reference.display.as_deref(),
                    )),
                };
                if let (true, Ok(part)) = (is_program, usize::try_from(reference.part)) {
                    let from = reference
                        .target
                        .as_ref()
                        .map_or("organization", Target::as_str)
                        .to_owned();
                    found.push((part, from));
                }
            }
            if let Some(node) = self.nodes.get_mut(at) {
                for (part, from) in found {
                    node.add(
                        part,
                        LabelSet::of([Label::Part2]),
                        "origin.reference",
                        BasisKind::Origin,
                        &from,
                    );
                }
            }
        }
    }

    /// Follows every reference until no label is new.
    pub fn settle(&mut self) {
        let mut queue: VecDeque<usize> = (0..self.nodes.len()).collect();
        let mut waits = vec![true; self.nodes.len()];
        while let Some(at) = queue.pop_front() {
            if let Some(waits) = waits.get_mut(at) {
                *waits = false;
            }
            for next in self.step(at) {
                if let Some(waits) = waits.get_mut(next) {
                    if !*waits {
                        *waits = true;
                        queue.push_back(next);
                    }
                }
            }
        }
    }

    /// Brings one node up to date; the nodes that may have to follow.
    fn step(&mut self, at: usize) -> Vec<usize> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        let before = (node.revealed(), node.identity());
        let mut gifts: Vec<Gift> = Vec::new();
        for edge in &node.edges {
            let (Some(reference), Some(target)) =
                (node.reference(*edge), self.nodes.get(edge.target))
            else {
                continue;
            };
            let revealed = target.revealed();
            if revealed.is_empty() {
                continue;
            }
            let from = target.examined.identity();
            if let Ok(part) = usize::try_from(reference.part) {
                let labels = revealed;
                gifts.push(Gift::Part {
                    part,
                    labels,
                    from: from.clone(),
                });
            }
            if let Some(rule) = reach(node, reference.role) {
                gifts.push(Gift::Whole {
                    labels: passing(revealed),
                    rule,
                    from,
                });
            } else if reference.role == Role::Prescription && node.is_claim() {
                for (part, _) in node
                    .examined
                    .parts
                    .iter()
                    .enumerate()
                    .filter(|(_, part)| part.path.starts_with("item["))
                {
                    gifts.push(Gift::Part {
                        part,
                        labels: passing(revealed),
                        from: from.clone(),
                    });
                }
            }
        }
        for panel in node
            .panels
            .iter()
            .filter_map(|panel| self.nodes.get(*panel))
        {
            let labels = passing(panel.identity());
            if !labels.is_empty() {
                gifts.push(Gift::Whole {
                    labels,
                    rule: "report",
                    from: panel.examined.identity(),
                });
            }
        }
        let person = node.person;
        let record = person
            .and_then(|person| self.persons.get(person))
            .map_or(LabelSet::EMPTY, |person| person.record);
        let Some(node) = self.nodes.get_mut(at) else {
            return Vec::new();
        };
        for gift in gifts {
            match gift {
                Gift::Part { part, labels, from } => {
                    node.add(part, labels, "reference", BasisKind::Reference, &from)
                }
                Gift::Whole { labels, rule, from } => {
                    node.add_to_all(labels, rule, BasisKind::Reference, &from)
                }
            };
        }
        node.settle_inside(record);
        let after = (node.revealed(), node.identity());
        let diagnoses = if node.examined.kind == ItemKind::Condition {
            passing(node.identity())
        } else {
            passing(node.of_elements(&["diagnosis"]))
        };
        let mut next = Vec::new();
        if after != before {
            next.extend(node.dependents.iter().copied());
            // Results follow their report.
            next.extend(
                node.edges
                    .iter()
                    .filter(|edge| {
                        node.reference(**edge).is_some_and(|reference| {
                            matches!(reference.role, Role::Result | Role::Member)
                        })
                    })
                    .map(|edge| edge.target),
            );
        }
        if let Some(person) = person.and_then(|person| self.persons.get_mut(person)) {
            if !person.record.contains(diagnoses) {
                person.record = person.record.join(diagnoses);
                next.extend(person.waiting.iter().copied());
            }
        }
        next
    }

    /// The narrative tells what no part explains: then what identifies the item carries it.
    pub fn narratives(&mut self) {
        for node in &mut self.nodes {
            let narrative = core::mem::take(&mut node.examined.narrative);
            let explained = node.all().with_parents();
            for basis in &narrative {
                if explained.has(basis.label) {
                    continue;
                }
                let whole = basis.label == Label::Part2;
                let identifying = node.examined.identifying.clone();
                for (index, part) in node.examined.parts.iter_mut().enumerate() {
                    let identifies = identifying.iter().any(|at| usize::from(*at) == index);
                    if (whole || identifies) && !part.labels.has(basis.label) {
                        part.labels = part.labels.with(basis.label);
                        part.basis.push(basis.clone());
                    }
                }
            }
            node.examined.narrative = narrative;
        }
    }

    /// Deny by default, and the outcome.
    pub fn finish(mut self) -> Vec<Labelled> {
        for node in &mut self.nodes {
            let explained = !node
                .all()
                .without(Label::Unclassified)
                .minus(LabelSet::IDENTITY)
                .is_ordinary();
            if node.examined.restricted && !explained {
                node.review_all(Review::IncomingRestriction);
            }
        }
        for _ in 0..2 {
            self.review_references();
        }
        let patients: Vec<Option<String>> =
            (0..self.nodes.len()).map(|at| self.person_of(at)).collect();
        let authors: Vec<Vec<String>> = (0..self.nodes.len()).map(|at| self.authors(at)).collect();
        self.nodes
            .into_iter()
            .zip(patients)
            .zip(authors)
            .map(|((node, patient), authors)| {
                let Examined {
                    resource_type,
                    id,
                    full_url,
                    kind,
                    parts,
                    identifying,
                    service,
                    when,
                    ..
                } = node.examined;
                Labelled {
                    resource_type,
                    id,
                    full_url,
                    kind,
                    patient,
                    parts: parts
                        .into_iter()
                        .map(|part| LabelledPart {
                            path: part.path,
                            labels: if part.review.is_some() {
                                part.labels.with(Label::Unclassified)
                            } else {
                                part.labels
                            },
                            basis: part.basis,
                            review: part.review,
                        })
                        .collect(),
                    identifying,
                    sources: node.sources,
                    authors,
                    service,
                    when,
                }
            })
            .collect()
    }

    /// A reference to something unclassified is unclassified; so is a drug that is named only by a reference to nothing.
    fn review_references(&mut self) {
        let unclassified: HashSet<usize> = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.is_unclassified())
            .map(|(at, _)| at)
            .collect();
        for node in &mut self.nodes {
            let mut found: Vec<u32> = node
                .edges
                .iter()
                .filter(|edge| unclassified.contains(&edge.target))
                .filter_map(|edge| node.reference(*edge))
                .map(|reference| reference.part)
                .collect();
            for (number, reference) in node
                .examined
                .references
                .iter()
                .enumerate()
                .filter(|(_, reference)| reference.role == Role::Medication)
            {
                let inside = matches!(&reference.target, Some(Target::Contained(_)));
                if !inside && !node.edges.iter().any(|edge| edge.reference == number) {
                    found.push(reference.part);
                }
            }
            for part in found {
                if let Some(part) = usize::try_from(part)
                    .ok()
                    .and_then(|part| node.examined.parts.get_mut(part))
                {
                    let told = !part.labels.segments().is_ordinary();
                    if !told {
                        part.review = part.review.or(Some(Review::Reference));
                    }
                }
            }
        }
    }

    fn authors(&self, at: usize) -> Vec<String> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        let mut authors: Vec<String> = Vec::new();
        for (number, reference) in node
            .examined
            .references
            .iter()
            .enumerate()
            .filter(|(_, reference)| reference.source)
        {
            let known = node
                .edges
                .iter()
                .find(|edge| edge.reference == number)
                .and_then(|edge| self.nodes.get(edge.target))
                .map(|node| node.examined.identity());
            let author = known.or_else(|| {
                reference
                    .target
                    .as_ref()
                    .map(|target| target.as_str().to_owned())
            });
            if let Some(author) = author.filter(|author| author.starts_with("Practitioner")) {
                if !authors.contains(&author) {
                    authors.push(author);
                }
            }
        }
        authors
    }
}

/// Labels on their way to a node.
enum Gift {
    Part {
        part: usize,
        labels: LabelSet,
        from: String,
    },
    Whole {
        labels: LabelSet,
        rule: &'static str,
        from: String,
    },
}

/// Where an item comes from.
#[derive(Clone)]
enum Source {
    Known(usize),
    Named(OrganizationRef),
}

impl Node {
    /// The law, and the separated note, that follow from where the item comes from.
    fn origin(&mut self, program: Option<&str>) {
        if roles::is_directory(&self.examined.resource_type) {
            return;
        }
        if let Some(program) = program {
            self.add_to_all(
                LabelSet::of([Label::Part2]),
                "origin.part2-program",
                BasisKind::Origin,
                program,
            );
        }
        let is_note = matches!(
            self.examined.kind,
            ItemKind::Document | ItemKind::Report | ItemKind::Result
        );
        let is_part2 = self.all().has(Label::Part2);
        if let Some(label) = self
            .examined
            .note_type
            .and_then(|found| found.label(is_part2))
            .filter(|_| is_note)
        {
            self.add_to_all(
                LabelSet::of([label]),
                "origin.note-type",
                BasisKind::Origin,
                "type",
            );
        }
    }
}

/// The rule by which the whole item takes the labels of what it refers to in that role; `None` when only the reference
/// does.
fn reach(node: &Node, role: Role) -> Option<&'static str> {
    let resource_type = node.examined.resource_type.as_str();
    match role {
        Role::Reason if !node.is_claim() => Some("reason"),
        Role::Encounter if roles::takes_encounter(resource_type) => Some("encounter"),
        Role::Request => Some("request"),
        Role::PartOf if !roles::is_directory(resource_type) => Some("part-of"),
        _ => None,
    }
}

fn organization_of(examined: &Examined) -> OrganizationRef {
    OrganizationRef {
        references: core::iter::once(examined.identity())
            .chain(examined.full_url.clone())
            .collect(),
        identifiers: examined.identifiers.clone(),
        name: examined.name.clone(),
    }
}

/// An organization of which only the reference is known.
fn named(target: Option<&Target>, display: Option<&str>) -> OrganizationRef {
    let (references, identifiers) = match target {
        Some(Target::Identifier(identifier)) => (Vec::new(), vec![identifier.clone()]),
        Some(Target::Resource(text) | Target::Url(text)) => (vec![text.clone()], Vec::new()),
        Some(Target::Contained(_)) | None => (Vec::new(), Vec::new()),
    };
    OrganizationRef {
        references,
        identifiers,
        name: display.map(str::to_owned),
    }
}
