//! A minor's consents: whose hands they need (LAW D1, D2; 42 CFR 2.14), by the table of the States.
//!
//! A minor's own signature opens what they consented to alone, and nothing else (`domain::decide::signers`). For the rest
//! a parent or guardian signs beside them: the consent waits apart until then, and nothing can rest on it.

use crate::actor::Actor;
use crate::directory::{self, Name, RecipientName};
use crate::sharing::draft::{Draft, Signers};
use crate::sharing::sign::{SignError, names_patient};
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use chrono::NaiveDate;
use domain::consent::{Consent, Countersignature, Deficiency, Document, Signature, Terms};
use domain::id::ConsentId;
use domain::label::{Label, LabelSet};
use domain::minors::{self, Needs};
use domain::party::Role;
use domain::state::{Authority, AuthorityKind};
use tower_sessions::Session;

/// The minor's birth date, when a patient who is a minor signs for themselves; `None`: nobody else has to sign.
pub async fn minor(portal: &Portal, actor: &Actor) -> Result<Option<NaiveDate>, Refusal> {
    let (Role::Patient, Some(patient)) = (actor.role(), actor.patient()) else {
        return Ok(None);
    };
    let store = portal.store();
    let state = store.policy_state(patient).await?;
    if !state.is_some_and(|state| state.is_minor(portal.now())) {
        return Ok(None);
    }
    Ok(store.birth_date(patient).await?)
}

/// Whose hands substance-use care needs, for this minor, today, under that State's law.
pub fn needs(portal: &Portal, state: &str, birth: NaiveDate) -> Needs {
    let today = portal
        .now()
        .with_timezone(&portal.options().time_zone)
        .date_naive();
    match minors::needs(state, birth, today) {
        // The day has begun here and not yet everywhere: until then a minor's rules keep more closed.
        Needs::Adult => Needs::Both,
        other => other,
    }
}

/// Whether terms are about substance-use care, which is what the table is about.
fn is_about_substance_use(terms: &Terms) -> bool {
    let of = LabelSet::SUBSTANCE_USE.with(Label::Part2);
    terms.what.granted().overlaps(of) || !terms.what.items_included.is_empty()
}

/// Whether these answers on who signs may stand for these terms: where the State's law wants both hands for substance-use
/// care, a minor's alone doesn't do (LAW D2).
pub fn may_stand(portal: &Portal, signers: &Signers, birth: NaiveDate, terms: &Terms) -> bool {
    signers.parent
        || needs(portal, &signers.state, birth) != Needs::Both
        || !is_about_substance_use(terms)
}

/// Whether a second signature is to come.
///
/// # Errors
/// [`Refusal::BadRequest`] when a minor has not answered who signs, or answered what may not stand.
pub(crate) async fn second_signature(
    portal: &Portal,
    actor: &Actor,
    draft: &Draft,
    terms: &Terms,
) -> Result<bool, Refusal> {
    let Some(birth) = minor(portal, actor).await? else {
        return Ok(false);
    };
    match &draft.signers {
        Some(signers) if may_stand(portal, signers, birth, terms) => Ok(signers.parent),
        _ => Err(Refusal::BadRequest),
    }
}

/// A consent that waits for a second signature.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What was signed.
    pub consent: Consent,
    /// To whom, in words.
    pub to: Vec<RecipientName>,
    /// Whose records, by name; empty: those of every provider.
    pub from: Vec<Name>,
    /// Whether the actor is the one to sign; else it is theirs, and waits for somebody.
    pub to_sign: bool,
}

/// The authority by which the actor signs beside a minor.
fn signs_by(actor: &Actor) -> Option<&Authority> {
    let signs = |kind: &AuthorityKind| matches!(kind, AuthorityKind::ParentOfMinor { .. });
    actor.acts_by.iter().find(|one| {
        signs(&one.kind) || (matches!(one.kind, AuthorityKind::Guardian { .. }) && one.is_whole())
    })
}

/// By what right the actor signs beside a minor; `None`: they don't.
pub fn signs_as(actor: &Actor) -> Option<&AuthorityKind> {
    signs_by(actor).map(|one| &one.kind)
}

/// What waits: for the minor who signed first, and for a parent or guardian who signs beside them.
pub async fn waiting(portal: &Portal, actor: &Actor) -> Result<Vec<Waiting>, Refusal> {
    let Some(patient) = actor.patient() else {
        return Ok(Vec::new());
    };
    let to_sign = signs_by(actor).is_some();
    if actor.role() != Role::Patient && !to_sign {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for consent in portal.store().awaiting(patient).await? {
        found.push(Waiting {
            to: directory::recipients(portal, &consent.terms.to).await?,
            from: directory::disclosers(portal, &consent.terms.from).await?,
            consent,
            to_sign,
        });
    }
    Ok(found)
}

/// One that waits.
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is none of that id for this actor.
pub async fn one(portal: &Portal, actor: &Actor, id: ConsentId) -> Result<Waiting, Refusal> {
    let all = waiting(portal, actor).await?;
    all.into_iter()
        .find(|one| one.consent.id == id)
        .ok_or(Refusal::NotAvailable)
}

/// Signs beside the minor: it is in force at once. `words` puts it into the words that were read, with both names.
///
/// # Errors
/// [`SignError::Deficient`] when no name was typed; [`SignError::Nameless`] when there is no name of the patient;
/// [`Refusal::StepUpFirst`] without the fresh factor for this consent.
pub async fn sign(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: ConsentId,
    typed_name: &str,
    words: impl FnOnce(&Consent, &Waiting) -> Document,
) -> Result<(), SignError> {
    let waiting = one(portal, actor, id).await?;
    let authority = signs_by(actor).ok_or(Refusal::NotAvailable)?.id;
    if !names_patient(actor) {
        return Err(SignError::Nameless);
    }
    if typed_name.trim().is_empty() {
        return Err(SignError::Deficient(vec![Deficiency::Signature]));
    }
    let stepped_up = step_up::take(portal, session, &Action::Countersign(id)).await?;
    let other = Countersignature {
        person: actor.person(),
        authority,
        signature: Signature {
            typed_name: typed_name.trim().to_owned(),
            account: actor.account(),
            stepped_up_at: stepped_up.at(),
            signed_at: portal.now(),
        },
    };
    let consent = waiting.consent.clone().countersign(other);
    let consent = consent.map_err(|missing| SignError::Deficient(vec![missing]))?;
    let document = words(&consent, &waiting);
    let store = portal.store();
    match store.sign_consent(&actor.stamp(), consent, document).await {
        Ok(_) => Ok(()),
        // Taken back in the meantime, or pressed twice.
        Err(store::Error::NotFound(_)) => Err(Refusal::NotAvailable.into()),
        Err(error) => Err(error.into()),
    }
}

/// Takes it back, or declines to sign: nothing was shared by it, and nothing is.
pub async fn withdraw(portal: &Portal, actor: &Actor, id: ConsentId) -> Result<(), Refusal> {
    one(portal, actor, id).await?;
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let store = portal.store();
    store.withdraw_awaiting(&actor.stamp(), patient, id).await?;
    Ok(())
}
