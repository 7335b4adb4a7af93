//! Where items come from, and the law and the separated notes that follow (POLICY §2: the law is set by origin).

use super::super::basis::BasisKind;
use super::super::examined::Examined;
use super::super::origin::{OrganizationRef, Part2Programs, ToldOrigin};
use super::super::roles::{self, Role};
use super::graph::Graph;
use super::node::Node;
use crate::fhir::reference::Target;
use crate::item::ItemKind;
use crate::label::{Label, LabelSet};

/// Where an item comes from.
#[derive(Clone)]
enum Source {
    Known(usize),
    Named(OrganizationRef),
}

/// A source, and the part of the item that names it; `None`: it is named beside the parts.
type Told = (Option<u32>, Source);

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

impl Graph {
    /// Sources, and the law and the separated notes that follow from them.
    pub fn origins(&mut self, programs: &Part2Programs) {
        self.programs = (0..self.nodes.len())
            .filter(|at| self.is_program(*at, programs))
            .collect();
        // An item may name a program in another way than the operator did.
        let known = self
            .programs
            .iter()
            .filter_map(|at| self.nodes.get(*at))
            .map(|node| organization_of(&node.examined));
        let programs = &known.fold(programs.clone(), |programs, program| {
            programs.also_known_as(&program)
        });
        let direct: Vec<Vec<Told>> = (0..self.nodes.len())
            .map(|at| self.direct_sources(at, programs))
            .collect();
        // A Provenance names the sources of its targets.
        let mut by_provenance: Vec<Vec<Source>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.examined.resource_type == "Provenance")
        {
            let sources = direct.get(at).map(Vec::as_slice).unwrap_or_default();
            for edge in &node.edges {
                let is_target = node.reference(*edge).is_some_and(|reference| {
                    usize::try_from(reference.part)
                        .ok()
                        .and_then(|part| node.examined.parts.get(part))
                        .is_some_and(|part| part.path.starts_with("target"))
                });
                if let (true, Some(slot)) = (is_target, by_provenance.get_mut(edge.target)) {
                    slot.extend(sources.iter().map(|(_, source)| source.clone()));
                }
            }
        }
        for at in 0..self.nodes.len() {
            let Some(node) = self.nodes.get(at) else {
                continue;
            };
            let mut sources: Vec<Told> = direct.get(at).cloned().unwrap_or_default();
            for edge in &node.edges {
                let hands_on = node.reference(*edge).filter(|reference| {
                    matches!(
                        reference.role,
                        Role::Encounter | Role::Claim | Role::PartOf | Role::Request
                    )
                });
                if let Some(reference) = hands_on {
                    let of_other = direct.get(edge.target).into_iter().flatten();
                    sources
                        .extend(of_other.map(|(_, source)| (Some(reference.part), source.clone())));
                }
            }
            let beside = by_provenance.get(at).into_iter().flatten();
            sources.extend(beside.map(|source| (None, source.clone())));
            if sources.is_empty() {
                sources = self.employers(at);
            }
            let found = sources.iter().find(|(_, source)| match source {
                Source::Known(organization) => self.programs.contains(organization),
                Source::Named(organization) => programs.holds(organization),
            });
            let program = found.and_then(|(_, source)| self.key_of(source));
            let (sources, told) = self.keys_of(&sources);
            let Some(node) = self.nodes.get_mut(at) else {
                continue;
            };
            node.sources = sources;
            node.told = told;
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
    fn direct_sources(&self, at: usize, programs: &Part2Programs) -> Vec<Told> {
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
            let named_by = |source| (Some(reference.part), source);
            match (node.target(number), &reference.target) {
                (Some(target), _) => {
                    sources.extend(self.organization_at(target, 4).map(named_by));
                }
                (None, Some(Target::Contained(id))) => {
                    let inside = node
                        .examined
                        .contained
                        .iter()
                        .find(|(local, _)| local == id);
                    sources.extend(
                        inside
                            .filter(|(_, organization)| organization.key().is_some())
                            .map(|(_, organization)| Source::Named(organization.clone()))
                            .map(named_by),
                    );
                }
                (None, target) => {
                    let is_organization = match target {
                        Some(Target::Resource(identity)) => identity.starts_with("Organization/"),
                        _ => true,
                    };
                    if is_organization {
                        let organization = named(target.as_ref(), reference.display.as_deref());
                        sources.push(named_by(Source::Named(organization)));
                    }
                }
            }
        }
        sources.extend(
            self.stated_source(node, programs)
                .map(|source| (None, source)),
        );
        sources
    }

    /// The organization that `meta.source` names. It may be any URL, so only one that is known counts.
    fn stated_source(&self, node: &Node, programs: &Part2Programs) -> Option<Source> {
        let target = node.examined.origin.as_ref()?;
        if let Some(known) = self.find(target) {
            return self.organization_at(known, 4);
        }
        let organization = named(Some(target), None);
        programs
            .holds(&organization)
            .then_some(Source::Named(organization))
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
        match node.target(number) {
            Some(target) => self.organization_at(target, steps),
            None => Some(Source::Named(named(
                reference.target.as_ref(),
                reference.display.as_deref(),
            ))),
        }
    }

    /// Without any other source: the organizations for which its author works.
    fn employers(&self, at: usize) -> Vec<Told> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        let is_a = |at: usize, resource_type: &str| {
            let node = self.nodes.get(at);
            node.is_some_and(|node| node.examined.resource_type == resource_type)
        };
        let mut employers = Vec::new();
        for edge in &node.edges {
            let source = node
                .reference(*edge)
                .filter(|reference| reference.source && is_a(edge.target, "Practitioner"));
            let (Some(reference), Some(author)) = (source, self.nodes.get(edge.target)) else {
                continue;
            };
            let roles = author.dependents.iter().copied();
            let found = roles
                .filter(|role| is_a(*role, "PractitionerRole"))
                .filter_map(|role| self.organization_at(role, 4));
            employers.extend(found.map(|source| (Some(reference.part), source)));
        }
        employers
    }

    fn key_of(&self, source: &Source) -> Option<String> {
        match source {
            Source::Known(at) => self.nodes.get(*at).map(|node| node.examined.identity()),
            Source::Named(organization) => organization.key().map(str::to_owned),
        }
    }

    /// Each source once, by the surest name of it, and which part names it.
    fn keys_of(&self, sources: &[Told]) -> (Vec<String>, ToldOrigin) {
        let mut keys: Vec<String> = Vec::new();
        let mut told = ToldOrigin::default();
        for (part, source) in sources {
            let Some(key) = self.key_of(source) else {
                continue;
            };
            let place = keys.iter().position(|known| *known == key);
            told.source(*part, place.unwrap_or(keys.len()));
            if place.is_none() {
                keys.push(key);
            }
        }
        (keys, told)
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
                let is_program = match node.target(number) {
                    Some(target) => self.programs.contains(&target),
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
