//! The patients a clinician may open now: by a current relationship or an active consent, nobody else (UX).
//!
//! They stand by name, over all pages. Names are sealed, and a name on a page is a look (LAW F2): only those of one page are
//! opened. Where there is more than a page of them, they are put in order by the names that the directory has, where the
//! viewer may see every name in the record. That reads the facts of every record for each page, so of more than [`SORTED`]
//! patients the pages are by id, and each page by name.

use crate::actor::Actor;
use crate::chart::{Heading, heading_of, heading_permit};
use crate::disclosure::{self, Decided, Look};
use crate::records::newest_first;
use crate::{Portal, Refusal, chart};
use domain::clock::Instant;
use domain::decide::{Action, Decider, Permit};
use domain::id::{PatientId, PersonId};
use domain::item::{ItemFacts, ItemKind};
use domain::party::{Party, Viewer};
use domain::purpose::Purpose;
use domain::state::PolicyState;
use std::collections::BTreeMap;
use store::Released;
use store::open_pages::LOGGED_AT_MOST;

/// A line of the list.
pub struct Line {
    /// The patient, for the link.
    pub patient: PatientId,
    /// The name and the birth date, as far as they may be seen.
    pub heading: Option<Released<Heading>>,
}

/// How many patients stand on a page: each is a look, and an open page follows no more than a ticket holds.
pub const PAGE: usize = LOGGED_AT_MOST / 2;
/// How many patients at most are put in order over all pages. Somebody who gives care has some hundreds.
pub const SORTED: usize = 2_000;

/// A page of the patients.
pub struct Patients {
    /// Its lines, by name.
    pub lines: Vec<Line>,
    /// This page, from 1.
    pub page: usize,
    /// The last page.
    pub pages: usize,
}

/// The patients this person may open now, so many a page, by name; of more than [`SORTED`], each page by name. Beyond the
/// last page it is the last.
pub async fn list(portal: &Portal, actor: &Actor, page: usize) -> Result<Patients, Refusal> {
    chart::may_open(actor)?;
    let now = portal.now();
    let mut parties = vec![Party::Person(actor.person())];
    parties.extend(
        actor
            .viewer()
            .memberships
            .iter()
            .filter(|membership| membership.span.holds(now))
            .map(|membership| Party::Organization(membership.organization)),
    );
    let mut open = portal.store().patients_reaching(&parties).await?;
    if open.len() > PAGE {
        open = standing_toward(portal, actor, open).await?;
    }
    if open.len() > PAGE && open.len() <= SORTED {
        open = by_name(portal, actor, open).await?;
    }
    let pages = open.len().div_ceil(PAGE).max(1);
    let page = page.clamp(1, pages);
    let mut lines = Vec::new();
    for patient in open.into_iter().skip((page - 1) * PAGE).take(PAGE) {
        if let Some(line) = line(portal, actor, patient).await? {
            lines.push(line);
        }
    }
    lines.sort_by(|a, b| {
        let name = |line: &Line| {
            line.heading
                .as_ref()
                .and_then(|heading| heading.name.as_ref())
                .map(|name| name.to_lowercase())
        };
        name(a)
            .cmp(&name(b))
            .then_with(|| a.patient.cmp(&b.patient))
    });
    Ok(Patients { lines, page, pages })
}

/// Those of them that this person may open now: how many others there are must not show in what stands on a page (POLICY
/// §5).
async fn standing_toward(
    portal: &Portal,
    actor: &Actor,
    all: Vec<PatientId>,
) -> Result<Vec<PatientId>, Refusal> {
    let viewer = disclosure::viewer_now(portal, actor).await?;
    let mut open = Vec::new();
    for patient in all {
        let state = portal.store().policy_state(patient).await?;
        if state.is_some_and(|state| standing(&viewer, portal.now(), &state).is_some()) {
            open.push(patient);
        }
    }
    open.sort_unstable();
    Ok(open)
}

