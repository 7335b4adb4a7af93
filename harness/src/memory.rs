//! `harness memory`: how much memory a server takes while many sessions are open, each of which has read a chart. As many as
//! one account may have keep the stream open that would clear the chart.

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
const FIRST_NAME: &str = "Jordan";
/// Who has it open, on a care relationship.
const READER: &str = "Dr. Elena Vasquez";
/// How many sign in between two looks at the memory.
const STEP: usize = 250;

/// `harness memory`
#[derive(Args, Debug)]
pub struct Memory {
    /// How many sessions there are at the end
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
    let binary = process::binary(&arguments.confide)?;
    let folder = process::folder("memory")?;
    let template = Template::make(&binary, folder.path(), false)?;
    let world = template.copy("world")?;
    let port = process::free_port()?;
    let running = world.program.serve(port, &[])?;
    let site = Site::on(port);
    let reader = template.person(READER)?;
    let patient = template.patient(FIRST_NAME)?;
    say::line("| sessions | resident, MB |");
    say::line("| ---: | ---: |");
    tell(0, &running)?;
    let mut streams: Vec<TcpStream> = Vec::new();
    let mut refused = false;
    for number in 1..=arguments.sessions {
        let mut browser = Browser::new(&site);
        journey::sign_in(&mut browser, &reader)?;
        let chart = journey::open_chart(&mut browser, &patient)?.expect(200)?;
        let ticket = chart.ticket().ok_or_else(|| chart.odd("has no ticket"))?;
        if !refused {
            let stream = browser.listen(&ticket)?;
            refused = stream.is_none();
            streams.extend(stream);
        }
        if number.is_multiple_of(STEP) || number == arguments.sessions {
            tell(number, &running)?;
        }
    }
    let (_, most) = running.resident()?;
    say::line(&format!(
        "{} streams open; at most {} MB at any time",
        streams.len(),
        most / 1_000_000
    ));
    Ok(running.resident()?.0 <= arguments.most.saturating_mul(1_000_000))
}

fn tell(sessions: usize, running: &Running) -> Result<(), Fault> {
    let (now, _) = running.resident()?;
    say::line(&format!("| {sessions} | {} |", now / 1_000_000));
    Ok(())
}
