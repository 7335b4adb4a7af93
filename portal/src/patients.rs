//! The patients a clinician may open now: by a current relationship or an active consent, nobody else (UX).

use crate::actor::Actor;
use crate::chart::{Heading, heading_of, heading_permit};
use crate::disclosure::{self, DECIDE_AGAIN, Plan};
use crate::{Portal, Refusal, chart};
use domain::decide::{Action, Decider};
use domain::id::PatientId;
use domain::item::ItemKind;
use domain::party::Party;
use domain::purpose::Purpose;
use store::DiscloseError;
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
    if !(actor.role().gives_care() || actor.role() == domain::party::Role::Billing) {
        return Err(Refusal::NotAvailable);
    }
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
        name(a).cmp(&name(b)).then_with(|| a.patient.cmp(&b.patient))
    });
    Ok(lines)
}

async fn line(
    portal: &Portal,
    actor: &Actor,
    patient: PatientId,
) -> Result<Option<Line>, Refusal> {
    let viewer = actor.viewer();
    for _ in 0..DECIDE_AGAIN {
        let Some(chart) = portal.store().chart(patient).await? else {
            return Ok(None);
        };
        let now = portal.now();
        let reached = chart::PURPOSES
            .into_iter()
            .map(|purpose| Decider::new(&viewer, Action::View, purpose, now, &chart.state))
            .find(Decider::has_standing);
        let Some(decider) = reached else {
            return Ok(None);
        };
        let permit = chart
            .items
            .iter()
            .find(|item| item.kind == ItemKind::Demographics)
            .and_then(|item| heading_permit(&decider, item));
        let purpose: Purpose = decider.purpose();
        let plan = Plan {
            patient,
            epoch: chart.state.epoch,
            action: Action::View,
            purpose,
            permits: permit.into_iter().collect(),
        };
        match disclosure::carry_out(portal, actor, plan).await {
            Err(DiscloseError::Stale) => {}
            Err(error) => return Err(error.into()),
            Ok(opened) => {
                return Ok(Some(Line {
                    patient,
                    heading: opened.into_iter().next().map(heading_of),
                }));
            }
        }
    }
    Err(DiscloseError::Stale.into())
}
