//! One item on the desk: what of it waits and why, and what may be said of it.

use super::{decider, look, reviews_for, stands};
use crate::actor::Actor;
use crate::directory::{self, Name};
use crate::disclosure::{self, DECIDE_AGAIN, Decided, Look, Of};
use crate::step_up::{self, Action as Confirmed};
use crate::summary::{Summary, summarize};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::decide::Action;
use domain::id::{ItemId, PatientId, ReviewId};
use domain::label::LabelSet;
use domain::labeling::review::{self, Act, Fault, Outcome, Record, Why};
use domain::labeling::{Basis, LabelledPart};
use domain::purpose::Purpose;
use domain::redact::redact;
use store::reviews::{About, Standing};
use store::{DiscloseError, Event, LabelError, Queued, Released, Shown};
use tower_sessions::Session;

/// A part that waits for a first look.
#[derive(Debug)]
pub struct WaitingPart {
    /// Where it stands: what the form names it by.
    pub path: String,
    /// Why it waits.
    pub why: Why,
    /// What it says.
    pub summary: Released<Summary>,
    /// Its labels.
    pub labels: LabelSet,
    /// Those of them that two people may take off.
    pub lowerable: LabelSet,
    /// What its labels rest on.
    pub basis: Vec<Basis>,
}

/// A lowering that waits for a second person.
#[derive(Debug)]
pub struct Proposal {
    /// Which.
    pub id: ReviewId,
    /// Who proposed it.
    pub by: Option<Name>,
    /// Whether it was this person: then somebody else has to answer.
    pub by_me: bool,
    /// When.
    pub at: Instant,
    /// Which labels are to be taken off.
    pub labels: LabelSet,
    /// Of which parts, what each says.
    pub parts: Vec<(String, Released<Summary>)>,
    /// Why, in the words of who proposed it.
    pub because: String,
    /// Whether a fresh factor stands for approving it.
    pub confirmed: bool,
}

/// An item on the desk.
#[derive(Debug)]
pub struct Desk {
    /// Which.
    pub id: ItemId,
    /// All of it that a reviewer may see.
    pub item: Released<Shown>,
    /// The parts that wait for a first look.
    pub parts: Vec<WaitingPart>,
    /// The lowerings that wait for a second person.
    pub proposals: Vec<Proposal>,
    /// What was looked at: what is said of it is said of this, or not at all.
    pub version: [u8; 32],
    /// When the page was true.
    pub as_of: Instant,
}

/// Why nothing was said, where the person can do something about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsaid {
    /// The item changed since it was looked at.
    Changed,
    /// It may not be said.
    Fault(Fault),
}

/// Opens an item that waits, for somebody who reviews for where it came from.
///
/// # Errors
/// [`Refusal::NotAvailable`] when it does not wait, or not for them, or is not there: always the same (LAW B5).
pub async fn open(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: ItemId,
) -> Result<Desk, Refusal> {
    let Queued {
        patient, waiting, ..
    } = queued(portal, actor, id).await?;
    let store = portal.store();
    let decide = async |looked: Look| {
        let now = portal.now();
        let decider = decider(&looked.viewer, now, &looked.chart.state);
        let mut items = looked.chart.items.iter();
        let Some(permit) = items.find_map(|item| decider.permit(item)) else {
            return Ok(None);
        };
        // Read at the epoch that the disclosure commits at: it is of what is shown.
        let version = store.label_version(patient, id).await?;
        Ok(Some(Decided {
            action: Action::Review,
            purpose: Purpose::Operations,
            permits: vec![permit],
            with: (version.ok_or(Refusal::NotAvailable)?, now),
        }))
    };
    let ids = [id];
    let of = Of::These(&ids);
    let shown = disclosure::show_of(portal, actor, patient, of, stands(portal), decide).await?;
    let Some(((version, as_of), opened)) = shown else {
        return Err(denied(portal, actor, id).await);
    };
    let item = opened.into_iter().next().ok_or(Refusal::NotAvailable)?;
    let records = store.label_records(patient, id).await?;
    let reasons = match &*item {
        Shown::Open { basis, .. } => basis.read()?,
        Shown::Masked { .. } => Vec::new(),
    };
    let parts = waiting
        .first
        .iter()
        .filter_map(|at| waiting.parts.get(*at))
        .filter_map(|part| waiting_part(&item, &reasons, &part.path, part.why))
        .collect();
    let mut proposals = Vec::new();
    for record in records
        .iter()
        .filter(|one| waiting.second.contains(&one.id))
    {
        let confirmed = Confirmed::LowerLabels {
            item: id,
            proposal: record.id,
        };
        let confirmed = step_up::stands(portal, session, &confirmed).await?;
        proposals.extend(proposal(portal, actor, &item, record, confirmed).await?);
    }
    Ok(Desk {
        id,
        item,
        parts,
        proposals,
        version,
        as_of,
    })
}