/// The same patients by name; those whose name the viewer may not see come first, by id, as they do on a page. Nothing is
/// opened for it.
///
/// INVARIANT: where something stands by a name, the viewer may see the name: it must not show in the order otherwise
/// (POLICY §5).
async fn by_name(
    portal: &Portal,
    actor: &Actor,
    all: Vec<PatientId>,
) -> Result<Vec<PatientId>, Refusal> {
    let store = portal.store();
    let viewer = disclosure::viewer_now(portal, actor).await?;
    let mut found: Vec<(PatientId, Option<PersonId>)> = Vec::with_capacity(all.len());
    for patient in all {
        let Some(state) = store.policy_state(patient).await? else {
            continue;
        };
        let items = store.items_at(patient, state.epoch).await?;
        let named = standing(&viewer, portal.now(), &state)
            .is_some_and(|decider| shows_name(&decider, &items));
        found.push((patient, state.subject.filter(|_| named)));
    }
    let subjects: Vec<PersonId> = found.iter().filter_map(|(_, subject)| *subject).collect();
    let people = store.people(&subjects).await?;
    let names: BTreeMap<PersonId, String> = people
        .into_iter()
        .map(|person| (person.id, person.name.to_lowercase()))
        .collect();
    let mut named: Vec<(Option<&String>, PatientId)> = found
        .into_iter()
        .map(|(patient, subject)| (subject.and_then(|subject| names.get(&subject)), patient))
        .collect();
    named.sort_unstable();
    Ok(named.into_iter().map(|(_, patient)| patient).collect())
}

/// Whether a line's heading has all names of the record: the directory's may be any of them, and one that the viewer may not
/// see must not decide on an order.
fn shows_name(decider: &Decider<'_>, items: &[ItemFacts]) -> bool {
    heading_of_line(decider, items).is_some_and(|(item, permit)| {
        let parts = item.parts.iter().enumerate();
        let mut names = parts
            .filter(|(_, part)| part.path.starts_with("name"))
            .peekable();
        names.peek().is_some() && names.all(|(at, _)| permit.allows(at))
    })
}

/// The item that heads a line, with the permit for what stands there: the first that may be seen. One that may not be must
/// not stand in its way (POLICY §5).
fn heading_of_line<'i>(
    decider: &Decider<'_>,
    items: &'i [ItemFacts],
) -> Option<(&'i ItemFacts, Permit)> {
    let mut demographics: Vec<&ItemFacts> = items
        .iter()
        .filter(|item| item.kind == ItemKind::Demographics)
        .collect();
    newest_first(&mut demographics);
    demographics
        .into_iter()
        .find_map(|item| Some((item, heading_permit(decider, item)?)))
}

/// The first purpose for which the viewer has standing.
fn standing<'a>(viewer: &'a Viewer, now: Instant, state: &'a PolicyState) -> Option<Decider<'a>> {
    chart::PURPOSES
        .into_iter()
        // What is open in an emergency is on the list while it is (LAW E1).
        .chain([Purpose::Emergency])
        .map(|purpose| Decider::new(viewer, Action::View, purpose, now, state))
        .find(Decider::has_standing)
}

async fn line(portal: &Portal, actor: &Actor, patient: PatientId) -> Result<Option<Line>, Refusal> {
    let decide = async |look: Look| {
        let Look { viewer, chart } = look;
        let Some(decider) = standing(&viewer, portal.now(), &chart.state) else {
            return Ok(None);
        };
        let permit = heading_of_line(&decider, &chart.items).map(|(_, permit)| permit);
        Ok(Some(Decided {
            action: Action::View,
            purpose: decider.purpose(),
            permits: permit.into_iter().collect(),
            with: (),
        }))
    };
    let stands =
        |viewer: &Viewer, state: &PolicyState| standing(viewer, portal.now(), state).is_some();
    let shown = disclosure::show(portal, actor, patient, stands, decide).await?;
    Ok(shown.map(|((), opened)| Line {
        patient,
        heading: opened.into_iter().next().map(heading_of),
    }))
}
