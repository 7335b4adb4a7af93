//! A signed consent: what it says, what it opens today, who used it, and its end (LAW A12).

use super::preview::{self, Opens, View};
use super::used::{self, Used};
use crate::actor::Actor;
use crate::directory::{self, Name, RecipientName};
use crate::proxies::sight;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::consent::{Consent, Standing, StandingConsent};
use domain::id::ConsentId;
use store::Committed;
use tower_sessions::Session;

/// A consent on a list.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The consent and its state.
    pub standing: StandingConsent,
    /// Where it stands now.
    pub now: Standing,
    /// To whom, in words.
    pub to: Vec<RecipientName>,
    /// Whose records, by name; empty: those of every provider.
    pub from: Vec<Name>,
}

/// A consent on its own page.
#[derive(Debug)]
pub struct Shown {
    /// The consent.
    pub summary: Summary,
    /// What it opens now; `None` when it is not in force.
    pub opens: Option<Opens>,
    /// Who used it, with the last uses.
    pub used: Used,
    /// When the page was true.
    pub as_of: Instant,
}

async fn summary(
    portal: &Portal,
    standing: StandingConsent,
    now: Instant,
) -> Result<Summary, Refusal> {
    let terms = &standing.consent.terms;
    let to = directory::recipients(portal, &terms.to).await?;
    let from = directory::disclosers(portal, &terms.from).await?;
    Ok(Summary {
        now: standing.standing(now),
        from,
        standing,
        to,
    })
}

/// Every consent of the patient's, newest first.
pub async fn all(portal: &Portal, actor: &Actor) -> Result<Vec<Summary>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let now = portal.now();
    let mut standing = portal.store().consents(patient).await?;
    standing.retain(|one| sight::reads(actor, &one.consent));
    standing.sort_by_key(|one| core::cmp::Reverse(one.consent.signature.signed_at));
    let mut list = Vec::new();
    for one in standing {
        list.push(summary(portal, one, now).await?);
    }
    Ok(list)
}

/// One consent in words, without opening anything of the record: for the page that revokes it.
pub async fn terms(portal: &Portal, actor: &Actor, id: ConsentId) -> Result<Summary, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let standing = portal
        .store()
        .consent(patient, id)
        .await?
        .filter(|standing| sight::reads(actor, &standing.consent))
        .ok_or(Refusal::NotAvailable)?;
    summary(portal, standing, portal.now()).await
}

/// One consent, with what it opens today and who used it.
pub async fn show(
    portal: &Portal,
    actor: &Actor,
    id: ConsentId,
    view: View,
    reveal: bool,
) -> Result<Shown, Refusal> {
    let summary = terms(portal, actor, id).await?;
    let opens = if summary.now == Standing::Active {
        Some(preview::of_consent(portal, actor, &summary.standing, view, reveal).await?)
    } else {
        None
    };
    Ok(Shown {
        opens,
        used: used::of(portal, actor, &summary.standing.consent, used::LAST, 1).await?,
        as_of: portal.now(),
        summary,
    })
}

/// Whether it is this actor's to revoke: all of them the patient's, of somebody who acts for the patient in part those
/// that they signed.
pub fn may_revoke(actor: &Actor, consent: &Consent) -> bool {
    sight::revokes(actor, consent)
}

/// Revokes a consent: works before the next disclosure (LAW A12). Takes a fresh factor for this very consent.
pub async fn revoke(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: ConsentId,
) -> Result<Committed, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let known = terms(portal, actor, id).await?;
    if !sight::revokes(actor, &known.standing.consent) {
        return Err(Refusal::NotAvailable);
    }
    step_up::take(portal, session, &Action::Revoke(id)).await?;
    Ok(portal
        .store()
        .revoke_consent(&actor.stamp(), patient, id)
        .await?)
}
