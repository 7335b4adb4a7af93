//! `confide keys …`, `confide backup` and `confide restore`, as they may be typed.

use super::Place;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `confide keys …`
#[derive(Subcommand, Debug)]
pub enum Keys {
    /// Show which keys there are, by what they are wrapped, and how far a rotation is; never a key
    Status(Status),
    /// Change the wrapping key, or seal everything anew with new data keys; the portal may serve meanwhile
    Rotate(Rotate),
    /// Destroy a patient's keys: nothing of the record can be read again, by anybody
    Shred(Shred),
}

/// `confide keys status`
#[derive(Args, Debug)]
pub struct Status {
    /// Where
    #[command(flatten)]
    pub place: Place,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `confide keys rotate`
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub struct Rotate {
    /// Where; with the wrapping key that is in use
    #[command(flatten)]
    pub place: Place,
    /// Wrap every key by this key file too; it is made if it is not there
    #[arg(long, value_name = "FILE", group = "what")]
    pub to_key_file: Option<PathBuf>,
    /// Wrap every key by the key in the variable CONFIDE_NEW_KEY too
    #[arg(long, group = "what")]
    pub to_environment: bool,
    /// Wrap every key by the key of this configuration too, such as one with [pkcs11]
    #[arg(long, value_name = "FILE", group = "what")]
    pub to_config: Option<PathBuf>,
    /// Drop what other keys than the one in use wrapped: the end of a change of the wrapping key
    #[arg(long, group = "what")]
    pub drop_old: bool,
    /// Make new data keys for every patient and the house, and seal everything anew; goes on where it was broken off
    #[arg(long, group = "what")]
    pub data_keys: bool,
    /// With --data-keys: how long to wait for requests that began before, in seconds; 0 when nothing else is running
    // A `requires` would be let off beside a flag that `data_keys` conflicts with.
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["to_key_file", "to_environment", "to_config", "drop_old"])]
    pub pause: Option<u64>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Show progress also when not on a terminal
    #[arg(long)]
    pub progress: bool,
}

/// `confide keys shred`
#[derive(Args, Debug)]
pub struct Shred {
    /// Where
    #[command(flatten)]
    pub place: Place,
    /// Whose: a reference, such as Patient/1, with the sender before it where one was named (sender|Patient/1), or the
    /// opaque id
    #[arg(long, value_name = "REF")]
    pub patient: String,
    /// Why; it stands in the ledger
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Don't ask to type the patient again
    #[arg(long)]
    pub yes: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `confide backup`
#[derive(Args, Debug)]
pub struct Backup {
    /// Of what
    #[command(flatten)]
    pub place: Place,
    /// The file to write; it must not be there
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Show progress also when not on a terminal
    #[arg(long)]
    pub progress: bool,
}

/// `confide restore`
#[derive(Args, Debug)]
pub struct Restore {
    /// Where to: there must be the key, and no database
    #[command(flatten)]
    pub place: Place,
    /// The backup
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Show progress also when not on a terminal
    #[arg(long)]
    pub progress: bool,
}