/// Whether an item still waits for this person's organizations: where to go on after something was said.
pub async fn waits(portal: &Portal, actor: &Actor, id: ItemId) -> Result<bool, Refusal> {
    let organizations = reviews_for(actor, portal.now())?;
    let queued = portal.store().queued(&organizations, id).await?;
    Ok(queued.is_some())
}

/// The row of an item that waits for this person's organizations; without one, the attempt is written down and the one
/// answer is given.
async fn queued(portal: &Portal, actor: &Actor, id: ItemId) -> Result<Queued, Refusal> {
    let organizations = reviews_for(actor, portal.now())?;
    match portal.store().queued(&organizations, id).await? {
        Some(queued) => Ok(queued),
        None => Err(denied(portal, actor, id).await),
    }
}

/// Whose it is is not looked up for somebody it is not for: the house keeps the attempt (LAW B5, G3).
async fn denied(portal: &Portal, actor: &Actor, id: ItemId) -> Refusal {
    let event = Event::Denied {
        action: Action::Review,
        purpose: Some(Purpose::Operations),
        item: Some(id),
    };
    let stamp = actor.stamp();
    match portal
        .store()
        .append(&stamp, store::Chain::House, event)
        .await
    {
        Ok(_) => Refusal::NotAvailable,
        Err(error) => error.into(),
    }
}

fn waiting_part(
    item: &Released<Shown>,
    reasons: &[Vec<Basis>],
    path: &str,
    why: Why,
) -> Option<WaitingPart> {
    let Shown::Open { facts, .. } = &**item else {
        return None;
    };
    let at = facts.parts.iter().position(|part| part.path == path)?;
    let part = LabelledPart {
        leads_to: Vec::new(),
        path: path.to_owned(),
        labels: facts.parts.get(at)?.labels,
        basis: reasons.get(at).cloned().unwrap_or_default(),
        review: None,
        conflict: None,
    };
    Some(WaitingPart {
        summary: summary_of(item, at),
        lowerable: review::lowerable(&part),
        labels: part.labels,
        basis: part.basis,
        path: part.path,
        why,
    })
}

/// What one part says by itself.
fn summary_of(item: &Released<Shown>, at: usize) -> Released<Summary> {
    item.derive(|shown| match shown {
        Shown::Open { resource, .. } => summarize(&redact(resource, |part| part == at, &[])),
        Shown::Masked { .. } => Summary::default(),
    })
}

async fn proposal(
    portal: &Portal,
    actor: &Actor,
    item: &Released<Shown>,
    record: &Record,
    confirmed: bool,
) -> Result<Option<Proposal>, Refusal> {
    let (
        Act::Reviewed {
            parts,
            outcome: Outcome::Lowered(labels),
            because,
        },
        Shown::Open { facts, .. },
    ) = (&record.act, &**item)
    else {
        return Ok(None);
    };
    let parts = parts
        .iter()
        .filter_map(|seen| {
            let at = facts.parts.iter().position(|part| part.path == seen.path)?;
            Some((seen.path.clone(), summary_of(item, at)))
        })
        .collect();
    Ok(Some(Proposal {
        id: record.id,
        by: directory::person(portal, record.by).await?,
        by_me: record.by == actor.person(),
        at: record.at,
        labels: *labels,
        parts,
        because: because.clone(),
        confirmed,
    }))
}

