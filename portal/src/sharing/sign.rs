//! Signing a draft, with step-up over exactly what is signed (LAW A1).

use super::draft::{self, Draft, can_be_replaced};
use crate::actor::Actor;
use crate::proxies::countersign;
use crate::sharing::single;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use domain::consent::{Consent, Deficiency, Document, Signature, Standing, Terms};
use domain::decide::hand_covers;
use domain::id::{ConsentId, PatientId};
use domain::party::Role;
use tower_sessions::Session;

/// Why a signature was not taken.
#[derive(Debug)]
pub enum SignError {
    /// Something required is missing.
    Deficient(Vec<Deficiency>),
    /// The directory has no name of the patient, and what is signed has to name them (42 CFR 2.31(a)(1)).
    Nameless,
    /// Anything else.
    Refused(Refusal),
}

impl<E: Into<Refusal>> From<E> for SignError {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

/// Whether there is a name of the patient to put into the document: without one nothing is signed.
pub fn names_patient(actor: &Actor) -> bool {
    actor
        .patient_name()
        .is_some_and(|name| !name.trim().is_empty())
}

/// The action that a signature of this draft asks to confirm.
pub fn action(draft: &Draft) -> Action {
    Action::Sign {
        draft: draft.id,
        digest: draft.digest(),
    }
}

/// Whether more is asked for than whoever signs for the patient may sign for (LAW D1, D2, D4).
pub async fn beyond(
    portal: &Portal,
    actor: &Actor,
    terms: &Terms,
) -> Result<Option<Deficiency>, Refusal> {
    if actor.role() != Role::Proxy {
        return Ok(None);
    }
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let state = portal.store().policy_state(patient).await?;
    let state = state.ok_or(Refusal::NotAvailable)?;
    let mut terms = terms.clone();
    terms.grantor = actor.grantor();
    let covers = hand_covers(&terms, &state, portal.now())
        && single::all_visible(portal, actor, &terms.what).await?;
    Ok((!covers).then_some(Deficiency::Authority))
}

/// Signs the current draft: one transaction, in force at once; where a minor wants a parent's or guardian's signature
/// beside their own, once that is there (LAW D2). `words` puts the signed consent into the words that the signer read; they
/// are kept with it, under the server's signature.
///
/// # Errors
/// [`SignError::Deficient`] names what is missing; [`SignError::Nameless`] when there is no name of the patient;
/// [`Refusal::StepUpFirst`] when no fresh factor stands for this draft as it is.
pub async fn sign(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    typed_name: &str,
    words: impl FnOnce(&Consent) -> Document,
) -> Result<ConsentId, SignError> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let draft = draft::current(portal, actor).await?;
    let now = portal.now();
    if !actor.may_sign() {
        return Err(Refusal::NotAvailable.into());
    }
    if !names_patient(actor) {
        return Err(SignError::Nameless);
    }
    let mut terms = draft.terms(patient, now, portal.options().time_zone);
    terms.grantor = actor.grantor();
    let second = countersign::second_signature(portal, actor, &draft, &terms).await?;
    let mut missing = terms.deficiencies();
    missing.extend(beyond(portal, actor, &terms).await?);
    if typed_name.trim().is_empty() {
        missing.push(Deficiency::Signature);
    }
    if !missing.is_empty() {
        return Err(SignError::Deficient(missing));
    }
    let stepped_up = step_up::take(portal, session, &action(&draft)).await?;
    let store = portal.store();
    // The same draft with the same answers is one consent, however often it is sent: of two, the patient would revoke
    // one and leave the other in force.
    let digest = data_encoding::HEXLOWER.encode(&draft.digest());
    let id = ConsentId::derived("draft", &format!("{}/{digest}", draft.id));
    let signature = Signature {
        typed_name: typed_name.trim().to_owned(),
        account: actor.account(),
        stepped_up_at: stepped_up.at(),
        signed_at: now,
    };
    // What has ended since the draft was begun has no place to stand in.
    let previous = match draft.replaces {
        Some(previous) => store.consent(patient, previous).await?,
        None => None,
    };
    let previous = previous
        .filter(|standing| can_be_replaced(standing.standing(now)))
        .map(|standing| (standing.consent.id, standing.consent.version));
    let consent = Consent::sign(id, previous, terms, signature).map_err(SignError::Deficient)?;
    let kept = if second {
        // It is put into words when both have signed.
        store.await_signature(&actor.stamp(), &consent).await
    } else {
        let document = words(&consent);
        let draft = (actor.account(), draft.id);
        let stamp = actor.stamp();
        store.sign_draft(&stamp, consent, document, draft).await
    };
    match kept {
        Ok(_) => {}
        // Pressed twice at once: it is signed.
        Err(store::Error::Exists) if second || stands(portal, patient, id).await? => {}
        Err(error) => return Err(error.into()),
    }
    if second {
        store.delete_draft(actor.account(), draft.id).await?;
    }
    Ok(id)
}

/// Whether that consent is in force: nobody is told that something is signed which was revoked since.
async fn stands(portal: &Portal, patient: PatientId, consent: ConsentId) -> Result<bool, Refusal> {
    let standing = portal.store().consent(patient, consent).await?;
    let now = portal.now();
    Ok(standing.is_some_and(|standing| standing.standing(now) == Standing::Active))
}
