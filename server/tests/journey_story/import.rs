//! Step 1: records come in, labelled and reported, all of a file or nothing of it.

use crate::support::{
    TestPortal,
    records::{
        DIRECTORY, JORDAN, MORGAN, PROGRAM, condition, import, ndjson, observation, patient_of,
        resources,
    },
};
use domain::label::Label;
use portal::{Options, Portal};
use serde_json::{Value, json};
use std::{collections::BTreeMap, process::Command};
use store::Event;

/// The portal of a store whose operator named these Part 2 programs.
fn with_programs(empty: &TestPortal, names: &[&str]) -> Portal {
    Portal::new(
        empty.portal.store().clone(),
        Options {
            part2_organizations: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Options::default()
        },
    )
}

async fn everything(portal: &Portal) -> Vec<domain::item::ItemFacts> {
    let mut items = Vec::new();
    for patient in portal.store().all_patients().await.expect("patients") {
        let chart = portal.store().chart(patient).await.expect("an answer");
        items.extend_from_slice(&chart.expect("a chart").items);
    }
    items
}

fn by_type(bundle: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for resource in resources(bundle) {
        let kind = resource["resourceType"].as_str().expect("a type");
        *counts.entry(kind.to_owned()).or_default() += 1;
    }
    counts
}

/// Every resource is counted, the second run changes nothing, and the ledger has both.
#[tokio::test]
async fn a_file_is_reported_and_taken_in_once() {
    let empty = TestPortal::empty().await;
    let portal = with_programs(&empty, &["Organization/org-harbor-light"]);
    import(&portal, "directory", DIRECTORY)
        .await
        .expect("a report");
    let first = import(&portal, "jordan", JORDAN).await.expect("a report");
    let all: u64 = first.resources.values().sum();
    assert_eq!(first.resources, by_type(JORDAN));
    assert_eq!((first.new, first.changed, first.unchanged), (all, 0, 0));
    for segment in ["substance-use.opioids", "hiv", "mental-health"] {
        assert!(first.segments.get(segment) > Some(&0), "{segment}");
    }
    for basis in ["code", "origin"] {
        assert!(first.basis.get(basis) > Some(&0), "{basis}");
    }
    assert!(first.part2 > 0 && first.review > 0);
    assert_eq!(first.review_reasons.values().sum::<u64>(), first.review);

    let patient = portal
        .store()
        .patient_by_identity("Patient/demo-patient-1")
        .await
        .expect("an answer")
        .expect("a patient");
    let (length, house) = (
        empty.length(patient).await,
        empty.house_since(0).await.len(),
    );
    let chart = portal.store().chart(patient).await.expect("an answer");
    let chart = chart.expect("a chart");
    let second = import(&portal, "jordan", JORDAN).await.expect("a report");
    assert_eq!((second.new, second.changed, second.unchanged), (0, 0, all));
    assert_eq!(second.segments, first.segments);
    // Nothing of the record changed: no entry, the same epoch, the same facts.
    assert_eq!(empty.length(patient).await, length);
    let again = portal.store().chart(patient).await.expect("an answer");
    let again = again.expect("a chart");
    assert_eq!(again.state.epoch, chart.state.epoch);
    assert!(again.items == chart.items);
    // The run itself is the house's to remember.
    let house = empty.house_since(house as u64).await;
    assert!(
        house.iter().any(|entry| matches!(
            entry.body.event,
            Event::Imported { new: 0, changed: 0, unchanged, .. } if unchanged == all
        )),
        "the second run is in the ledger"
    );
    empty.assert_sound().await;
}

