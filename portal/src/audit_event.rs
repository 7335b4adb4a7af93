//! Entries of the ledger as FHIR R4 AuditEvents (LAW G3).

use domain::decide::{Action, Ground};
use domain::fhir::security;
use domain::party::Role;
use domain::purpose::Purpose;
use serde_json::{Value, json};
use store::{Chain, Entry, Event};
use uuid::Uuid;

/// Codes of DICOM PS3.16: events of the audit trail and what they are about (CID 400 to 403).
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
/// Why somebody looks.
const REASONS: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
/// Our own roles.
const ROLES: &str = "https://confide.invalid/fhir/CodeSystem/role";
/// Our own words for what was done.
const ACTIONS: &str = "https://confide.invalid/fhir/CodeSystem/action";

type Code = (&'static str, &'static str);

const PATIENT_RECORD: Code = ("110110", "Patient Record");
const EXPORT: Code = ("110106", "Export");
const IMPORT: Code = ("110107", "Import");
const LOG_USED: Code = ("110101", "Audit Log Used");
const AUTHENTICATION: Code = ("110114", "User Authentication");
const LOGIN: Code = ("110122", "Login");
const LOGOUT: Code = ("110123", "Logout");
const SECURITY: Code = ("110113", "Security Alert");
const OBJECT: Code = ("110135", "Object Security Attributes Changed");
const ROLES_CHANGED: Code = ("110136", "Security Roles Changed");
const USER: Code = ("110137", "User Security Attributes Changed");
const OVERRIDE_STARTED: Code = ("110127", "Emergency Override Started");
const OVERRIDE_STOPPED: Code = ("110138", "Emergency Override Stopped");
const CONFIGURATION: Code = ("110129", "Security Configuration");

/// What an event is in the standard's words.
#[derive(Clone, Copy)]
struct Kind {
    of: Code,
    about: Option<Code>,
    /// Create, read, update, delete or execute (FHIR audit-event-action).
    action: &'static str,
    failed: bool,
}

const fn kind(of: Code, about: Option<Code>, action: &'static str) -> Kind {
    Kind {
        of,
        about,
        action,
        failed: false,
    }
}

const fn failed(kind: Kind) -> Kind {
    Kind {
        failed: true,
        ..kind
    }
}

fn kind_of(event: &Event) -> Kind {
    match event {
        Event::Disclosed {
            action: Action::Download | Action::Export,
            ..
        }
        | Event::BackupMade { .. } => kind(EXPORT, None, "R"),
        Event::Disclosed { .. } | Event::EmergencyLookedAt { .. } => {
            kind(PATIENT_RECORD, None, "R")
        }
        Event::Denied { .. } | Event::EmergencyNotOpened => failed(kind(PATIENT_RECORD, None, "R")),
        Event::SignedIn { .. } => kind(AUTHENTICATION, Some(LOGIN), "E"),
        Event::SignInFailed | Event::PasswordFailed => {
            failed(kind(AUTHENTICATION, Some(LOGIN), "E"))
        }
        Event::SignedOut | Event::SessionsEnded { .. } => kind(AUTHENTICATION, Some(LOGOUT), "E"),
        Event::SteppedUp { .. } => kind(AUTHENTICATION, None, "E"),
        Event::Imported { .. } => kind(IMPORT, None, "C"),
        Event::ConsentSigned { .. }
        | Event::RelationshipAdded { .. }
        | Event::RestrictionAdded { .. }
        | Event::AuthorityAdded { .. } => kind(SECURITY, Some(OBJECT), "C"),
        Event::EmergencyOpened { .. } => kind(SECURITY, Some(OVERRIDE_STARTED), "C"),
        Event::EmergencyEnded { .. } => kind(SECURITY, Some(OVERRIDE_STOPPED), "U"),
        Event::RoleChanged { .. }
        | Event::RoleGiven { .. }
        | Event::RolesEnded { .. }
        | Event::AccessReviewed { .. } => kind(SECURITY, Some(ROLES_CHANGED), "U"),
        Event::AccountCreated { .. } | Event::InvitationMade { .. } => {
            kind(SECURITY, Some(USER), "C")
        }
        Event::AccountChanged { .. }
        | Event::AccountClosed { .. }
        | Event::FactorChanged { .. }
        | Event::InvitationUsed { .. }
        | Event::InvitationWithdrawn { .. } => kind(SECURITY, Some(USER), "U"),
        Event::FactorSuspected { .. } => failed(kind(AUTHENTICATION, Some(LOGIN), "E")),
        Event::ConsentCopied { .. }
        | Event::ProofTaken { .. }
        | Event::LedgerExported { .. }
        | Event::HouseLedgerRead
        | Event::HouseLedgerChecked { .. }
        | Event::HouseLedgerTaken { .. } => kind(LOG_USED, None, "R"),
        Event::RecordShredded { .. } => kind(PATIENT_RECORD, None, "D"),
        Event::KeyRotated { .. }
        | Event::OldWrappingsDropped { .. }
        | Event::DataKeysRotated { .. }
        | Event::BackupRestored { .. } => kind(SECURITY, Some(CONFIGURATION), "U"),
        _ => kind(SECURITY, Some(OBJECT), "U"),
    }
}

