//! People, organizations and care relationships out of what was read.

use super::care::{self, Participant};
use super::likeness::Likeness;
use super::sender::Sender;
use chrono::{DateTime, NaiveDate};
use domain::clock::Instant;
use domain::fhir::reference::Target;
use domain::id::RelationshipId;
use domain::labeling::{Examined, OrganizationRef, Part2Programs};
use domain::npi::Npi;
use domain::party::{Membership, Party, Relationship, Role, Span};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::{OrganizationRecord, PersonRecord};

/// Resource types that are nobody's record.
const DIRECTORY: [&str; 12] = [
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Location",
    "HealthcareService",
    "Endpoint",
    "Medication",
    "Substance",
    "ValueSet",
    "CodeSystem",
    "StructureDefinition",
    "OrganizationAffiliation",
];

/// Whether resources of this type belong to no patient.
pub(super) fn is_directory(resource_type: &str) -> bool {
    DIRECTORY.contains(&resource_type)
}

/// A patient as a person.
pub(super) struct Subject {
    pub person: PersonRecord,
    pub birth: Option<NaiveDate>,
}

struct Place {
    practitioner: String,
    organization: Option<String>,
    specialty: Option<String>,
    from: Instant,
    until: Option<Instant>,
}

/// What was read of people and organizations.
#[derive(Default)]
pub(super) struct Directory {
    organizations: BTreeMap<String, (String, String, Vec<String>)>,
    practitioners: BTreeMap<String, (String, Option<String>, Option<Npi>)>,
    roles: BTreeMap<String, Place>,
    participants: Vec<Participant>,
    subjects: BTreeMap<String, Subject>,
    programs: BTreeSet<String>,
}

pub(super) fn text(value: &Value, path: &[&str]) -> Option<String> {
    let mut at = value;
    for step in path {
        at = match step.parse::<usize>() {
            Ok(index) => at.get(index)?,
            Err(_) => at.get(step)?,
        };
    }
    at.as_str()
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(ToOwned::to_owned)
}

/// A FHIR dateTime's first instant; a year or a month begins at its start.
pub(super) fn instant(text: &str) -> Option<Instant> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .ok()
        .or_else(|| {
            let (first, _) = domain::fhir::dates::days(text)?;
            Some(first.and_hms_opt(0, 0, 0)?.and_utc())
        })
}

/// A FHIR dateTime's last instant, exclusive.
fn end(text: &str) -> Option<Instant> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .ok()
        .or_else(|| {
            let (_, last) = domain::fhir::dates::days(text)?;
            Some(last.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc())
        })
}

pub(super) fn period(value: &Value) -> (Instant, Option<Instant>) {
    let period = value.get("period").unwrap_or(&Value::Null);
    let from = text(period, &["start"])
        .and_then(|start| instant(&start))
        .unwrap_or(DateTime::UNIX_EPOCH);
    let until = text(period, &["end"]).and_then(|until| end(&until));
    (from, until)
}

