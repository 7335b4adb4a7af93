//! The organization's side: a privacy officer reads what was asked of their organization, and answers.

use super::{Line, WORDS, line, refused};
use crate::actor::Actor;
use crate::directory::{self, Name};
use crate::emergency::told;
use crate::step_up::{self, Action as Confirmed};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::decide::Action;
use domain::duty::Duty;
use domain::id::{ItemId, OrganizationId, PatientId, RestrictionId};
use domain::item::ItemFacts;
use domain::label::{Label, LabelSet};
use domain::party::Role;
use domain::purpose::Purpose;
use domain::state::{RestrictionFault, Said};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Asked, Chain, Event, RestrictionError};
use tower_sessions::Session;

/// How many stand in the list.
const LINES: u64 = 500;
/// How often an end is tried anew when the record changes under it.
const AGAIN: usize = 8;
const KEPT: &str = "restriction-answer";

/// The list.
#[derive(Debug)]
pub struct Queue {
    /// What waits for an answer, the first to be late first.
    pub waiting: Vec<Line>,
    /// What was answered or is over, the newest first.
    pub answered: Vec<Line>,
    /// When the page was true.
    pub as_of: Instant,
}

/// One request, on the desk.
#[derive(Debug)]
pub struct Case {
    /// What was asked and said.
    pub line: Line,
    /// Who asked.
    pub patient: Option<Name>,
    /// What the officer can say now.
    pub open: Vec<Say>,
}

/// What an officer says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Say {
    /// Agreed.
    Agree,
    /// Not agreed; where the organization is free to.
    Refuse,
    /// Was it paid in full? Where it must agree, this is all it can ask.
    Question,
    /// What was agreed to ends for what comes later; where the organization is free to.
    End,
}

/// What an officer says of one request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Of which.
    pub restriction: RestrictionId,
    /// What.
    pub say: Say,
    /// In which words; the patient reads them.
    pub words: String,
}

impl core::fmt::Debug for Answer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Answer([redacted])")
    }
}

impl Answer {
    /// What a fresh factor has to be given for: exactly this.
    pub fn action(&self) -> Confirmed {
        let written = serde_json::to_vec(self).unwrap_or_default();
        let mut digest = Sha256::new();
        digest.update(b"confide restriction answer 1\0");
        digest.update(&written);
        Confirmed::AnswerRestriction {
            restriction: self.restriction,
            digest: digest.finalize().into(),
        }
    }

    /// Keeps it while the factor is given; the session is sealed.
    ///
    /// # Errors
    /// When the session can't be written.
    pub async fn keep(&self, session: &Session) -> Result<(), Refusal> {
        Ok(session.insert(KEPT, self).await?)
    }

    /// Whether there are enough words, and not too many. An agreement needs none.
    pub fn has_its_words(&self) -> bool {
        let count = self.words.trim().chars().count();
        WORDS.contains(&count) || (self.say == Say::Agree && count <= *WORDS.end())
    }
}

/// The answer that was kept and has been confirmed with a fresh factor.
///
/// # Errors
/// When the session can't be read.
pub async fn confirmed(
    portal: &Portal,
    session: &Session,
    id: RestrictionId,
) -> Result<Option<Answer>, Refusal> {
    let Some(kept) = session.get::<Answer>(KEPT).await? else {
        return Ok(None);
    };
    let here = kept.restriction == id && step_up::stands(portal, session, &kept.action()).await?;
    Ok(here.then_some(kept))
}

/// For whom this person answers: where they are privacy officer now.
fn answers_for(portal: &Portal, actor: &Actor) -> Result<Vec<OrganizationId>, Refusal> {
    actor.must(Duty::AnswerRestrictions)?;
    let now = portal.now();
    let organizations: Vec<OrganizationId> = actor
        .viewer()
        .memberships
        .iter()
        .filter(|one| one.role == Role::PrivacyOfficer && one.span.holds(now))
        .map(|one| one.organization)
        .collect();
    if organizations.is_empty() {
        return Err(Refusal::NotAvailable);
    }
    Ok(organizations)
}

/// What was asked of this officer's organizations.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever is no privacy officer now.
pub async fn queue(portal: &Portal, actor: &Actor) -> Result<Queue, Refusal> {
    let organizations = answers_for(portal, actor)?;
    let store = portal.store();
    let (mut waiting, mut answered) = (Vec::new(), Vec::new());
    for (patient, id) in store.restrictions_of(&organizations, LINES).await? {
        // A record that was shredded since leaves nothing to answer.
        let Some(asked) = store.restriction(patient, id).await? else {
            continue;
        };
        let waits = asked.1.waits();
        let line = line(portal, asked).await?;
        if waits {
            waiting.push(line);
        } else {
            answered.push(line);
        }
    }
    waiting.sort_by_key(|line| (line.request.asked, line.request.id));
    answered.sort_by_key(|line| core::cmp::Reverse((line.request.asked, line.request.id)));
    Ok(Queue {
        waiting,
        answered,
        as_of: portal.now(),
    })
}

/// Whose request it is, for an officer of the organization that was asked.
///
/// # Errors
/// [`Refusal::NotAvailable`], written down, for everybody else.
async fn taken(
    portal: &Portal,
    actor: &Actor,
    id: RestrictionId,
) -> Result<(PatientId, Asked), Refusal> {
    let organizations = answers_for(portal, actor)?;
    let store = portal.store();
    if let Some(patient) = store.patient_of_restriction(&organizations, id).await?
        && let Some(asked) = store.restriction(patient, id).await?
    {
        return Ok((patient, asked));
    }
    let event = Event::Denied {
        action: Action::Review,
        purpose: Some(Purpose::Operations),
        item: None,
    };
    store.append(&actor.stamp(), Chain::House, event).await?;
    Err(Refusal::NotAvailable)
}

