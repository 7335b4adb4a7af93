//! Whose numbering a file follows: `Patient/1` of one sender is not `Patient/1` of another (FHIR R4, `Resource.id` is
//! unique within a server only).

use super::{organization_id, person_id};
use domain::fhir::reference::{self, Target};
use domain::id::{OrganizationId, PersonId};
use domain::labeling::Examined;
use std::collections::BTreeMap;

/// The sender that the operator named, or the one that goes without a name.
#[derive(Default)]
pub(super) struct Sender {
    name: Option<String>,
    /// What goes by an id under which another is kept already, by what tells them apart.
    others: BTreeMap<String, String>,
}

impl Sender {
    pub(super) fn of(name: Option<&str>) -> Self {
        Self {
            name: name
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            others: BTreeMap::new(),
        }
    }

    /// From here on, this file's `identity` is another one than the house keeps by that id.
    pub(super) fn tell_apart(&mut self, identity: &str, by: &str) {
        self.others.insert(identity.to_owned(), by.to_owned());
    }

    /// `Type/id` as this house keeps it.
    pub(super) fn scoped(&self, identity: &str) -> String {
        let scoped = match &self.name {
            None => identity.to_owned(),
            Some(name) => format!("{name}|{identity}"),
        };
        match self.others.get(identity) {
            None => scoped,
            Some(by) => format!("{scoped}|{by}"),
        }
    }

    /// What the sender itself calls something that is kept as `scoped`; `None`: it is another sender's.
    pub(super) fn own<'a>(&self, scoped: &'a str) -> Option<&'a str> {
        let rest = match &self.name {
            None => scoped,
            Some(name) => scoped.strip_prefix(name.as_str())?.strip_prefix('|')?,
        };
        // A reference has no bar in it: what follows one tells apart.
        let own = rest.split_once('|').map_or(rest, |(own, _)| own);
        (reference::identity(own).as_deref() == Some(own)).then_some(own)
    }

    pub(super) fn organization(&self, reference: &str) -> OrganizationId {
        organization_id(&self.scoped(reference))
    }

    pub(super) fn person(&self, reference: &str) -> PersonId {
        person_id(&self.scoped(reference))
    }

    /// The name under which the target of a reference is found in the directory.
    pub(super) fn name_of(&self, target: &Target) -> String {
        let text = match target {
            Target::Identifier(identifier) => format!("identifier {identifier}"),
            Target::Resource(text) | Target::Url(text) | Target::Contained(text) => text.to_owned(),
        };
        self.scoped(&text)
    }

    /// Every name under which a directory entry is to be found.
    pub(super) fn names_of(&self, examined: &Examined) -> Vec<String> {
        let mut names = vec![self.scoped(&examined.identity())];
        names.extend(examined.full_url.iter().map(|url| self.scoped(url)));
        names.extend(
            examined
                .identifiers
                .iter()
                .map(|identifier| self.name_of(&Target::Identifier(identifier.clone()))),
        );
        names
    }
}

#[cfg(test)]
mod tests {
    use super::Sender;

    #[test]
    fn a_sender_knows_its_own() {
        let nobody = Sender::of(None);
        let north = Sender::of(Some(" north "));
        assert_eq!(nobody.scoped("Patient/1"), "Patient/1");
        assert_eq!(north.scoped("Patient/1"), "north|Patient/1");
        assert_eq!(north.own("north|Patient/1"), Some("Patient/1"));
        for other in ["Patient/1", "northern|Patient/1", "south|Patient/1"] {
            assert_eq!(north.own(other), None, "{other}");
        }
        assert_eq!(nobody.own("Patient/1"), Some("Patient/1"));
        assert_eq!(nobody.own("north|Patient/1"), None);
        assert_eq!(nobody.own("Patient/1|urn:npi|7"), Some("Patient/1"));
        assert_ne!(nobody.person("Patient/1"), north.person("Patient/1"));
    }

    #[test]
    fn one_id_can_be_two() {
        let mut north = Sender::of(Some("north"));
        let before = north.person("Practitioner/1");
        north.tell_apart("Practitioner/1", "urn:npi|7");
        assert_ne!(north.person("Practitioner/1"), before);
        let scoped = north.scoped("Practitioner/1");
        assert_eq!(scoped, "north|Practitioner/1|urn:npi|7");
        assert_eq!(north.own(&scoped), Some("Practitioner/1"));
    }
}
