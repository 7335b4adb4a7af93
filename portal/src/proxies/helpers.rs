//! Helpers of an adult (LAW D5): named, limited and ended by the patient. What a helper sees rests on a proxy-access
//! consent, signed like every other; the authority beside it says that they act for the patient at all.

use super::acting::until;
use super::name_of;
use crate::actor::Actor;
use crate::days::end_of;
use crate::history::{self, Line};
use crate::invitations::{self, Invitee};
use crate::sharing::preview::{self, Opens, View};
use crate::sharing::sign::{SignError, names_patient};
use crate::step_up::{self, Action};
use crate::{Portal, Refusal, session};
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::clock::Instant;
use domain::consent::{
    Consent, ConsentKind, Deficiency, Discloser, Document, Expiry, Grantor, Recipient, Scope,
    Signature, Standing, StandingConsent, Terms,
};
use domain::id::{AuthorityId, ConsentId, PatientId, PersonId};
use domain::label::{Label, LabelSet};
use domain::notice::Statement;
use domain::party::{Role, Span};
use domain::purpose::{Purpose, PurposeSet};
use domain::state::{Authority, AuthorityKind, AuthorityState, PolicyState};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{InvitationRecord, PersonRecord};
use tower_sessions::Session;
use uuid::Uuid;

/// The kind under which answers about a helper are kept.
const KIND: &str = "helper";
const CODE: &str = "helper-code";
/// The longest name, in characters.
pub const LONGEST_NAME: usize = 200;
/// How many things a helper did stand on their page.
pub const DID: usize = 50;

/// What was answered so far, on naming a helper or on changing what one may see.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// The helper who is there already.
    pub authority: Option<AuthorityId>,
    /// The name.
    pub name: String,
    /// The birth date, which the code takes besides.
    pub birth: Option<NaiveDate>,
    /// Segments.
    pub include: LabelSet,
    /// Whether records of a substance use treatment program are included; `None`: not answered.
    pub part2: Option<bool>,
    /// The last day.
    pub ends: Option<NaiveDate>,
}

impl core::fmt::Debug for Draft {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Draft")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Draft {
    /// Whether everything is answered.
    pub fn is_complete(&self) -> bool {
        !self.name.is_empty()
            && (self.authority.is_some() || self.birth.is_some())
            && self.part2.is_some()
            && !self.include.is_empty()
            && self.ends.is_some()
    }

    /// The person whom this names: the same for the same answers, however often they are sent.
    fn person(&self) -> PersonId {
        PersonId::derived("helper", &self.id.to_string())
    }

    /// The terms that would be signed at that instant.
    fn terms(&self, patient: PatientId, person: PersonId, now: Instant, zone: Tz) -> Terms {
        let purposes = PurposeSet::of([Purpose::Family]);
        let mut include = self.include;
        if self.part2 == Some(true) {
            include = include.with(Label::Part2);
        }
        Terms {
            kind: ConsentKind::Proxy,
            patient,
            grantor: Grantor::Patient,
            from: Discloser::AnyProvider,
            to: vec![Recipient::Person(person)],
            purposes,
            patient_started: true,
            what: Scope::labels(include),
            start: now,
            expiry: self.ends.map(|day| Expiry::At(end_of(day, zone))),
            statements: Statement::required_for(ConsentKind::Proxy, purposes).collect(),
        }
    }

    /// A digest over everything answered: what the step-up confirms is what is signed.
    pub fn digest(&self) -> [u8; 32] {
        let bytes = serde_json::to_vec(self).unwrap_or_default();
        let mut digest = Sha256::new();
        digest.update(b"confide helper 1\0");
        digest.update(&bytes);
        digest.finalize().into()
    }

    /// The digest in letters: what the page shows is what is signed, so its form carries it.
    pub fn seen(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.digest())
    }

    /// What a signature of this asks to confirm.
    pub fn action(&self) -> Action {
        Action::NameHelper {
            authority: self.authority,
            digest: self.digest(),
        }
    }
}

/// Somebody who acts for the patient.
#[derive(Clone, Debug)]
pub struct Helper {
    /// By which authority.
    pub authority: Authority,
    /// The name.
    pub name: String,
    /// First instant at which the authority ends by itself, where it is known.
    pub until: Option<Instant>,
    /// The consent in force that says what a chosen helper may see.
    pub consent: Option<StandingConsent>,
    /// Whether they have not taken up the invitation yet.
    pub invited: bool,
}

