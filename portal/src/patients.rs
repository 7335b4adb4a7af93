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

/// A line of the list.
pub struct Line {
    /// The patient, for the link.
    pub patient: PatientId,
    /// The name and the birth date, as far as they may be seen.
    pub heading: Option<Released<Heading>>,
}

/// The patients this person may open now, by name.
pub async fn list(portal: &Portal, actor: &Actor) -> Result<Vec<Line>, Refusal> {
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
    let mut lines = Vec::new();
    for patient in portal.store().patients_reaching(&parties).await? {
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
    Ok(lines)
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
