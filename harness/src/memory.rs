//! `harness memory`: how much memory a server takes while many people are signed in, each with a chart open that would be
//! cleared at once.

use crate::{
    browser::{Browser, Site},
    fault::Fault,
    journey,
    process::{self, Running},
    say,
    world::Template,
};
use clap::Args;
use std::{net::TcpStream, path::PathBuf};

/// Whose chart is open everywhere.
const PATIENT: &str = "Jordan Reyes";
/// Who has it open, on a care relationship.
const READER: &str = "Dr. Elena Vasquez";
/// How many sign in between two looks at the memory.
const STEP: usize = 250;

/// `harness memory`
#[derive(Args, Debug)]
pub struct Memory {
    /// How many are signed in at the end
    #[arg(long, default_value_t = 1_000)]
    sessions: usize,
    /// The most that the server may have resident then, in MB of a million bytes
    #[arg(long, default_value_t = 100)]
    most: u64,
    /// The program; a release build, or the figures mean nothing
    #[arg(long, value_name = "PATH", default_value = "target/release/confide")]
    confide: PathBuf,
}

/// Measures; whether it stayed below.
///
/// # Errors
/// When something of this machine fails.
pub fn run(arguments: &Memory) -> Result<bool, Fault> {
    let binary = arguments
        .confide
        .canonicalize()
        .map_err(|error| Fault::file(&arguments.confide, &error))?;
    let folder = process::folder("memory")?;
    let template = Template::make(&binary, folder.path(), false)?;
    let world = template.copy("world")?;
    let port = process::free_port()?;
    let running = world.program.serve(port, &[])?;
    let site = Site::on(port);
    let reader = template.person(READER)?;
    let patient = template.patient(PATIENT)?;
    say::line("| signed in, a chart open | resident, MB |");
    say::line("| ---: | ---: |");
    tell(0, &running)?;
    let mut open: Vec<TcpStream> = Vec::new();
    while open.len() < arguments.sessions {
        let mut browser = Browser::new(&site);
        journey::sign_in(&mut browser, &reader)?;
        let chart = journey::open_chart(&mut browser, &patient)?.expect(200)?;
        let ticket = chart.ticket().ok_or_else(|| chart.odd("has no ticket"))?;
        open.push(browser.listen(&ticket)?);
        if open.len().is_multiple_of(STEP) && open.len() < arguments.sessions {
            tell(open.len(), &running)?;
        }
    }
    tell(open.len(), &running)?;
    let (_, most) = running.resident()?;
    say::line(&format!("at most {} MB at any time", most / 1_000_000));
    Ok(running.resident()?.0 <= arguments.most.saturating_mul(1_000_000))
}

fn tell(signed_in: usize, running: &Running) -> Result<(), Fault> {
    let (now, _) = running.resident()?;
    say::line(&format!("| {signed_in} | {} |", now / 1_000_000));
    Ok(())
}
