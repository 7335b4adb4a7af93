//! The single items that a consent puts in or leaves out, one by one, as the pages of sharing show them: to whoever signs it,
//! and to whoever reads it afterwards as far as they may see them.
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

/// Single items that scopes name, as far as whoever asks may see them; newest first.
#[derive(Debug, Default)]
pub struct Seen(Vec<Listed>);

impl Seen {
    /// Those of them that a scope puts in. What is left out too is not put in.
    pub fn put_in(&self, what: &Scope) -> impl Iterator<Item = &Listed> {
        let out = set(&what.items_excluded);
        let put_in: BTreeSet<ItemId> = set(&what.items_included)
            .difference(&out)
            .copied()
            .collect();
        self.of(put_in)
    }

    /// Those of them that a scope leaves out.
    pub fn left_out(&self, what: &Scope) -> impl Iterator<Item = &Listed> {
        self.of(set(&what.items_excluded))
    }

    /// Whether one scope names others of them than the other. What is not seen is not compared (POLICY §5).
    pub(super) fn differ(&self, one: &Scope, other: &Scope) -> bool {
        let ids = |of: &Scope| -> (BTreeSet<ItemId>, BTreeSet<ItemId>) {
            (
                self.put_in(of).map(id_of).collect(),
                self.left_out(of).map(id_of).collect(),
            )
        };
        ids(one) != ids(other)
    }

    fn of(&self, named: BTreeSet<ItemId>) -> impl Iterator<Item = &Listed> {
        self.0
            .iter()
            .filter(move |listed| named.contains(&id_of(listed)))
    }
}

/// The single items of what is to be signed. Where there are none, nothing is looked at.
pub async fn of(
    portal: &Portal,
    actor: &Actor,
    what: &Scope,
    reveal: bool,
) -> Result<Seen, Refusal> {
    let named = ids(what);
    if named.is_empty() {
        return Ok(Seen::default());
    }
    Ok(Seen(look(portal, actor, &named, reveal).await?))
}

/// The single items of signed consents, behind the privacy screen as it is drawn today: of those consents whose items
/// whoever asks [is told](are_told), as far as they may see them. Where they may see none, nothing is looked at: a look that
/// showed nothing would tell of what there is.
pub async fn of_consents(
    portal: &Portal,
    actor: &Actor,
    consents: &[&Consent],
) -> Result<Seen, Refusal> {
    let told = consents.iter().filter(|consent| are_told(actor, consent));
    let named: Vec<ItemId> = told.flat_map(|consent| ids(&consent.terms.what)).collect();
    let named = visible(portal, actor, &named).await?;
    if named.is_empty() {
        return Ok(Seen::default());
    }
    let named: Vec<ItemId> = named.into_iter().collect();
    Ok(Seen(look(portal, actor, &named, false).await?))
}

/// Whether whoever asks is told the single items of a signed consent one by one, and how many those are that they may see:
/// the patient, who signed it in the patient's place, and who stands there for everything. Who signed beside a minor reads
/// how many there are in all, as they did when they signed, and nothing from which they could tell one that they may not
/// see (LAW D1, POLICY §5).
pub fn are_told(actor: &Actor, consent: &Consent) -> bool {
    is_theirs(actor, consent) || (actor.is_whole() && !signed_beside(actor, consent))
}

/// Whether it is the patient's, or was signed in the patient's place by whoever asks.
pub(super) fn is_theirs(actor: &Actor, consent: &Consent) -> bool {
    actor.role() == Role::Patient
        || matches!(
            &consent.terms.grantor,
            Grantor::Proxy { person, .. } if *person == actor.person()
        )
}

/// Whether whoever asks signed it beside a minor.
pub(super) fn signed_beside(actor: &Actor, consent: &Consent) -> bool {
    consent
        .countersignature()
        .is_some_and(|other| other.person == actor.person())
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

/// How many of the single items of a scope whoever asks may see: put in, and left out. Nothing of them is shown by this.
pub async fn counts(
    portal: &Portal,
    actor: &Actor,
    what: &Scope,
) -> Result<(usize, usize), Refusal> {
    let seen = visible(portal, actor, &ids(what)).await?;
    let out = set(&what.items_excluded);
    let put_in = set(&what.items_included);
    let put_in = put_in.difference(&out).filter(|item| seen.contains(*item));
    let left_out = out.intersection(&seen);
    Ok((put_in.count(), left_out.count()))
}

fn set(ids: &[ItemId]) -> BTreeSet<ItemId> {
    ids.iter().copied().collect()
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
