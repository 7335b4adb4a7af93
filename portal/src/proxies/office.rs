//! The office's side: who asks to act for a patient, what they sent to prove it, and the decision (LAW D4, D5).
//!
//! A privacy officer sees the applications about records of their own organizations, and those about nobody who has a
//! record here; each look at a document is written down before it is shown.

use super::document::Kind;
use crate::actor::Actor;
use crate::days::end_of;
use crate::emergency::told;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal, label_review, letters};
use chrono::NaiveDate;
use domain::clock::Instant;
use domain::duty::Duty;
use domain::id::{ApplicationId, AuthorityId, DocumentId, OrganizationId};
use domain::label::LabelSet;
use domain::party::{Role, Span};
use domain::state::{Authority, AuthorityKind, AuthorityState, PolicyState};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ops::RangeInclusive;
use store::{Application, ApplicationKind, ApplicationState, WhyRefused};
use tower_sessions::Session;
use zeroize::Zeroizing;

const KEPT: &str = "application-decision";
/// How many letters the reason of a refusal takes.
pub const REASON: RangeInclusive<usize> = 10..=1_000;

/// The officer's organizations.
fn officer(portal: &Portal, actor: &Actor) -> Result<Vec<OrganizationId>, Refusal> {
    actor.must(Duty::VerifyProxies)?;
    label_review::reviews_for(actor, portal.now())
}

/// Whether an application is this officer's to decide on.
async fn concerns(
    portal: &Portal,
    organizations: &[OrganizationId],
    application: &Application,
) -> Result<bool, Refusal> {
    let Some(patient) = application.patient else {
        return Ok(true);
    };
    let items = portal.store().items(patient).await?;
    let sources = items.iter().flat_map(|item| &item.sources);
    // A record without any source is looked after by nobody in particular.
    let mut any = false;
    for source in sources {
        any = true;
        if organizations.contains(source) {
            return Ok(true);
        }
    }
    Ok(!any)
}

/// A line of the queue.
pub struct Line {
    /// Which.
    pub id: ApplicationId,
    /// Who asks.
    pub applicant: String,
    /// By what right.
    pub kind: ApplicationKind,
    /// When it came.
    pub made: Instant,
    /// Where it stands.
    pub state: ApplicationState,
}

impl core::fmt::Debug for Line {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Line([redacted])")
    }
}

/// The applications that concern this officer, the newest first: those that wait, and the others.
pub async fn queue(portal: &Portal, actor: &Actor) -> Result<(Vec<Line>, Vec<Line>), Refusal> {
    let organizations = officer(portal, actor)?;
    let mut lines = Vec::new();
    for application in portal.store().applications().await? {
        if !concerns(portal, &organizations, &application).await? {
            continue;
        }
        lines.push(Line {
            id: application.id,
            applicant: applicant(portal, &application).await?,
            kind: application.kind,
            made: application.made,
            state: application.state,
        });
    }
    Ok(lines
        .into_iter()
        .partition(|line| line.state == ApplicationState::Waiting))
}

async fn applicant(portal: &Portal, application: &Application) -> Result<String, Refusal> {
    let person = portal.store().person(application.person).await?;
    Ok(person.map(|person| person.name).unwrap_or_default())
}

/// An application on the desk.
pub struct Case {
    /// The application.
    pub application: Application,
    /// Who asks, by name.
    pub applicant: String,
    /// Whether this officer asks themselves: somebody else decides then.
    pub own: bool,
    /// The authority that it became, while that is in force.
    pub acts: Option<Authority>,
    /// The decision that was confirmed by a fresh factor and not carried out yet.
    pub confirmed: Option<Verdict>,
    /// When the page was true.
    pub as_of: Instant,
}

impl core::fmt::Debug for Case {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Case([redacted])")
    }
}

async fn application(
    portal: &Portal,
    actor: &Actor,
    id: ApplicationId,
) -> Result<Application, Refusal> {
    let organizations = officer(portal, actor)?;
    let found = portal.store().application(id).await?;
    let application = found.ok_or(Refusal::NotAvailable)?;
    if concerns(portal, &organizations, &application).await? {
        Ok(application)
    } else {
        Err(Refusal::NotAvailable)
    }
}

