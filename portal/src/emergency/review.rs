//! The review of emergencies by the privacy officers of the organizations concerned (LAW E1, POLICY §4.5).
//!
//! An officer sees what concerns their own organizations and no more: whose records besides theirs were opened is not
//! told, and of what was opened only the items that came from them are counted. For an officer of the clinician's
//! organization alone, the page is the same whatever the record holds (LAW B5).

use super::opening::refused;
use super::told::disclosed_on;
use crate::actor::Actor;
use crate::step_up::{self, Action as Confirmed};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::decide::Action;
use domain::duty::Duty;
use domain::id::{EmergencyId, ItemId, OrganizationId, PatientId};
use domain::item::ItemKind;
use domain::party::Role;
use domain::purpose::Purpose;
use domain::state::{Emergency, EmergencyFault, EmergencyReview};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use store::{Chain, EmergencyError, Event, ReviewStage};
use tower_sessions::Session;

/// How many letters the reason of a finding takes.
pub const REASON: RangeInclusive<usize> = 10..=1_000;
/// How many lines of each kind stand on the page.
const LINES: u64 = 100;

const KEPT: &str = "emergency-review";

/// One emergency in the list. Nothing in it tells whose record it was.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub id: EmergencyId,
    /// Who opened it, as it was recorded.
    pub name: String,
    /// Where they worked.
    pub affiliation: String,
    /// When.
    pub at: Instant,
    /// First instant at which the review is late.
    pub due: Option<Instant>,
    /// Whether it is late.
    pub overdue: bool,
    /// Whether the record is open now.
    pub is_open: bool,
    /// Whether the patient reported a concern.
    pub concern: bool,
    /// What was found, if all of the officer's organizations reviewed it.
    pub justified: Option<bool>,
}

/// The lists.
pub struct Queue {
    /// What waits, the oldest first.
    pub waiting: Vec<Line>,
    /// What was reviewed, the newest first.
    pub reviewed: Vec<Line>,
    /// When the page was true.
    pub as_of: Instant,
}

/// Whether an officer can say what they found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judging {
    /// It waits for them.
    Ready,
    /// It is open: it has to be over first.
    StillOpen,
    /// They opened it themselves: somebody else has to.
    OwnGrant,
    /// All of their organizations have said.
    Done,
}

/// One emergency, on the desk.
pub struct Case {
    /// The grant, with the record of 2.51(c); [`Case::disclosers`] is what this officer reads of who disclosed.
    pub grant: Emergency,
    /// Those of the officer's organizations whose records were opened, by name.
    pub disclosers: Vec<String>,
    /// Each look, and at how many items of the officer's organizations.
    pub looks: Vec<(Instant, usize)>,
    /// What was looked at of the officer's organizations: kinds, and how many of each.
    pub kinds: Vec<(ItemKind, usize)>,
    /// Whether the record is open now.
    pub is_open: bool,
    /// Whether this officer can say what they found.
    pub judging: Judging,
    /// Whether it is late.
    pub overdue: bool,
    /// What was found for the officer's organizations, and by whom, by name.
    pub found: Vec<(EmergencyReview, String)>,
    /// When the page was true.
    pub as_of: Instant,
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

redacted!(Line, Queue, Case, Finding);

/// What an officer found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Of which grant.
    pub emergency: EmergencyId,
    /// Whether it was justified.
    pub justified: bool,
    /// Why.
    pub reason: String,
}

