//! "Prove this line": a file with which a patient can show later that an entry was there (LAW F3).

use crate::audit::{audit, audit_of, ended, json};
use crate::support::process::text;
use crate::support::{Patient, TestPortal};
use portal::line_proof::LineProof;
use std::fs;
use store::{Chain, Event, Stamp};

const BUTTON: &str = "Prove this line";

/// The file for the newest line of somebody's history.
async fn newest(patient: &mut Patient<'_>) -> Vec<u8> {
    let page = patient.open_history().await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action == "/access-history/proof");
    let answer = patient.submit(&form.expect("a button")).await.expect(200);
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"proof.json\""
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.bytes.clone()
}

/// LAW F3, F2: every line has its proof; the file is small, holds nothing of health or names, and that it was taken
/// stands in the ledger and in the history.
#[tokio::test]
async fn a_line_is_proven_by_a_small_file() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.open_records().await;
    let page = jordan.open_history().await;
    let buttons = page
        .forms()
        .into_iter()
        .filter(|form| form.action == "/access-history/proof");
    assert_eq!(buttons.count(), page.rows().len());
    page.shows(BUTTON)
        .shows("nothing was changed or taken away since");
    let before = portal.length(patient).await;
    let bytes = newest(&mut jordan).await;
    let file = LineProof::read(&bytes).expect("a proof");
    assert_eq!((file.chain, file.entry), (patient.0, before));
    let verdict = file.check().expect("a key");
    assert!(verdict.holds());
    assert_eq!(verdict.key, portal.portal.store().public_key());
    assert!(bytes.len() < 8_192, "{} bytes", bytes.len());
    let words = String::from_utf8(bytes).expect("text").to_lowercase();
    for word in [
        "jordan", "reyes", "opioid", "treat", "view", "clinic", "label",
    ] {
        assert!(!words.contains(word), "{word}");
    }
    let taken = portal.since(patient, before).await;
    assert!(
        taken
            .iter()
            .any(|entry| entry.body.event == Event::ProofTaken { seq: before })
    );
    jordan
        .open_history()
        .await
        .shows("Took a file that proves a line of this list");
    portal.assert_sound().await;
}

/// It is the patient's own: another's line answers like one that is not there, and what is no number is refused.
#[tokio::test]
async fn nobody_proves_what_is_not_theirs() {
    let portal = TestPortal::new().await;
    let mut morgan = portal.morgan().await;
    for (body, status) in [
        ("entry=0", 404),
        ("entry=99999", 404),
        ("entry=18446744073709551615", 404),
        ("entry=first", 400),
        ("", 400),
    ] {
        let answer = morgan.post("/access-history/proof", body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}");
    }
    let mut okafor = portal.okafor().await;
    let refused = okafor.post("/access-history/proof", "entry=1").await;
    assert_eq!(refused.status.as_u16(), 404);
}

/// LAW F3: the file is checked without the portal: by itself, against a key, and against the ledger as it is now.
#[tokio::test]
async fn a_proof_is_checked_without_the_portal() {
    let portal = TestPortal::new().await;
    let bytes = newest(&mut portal.jordan().await).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("proof.json");
    fs::write(&path, &bytes).expect("a file");
    let file = text(&path);
    let key = portal.portal.store().public_key().fingerprint();
    let alone = audit(&["verify", "--proof", file]);
    assert!(ended(&alone, 0).contains("The entry was in the log at this checkpoint."));
    let with_key = audit(&["verify", "--proof", file, "--key", &key, "--json"]);
    ended(&with_key, 0);
    assert_eq!(json(&with_key)["expected"], true);
    ended(
        &audit(&["verify", "--proof", file, "--key", &"0".repeat(32)]),
        1,
    );
    let against = audit_of(&portal, &["verify", "--proof", file, "--json"]);
    ended(&against, 0);
    let report = json(&against);
    assert_eq!(report["kept_elsewhere"], 1);
    assert_eq!(report["proof"]["included"], true);
    // Another entry, another chain, another hash, another place: none of it follows from the signature.
    let proof: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let number = |name: &str| proof[name].as_u64().expect("a number");
    for (name, other) in [
        ("entry", (number("entry") + 1).into()),
        ("chain", "00000000-0000-0000-0000-000000000000".into()),
        ("hash", "0".repeat(64).into()),
        ("position", (number("position") - 1).into()),
        ("path", serde_json::json!([])),
    ] {
        let mut changed = proof.clone();
        changed[name] = other;
        fs::write(&path, changed.to_string()).expect("a file");
        let found = audit(&["verify", "--proof", file]);
        assert!(ended(&found, 1).contains("was not in the log"), "{name}");
    }
    let proof = String::from_utf8(bytes).expect("text");
    fs::write(&path, proof.replace("after ", "after 1")).expect("a file");
    assert!(ended(&audit(&["verify", "--proof", file]), 1).contains("not signed by the key"));
    fs::write(&path, "{}").expect("a file");
    ended(&audit(&["verify", "--proof", file]), 2);
}

/// A line that is new is signed at once, one that was signed stays proven by what is newest.
#[tokio::test]
async fn a_proof_leads_to_the_newest_checkpoint() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let first = store
        .prove(patient, 1)
        .await
        .expect("an answer")
        .expect("a proof");
    let chain = Chain::Patient(patient);
    let event = Event::SignedOut;
    store
        .append(&Stamp::SYSTEM, chain, event)
        .await
        .expect("an entry");
    let length = portal.length(patient).await;
    let last = store
        .prove(patient, length)
        .await
        .expect("an answer")
        .expect("a proof");
    assert!(last.checkpoint.checkpoint.size > first.checkpoint.checkpoint.size);
    assert_eq!(
        last.checkpoint.checkpoint.after,
        first.checkpoint.checkpoint.size
    );
    let again = store
        .prove(patient, 1)
        .await
        .expect("an answer")
        .expect("a proof");
    assert_eq!(again.checkpoint, last.checkpoint);
    assert_eq!(again.position, first.position);
}