async fn state_of(portal: &Portal, application: &Application) -> Result<PolicyState, Refusal> {
    let patient = application.patient.ok_or(Refusal::NotAvailable)?;
    let state = portal.store().policy_state(patient).await?;
    state.ok_or(Refusal::NotAvailable)
}

/// One application.
pub async fn open(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: ApplicationId,
) -> Result<Case, Refusal> {
    let application = application(portal, actor, id).await?;
    let now = portal.now();
    let acts = match &application.state {
        ApplicationState::Verified { authority, .. } => {
            let state = state_of(portal, &application).await?;
            let mut all = state.authorities.into_iter();
            all.find(|one| one.id == *authority && one.in_force(now))
        }
        _ => None,
    };
    let kept = session.get::<Decision>(KEPT).await?;
    let confirmed = match kept.filter(|kept| kept.application == id) {
        Some(kept) if step_up::stands(portal, session, &kept.action()).await? => Some(kept.verdict),
        _ => None,
    };
    Ok(Case {
        applicant: applicant(portal, &application).await?,
        own: application.person == actor.person(),
        acts,
        confirmed,
        as_of: now,
        application,
    })
}

/// A document, to be kept as a file.
pub struct File {
    /// What it is.
    pub kind: Kind,
    /// Its content.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for File {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("File([redacted])")
    }
}

/// A document of an application; its entry stands in the ledger before.
pub async fn document(
    portal: &Portal,
    actor: &Actor,
    id: ApplicationId,
    document: DocumentId,
) -> Result<File, Refusal> {
    let application = application(portal, actor, id).await?;
    let record = application.documents.iter().find(|one| one.id == document);
    let kind = record.and_then(|record| Kind::of_media_type(&record.media_type));
    let kind = kind.ok_or(Refusal::NotAvailable)?;
    let bytes = portal
        .store()
        .open_document(&actor.stamp(), &application, document)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    Ok(File { kind, bytes })
}

/// What is decided.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It is proven.
    Verify {
        /// What a guardian's order covers.
        scope: LabelSet,
        /// The last day, if there is one.
        until: Option<NaiveDate>,
    },
    /// It is refused.
    Refuse {
        /// Why.
        why: WhyRefused,
        /// Why, in words; never told to whoever asked.
        words: String,
    },
}

/// A decision on an application, with everything that is confirmed by a fresh factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// On which.
    pub application: ApplicationId,
    /// What.
    pub verdict: Verdict,
}

macro_rules! redacted {
    ($($name:ident),*) => {$(
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    )*};
}

redacted!(Verdict, Decision);

impl Decision {
    /// What a fresh factor has to be given for: exactly this.
    pub fn action(&self) -> Action {
        let written = serde_json::to_vec(self).unwrap_or_default();
        let mut digest = Sha256::new();
        digest.update(b"confide application 1\0");
        digest.update(&written);
        Action::DecideApplication {
            application: self.application,
            digest: digest.finalize().into(),
        }
    }

    /// Keeps it while the factor is given; the session is sealed.
    pub async fn keep(&self, session: &Session) -> Result<(), Refusal> {
        Ok(session.insert(KEPT, self).await?)
    }
}

/// Why a decision can't be carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cant {
    /// The officer asks themselves.
    Own,
    /// It is decided.
    Settled,
    /// No record is of that name and birth date, or more than one.
    NoRecord,
    /// The patient is of age: a parent acts for a minor (LAW D6).
    OfAge,
    /// A guardian's order covers something, and an end lies ahead.
    Scope,
    /// The reason is too short or too long.
    Reason,
}

