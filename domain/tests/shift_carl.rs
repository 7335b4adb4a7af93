//! The wishes of SHIFT's Carl: 13 recipients, 5 classes of information, 65 decisions (docs/decide.md).
//!
//! Columns are resources by their labels, as the labeling gives them: Medical none; BH mental health; BH-Personality
//! personality disorders; BH-SUD substance use, (Part II) with the law 42 CFR Part 2 and (non-Part II) without it. What
//! Carl has of substance use is from a Part 2 program, so for the fourth column the same records are decided a second
//! time without that one incoming label, and without the generated narratives, which repeat it in words.

use crate::asking;

use std::collections::BTreeMap;

use asking::{Asking, data, labels, to};
use domain::label::{Label, LabelSet};
use domain::labeling::{Context, Examiner, Part2Programs, settle};
use serde_json::{Value, json};

const COLUMNS: [&str; 5] = [
    "Medical",
    "BH",
    "BH-Personality",
    "BH-SUD (non-Part II)",
    "BH-SUD (Part II)",
];
/// How a permit or a deny names each column, with HL7's codes where there is one and with ours alone.
const HL7: [&str; 5] = ["N", "BH", "mental-health.personality", "SUD", "42CFRPart2"];
const OURS: [&str; 5] = [
    "general",
    "mental-health",
    "mental-health.personality",
    "substance-use",
    "part2",
];

struct Row {
    name: String,
    permits: [bool; 5],
}

/// The rows of the sheet, by hand: its only quoted fields are names.
fn rows(csv: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in csv.lines().skip(1) {
        let (name, rest) = match line.strip_prefix('"') {
            Some(quoted) => quoted.split_once("\",").expect("a closing quotation mark"),
            None => line.split_once(',').expect("a comma"),
        };
        let mut fields = rest.split(',');
        let column = fields.next().expect("a column");
        let permit = match fields.next() {
            Some("permit") => true,
            Some("deny") => false,
            other => panic!("{other:?}"),
        };
        let at = COLUMNS
            .iter()
            .position(|known| *known == column)
            .expect("a known column");
        if rows.last().is_none_or(|row| row.name != name) {
            rows.push(Row {
                name: name.to_owned(),
                permits: [false; 5],
            });
        }
        rows.last_mut().expect("a row").permits[at] = permit;
    }
    rows
}

fn resources(bundle: &str) -> Vec<Value> {
    let bundle: Value = serde_json::from_str(bundle).expect("JSON");
    bundle["entry"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["resource"].clone())
        .collect()
}

fn without_part2(resources: &[Value]) -> Vec<Value> {
    let mut resources = resources.to_vec();
    for resource in &mut resources {
        if let Some(map) = resource.as_object_mut() {
            map.remove("text");
        }
        if let Some(list) = resource
            .pointer_mut("/meta/security")
            .and_then(Value::as_array_mut)
        {
            list.retain(|coding| coding["code"] != "42CFRPart2");
        }
    }
    resources
}

/// The column of each resource, by the labels of what identifies it; separated notes and what waits for a person are in none.
fn columns(resources: &[Value]) -> BTreeMap<String, usize> {
    let mut examiner = Examiner::default();
    let examined = resources
        .iter()
        .map(|one| examiner.examine(one, None).expect("readable"))
        .collect();
    let programs = Part2Programs::default();
    settle(
        examined,
        &Context {
            part2_programs: &programs,
        },
    )
    .into_iter()
    .filter_map(|labelled| {
        let first = labelled
            .parts
            .get(usize::from(*labelled.identifying.first()?))?
            .labels;
        if first.overlaps(LabelSet::NOTES.with(Label::Unclassified)) {
            return None;
        }
        let column = if first.has(Label::Part2) {
            4
        } else if first.overlaps(LabelSet::SUBSTANCE_USE) {
            3
        } else if first.has(Label::Personality) {
            2
        } else if first.has(Label::MentalHealth) {
            1
        } else if first.is_ordinary() {
            0
        } else {
            return None;
        };
        Some((labelled.identity(), column))
    })
    .collect()
}

fn of(codes: [&str; 5], row: &Row, permitted: bool) -> Vec<&'static str> {
    let codes: [&'static str; 5] = if codes == HL7 { HL7 } else { OURS };
    let mut chosen = Vec::new();
    for (at, code) in codes.into_iter().enumerate() {
        if row.permits[at] == permitted {
            chosen.push(code);
        }
    }
    chosen
}

fn consent(id: &str, provision: &Value) -> Value {
    let mut consent = asking::named_consent(id, provision.clone());
    consent["patient"] = json!({"reference": "Patient/CarlFrederickson"});
    consent
}

/// A permit to one recipient, with a deny inside for what is kept back.
fn permit(reference: &str, row: &Row, codes: [&str; 5]) -> Option<Value> {
    let (open, kept) = (of(codes, row, true), of(codes, row, false));
    if open.is_empty() {
        return None;
    }
    let mut provision =
        json!({"type": "permit", "actor": to(reference), "securityLabel": labels(&open)});
    if !kept.is_empty() {
        provision["provision"] = json!([{"type": "deny", "securityLabel": labels(&kept)}]);
    }
    Some(provision)
}

