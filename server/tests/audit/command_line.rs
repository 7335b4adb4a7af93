//! `confide audit verify`, `checkpoint` and `key`, as operators call them on a ledger and on a copy of it (LAW F3).

use crate::audit::{audit, ended, json};
use crate::support::process::{err, out, text};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// A data directory with a few entries.
struct Data {
    folder: TempDir,
}

impl Data {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = Self { folder };
        data.import("morgan-ellis.json");
        data
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn import(&self, name: &str) {
        let bundle = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("demo")
            .join(name);
        let output = Command::new(env!("CARGO_BIN_EXE_confide"))
            .args(["import", "--data", text(&self.path()), text(&bundle)])
            .env_clear()
            .output()
            .expect("the binary runs");
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Signs the ledger, and keeps the checkpoint elsewhere.
    fn keep(&self, name: &str) -> PathBuf {
        let kept = self.file(name);
        ended(
            &audit(&[
                "checkpoint",
                "--data",
                text(&self.path()),
                "--out",
                text(&kept),
            ]),
            0,
        );
        kept
    }

    /// The database, and what may lie beside it.
    fn copy(&self, to: &str) -> PathBuf {
        let to = self.file(to);
        fs::create_dir_all(&to).expect("a folder");
        for entry in fs::read_dir(self.path()).expect("a folder") {
            let entry = entry.expect("an entry");
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
        to
    }

    fn public_key(&self) -> PathBuf {
        let printed = ended(&audit(&["key", "--data", text(&self.path())]), 0);
        let path = self.file("key.txt");
        fs::write(&path, printed).expect("a file");
        path
    }
}

/// With the public key alone: no key file is opened or made, nothing is written, exit code 0 and 1 as it is found.
#[test]
fn a_copy_is_checked_with_the_public_key_alone() {
    let data = Data::new();
    let kept = data.keep("kept.txt");
    let key = data.public_key();
    let copy = data.copy("copy");
    fs::remove_file(copy.join("confide.key")).expect("the key goes");
    let database = copy.join("confide.db");
    let before = fs::read(&database).expect("a database");
    let check = |more: &[&str]| {
        let mut arguments = vec!["verify", "--database", text(&database)];
        arguments.extend(more);
        audit(&arguments)
    };
    let report = check(&[
        "--public-key",
        text(&key),
        "--checkpoint",
        text(&kept),
        "--json",
    ]);
    ended(&report, 0);
    let report = json(&report);
    assert_eq!(report["rules"], false);
    assert_eq!(
        (&report["checkpoints"], &report["kept_elsewhere"]),
        (&Value::from(1), &Value::from(1))
    );
    assert_eq!(report["logged"], report["entries"]);
    let said = ended(&check(&[]), 0);
    assert!(
        said.contains("The ledger is whole.") && said.contains("--public-key"),
        "{said}"
    );
    assert_eq!(
        fs::read(&database).expect("a database"),
        before,
        "it was only looked at"
    );
    assert!(!copy.join("confide.key").exists());
    // By its directory too, without its key file.
    ended(
        &audit(&["verify", "--data", text(&copy), "--public-key", text(&key)]),
        0,
    );
    let without = audit(&["verify", "--data", text(&copy)]);
    ended(&without, 3);
    assert!(err(&without).contains("key file is missing"));
    let wrong = check(&["--public-key", &"0".repeat(32)]);
    assert!(ended(&wrong, 1).contains("not signed by the expected key"));
    ended(&check(&["--public-key", "no key"]), 2);
    ended(&check(&["--checkpoint", text(&key)]), 2);
    ended(
        &audit(&["verify", "--database", text(&data.file("none.db"))]),
        3,
    );
}

/// LAW F3: an older copy in the place of the newer is whole in itself; what was kept elsewhere tells, and the fault is
/// named first.
#[test]
fn an_older_copy_is_noticed() {
    let data = Data::new();
    let first = data.keep("kept.txt");
    let older = data.copy("older");
    data.import("jordan-reyes.json");
    data.keep("kept.txt");
    let place = text(&older);
    ended(&audit(&["verify", "--data", place]), 0);
    let found = audit(&["verify", "--data", place, "--checkpoint", text(&first)]);
    let said = ended(&found, 1);
    assert!(
        said.contains("1 faults. The first: checkpoint of size"),
        "{said}"
    );
    assert!(said.contains("this is an older copy"), "{said}");
    // The ledger that went on is whole against both.
    let now = audit(&[
        "verify",
        "--data",
        text(&data.path()),
        "--checkpoint",
        text(&first),
        "--json",
    ]);
    ended(&now, 0);
    assert_eq!(json(&now)["kept_elsewhere"], 2);
}

/// A checkpoint with the proof that the log goes on from the one before (RFC 6962 §2.1.2); progress where it is asked
/// for, on stderr.
#[test]
fn checkpoints_follow_each_other() {
    let data = Data::new();
    let kept = data.keep("kept.txt");
    data.import("jordan-reyes.json");
    let place = data.path();
    let next = audit(&["checkpoint", "--data", text(&place), "--since", text(&kept)]);
    let printed = ended(&next, 0);
    assert!(printed.starts_with("old "), "{printed}");
    let (proof, note) = printed.split_once("\n\n").expect("a proof and a note");
    assert!(
        proof.lines().count() > 1 && note.starts_with("confide-ledger/1\n"),
        "{printed}"
    );
    let same = audit(&["checkpoint", "--data", text(&place), "--json"]);
    ended(&same, 0);
    assert!(note.contains(json(&same)["note"].as_str().expect("a note").trim_end()));
    let slowly = audit(&["verify", "--data", text(&place), "--progress"]);
    ended(&slowly, 0);
    assert!(err(&slowly).contains("checked "), "{}", err(&slowly));
    assert!(!out(&slowly).contains("checked "));
}
