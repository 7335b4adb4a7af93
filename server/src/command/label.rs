//! `confide label explain`

use crate::{cli::Explain, failure::Exit, output};
use domain::{
    fhir::reader::{self, Entry, ReadError},
    labeling::{
        Context, Examined, Examiner, Part2Programs, explain, explain_code, rules::Rules, settle,
    },
};
use serde_json::Value;
use std::{fs::File, path::Path};

/// Labels files without keeping anything, each on its own as the importer takes them; or looks up one code.
pub fn run(arguments: &Explain) -> Exit {
    if let (Some(system), Some(code)) = (&arguments.system, &arguments.code) {
        say(
            &explain_code(Rules::standard(), system, code),
            arguments.json,
        );
        return Exit::Done;
    }
    let programs = Part2Programs::of(&arguments.part2_organization);
    let mut exit = Exit::Done;
    for file in &arguments.files {
        match examine(file) {
            Ok(examined) => {
                let context = Context {
                    part2_programs: &programs,
                };
                for labelled in settle(examined, &context) {
                    for part in explain(&labelled) {
                        say(&part, arguments.json);
                    }
                }
            }
            Err(fault) => {
                output::note(&format!("confide: {}: {fault}", file.display()));
                exit = Exit::BadInput;
            }
        }
    }
    exit
}

/// Every resource of a file, examined; or the first fault with its place.
fn examine(file: &Path) -> Result<Vec<Examined>, String> {
    let bytes = File::open(file).map_err(|error| format!("can't be read: {}", error.kind()))?;
    let mut reading = Examiner::default();
    let mut all = Vec::new();
    let read = reader::read(bytes, |entry: Entry| {
        let examined = reading
            .examine(&entry.resource, entry.full_url.as_deref())
            .map_err(|fault| format!("entry {}: {fault}", entry.index))?;
        all.push(examined);
        Ok(())
    });
    match read {
        Ok(_) => Ok(all),
        Err(ReadError::Taker(fault)) => Err(fault),
        Err(ReadError::Fault(fault)) => Err(fault.to_string()),
    }
}

fn say(part: &Value, as_json: bool) {
    if as_json {
        output::json(part);
    } else {
        for line in words(part) {
            output::line(&line);
        }
    }
}

/// The same for people: what it is, its labels, and a line a reason.
fn words(part: &Value) -> Vec<String> {
    let text = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .map(ToOwned::to_owned)
    };
    let is = |key: &str| part.get(key).and_then(Value::as_bool).unwrap_or_default();
    let list = |key: &str| {
        part.get(key)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    let what: Vec<String> = ["resource", "part", "system", "code"]
        .into_iter()
        .filter_map(|key| text(part, key))
        .filter(|text| !text.is_empty())
        .collect();
    let mut labels: Vec<String> = text(part, "confidentiality").into_iter().collect();
    labels.extend(
        list("segments")
            .iter()
            .filter_map(Value::as_str)
            .map(ToOwned::to_owned),
    );
    labels.extend(text(part, "separated"));
    for (key, word) in [("part2", "part2"), ("review", "to review")] {
        if is(key) {
            labels.push(word.to_owned());
        }
    }
    let mut lines = vec![format!("{}: {}", what.join(" "), labels.join(", "))];
    for basis in list("basis") {
        let words: Vec<String> = ["label", "kind", "rule", "system", "code", "from"]
            .into_iter()
            .filter_map(|key| text(basis, key))
            .collect();
        lines.push(format!("    {}", words.join(" · ")));
    }
    lines
}
