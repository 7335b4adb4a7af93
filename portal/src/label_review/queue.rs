//! The queue, page by page: which items wait, why, and since when; nothing of what they hold.

use super::{Stage, decider, look, reviews_for, stands};
use crate::actor::Actor;
use crate::disclosure::{self, Decided, Look, Of};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::decide::{Action, Permit};
use domain::id::{ItemId, PatientId};
use domain::labeling::review::Why;
use domain::purpose::Purpose;
use std::collections::BTreeMap;
use store::{Queued, Released, Shown};

/// How many items stand on a page.
pub const PAGE: usize = 20;

/// How often more is read to fill a page: rows that this person may not see are passed over.
const READS: usize = 50;

/// An item that waits.
#[derive(Debug)]
pub struct Line {
    /// Its kind and date; nothing of what it holds.
    pub shown: Released<Shown>,
    /// Which.
    pub item: ItemId,
    /// Why it waits, each reason once.
    pub why: Vec<Why>,
    /// Since when.
    pub since: Instant,
}

/// A page of the queue.
#[derive(Debug)]
pub struct Queue {
    /// The items, the longest waiting first.
    pub lines: Vec<Line>,
    /// After which item the next page begins; `None`: this is the last.
    pub next: Option<ItemId>,
    /// When the page was true.
    pub as_of: Instant,
}

/// Opens a page of the queue, after that item.
pub async fn queue(
    portal: &Portal,
    actor: &Actor,
    stage: Stage,
    after: Option<ItemId>,
) -> Result<Queue, Refusal> {
    let as_of = portal.now();
    let mut found = may_see(portal, actor, stage, after).await?;
    // There is a next page only when somebody may see what is on it (POLICY §5).
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = more.then(|| found.last().map(|last| last.item)).flatten();
    let mut by_patient: BTreeMap<PatientId, Vec<ItemId>> = BTreeMap::new();
    for queued in &found {
        let items = by_patient.entry(queued.patient).or_default();
        items.push(queued.item);
    }
    let mut opened = BTreeMap::new();
    for (patient, items) in by_patient {
        opened.extend(open(portal, actor, patient, &items).await?);
    }
    let lines = found
        .into_iter()
        .filter_map(|queued| {
            Some(Line {
                shown: opened.remove(&queued.item)?,
                item: queued.item,
                why: reasons(&queued, stage),
                since: queued.since,
            })
        })
        .collect();
    Ok(Queue { lines, next, as_of })
}

/// Why it waits in this queue, each reason once.
fn reasons(queued: &Queued, stage: Stage) -> Vec<Why> {
    let waiting = &queued.waiting;
    let mut why: Vec<Why> = waiting
        .parts
        .iter()
        .enumerate()
        .filter(|(at, _)| waiting.first.contains(at) == (stage == Stage::First))
        .map(|(_, part)| part.why)
        .collect();
    why.sort_unstable();
    why.dedup();
    why
}

/// What waits and may be seen by this person: as many as stand on a page, and one more if there is one.
async fn may_see(
    portal: &Portal,
    actor: &Actor,
    stage: Stage,
    mut after: Option<ItemId>,
) -> Result<Vec<Queued>, Refusal> {
    let organizations = reviews_for(actor, portal.now())?;
    let mut found = Vec::new();
    for _ in 0..READS {
        let wanted = PAGE + 1 - found.len();
        let limit = u64::try_from(wanted).unwrap_or(u64::MAX);
        let store = portal.store();
        let rows = store
            .review_queue(&organizations, stage, after, limit)
            .await?;
        let last = rows.len() < wanted;
        after = rows.last().map(|row| row.item);
        for queued in rows {
            if let Some(looked) = look(portal, actor, queued.patient, &[queued.item]).await? {
                let decider = decider(&looked.viewer, portal.now(), &looked.chart.state);
                let mut items = looked.chart.items.iter();
                if items.any(|item| decider.labels(item).is_some()) {
                    found.push(queued);
                }
            }
        }
        if last || found.len() > PAGE {
            break;
        }
    }
    Ok(found)
}

/// Logs the look at these items' lines and opens them, masked: kind and date.
async fn open(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
    items: &[ItemId],
) -> Result<Vec<(ItemId, Released<Shown>)>, Refusal> {
    let decide = async |looked: Look| {
        let decider = decider(&looked.viewer, portal.now(), &looked.chart.state);
        let permits: Vec<Permit> = looked
            .chart
            .items
            .iter()
            .filter_map(|item| decider.permit(item).map(Permit::masked))
            .collect();
        let ids: Vec<ItemId> = permits.iter().map(Permit::item).collect();
        Ok((!permits.is_empty()).then_some(Decided {
            action: Action::Review,
            purpose: Purpose::Operations,
            permits,
            with: ids,
        }))
    };
    let of = Of::These(items);
    let shown = disclosure::show_of(portal, actor, patient, of, stands(portal), decide).await?;
    Ok(shown.map_or_else(Vec::new, |(ids, opened)| {
        ids.into_iter().zip(opened).collect()
    }))
}
