//! The conditions that a provision may set.

use super::reading::{Object, Reading};
use crate::fhir::reference::Target;

/// A code of a code system.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Coding {
    /// The system.
    pub system: Option<String>,
    /// The code.
    pub code: String,
}

/// What an actor is to the information.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActorRole {
    /// Receives it.
    Recipient,
    /// Keeps or wrote it (custodian, author): where it comes from, not where it goes.
    Source,
    /// A role that is neither for certain: a deny takes it for anybody, and the Consent has a fault.
    Unclear,
}

/// Whom a provision is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// What they are to the information.
    pub role: ActorRole,
    /// Every way in which they are named; empty: nobody who could be found.
    pub targets: Vec<Target>,
}

/// Roles that say where information comes from (v3-ParticipationType, contractsignertypecodes, provenance-participant-type).
const SOURCES: [&str; 13] = [
    "CST",
    "AUT",
    "AUTHEN",
    "ENT",
    "INF",
    "SOURCE",
    "PRIMAUTH",
    "COAUTH",
    "author",
    "custodian",
    "enterer",
    "informant",
    "performer",
];
/// Roles that say where it goes (the same, v3-RoleClass, v3-RoleCode, extra-security-role-type).
const RECIPIENTS: [&str; 47] = [
    "PRCP",
    "IRCP",
    "TRC",
    "NOT",
    "REFT",
    "REF",
    "REFB",
    "GRANTEE",
    "DELEGATEE",
    "PROV",
    "ASSIGNED",
    "AGNT",
    "AFFL",
    "EMP",
    "NOK",
    "GUARD",
    "GT",
    "HPOWATT",
    "DPOWATT",
    "POWATT",
    "SPOWATT",
    "GUADLTM",
    "RESPRSN",
    "COVPTY",
    "CLAIM",
    "PAYOR",
    "PAYEE",
    "AUCG",
    "AULR",
    "AUTM",
    "AUWA",
    "PROMSK",
    "PRF",
    "PPRF",
    "SPRF",
    "ATND",
    "CON",
    "ADM",
    "DIS",
    "CALLBCK",
    "CAREGIVER",
    "ECON",
    "NAMED",
    "humanuser",
    "authserver",
    "dataprocessor",
    "datacollector",
];
/// Roles by what somebody is: whom it is for.
const BY_PROFESSION: &str = "http://terminology.hl7.org/CodeSystem/practitioner-role";

impl Actor {
    pub(super) fn read(reading: &mut Reading, object: &Object<'_>) -> Self {
        reading.element(object, &["role", "reference"]);
        let role = match reading.concept(object, "role") {
            // R4 wants a role; without one an actor is whom it is about.
            None if !object.map.contains_key("role") => ActorRole::Recipient,
            found => {
                let found = found.unwrap_or_default();
                let is_source = found
                    .iter()
                    .any(|coding| SOURCES.contains(&coding.code.as_str()));
                let is_recipient = found.iter().any(|coding| {
                    RECIPIENTS.contains(&coding.code.as_str())
                        || coding.system.as_deref() == Some(BY_PROFESSION)
                });
                match (is_source, is_recipient) {
                    (true, false) => ActorRole::Source,
                    (false, true) => ActorRole::Recipient,
                    _ => {
                        reading.fault(object.at("role"), "is not one that is understood");
                        ActorRole::Unclear
                    }
                }
            }
        };
        let targets = reading.reference(object, "reference").unwrap_or_default();
        if targets.is_empty() {
            reading.note(object.at("reference"), "names nobody who can be found");
        }
        Self { role, targets }
    }
}

/// What may be done with the information (consentaction).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Gather it: no disclosure by itself.
    Collect,
    /// Look at it, use it or pass it on: what a disclosure needs.
    Disclose,
    /// Change it.
    Correct,
    /// Not one of R4's.
    Unknown,
}

impl Action {
    pub(super) fn of(concept: &[Coding]) -> Self {
        let known = concept
            .iter()
            .find_map(|coding| match coding.code.as_str() {
                "access" | "use" | "disclose" => Some(Self::Disclose),
                "collect" => Some(Self::Collect),
                "correct" => Some(Self::Correct),
                _ => None,
            });
        known.unwrap_or(Self::Unknown)
    }
}

/// How far a reference to data reaches (consent-data-meaning).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// The resource.
    Instance,
    /// And what it refers to.
    Related,
    /// And what refers to it.
    Dependents,
    /// What is authored by it.
    AuthoredBy,
}

/// Data named by reference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Data {
    /// How far it reaches.
    pub meaning: Meaning,
    /// Every way in which the resource is named; empty: nothing that could be found.
    pub targets: Vec<Target>,
}

impl Data {
    pub(super) fn read(reading: &mut Reading, object: &Object<'_>) -> Option<Self> {
        reading.element(object, &["meaning", "reference"]);
        let meaning = match reading.text(object, "meaning") {
            Some("instance") => Meaning::Instance,
            Some("related") => Meaning::Related,
            Some("dependents") => Meaning::Dependents,
            Some("authoredby") => Meaning::AuthoredBy,
            _ => {
                reading.fault(object.at("meaning"), "is not one that is understood");
                return None;
            }
        };
        let targets = reading.reference(object, "reference").unwrap_or_default();
        if targets.is_empty() {
            reading.note(object.at("reference"), "names nothing that can be found");
        }
        Some(Self { meaning, targets })
    }
}
