//! What came of all rounds.

use super::{
    Database,
    told::Counts,
    tool::{Ending, Task},
};
use std::time::Duration;

/// Sums over the rounds.
pub struct Summary {
    database: Database,
    seed: u64,
    /// Rounds that were gone through.
    pub rounds: u64,
    /// Rounds in which PostgreSQL was killed too.
    pub database_killed: u64,
    /// What clients were told.
    pub counts: Counts,
    /// Imports that said "done", and that were killed.
    pub imports: (u64, u64),
    /// Rotations that said "done", and that were killed.
    pub rotations: (u64, u64),
    /// Commands that said they couldn't.
    pub tools_refused: u64,
    /// Promises that were looked up in the ledger, each round all that were made in that copy of the demo.
    pub promises: u64,
    /// Consents whose page was held against the ledger.
    pub pages: u64,
    /// Disclosures that `audit verify` decided again.
    pub replayed: u64,
    /// Time in all.
    pub took: Duration,
    /// What did not hold.
    pub faults: Vec<String>,
}

impl Summary {
    /// Nothing yet.
    pub fn new(database: Database, seed: u64) -> Self {
        Self {
            database,
            seed,
            rounds: 0,
            database_killed: 0,
            counts: Counts::default(),
            imports: (0, 0),
            rotations: (0, 0),
            tools_refused: 0,
            promises: 0,
            pages: 0,
            replayed: 0,
            took: Duration::ZERO,
            faults: Vec::new(),
        }
    }

    /// Counts a command that ran beside the server.
    pub fn count(&mut self, task: &Task, ending: &Ending) {
        let sums = match task {
            Task::Import(_) => &mut self.imports,
            Task::Rotate => &mut self.rotations,
        };
        match ending {
            Ending::Done => sums.0 = sums.0.saturating_add(1),
            Ending::Killed => sums.1 = sums.1.saturating_add(1),
            Ending::Refused(_) => self.tools_refused = self.tools_refused.saturating_add(1),
        }
    }

    /// The table, in Markdown.
    pub fn table(&self) -> Vec<String> {
        let database = match self.database {
            Database::Sqlite => "SQLite",
            Database::Postgres => "PostgreSQL",
        };
        let counts = &self.counts;
        let rows = [
            ("rounds", self.rounds.to_string()),
            ("PostgreSQL killed too", self.database_killed.to_string()),
            ("answers that showed content", counts.shown.to_string()),
            ("of them masked items revealed", counts.revealed.to_string()),
            ("consents signed", counts.signed.to_string()),
            ("consents revoked", counts.revoked.to_string()),
            ("copies taken", counts.copied.to_string()),
            ("sign-ins", counts.signed_in.to_string()),
            ("requests cut off", counts.cut.to_string()),
            ("requests refused", counts.refused.to_string()),
            ("imports done / killed", pair(self.imports)),
            ("rotations done / killed", pair(self.rotations)),
            ("commands refused", self.tools_refused.to_string()),
            ("promises looked up", self.promises.to_string()),
            ("consents' pages compared", self.pages.to_string()),
            ("disclosures decided again", self.replayed.to_string()),
            ("seconds", self.took.as_secs().to_string()),
            ("faults", self.faults.len().to_string()),
        ];
        let mut lines = vec![
            format!("| crash, seed {} | {database} |", self.seed),
            "| --- | --- |".to_owned(),
        ];
        lines.extend(rows.map(|(name, value)| format!("| {name} | {value} |")));
        lines
    }
}

fn pair((one, other): (u64, u64)) -> String {
    format!("{one} / {other}")
}
