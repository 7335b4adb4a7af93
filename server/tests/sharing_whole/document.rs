//! The signed document (LAW A1): what was read is what is kept, under the server's signature, and anybody can check it.

use crate::support::{Picks, TestPortal};
use domain::id::ConsentId;
use portal::sharing::document::{SignedFile, Unreadable};
use std::process::{Command, Output};
use store::Event;

fn verify(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_confide"))
        .args(["consent", "verify"])
        .args(arguments)
        .env_clear()
        .output()
        .expect("the binary runs")
}

/// Both forms of the document of a consent that Jordan signed.
async fn saved(portal: &TestPortal) -> (ConsentId, Vec<u8>, Vec<u8>) {
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut files = Vec::new();
    for button in ["Save as PDF", "Save the sealed file"] {
        let page = jordan.get(&format!("/sharing/{consent}")).await.expect(200);
        let answer = jordan
            .submit(&page.form_with_button(button))
            .await
            .expect(200);
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment; filename=\"agreement.")
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        files.push(answer.bytes.clone());
    }
    let json = files.pop().expect("two files");
    let pdf = files.pop().expect("two files");
    (consent, pdf, json)
}

/// LAW A1, F2: the PDF and the file hold the words that were read, the server's signature fits them, the fingerprint is
/// the one on the page, and that a copy was taken stands in the ledger first.
#[tokio::test]
async fn the_document_is_kept_word_for_word() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let before = portal.length(patient).await;
    let (consent, pdf, json) = saved(&portal).await;
    let file = SignedFile::read(&json).expect("a signed consent");
    assert_eq!(SignedFile::read(&pdf), Ok(file.clone()));
    assert!(file.is_signed());
    assert_eq!(file.consent.id, consent);
    let words = serde_json::to_string(&file.document).expect("words");
    for said in [
        "Dr. Amara Okafor",
        "Treatment",
        "You have the right to revoke this consent in writing",
        "A Name",
    ] {
        assert!(words.contains(said), "{said}");
    }
    let mut jordan = portal.jordan().await;
    jordan
        .get(&format!("/sharing/{consent}"))
        .await
        .expect(200)
        .shows(&file.key.fingerprint());
    let copies = portal.since(patient, before).await;
    let copies = copies
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::ConsentCopied { consent: of } if of == consent))
        .count();
    assert_eq!(copies, 2);
    jordan
        .open_history()
        .await
        .shows("Took a copy of a signed agreement");
    portal.assert_sound().await;
}

/// Nobody else's: a foreign id answers like one that does not exist, and nothing is written down about the consent.
#[tokio::test]
async fn the_document_is_the_patients_own() {
    let portal = TestPortal::new().await;
    let (consent, ..) = saved(&portal).await;
    let mut morgan = portal.morgan().await;
    let foreign = morgan
        .post(&format!("/sharing/{consent}/document"), "form=pdf")
        .await;
    let unknown = morgan
        .post(
            "/sharing/00000000-0000-4000-8000-000000000000/document",
            "form=pdf",
        )
        .await;
    assert_eq!(foreign.status, unknown.status);
    assert_eq!(foreign.text(), unknown.text());
    let mut okafor = portal.okafor().await;
    let theirs = okafor
        .post(&format!("/sharing/{consent}/document"), "form=json")
        .await;
    assert_eq!(theirs.status, unknown.status);
}

/// `confide consent verify FILE`: 0 for what was signed, 1 for a changed word, another key or another fingerprint, 2 for
/// what is no signed consent.
#[tokio::test]
async fn anybody_can_check_it() {
    let portal = TestPortal::new().await;
    let (_, pdf, json) = saved(&portal).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.to_str().expect("a plain path").to_owned()
    };
    let good = path("agreement.json", &json);
    let file = SignedFile::read(&json).expect("a signed consent");
    let out = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    for name in [&good, &path("agreement.pdf", &pdf)] {
        let output = verify(&[name]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(out(&output).contains("Dr. Amara Okafor"));
        assert!(out(&output).contains("The signature is right."));
    }
    let fingerprint = file.key.fingerprint();
    let output = verify(&["--json", "--key", &fingerprint, &good]);
    assert_eq!(output.status.code(), Some(0));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(told["signed"], true);
    assert_eq!(told["expected"], true);
    assert_eq!(told["key"], fingerprint.as_str());
    assert_eq!(
        verify(&["--key", "0000 0000", &good]).status.code(),
        Some(1)
    );

    let text = String::from_utf8(json.clone()).expect("text");
    let other = text.replace("Dr. Amara Okafor", "Dr. Amara Okafox");
    assert_ne!(other, text);
    assert_eq!(
        verify(&[&path("changed.json", other.as_bytes())])
            .status
            .code(),
        Some(1)
    );
    let in_pdf = String::from_utf8_lossy(&pdf).contains("Okafor");
    assert!(in_pdf, "the signed form can be found in the PDF as it is");
    for (name, bytes) in [
        ("nothing.json", b"{}".to_vec()),
        ("twice.json", [json.clone(), json.clone()].concat()),
        ("cut.json", json[..json.len() / 2].to_vec()),
        (
            "more.json",
            text.replacen("\"consent\":{", "\"consent\":{\"more\":1,", 1)
                .into_bytes(),
        ),
        (
            "later.json",
            text.replace("confide-consent/1", "confide-consent/2")
                .into_bytes(),
        ),
    ] {
        let output = verify(&[&path(name, &bytes)]);
        assert_eq!(output.status.code(), Some(2), "{name}: {output:?}");
        assert!(!output.stderr.is_empty());
    }
    assert_eq!(verify(&["/nowhere/at-all.json"]).status.code(), Some(2));
    assert_eq!(SignedFile::read(b"%PDF-1.7"), Err(Unreadable::Nothing));
}

/// Whatever single byte of the file is changed, it is not the signed consent any more, or it says the very same.
#[tokio::test]
async fn no_byte_can_be_changed_unseen() {
    let portal = TestPortal::new().await;
    let (_, _, json) = saved(&portal).await;
    let file = SignedFile::read(&json).expect("a signed consent");
    // Every seventh byte, and each bit of one in turn: all of them take minutes.
    for (turn, at) in (0..json.len()).step_by(7).enumerate() {
        let mut bent = json.clone();
        bent[at] ^= 1 << (turn % 8);
        if let Ok(read) = SignedFile::read(&bent) {
            assert!(read == file || !read.is_signed(), "byte {at}");
        }
    }
}
