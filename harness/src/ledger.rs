//! The ledger as `confide audit export` copies it out, and what `confide audit verify` says of it.

use crate::{fault::Fault, process::Program};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead, BufReader},
    process::Stdio,
};

/// An entry, as far as it matters here.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The chain: a patient's id, or the house's.
    pub chain: String,
    /// Its place in the chain.
    pub seq: u64,
    /// The request it was written for; empty: none.
    pub request: String,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// Something was shown or handed over.
    Disclosed {
        /// What was done with it: `View`, `Download` …
        action: String,
        /// The items: whether each was masked.
        items: HashMap<String, bool>,
        /// The consents on which it rests.
        consents: Vec<String>,
    },
    /// A consent was signed.
    Signed(String),
    /// A consent was revoked.
    Revoked(String),
    /// A consent ended otherwise.
    Ended(String),
    /// Resources were imported: new ones.
    Imported(u64),
    /// Anything else, by its name.
    Other(String),
}

/// The whole ledger, each chain in its order.
#[derive(Default)]
pub struct Ledger {
    /// The entries.
    pub entries: Vec<Entry>,
    by_request: HashMap<String, Vec<usize>>,
}

impl Ledger {
    /// Copies it out of where the program keeps its things.
    pub fn export(program: &Program) -> Result<Self, Fault> {
        let mut ledger = Self::default();
        each(program, |entry| {
            let place = ledger.entries.len();
            let known = ledger.by_request.entry(entry.request.clone()).or_default();
            known.push(place);
            ledger.entries.push(entry);
        })?;
        Ok(ledger)
    }

    /// What was written for a request.
    pub fn of_request<'a>(&'a self, request: &str) -> impl Iterator<Item = &'a Entry> {
        let places = self.by_request.get(request).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|place| self.entries.get(*place))
    }

    /// Every consent: in whose chain, and whether it stands.
    pub fn consents(&self) -> BTreeMap<String, Standing> {
        let mut consents = BTreeMap::new();
        for entry in &self.entries {
            let (id, stands) = match &entry.event {
                Event::Signed(id) => (id, true),
                Event::Revoked(id) | Event::Ended(id) => (id, false),
                _ => continue,
            };
            let chain = entry.chain.clone();
            consents.insert(id.clone(), Standing { chain, stands });
        }
        consents
    }
}

/// Hands over entry by entry, as `audit export` copies them out.
pub fn each(program: &Program, mut take: impl FnMut(Entry)) -> Result<(), Fault> {
    let mut child = program
        .command(&["audit", "export"])
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()?;
    let lines = child.stdout.take().map(BufReader::new);
    for line in lines.into_iter().flat_map(BufRead::lines) {
        let entry = serde_json::from_str(&line?)
            .ok()
            .and_then(|value| entry(&value))
            .ok_or_else(|| Fault::Odd("audit export: a line that can't be read".to_owned()))?;
        take(entry);
    }
    let status = child.wait()?;
    if status.success() {
        Ok(())
    } else {
        Err(Fault::Odd(format!("audit export: {status}")))
    }
}

/// What the ledger says of a consent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Whose chain it is in.
    pub chain: String,
    /// Whether it was signed and has not ended.
    pub stands: bool,
}

/// The faults that `audit verify` finds; and how many disclosures it decided again.
pub fn verify(program: &Program) -> Result<(Vec<String>, u64), Fault> {
    let output = program.run(&["audit", "verify", "--json"])?;
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Fault::Odd(format!(
            "audit verify, {}: {said}",
            output.status
        )));
    };
    let mut faults: Vec<String> = report
        .get("faults")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(Value::to_string)
        .collect();
    if faults.is_empty() && !output.status.success() {
        faults.push(format!("audit verify: {}", output.status));
    }
    let replayed = report.get("replayed").and_then(Value::as_u64).unwrap_or(0);
    Ok((faults, replayed))
}

fn entry(line: &Value) -> Option<Entry> {
    let body = line.get("body")?;
    Some(Entry {
        chain: text(line.get("chain")?)?,
        seq: line.get("seq")?.as_u64()?,
        request: body
            .get("stamp")?
            .get("request")
            .and_then(text)
            .unwrap_or_default(),
        event: event(body.get("event")?)?,
    })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(ToOwned::to_owned)
}

fn event(value: &Value) -> Option<Event> {
    if let Some(name) = value.as_str() {
        return Some(Event::Other(name.to_owned()));
    }
    let (name, of) = value.as_object()?.iter().next()?;
    let consent = || of.get("consent").and_then(text);
    Some(match name.as_str() {
        "Disclosed" => disclosed(of)?,
        "ConsentSigned" => Event::Signed(consent()?),
        "ConsentRevoked" => Event::Revoked(consent()?),
        "ConsentEnded" | "ConsentSuperseded" | "ConsentSuspended" => Event::Ended(consent()?),
        "Imported" => Event::Imported(of.get("new")?.as_u64()?),
        other => Event::Other(other.to_owned()),
    })
}

fn disclosed(of: &Value) -> Option<Event> {
    let mut items = HashMap::new();
    for item in of.get("items")?.as_array()? {
        items.insert(text(item.get("item")?)?, item.get("masked")?.as_bool()?);
    }
    let consents = of
        .get("basis")?
        .as_array()?
        .iter()
        .filter_map(|ground| text(ground.get("Consent")?.get(0)?))
        .collect();
    Some(Event::Disclosed {
        action: text(of.get("action")?)?,
        items,
        consents,
    })
}
