//! Step-up: a fresh second factor for one named action and its parameters (ARCHITECTURE, "Sign-in").

use crate::actor::Actor;
use crate::devices::Device;
use crate::house_ledger;
use crate::passkeys::Change;
use crate::sign_in::{self, Outcome};
use crate::{Portal, Refusal};
use crate::{contacts, recovery_case, staff};
use chrono::{NaiveDate, TimeDelta};
use domain::clock::Instant;
use domain::id::{
    ApplicationId, AuthorityId, ConsentId, EmergencyId, ItemId, OrganizationId, PatientId,
    PersonId, RecoveryCaseId, RestrictionId,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::Event;
use tower_sessions::Session;
use uuid::Uuid;

const WANTED: &str = "step-up-wanted";
const DONE: &str = "stepped-up";
/// How long a fresh factor serves.
const FRESH_FOR: TimeDelta = TimeDelta::minutes(5);

/// An action that asks for a fresh factor, with everything the person confirms.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Action {
    /// Sign the consent of this draft, as it stands: the digest is over its terms.
    Sign {
        /// The draft.
        draft: Uuid,
        /// SHA-256 over the terms.
        digest: [u8; 32],
    },
    /// Revoke a consent.
    Revoke(ConsentId),
    /// Name a helper, or change what one may see: the digest is over all that was answered (LAW D5).
    NameHelper {
        /// The helper that is there already.
        authority: Option<AuthorityId>,
        /// SHA-256 over the answers.
        digest: [u8; 32],
    },
    /// End that somebody acts for the patient.
    EndHelper(AuthorityId),
    /// Sign beside a minor (LAW D2).
    Countersign(ConsentId),
    /// Decide on an application to act for a patient.
    DecideApplication {
        /// Which.
        application: ApplicationId,
        /// SHA-256 over the decision.
        digest: [u8; 32],
    },
    /// End an authority that the office had verified.
    EndAuthority(ApplicationId),
    /// Take away a copy of one's own record.
    Export {
        /// First day, if limited.
        from: Option<NaiveDate>,
        /// Last day, if limited.
        until: Option<NaiveDate>,
        /// Segments by name; empty: all.
        segments: Vec<String>,
        /// PDF or FHIR.
        format: crate::export::Format,
    },
    /// Take away what one may see of a patient's record.
    ClinicianExport {
        /// The patient.
        patient: domain::id::PatientId,
        /// The format.
        format: crate::export::Format,
    },
    /// Open a separated counseling note.
    CounselingNote(ItemId),
    /// Approve that labels are taken off an item (POLICY §2).
    LowerLabels {
        /// The item.
        item: ItemId,
        /// The proposal.
        proposal: domain::id::ReviewId,
    },
    /// Open a record in an emergency (LAW E1).
    Emergency {
        /// The patient, where the address names one.
        patient: Option<PatientId>,
        /// SHA-256 over all that was given.
        digest: [u8; 32],
    },
    /// Record what a privacy officer found of an emergency.
    ReviewEmergency {
        /// Which.
        emergency: EmergencyId,
        /// SHA-256 over the finding.
        digest: [u8; 32],
    },
    /// Take a restriction back, so that others may see again what it kept back (LAW C4).
    EndRestriction(RestrictionId),
    /// Say what an organization answers to a restriction.
    AnswerRestriction {
        /// Which.
        restriction: RestrictionId,
        /// SHA-256 over the answer.
        digest: [u8; 32],
    },
    /// Change what one signs in with (LAW F7).
    ChangeFactors(Change),
    /// Change who is on the staff, or in which role.
    ChangeStaff(staff::Change),
    /// Say that an organization is a Part 2 program, or is none (42 CFR 2.11).
    SetProgram {
        /// Which.
        organization: OrganizationId,
        /// Whether it is one from now on.
        program: bool,
    },
    /// Assign a care relationship.
    AssignCare {
        /// SHA-256 over all that was given.
        digest: [u8; 32],
    },
    /// Take a copy of the house's ledger.
    TakeHouseLedger(house_ledger::Filter),
    /// Open a case to help somebody back into their account, with everything that was recorded.
    OpenRecoveryCase {
        /// SHA-256 over all that was given.
        digest: [u8; 32],
    },
    /// Take a case further.
    RecoveryCase {
        /// Which.
        case: RecoveryCaseId,
        /// How.
        step: recovery_case::Step,
    },
    /// Change the addresses at which one is told.
    ChangeContacts(contacts::Change),
    /// Sign a review of who has access, as it was said of each.
    SignAccessReview {
        /// Who keeps what they have, in order.
        keep: Vec<PersonId>,
        /// Who loses it, in order.
        remove: Vec<PersonId>,
    },
}

