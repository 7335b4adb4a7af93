//! `harness crash`: the program is killed at random instants under load, started anew, and what the ledger and the
//! portal say is held against what clients were told.

mod client;
mod portal;
mod round;
mod summary;
mod told;
mod tool;

use crate::{chance::Chance, fault::Fault, process, say, world::Template};
use clap::{Args, ValueEnum};
use round::{Rounds, Scene};
use std::path::PathBuf;
use summary::Summary;

/// How many rounds one copy of the demo lives through. Checking takes the longer the longer the ledger is.
const LIFE: u32 = 10;

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Database {
    /// Inside the program.
    Sqlite,
    /// A cluster of the harness's own, which is killed too.
    Postgres,
}

/// `harness crash`
#[derive(Args, Debug)]
pub struct Crash {
    /// How many times the program is killed
    #[arg(long, default_value_t = 15)]
    rounds: u32,
    /// Which database
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    database: Database,
    /// What chance is drawn from; the same seed draws the same instants and doings
    #[arg(long)]
    seed: Option<u64>,
    /// The program
    #[arg(long, value_name = "PATH", default_value = "target/debug/confide")]
    confide: PathBuf,
}

/// Runs all rounds; whether everything held.
///
/// # Errors
/// When something of this machine fails.
pub fn run(arguments: &Crash) -> Result<bool, Fault> {
    let seed = arguments.seed.unwrap_or_else(process::seconds);
    let binary = process::binary(&arguments.confide)?;
    let folder = process::folder("crash")?;
    let postgres = arguments.database == Database::Postgres;
    let mut template = Template::make(&binary, folder.path(), postgres)?;
    let mut chance = Chance::new(seed);
    let mut summary = Summary::new(arguments.database, seed);
    let mut done = 0;
    while done < arguments.rounds {
        let rounds = LIFE.min(arguments.rounds.saturating_sub(done));
        let scene = Scene {
            name: format!("life{done}"),
            first: done,
            rounds,
            of: arguments.rounds,
        };
        let outcome = Rounds::begin(&mut template, scene, chance.fork())
            .and_then(|mut life| life.run(&mut summary));
        if let Err(fault) = outcome {
            summary.faults.push(fault.to_string());
        }
        if !summary.faults.is_empty() {
            break;
        }
        done = done.saturating_add(rounds);
    }
    for line in summary.table() {
        say::line(&line);
    }
    if summary.faults.is_empty() {
        return Ok(true);
    }
    for fault in &summary.faults {
        say::line(&format!("fault: {fault}"));
    }
    // The cluster goes with its server stopped; its files stay with the rest.
    drop(template);
    let kept = folder.keep();
    say::line(&format!("seed {seed}, kept in {}", kept.display()));
    Ok(false)
}
