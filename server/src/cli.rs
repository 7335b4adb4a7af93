//! What may be typed. Contracts that operators script against: add, don't rename.

pub mod keys;

use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf};

/// A portal where people with specially protected health records see them, decide who else does, and can check
/// what was done.
#[derive(Parser, Debug)]
#[command(name = "confide", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve a demo with made-up people on this machine
    Demo(Demo),
    /// Serve the portal
    Serve(Serve),
    /// Import FHIR R4 bundles or NDJSON files
    Import(Import),
    /// Ask about labels
    #[command(subcommand)]
    Label(Label),
    /// Decide what Consents would open of records, to whom and what for
    Decide(Decide),
    /// Invite people, and help those who lost their way in
    #[command(subcommand)]
    User(User),
    /// Check, sign and copy the ledger
    #[command(subcommand)]
    Audit(Audit),
    /// Look after keys
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Write a sealed backup; the portal may serve meanwhile
    Backup(keys::Backup),
    /// Put a backup in place, after checking it
    Restore(keys::Restore),
    /// Check signed consents
    #[command(subcommand)]
    Consent(ConsentCommand),
    /// Ask about the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// `confide demo`
#[derive(Args, Debug)]
pub struct Demo {
    /// Where to listen: an address of this machine itself
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,
    /// Where the demo keeps its things
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Throw away what an earlier demo left there, and start over
    #[arg(long)]
    pub fresh: bool,
    /// Write the sign-in sheet to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub sheet: Option<PathBuf>,
}

/// `confide serve`
#[derive(Args, Debug)]
pub struct Serve {
    /// The configuration
    #[arg(long, value_name = "FILE", env = "CONFIDE_CONFIG")]
    pub config: Option<PathBuf>,
}