impl Helper {
    /// Whether the patient chose them, and so ends it.
    pub fn is_chosen(&self) -> bool {
        self.authority.kind == AuthorityKind::ChosenByAdult
    }
}

/// A code to hand over, shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCode {
    /// The helper's name.
    pub name: String,
    /// The code, as it is written down.
    pub code: String,
    /// The first instant at which it opens nothing any more.
    pub expires: Instant,
}

impl core::fmt::Debug for NewCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("NewCode([redacted])")
    }
}

/// The patient's own record: only the patient names helpers.
async fn own(portal: &Portal, actor: &Actor) -> Result<PolicyState, Refusal> {
    let patient = match actor.role() {
        Role::Patient => actor.patient().ok_or(Refusal::NotAvailable)?,
        _ => return Err(Refusal::NotAvailable),
    };
    let state = portal.store().policy_state(patient).await?;
    state.ok_or(Refusal::NotAvailable)
}

/// The same, of an adult: a minor names no helper (LAW D5).
async fn adult(portal: &Portal, actor: &Actor) -> Result<PolicyState, Refusal> {
    let state = own(portal, actor).await?;
    if state.is_minor(portal.now()) {
        return Err(Refusal::NotAvailable);
    }
    Ok(state)
}

/// Whether this person may name helpers.
pub async fn may_name(portal: &Portal, actor: &Actor) -> Result<bool, Refusal> {
    match adult(portal, actor).await {
        Ok(_) => Ok(true),
        Err(Refusal::NotAvailable) => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

/// Everybody who may act for the patient now.
pub async fn list(portal: &Portal, actor: &Actor) -> Result<Vec<Helper>, Refusal> {
    let state = own(portal, actor).await?;
    let open = portal.store().invitations().await?;
    let mut helpers = Vec::new();
    for authority in &state.authorities {
        if authority.in_force(portal.now()) {
            helpers.push(helper(portal, &state, authority, &open).await?);
        }
    }
    helpers.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(helpers)
}

async fn helper(
    portal: &Portal,
    state: &PolicyState,
    authority: &Authority,
    open: &[InvitationRecord],
) -> Result<Helper, Refusal> {
    let consent = access(state, authority.person)
        .filter(|standing| standing.standing(portal.now()) == Standing::Active)
        .max_by_key(|standing| standing.consent.version)
        .cloned();
    Ok(Helper {
        name: name_of(portal, authority).await?,
        until: until(authority),
        consent,
        invited: open.iter().any(|one| one.person == authority.person),
        authority: authority.clone(),
    })
}

/// The proxy-access consents that name a person.
fn access(state: &PolicyState, person: PersonId) -> impl Iterator<Item = &StandingConsent> {
    state.consents.iter().filter(move |standing| {
        let terms = &standing.consent.terms;
        terms.kind == ConsentKind::Proxy && terms.to.contains(&Recipient::Person(person))
    })
}

/// One of them, with what they did for the patient.
pub struct Shown {
    /// The helper.
    pub helper: Helper,
    /// What they did, the newest first.
    pub did: Vec<Line>,
    /// When the page was true.
    pub as_of: Instant,
}

impl core::fmt::Debug for Shown {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Shown([redacted])")
    }
}

/// One of those who act for the patient.
///
/// # Errors
/// [`Refusal::NotAvailable`] when it is none, or it has ended.
pub async fn one(portal: &Portal, actor: &Actor, id: AuthorityId) -> Result<Shown, Refusal> {
    let all = list(portal, actor).await?;
    let helper = all
        .into_iter()
        .find(|helper| helper.authority.id == id)
        .ok_or(Refusal::NotAvailable)?;
    Ok(Shown {
        did: history::of_person(portal, actor, helper.authority.person, DID).await?,
        helper,
        as_of: portal.now(),
    })
}

/// What was answered on naming a helper, or an empty draft.
pub async fn draft(portal: &Portal, actor: &Actor) -> Result<Draft, Refusal> {
    adult(portal, actor).await?;
    Ok(match kept(portal, actor).await? {
        Some(draft) => draft,
        None => Draft {
            id: uuid::Builder::from_random_bytes(store::entropy::random(portal.store().entropy()))
                .into_uuid(),
            authority: None,
            name: String::new(),
            birth: None,
            include: LabelSet::EMPTY,
            part2: None,
            ends: None,
        },
    })
}

async fn kept(portal: &Portal, actor: &Actor) -> Result<Option<Draft>, Refusal> {
    let store = portal.store();
    let drafts = store.list_drafts(actor.account()).await?;
    match drafts.iter().find(|entry| entry.kind == KIND) {
        None => Ok(None),
        Some(entry) => Ok(store.load_draft(actor.account(), entry.id, KIND).await?),
    }
}

/// Begins to change what a chosen helper may see, from what they may see now.
pub async fn change(portal: &Portal, actor: &Actor, id: AuthorityId) -> Result<Draft, Refusal> {
    let known = draft(portal, actor).await?;
    if known.authority == Some(id) {
        return Ok(known);
    }
    let helper = one(portal, actor, id).await?.helper;
    if !helper.is_chosen() {
        return Err(Refusal::NotAvailable);
    }
    let what = helper
        .consent
        .as_ref()
        .map(|standing| &standing.consent.terms.what);
    let granted = what.map(Scope::granted).unwrap_or_default();
    Ok(Draft {
        id: uuid::Builder::from_random_bytes(store::entropy::random(portal.store().entropy()))
            .into_uuid(),
        authority: Some(id),
        name: helper.name,
        birth: None,
        include: granted.segments(),
        part2: what.map(|_| granted.has(Label::Part2)),
        ends: None,
    })
}

/// Keeps the answers, in place of any other of this account.
pub async fn keep(portal: &Portal, actor: &Actor, draft: &Draft) -> Result<(), Refusal> {
    adult(portal, actor).await?;
    let store = portal.store();
    if let Some(before) = kept(portal, actor).await?
        && before.id != draft.id
    {
        store.delete_draft(actor.account(), before.id).await?;
    }
    Ok(store
        .save_draft(actor.account(), draft.id, KIND, draft)
        .await?)
}

/// What is about to be signed.
pub struct Signing {
    /// The answers.
    pub draft: Draft,
    /// The terms.
    pub terms: Terms,
    /// What of the record they open, by the real decision.
    pub opens: Option<Opens>,
    /// Whether the fresh factor for exactly this stands.
    pub confirmed: bool,
}

impl core::fmt::Debug for Signing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Signing([redacted])")
    }
}