impl Action {
    /// Its name for the ledger and the page's words.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sign { .. } => "sign",
            Self::Revoke(_) => "revoke",
            Self::NameHelper { .. } => "name-helper",
            Self::EndHelper(_) => "end-helper",
            Self::Countersign(_) => "countersign",
            Self::DecideApplication { .. } => "decide-application",
            Self::EndAuthority(_) => "end-authority",
            Self::Export { .. } => "export",
            Self::ClinicianExport { .. } => "clinician-export",
            Self::CounselingNote(_) => "counseling-note",
            Self::LowerLabels { .. } => "lower-labels",
            Self::Emergency { .. } => "emergency",
            Self::ReviewEmergency { .. } => "review-emergency",
            Self::EndRestriction(_) => "end-restriction",
            Self::AnswerRestriction { .. } => "answer-restriction",
            Self::ChangeFactors(_) => "change-factors",
            Self::ChangeStaff(_) => "change-staff",
            Self::SetProgram { .. } => "set-program",
            Self::AssignCare { .. } => "assign-care",
            Self::TakeHouseLedger(_) => "house-ledger",
            Self::SignAccessReview { .. } => "access-review",
            Self::OpenRecoveryCase { .. } => "open-recovery-case",
            Self::RecoveryCase { .. } => "recovery-case",
            Self::ChangeContacts(_) => "change-contacts",
        }
    }

    /// The place to come back to: made here, never taken from a request.
    pub fn return_to(&self) -> String {
        match self {
            Self::Sign { .. } => "/sharing/new/sign".to_owned(),
            Self::Revoke(consent) => format!("/sharing/{consent}/revoke"),
            Self::NameHelper { .. } => "/proxies/invite/sign".to_owned(),
            Self::EndHelper(authority) => format!("/proxies/{authority}/end"),
            Self::Countersign(consent) => format!("/proxies/signatures/{consent}"),
            Self::DecideApplication { application, .. } | Self::EndAuthority(application) => {
                format!("/office/proxies/{application}")
            }
            Self::Export { .. } => "/exports/ready".to_owned(),
            Self::ClinicianExport { patient, .. } => format!("/patients/{patient}/export"),
            Self::CounselingNote(item) => format!("/records/{item}"),
            Self::LowerLabels { item, .. } => format!("/office/labels/{item}"),
            Self::Emergency { patient: None, .. } => "/patients/emergency".to_owned(),
            Self::Emergency {
                patient: Some(patient),
                ..
            } => format!("/patients/{patient}/emergency"),
            Self::ReviewEmergency { emergency, .. } => format!("/office/emergencies/{emergency}"),
            Self::EndRestriction(id) => format!("/restrictions/{id}"),
            Self::AnswerRestriction { restriction, .. } => {
                format!("/office/restrictions/{restriction}")
            }
            Self::ChangeFactors(Change::Add) => "/account/passkeys/new".to_owned(),
            Self::ChangeFactors(Change::Remove(passkey)) => {
                format!("/account/passkeys/{passkey}/remove")
            }
            Self::ChangeFactors(Change::Password) => "/account/password".to_owned(),
            Self::ChangeFactors(Change::App) => "/account/app".to_owned(),
            Self::ChangeFactors(Change::RemoveApp) => "/account/app/remove".to_owned(),
            Self::ChangeFactors(Change::RecoveryCodes) => "/account/recovery-codes".to_owned(),
            Self::ChangeStaff(change) => match change.person() {
                None => "/office/people/invite".to_owned(),
                Some(person) => format!("/office/people/{person}"),
            },
            Self::SetProgram { organization, .. } => {
                format!("/office/organizations/{organization}")
            }
            Self::AssignCare { .. } => "/office/assignments/new".to_owned(),
            Self::TakeHouseLedger(filter) => filter.path(),
            Self::SignAccessReview { .. } => "/office/access-review".to_owned(),
            Self::OpenRecoveryCase { .. } => "/office/recovery/new".to_owned(),
            Self::RecoveryCase { case, .. } => format!("/office/recovery/{case}"),
            Self::ChangeContacts(_) => "/account/contact".to_owned(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Done {
    action: Action,
    at: Instant,
    /// Names this one factor, so that the database can tell that it was used.
    id: uuid::Uuid,
}

/// Proof of a fresh second factor for one action; made only here, used once.
#[derive(Debug)]
pub struct SteppedUp {
    action: Action,
    at: Instant,
}

impl SteppedUp {
    /// For what.
    pub fn action(&self) -> &Action {
        &self.action
    }

    /// When the factor was given.
    pub fn at(&self) -> Instant {
        self.at
    }
}

/// Forgets what waits to be confirmed, and what is confirmed and not done yet.
pub(crate) async fn forget(session: &Session) -> Result<(), Refusal> {
    session.remove::<Action>(WANTED).await?;
    session.remove::<Done>(DONE).await?;
    Ok(())
}

/// Remembers what the person is about to confirm; the page to go to is `/step-up`.
pub async fn ask(session: &Session, action: &Action) -> Result<(), Refusal> {
    Ok(session.insert(WANTED, action).await?)
}

/// What waits to be confirmed.
pub async fn wanted(session: &Session) -> Result<Option<Action>, Refusal> {
    Ok(session.get(WANTED).await?)
}

/// Takes the code; on success the session's id changes and the path to go back to is given.
pub async fn confirm(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    code: &SecretString,
) -> Result<Result<String, Outcome>, Refusal> {
    let Some(action) = wanted(session).await? else {
        return Err(Refusal::BadRequest);
    };
    let Some(account) = portal.store().account(actor.account()).await? else {
        return Err(Refusal::SignInFirst);
    };
    // Whoever is signed in is on a device that is known.
    if sign_in::check_code(portal, &account, code, Device::Known).await? == Outcome::Refused {
        sign_in::log(portal, &actor.stamp(), Event::SignInFailed).await?;
        return Ok(Err(Outcome::Refused));
    }
    given(portal, session, actor, &action).await?;
    Ok(Ok(action.return_to()))
}

/// The fresh factor was given, as a code or by a passkey: it stands for this action, under a new session id.
pub(crate) async fn given(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    action: &Action,
) -> Result<(), Refusal> {
    session.remove::<Action>(WANTED).await?;
    session.cycle_id().await?;
    session
        .insert(
            DONE,
            Done {
                action: action.clone(),
                at: portal.now(),
                id: uuid::Builder::from_random_bytes(store::entropy::random(
                    portal.store().entropy(),
                ))
                .into_uuid(),
            },
        )
        .await?;
    let event = Event::SteppedUp {
        action: action.name().to_owned(),
    };
    sign_in::log(portal, &actor.stamp(), event).await
}

/// Whether a fresh factor stands for this very action.
pub async fn stands(portal: &Portal, session: &Session, action: &Action) -> Result<bool, Refusal> {
    let done: Option<Done> = session.get(DONE).await?;
    Ok(done.is_some_and(|done| {
        done.action == *action && portal.now() - done.at < FRESH_FOR && portal.now() >= done.at
    }))
}

/// The action a fresh factor stands for now.
pub async fn confirmed(portal: &Portal, session: &Session) -> Result<Option<Action>, Refusal> {
    let done: Option<Done> = session.get(DONE).await?;
    Ok(done
        .filter(|done| portal.now() - done.at < FRESH_FOR && portal.now() >= done.at)
        .map(|done| done.action))
}

/// Takes the fresh factor for this very action: it serves once.
///
/// # Errors
/// [`Refusal::StepUpFirst`] when none stands.
pub async fn take(
    portal: &Portal,
    session: &Session,
    action: &Action,
) -> Result<SteppedUp, Refusal> {
    if !stands(portal, session, action).await? {
        return Err(Refusal::StepUpFirst);
    }
    let done: Option<Done> = session.remove(DONE).await?;
    let done = done.ok_or(Refusal::StepUpFirst)?;
    // Requests at the same moment each hold a copy of the session: the database lets one of them through.
    let store = portal.store();
    let key = store.attempt_key("step-up", &done.id.to_string());
    if !store.begin_attempt(&key, 1, |_| None).await? {
        return Err(Refusal::StepUpFirst);
    }
    // By then no session holds it any more.
    let forget = portal.now() + portal.options().total;
    store.forget_attempts_at(&key, Some(forget)).await?;
    Ok(SteppedUp {
        action: done.action,
        at: done.at,
    })
}
