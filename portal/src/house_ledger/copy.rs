//! A copy of the house's chain as NDJSON: one entry a line, the newest first, with the same words for people as the page.

use super::lines::{Line, Names, Who};
use super::{Filter, read};
use crate::actor::Actor;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use domain::duty::Duty;
use domain::party::Role;
use serde_json::json;
use store::{Chain, Event};
use tower_sessions::Session;

/// The most entries of one copy, and how many are read for it at once.
const MOST: usize = 100_000;
const AT_ONCE: usize = 5_000;

/// Makes the copy, with a fresh factor for exactly this: one JSON object a line. Where there is more than a copy holds, the
/// last line says so. That it was taken is written down before it goes out.
///
/// # Errors
/// [`Refusal::StepUpFirst`] without the factor; [`Refusal::NotAvailable`] for whoever may not read it.
pub async fn take(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    filter: &Filter,
) -> Result<Vec<u8>, Refusal> {
    actor.must(Duty::ReadHouseLedger)?;
    step_up::take(portal, session, &Action::TakeHouseLedger(*filter)).await?;
    let mut names = Names::new(portal).await?;
    let mut bytes = Vec::new();
    let mut entries = 0_usize;
    let mut before = None;
    loop {
        let (found, older) = read(portal, filter, before, AT_ONCE).await?;
        for entry in found {
            let line = names.line(entry).await?;
            bytes.extend_from_slice(told(&line).to_string().as_bytes());
            bytes.push(b'\n');
            entries = entries.saturating_add(1);
        }
        match older {
            None => break,
            Some(place) if entries >= MOST => {
                let rest = json!({ "cut_off": true, "before": place });
                bytes.extend_from_slice(rest.to_string().as_bytes());
                bytes.push(b'\n');
                break;
            }
            Some(place) => before = Some(place),
        }
    }
    let event = Event::HouseLedgerTaken {
        entries: u64::try_from(entries).unwrap_or(u64::MAX),
    };
    portal
        .store()
        .append(&actor.stamp(), Chain::House, event)
        .await?;
    Ok(bytes)
}

fn who(who: &Who) -> serde_json::Value {
    match who {
        Who::Staff(name) => json!({ "staff": name }),
        Who::Patient => json!("a patient's account"),
        Who::Gone => json!("somebody who is no longer here"),
        Who::Nobody => json!("somebody unknown"),
        Who::System => json!("the system"),
    }
}

fn told(line: &Line) -> serde_json::Value {
    let mut told = json!({
        "place": line.seq,
        "entry": line.id,
        "at": line.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "who": who(&line.who),
        "topic": line.topic.name(),
        "what": line.what,
    });
    if let Some(role) = line.role.map(Role::name) {
        told["role"] = role.into();
    }
    if let Some(about) = &line.about {
        told["about"] = who(about);
    }
    if let Some(organization) = &line.organization {
        told["organization"] = organization.as_str().into();
    }
    told
}
