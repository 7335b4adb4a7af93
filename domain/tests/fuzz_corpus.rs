//! The corpus of the fuzz targets (`domain/fuzz`), replayed by the same checks: what was once found stays found.

#[path = "../fuzz/checks/consent.rs"]
mod consent;
#[path = "../fuzz/checks/import.rs"]
mod import;
#[path = "../fuzz/checks/label_text.rs"]
mod label_text;

use std::path::Path;

/// Each kept input goes through the check; there must be as many as a target without seeds would not have.
fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let mut count = 0;
    for file in std::fs::read_dir(&folder).expect("the corpus") {
        let path = file.expect("a file").path();
        let data = std::fs::read(&path).expect("an input");
        eprintln!("{target}: {}", path.display());
        check(&data);
        count += 1;
    }
    assert!(count >= 8, "{target}: only {count} inputs");
}

/// ARCHITECTURE, Import; POLICY §1, §2; LAW G1.
#[test]
fn import() {
    replay("import", import::check);
}

/// LAW G2; POLICY §4: errors deny.
#[test]
fn consent() {
    replay("consent", consent::check);
}

/// POLICY §2.
#[test]
fn label_text() {
    replay("label_text", label_text::check);
}
