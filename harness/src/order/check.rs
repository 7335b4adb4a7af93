//! What the clients' times and the ledger say of the order.

use super::{Outcome, reader::Read};
use crate::{
    fault::Fault,
    ledger::{self, Entry, Event},
    world::World,
};
use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

/// What was found in the ledger.
#[derive(Default)]
pub struct Found {
    /// Entries in all.
    entries: u64,
    /// Disclosures on the consents of the run.
    on_consents: u64,
    /// Reads that a client saw the item by, found in the ledger.
    matched: u64,
    /// Disclosures that `audit verify` decided again.
    replayed: u64,
}

/// Holds every read against the revocation of the consent it rested on.
pub fn all(world: &World, outcomes: &[Outcome], faults: &mut Vec<String>) -> Result<Found, Fault> {
    let mut found = Found::default();
    by_time(outcomes, faults);
    let revoked: HashMap<&str, Instant> = turns(outcomes)
        .map(|turn| (turn.consent.as_str(), turn.revoked))
        .collect();
    let reads: HashMap<&str, &Read> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.reads)
        .map(|read| (read.request.as_str(), read))
        .collect();
    let mut over = HashSet::new();
    let mut seen = HashSet::new();
    ledger::each(&world.program, |entry| {
        found.entries = found.entries.saturating_add(1);
        look_at(
            &entry, &revoked, &reads, &mut over, &mut seen, &mut found, faults,
        );
    })?;
    found.matched = u64::try_from(seen.len()).unwrap_or(u64::MAX);
    for request in reads.keys().filter(|request| !seen.contains(**request)) {
        faults.push(format!(
            "a client saw the item in answer to {request}, and the ledger lacks it"
        ));
    }
    for id in revoked.keys().filter(|id| !over.contains(**id)) {
        faults.push(format!(
            "consent {id}: a client was told that it is revoked, and the ledger lacks it"
        ));
    }
    let (wrong, replayed) = ledger::verify(&world.program)?;
    faults.extend(wrong);
    found.replayed = replayed;
    Ok(found)
}

fn look_at(
    entry: &Entry,
    revoked: &HashMap<&str, Instant>,
    reads: &HashMap<&str, &Read>,
    over: &mut HashSet<String>,
    seen: &mut HashSet<String>,
    found: &mut Found,
    faults: &mut Vec<String>,
) {
    match &entry.event {
        Event::Revoked(consent) => {
            over.insert(consent.clone());
        }
        Event::Disclosed { consents, .. } => {
            let read = reads.get(entry.request.as_str());
            if read.is_some() {
                seen.insert(entry.request.clone());
            }
            for consent in consents {
                let Some(acknowledged) = revoked.get(consent.as_str()) else {
                    continue;
                };
                found.on_consents = found.on_consents.saturating_add(1);
                if over.contains(consent) {
                    faults.push(format!(
                        "entry {} of {}: a disclosure on {consent} after its revocation",
                        entry.seq, entry.chain
                    ));
                }
                if read.is_some_and(|read| read.began > *acknowledged) {
                    faults.push(format!(
                        "request {}: began after the revocation of {consent} was acknowledged, and showed on it",
                        entry.request
                    ));
                }
            }
        }
        _ => {}
    }
}

/// Without the ledger: a read that lies whole in a time in which nothing was shared shows nothing.
fn by_time(outcomes: &[Outcome], faults: &mut Vec<String>) {
    for outcome in outcomes {
        let next = outcome.turns.iter().skip(1).map(|turn| Some(turn.begun));
        for (turn, next) in outcome.turns.iter().zip(next.chain([None])) {
            let inside = |read: &&Read| {
                read.began > turn.revoked && next.is_none_or(|next| read.ended < next)
            };
            for read in outcome.reads.iter().filter(inside) {
                faults.push(format!(
                    "request {}: showed the item after the revocation of {} was acknowledged",
                    read.request, turn.consent
                ));
            }
        }
    }
}

fn turns(outcomes: &[Outcome]) -> impl Iterator<Item = &super::Turn> {
    outcomes.iter().flat_map(|outcome| &outcome.turns)
}

/// The table, in Markdown.
pub fn table(seed: u64, outcomes: &[Outcome], found: &Found, faults: usize) -> Vec<String> {
    let mut lines = vec![
        format!(
            "| order, seed {seed}: trouble | reads | shown | refused | revocations | acknowledged while a server stood \
             still | seconds |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- |".to_owned(),
    ];
    for outcome in outcomes {
        lines.push(format!(
            "| {} | {} | {} | {} | {} | {} | {} |",
            outcome.trouble.words(),
            outcome.count,
            outcome.reads.len(),
            outcome.refused,
            outcome.turns.len(),
            outcome.turns.iter().filter(|turn| turn.paused).count(),
            outcome.seconds
        ));
    }
    lines.push(String::new());
    lines.push(format!(
        "{} entries, {} disclosures on the consents, {} of them reads that clients saw, {} disclosures decided again, {faults} \
         faults.",
        found.entries, found.on_consents, found.matched, found.replayed
    ));
    lines
}
