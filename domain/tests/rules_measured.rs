//! The rules against whole records: no substance-use word in records without such content, and every string and code
//! about it found in the records that have it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use base64::Engine;
use domain::label::LabelSet;
use domain::labeling::rules::{CodeVerdict, Rules};
use domain::labeling::terms;
use serde_json::Value;

fn folder() -> Option<PathBuf> {
    let folder =
        std::env::var("CONFIDE_TEST_DATA").unwrap_or_else(|_| "../../shared/data".to_owned());
    let folder = PathBuf::from(folder).join("synthea");
    if folder.is_dir() {
        Some(folder)
    } else {
        eprintln!("not tested: {} is not there", folder.display());
        None
    }
}

/// Every string of a record, attachments decoded, and every coding.
#[derive(Default)]
struct Seen {
    strings: BTreeSet<String>,
    codings: BTreeSet<(String, String, String)>,
}

fn walk(value: &Value, seen: &mut Seen) {
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(system)), Some(Value::String(code))) =
                (fields.get("system"), fields.get("code"))
            {
                let display = fields
                    .get("display")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                seen.codings
                    .insert((system.clone(), code.clone(), display.to_owned()));
            }
            for (name, field) in fields {
                if let (true, Value::String(data)) = (name == "data", field) {
                    let text = base64::engine::general_purpose::STANDARD
                        .decode(data)
                        .unwrap_or_default();
                    seen.strings
                        .insert(String::from_utf8_lossy(&text).into_owned());
                } else {
                    walk(field, seen);
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| walk(entry, seen)),
        Value::String(text) => {
            seen.strings.insert(text.clone());
        }
        _ => {}
    }
}

fn read(path: &std::path::Path) -> Seen {
    let text = std::fs::read_to_string(path).expect("readable");
    let mut seen = Seen::default();
    walk(&serde_json::from_str(&text).expect("JSON"), &mut seen);
    seen
}

fn code_labels(system: &str, code: &str) -> LabelSet {
    match Rules::standard().code(system, code, None) {
        CodeVerdict::Labelled(matches) => matches.labels(),
        _ => LabelSet::EMPTY,
    }
}

#[test]
fn records_without_substance_use_have_no_hit() {
    let Some(folder) = folder() else { return };
    for name in ["java-Elisha_Bradtke", "java-Milan_Beatty", "java-Ned_Hintz"] {
        let seen = read(&folder.join(format!("{name}.json")));
        for text in &seen.strings {
            for hit in terms::scan(text) {
                assert!(
                    !LabelSet::SUBSTANCE_USE.has(hit.label),
                    "{name}: {} in {:?}",
                    hit.rule,
                    text.get(hit.start..hit.end)
                );
            }
        }
        for (system, code, display) in &seen.codings {
            assert!(
                !code_labels(system, code).overlaps(LabelSet::SUBSTANCE_USE),
                "{name}: {system} {code} {display}"
            );
        }
    }
}

/// Whatever a record calls by one of these words is found, by its code or by its name.
#[test]
fn records_with_substance_use_lose_none() {
    const ABOUT: [&str; 16] = [
        "alcohol",
        "addict",
        "substance",
        "overdose",
        "detox",
        "drug abuse",
        "drugs",
        "opioid",
        "naltrexone",
        "naloxone",
        "methadone",
        "buprenorphine",
        "audit-c",
        "dast-10",
        "cocaine",
        "heroin",
    ];
    let Some(folder) = folder() else { return };
    let mut missed = BTreeSet::new();
    for name in [
        "java-Barrett_Douglas",
        "java-Gilberto_Orosco",
        "pysyn-Lilia_Granado",
        "pysyn-Sancho_Fr",
    ] {
        let seen = read(&folder.join(format!("{name}.json")));
        for (system, code, display) in &seen.codings {
            let is_about = ABOUT
                .iter()
                .any(|word| display.to_lowercase().contains(word));
            let labels = code_labels(system, code).join(terms::labels(display));
            if is_about && !labels.overlaps(LabelSet::SUBSTANCE_USE) {
                missed.insert(format!("{system} {code} {display}"));
            }
        }
        for text in &seen.strings {
            let is_about = ABOUT.iter().any(|word| text.to_lowercase().contains(word));
            if is_about && !terms::labels(text).overlaps(LabelSet::SUBSTANCE_USE) {
                missed.insert(text.chars().take(200).collect());
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_system_of_the_records_is_known_or_told() {
    let Some(folder) = folder() else { return };
    let mut unknown = BTreeSet::new();
    for file in std::fs::read_dir(folder).expect("a folder").flatten() {
        for (system, code, _) in read(&file.path()).codings {
            if Rules::standard().code(&system, &code, None) == CodeVerdict::UnknownSystem {
                unknown.insert(system);
            }
        }
    }
    eprintln!("systems that vouch for nothing: {unknown:#?}");
}
