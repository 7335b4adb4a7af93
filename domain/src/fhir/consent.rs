//! Reading FHIR R4 Consents (LAW G2): what a Consent says, before anybody asks it anything.
//!
//! Every element of `Consent` and of `Consent.provision` is either understood or named in [`Directive::faults`]. A
//! Consent with a fault permits nothing; what it denies it still denies, because a condition that can't be read is left
//! out there, and a deny with a condition less denies more (docs/decide.md).

mod act_reason;
mod class;
mod condition;
mod labels;
mod provision;
mod reading;

pub use act_reason::ActReason;
pub use class::Class;
pub use condition::{Action, Actor, ActorRole, Coding, Data, Meaning};
pub use labels::Named;
pub use provision::{Effect, Provision};
pub use reading::Remark;

use core::fmt;

use serde_json::{Map, Value};

use crate::clock::Instant;
use crate::fhir::reference::Target;
use reading::{Object, Reading};

/// Whether a Consent is in force, by its `status`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// `active`.
    Active,
    /// Any other status of R4: it neither permits nor denies.
    NotInForce,
    /// Missing or no status of R4: it permits nothing, and what it denies may be in force.
    Unknown,
}

/// What a Consent is about, by its `scope` (consentscope) and `category`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Matter {
    /// Who may have the patient's information.
    Privacy,
    /// Information for research: permits for no other purpose.
    Research,
    /// Information in an emergency (category EMRGONLY): permits for no other purpose.
    EmergencyOnly,
    /// Treatment or care in advance: says nothing of disclosure, neither way.
    OtherThanDisclosure,
    /// A scope that is not understood.
    Unknown,
}

/// The base rule that `policyRule` names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Base {
    /// Opt in (OPTIN, OPTINR).
    OptIn,
    /// Opt out (OPTOUT, OPTOUTE).
    OptOut,
    /// Neither.
    Unsaid,
}

/// A FHIR R4 Consent as read.
#[derive(Clone, PartialEq)]
pub struct Directive {
    /// How it is called in answers: `Consent/id`, with its `fullUrl` or its place in place of a missing id.
    pub name: String,
    /// Whether it is in force.
    pub status: Status,
    /// What it is about.
    pub matter: Matter,
    /// Whose information.
    pub patient: Option<Target>,
    /// When it was given.
    pub given: Option<Instant>,
    /// Who gave it, if that is said.
    pub performers: Vec<Target>,
    /// The base rule.
    pub base: Base,
    /// Its root provision.
    pub root: Option<Provision>,
    /// Why it permits nothing: what can't be read or is not understood.
    pub faults: Vec<Remark>,
    /// What is understood so far as to be without effect, such as a label without a segment.
    pub notes: Vec<Remark>,
}

impl fmt::Debug for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Directive([redacted])")
    }
}

/// The elements of an R4 Consent, without those of every resource.
const ELEMENTS: [&str; 15] = [
    "identifier",
    "status",
    "scope",
    "category",
    "patient",
    "dateTime",
    "performer",
    "organization",
    "sourceAttachment",
    "sourceReference",
    "policy",
    "policyRule",
    "verification",
    "provision",
    "contained",
];

/// Reads a Consent; `place` names it when it has neither id nor `fullUrl`.
pub fn read(resource: &Value, full_url: Option<&str>, place: usize) -> Directive {
    let mut reading = Reading::default();
    let empty = Map::new();
    let map = resource.as_object().unwrap_or(&empty);
    let name = match (map.get("id").and_then(Value::as_str), full_url) {
        (Some(id), _) => format!("Consent/{id}"),
        (None, Some(url)) => format!("Consent/{url}"),
        (None, None) => format!("Consent/#{}", place.saturating_add(1)),
    };
    let consent = Object {
        map,
        path: String::new(),
    };
    reading.resource(&consent, &ELEMENTS);
    reading.contained = contained(map);
    let status = match reading.text(&consent, "status") {
        Some("active") => Status::Active,
        Some("draft" | "proposed" | "rejected" | "inactive" | "entered-in-error") => {
            Status::NotInForce
        }
        _ => {
            reading.fault("status", "is not a status of R4");
            Status::Unknown
        }
    };
    let matter = matter(&mut reading, &consent);
    let patient = reading
        .reference(&consent, "patient")
        .and_then(|found| found.into_iter().next());
    if patient.is_none() {
        reading.fault("patient", "names nobody");
    }
    let given = reading.text(&consent, "dateTime").and_then(|text| {
        let found = provision::moment(text);
        if found.is_none() {
            reading.fault("dateTime", "is not a date");
        }
        found.map(|(first, _)| first)
    });
    let performers = reading.references(&consent, "performer");
    verified(&mut reading, &consent);
    let base = base(&mut reading, &consent);
    let root = map.get("provision").map(|value| {
        let root = Provision::read(&mut reading, value, "provision", true);
        root.unwrap_or_default()
    });
    if root.is_none() {
        reading.note("provision", "is missing");
    }
    Directive {
        name,
        status,
        matter,
        patient,
        given,
        performers,
        base,
        root,
        faults: reading.faults,
        notes: reading.notes,
    }
}

