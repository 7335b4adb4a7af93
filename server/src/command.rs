//! What each command does.

mod audit;
mod backup;
mod config_check;
mod consent;
mod decide;
mod import;
mod keys;
mod label;
mod serve;
mod user;

use crate::{
    World,
    cli::{Command, ConfigCommand, ConsentCommand, Label, Place},
    config::{Config, ConfigError},
    demo,
    failure::{Exit, Failure},
};

/// Runs one command.
///
/// # Errors
/// What the operator is told, with the exit code.
pub async fn run(command: Command, world: &World) -> Result<Exit, Failure> {
    match command {
        Command::Demo(arguments) => demo::run(arguments, world).await,
        Command::Serve(arguments) => serve::run(arguments, world).await,
        Command::Import(arguments) => import::run(arguments, world).await,
        Command::Label(Label::Explain(arguments)) => Ok(label::run(&arguments)),
        Command::Decide(arguments) => decide::run(&arguments, world),
        Command::User(command) => user::run(command, world).await,
        Command::Audit(command) => audit::run(command, world).await,
        Command::Keys(command) => keys::run(command, world).await,
        Command::Backup(arguments) => backup::backup(arguments, world).await,
        Command::Restore(arguments) => backup::restore(arguments, world).await,
        Command::Consent(ConsentCommand::Verify(arguments)) => {
            consent::verify(arguments, world).await
        }
        Command::Config(ConfigCommand::Check(arguments)) => {
            Ok(config_check::run(&arguments, world))
        }
    }
}

/// The configuration that `--data`, `--config` and the variables come to. With none of them there is nothing
/// to work on, and the configuration says so.
fn configuration(place: &Place, world: &World) -> Result<Config, ConfigError> {
    match &place.data {
        Some(directory) => Config::of_directory(directory, &world.variables),
        None => Config::load(place.config.as_deref(), &world.variables),
    }
}

/// Makes a data directory, private to its owner, if there is none yet.
fn make_directory(place: &Place) -> Result<(), Failure> {
    let Some(directory) = &place.data else {
        return Ok(());
    };
    crate::demo::directory::make_private(directory).map_err(|error| {
        Failure::environment(format!(
            "{}: can't be made: {}",
            directory.display(),
            error.kind()
        ))
    })
}
