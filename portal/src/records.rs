//! A person's own record: masked by default, revealed item by item, filtered and paged.

use crate::actor::Actor;
use crate::chart::RestsOn;
use crate::disclosure::{self, Decided, Listed, Look, is_sensitive, screened};
use crate::session::{Filter, Reveal};
use crate::{Portal, Refusal, chart, step_up};
use domain::clock::Instant;
use domain::decide::{Action, Decider, Obligation, Permit};
use domain::id::ItemId;
use domain::item::{ItemFacts, ItemKind, KINDS};
use domain::label::{Label, LabelSet};
use domain::party::Role;
use domain::purpose::Purpose;
use domain::state::PolicyState;
use std::sync::atomic::{AtomicBool, Ordering};
use tower_sessions::Session;

/// How many items stand on a page.
pub const PAGE: usize = 50;

/// One page of a person's own record.
#[derive(Debug)]
pub struct Records {
    /// The items, newest first.
    pub entries: Vec<Listed>,
    /// How many there are under this filter.
    pub total: usize,
    /// This page, from 1.
    pub page: usize,
    /// The last page, at least 1.
    pub pages: usize,
    /// The filter in force.
    pub filter: Filter,
    /// The kinds there are to choose from.
    pub kinds: Vec<ItemKind>,
    /// The segments there are to choose from, parents with their children.
    pub segments: LabelSet,
    /// The consents that it rests on, where somebody looks on one (LAW D5).
    pub rests_on: Vec<RestsOn>,
    /// Whether notice N1 is owed: somebody looks on a consent at records of a Part 2 program (LAW B1).
    pub notice: bool,
    /// When the page was true.
    pub as_of: Instant,
}

/// The consents behind these permits, and whether notice N1 is owed with them (LAW B1). A patient, and whoever stands in
/// their place, looks on none.
pub(crate) fn on_consents(permits: &[Permit], state: &PolicyState) -> (Vec<RestsOn>, bool) {
    let (rests_on, _, _) = chart::grounds(permits, state);
    let owed = |permit: &Permit| permit.obligations().has(Obligation::Notice);
    (rests_on, permits.iter().any(owed))
}

/// Why the patient's own record is opened.
pub(crate) fn own_purpose(role: Role) -> Purpose {
    if role == Role::Proxy {
        Purpose::Family
    } else {
        Purpose::PatientRequest
    }
}

/// Newest first; what has no date comes last; ids keep the order the same every time.
pub(crate) fn newest_first(items: &mut [&ItemFacts]) {
    items.sort_by(|a, b| b.when.cmp(&a.when).then_with(|| a.id.cmp(&b.id)));
}

/// The page of that number, pulled into range, of `total` things; and how many pages there are.
pub(crate) fn page_of(total: usize, page: usize) -> (usize, usize) {
    let pages = total.div_ceil(PAGE).max(1);
    (page.clamp(1, pages), pages)
}

/// Opens one page of one's own record (LAW C1).
pub async fn list(
    portal: &Portal,
    actor: &Actor,
    filter: &Filter,
    page: usize,
    reveal: Option<Reveal>,
) -> Result<Records, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let purpose = own_purpose(actor.role());
    let decide = async |look: Look| {
        let Look { viewer, chart } = look;
        let now = portal.now();
        let decider = Decider::new(&viewer, Action::View, purpose, now, &chart.state);
        let mut kinds = Vec::new();
        let mut segments = LabelSet::EMPTY;
        let mut found: Vec<&ItemFacts> = Vec::new();
        for item in chart.items.iter().filter(|item| item.kind.is_shown()) {
            let Some(labels) = decider.labels(item) else {
                continue;
            };
            if !kinds.contains(&item.kind) {
                kinds.push(item.kind);
            }
            segments = segments.join(labels.required());
            if matches(filter, item, labels) {
                found.push(item);
            }
        }
        kinds.sort_by_key(|kind| KINDS.iter().position(|known| known == kind));
        newest_first(&mut found);
        let total = found.len();
        let (page, pages) = page_of(total, page);
        let mut hidden = Vec::new();
        let mut permits = Vec::new();
        for item in found.into_iter().skip((page - 1) * PAGE).take(PAGE) {
            let Some(permit) = decider.permit(item) else {
                continue;
            };
            let shown = match reveal {
                Some(Reveal::Item(id)) => id == item.id,
                Some(Reveal::Segment(bits)) => LabelSet::from_bits(bits)
                    .is_some_and(|asked| permit.labels().overlaps(asked.with_children())),
                _ => false,
            };
            // A separated counseling note opens on its own page only, after a step-up (POLICY §4.1).
            let shown = shown && !asks_step_up(&permit);
            let (permit, masked) = if shown {
                (permit, LabelSet::EMPTY)
            } else {
                screened(permit, item)
            };
            hidden.push(masked);
            permits.push(permit);
        }
        let (rests_on, notice) = on_consents(&permits, &chart.state);
        let records = Records {
            rests_on,
            notice,
            entries: Vec::new(),
            total,
            page,
            pages,
            filter: filter.clone(),
            kinds,
            segments: segments.with_parents(),
            as_of: now,
        };
        Ok(Some(Decided {
            action: Action::View,
            purpose,
            permits,
            with: (records, hidden),
        }))
    };
    let ((records, hidden), opened) = disclosure::show(portal, actor, patient, |_, _| true, decide)
        .await?
        .ok_or(Refusal::NotAvailable)?;
    Ok(Records {
        entries: disclosure::listed(opened, hidden),
        ..records
    })
}