/// What can be said of it at that instant.
fn open_to((restriction, request): &Asked, at: Instant) -> Vec<Say> {
    let mut open = Vec::new();
    if restriction.agree(at).is_ok() {
        open.push(Say::Agree);
    }
    if restriction.refuse(at).is_ok() {
        open.push(Say::Refuse);
    }
    if restriction.refuse(at) == Err(RestrictionFault::MustAgree) {
        open.push(Say::Question);
    }
    if restriction.end(at).is_ok() && request.end.is_none() {
        open.push(Say::End);
    }
    open
}

/// Opens one request. That it was read is written down first.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever it is not for.
pub async fn open(portal: &Portal, actor: &Actor, id: RestrictionId) -> Result<Case, Refusal> {
    let (patient, asked) = taken(portal, actor, id).await?;
    let event = Event::RestrictionLookedAt { restriction: id };
    portal
        .store()
        .append(&actor.stamp(), Chain::Patient(patient), event)
        .await?;
    let open = open_to(&asked, portal.now());
    // Who asked has said so to this very organization.
    let patient = directory::person(portal, asked.1.by).await?;
    Ok(Case {
        patient,
        open,
        line: line(portal, asked).await?,
    })
}

/// Records what an officer says, with a fresh factor for exactly this, and tells the patient that there is something to
/// read.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor.
pub async fn answer(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    answer: &Answer,
) -> Result<Result<(), RestrictionFault>, Refusal> {
    let id = answer.restriction;
    let (patient, asked) = taken(portal, actor, id).await?;
    if !answer.has_its_words() {
        return Err(Refusal::BadRequest);
    }
    // What can't be said asks for no factor.
    if !open_to(&asked, portal.now()).contains(&answer.say) {
        let must = asked.0.paid_in_full && matches!(answer.say, Say::Refuse | Say::End);
        return Ok(Err(if must {
            RestrictionFault::MustAgree
        } else {
            RestrictionFault::Moved
        }));
    }
    step_up::take(portal, session, &answer.action()).await?;
    let done = match answer.say {
        Say::End => limit(portal, actor, patient, answer).await,
        say => change(portal, actor, patient, answer, say).await,
    };
    match done {
        Ok(()) => {}
        Err(RestrictionError::Fault(fault)) => return Ok(Err(fault)),
        Err(error) => return Err(refused(error)),
    }
    session.remove::<Answer>(KEPT).await?;
    told::by_letter(portal, patient).await;
    Ok(Ok(()))
}

fn said(actor: &Actor, at: Instant, answer: &Answer) -> Said {
    Said {
        by: actor.person(),
        at,
        words: answer.words.trim().to_owned(),
    }
}

async fn change(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    answer: &Answer,
    say: Say,
) -> Result<(), RestrictionError> {
    let id = answer.restriction;
    let change = |(restriction, request): &mut Asked, at: Instant| {
        let said = said(actor, at, answer);
        Ok(match say {
            Say::Agree => {
                restriction.state = restriction.agree(at)?;
                request.answer = Some((true, said));
                Event::RestrictionAdded { restriction: id }
            }
            Say::Refuse | Say::End => {
                restriction.state = restriction.refuse(at)?;
                restriction.span.until = Some(at);
                request.answer = Some((false, said));
                Event::RestrictionRefused { restriction: id }
            }
            Say::Question => {
                if !restriction.binds(at) {
                    return Err(RestrictionFault::Moved);
                }
                request.questions.push(said);
                Event::RestrictionQuestioned { restriction: id }
            }
        })
    };
    let stamp = actor.stamp();
    let changed = portal
        .store()
        .change_restriction(&stamp, patient, id, None, change);
    changed.await.map(drop)
}

/// Ends what was agreed to for what comes later. What is in the record by now stays kept back: an end that the patient
/// did not agree to reaches only what is made or received after they were told (164.522(a)(2)(iii)).
async fn limit(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    answer: &Answer,
) -> Result<(), RestrictionError> {
    let id = answer.restriction;
    let store = portal.store();
    for _ in 0..AGAIN {
        let state = store.policy_state(patient).await?;
        let epoch = state.ok_or(RestrictionError::NotFound)?.epoch;
        let items = store.items(patient).await?;
        let change = |(restriction, request): &mut Asked, at: Instant| {
            // Where the organization has no choice, or it is over, this says so.
            restriction.end(at)?;
            if request.end.is_some() {
                return Err(RestrictionFault::Moved);
            }
            let kept = items
                .iter()
                .filter(|item| is_kept_back(item, restriction.labels));
            let kept: Vec<ItemId> = kept.map(|item| item.id).collect();
            restriction.items.extend(kept);
            restriction.labels = LabelSet::EMPTY;
            request.end = Some(said(actor, at, answer));
            Ok(Event::RestrictionLimited { restriction: id })
        };
        let stamp = actor.stamp();
        let changed = store.change_restriction(&stamp, patient, id, Some(epoch), change);
        match changed.await {
            Err(RestrictionError::Stale) => {}
            done => return done.map(drop),
        }
    }
    Err(RestrictionError::Stale)
}

/// Whether a restriction on these labels keeps something of an item back; `General` stands for ordinary parts.
fn is_kept_back(item: &ItemFacts, labels: LabelSet) -> bool {
    let all = labels.with_children();
    item.parts.iter().any(|part| {
        part.labels.overlaps(all) || (labels.has(Label::General) && part.labels.is_ordinary())
    })
}