/// What no page shows is kept and labelled all the same: claims, plans, coverage.
#[tokio::test]
async fn kinds_without_a_page_are_kept_and_labelled() {
    let empty = TestPortal::empty().await;
    let portal = with_programs(&empty, &["Organization/org-harbor-light"]);
    import(&portal, "directory", DIRECTORY)
        .await
        .expect("a report");
    let report = import(&portal, "jordan", JORDAN).await.expect("a report");
    let items = everything(&portal).await;
    assert_eq!(items.len() as u64, report.new);
    for kind in [
        "Claim",
        "ExplanationOfBenefit",
        "CarePlan",
        "Goal",
        "Coverage",
    ] {
        let kept: Vec<_> = items
            .iter()
            .filter(|item| item.resource_type == kind)
            .collect();
        assert_eq!(kept.len() as u64, report.resources[kind], "{kind}");
        assert!(kept.iter().all(|item| !item.kind.is_shown()), "{kind}");
        assert!(kept.iter().all(|item| !item.parts.is_empty()), "{kind}");
    }
    // The program's claim is labelled by where it came from.
    assert!(
        items
            .iter()
            .any(|item| item.resource_type == "Claim" && item.labels().has(Label::Part2))
    );
}

/// The same resources as NDJSON come to the same record.
#[tokio::test]
async fn ndjson_comes_to_the_same() {
    let bundle = TestPortal::empty().await;
    let lines = TestPortal::empty().await;
    let programs = ["Organization/org-harbor-light"];
    let mut reports = Vec::new();
    for (empty, jordan) in [
        (&bundle, JORDAN.to_owned()),
        (&lines, ndjson(&resources(JORDAN))),
    ] {
        let portal = with_programs(empty, &programs);
        import(&portal, "directory", DIRECTORY)
            .await
            .expect("a report");
        let mut report = import(&portal, "jordan", &jordan).await.expect("a report");
        report.file = String::new();
        reports.push(serde_json::to_value(report).expect("JSON"));
    }
    assert_eq!(reports[0], reports[1]);
}

/// Which organizations are Part 2 programs is the operator's to say: by reference, identifier or name (POLICY §2).
#[tokio::test]
async fn part_2_programs_are_configuration() {
    let program = resources(DIRECTORY)
        .into_iter()
        .find(|resource| resource["id"] == PROGRAM)
        .expect("the program");
    let name = program["name"].as_str().expect("a name").to_owned();
    let identifier = format!(
        "{}|{}",
        program["identifier"][0]["system"]
            .as_str()
            .expect("a system"),
        program["identifier"][0]["value"].as_str().expect("a value"),
    );
    let mut marked = Vec::new();
    for names in [
        vec![],
        vec!["Organization/org-harbor-light"],
        vec![name.as_str()],
        vec![identifier.as_str()],
    ] {
        let empty = TestPortal::empty().await;
        let portal = with_programs(&empty, &names);
        import(&portal, "directory", DIRECTORY)
            .await
            .expect("a report");
        let report = import(&portal, "jordan", JORDAN).await.expect("a report");
        let items = everything(&portal).await;
        let count = items
            .iter()
            .filter(|item| item.labels().has(Label::Part2))
            .count();
        marked.push((count, report.part2));
    }
    // One note came with the mark on it, and keeps it; nobody is a program by itself.
    assert_eq!(marked[0].0, 1);
    assert!(marked[1].0 > 20);
    assert!(
        marked[1..].iter().all(|one| *one == marked[1]),
        "{marked:?}"
    );
}

fn bundle(resources: &[Value]) -> Value {
    json!({
        "resourceType": "Bundle",
        "type": "collection",
        "entry": resources
            .iter()
            .map(|resource| json!({ "resource": resource }))
            .collect::<Vec<_>>(),
    })
}