/// Whether an item is inside the filter.
pub(crate) fn matches(filter: &Filter, item: &ItemFacts, labels: LabelSet) -> bool {
    let segment = match filter.segment.as_deref().map(Label::from_name) {
        None => true,
        Some(None) => false,
        Some(Some(Label::General)) => labels.is_ordinary(),
        Some(Some(label)) => labels.overlaps(LabelSet::of([label]).with_children()),
    };
    segment
        && filter.kind.is_none_or(|kind| kind == item.kind)
        && within(item, filter.from, filter.until)
}

/// Whether an item's service lies in a range of days; without limits everything does.
pub(crate) fn within(
    item: &ItemFacts,
    from: Option<chrono::NaiveDate>,
    until: Option<chrono::NaiveDate>,
) -> bool {
    if from.is_none() && until.is_none() {
        return true;
    }
    let days = item
        .service
        .or_else(|| item.when.map(|when| (when.date_naive(), when.date_naive())));
    days.is_some_and(|(first, last)| {
        from.is_none_or(|from| last >= from) && until.is_none_or(|until| first <= until)
    })
}

/// One item of one's own record.
#[derive(Debug)]
pub struct Record {
    /// The item and what is masked of it.
    pub listed: Listed,
    /// The consents that it rests on.
    pub rests_on: Vec<RestsOn>,
    /// Whether notice N1 is owed (LAW B1).
    pub notice: bool,
    /// When the page was true.
    pub as_of: Instant,
}

/// Whether opening it takes a fresh factor: a separated counseling note (POLICY §4.1).
pub(crate) fn asks_step_up(permit: &Permit) -> bool {
    permit.obligations().has(Obligation::StepUp)
}

/// Opens one item, masked unless it was asked for.
///
/// A separated counseling note takes a fresh factor for this very item besides (POLICY §4.1). Without one,
/// this asks for it; with one, the note is shown, and the factor is used up by that.
///
/// # Errors
/// [`Refusal::StepUpFirst`] when the fresh factor is asked for.
pub async fn item(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    id: ItemId,
    reveal: Option<Reveal>,
) -> Result<Record, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let purpose = own_purpose(actor.role());
    let note = step_up::Action::CounselingNote(id);
    let asked = reveal == Some(Reveal::Item(id));
    // Taken once, however often it is decided again.
    let taken = AtomicBool::new(false);
    let decide = async |look: Look| {
        let Look { viewer, chart } = look;
        let now = portal.now();
        let decider = Decider::new(&viewer, Action::View, purpose, now, &chart.state);
        let decided = chart
            .items
            .iter()
            .find(|item| item.id == id && item.kind.is_shown())
            .and_then(|item| decider.permit(item).map(|permit| (item, permit)));
        let Some((facts, permit)) = decided else {
            return Ok(None);
        };
        if asks_step_up(&permit) && !taken.load(Ordering::Relaxed) {
            if step_up::stands(portal, session, &note).await? {
                step_up::take(portal, session, &note).await?;
                taken.store(true, Ordering::Relaxed);
            } else if asked {
                step_up::ask(session, &note).await?;
                return Err(Refusal::StepUpFirst);
            }
        }
        let (permit, hidden) = if asked || taken.load(Ordering::Relaxed) {
            (permit, LabelSet::EMPTY)
        } else {
            screened(permit, facts)
        };
        let permits = vec![permit];
        let grounds = on_consents(&permits, &chart.state);
        Ok(Some(Decided {
            action: Action::View,
            purpose,
            permits,
            with: (hidden, grounds, now),
        }))
    };
    let shown = disclosure::show(portal, actor, patient, |_, _| true, decide).await?;
    let Some(((hidden, (rests_on, notice), as_of), opened)) = shown else {
        let (doing, why) = (Action::View, Some(purpose));
        return Err(disclosure::denied(portal, actor, patient, doing, why, Some(id)).await);
    };
    let item = opened.into_iter().next().ok_or(Refusal::NotAvailable)?;
    Ok(Record {
        listed: Listed { item, hidden },
        rests_on,
        notice,
        as_of,
    })
}

/// Whether any part of an item would be masked: for the words on a button.
pub fn masks(labels: LabelSet) -> bool {
    is_sensitive(labels)
}
