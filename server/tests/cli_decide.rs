//! `confide decide` as it is called from outside (CLI.md).

use crate::support::process::err;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, value: &Value) -> PathBuf {
        self.text(name, &value.to_string())
    }

    fn text(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

fn decide(bundle: &Path, consent: &[&Path], more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_confide"));
    command
        .env_clear()
        .args(["decide", "--bundle"])
        .arg(bundle)
        .arg("--consent")
        .args(consent)
        .args(more);
    command.output().expect("the binary runs")
}

const WHO: [&str; 7] = [
    "--recipient",
    "Practitioner/doctor",
    "--purpose",
    "TREAT",
    "--at",
    "2026-03-01T12:00:00Z",
    "--json",
];

fn lines(output: &Output) -> Vec<Value> {
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect()
}

fn bundle() -> Value {
    let program = json!({"reference": "Organization/program"});
    json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "p", "name": [{"family": "P"}]}},
        {"resource": {"resourceType": "Organization", "id": "program", "name": "Harbor"}},
        {"resource": {"resourceType": "Condition", "id": "ordinary", "subject": {"reference": "Patient/p"},
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]}}},
        {"resource": {"resourceType": "Encounter", "id": "visit", "status": "finished", "subject": {"reference": "Patient/p"},
            "serviceProvider": program,
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "type": [{"coding": [{"system": "http://snomed.info/sct", "code": "185349003"}]}]}},
        {"resource": {"resourceType": "Condition", "id": "opioid", "subject": {"reference": "Patient/p"},
            "encounter": {"reference": "Encounter/visit"}, "asserter": program,
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20"}]}}}
    ]})
}

fn consent(id: &str, provision: &Value) -> Value {
    json!({"resourceType": "Consent", "id": id, "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": "Patient/p"}, "dateTime": "2026-01-01", "provision": provision})
}

fn labels(codes: &[&str]) -> Value {
    let of = |code: &&str| {
        let system = if *code == "N" {
            "v3-Confidentiality"
        } else {
            "v3-ActCode"
        };
        json!({"system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code})
    };
    codes.iter().map(of).collect()
}

fn part<'a>(lines: &'a [Value], resource: &str, part: &str) -> &'a Value {
    lines
        .iter()
        .find(|line| line["resource"] == resource && line["part"] == part)
        .unwrap_or_else(|| panic!("no {resource} {part}"))
}

#[test]
fn a_decision_a_part_with_its_basis_and_obligations() {
    let folder = Folder::new();
    let bundle = folder.file("bundle.json", &bundle());
    let permit = folder.file(
        "c.json",
        &consent(
            "c",
            &json!({"type": "permit", "securityLabel": labels(&["N", "SUD", "42CFRPart2"])}),
        ),
    );
    let mut more = WHO.to_vec();
    more.extend(["--part2-organization", "Organization/program"]);
    let output = decide(&bundle, &[&permit], &more);
    let lines = lines(&output);
    for line in &lines {
        let mut keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
        keys.sort();
        assert_eq!(keys, ["basis", "effect", "obligations", "part", "resource"]);
    }
    assert_eq!(
        *part(&lines, "Condition/ordinary", "code"),
        json!({"resource": "Condition/ordinary", "part": "code", "effect": "permit",
            "basis": [{"consent": "Consent/c", "labels": ["general"]}], "obligations": ["log"]})
    );
    assert_eq!(
        *part(&lines, "Condition/opioid", "code"),
        json!({"resource": "Condition/opioid", "part": "code", "effect": "permit",
            "basis": [{"consent": "Consent/c", "labels": ["substance-use.opioids", "part2"]}],
            "obligations": ["log", "notice", "consent-copy", "no-redisclosure", "persist-label"]})
    );
    assert!(err(&output).is_empty(), "{}", err(&output));
}

#[test]
fn what_is_denied_says_nothing_more() {
    let folder = Folder::new();
    let bundle = folder.file("bundle.json", &bundle());
    let permit = folder.file(
        "c.json",
        &consent(
            "c",
            &json!({"type": "permit", "securityLabel": labels(&["N"])}),
        ),
    );
    let lines = lines(&decide(&bundle, &[&permit], &WHO));
    assert_eq!(
        part(&lines, "Condition/ordinary", "code")["effect"],
        "permit"
    );
    for line in lines
        .iter()
        .filter(|line| line["resource"] == "Condition/opioid")
    {
        assert_eq!(
            (&line["effect"], &line["basis"], &line["obligations"]),
            (&json!("deny"), &json!([]), &json!([]))
        );
    }
}

