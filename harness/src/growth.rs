//! `harness growth`: how long a page of a chart takes while the database grows around it: other patients with records of
//! their own, and entries in their chains. On SQLite.

mod fill;

use crate::{
    browser::{Browser, Site},
    fault::Fault,
    journey, load, process, say,
    world::Template,
};
use clap::Args;
use std::{path::PathBuf, time::Duration};

/// `harness growth`
#[derive(Args, Debug)]
pub struct Growth {
    /// How many patients there are, one measurement each
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000, 1_000_000])]
    patients: Vec<u64>,
    /// Entries in each of their chains
    #[arg(long, default_value_t = 10)]
    entries: u64,
    /// How long each measurement takes
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// The program; a release build, or the figures mean nothing
    #[arg(long, value_name = "PATH", default_value = "target/release/confide")]
    confide: PathBuf,
}

/// Measures; whether half of the pages at the end came within a tenth more than at the beginning.
///
/// # Errors
/// When something of this machine fails.
pub fn run(arguments: &Growth) -> Result<bool, Fault> {
    let binary = process::binary(&arguments.confide)?;
    let folder = process::folder("growth")?;
    let template = Template::make(&binary, folder.path(), false)?;
    let world = template.copy("world")?;
    load::hundred_results(&world)?;
    let database = world.folder.join("confide.db");
    let mut halves = Vec::new();
    let mut there = 0;
    say::line(
        "| patients | ledger entries | database, MB | ready after, ms | pages | p50, ms | p99, ms |",
    );
    say::line("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for patients in &arguments.patients {
        fill::patients(&database, patients.saturating_sub(there), arguments.entries)?;
        // What the kernel has not written yet would be waited for by the pages' own writes.
        std::fs::File::open(&database)?.sync_all()?;
        there = *patients;
        let port = process::free_port()?;
        let began = process::now();
        let mut running = world.program.serve(port, &[])?;
        let ready = began.elapsed();
        let site = Site::on(port);
        let mut browser = Browser::new(&site);
        journey::sign_in(&mut browser, &template.person(READER)?)?;
        let patient = template.patient(FIRST_NAME)?;
        journey::open_chart(&mut browser, &patient)?.expect(200)?;
        let time = Duration::from_secs(arguments.seconds);
        let measured = load::measure(vec![browser], &format!("/patients/{patient}"), time)?;
        running.stop()?;
        say::line(&format!(
            "| {there} | {} | {} | {} | {} | {:.1} | {:.1} |",
            fill::entries(&database)?,
            std::fs::metadata(&database)?.len() / 1_000_000,
            ready.as_millis(),
            measured.count(),
            measured.percentile(50),
            measured.percentile(99),
        ));
        halves.push(measured.percentile(50));
    }
    let (first, last) = (halves.first(), halves.last());
    Ok(first
        .zip(last)
        .is_some_and(|(first, last)| *last <= first * 1.1))
}

/// Whose chart.
const FIRST_NAME: &str = "Jordan";
/// Who reads, on a care relationship.
const READER: &str = "Dr. Elena Vasquez";