/// Where a command finds the database and the key.
#[derive(Args, Debug)]
pub struct Place {
    /// A data directory: a database and a key file
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    pub data: Option<PathBuf>,
    /// The configuration of the server
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `confide import`
#[derive(Args, Debug)]
pub struct Import {
    /// Where to
    #[command(flatten)]
    pub place: Place,
    /// An organization that is a Part 2 program, besides those of the configuration: a reference, an identifier
    /// (system|value) or a name
    #[arg(long, value_name = "REF")]
    pub part2_organization: Vec<String>,
    /// Who sent the files, where several senders use the same ids; always name the same one alike
    #[arg(long, value_name = "NAME")]
    pub sender: Option<String>,
    /// Bundles (.json) or NDJSON files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print one JSON object a file
    #[arg(long)]
    pub json: bool,
    /// Show progress also when not on a terminal
    #[arg(long)]
    pub progress: bool,
}

/// `confide label …`
#[derive(Subcommand, Debug)]
pub enum Label {
    /// Show what would be labelled, and why
    Explain(Explain),
}

/// `confide label explain`
#[derive(Args, Debug)]
pub struct Explain {
    /// Bundles (.json), NDJSON files or single resources
    #[arg(value_name = "FILE", required_unless_present = "system")]
    pub files: Vec<PathBuf>,
    /// An organization that is a Part 2 program: a reference, an identifier (system|value) or a name
    #[arg(long, value_name = "REF")]
    pub part2_organization: Vec<String>,
    /// The code system of a single code
    #[arg(long, value_name = "URI", requires = "code", conflicts_with = "files")]
    pub system: Option<String>,
    /// A single code
    #[arg(long, value_name = "CODE", requires = "system")]
    pub code: Option<String>,
    /// Print one JSON object a part
    #[arg(long)]
    pub json: bool,
}

/// `confide decide`
#[derive(Args, Debug)]
pub struct Decide {
    /// The records: bundles (.json), NDJSON files or single resources
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub bundle: Vec<PathBuf>,
    /// FHIR R4 Consents, or bundles of them with the resources that tell who somebody is
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub consent: Vec<PathBuf>,
    /// An identity of the one who looks: a reference (Practitioner/1), a URL or an identifier (system|value)
    #[arg(long, required = true, num_args = 1.., value_name = "REF")]
    pub recipient: Vec<String>,
    /// What for: a code of HL7 v3-ActReason, such as TREAT
    #[arg(long, value_name = "CODE")]
    pub purpose: String,
    /// When: a date, or an instant such as 2026-03-01T12:00:00Z; else now
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// An organization that is a Part 2 program: a reference, an identifier (system|value) or a name
    #[arg(long, num_args = 1.., value_name = "REF")]
    pub part2_organization: Vec<String>,
    /// Print one JSON object a part
    #[arg(long)]
    pub json: bool,
}

/// `confide user …`
#[derive(Subcommand, Debug)]
pub enum User {
    /// Invite somebody: prints a code, once, with which they make their account
    Add(UserAdd),
    /// List accounts and invitations that wait, without names
    List(UserList),
    /// End every session of an account
    EndSessions(OneAccount),
    /// Take away everything an account signs in with, and print a code to set it up anew
    ResetFactors(OneAccount),
}

/// `confide user add`
#[derive(Args, Debug)]
pub struct UserAdd {
    /// Where
    #[command(flatten)]
    pub place: Place,
    /// A new person of the staff, by name
    #[arg(long, value_name = "NAME", required_unless_present_any = ["person", "patient"])]
    pub name: Option<String>,
    /// Somebody of the staff who was imported: a reference, such as Practitioner/7
    #[arg(long, value_name = "REF", conflicts_with_all = ["name", "patient"])]
    pub person: Option<String>,
    /// A patient who was imported: a reference, such as Patient/1, with the sender before it where one was named
    /// (sender|Patient/1)
    #[arg(long, value_name = "REF", conflicts_with_all = ["name", "role", "organization"])]
    pub patient: Option<String>,
    /// What they are: administrator, privacy-officer, support, billing, care-coordinator, clinician, sud-clinician
    #[arg(long, value_name = "ROLE", required_unless_present = "patient")]
    pub role: Vec<String>,
    /// Where a new person works: a reference of an organization that was imported
    #[arg(long, value_name = "REF", conflicts_with = "person")]
    pub organization: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `confide user list`
#[derive(Args, Debug)]
pub struct UserList {
    /// Where
    #[command(flatten)]
    pub place: Place,
    /// Print names and sign-in names too
    #[arg(long)]
    pub names: bool,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `confide user end-sessions`, `confide user reset-factors`
#[derive(Args, Debug)]
pub struct OneAccount {
    /// Where
    #[command(flatten)]
    pub place: Place,
    /// The account's id, as `confide user list` prints it
    #[arg(value_name = "ACCOUNT")]
    pub account: String,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `confide audit …`
#[derive(Subcommand, Debug)]
pub enum Audit {
    /// Check the ledger: links, log and checkpoints, and with the keys every disclosure against the rules
    Verify(Verify),
    /// Sign the ledger as it is now
    Checkpoint(Checkpoint),
    /// Print the public key that checkpoints are signed with
    Key(AuditKey),
    /// Copy entries out, one JSON object a line
    Export(AuditExport),
}

/// `confide audit verify`
#[derive(Args, Debug)]
pub struct Verify {
    /// Whose ledger
    #[command(flatten)]
    pub place: Place,
    /// A database alone, without its key: an SQLite file, opened read-only, or a URL
    #[arg(long, value_name = "FILE|URL", conflicts_with_all = ["data", "config"])]
    pub database: Option<String>,
    /// The public key that checkpoints must be signed with: a file as `audit key` prints it, or a fingerprint. With it,
    /// nothing sealed is opened
    #[arg(long, visible_alias = "key", value_name = "FILE|FINGERPRINT")]
    pub public_key: Option<String>,
    /// Checkpoints that were kept elsewhere: the log must go on from each of them
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// A file that proves one line of a history; checked by itself where no ledger is named
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Show progress also when not on a terminal
    #[arg(long)]
    pub progress: bool,
}

/// `confide audit checkpoint`
#[derive(Args, Debug)]
pub struct Checkpoint {
    /// Whose ledger
    #[command(flatten)]
    pub place: Place,
    /// Append it to this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Add the proof that the log goes on from the last checkpoint in this file
    #[arg(long, value_name = "FILE")]
    pub since: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `confide audit key`
#[derive(Args, Debug)]
pub struct AuditKey {
    /// Whose ledger
    #[command(flatten)]
    pub place: Place,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `confide audit export`
#[derive(Args, Debug)]
pub struct AuditExport {
    /// Whose ledger
    #[command(flatten)]
    pub place: Place,
    /// One patient's chain, by its id
    #[arg(long, value_name = "ID")]
    pub patient: Option<String>,
    /// Only entries at or after this date or instant
    #[arg(long, value_name = "INSTANT")]
    pub from: Option<String>,
    /// Only entries before this date or instant
    #[arg(long, value_name = "INSTANT")]
    pub until: Option<String>,
    /// FHIR R4 AuditEvents
    #[arg(long)]
    pub fhir: bool,
    /// With the labels of what was disclosed: they tell what a record is about
    #[arg(long)]
    pub with_labels: bool,
    /// Show progress also when not on a terminal
    #[arg(long)]
    pub progress: bool,
}

/// `confide consent …`
#[derive(Subcommand, Debug)]
pub enum ConsentCommand {
    /// Check the signature of a saved consent, and show what was signed
    Verify(ConsentVerify),
}

/// `confide consent verify`
#[derive(Args, Debug)]
pub struct ConsentVerify {
    /// The fingerprint that the key must have, as the portal shows it beside the consent
    #[arg(long, value_name = "FINGERPRINT")]
    pub key: Option<String>,
    /// The server whose key it must be
    #[command(flatten)]
    pub place: Place,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// A saved consent: the PDF or the sealed file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `confide config …`
#[derive(Subcommand, Debug)]
pub enum ConfigCommand {
    /// Check the configuration and say what it comes to, without secrets
    Check(ConfigCheck),
}

/// `confide config check`
#[derive(Args, Debug)]
pub struct ConfigCheck {
    /// The configuration
    #[arg(long, value_name = "FILE", env = "CONFIDE_CONFIG")]
    pub config: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }
}