/// The page before the signature; `None`: something is not answered.
pub async fn signing(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
) -> Result<Option<Signing>, Refusal> {
    let draft = draft(portal, actor).await?;
    if !draft.is_complete() {
        return Ok(None);
    }
    let (known, terms) = agreed(portal, actor, &draft).await?;
    let replaces = known
        .and_then(|helper| helper.consent)
        .map(|standing| standing.consent.id);
    Ok(Some(Signing {
        opens: preview::of_terms(
            portal,
            actor,
            terms.clone(),
            replaces,
            View::default(),
            false,
        )
        .await?,
        confirmed: step_up::stands(portal, session, &draft.action()).await?,
        draft,
        terms,
    }))
}

/// Who is named, and to what.
async fn agreed(
    portal: &Portal,
    actor: &Actor,
    draft: &Draft,
) -> Result<(Option<Helper>, Terms), Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let known = match draft.authority {
        None => None,
        Some(id) => Some(one(portal, actor, id).await?.helper),
    };
    let person = known
        .as_ref()
        .map_or_else(|| draft.person(), |helper| helper.authority.person);
    let zone = portal.options().time_zone;
    let terms = draft.terms(patient, person, portal.now(), zone);
    Ok((known, terms))
}

/// Signs the answers: what a helper may see changes at once; somebody new gets a code to be handed over, which
/// [`take_code`] has, once. Tells whether there is one. `words` puts the signed consent into the words that were read.
///
/// # Errors
/// [`SignError::Deficient`] names what is missing; [`SignError::Nameless`] when there is no name of the patient;
/// [`Refusal::StepUpFirst`] when no fresh factor stands for exactly this.
pub async fn sign(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    typed_name: &str,
    words: impl FnOnce(&Consent) -> Document,
) -> Result<bool, SignError> {
    let state = adult(portal, actor).await?;
    let draft = draft(portal, actor).await?;
    if !draft.is_complete() {
        return Err(Refusal::BadRequest.into());
    }
    if !names_patient(actor) {
        return Err(SignError::Nameless);
    }
    let (known, terms) = agreed(portal, actor, &draft).await?;
    let mut missing = terms.deficiencies();
    if typed_name.trim().is_empty() {
        missing.push(Deficiency::Signature);
    }
    if !missing.is_empty() {
        return Err(SignError::Deficient(missing));
    }
    let stepped_up = step_up::take(portal, session, &draft.action()).await?;
    let store = portal.store();
    let stamp = actor.stamp();
    let now = portal.now();
    let patient = state.patient;
    if known.is_none() {
        // A name and no more: nobody can act as them before the invitation is taken up.
        let record = PersonRecord::named(draft.person(), draft.name.trim());
        store.put_person(&stamp, record).await?;
    }
    let digest = data_encoding::HEXLOWER.encode(&draft.digest());
    let id = ConsentId::derived("helper", &format!("{}/{digest}", draft.id));
    let before = known.as_ref().and_then(|helper| helper.consent.as_ref());
    let previous = before.map(|standing| (standing.consent.id, standing.consent.version));
    let signature = Signature {
        typed_name: typed_name.trim().to_owned(),
        account: actor.account(),
        stepped_up_at: stepped_up.at(),
        signed_at: now,
    };
    let consent = Consent::sign(id, previous, terms, signature).map_err(SignError::Deficient)?;
    let document = words(&consent);
    store.sign_consent(&stamp, consent, document).await?;
    let new = known.is_none();
    if new {
        let person = draft.person();
        let authority = Authority {
            id: AuthorityId::derived("helper", &draft.id.to_string()),
            person,
            kind: AuthorityKind::ChosenByAdult,
            state: AuthorityState::Verified { at: now },
            span: Span {
                from: now,
                until: None,
            },
        };
        store.add_authority(&stamp, patient, authority).await?;
        invite(portal, session, actor, person, &draft.name, draft.birth).await?;
    }
    store.delete_draft(actor.account(), draft.id).await?;
    Ok(new)
}

