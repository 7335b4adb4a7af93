//! What is left to do when no reference gives any more: narratives, and deny by default (POLICY §2).

use std::collections::HashSet;

use super::super::basis::Review;
use super::super::examined::Examined;
use super::super::review::Conflict;
use super::super::roles::{self, Role};
use super::graph::Graph;
use super::{Labelled, LabelledPart};
use crate::fhir::reference::Target;
use crate::label::{Label, LabelSet};

impl Graph {
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
        let leads: Vec<Vec<Vec<String>>> = (0..self.nodes.len()).map(|at| self.leads(at)).collect();
        self.nodes
            .into_iter()
            .zip(patients)
            .zip(authors)
            .zip(leads)
            .map(|(((node, patient), authors), mut leads)| {
                let Examined {
                    resource_type,
                    id,
                    full_url,
                    kind,
                    parts,
                    identifying,
                    service,
                    when,
                    came_normal,
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
                        .enumerate()
                        .map(|(index, part)| LabelledPart {
                            conflict: Conflict::of(
                                &part,
                                identifying.iter().any(|at| usize::from(*at) == index),
                                came_normal,
                            ),
                            path: part.path,
                            labels: if part.review.is_some() {
                                part.labels.with(Label::Unclassified)
                            } else {
                                part.labels
                            },
                            basis: part.basis,
                            review: part.review,
                            leads_to: leads
                                .get_mut(index)
                                .map(core::mem::take)
                                .unwrap_or_default(),
                        })
                        .collect(),
                    identifying,
                    sources: node.sources,
                    authors,
                    told: node.told,
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
                if !inside && node.target(number).is_none() {
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

    /// For each part, the items it refers to. What is of no patient is no item.
    pub(super) fn leads(&self, at: usize) -> Vec<Vec<String>> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        let mut leads = vec![Vec::new(); node.examined.parts.len()];
        for edge in &node.edges {
            let part = node.reference(*edge).map(|reference| reference.part);
            let slot = part
                .and_then(|part| usize::try_from(part).ok())
                .and_then(|part| leads.get_mut(part));
            let target = self.nodes.get(edge.target).map(|node| &node.examined);
            if let (Some(slot), Some(target)) = (slot, target)
                && !roles::is_directory(&target.resource_type)
            {
                let identity = target.identity();
                if !slot.contains(&identity) {
                    slot.push(identity);
                }
            }
        }
        leads
    }

    /// Who wrote an item; which of its parts names them is noted with it.
    fn authors(&mut self, at: usize) -> Vec<String> {
        let Some(node) = self.nodes.get(at) else {
            return Vec::new();
        };
        let mut authors: Vec<String> = Vec::new();
        let mut told: Vec<(u32, usize)> = Vec::new();
        for (number, reference) in node
            .examined
            .references
            .iter()
            .enumerate()
            .filter(|(_, reference)| reference.source)
        {
            let known = node
                .target(number)
                .and_then(|target| self.nodes.get(target))
                .map(|node| node.examined.identity());
            let author = known.or_else(|| {
                reference
                    .target
                    .as_ref()
                    .map(|target| target.as_str().to_owned())
            });
            let Some(author) = author.filter(|author| author.starts_with("Practitioner")) else {
                continue;
            };
            let place = authors.iter().position(|known| *known == author);
            told.push((reference.part, place.unwrap_or(authors.len())));
            if place.is_none() {
                authors.push(author);
            }
        }
        if let Some(node) = self.nodes.get_mut(at) {
            for (part, place) in told {
                node.told.author(part, place);
            }
        }
        authors
    }
}
