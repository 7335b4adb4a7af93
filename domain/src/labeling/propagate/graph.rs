//! All resources and the references between them.

use std::collections::{HashMap, HashSet, VecDeque};

use super::super::basis::BasisKind;
use super::super::examined::Examined;
use super::super::roles::{self, Role};
use super::node::{Edge, Node, passing};
use crate::fhir::reference::{self, Target};
use crate::item::ItemKind;
use crate::label::LabelSet;

pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    index: Index,
    /// For each person: the labels of all their diagnoses, and the items that some of their codes depend on.
    persons: Vec<Person>,
    /// Organizations that are Part 2 programs.
    pub(super) programs: HashSet<usize>,
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
                let target = reference
                    .target
                    .as_ref()
                    .and_then(|target| index.find(target))
                    .filter(|target| *target != at && reference.role != Role::Subject);
                node.targets.push(target);
                let Some(target) = target else {
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
            if let Some(node) = nodes.get_mut(target)
                && node.dependents.last() != Some(&at)
            {
                node.dependents.push(at);
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

    /// The resource that a reference leads to, where it is known.
    pub(super) fn find(&self, target: &Target) -> Option<usize> {
        self.index.find(target)
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
            let waits = node
                .examined
                .conditional
                .iter()
                .any(|condition| condition.anywhere);
            if let Some(person) = self.persons.get_mut(place).filter(|_| waits) {
                person.waiting.push(at);
            }
        }
    }

    /// `Patient/id`, or the reference as written when the patient is not known.
    pub(super) fn person_of(&self, at: usize) -> Option<String> {
        let examined = &self.nodes.get(at)?.examined;
        if examined.resource_type == "Patient" {
            return Some(examined.identity());
        }
        let target = examined.patient.as_ref()?;
        let known = self.find(target).and_then(|at| self.nodes.get(at));
        Some(known.map_or_else(
            || target.as_str().to_owned(),
            |node| node.examined.identity(),
        ))
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
                if let Some(waits) = waits.get_mut(next).filter(|waits| !**waits) {
                    *waits = true;
                    queue.push_back(next);
                }
            }
        }
    }

    /// Brings one node up to date; the nodes that may have to follow.
    fn step(&mut self, at: usize) -> Vec<usize> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        let gifts = self.gifts(node);
        let person = node.person;
        let record = person
            .and_then(|person| self.persons.get(person))
            .map_or(LabelSet::EMPTY, |person| person.record);
        let Some(node) = self.nodes.get_mut(at) else {
            return Vec::new();
        };
        let before = (node.revealed(), node.identity());
        for gift in gifts {
            match gift.part {
                Some(part) => node.add(
                    part,
                    gift.labels,
                    gift.rule,
                    BasisKind::Reference,
                    &gift.from,
                ),
                None => node.add_to_all(gift.labels, gift.rule, BasisKind::Reference, &gift.from),
            };
        }
        node.settle_inside(record);
        let mut next = Vec::new();
        if (node.revealed(), node.identity()) != before {
            next.extend(node.dependents.iter().copied());
            // Results follow their report.
            let results = node.edges.iter().filter(|edge| {
                node.reference(**edge)
                    .is_some_and(|reference| matches!(reference.role, Role::Result | Role::Member))
            });
            next.extend(results.map(|edge| edge.target));
        }
        let diagnoses = if node.examined.kind == ItemKind::Condition {
            passing(node.identity())
        } else {
            passing(node.of_elements(&["diagnosis"]))
        };
        if let Some(person) = person.and_then(|person| self.persons.get_mut(person))
            && !person.record.contains(diagnoses)
        {
            person.record = person.record.join(diagnoses);
            next.extend(person.waiting.iter().copied());
        }
        next
    }

    /// What a node gets from those it refers to, and from the reports it is a result of.
    fn gifts(&self, node: &Node) -> Vec<Gift> {
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
            let mut give = |part, labels, rule| {
                gifts.push(Gift {
                    part,
                    labels,
                    rule,
                    from: from.clone(),
                });
            };
            if let Ok(part) = usize::try_from(reference.part) {
                give(Some(part), revealed, "reference");
            }
            if let Some(rule) = reach(node, reference.role) {
                give(None, passing(revealed), rule);
            } else if reference.role == Role::Prescription && node.is_claim() {
                for (part, line) in node.examined.parts.iter().enumerate() {
                    if line.path.starts_with("item[") {
                        give(Some(part), passing(revealed), "prescription");
                    }
                }
            }
        }
        let panels = node
            .panels
            .iter()
            .filter_map(|panel| self.nodes.get(*panel));
        gifts.extend(panels.map(|panel| Gift {
            part: None,
            labels: passing(panel.identity()),
            rule: "report",
            from: panel.examined.identity(),
        }));
        gifts
    }
}

/// Labels on their way to one part of a node, or to all of them.
struct Gift {
    part: Option<usize>,
    labels: LabelSet,
    rule: &'static str,
    from: String,
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
