//! Where an item comes from, which of the sources are Part 2 programs (POLICY §2: the law is set by origin), and which of
//! its parts say so.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use crate::fhir::reference;

/// What is known of an organization: every way in which it may be named.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrganizationRef {
    /// `Organization/id`, and the `fullUrl` it came with.
    pub references: Vec<String>,
    /// Its business identifiers, `system|value`.
    pub identifiers: Vec<String>,
    /// Its name.
    pub name: Option<String>,
}

impl core::fmt::Debug for OrganizationRef {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("OrganizationRef([redacted])")
    }
}

impl OrganizationRef {
    /// The surest name of it: its reference, else its identifier, else its name.
    pub fn key(&self) -> Option<&str> {
        self.references
            .first()
            .or(self.identifiers.first())
            .map(String::as_str)
            .or(self.name.as_deref())
    }
}

/// The source organizations that are Part 2 programs: configuration (ARCHITECTURE, Import).
#[derive(Clone, Default)]
pub struct Part2Programs {
    references: HashSet<String>,
    identifiers: HashSet<String>,
    names: HashSet<String>,
}

impl core::fmt::Debug for Part2Programs {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Part2Programs([redacted])")
    }
}

impl Part2Programs {
    /// Programs as an operator names them: `Organization/id`, an absolute or `urn:uuid:` reference, an identifier as
    /// `system|value`, or a name.
    pub fn of<I: IntoIterator<Item = S>, S: AsRef<str>>(names: I) -> Self {
        let mut programs = Self::default();
        for name in names {
            let name = name.as_ref().trim();
            if name.is_empty() {
                continue;
            }
            if name.contains('|') {
                programs.identifiers.insert(name.to_owned());
            } else {
                if let Some(identity) = reference::identity(name) {
                    programs.references.insert(identity);
                }
                programs.references.insert(name.to_owned());
                programs.names.insert(folded(name));
            }
        }
        programs
    }

    /// These programs, and every other way of naming this one of them.
    #[must_use]
    pub(crate) fn also_known_as(mut self, program: &OrganizationRef) -> Self {
        self.references.extend(program.references.iter().cloned());
        self.identifiers.extend(program.identifiers.iter().cloned());
        self.names
            .extend(program.name.iter().map(|name| folded(name)));
        self
    }

    /// Whether no program is configured.
    pub fn is_empty(&self) -> bool {
        self.references.is_empty() && self.identifiers.is_empty()
    }

    /// Whether this organization is one of them.
    pub fn holds(&self, organization: &OrganizationRef) -> bool {
        if self.is_empty() {
            return false;
        }
        let by_reference = organization.references.iter().any(|text| {
            let bare = text.rsplit(['/', ':']).next().unwrap_or(text);
            self.references.contains(text.as_str())
                || (bare != text && self.references.contains(bare))
        });
        by_reference
            || organization
                .identifiers
                .iter()
                .any(|text| self.identifiers.contains(text.as_str()))
            || organization
                .name
                .as_deref()
                .is_some_and(|name| self.names.contains(&folded(name)))
    }
}

/// Which part of an item says that it comes from which of its sources and authors, by their places in its lists.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ToldOrigin {
    /// Sources that are named beside the parts, by `meta.source` or by a `Provenance` of the item.
    beside: BTreeSet<u16>,
    /// Sources and authors that each part names: itself, or by what it refers to (a role, a visit, an order, a claim).
    parts: BTreeMap<u16, (BTreeSet<u16>, BTreeSet<u16>)>,
}

impl core::fmt::Debug for ToldOrigin {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ToldOrigin([redacted])")
    }
}

impl ToldOrigin {
    /// Notes that a part, or what stands beside the parts, names the source at that place.
    pub(super) fn source(&mut self, part: Option<u32>, place: usize) {
        // What is too far behind to be counted is told by nothing, and so never shown.
        let Ok(place) = u16::try_from(place) else {
            return;
        };
        match part.map(u16::try_from) {
            None => {
                self.beside.insert(place);
            }
            Some(Ok(part)) => {
                self.parts.entry(part).or_default().0.insert(place);
            }
            Some(Err(_)) => {}
        }
    }

    /// Notes that a part names the author at that place.
    pub(super) fn author(&mut self, part: u32, place: usize) {
        if let (Ok(part), Ok(place)) = (u16::try_from(part), u16::try_from(place)) {
            self.parts.entry(part).or_default().1.insert(place);
        }
    }

    /// The places of the sources and of the authors that somebody is told who sees these parts. What no part names is
    /// told with any of them: it is of the item as a whole, and the same whatever of it is not shown.
    pub fn to_who_sees(&self, sees: impl Fn(usize) -> bool) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let mut sources: BTreeSet<usize> = self.beside.iter().copied().map(usize::from).collect();
        let mut authors = BTreeSet::new();
        for (part, (of_sources, of_authors)) in &self.parts {
            if sees(usize::from(*part)) {
                sources.extend(of_sources.iter().copied().map(usize::from));
                authors.extend(of_authors.iter().copied().map(usize::from));
            }
        }
        (sources, authors)
    }
}

fn folded(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organization(reference: &str, identifier: &str, name: &str) -> OrganizationRef {
        OrganizationRef {
            references: vec![reference.to_owned()],
            identifiers: vec![identifier.to_owned()],
            name: Some(name.to_owned()),
        }
    }

    #[test]
    fn a_program_is_known_by_reference_identifier_or_name() {
        let programs = Part2Programs::of([
            "https://x.example/fhir/Organization/7",
            "urn:npi|99",
            "Harbor  Light",
        ]);
        assert!(programs.holds(&organization("Organization/7", "", "")));
        assert!(programs.holds(&organization("Organization/8", "urn:npi|99", "")));
        assert!(programs.holds(&organization("Organization/8", "", "HARBOR LIGHT")));
        assert!(!programs.holds(&organization("Organization/8", "urn:npi|9", "Harbor")));
        assert!(!Part2Programs::default().holds(&organization("Organization/7", "", "")));
    }
}
