//! "Keep this one private" (POLICY §2, `PRS`): the patient marks one item, and takes the mark back.
//!
//! Only the patient's own hand: a helper's or a parent's wish that an item be private is not theirs to have.

use crate::actor::Actor;
use crate::disclosure::{self, DECIDE_AGAIN, Look, Of};
use crate::records::own_purpose;
use crate::{Portal, Refusal};
use domain::decide::{Action, Decider};
use domain::id::ItemId;
use domain::labeling::review::{Act, Record};
use domain::party::Role;
use store::reviews::About;
use store::{DiscloseError, LabelError};

/// Whether this person may mark items of the record they are looking at.
pub fn may_mark(actor: &Actor) -> bool {
    actor.role() == Role::Patient && actor.patient().is_some()
}

/// Whether the patient's own mark stands on an item. One that came with the item is not it.
pub async fn is_marked(portal: &Portal, actor: &Actor, item: ItemId) -> Result<bool, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let records = portal.store().label_records(patient, item).await?;
    Ok(marked(&records))
}

fn marked(records: &[Record]) -> bool {
    let mut wishes = records.iter().rev().filter_map(|record| match record.act {
        Act::KeptPrivate => Some(true),
        Act::NoLongerPrivate => Some(false),
        _ => None,
    });
    wishes.next().unwrap_or(false)
}

/// Marks an item to be kept private, or takes the mark back. From then on no consent opens it that doesn't name it;
/// nothing that was decided before is shown any more (POLICY §6).
pub async fn mark(
    portal: &Portal,
    actor: &Actor,
    item: ItemId,
    private: bool,
) -> Result<(), Refusal> {
    if !may_mark(actor) {
        return Err(Refusal::NotAvailable);
    }
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let purpose = own_purpose(actor.role());
    for _ in 0..DECIDE_AGAIN {
        let Look { viewer, chart } = disclosure::look(portal, actor, patient, Of::All, |_, _| true)
            .await?
            .ok_or(Refusal::NotAvailable)?;
        let decider = Decider::new(&viewer, Action::View, purpose, portal.now(), &chart.state);
        let mut shown = chart.items.iter().filter(|one| one.kind.is_shown());
        let theirs = shown.any(|one| one.id == item && decider.labels(one).is_some());
        if !theirs {
            let action = Action::View;
            let refusal =
                disclosure::denied(portal, actor, patient, action, Some(purpose), Some(item));
            return Err(refusal.await);
        }
        let about = About {
            patient,
            epoch: chart.state.epoch,
            item,
            version: None,
        };
        let stamp = actor.stamp();
        let said = portal.store().say_of_labels(&stamp, about, |standing| {
            let act = if private {
                Act::KeptPrivate
            } else {
                Act::NoLongerPrivate
            };
            // Pressed twice: there is nothing more to say.
            Ok((marked(&standing.records) != private).then_some(act))
        });
        match said.await {
            Ok(_) => return Ok(()),
            Err(LabelError::Stale) => {}
            Err(LabelError::Changed | LabelError::Fault(_)) => return Err(Refusal::BadRequest),
            Err(LabelError::Store(error)) => return Err(error.into()),
        }
    }
    Err(DiscloseError::Stale.into())
}
