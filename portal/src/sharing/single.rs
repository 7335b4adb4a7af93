//! The single items that a consent puts in or leaves out, one by one, as the pages of sharing show them to whoever signs it.
//!
//! INVARIANT: what is said of an item is content of the record, on a page and in a document alike. It is decided and logged
//! each time, like everything else that is shown.

use crate::actor::Actor;
use crate::disclosure::{self, Decided, Listed, Look, Of, screened};
use crate::records::{asks_step_up, newest_first, own_purpose};
use crate::{Portal, Refusal};
use domain::consent::{Consent, Grantor, Scope};
use domain::decide::{Action, Decider};
use domain::id::ItemId;
use domain::item::ItemFacts;
use domain::label::LabelSet;
use domain::party::Role;
use std::collections::BTreeSet;
use store::Shown;

/// Single items of a consent, as far as whoever asks may see them; newest first.
#[derive(Debug, Default)]
pub struct Singles {
    /// Those put in.
    pub put_in: Vec<Listed>,
    /// Those left out.
    pub left_out: Vec<Listed>,
}

/// The single items of what is to be signed. Where there are none, nothing is looked at.
pub async fn of(
    portal: &Portal,
    actor: &Actor,
    what: &Scope,
    reveal: bool,
) -> Result<Singles, Refusal> {
    let named = ids(what);
    if named.is_empty() {
        return Ok(Singles::default());
    }
    let out: BTreeSet<ItemId> = what.items_excluded.iter().copied().collect();
    let seen = look(portal, actor, &named, reveal).await?;
    let (left_out, put_in): (Vec<Listed>, Vec<Listed>) = seen
        .into_iter()
        .partition(|listed| out.contains(&id_of(listed)));
    Ok(Singles { put_in, left_out })
}

/// The single items of a signed consent, for the patient and for whoever signed it in their place. Anybody else reads how
/// many there are, and nothing from which they could tell one that they may not see (POLICY §5).
pub async fn of_consent(
    portal: &Portal,
    actor: &Actor,
    consent: &Consent,
) -> Result<Singles, Refusal> {
    if is_theirs(actor, consent) {
        of(portal, actor, &consent.terms.what, false).await
    } else {
        Ok(Singles::default())
    }
}

/// Whether it is the patient's, or was signed in the patient's place by whoever asks.
pub(super) fn is_theirs(actor: &Actor, consent: &Consent) -> bool {
    actor.role() == Role::Patient
        || matches!(
            &consent.terms.grantor,
            Grantor::Proxy { person, .. } if *person == actor.person()
        )
}

/// Whether everything that the documents of these consents say of single items may be read by whoever asks, now. That they
/// read it is written down.
pub(super) async fn may_be_read(
    portal: &Portal,
    actor: &Actor,
    consents: &[&Consent],
) -> Result<bool, Refusal> {
    let named: BTreeSet<ItemId> = consents
        .iter()
        // What two signed says how many items there are, and not which.
        .filter(|consent| consent.countersignature().is_none())
        .flat_map(|consent| ids(&consent.terms.what))
        .collect();
    if named.is_empty() {
        return Ok(true);
    }
    let named: Vec<ItemId> = named.into_iter().collect();
    let seen = look(portal, actor, &named, true).await?;
    Ok(seen.len() == named.len())
}

/// Those of these items that whoever asks may see: nobody puts in or leaves out what they can't read. Nothing of them is
/// shown by this.
pub async fn visible(
    portal: &Portal,
    actor: &Actor,
    named: &[ItemId],
) -> Result<BTreeSet<ItemId>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    if named.is_empty() {
        return Ok(BTreeSet::new());
    }
    let of = Of::These(named);
    let Look { viewer, chart } = disclosure::look(portal, actor, patient, of, |_, _| true)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let (now, purpose) = (portal.now(), own_purpose(actor.role()));
    let decider = Decider::new(&viewer, Action::Preview, purpose, now, &chart.state);
    let items = chart.items.iter().filter(|item| item.kind.is_shown());
    Ok(items
        .filter(|item| decider.labels(item).is_some())
        .map(|item| item.id)
        .collect())
}

/// Whether whoever asks may see every single item that is named.
pub(super) async fn all_visible(
    portal: &Portal,
    actor: &Actor,
    what: &Scope,
) -> Result<bool, Refusal> {
    let named = ids(what);
    let seen = visible(portal, actor, &named).await?;
    Ok(named.iter().all(|item| seen.contains(item)))
}

/// Whether one names other single items than the other.
pub(super) fn differ(one: &Scope, other: &Scope) -> bool {
    let set = |ids: &[ItemId]| -> BTreeSet<ItemId> { ids.iter().copied().collect() };
    set(&one.items_included) != set(&other.items_included)
        || set(&one.items_excluded) != set(&other.items_excluded)
}

fn ids(what: &Scope) -> Vec<ItemId> {
    what.items_included
        .iter()
        .chain(&what.items_excluded)
        .copied()
        .collect()
}

fn id_of(listed: &Listed) -> ItemId {
    match &*listed.item {
        Shown::Masked { id, .. } => *id,
        Shown::Open { facts, .. } => facts.id,
    }
}

/// These items, behind the privacy screen unless `reveal`.
async fn look(
    portal: &Portal,
    actor: &Actor,
    named: &[ItemId],
    reveal: bool,
) -> Result<Vec<Listed>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let purpose = own_purpose(actor.role());
    let decide = async |look: Look| {
        let Look { viewer, chart } = look;
        let now = portal.now();
        let decider = Decider::new(&viewer, Action::Preview, purpose, now, &chart.state);
        let mut items: Vec<&ItemFacts> = chart
            .items
            .iter()
            .filter(|item| item.kind.is_shown())
            .collect();
        newest_first(&mut items);
        let mut hidden = Vec::new();
        let mut permits = Vec::new();
        for item in items {
            let Some(permit) = decider.permit(item) else {
                continue;
            };
            // A separated counseling note opens on its own page only, after a step-up (POLICY §4.1).
            let (permit, masked) = if reveal && !asks_step_up(&permit) {
                (permit, LabelSet::EMPTY)
            } else {
                screened(permit, item)
            };
            hidden.push(masked);
            permits.push(permit);
        }
        Ok(Some(Decided {
            action: Action::Preview,
            purpose,
            permits,
            with: hidden,
        }))
    };
    let of = Of::These(named);
    let shown = disclosure::show_of(portal, actor, patient, of, |_, _| true, decide).await?;
    let (hidden, opened) = shown.ok_or(Refusal::NotAvailable)?;
    Ok(disclosure::listed(opened, hidden))
}
