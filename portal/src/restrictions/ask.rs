//! The patient's side: what can be asked of whom, asking, and taking it back.

use super::{Line, WORDS, line, refused};
use crate::actor::Actor;
use crate::directory::{self, Candidate};
use crate::disclosure::{Look, Of, look};
use crate::records::own_purpose;
use crate::step_up::{self, Action as Confirmed};
use crate::{Portal, Refusal};
use domain::decide::{Action, Decider};
use domain::id::{ItemId, OrganizationId, PatientId, RestrictionId};
use domain::item::{ItemFacts, ItemKind};
use domain::label::{Label, LabelSet};
use domain::party::{Party, Role, Span};
use domain::state::{Restriction, RestrictionFault, RestrictionRequest, RestrictionState, Said};
use std::collections::BTreeSet;
use store::{Event, RestrictionError};
use tower_sessions::Session;

/// What can be asked.
#[derive(Debug)]
pub struct Choices {
    /// Whom to ask: where the record, or the item, came from.
    pub organizations: Vec<(OrganizationId, String)>,
    /// Whom to keep out.
    pub recipients: Vec<Candidate>,
    /// Those among them that are health plans.
    pub plans: Vec<Party>,
    /// The kind of the item it is about.
    pub item: Option<(ItemId, ItemKind)>,
}

/// What a patient asks.
#[derive(Clone)]
pub struct Wish {
    /// Of whom.
    pub organization: OrganizationId,
    /// Whom to keep out.
    pub recipient: Party,
    /// What: segments, where it is not about one item.
    pub segments: Vec<Label>,
    /// What: one item.
    pub item: Option<ItemId>,
    /// Whether the patient paid for it in full themselves.
    pub paid_in_full: bool,
    /// Why.
    pub why: String,
}

impl core::fmt::Debug for Wish {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Wish([redacted])")
    }
}

/// What is wrong with a wish.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WishFault {
    /// Nobody of the choices is asked.
    Organization,
    /// Nobody of the choices is to be kept out.
    Recipient,
    /// Nothing is to be kept back.
    Nothing,
    /// Paid in full is about a health plan.
    NoPlan,
    /// Too few or too many words.
    Words,
}

fn patient_of(actor: &Actor) -> Result<PatientId, Refusal> {
    // Who looks for somebody else asks for them by their own way.
    if actor.role() != Role::Patient {
        return Err(Refusal::NotAvailable);
    }
    actor.patient().ok_or(Refusal::NotAvailable)
}

/// What can be asked, of the whole record or of one item.
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is no such item of theirs.
pub async fn choices(
    portal: &Portal,
    actor: &Actor,
    item: Option<ItemId>,
) -> Result<Choices, Refusal> {
    let patient = patient_of(actor)?;
    let ids: Vec<ItemId> = item.into_iter().collect();
    let of = if item.is_some() {
        Of::These(&ids)
    } else {
        Of::All
    };
    let Look { viewer, chart } = look(portal, actor, patient, of, |_, _| true)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let purpose = own_purpose(actor.role());
    let decider = Decider::new(&viewer, Action::View, purpose, portal.now(), &chart.state);
    let own = chart
        .items
        .iter()
        .filter(|item| item.kind.is_shown() && decider.labels(item).is_some());
    let sources: BTreeSet<OrganizationId> = own
        .clone()
        .flat_map(|item| item.sources.iter().copied())
        .collect();
    let about = item.and_then(|_| own.clone().next().map(|item| (item.id, item.kind)));
    if item.is_some() && about.is_none() {
        return Err(Refusal::NotAvailable);
    }
    let sources: Vec<OrganizationId> = sources.into_iter().collect();
    let store = portal.store();
    let mut organizations: Vec<(OrganizationId, String)> = store
        .organizations(&sources)
        .await?
        .into_iter()
        .map(|one| (one.id, one.name))
        .collect();
    organizations.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    let recipients = directory::candidates(portal, actor).await?;
    let plans = recipients
        .iter()
        .filter(|one| matches!(one.party, Party::Organization(_)))
        .filter(|one| one.name.detail.as_deref().is_some_and(is_health_plan))
        .map(|one| one.party)
        .collect();
    Ok(Choices {
        organizations,
        recipients,
        plans,
        item: about,
    })
}

/// Whether what the directory calls an organization is a health plan: the words of the organization types `ins` and
/// `pay` (HL7 organization-type), or plain ones.
fn is_health_plan(kind: &str) -> bool {
    let kind = kind.to_lowercase();
    ["health plan", "insurance", "insurer", "payer"]
        .iter()
        .any(|word| kind.contains(word))
}