/// Carries a decision out: verified, the authority is in force at once. Takes a fresh factor for exactly this.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor.
pub async fn decide(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    decision: &Decision,
) -> Result<Result<(), Cant>, Refusal> {
    let application = application(portal, actor, decision.application).await?;
    if application.person == actor.person() {
        return Ok(Err(Cant::Own));
    }
    if application.state != ApplicationState::Waiting {
        return Ok(Err(Cant::Settled));
    }
    let now = portal.now();
    let by = actor.person();
    let (state, authority) = match &decision.verdict {
        Verdict::Refuse { why, words } => {
            let words = words.trim();
            if !REASON.contains(&words.chars().count()) {
                return Ok(Err(Cant::Reason));
            }
            let state = ApplicationState::Refused {
                at: now,
                by,
                why: *why,
                words: words.to_owned(),
            };
            (state, None)
        }
        Verdict::Verify { scope, until } => {
            let made = authority(portal, &application, *scope, *until).await?;
            let made = match made {
                Ok(made) => made,
                Err(cant) => return Ok(Err(cant)),
            };
            let state = ApplicationState::Verified {
                at: now,
                by,
                authority: made.id,
            };
            (state, Some(made))
        }
    };
    step_up::take(portal, session, &decision.action()).await?;
    let store = portal.store();
    let stamp = actor.stamp();
    let verified = authority.is_some();
    if verified {
        // A role and no more: what it opens rests on the authority.
        store
            .change_account(&stamp, application.account, |account| {
                (!account.roles.contains(&Role::Proxy)).then(|| account.roles.push(Role::Proxy))
            })
            .await?;
    }
    match store
        .decide_application(&stamp, application.id, state, authority)
        .await
    {
        Ok(_) => {}
        Err(store::Error::AlreadyEnded) => return Ok(Err(Cant::Settled)),
        Err(error) => return Err(error.into()),
    }
    session.remove::<Decision>(KEPT).await?;
    letters::post(store, application.account, letters::Kind::ToRead).await?;
    if let Some(patient) = application.patient.filter(|_| verified) {
        told::by_letter(portal, patient).await;
    }
    Ok(Ok(()))
}

/// The authority that an application becomes.
async fn authority(
    portal: &Portal,
    application: &Application,
    scope: LabelSet,
    until: Option<NaiveDate>,
) -> Result<Result<Authority, Cant>, Refusal> {
    if application.patient.is_none() {
        return Ok(Err(Cant::NoRecord));
    }
    let now = portal.now();
    let state = state_of(portal, application).await?;
    let until = until.map(|day| end_of(day, portal.options().time_zone));
    if until.is_some_and(|until| until <= now) {
        return Ok(Err(Cant::Scope));
    }
    let kind = match application.kind {
        ApplicationKind::Parent => match state.majority.filter(|majority| now < *majority) {
            Some(majority) => AuthorityKind::ParentOfMinor { majority },
            None => return Ok(Err(Cant::OfAge)),
        },
        ApplicationKind::Guardian if scope.segments().is_empty() => return Ok(Err(Cant::Scope)),
        ApplicationKind::Guardian => AuthorityKind::Guardian { scope },
        ApplicationKind::AfterDeath(survivor) => AuthorityKind::AfterDeath(survivor),
    };
    let claimed = AuthorityState::Claimed.verify(now);
    Ok(Ok(Authority {
        id: AuthorityId::from_random(store::entropy::random(portal.store().entropy())),
        person: application.person,
        kind,
        // A claim that nobody looked at can always be verified.
        state: claimed.unwrap_or(AuthorityState::Claimed),
        span: Span { from: now, until },
    }))
}

/// Ends what the office verified: works before the next look. Takes a fresh factor for this very application.
pub async fn end(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: ApplicationId,
) -> Result<(), Refusal> {
    let case = open(portal, session, actor, id).await?;
    let (Some(authority), Some(patient)) = (case.acts, case.application.patient) else {
        return Err(Refusal::NotAvailable);
    };
    if case.own {
        return Err(Refusal::NotAvailable);
    }
    step_up::take(portal, session, &Action::EndAuthority(id)).await?;
    let store = portal.store();
    store
        .end_acting(&actor.stamp(), patient, authority.id)
        .await?;
    letters::post(store, case.application.account, letters::Kind::ToRead).await?;
    told::by_letter(portal, patient).await;
    Ok(())
}