/// The instant that a date or an instant names, of a date its first moment in UTC; `None` when it is neither.
pub fn instant(text: &str) -> Option<Instant> {
    provision::moment(text).map(|(first, _)| first)
}

/// The business identifiers of the resources inside, by their local id.
fn contained(map: &Map<String, Value>) -> Vec<(String, Vec<String>)> {
    let list = map.get("contained").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|inner| {
            let id = inner.get("id")?.as_str()?.to_owned();
            let identifiers = inner.get("identifier").and_then(Value::as_array);
            let identifiers = identifiers
                .into_iter()
                .flatten()
                .filter_map(Value::as_object)
                .filter_map(crate::fhir::reference::identifier)
                .collect();
            Some((id, identifiers))
        })
        .collect()
}

fn matter(reading: &mut Reading, consent: &Object<'_>) -> Matter {
    let mut matter = match reading.concept(consent, "scope") {
        // R4 wants a scope; without one the provision alone says what the Consent is about.
        None if !consent.map.contains_key("scope") => Matter::Privacy,
        found => {
            let found = found.unwrap_or_default();
            let is = |code: &str| {
                found.iter().any(|coding| {
                    coding.code == code
                        && coding.system.as_deref()
                            == Some("http://terminology.hl7.org/CodeSystem/consentscope")
                })
            };
            if is("patient-privacy") {
                Matter::Privacy
            } else if is("research") {
                Matter::Research
            } else if is("treatment") || is("adr") {
                Matter::OtherThanDisclosure
            } else {
                reading.fault("scope", "is not one that is understood");
                Matter::Unknown
            }
        }
    };
    let categories = reading.concepts(consent, "category").unwrap_or_default();
    for coding in categories.iter().flatten() {
        match coding.code.as_str() {
            "EMRGONLY" | "emrgonly" if matter == Matter::Privacy => matter = Matter::EmergencyOnly,
            "acd" | "dnr" | "hcd" | "polst" => matter = Matter::OtherThanDisclosure,
            _ => {}
        }
    }
    matter
}

/// A Consent that says of itself that it was not verified is not to be relied on (LAW A11).
fn verified(reading: &mut Reading, consent: &Object<'_>) {
    let Some(list) = reading.objects(consent, "verification") else {
        return;
    };
    let mut is_verified = false;
    for verification in list {
        reading.element(
            &verification,
            &["verified", "verifiedWith", "verificationDate"],
        );
        is_verified |= verification.map.get("verified").and_then(Value::as_bool) == Some(true);
    }
    if !is_verified {
        reading.fault("verification", "says that it was not verified");
    }
}

fn base(reading: &mut Reading, consent: &Object<'_>) -> Base {
    let codings = reading.concept(consent, "policyRule").unwrap_or_default();
    let is = |codes: [&str; 2]| {
        codings
            .iter()
            .any(|coding| codes.contains(&coding.code.as_str()))
    };
    match (is(["OPTIN", "OPTINR"]), is(["OPTOUT", "OPTOUTE"])) {
        (true, false) => Base::OptIn,
        (false, true) => Base::OptOut,
        (true, true) => {
            reading.fault("policyRule", "says both opt in and opt out");
            Base::OptOut
        }
        (false, false) => Base::Unsaid,
    }
}