async fn invite(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    person: PersonId,
    name: &str,
    birth: Option<NaiveDate>,
) -> Result<(), Refusal> {
    let invitee = Invitee {
        person,
        roles: vec![Role::Proxy],
        birth,
    };
    let issued = invitations::invite(portal, &actor.stamp(), invitee).await?;
    let issued = issued.map_err(|_| Refusal::NotAvailable)?;
    let code = NewCode {
        name: name.to_owned(),
        code: issued.code.written(),
        expires: issued.expires,
    };
    Ok(session.insert(CODE, code).await?)
}

/// Makes another code for a helper who has not joined; the one before opens nothing any more.
pub async fn new_code(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: AuthorityId,
) -> Result<(), Refusal> {
    adult(portal, actor).await?;
    let helper = one(portal, actor, id).await?.helper;
    let person = helper.authority.person;
    let open = portal.store().invitations().await?;
    let open = open.iter().find(|open| open.person == person);
    let birth = open.ok_or(Refusal::NotAvailable)?.birth;
    invite(portal, session, actor, person, &helper.name, birth).await
}

/// Takes the code that was made last: it is shown once.
pub async fn take_code(session: &Session, actor: &Actor) -> Result<Option<NewCode>, Refusal> {
    if actor.role() != Role::Patient {
        return Err(Refusal::NotAvailable);
    }
    session::take(session, CODE).await
}

/// Ends that somebody acts for the patient, and what they may see: works before the next look (POLICY §6). Takes a fresh
/// factor for this very helper.
///
/// # Errors
/// [`Refusal::NotAvailable`] when it is not one whom the patient chose.
pub async fn end(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: AuthorityId,
) -> Result<(), Refusal> {
    let state = own(portal, actor).await?;
    let helper = one(portal, actor, id).await?.helper;
    if !helper.is_chosen() {
        return Err(Refusal::NotAvailable);
    }
    step_up::take(portal, session, &Action::EndHelper(id)).await?;
    let store = portal.store();
    let stamp = actor.stamp();
    store.end_acting(&stamp, state.patient, id).await?;
    for open in store.invitations().await? {
        if open.person == helper.authority.person {
            store.withdraw_invitation(&stamp, open.id).await?;
        }
    }
    Ok(())
}