fn coding(code: Code) -> Value {
    json!({ "system": DICOM, "code": code.0, "display": code.1 })
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::View => "view",
        Action::Download => "download",
        Action::Export => "export",
        Action::Preview => "preview",
        Action::Review => "review",
    }
}

/// What the purpose, the action and the entities of an event are.
fn looked(event: &Event) -> (Option<Action>, Option<Purpose>) {
    match event {
        Event::Disclosed {
            action, purpose, ..
        } => (Some(*action), Some(*purpose)),
        Event::Denied {
            action, purpose, ..
        } => (Some(*action), *purpose),
        Event::EmergencyOpened { .. } => (None, Some(Purpose::Emergency)),
        _ => (None, None),
    }
}

fn named(id: Uuid) -> Value {
    json!({ "identifier": { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{id}") } })
}

/// An entry as an AuditEvent. The labels of what was disclosed go along only where they are asked for: they tell what a
/// record is about.
pub fn audit_event(chain: Chain, entry: &Entry, with_labels: bool) -> Value {
    let event = &entry.body.event;
    let kind = kind_of(event);
    let (action, purpose) = looked(event);
    let mut subtypes: Vec<Value> = kind.about.map(coding).into_iter().collect();
    subtypes.extend(action.map(|action| json!({ "system": ACTIONS, "code": word(action) })));
    let mut resource = json!({
        "resourceType": "AuditEvent",
        "id": entry.id.to_string(),
        "type": coding(kind.of),
        "action": kind.action,
        "recorded": entry.body.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "outcome": if kind.failed { "4" } else { "0" },
        "agent": [agent(entry)],
        "source": {
            "observer": { "display": "confide" },
            "type": [{
                "system": "http://terminology.hl7.org/CodeSystem/security-source-type",
                "code": "4",
                "display": "Application Server",
            }],
        },
    });
    if !subtypes.is_empty() {
        resource["subtype"] = Value::Array(subtypes);
    }
    if let Some(purpose) = purpose {
        resource["purposeOfEvent"] =
            json!([{ "coding": [{ "system": REASONS, "code": purpose.code() }] }]);
    }
    let entities = entities(chain, event, with_labels);
    if !entities.is_empty() {
        resource["entity"] = Value::Array(entities);
    }
    resource
}

fn agent(entry: &Entry) -> Value {
    let actor = &entry.body.stamp.actor;
    let mut agent = json!({ "requestor": actor.person.is_some() });
    agent["who"] = match (actor.person, actor.account) {
        (Some(person), _) => named(person.0),
        (None, Some(account)) => named(account.0),
        (None, None) => json!({ "display": "confide" }),
    };
    if let Some(role) = actor.role {
        agent["role"] = json!([{ "coding": [{ "system": ROLES, "code": role.name() }] }]);
        agent["type"] = json!({ "coding": [participation(role)] });
    }
    agent
}

/// The nearest word of HL7's v3-ParticipationType and v3-RoleClass.
fn participation(role: Role) -> Value {
    let (code, system) = match role {
        Role::Patient => ("PAT", "http://terminology.hl7.org/CodeSystem/v3-RoleClass"),
        Role::Proxy => ("AGNT", "http://terminology.hl7.org/CodeSystem/v3-RoleClass"),
        _ => ("PROV", "http://terminology.hl7.org/CodeSystem/v3-RoleClass"),
    };
    json!({ "system": system, "code": code })
}

fn entities(chain: Chain, event: &Event, with_labels: bool) -> Vec<Value> {
    const TYPES: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    const PARTS: &str = "http://terminology.hl7.org/CodeSystem/object-role";
    let entity = |id: Uuid, of: &str, part: &str| {
        let mut entity = json!({
            "what": named(id),
            "type": { "system": TYPES, "code": of },
        });
        entity["role"] = json!({ "system": PARTS, "code": part });
        entity
    };
    let mut found = Vec::new();
    if let Chain::Patient(patient) = chain {
        // A person, the patient.
        found.push(entity(patient.0, "1", "1"));
    }
    match event {
        Event::Disclosed { items, basis, .. } => {
            for item in items {
                // A system object, a domain resource.
                let mut one = entity(item.item.0, "2", "4");
                if with_labels {
                    one["securityLabel"] = json!(security::security(item.labels, &[]));
                }
                found.push(one);
            }
            for ground in basis {
                if let Ground::Consent(consent, _) = ground {
                    // A system object, the security resource it rested on.
                    found.push(entity(consent.0, "2", "13"));
                }
            }
        }
        Event::Denied {
            item: Some(item), ..
        } => found.push(entity(item.0, "2", "4")),
        Event::ConsentSigned { consent, .. }
        | Event::ConsentRevoked { consent }
        | Event::ConsentSuspended { consent }
        | Event::ConsentSuperseded { consent, .. }
        | Event::ConsentEnded { consent }
        | Event::ConsentCopied { consent } => found.push(entity(consent.0, "2", "13")),
        _ => {}
    }
    found
}