impl Finding {
    /// What a fresh factor has to be given for: exactly this.
    pub fn action(&self) -> Confirmed {
        let written = serde_json::to_vec(self).unwrap_or_default();
        let mut digest = Sha256::new();
        digest.update(b"confide emergency finding 1\0");
        digest.update(&written);
        Confirmed::ReviewEmergency {
            emergency: self.emergency,
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
}

/// The finding that was kept and has been confirmed with a fresh factor.
///
/// # Errors
/// When the session can't be read.
pub async fn confirmed(
    portal: &Portal,
    session: &Session,
    id: EmergencyId,
) -> Result<Option<Finding>, Refusal> {
    let Some(kept) = session.get::<Finding>(KEPT).await? else {
        return Ok(None);
    };
    let here = kept.emergency == id && step_up::stands(portal, session, &kept.action()).await?;
    Ok(here.then_some(kept))
}

/// For whom this person reviews: where they are privacy officer now.
fn reviews_for(actor: &Actor, now: Instant) -> Result<Vec<OrganizationId>, Refusal> {
    actor.must(Duty::ReviewEmergencies)?;
    let organizations: Vec<OrganizationId> = actor
        .viewer()
        .memberships
        .iter()
        .filter(|one| one.role == Role::PrivacyOfficer && one.span.holds(now))
        .map(|one| one.organization)
        .collect();
    if organizations.is_empty() {
        Err(Refusal::NotAvailable)
    } else {
        Ok(organizations)
    }
}

/// What concerns this officer's organizations.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever is no privacy officer now.
pub async fn queue(portal: &Portal, actor: &Actor) -> Result<Queue, Refusal> {
    let now = portal.now();
    let organizations = reviews_for(actor, now)?;
    Ok(Queue {
        waiting: lines(portal, &organizations, ReviewStage::Waiting, now).await?,
        reviewed: lines(portal, &organizations, ReviewStage::Reviewed, now).await?,
        as_of: now,
    })
}

async fn lines(
    portal: &Portal,
    organizations: &[OrganizationId],
    stage: ReviewStage,
    now: Instant,
) -> Result<Vec<Line>, Refusal> {
    let store = portal.store();
    let mut lines = Vec::new();
    for (patient, id) in store.emergencies_of(organizations, stage, LINES).await? {
        // A record that was shredded since leaves nothing to review.
        let Some(grant) = store.emergency(patient, id).await? else {
            continue;
        };
        let own = own_of(&grant, organizations);
        let waits = own.iter().any(|one| grant.review_of(*one).is_none());
        // Of several organizations, one may still have to review.
        if waits != (stage == ReviewStage::Waiting) {
            continue;
        }
        lines.push(Line {
            id,
            name: grant.recipient.name.clone(),
            affiliation: grant.recipient.affiliation.clone(),
            at: grant.span.from,
            due: grant.after.due,
            overdue: waits && is_late(&grant, now),
            is_open: grant.is_open(now),
            concern: grant.after.concern.is_some(),
            justified: (!waits).then(|| {
                own.iter()
                    .filter_map(|one| grant.review_of(*one))
                    .all(|review| review.justified)
            }),
        });
    }
    Ok(lines)
}

fn is_late(grant: &Emergency, now: Instant) -> bool {
    grant.after.due.is_some_and(|due| due <= now)
}

/// Those of these organizations that it concerns.
fn own_of(grant: &Emergency, organizations: &[OrganizationId]) -> Vec<OrganizationId> {
    let mut own = grant.concerned();
    own.retain(|one| organizations.contains(one));
    own
}

/// Whose record it is about, for an officer of an organization it concerns.
///
/// # Errors
/// [`Refusal::NotAvailable`], written down, for everybody else.
async fn taken(
    portal: &Portal,
    actor: &Actor,
    id: EmergencyId,
) -> Result<(PatientId, Emergency, Vec<OrganizationId>), Refusal> {
    let organizations = reviews_for(actor, portal.now())?;
    let store = portal.store();
    if let Some(patient) = store.patient_of_emergency(&organizations, id).await?
        && let Some(grant) = store.emergency(patient, id).await?
    {
        let own = own_of(&grant, &organizations);
        return Ok((patient, grant, own));
    }
    // Whose it is is not looked up for somebody it is not for: the house keeps the attempt (LAW B5, G3).
    let event = Event::Denied {
        action: Action::Review,
        purpose: Some(Purpose::Operations),
        item: None,
    };
    store.append(&actor.stamp(), Chain::House, event).await?;
    Err(Refusal::NotAvailable)
}

/// Opens one emergency for review. That it was looked at is written down first.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever it is not for.
pub async fn open(portal: &Portal, actor: &Actor, id: EmergencyId) -> Result<Case, Refusal> {
    let (patient, grant, own) = taken(portal, actor, id).await?;
    let store = portal.store();
    let event = Event::EmergencyLookedAt { emergency: id };
    store
        .append(&actor.stamp(), Chain::Patient(patient), event)
        .await?;
    let now = portal.now();
    let looked = disclosed_on(portal, patient, &grant).await?;
    let all: BTreeSet<ItemId> = looked.iter().flat_map(|(_, items)| items.clone()).collect();
    let all: Vec<ItemId> = all.into_iter().collect();
    let kinds_of: BTreeMap<ItemId, ItemKind> = store
        .some_items(patient, &all)
        .await?
        .into_iter()
        .filter(|item| item.sources.iter().any(|source| own.contains(source)))
        .map(|item| (item.id, item.kind))
        .collect();
    let mut kinds: BTreeMap<ItemKind, usize> = BTreeMap::new();
    for kind in kinds_of.values() {
        *kinds.entry(*kind).or_default() += 1;
    }
    let looks = looked
        .into_iter()
        .map(|(at, items)| {
            let own = items.iter().filter(|item| kinds_of.contains_key(item));
            (at, own.count())
        })
        .collect();
    let disclosing: Vec<OrganizationId> = own
        .iter()
        .filter(|one| grant.disclosers.contains(one))
        .copied()
        .collect();
    let mut disclosers: Vec<String> = store
        .organizations(&disclosing)
        .await?
        .into_iter()
        .map(|one| one.name)
        .collect();
    disclosers.sort();
    let mut found = Vec::new();
    for one in &own {
        if let Some(review) = grant.review_of(*one) {
            let by = store.person(review.by).await?;
            found.push((
                review.clone(),
                by.map_or_else(String::new, |person| person.name),
            ));
        }
    }
    let waits = found.len() < own.len();
    let is_open = grant.is_open(now);
    let judging = if !waits {
        Judging::Done
    } else if grant.person == actor.person() {
        Judging::OwnGrant
    } else if is_open {
        Judging::StillOpen
    } else {
        Judging::Ready
    };
    Ok(Case {
        disclosers,
        looks,
        kinds: kinds.into_iter().collect(),
        is_open,
        judging,
        overdue: waits && is_late(&grant, now),
        found,
        grant,
        as_of: now,
    })
}

/// Ends a record's emergency access now. Ended twice is ended.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever it is not for.
pub async fn end(portal: &Portal, actor: &Actor, id: EmergencyId) -> Result<(), Refusal> {
    let (patient, ..) = taken(portal, actor, id).await?;
    let stamp = actor.stamp();
    let ended = portal.store().end_emergency(&stamp, patient, id);
    match ended.await {
        Ok(_) | Err(EmergencyError::Fault(EmergencyFault::Moved)) => Ok(()),
        Err(error) => Err(refused(error)),
    }
}

/// Records what an officer found, for all of their organizations that have not said yet. Takes a fresh factor for exactly
/// this finding.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor.
pub async fn judge(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    finding: &Finding,
) -> Result<Result<(), EmergencyFault>, Refusal> {
    let id = finding.emergency;
    let (patient, grant, own) = taken(portal, actor, id).await?;
    let reason = finding.reason.trim();
    if !REASON.contains(&reason.chars().count()) {
        return Err(Refusal::BadRequest);
    }
    // What can't be recorded asks for no factor.
    if grant.person == actor.person() {
        return Ok(Err(EmergencyFault::OwnGrant));
    }
    let missing: Vec<OrganizationId> = own
        .into_iter()
        .filter(|one| grant.review_of(*one).is_none())
        .collect();
    if missing.is_empty() || grant.is_open(portal.now()) {
        return Ok(Err(EmergencyFault::Moved));
    }
    step_up::take(portal, session, &finding.action()).await?;
    let stamp = actor.stamp();
    let reviewed =
        portal
            .store()
            .review_emergency(&stamp, patient, id, &missing, finding.justified, reason);
    match reviewed.await {
        Ok(_) => {}
        Err(EmergencyError::Fault(fault)) => return Ok(Err(fault)),
        Err(error) => return Err(refused(error)),
    }
    session.remove::<Finding>(KEPT).await?;
    if !finding.justified {
        super::told::by_letter(portal, patient).await;
    }
    Ok(Ok(()))
}
