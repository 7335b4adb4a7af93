//! The patients a clinician may open now: by a current relationship or an active consent, nobody else (UX).

use crate::actor::Actor;
use crate::chart::{Heading, heading_of, heading_permit};
use crate::disclosure::{self, Decided, Look};
use crate::records::newest_first;
use crate::{Portal, Refusal, chart};
use domain::clock::Instant;
use domain::decide::{Action, Decider};
use domain::id::PatientId;
use domain::item::{ItemFacts, ItemKind};
use domain::party::{Party, Viewer};
use domain::purpose::Purpose;
use domain::state::PolicyState;
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

/// A page of the patients.
pub struct Patients {
    /// Its lines, by name.
    pub lines: Vec<Line>,
    /// This page, from 1.
    pub page: usize,
    /// The last page.
    pub pages: usize,
}

/// The patients this person may open now, so many a page, each page by name. Beyond the last one it is the last.
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
        // The first that may be seen: one that may not be must not stand in its way (POLICY §5).
        let mut demographics: Vec<&ItemFacts> = chart
            .items
            .iter()
            .filter(|item| item.kind == ItemKind::Demographics)
            .collect();
        newest_first(&mut demographics);
        let permit = demographics
            .into_iter()
            .find_map(|item| heading_permit(&decider, item));
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
