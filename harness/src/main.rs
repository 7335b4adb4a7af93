//! Drives the real program over HTTP and by its command line, and checks what it promised: `docs/reliability.md` says
//! what each command proves.

mod away;
mod browser;
mod chance;
mod crash;
mod fault;
mod form;
mod growth;
mod journey;
mod ledger;
mod load;
mod memory;
mod order;
mod page;
mod passkey;
mod person;
mod postgres;
mod process;
mod say;
mod world;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Checks what the program promises, from outside.
#[derive(Parser, Debug)]
#[command(name = "harness", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Fill the disk and take the database away, and look at what is shown
    Away(away::Away),
    /// Kill the program under load, and look for what is missing or half there
    Crash(crash::Crash),
    /// Read a chart while the database grows to a million patients around it
    Growth(growth::Growth),
    /// Read a chart as fast as it goes, and a bare handler beside it
    Load(load::Load),
    /// The bare handler
    #[command(hide = true)]
    Floor(load::Floor),
    /// Open a thousand sessions, and look at the server's memory
    Memory(memory::Memory),
    /// Read and revoke at several servers, and look at the order
    Order(order::Order),
}

/// 0: everything held; 1: something didn't; 3: this machine lacks something.
fn main() -> ExitCode {
    let held = match Cli::parse().command {
        Command::Away(arguments) => away::run(&arguments),
        Command::Crash(arguments) => crash::run(&arguments),
        Command::Growth(arguments) => growth::run(&arguments),
        Command::Load(arguments) => load::run(&arguments),
        Command::Floor(arguments) => load::serve_floor(&arguments),
        Command::Memory(arguments) => memory::run(&arguments),
        Command::Order(arguments) => order::run(&arguments),
    };
    match held {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(fault) => {
            say::note(&format!("harness: {fault}"));
            ExitCode::from(3)
        }
    }
}
