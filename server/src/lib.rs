//! The process around the portal: command line, configuration, HTTP, wiring.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`cli`] | what may be typed |
//! | [`command`] | what each command does |
//! | [`config`] | what the operator sets |
//! | [`demo`] | the demo: made-up people, on this machine only |
//! | [`http`] | the layers around the pages |
//! | [`jobs`] | what is done by itself |
//! | [`logging`] | what the process says about itself |
//! | [`mail`] | letters by e-mail |
//! | [`memory`] | what of its memory may get out |
//! | [`serving`] | listening, TLS, stopping |
//! | [`wiring`] | store, portal, pages and layers put together |
//!
//! A library so that tests can put the whole stack together in one process; the binary is `main.rs`.

pub mod checkpoints;
pub mod cli;
pub mod command;
pub mod config;
pub mod demo;
pub mod failure;
pub mod http;
pub mod jobs;
pub mod logging;
pub mod mail;
pub mod memory;
pub mod output;
pub mod serving;
pub mod wiring;

use domain::clock::Clock;
use failure::{Exit, Failure};
use std::{process::ExitCode, sync::Arc};
use store::entropy::Entropy;

/// What the process gets from the machine. Nothing below `main.rs` asks for more.
#[derive(Clone)]
pub struct World {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The environment's variables.
    pub variables: config::Variables,
}

/// Does what was typed; what goes wrong is said on stderr.
pub fn run(cli: cli::Cli, world: &World) -> ExitCode {
    let exit = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::environment(format!("can't start: {error}")))
        .and_then(|runtime| runtime.block_on(command::run(cli.command, world)))
        .unwrap_or_else(|failure| {
            output::note(&format!("confide: {}", failure.message));
            failure.exit
        });
    exit.into()
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
