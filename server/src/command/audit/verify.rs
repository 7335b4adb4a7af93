//! `confide audit verify`

use super::read;
use crate::{
    World,
    cli::Verify,
    command::configuration,
    failure::{Exit, Failure},
    output::{self, ProgressLine},
    wiring,
};
use portal::line_proof::{self, LineProof, Verdict};
use serde_json::{Value, json};
use std::path::Path;
use store::{
    Expected, KnownKey, LedgerCopy, VerifyReport,
    ledger::checkpoint::{SignedCheckpoint, notes},
};

/// The longest file of checkpoints that is read: some hundred thousand of them.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Checks the ledger, or a file that proves one line of it; exit code 1 when something is wrong.
pub async fn run(arguments: Verify, world: &World) -> Result<Exit, Failure> {
    let key = arguments.public_key.as_deref().map(known_key).transpose()?;
    let proof = arguments
        .proof
        .as_deref()
        .map(|path| Proven::read(path, key.as_ref()))
        .transpose()?;
    let has_place = arguments.place.data.is_some()
        || arguments.place.config.is_some()
        || arguments.database.is_some();
    if let Some(proof) = &proof
        && !has_place
    {
        if arguments.json {
            output::json(&proof.as_json());
        } else {
            proof.say();
        }
        return Ok(exit(proof.holds()));
    }
    let expected = expected(&arguments, key, proof.as_ref())?;
    let (report, depth) = check(&arguments, &expected, world).await?;
    let sound = report.is_sound() && proof.as_ref().is_none_or(Proven::holds);
    if arguments.json {
        let mut value = as_json(&report, depth);
        if let Some(proof) = &proof {
            value["proof"] = proof.as_json();
        }
        output::json(&value);
    } else {
        if let Some(proof) = &proof {
            proof.say();
        }
        say(&report, depth, &expected);
    }
    Ok(exit(sound))
}

const fn exit(sound: bool) -> Exit {
    if sound { Exit::Done } else { Exit::FaultFound }
}

/// A public key, by a file, its digits, or its fingerprint.
fn known_key(text: &str) -> Result<KnownKey, Failure> {
    let path = Path::new(text);
    let known = if path.is_file() {
        let bytes = read(path, 4_096)?;
        KnownKey::read(&String::from_utf8_lossy(&bytes))
    } else {
        KnownKey::read(text)
    };
    known.ok_or_else(|| {
        Failure::bad_input("--public-key: is neither a file with a public key nor a fingerprint")
    })
}

/// What is known from elsewhere.
fn expected(
    arguments: &Verify,
    key: Option<KnownKey>,
    proof: Option<&Proven>,
) -> Result<Expected, Failure> {
    let mut checkpoints = Vec::new();
    for path in &arguments.checkpoint {
        let bytes = read(path, LONGEST)?;
        let found = notes(&String::from_utf8_lossy(&bytes));
        if found.is_empty() {
            return Err(Failure::bad_input(format!(
                "{}: holds no checkpoint",
                path.display()
            )));
        }
        checkpoints.extend(found);
    }
    checkpoints.extend(proof.map(|proof| proof.file.checkpoint.clone()));
    Ok(Expected { key, checkpoints })
}

/// How much is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// What needs no key.
    Integrity,
    /// All of it.
    Rules,
}

/// With a public key, or of a database alone, nothing is opened that is sealed.
async fn check(
    arguments: &Verify,
    expected: &Expected,
    world: &World,
) -> Result<(VerifyReport, Depth), Failure> {
    let mut line = ProgressLine::new(arguments.progress);
    let progress = |done: u64, all: u64| {
        let hundredths = done.saturating_mul(100).checked_div(all).unwrap_or(100);
        line.show(&format!(
            "checked {done} of {all} entries and places ({hundredths} %)"
        ));
    };
    let checked = if let Some(database) = &arguments.database {
        let copy = LedgerCopy::open(&wiring::options_of(database)?).await?;
        (copy.verify(expected, progress).await?, Depth::Integrity)
    } else {
        let config = configuration(&arguments.place, world)?;
        wiring::must_exist(&config.storage)?;
        if arguments.public_key.is_some() {
            let copy = LedgerCopy::open(&wiring::store_options(&config.storage)).await?;
            (copy.verify(expected, progress).await?, Depth::Integrity)
        } else {
            let store = wiring::open_to_read(&config.storage, world).await?;
            let report = store.verify_against(expected, progress).await?;
            (report, Depth::Rules)
        }
    };
    line.end();
    Ok(checked)
}

