//! The demo's records, embedded, and how they come in: by the importer that real files take.

use crate::failure::Failure;
use portal::{Portal, import::Source};
use sha2::{Digest, Sha256};
use store::Stamp;

/// Name and content; the directory first, so that references to people and places resolve.
const FILES: [(&str, &str); 3] = [
    ("directory.json", include_str!("../../demo/directory.json")),
    (
        "jordan-reyes.json",
        include_str!("../../demo/jordan-reyes.json"),
    ),
    (
        "morgan-ellis.json",
        include_str!("../../demo/morgan-ellis.json"),
    ),
];

/// The organizations of the demo that are Part 2 programs.
pub fn part2_organizations() -> Vec<String> {
    vec!["Organization/org-harbor-light".to_owned()]
}

/// Tells one state of the records from another.
pub fn digest() -> String {
    let mut hash = Sha256::new();
    for (name, content) in FILES {
        hash.update(name);
        hash.update([0]);
        hash.update(content);
        hash.update([0]);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// Imports them all.
///
/// # Errors
/// When the database can't be written.
pub async fn import(portal: &Portal) -> Result<(), Failure> {
    for (name, content) in FILES {
        import_one(portal, name, content).await?;
    }
    Ok(())
}

/// Imports one file of the demo.
///
/// # Errors
/// When the database can't be written.
pub(super) async fn import_one(
    portal: &Portal,
    name: &str,
    content: &'static str,
) -> Result<(), Failure> {
    let source = Source {
        name: name.to_owned(),
        bytes: Box::new(content.as_bytes()),
        sender: None,
    };
    portal::import::run(portal, &Stamp::SYSTEM, source, &mut |_| {})
        .await
        .map_err(|error| Failure::environment(format!("the demo's {name}: {error}")))?;
    Ok(())
}