/// Asks. Where it was paid for in full, it binds at once (164.522(a)(1)(vi)).
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is no such item of theirs.
pub async fn ask(
    portal: &Portal,
    actor: &Actor,
    wish: Wish,
) -> Result<Result<RestrictionId, Vec<WishFault>>, Refusal> {
    let patient = patient_of(actor)?;
    let choices = choices(portal, actor, wish.item).await?;
    let faults = faults(&wish, &choices);
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let now = portal.now();
    let id = RestrictionId::from_random(store::entropy::random(portal.store().entropy()));
    let labels = if wish.item.is_some() {
        LabelSet::EMPTY
    } else {
        LabelSet::of(wish.segments.iter().copied())
    };
    let billing = match wish.item.filter(|_| wish.paid_in_full) {
        Some(item) => billing(portal, actor, patient, item).await?,
        None => Vec::new(),
    };
    let restriction = Restriction {
        id,
        recipients: vec![wish.recipient],
        labels,
        items: wish.item.into_iter().collect(),
        billing,
        paid_in_full: wish.paid_in_full,
        state: RestrictionState::Requested,
        span: Span {
            from: now,
            until: None,
        },
    };
    let request = RestrictionRequest {
        id,
        organization: wish.organization,
        by: actor.person(),
        asked: now,
        why: wish.why.trim().to_owned(),
        questions: Vec::new(),
        answer: None,
        end: None,
    };
    portal
        .store()
        .ask_restriction(&actor.stamp(), patient, (restriction, request))
        .await?;
    Ok(Ok(id))
}

/// How a service is billed, as far as the record tells: its visit, and the claims that lead to it, to the visit or to one
/// another. A claim that comes later is told by what it leads to (LAW C4).
async fn billing(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    service: ItemId,
) -> Result<Vec<ItemId>, Refusal> {
    let Look { chart, .. } = look(portal, actor, patient, Of::All, |_, _| true)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let leads_to = |item: &ItemFacts| -> Vec<ItemId> {
        let parts = item.parts.iter();
        parts.flat_map(|part| part.leads_to.clone()).collect()
    };
    let of_kind = |kind| chart.items.iter().filter(move |item| item.kind == kind);
    let own = chart.items.iter().find(|item| item.id == service);
    let own = own.map(leads_to).unwrap_or_default();
    let mut billing: Vec<ItemId> = of_kind(ItemKind::Encounter)
        .map(|visit| visit.id)
        .filter(|visit| own.contains(visit))
        .collect();
    loop {
        let more: Vec<ItemId> = of_kind(ItemKind::Claim)
            .filter(|claim| !billing.contains(&claim.id))
            .filter(|claim| {
                let mut leads = leads_to(claim).into_iter();
                leads.any(|to| to == service || billing.contains(&to))
            })
            .map(|claim| claim.id)
            .collect();
        if more.is_empty() {
            return Ok(billing);
        }
        billing.extend(more);
    }
}

fn faults(wish: &Wish, choices: &Choices) -> Vec<WishFault> {
    let mut faults = Vec::new();
    if !choices
        .organizations
        .iter()
        .any(|(id, _)| *id == wish.organization)
    {
        faults.push(WishFault::Organization);
    }
    if !choices
        .recipients
        .iter()
        .any(|one| one.party == wish.recipient)
    {
        faults.push(WishFault::Recipient);
    } else if wish.paid_in_full && !choices.plans.contains(&wish.recipient) {
        faults.push(WishFault::NoPlan);
    }
    // What was paid for in full is a service, and that is an item.
    if wish.item.is_none() && (wish.segments.is_empty() || wish.paid_in_full) {
        faults.push(WishFault::Nothing);
    }
    if !WORDS.contains(&wish.why.trim().chars().count()) {
        faults.push(WishFault::Words);
    }
    faults
}

/// All that this patient asked for, the newest first.
pub async fn all(portal: &Portal, actor: &Actor) -> Result<Vec<Line>, Refusal> {
    let patient = patient_of(actor)?;
    let mut lines = Vec::new();
    for asked in portal.store().restrictions(patient).await? {
        lines.push(line(portal, asked).await?);
    }
    Ok(lines)
}

/// One of them.
///
/// # Errors
/// [`Refusal::NotAvailable`] when it is not theirs.
pub async fn one(portal: &Portal, actor: &Actor, id: RestrictionId) -> Result<Line, Refusal> {
    let patient = patient_of(actor)?;
    let asked = portal.store().restriction(patient, id).await?;
    line(portal, asked.ok_or(Refusal::NotAvailable)?).await
}

/// Takes a request back, or ends what was agreed to: others may see again what it kept back, so it takes a fresh factor
/// for exactly this. Ended twice is ended.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor.
pub async fn withdraw(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: RestrictionId,
) -> Result<(), Refusal> {
    let patient = patient_of(actor)?;
    let known = one(portal, actor, id).await?;
    if known.restriction.withdraw(portal.now()).is_err() {
        return Ok(());
    }
    step_up::take(portal, session, &Confirmed::EndRestriction(id)).await?;
    let (by, stamp) = (actor.person(), actor.stamp());
    let ended = portal
        .store()
        .change_restriction(&stamp, patient, id, None, move |asked, at| {
            let (restriction, request) = asked;
            restriction.state = restriction.withdraw(at)?;
            restriction.span.until = Some(at);
            request.end = Some(Said {
                by,
                at,
                words: String::new(),
            });
            Ok(Event::RestrictionEnded { restriction: id })
        });
    match ended.await {
        Ok(_) | Err(RestrictionError::Fault(RestrictionFault::Moved)) => Ok(()),
        Err(error) => Err(refused(error)),
    }
}
