//! `confide decide`

use crate::{
    World,
    cli::Decide,
    failure::{Exit, Failure},
    output,
};
use domain::{
    fhir::{
        consent::{ActReason, instant},
        reader::{self, Entry, ReadError},
        reference::Target,
    },
    label::Label,
    labeling::Part2Programs,
    what_if::{self, ConsentRemark, PartAnswer, Question},
};
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    convert::Infallible,
    fs::File,
    path::{Path, PathBuf},
};

/// Decides on every part of some records by some Consents, and keeps nothing.
pub fn run(arguments: &Decide, world: &World) -> Result<Exit, Failure> {
    let purpose = ActReason::of_code(&arguments.purpose)
        .filter(|purpose| !purpose.is_abstract())
        .ok_or_else(|| {
            Failure::bad_input(
                "--purpose: is not a purpose of use of HL7 v3-ActReason, such as TREAT",
            )
        })?;
    let at = match &arguments.at {
        None => world.clock.now(),
        Some(text) => instant(text).ok_or_else(|| {
            Failure::bad_input("--at: is not a date or an instant, such as 2026-03-01T12:00:00Z")
        })?,
    };
    let recipients: Vec<Target> = arguments
        .recipient
        .iter()
        .map(|text| recipient(text))
        .collect::<Result<_, _>>()?;
    let (records, places) = read_all(&arguments.bundle)?;
    let (consents, _) = read_all(&arguments.consent)?;
    let part2_programs = Part2Programs::of(&arguments.part2_organization);
    let question = Question {
        records: &records,
        consents: &consents,
        recipients: &recipients,
        purpose,
        at,
        part2_programs: &part2_programs,
    };
    let answer = what_if::answer(&question).map_err(|fault| {
        let (file, entry) = places
            .get(fault.place)
            .copied()
            .unwrap_or((Path::new("?"), 0));
        Failure::bad_input(format!("{}: entry {entry}: {fault}", file.display()))
    })?;
    for remark in &answer.remarks {
        output::note(&format!("confide: {}", told(remark)));
    }
    for part in &answer.parts {
        if arguments.json {
            output::json(&object(part));
        } else {
            output::line(&words(part));
        }
    }
    Ok(Exit::Done)
}

fn recipient(text: &str) -> Result<Target, Failure> {
    let wrong = || {
        Failure::bad_input(
            "--recipient: is not a reference (Practitioner/1), a URL or an identifier (system|value)",
        )
    };
    let target = if text.contains('|') && !text.contains('?') {
        let (system, value) = text.split_once('|').ok_or_else(wrong)?;
        let is_whole = !system.is_empty() && !value.is_empty();
        is_whole.then(|| Target::Identifier(text.to_owned()))
    } else {
        Target::of(text).filter(|target| match target {
            Target::Url(url) => url.contains(':'),
            Target::Contained(_) => false,
            Target::Resource(_) | Target::Identifier(_) => true,
        })
    };
    target.ok_or_else(wrong)
}

/// The file and the entry that a resource came from.
type Place<'a> = (&'a Path, usize);

/// The resources of these files, the same one once, with the file and the entry that each came from.
fn read_all(files: &[PathBuf]) -> Result<(Vec<Entry>, Vec<Place<'_>>), Failure> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places = Vec::new();
    let mut seen = HashSet::new();
    for file in files {
        let bytes = File::open(file).map_err(|error| {
            Failure::bad_input(format!(
                "{}: can't be read: {}",
                file.display(),
                error.kind()
            ))
        })?;
        let mut found: Vec<Entry> = Vec::new();
        let read = reader::read(bytes, |entry: Entry| {
            found.push(entry);
            Ok::<(), Infallible>(())
        });
        if let Err(ReadError::Fault(fault)) = read {
            return Err(Failure::bad_input(format!("{}: {fault}", file.display())));
        }
        for entry in found {
            // Within a file the reader sees to it; a file may also be given twice, or share resources with another.
            let is_new = files.len() == 1
                || seen.insert((entry.full_url.clone(), entry.resource.to_string()));
            if is_new {
                places.push((file.as_path(), entry.index));
                entries.push(entry);
            }
        }
    }
    Ok((entries, places))
}

fn object(part: &PartAnswer) -> Value {
    let basis: Vec<Value> = part
        .basis
        .iter()
        .map(|(consent, labels)| {
            let labels: Vec<&str> = labels.iter().map(Label::name).collect();
            json!({ "consent": consent, "labels": labels })
        })
        .collect();
    json!({
        "resource": part.resource,
        "part": part.part,
        "effect": effect(part),
        "basis": basis,
        "obligations": part.obligations.names().collect::<Vec<_>>(),
    })
}

const fn effect(part: &PartAnswer) -> &'static str {
    if part.permits { "permit" } else { "deny" }
}

/// The same for people.
fn words(part: &PartAnswer) -> String {
    let mut line = format!("{:6} {} {}", effect(part), part.resource, part.part);
    for (consent, labels) in &part.basis {
        let labels: Vec<&str> = labels.iter().map(Label::name).collect();
        line.extend([" · ", consent.as_str(), ": ", &labels.join(", ")]);
    }
    let obligations: Vec<&str> = part.obligations.names().collect();
    if !obligations.is_empty() {
        line.extend([" · ", &obligations.join(", ")]);
    }
    line
}

fn told(remark: &ConsentRemark) -> String {
    if remark.permits_nothing {
        format!("{} permits nothing: {}", remark.consent, remark.remark)
    } else {
        format!("{}: {}", remark.consent, remark.remark)
    }
}
