//! `confide audit export`

use crate::{
    World,
    cli::AuditExport,
    command::configuration,
    failure::{Exit, Failure},
    output::{self, ProgressLine},
    wiring,
};
use domain::clock::Instant;
use domain::fhir::consent::instant;
use domain::id::PatientId;
use portal::audit_event::audit_event;
use serde_json::{Value, json};
use store::{Chain, Entry, Event, Stamp, Store};

/// How many entries are read at once.
const PAGE: u64 = 500;

/// Copies entries out, a JSON object a line. That it was done is in the ledger before the first line is out.
pub async fn run(arguments: AuditExport, world: &World) -> Result<Exit, Failure> {
    let from = arguments
        .from
        .as_deref()
        .map(|it| when("--from", it))
        .transpose()?;
    let until = arguments
        .until
        .as_deref()
        .map(|it| when("--until", it))
        .transpose()?;
    let patient = match &arguments.patient {
        None => None,
        Some(text) => Some(PatientId::parse(text).ok_or_else(|| {
            Failure::bad_input("--patient: is not an id, as `audit verify` and proofs name chains")
        })?),
    };
    let config = configuration(&arguments.place, world)?;
    wiring::must_exist(&config.storage)?;
    let store = wiring::open_store(&config.storage, world).await?;
    let chains = match patient {
        None => store.chains(from).await?,
        Some(patient) => vec![Chain::Patient(patient)],
    };
    tell(&store, patient, arguments.with_labels).await?;
    let mut progress = ProgressLine::new(arguments.progress);
    let mut copied: u64 = 0;
    for chain in chains {
        let mut after = 0;
        'chain: loop {
            let entries = store.entries_after(chain, after, PAGE).await?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            for entry in entries {
                // Instants never decrease along a chain.
                if until.is_some_and(|until| entry.body.at >= until) {
                    break 'chain;
                }
                if from.is_some_and(|from| entry.body.at < from) {
                    continue;
                }
                output::json(&if arguments.fhir {
                    audit_event(chain, &entry, arguments.with_labels)
                } else {
                    plain(chain, &entry, arguments.with_labels)?
                });
                copied = copied.saturating_add(1);
            }
            progress.show(&format!("{copied} entries"));
        }
    }
    progress.end();
    Ok(Exit::Done)
}

fn when(name: &str, text: &str) -> Result<Instant, Failure> {
    instant(text).ok_or_else(|| {
        Failure::bad_input(format!(
            "{name}: is not a date or an instant, such as 2026-03-01T12:00:00Z"
        ))
    })
}

/// Writes down that entries are copied: in the house's chain, and in the patient's where it is one patient's.
async fn tell(store: &Store, patient: Option<PatientId>, labels: bool) -> Result<(), Failure> {
    let event = Event::LedgerExported { patient, labels };
    if let Some(patient) = patient {
        let chain = Chain::Patient(patient);
        store.append(&Stamp::SYSTEM, chain, event.clone()).await?;
    }
    store.append(&Stamp::SYSTEM, Chain::House, event).await?;
    Ok(())
}

/// An entry as it stands in the ledger, without what tells what a record is about unless that is asked for.
fn plain(chain: Chain, entry: &Entry, with_labels: bool) -> Result<Value, Failure> {
    let mut body = serde_json::to_value(&entry.body)
        .map_err(|_| Failure::environment("an entry can't be written down"))?;
    if !with_labels {
        without_labels(&mut body);
    }
    Ok(json!({
        "chain": chain.id(),
        "seq": entry.seq,
        "id": entry.id,
        "body": body,
    }))
}

/// Takes labels out, what was noted and packed for deciding again, and what people wrote: all of it may tell.
fn without_labels(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for name in ["labels", "facts", "noted", "record", "note", "reason"] {
                members.remove(name);
            }
            for (name, member) in members {
                match member {
                    // A consent as a ground: its id, and the labels it covered.
                    Value::Array(parts) if name == "Consent" => parts.truncate(1),
                    other => without_labels(other),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(without_labels),
        _ => {}
    }
}
