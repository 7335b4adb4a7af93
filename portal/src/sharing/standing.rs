//! A signed consent: what it says, what it opens today, who used it, and its end (LAW A12).

use super::preview::{self, Opens, View};
use super::single::{self, Seen};
use super::used::{self, Used};
use crate::actor::Actor;
use crate::directory::{self, Name, RecipientName};
use crate::proxies::sight;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::consent::{Consent, Grantor, Standing, StandingConsent};
use domain::id::{AuthorityId, ConsentId};
use domain::state::AuthorityKind;
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
    /// By whose hands it is.
    pub hands: Hands,
    /// When the page was true.
    pub as_of: Instant,
}

/// By what right others than the patient signed a consent (42 CFR 2.31(a)(8)).
#[derive(Clone, Debug, Default)]
pub struct Hands {
    /// Who signed for the patient; `None`: the patient signed.
    pub first: Option<AuthorityKind>,
    /// Who signed beside a minor.
    pub second: Option<AuthorityKind>,
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
        hands: hands(portal, &summary.standing.consent).await?,
        as_of: portal.now(),
        summary,
    })
}

/// By what right others than the patient signed it, as the office recorded it; where nobody else did, nothing is looked up.
async fn hands(portal: &Portal, consent: &Consent) -> Result<Hands, Refusal> {
    let first = match &consent.terms.grantor {
        Grantor::Proxy { authority, .. } => Some(*authority),
        Grantor::Patient => None,
    };
    let second = consent.countersignature().map(|other| other.authority);
    if first.is_none() && second.is_none() {
        return Ok(Hands::default());
    }
    let state = portal.store().policy_state(consent.terms.patient).await?;
    let state = state.ok_or(Refusal::NotAvailable)?;
    let right = |id: AuthorityId| {
        let known = state.authorities.iter().find(|one| one.id == id);
        known.map(|one| one.kind.clone())
    };
    Ok(Hands {
        first: first.and_then(right),
        second: second.and_then(right),
    })
}

/// The consent whose place another one took.
#[derive(Debug)]
pub struct Before {
    /// Its terms in words, without anything of the record.
    pub summary: Summary,
    /// The single items of both, as far as whoever asks is told of them.
    pub items: Seen,
    /// Whether it names others of these items: on the privacy screen two of them may read alike.
    pub other_items: bool,
}

/// The version before this one, if there is one that whoever asks reads; who doesn't read it isn't told of it (POLICY §5).
///
/// INVARIANT: of single items both versions say what the privacy screen lets through today, and not what their documents
/// said when they were signed: what an item is about may be known better since, and the patient may have marked it.
pub async fn before(
    portal: &Portal,
    actor: &Actor,
    now: &Consent,
) -> Result<Option<Before>, Refusal> {
    let Some(earlier) = now.supersedes else {
        return Ok(None);
    };
    let summary = match terms(portal, actor, earlier).await {
        Err(Refusal::NotAvailable) => return Ok(None),
        summary => summary?,
    };
    let before = &summary.standing.consent;
    let items = single::of_consents(portal, actor, &[now, before]).await?;
    Ok(Some(Before {
        other_items: items.differ(&now.terms.what, &before.terms.what),
        items,
        summary,
    }))
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