/// The same wish of one recipient, written down in several ways.
fn encodings(reference: &str, row: &Row) -> Vec<Vec<Value>> {
    let refusal = json!({"type": "deny", "actor": to(reference)});
    let mut all = Vec::new();
    for codes in [HL7, OURS] {
        let (open, kept) = (of(codes, row, true), of(codes, row, false));
        let permit = permit(reference, row, codes);
        // One permit with the exceptions inside.
        all.push(vec![consent("permit", permit.as_ref().unwrap_or(&refusal))]);
        // Denied unless permitted.
        let inner: Vec<Value> = permit.iter().cloned().collect();
        let mut root = json!({"type": "deny"});
        if !inner.is_empty() {
            root["provision"] = json!(inner);
        }
        all.push(vec![consent("default", &root)]);
        if open.is_empty() || kept.is_empty() {
            continue;
        }
        // The deny beside the permit.
        let beside = json!({"type": "deny", "provision": [
            {"type": "permit", "actor": to(reference), "securityLabel": labels(&open)},
            {"type": "deny", "actor": to(reference), "securityLabel": labels(&kept)}
        ]});
        all.push(vec![consent("beside", &beside)]);
        // A permit of everything there is, with exceptions.
        let mut whole =
            json!({"type": "permit", "actor": to(reference), "securityLabel": labels(&codes)});
        whole["provision"] = json!([{"type": "deny", "securityLabel": labels(&kept)}]);
        all.push(vec![consent("whole", &whole)]);
        // A Consent for each label, and a refusal of the rest.
        let mut each: Vec<Value> = open
            .iter()
            .map(|code| consent(code, &json!({"type": "permit", "actor": to(reference), "securityLabel": labels(&[code])})))
            .collect();
        each.push(consent(
            "rest",
            &json!({"type": "deny", "actor": to(reference), "securityLabel": labels(&kept)}),
        ));
        all.push(each);
    }
    all
}

/// Compares one recipient's decisions with a row; how many cells were compared.
fn compare(
    row: &Row,
    reference: &str,
    resources: &[Value],
    consents: &[Value],
    among: &[usize],
) -> Vec<usize> {
    let columns = columns(resources);
    let asking = Asking::of(resources, consents).by(&[reference]);
    let mut found: BTreeMap<String, bool> = BTreeMap::new();
    for part in asking.answer().parts {
        *found.entry(part.resource).or_default() |= part.permits;
    }
    let mut compared = Vec::new();
    for (resource, column) in columns {
        if among.contains(&column) {
            assert_eq!(
                found[&resource], row.permits[column],
                "{}: {resource}, {}",
                row.name, COLUMNS[column]
            );
            compared.push(column);
        }
    }
    assert!(
        !found["Observation/CarlFredericksonOUDThoughtRecord"],
        "{}: a psychotherapy note",
        row.name
    );
    compared.sort_unstable();
    compared.dedup();
    compared
}

#[test]
fn carls_wishes_are_decided_as_he_wants_65_of_65() {
    let (Some(csv), Some(bundle)) = (
        data("shift/carl-expected.csv"),
        data("shift/carl-bundle.json"),
    ) else {
        return;
    };
    let rows = rows(&csv);
    let labelled = resources(&bundle);
    let ordinary_sud = without_part2(&labelled);
    let mut cells = 0;
    for (number, row) in rows.iter().enumerate() {
        let reference = format!("Practitioner/{number}");
        for consents in encodings(&reference, row) {
            let mut compared = compare(row, &reference, &labelled, &consents, &[0, 1, 2, 4]);
            compared.extend(compare(row, &reference, &ordinary_sud, &consents, &[3]));
            compared.sort_unstable();
            assert_eq!(compared, [0, 1, 2, 3, 4], "{}", row.name);
        }
        cells += row.permits.len();
    }
    assert_eq!(cells, 65);
}

#[test]
fn all_wishes_together_stay_apart() {
    let (Some(csv), Some(bundle)) = (
        data("shift/carl-expected.csv"),
        data("shift/carl-bundle.json"),
    ) else {
        return;
    };
    let rows = rows(&csv);
    let labelled = resources(&bundle);
    let provisions: Vec<Value> = rows
        .iter()
        .enumerate()
        .filter_map(|(number, row)| permit(&format!("Practitioner/{number}"), row, HL7))
        .collect();
    let in_one = vec![consent(
        "all",
        &json!({"type": "deny", "provision": provisions}),
    )];
    let each: Vec<Value> = provisions
        .iter()
        .enumerate()
        .map(|(at, provision)| consent(&format!("c{at}"), provision))
        .collect();
    let with_default: Vec<Value> = provisions
        .iter()
        .enumerate()
        .map(|(at, provision)| {
            consent(
                &format!("d{at}"),
                &json!({"type": "deny", "provision": [provision]}),
            )
        })
        .collect();
    for consents in [in_one, each, with_default] {
        for (number, row) in rows.iter().enumerate() {
            compare(
                row,
                &format!("Practitioner/{number}"),
                &labelled,
                &consents,
                &[0, 1, 2, 4],
            );
        }
    }
}

#[test]
fn the_unlabelled_records_are_decided_by_our_own_labels() {
    let (Some(csv), Some(bundle)) = (
        data("shift/carl-expected.csv"),
        data("shift/carl-bundle-unlabelled.json"),
    ) else {
        return;
    };
    let records = resources(&bundle);
    let columns = columns(&records);
    for (number, row) in rows(&csv).iter().enumerate() {
        let reference = format!("Practitioner/{number}");
        let Some(provision) = permit(&reference, row, HL7) else {
            continue;
        };
        let answer = Asking::of(&records, &[consent("c", &provision)])
            .by(&[&reference])
            .answer();
        let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
        for part in &answer.parts {
            *seen.entry(part.resource.as_str()).or_default() |= part.permits;
        }
        for (resource, column) in &columns {
            assert_eq!(
                seen[resource.as_str()],
                row.permits[*column],
                "{}: {resource}",
                row.name
            );
        }
    }
}
