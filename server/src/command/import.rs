//! `confide import`

use crate::{
    World,
    cli::Import,
    command::{configuration, make_directory},
    failure::{Exit, Failure},
    output::{self, ProgressLine},
    wiring,
};
use portal::{
    Portal,
    import::{ImportError, Progress, Report, Source},
};
use serde_json::json;
use std::{fs::File, path::Path};
use store::Stamp;

/// Imports each file, all of it or nothing. A file with a fault doesn't keep the others out; the exit code tells.
pub async fn run(arguments: Import, world: &World) -> Result<Exit, Failure> {
    let config = configuration(&arguments.place, world)?;
    make_directory(&arguments.place)?;
    let store = wiring::open_store(&config.storage, world).await?;
    let mut options = wiring::portal_options(&config);
    options
        .part2_organizations
        .extend(arguments.part2_organization);
    let portal = Portal::new(store, options);
    let mut exit = Exit::Done;
    for file in &arguments.files {
        let mut progress = ProgressLine::new(arguments.progress);
        let outcome = import(&portal, file, arguments.sender.clone(), &mut progress).await;
        progress.end();
        match outcome {
            Ok(report) if arguments.json => output::json(&report),
            Ok(report) => print(&report),
            Err(error) => {
                exit = worse(exit, tell(file, &error, arguments.json));
            }
        }
    }
    Ok(exit)
}

/// How often progress is said, in resources.
const EVERY: u64 = 250;

async fn import(
    portal: &Portal,
    file: &Path,
    sender: Option<String>,
    progress: &mut ProgressLine,
) -> Result<Report, ImportError> {
    let name = file.display().to_string();
    let bytes = File::open(file).map_err(|error| ImportError {
        entry: None,
        path: None,
        reason: format!("the file can't be read: {}", error.kind()),
        cause: None,
    })?;
    let source = Source {
        name: name.clone(),
        bytes: Box::new(bytes),
        sender,
    };
    let mut show = |done: Progress| {
        if done.settling {
            progress.show(&format!(
                "{name}: {} resources read, labeling",
                done.resources
            ));
        } else if done.resources.is_multiple_of(EVERY) {
            progress.show(&format!("{name}: {} resources read", done.resources));
        }
    };
    portal::import::run(portal, &Stamp::SYSTEM, source, &mut show).await
}

/// Says what was wrong, and whose fault it is.
fn tell(file: &Path, error: &ImportError, as_json: bool) -> Exit {
    let name = file.display().to_string();
    output::note(&format!("confide: {name}: {error}"));
    if as_json {
        output::json(&json!({
            "file": name,
            "resources": {},
            "new": 0,
            "changed": 0,
            "unchanged": 0,
            "segments": {},
            "part2": 0,
            "review": 0,
            "error": error,
        }));
    }
    if error.cause.is_some() {
        Exit::Environment
    } else {
        Exit::BadInput
    }
}

/// The environment's fault is the worse one: what was fine may not have been kept either.
fn worse(one: Exit, other: Exit) -> Exit {
    if one as u8 >= other as u8 { one } else { other }
}

fn print(report: &Report) {
    let counts = |counts: &mut dyn Iterator<Item = (String, u64)>| {
        counts
            .map(|(name, count)| format!("{name} {count}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    output::line(&report.file);
    output::line(&format!(
        "  {} new, {} changed, {} unchanged",
        report.new, report.changed, report.unchanged
    ));
    let owned = |(name, count): (&&'static str, &u64)| ((*name).to_owned(), *count);
    let lines = [
        (
            "resources",
            counts(
                &mut report
                    .resources
                    .iter()
                    .map(|(name, count)| (name.clone(), *count)),
            ),
        ),
        (
            "parts by segment",
            counts(&mut report.segments.iter().map(owned)),
        ),
        (
            "parts by basis",
            counts(&mut report.basis.iter().map(owned)),
        ),
        (
            "to review",
            counts(&mut report.review_reasons.iter().map(owned)),
        ),
    ];
    for (what, counts) in lines {
        if !counts.is_empty() {
            output::line(&format!("  {what}: {counts}"));
        }
    }
    output::line(&format!("  from Part 2 programs: {} parts", report.part2));
    output::line(&format!("  to review: {} parts", report.review));
}