#[test]
fn several_files_and_bundles_of_consents() {
    let folder = Folder::new();
    let bundle = folder.file("bundle.json", &bundle());
    let one = consent(
        "one",
        &json!({"type": "permit", "securityLabel": labels(&["N"]), "actor": [
        {"role": {"coding": [{"code": "PRCP"}]}, "reference": {"reference": "CareTeam/team"}}]}),
    );
    let two = consent(
        "two",
        &json!({"type": "permit", "securityLabel": labels(&["SUD"])}),
    );
    let team = json!({"resourceType": "CareTeam", "id": "team", "participant": [{"member": {"reference": "Practitioner/doctor"}}]});
    let first = folder.file(
        "one.json",
        &json!({"resourceType": "Bundle", "type": "collection",
        "entry": [{"resource": one}, {"resource": team}]}),
    );
    let second = folder.file("two.json", &two);
    let lines = lines(&decide(&bundle, &[&first, &second], &WHO));
    assert_eq!(
        part(&lines, "Condition/ordinary", "code")["basis"][0]["consent"],
        "Consent/one"
    );
    assert_eq!(
        part(&lines, "Condition/opioid", "code")["basis"][0]["consent"],
        "Consent/two"
    );
    assert!(
        lines.iter().all(|line| line["resource"] != "CareTeam/team"),
        "only records are decided"
    );
}

#[test]
fn a_consent_that_is_not_understood_is_named_and_is_no_bad_input() {
    let folder = Folder::new();
    let bundle = folder.file("bundle.json", &bundle());
    let odd = consent(
        "odd",
        &json!({"type": "permit", "modifierExtension": [{"url": "urn:secret"}]}),
    );
    let odd = folder.file("odd.json", &odd);
    let output = decide(&bundle, &[&odd], &WHO);
    assert!(lines(&output).iter().all(|line| line["effect"] == "deny"));
    assert!(
        err(&output).contains("Consent/odd permits nothing: provision.modifierExtension"),
        "{}",
        err(&output)
    );
    assert!(!err(&output).contains("secret"));
}

#[test]
fn bad_input_is_told_with_its_place() {
    let folder = Folder::new();
    let good = folder.file("bundle.json", &bundle());
    let permit = folder.file("c.json", &consent("c", &json!({"type": "permit"})));
    let broken = folder.text("broken.json", "{\"resourceType\": \"Bundle\",");
    let fails = |bundle: &Path, consent: &Path, more: &[&str], words: &str| {
        let output = decide(bundle, &[consent], more);
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(output.stdout.is_empty());
        assert!(err(&output).contains(words), "{words}: {}", err(&output));
    };
    fails(&broken, &permit, &WHO, "broken.json");
    fails(&good, &broken, &WHO, "broken.json");
    fails(&good, &folder.0.path().join("none.json"), &WHO, "none.json");
    let who = ["--recipient", "Practitioner/doctor"];
    fails(
        &good,
        &permit,
        &[who[0], who[1], "--purpose", "FUN"],
        "--purpose",
    );
    fails(
        &good,
        &permit,
        &[who[0], who[1], "--purpose", "PurposeOfUse"],
        "--purpose",
    );
    fails(
        &good,
        &permit,
        &[who[0], who[1], "--purpose", "TREAT", "--at", "soon"],
        "--at",
    );
    fails(
        &good,
        &permit,
        &["--recipient", "doctor", "--purpose", "TREAT"],
        "--recipient",
    );
}

#[test]
fn words_for_people() {
    let folder = Folder::new();
    let bundle = folder.file("bundle.json", &bundle());
    let permit = folder.file(
        "c.json",
        &consent(
            "c",
            &json!({"type": "permit", "securityLabel": labels(&["N"])}),
        ),
    );
    let output = decide(&bundle, &[&permit], &WHO[..6]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("permit Condition/ordinary code · Consent/c: general · log"),
        "{text}"
    );
    assert!(text.contains("deny   Condition/opioid code\n"), "{text}");
}
