//! Who looks: the identities given, and what the given files say of them.
//!
//! Two sets. What the viewer *is* counts for a permit: the identities given, and both sides of a role that is given.
//! What the viewer *may be* counts for a deny: also roles, teams, groups and parent organizations that the files put them
//! in. No other relationship is assumed.

use serde_json::{Map, Value};

use super::Question;
use super::directory::{Directory, Names, is_type, meet};
use super::record::Record;
use crate::clock::Instant;
use crate::fhir::consent::Actor;
use crate::fhir::dates;

/// The one who looks.
pub(super) struct Viewer {
    is: Names,
    may_be: Names,
    at: Instant,
    /// Whether every identity given is the same patient's.
    only_a_patient: bool,
}

impl Viewer {
    pub fn of(question: &Question<'_>, directory: &Directory<'_>) -> Self {
        let at = question.at;
        let mut is = directory.names(question.recipients);
        let roles: Vec<&Map<String, Value>> = directory
            .resources(&is)
            .filter(|map| is_type(map, "PractitionerRole"))
            .collect();
        for role in roles
            .into_iter()
            .filter(|role| in_force(role, "active", at))
        {
            is.extend(directory.of_element(role.get("practitioner")));
            is.extend(directory.of_element(role.get("organization")));
        }
        let mut may_be = is.clone();
        for (names, role) in directory.of_type("PractitionerRole") {
            let practitioner = directory.of_element(role.get("practitioner"));
            if meet(&practitioner, &may_be) {
                may_be.extend(names.iter().cloned());
                may_be.extend(directory.of_element(role.get("organization")));
            }
        }
        // Parent organizations, however many levels up: each round adds one level.
        for _ in 0..16 {
            let before = may_be.len();
            let parents: Vec<Names> = directory
                .of_type("Organization")
                .filter(|(names, _)| meet(names, &may_be))
                .map(|(_, map)| directory.of_element(map.get("partOf")))
                .collect();
            may_be.extend(parents.into_iter().flatten());
            if may_be.len() == before {
                break;
            }
        }
        let patient = question.recipients.iter().all(|target| {
            let names = directory.names([target]);
            target.as_str().starts_with("Patient/")
                || directory
                    .resources(&names)
                    .any(|map| is_type(map, "Patient"))
        });
        Self {
            is,
            may_be,
            at,
            only_a_patient: patient && !question.recipients.is_empty(),
        }
    }

    /// Whether the record is the viewer's own.
    pub fn is_patient(&self, record: &Record<'_>) -> bool {
        self.only_a_patient && meet(&record.patient, &self.is)
    }

    /// Whether a permit to that actor is one to this viewer.
    pub fn receives(&self, actor: &Actor, directory: &Directory<'_>) -> bool {
        let names = directory.names(&actor.targets);
        meet(&names, &self.is)
            || directory.resources(&names).any(|map| {
                let member =
                    |reference: Option<&Value>| meet(&directory.of_element(reference), &self.is);
                match map.get("resourceType").and_then(Value::as_str) {
                    Some("CareTeam") => {
                        let status = map.get("status").and_then(Value::as_str);
                        status.is_none_or(|status| status == "active")
                            && holds(map, self.at)
                            && list(map, "participant")
                                .any(|one| holds(one, self.at) && member(one.get("member")))
                    }
                    Some("Group") => {
                        map.get("active").and_then(Value::as_bool) != Some(false)
                            && list(map, "member").any(|one| {
                                one.get("inactive").and_then(Value::as_bool) != Some(true)
                                    && holds(one, self.at)
                                    && member(one.get("entity"))
                            })
                    }
                    // One who has this role: this person, for this organization.
                    Some("PractitionerRole") => {
                        in_force(map, "active", self.at)
                            && member(map.get("practitioner"))
                            && member(map.get("organization"))
                    }
                    _ => false,
                }
            })
    }

    /// Whether a deny to that actor may be one to this viewer; what can't be found out may be.
    pub fn may_be(&self, actor: &Actor, directory: &Directory<'_>) -> bool {
        let names = directory.names(&actor.targets);
        if names.is_empty() || meet(&names, &self.may_be) {
            return true;
        }
        let mut found = false;
        for map in directory.resources(&names) {
            found = true;
            let member =
                |reference: Option<&Value>| meet(&directory.of_element(reference), &self.may_be);
            let is_in = match map.get("resourceType").and_then(Value::as_str) {
                Some("CareTeam") => list(map, "participant").any(|one| member(one.get("member"))),
                Some("Group") => list(map, "member").any(|one| member(one.get("entity"))),
                Some("PractitionerRole") => {
                    member(map.get("practitioner"))
                        || (!map.contains_key("practitioner") && member(map.get("organization")))
                }
                _ => false,
            };
            if is_in {
                return true;
            }
        }
        // A person or an organization that is not in the files is known by its name; whom a team, a group or a role
        // stands for is not, and a URL or an identifier may be anybody's.
        let plain = [
            "Practitioner/",
            "Organization/",
            "Patient/",
            "RelatedPerson/",
            "Device/",
        ];
        !found
            && !names
                .iter()
                .any(|name| plain.iter().any(|plain| name.starts_with(plain)))
    }
}

/// Whether a resource is active now, as far as it says.
fn in_force(map: &Map<String, Value>, key: &str, at: Instant) -> bool {
    map.get(key).and_then(Value::as_bool) != Some(false) && holds(map, at)
}

/// Whether its `period` holds now; without one it does, with one that can't be read it doesn't.
fn holds(map: &Map<String, Value>, at: Instant) -> bool {
    let Some(period) = map.get("period") else {
        return true;
    };
    let day = at.date_naive();
    let bound = |key: &str| match period.get(key) {
        None => Some(None),
        Some(value) => value.as_str().and_then(dates::days).map(Some),
    };
    match (bound("start"), bound("end")) {
        (Some(start), Some(end)) => {
            start.is_none_or(|(first, _)| first <= day) && end.is_none_or(|(_, last)| day <= last)
        }
        _ => false,
    }
}

fn list<'a>(
    map: &'a Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> {
    map.get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
}