/// Says of some waiting parts, named by their paths, what the reviewer found, and why.
pub async fn say(
    portal: &Portal,
    actor: &Actor,
    id: ItemId,
    version: [u8; 32],
    paths: &[String],
    outcome: Outcome,
    because: &str,
) -> Result<Result<(), Unsaid>, Refusal> {
    let make = |standing: &Standing| {
        let place = |path: &String| {
            let mut parts = standing.parts.iter();
            parts.position(|part| part.path == *path)
        };
        let chosen: Option<Vec<usize>> = paths.iter().map(place).collect();
        let chosen = chosen.ok_or(Fault::NotWaiting)?;
        review::judge(
            &standing.parts,
            &standing.digests,
            &chosen,
            outcome,
            because,
        )
        .map(Some)
    };
    put(portal, actor, id, version, make).await
}

/// Approves a lowering: labels come off. Takes a fresh factor for this very proposal, and another person than the one
/// who proposed it.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor.
pub async fn approve(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: ItemId,
    version: [u8; 32],
    proposal: ReviewId,
) -> Result<Result<(), Unsaid>, Refusal> {
    let Queued { patient, .. } = queued(portal, actor, id).await?;
    let by = actor.person();
    let records = portal.store().label_records(patient, id).await?;
    // What can't be approved asks for no factor.
    if let Err(fault) = review::approve(&records, proposal, by) {
        return Ok(Err(Unsaid::Fault(fault)));
    }
    step_up::take(
        portal,
        session,
        &Confirmed::LowerLabels { item: id, proposal },
    )
    .await?;
    put(portal, actor, id, version, |standing: &Standing| {
        review::approve(&standing.records, proposal, by).map(Some)
    })
    .await
}

/// Refuses a lowering, or withdraws it: nothing changes, and the part waits again.
pub async fn refuse(
    portal: &Portal,
    actor: &Actor,
    id: ItemId,
    version: [u8; 32],
    proposal: ReviewId,
) -> Result<Result<(), Unsaid>, Refusal> {
    put(portal, actor, id, version, |standing: &Standing| {
        review::refuse(&standing.records, proposal).map(Some)
    })
    .await
}

/// Decides that this person may look at the item, and says it at that epoch.
async fn put(
    portal: &Portal,
    actor: &Actor,
    id: ItemId,
    version: [u8; 32],
    make: impl Fn(&Standing) -> Result<Option<Act>, Fault> + Send + Sync,
) -> Result<Result<(), Unsaid>, Refusal> {
    let Queued { patient, .. } = queued(portal, actor, id).await?;
    for _ in 0..DECIDE_AGAIN {
        let Some(epoch) = decided(portal, actor, patient, id).await? else {
            return Err(denied(portal, actor, id).await);
        };
        let about = About {
            patient,
            epoch,
            item: id,
            version: Some(version),
        };
        match portal
            .store()
            .say_of_labels(&actor.stamp(), about, &make)
            .await
        {
            Ok(_) => return Ok(Ok(())),
            Err(LabelError::Stale) => {}
            Err(LabelError::Changed) => return Ok(Err(Unsaid::Changed)),
            Err(LabelError::Fault(fault)) => return Ok(Err(Unsaid::Fault(fault))),
            Err(LabelError::Store(error)) => return Err(error.into()),
        }
    }
    Err(DiscloseError::Stale.into())
}

/// The epoch at which this person may look at the item.
async fn decided(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    id: ItemId,
) -> Result<Option<u64>, Refusal> {
    let Some(looked) = look(portal, actor, patient, &[id]).await? else {
        return Ok(None);
    };
    let decider = decider(&looked.viewer, portal.now(), &looked.chart.state);
    let mut items = looked.chart.items.iter();
    let seen = items.any(|item| decider.labels(item).is_some());
    Ok(seen.then_some(looked.chart.state.epoch))
}