/// A fault anywhere refuses the whole file, names the place, and tells nothing of the content.
#[tokio::test]
async fn a_broken_file_leaves_nothing() {
    let empty = TestPortal::empty().await;
    let before = empty.house_since(0).await.len();
    let patient = patient_of(MORGAN);
    let good = condition(
        "c1",
        "Patient/demo-patient-2",
        PROGRAM,
        "F11.20",
        "Sekret",
        "2024-01-01",
    );
    let mut wrong_type = good.clone();
    wrong_type["resourceType"] = json!(7);
    let mut stranger = good.clone();
    stranger["subject"] = json!({ "reference": "urn:uuid:0b6c7a52-2f0e-4a53-9d3d-0123456789ab" });
    stranger["id"] = json!("c2");
    let lines = ndjson(&[patient.clone(), good.clone()]);
    let cut = bundle(&[patient.clone(), good.clone()]).to_string();
    let cut = &cut[..cut.len() - 40];
    let files: [(&str, String, Option<usize>); 5] = [
        (
            "a wrong type",
            bundle(&[patient.clone(), good.clone(), wrong_type]).to_string(),
            Some(2),
        ),
        (
            "a broken line",
            format!("{lines}{{\"resourceType\": \n"),
            Some(2),
        ),
        ("cut short", cut.to_owned(), None),
        (
            "somebody else's",
            bundle(&[patient, good, stranger]).to_string(),
            None,
        ),
        ("no FHIR at all", "<html></html>".to_owned(), None),
    ];
    for (what, content, entry) in files {
        let error = import(&empty.portal, "file", &content)
            .await
            .expect_err(what);
        assert!(error.cause.is_none(), "{what}: {error}");
        if entry.is_some() {
            assert_eq!(error.entry, entry, "{what}: {error}");
        }
        assert!(
            error.entry.is_some()
                || error.path.as_deref().is_some_and(|path| !path.is_empty())
                || error.reason.contains("line "),
            "{what} names its place: {error}"
        );
        assert!(!error.to_string().contains("Sekret"), "{what}: {error}");
        let store = empty.portal.store();
        assert!(
            store.all_patients().await.expect("patients").is_empty(),
            "{what}"
        );
        assert!(
            store.all_people().await.expect("people").is_empty(),
            "{what}"
        );
        assert_eq!(empty.house_since(0).await.len(), before, "{what}");
    }
    empty.assert_sound().await;
}

/// A change of one resource is a change of one item; what was imported before keeps its id.
#[tokio::test]
async fn a_change_is_a_change_of_one_item() {
    let portal = TestPortal::new().await;
    let morgan = portal.patient_id("Morgan Ellis").await;
    let place = portal.length(morgan).await;
    let mut value = observation(
        "more-1",
        "Patient/demo-patient-2",
        crate::support::records::PRACTICE,
        "8867-4",
        "Heart rate",
        "2026-10-07T10:00:00-05:00",
    );
    let report = portal.add(MORGAN, &[value.clone()]).await;
    assert_eq!((report.new, report.changed, report.unchanged), (1, 0, 1));
    value["valueQuantity"]["value"] = json!(72);
    let report = portal.add(MORGAN, &[value]).await;
    assert_eq!((report.new, report.changed, report.unchanged), (0, 1, 1));
    let entries = portal.since(morgan, place).await;
    let imported: Vec<(u64, u64)> = entries
        .iter()
        .filter_map(|entry| match entry.body.event {
            Event::Imported { new, changed, .. } => Some((new, changed)),
            _ => None,
        })
        .collect();
    assert_eq!(imported, [(1, 0), (0, 1)]);
    assert!(entries[0].body.epoch < entries[1].body.epoch);
    portal.assert_sound().await;
}

/// The command: the program is named on the line, the report comes as one object a file (CLI.md).
#[test]
fn the_command_reports_each_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/");
    let output = Command::new(env!("CARGO_BIN_EXE_confide"))
        .env_clear()
        .args([
            "import",
            "--json",
            "--part2-organization",
            "Organization/org-harbor-light",
        ])
        .arg("--data")
        .arg(folder.path().join("data"))
        .arg(format!("{demo}directory.json"))
        .arg(format!("{demo}jordan-reyes.json"))
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(0));
    let reports: Vec<Value> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(reports.len(), 2);
    assert_eq!(
        reports[1]["resources"],
        serde_json::to_value(by_type(JORDAN)).expect("JSON")
    );
    assert!(reports[1]["part2"].as_u64() > Some(0));
    assert!(reports[1]["review"].as_u64() > Some(0));
    assert_eq!(reports[1]["error"], Value::Null);
}