/// A FHIR HumanName as people say it: the official one, else the first.
fn name_of(resource: &Value) -> Option<(String, Option<String>)> {
    let names = resource.get("name")?.as_array()?;
    let name = names
        .iter()
        .find(|name| name.get("use").and_then(Value::as_str) == Some("official"))
        .or_else(|| names.first())?;
    let list = |key: &str| -> Vec<&str> {
        name.get(key)
            .and_then(Value::as_array)
            .map(|all| all.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default()
    };
    let mut words = list("prefix");
    words.extend(list("given"));
    words.extend(name.get("family").and_then(Value::as_str));
    let said = if words.is_empty() {
        text(name, &["text"])?
    } else {
        words.join(" ")
    };
    let suffix = list("suffix").join(", ");
    Some((said, Some(suffix).filter(|suffix| !suffix.is_empty())))
}

pub(super) fn reference(value: &Value, key: &str) -> Option<String> {
    target(value.get(key)?)
}

/// Where a Reference leads.
pub(super) fn target(reference: &Value) -> Option<String> {
    Target::of(reference.get("reference")?.as_str()?).map(|target| target.as_str().to_owned())
}

/// The National Provider Identifier among business identifiers; one whose check digit is wrong is none.
fn npi(identifiers: &[String]) -> Option<Npi> {
    identifiers
        .iter()
        .find_map(|identifier| Npi::of_identifier(identifier))
}

/// What tells a resource's person or organization from another one.
pub(super) fn likeness(resource: &Value, examined: &Examined) -> Likeness {
    Likeness {
        name: name_of(resource)
            .map(|(name, _)| name)
            .or_else(|| text(resource, &["name"])),
        birth: birth_of(resource),
        identifiers: examined.identifiers.clone(),
    }
}

fn birth_of(patient: &Value) -> Option<NaiveDate> {
    let date = text(patient, &["birthDate"])?;
    domain::fhir::dates::days(&date).map(|(first, _)| first)
}

impl Directory {
    /// Takes over from earlier files that this organization is a Part 2 program.
    pub(super) fn knows_program(&mut self, reference: &str) {
        self.programs.insert(reference.to_owned());
    }

    /// Takes a resource that is nobody's record.
    pub(super) fn add(&mut self, resource: &Value, examined: &Examined) {
        let identity = examined.identity();
        match examined.resource_type.as_str() {
            "Organization" => {
                let kind = text(resource, &["type", "0", "text"])
                    .or_else(|| text(resource, &["type", "0", "coding", "0", "display"]))
                    .unwrap_or_default();
                let name = text(resource, &["name"]).unwrap_or_default();
                self.organizations
                    .insert(identity, (name, kind, examined.identifiers.clone()));
            }
            "Practitioner" => {
                if let Some((name, suffix)) = name_of(resource) {
                    let qualification =
                        suffix.or_else(|| text(resource, &["qualification", "0", "code", "text"]));
                    self.practitioners
                        .insert(identity, (name, qualification, npi(&examined.identifiers)));
                }
            }
            "PractitionerRole" => {
                let Some(practitioner) = reference(resource, "practitioner") else {
                    return;
                };
                let specialty = ["specialty", "code"].into_iter().find_map(|key| {
                    text(resource, &[key, "0", "text"])
                        .or_else(|| text(resource, &[key, "0", "coding", "0", "display"]))
                });
                let (from, until) = period(resource);
                self.roles.insert(
                    identity,
                    Place {
                        practitioner,
                        organization: reference(resource, "organization"),
                        specialty,
                        from,
                        until,
                    },
                );
            }
            _ => {}
        }
    }

    /// Looks at a resource of a patient's record for who the patient is and who cares for them.
    pub(super) fn look_at(
        &mut self,
        resource: &Value,
        examined: &Examined,
        patient: &str,
        sender: &Sender,
    ) {
        if examined.resource_type == "Patient"
            && let Some((name, _)) = name_of(resource)
        {
            let person = PersonRecord {
                id: sender.person(patient),
                name,
                qualification: None,
                specialty: None,
                memberships: Vec::new(),
                email: None,
                npi: None,
                reference: Some(sender.scoped(patient)),
            };
            let birth = birth_of(resource);
            self.subjects
                .insert(patient.to_owned(), Subject { person, birth });
        }
        self.participants
            .extend(care::participants(resource, examined, patient));
    }

    /// Follows references by `fullUrl` to the resources they mean.
    pub(super) fn resolve(&mut self, urls: &BTreeMap<String, String>) {
        let follow = |reference: &mut String| {
            if let Some(identity) = urls.get(reference) {
                reference.clone_from(identity);
            }
        };
        for place in self.roles.values_mut() {
            follow(&mut place.practitioner);
            place.organization.iter_mut().for_each(follow);
        }
        for participant in &mut self.participants {
            follow(&mut participant.member);
        }
    }

    /// The organizations, with whether each is a Part 2 program.
    pub(super) fn organizations(
        &mut self,
        programs: &Part2Programs,
        sender: &Sender,
    ) -> Vec<OrganizationRecord> {
        let mut records = Vec::new();
        for (identity, (name, kind, identifiers)) in &self.organizations {
            let part2_program = programs.holds(&OrganizationRef {
                references: vec![identity.clone()],
                identifiers: identifiers.clone(),
                name: Some(name.clone()),
            });
            if part2_program {
                self.programs.insert(identity.clone());
            }
            records.push(OrganizationRecord {
                id: sender.organization(identity),
                name: name.clone(),
                kind: kind.clone(),
                part2_program,
                reference: Some(sender.scoped(identity)),
                npi: npi(identifiers),
                class: None,
                by_hand: false,
            });
        }
        records
    }

    /// The practitioners with their places; call after [`Directory::organizations`].
    pub(super) fn people(&self, sender: &Sender) -> Vec<PersonRecord> {
        self.practitioners
            .iter()
            .map(|(identity, (name, qualification, npi))| {
                let places: Vec<&Place> = self
                    .roles
                    .values()
                    .filter(|place| place.practitioner == *identity)
                    .collect();
                PersonRecord {
                    id: sender.person(identity),
                    name: name.clone(),
                    qualification: qualification.clone(),
                    specialty: places.iter().find_map(|place| place.specialty.clone()),
                    email: None,
                    npi: *npi,
                    reference: Some(sender.scoped(identity)),
                    memberships: places
                        .iter()
                        .filter_map(|place| {
                            let organization = place.organization.as_ref()?;
                            Some(Membership {
                                organization: sender.organization(organization),
                                role: if self.programs.contains(organization) {
                                    Role::SudClinician
                                } else {
                                    Role::Clinician
                                },
                                span: Span {
                                    from: place.from,
                                    until: place.until,
                                },
                            })
                        })
                        .collect(),
                }
            })
            .collect()
    }

    /// The care relationships that the record tells of.
    pub(super) fn relationships(&self, sender: &Sender) -> Vec<(String, Relationship)> {
        self.participants
            .iter()
            .filter_map(|participant| {
                let party = self.party(&participant.member, sender)?;
                Some((
                    participant.patient.clone(),
                    Relationship {
                        id: RelationshipId::derived(
                            participant.namespace,
                            &format!(
                                "{} {} {}",
                                sender.scoped(&participant.patient),
                                participant.told_by,
                                participant.member
                            ),
                        ),
                        party,
                        kind: participant.kind,
                        span: Span {
                            from: participant.from,
                            until: participant.until,
                        },
                    },
                ))
            })
            .collect()
    }

    fn party(&self, member: &str, sender: &Sender) -> Option<Party> {
        if let Some(place) = self.roles.get(member) {
            return Some(Party::Person(sender.person(&place.practitioner)));
        }
        if member.starts_with("Practitioner/") {
            return Some(Party::Person(sender.person(member)));
        }
        // An organization that takes part does not make everybody in it a treating provider.
        None
    }

    /// The patients as persons.
    pub(super) fn subjects(&mut self) -> Vec<(String, Subject)> {
        core::mem::take(&mut self.subjects).into_iter().collect()
    }
}
