//! The one way from permits to content: fetch sealed, log, open (ARCHITECTURE, "How a page comes about").

use crate::actor::Actor;
use crate::{Portal, Refusal};
use domain::decide::{Action, Permit};
use domain::id::{ItemId, PatientId};
use domain::item::ItemFacts;
use domain::label::LabelSet;
use domain::purpose::Purpose;
use store::{DiscloseError, Event};
use store::{Released, Shown};

/// How often a view is decided anew when consents change under it (POLICY §6). Each try needs a change of the
/// same patient's policy within a few milliseconds, so a handful is many.
pub(crate) const DECIDE_AGAIN: usize = 8;

/// What one request discloses of one patient: the epoch it was decided on, and the permits.
pub(crate) struct Plan {
    pub patient: PatientId,
    pub epoch: u64,
    pub action: Action,
    pub purpose: Purpose,
    pub permits: Vec<Permit>,
}

/// Logs the plan's permits in one entry and opens what they allow, in their order.
///
/// # Errors
/// `Stale`: the policy moved since; decide again.
pub(crate) async fn carry_out(
    portal: &Portal,
    actor: &Actor,
    plan: Plan,
) -> Result<Vec<Released<Shown>>, DiscloseError> {
    let store = portal.store();
    let stamp = actor.stamp();
    if plan.permits.is_empty() {
        store
            .record_view(&stamp, plan.patient, plan.epoch, plan.action, plan.purpose)
            .await?;
        return Ok(Vec::new());
    }
    let ids: Vec<ItemId> = plan.permits.iter().map(Permit::item).collect();
    let sealed = store.sealed_items(plan.patient, &ids).await?;
    let receipt = store.disclose(&stamp, plan.permits, &sealed).await?;
    let vault = store.vault();
    let mut opened = Vec::with_capacity(sealed.len());
    for item in sealed {
        opened.push(vault.open(item, &receipt)?);
    }
    Ok(opened)
}

/// An item on a page of the patient's own, with the labels of those of its parts that the privacy screen hides.
#[derive(Debug)]
pub struct Listed {
    /// The item, whole, in part, or masked.
    pub item: Released<Shown>,
    /// Labels of what is masked of it; they are the patient's to know.
    pub hidden: LabelSet,
}

/// Whether the privacy screen covers a part with these labels (UX: sensitive content is masked until asked for).
pub(crate) fn is_sensitive(labels: LabelSet) -> bool {
    !labels.minus(LabelSet::IDENTITY).is_ordinary()
}

/// Draws the privacy screen over a permit: all of it when the item's title is sensitive, else the sensitive parts.
pub(crate) fn screened(permit: Permit, item: &ItemFacts) -> (Permit, LabelSet) {
    let all = permit.labels();
    if !is_sensitive(all) {
        return (permit, LabelSet::EMPTY);
    }
    let title_is_sensitive = item
        .identifying
        .iter()
        .filter_map(|at| item.parts.get(usize::from(*at)))
        .any(|part| is_sensitive(part.labels));
    if title_is_sensitive {
        return (permit.masked(), all);
    }
    let hidden = item
        .parts
        .iter()
        .enumerate()
        .filter(|(index, part)| permit.allows(*index) && is_sensitive(part.labels))
        .fold(LabelSet::EMPTY, |hidden, (_, part)| hidden.join(part.labels));
    (
        permit.keeping(item, |part| !is_sensitive(part.labels)),
        hidden,
    )
}

/// Records that somebody asked for what they may not have, and gives the one answer there is (LAW B5, G3).
pub(crate) async fn denied(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    action: Action,
    purpose: Option<Purpose>,
    item: Option<ItemId>,
) -> Refusal {
    let event = Event::Denied {
        action,
        purpose,
        item,
    };
    let store = portal.store();
    let stamp = actor.stamp();
    let logged = match store
        .append(&stamp, store::Chain::Patient(patient), event.clone())
        .await
    {
        // No such patient: the house keeps the attempt, so that both answers cost the same.
        Err(store::Error::NotFound(_)) => store.append(&stamp, store::Chain::House, event).await,
        logged => logged,
    };
    match logged {
        Ok(_) => Refusal::NotAvailable,
        Err(error) => error.into(),
    }
}