fn say(report: &VerifyReport, depth: Depth, expected: &Expected) {
    output::line(&format!(
        "{} entries in {} chains",
        report.entries, report.chains
    ));
    output::line(&format!(
        "{} of them in the log, under {} checkpoints",
        report.logged, report.checkpoints
    ));
    if depth == Depth::Rules {
        output::line(&format!("{} disclosures decided again", report.replayed));
    }
    if report.too_old > 0 {
        output::line(&format!(
            "{} disclosures are older than what deciding again needs",
            report.too_old
        ));
    }
    if report.kept_elsewhere > 0 {
        output::line(&format!(
            "{} checkpoints that were kept elsewhere",
            report.kept_elsewhere
        ));
    }
    for fault in &report.faults {
        output::line(&format!("fault: {fault}"));
    }
    match report.faults.first() {
        None => output::line("The ledger is whole."),
        Some(first) => output::line(&format!(
            "{} faults. The first: {first}",
            report.faults.len()
        )),
    }
    if depth == Depth::Integrity {
        output::line("What entries say was not read: that needs the keys.");
        if expected.key.is_none() {
            output::line(
                "The checkpoints were held against the key that stands beside them: with --public-key, against one you know.",
            );
        }
    }
}

fn as_json(report: &VerifyReport, depth: Depth) -> Value {
    let faults: Vec<Value> = report
        .faults
        .iter()
        .map(|fault| {
            json!({"chain": fault.chain.to_string(), "seq": fault.seq, "what": fault.what.to_string()})
        })
        .collect();
    json!({
        "chains": report.chains,
        "entries": report.entries,
        "shredded": report.shredded,
        "logged": report.logged,
        "checkpoints": report.checkpoints,
        "kept_elsewhere": report.kept_elsewhere,
        "rules": depth == Depth::Rules,
        "replayed": report.replayed,
        "too_old": report.too_old,
        "faults": faults,
    })
}

/// A file that proves one line, and what came of checking it.
struct Proven {
    file: LineProof,
    verdict: Verdict,
    /// Whether the key is the one that was named; `None`: none was.
    expected: Option<bool>,
}

impl Proven {
    fn read(path: &Path, key: Option<&KnownKey>) -> Result<Self, Failure> {
        let none =
            || Failure::bad_input(format!("{}: is no file that proves a line", path.display()));
        let bytes = read(path, u64::try_from(line_proof::LONGEST).unwrap_or(u64::MAX))?;
        let file = LineProof::read(&bytes).ok_or_else(none)?;
        let verdict = file.check().ok_or_else(none)?;
        Ok(Self {
            expected: key.map(|key| key.is(&verdict.key)),
            file,
            verdict,
        })
    }

    fn holds(&self) -> bool {
        self.verdict.holds() && self.expected != Some(false)
    }

    fn say(&self) {
        let Self { file, verdict, .. } = self;
        output::line(&format!("Entry {} of chain {}", file.entry, file.chain));
        output::line(&format!("Key {}", verdict.key.fingerprint()));
        match &verdict.checkpoint {
            None => output::line("fault: the checkpoint is not signed by the key"),
            Some(checkpoint) => {
                output::line(&format!(
                    "Checkpoint of {}, {} entries",
                    checkpoint
                        .at
                        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                    checkpoint.size
                ));
                if !verdict.included {
                    output::line("fault: the entry was not in the log at this checkpoint");
                }
            }
        }
        match self.expected {
            Some(false) => output::line("fault: the key is not the expected one"),
            Some(true) => output::line("The key is the expected one."),
            None => output::line(
                "Compare the key with what the operator publishes: anybody can sign with a key of their own.",
            ),
        }
        if self.holds() {
            output::line("The entry was in the log at this checkpoint.");
        }
    }

    fn as_json(&self) -> Value {
        json!({
            "chain": self.file.chain,
            "entry": self.file.entry,
            "position": self.file.position,
            "key": self.verdict.key.fingerprint(),
            "expected": self.expected,
            "signed": self.verdict.checkpoint.is_some(),
            "included": self.verdict.included,
            "size": self.verdict.checkpoint.map(|checkpoint| checkpoint.size),
            "at": self.verdict.checkpoint.map(|checkpoint| checkpoint.at),
        })
    }
}

/// What a checkpoint is, for those that are printed as JSON.
pub(super) fn checkpoint_json(signed: &SignedCheckpoint) -> Value {
    json!({
        "size": signed.checkpoint.size,
        "root": data_encoding::HEXLOWER.encode(&signed.checkpoint.root),
        "at": signed.checkpoint.at,
        "after": signed.checkpoint.after,
        "key": signed.key.fingerprint(),
        "note": signed.note,
    })
}
