//! What the patient is told of an emergency, and what they say to it (LAW E1, C6).

use super::opening::refused;
use crate::actor::Actor;
use crate::{Portal, Refusal, letters};
use domain::clock::Instant;
use domain::decide::Ground;
use domain::duty::Duty;
use domain::id::{EmergencyId, PatientId};
use domain::party::Role;
use domain::state::{Emergency, PolicyState};
use store::{Event, HistoryQuery, Store};

/// How many letters a concern takes at most.
pub const CONCERN: usize = 1_000;

/// How many entries are read at once to find the looks of one hour.
const AT_ONCE: u64 = 200;

/// Something to read: a record was opened, or a privacy officer found that it should not have been.
#[derive(Clone, PartialEq, Eq)]
pub struct News {
    /// Which grant.
    pub id: EmergencyId,
    /// Who opened it, as it was recorded.
    pub name: String,
    /// Where they worked.
    pub affiliation: String,
    /// When.
    pub at: Instant,
    /// Whether it is open now.
    pub is_open: bool,
    /// Whether an organization found that it was not justified.
    pub unjustified: bool,
}

impl core::fmt::Debug for News {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("News")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What the patient has not read yet, the newest first.
pub(crate) fn news(state: &PolicyState, now: Instant) -> Vec<News> {
    let mut news: Vec<News> = state
        .emergencies
        .iter()
        .filter(|grant| grant.is_news())
        .map(|grant| News {
            id: grant.id,
            name: grant.recipient.name.clone(),
            affiliation: grant.recipient.affiliation.clone(),
            at: grant.span.from,
            is_open: grant.is_open(now),
            unjustified: unjustified(grant),
        })
        .collect();
    news.sort_by_key(|one| core::cmp::Reverse(one.at));
    news
}

fn unjustified(grant: &Emergency) -> bool {
    grant.after.reviews.iter().any(|review| !review.justified)
}

/// All that a patient reads of one emergency.
pub struct Account {
    /// The grant, with the record of 2.51(c).
    pub grant: Emergency,
    /// Whether it is open now.
    pub is_open: bool,
    /// When somebody looked on it, and at how many items.
    pub looks: Vec<Look>,
    /// What was found: for which organization, by name, and whether it was justified.
    pub found: Vec<(String, bool)>,
    /// When the page was true.
    pub as_of: Instant,
}

/// One look on a grant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// When.
    pub at: Instant,
    /// At how many items.
    pub items: usize,
}

impl core::fmt::Debug for Account {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Account([redacted])")
    }
}

/// The record of which this person is the subject. A helper does not read what an emergency was about.
fn own(actor: &Actor) -> Result<PatientId, Refusal> {
    actor.must(Duty::OwnRecord)?;
    match actor.role() {
        Role::Patient => actor.patient().ok_or(Refusal::NotAvailable),
        _ => Err(Refusal::NotAvailable),
    }
}

/// One emergency, for the patient.
///
/// # Errors
/// [`Refusal::NotAvailable`] when it is not of their record.
pub async fn read(portal: &Portal, actor: &Actor, id: EmergencyId) -> Result<Account, Refusal> {
    let patient = own(actor)?;
    let store = portal.store();
    let grant = store
        .emergency(patient, id)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    let now = portal.now();
    let looks = disclosed_on(portal, patient, &grant)
        .await?
        .into_iter()
        .map(|(at, items)| Look {
            at,
            items: items.len(),
        })
        .collect();
    let mut found = Vec::new();
    for review in &grant.after.reviews {
        if let Some(organization) = store.organization(review.organization).await? {
            found.push((organization.name, review.justified));
        }
    }
    Ok(Account {
        is_open: grant.is_open(now),
        looks,
        found,
        grant,
        as_of: now,
    })
}

/// Each disclosure on a grant, the oldest first: when, and which items.
pub(super) async fn disclosed_on(
    portal: &Portal,
    patient: PatientId,
    grant: &Emergency,
) -> Result<Vec<(Instant, Vec<domain::id::ItemId>)>, Refusal> {
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let query = HistoryQuery {
            before,
            limit: AT_ONCE,
            from: Some(grant.span.from),
            // Nothing rests on it after its end.
            until: grant.span.until,
        };
        let entries = portal.store().history(patient, query).await?;
        let Some(last) = entries.last() else {
            break;
        };
        before = Some(last.seq);
        for entry in entries {
            if let Event::Disclosed { items, basis, .. } = entry.body.event
                && basis.contains(&Ground::Emergency(grant.id))
            {
                found.push((entry.body.at, items.iter().map(|one| one.item).collect()));
            }
        }
    }
    found.reverse();
    Ok(found)
}

/// The patient read of it; with what they report, if anything.
///
/// # Errors
/// [`Refusal::NotAvailable`] when it is not of their record; [`Refusal::BadRequest`] when the concern is too long.
pub async fn acknowledge(
    portal: &Portal,
    actor: &Actor,
    id: EmergencyId,
    concern: &str,
) -> Result<(), Refusal> {
    let patient = own(actor)?;
    let concern = concern.trim();
    if concern.chars().count() > CONCERN {
        return Err(Refusal::BadRequest);
    }
    let concern = (!concern.is_empty()).then(|| concern.to_owned());
    portal
        .store()
        .acknowledge_emergency(&actor.stamp(), patient, id, concern)
        .await
        .map_err(refused)?;
    Ok(())
}

/// The one place from which a patient is told by letter that something of theirs needs reading: neutral words, no link
/// (LAW B6).
///
/// The record is open by then, and what happened stands in the ledger: a letter that can't be posted undoes neither.
pub(crate) async fn by_letter(portal: &Portal, patient: PatientId) {
    if let Err(error) = post(portal.store(), patient).await {
        tracing::error!(%error, "a letter can't be put into the outbox");
    }
}

async fn post(store: &Store, patient: PatientId) -> Result<(), store::Error> {
    let state = store.policy_state(patient).await?;
    let Some(subject) = state.and_then(|state| state.subject) else {
        return Ok(());
    };
    for account in store.accounts_of(subject).await? {
        if account.roles.contains(&Role::Patient) {
            letters::post(store, account.id, letters::Kind::ToRead).await?;
        }
    }
    Ok(())
}
