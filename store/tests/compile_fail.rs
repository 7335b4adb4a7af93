//! What must not compile: a view that was not decided or not logged.
//!
//! Each file of `compile_fail/` is given to the compiler with the crates that are built already, and must be refused with the
//! words beside it (`CONFIDE_COMPILE_FAIL=write` writes them anew). A file that compiles shows first that refusals are about
//! what they say, not about a crate that is missing.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::SystemTime,
};

const FILES: &str = "tests/compile_fail";
/// What must compile.
const CONTROL: &str = "control.rs";

/// The crates that the files name.
struct Crates {
    folder: PathBuf,
    of: Vec<(&'static str, PathBuf)>,
}

impl Crates {
    /// Those that this test was built with: the newest that fit each other.
    fn find() -> Self {
        let this = env::current_exe().expect("this test");
        let folder = this.parent().expect("a folder").to_owned();
        let [stores, domains, jsons] =
            ["store", "domain", "serde_json"].map(|name| newest_first(&folder, name));
        for store in &stores {
            for domain in &domains {
                for json in &jsons {
                    let crates = Self {
                        folder: folder.clone(),
                        of: vec![
                            ("store", store.clone()),
                            ("domain", domain.clone()),
                            ("serde_json", json.clone()),
                        ],
                    };
                    if crates.compile(CONTROL).status.success() {
                        return crates;
                    }
                }
            }
        }
        panic!("{CONTROL} compiles with none of {stores:?}, {domains:?}, {jsons:?}");
    }

    /// The compiler's answer, one line a fault.
    fn compile(&self, file: &str) -> Output {
        let out = tempfile::tempdir().expect("a folder");
        let mut rustc = Command::new(env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()));
        rustc
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args([
                "--edition",
                "2024",
                "--emit",
                "metadata",
                "--error-format",
                "short",
            ])
            .arg("--out-dir")
            .arg(out.path())
            .arg("-L")
            .arg(format!("dependency={}", self.folder.display()));
        for (name, path) in &self.of {
            rustc
                .arg("--extern")
                .arg(format!("{name}={}", path.display()));
        }
        rustc
            .arg(format!("{FILES}/{file}"))
            .output()
            .expect("the compiler runs")
    }
}

fn newest_first(folder: &Path, name: &str) -> Vec<PathBuf> {
    let start = format!("lib{name}-");
    let mut found: Vec<(SystemTime, PathBuf)> = fs::read_dir(folder)
        .expect("the folder of this test")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            name.starts_with(&start) && path.extension().is_some_and(|it| it == "rlib")
        })
        .map(|path| {
            let made = fs::metadata(&path).and_then(|it| it.modified());
            (made.expect("a time"), path)
        })
        .collect();
    found.sort_by_key(|(made, _)| std::cmp::Reverse(*made));
    found.into_iter().map(|(_, path)| path).collect()
}

/// The faults, without the words that count them.
fn faults(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| line.starts_with(FILES) && line.contains(": error"))
        .map(|line| [line, "\n"].concat())
        .collect()
}

#[test]
fn capabilities_cannot_be_forged() {
    let crates = Crates::find();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILES);
    let mut tried = 0;
    for entry in fs::read_dir(&folder).expect("the files") {
        let path = entry.expect("an entry").path();
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension().is_none_or(|it| it != "rs") || file == CONTROL {
            continue;
        }
        let output = crates.compile(&file);
        assert!(!output.status.success(), "{file} compiles");
        let told = faults(&output);
        let expected = path.with_extension("stderr");
        if env::var("CONFIDE_COMPILE_FAIL").is_ok_and(|it| it == "write") {
            fs::write(&expected, &told).expect("written");
        }
        let known = fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(
            told,
            known,
            "{file}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(!told.is_empty(), "{file}");
        tried += 1;
    }
    assert!(tried >= 11, "{tried}");
}
