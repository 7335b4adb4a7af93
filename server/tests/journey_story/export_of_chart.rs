//! Step 5, the recipient's copy: notice and scope inside, labels kept, decided at the moment of download (LAW B1, G1).

use crate::support::{Clinician, Page, Picks, TestPortal, disclosures};
use domain::{
    decide::{Action, Obligation},
    id::{ConsentId, PatientId},
    notice::N1,
};
use serde_json::Value;

async fn take(clinician: &mut Clinician<'_>, patient: PatientId, format: &str) -> Page {
    let path = format!("/patients/{patient}/export");
    let page = clinician.get(&path).await.expect(200);
    let form = page.form_with_field("format").choose("format", format);
    let page = clinician.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(clinician.confirm().await, path);
    let page = clinician.get(&path).await.expect(200);
    clinician
        .submit(&page.form_with_button("Download"))
        .await
        .expect(200)
}

fn resources(file: &Page) -> Vec<Value> {
    let bundle: Value = serde_json::from_slice(&file.bytes).expect("JSON");
    let entries = bundle["entry"].as_array().expect("entries");
    entries
        .iter()
        .map(|entry| entry["resource"].clone())
        .collect()
}

fn labels(resource: &Value, system: &str) -> Vec<String> {
    resource["meta"]["security"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter(|label| {
            label["system"]
                .as_str()
                .is_some_and(|of| of.ends_with(system))
        })
        .filter_map(|label| label["code"].as_str().map(ToOwned::to_owned))
        .collect()
}

/// The text of the notice inside a bundle, if it is there.
fn notice(resources: &[Value]) -> Option<String> {
    let document = resources
        .iter()
        .find(|resource| resource["id"] == "notice")?;
    let data = document["content"][0]["attachment"]["data"].as_str()?;
    let bytes = data_encoding::BASE64
        .decode(data.as_bytes())
        .expect("base64");
    Some(String::from_utf8(bytes).expect("text"))
}

async fn share(portal: &TestPortal) -> ConsentId {
    portal.jordan().await.share(&Picks::OKAFOR_TREATS).await
}

/// LAW B1: N1 and the consent's scope go with the file; the file holds what the chart holds.
#[tokio::test]
async fn the_notice_and_the_scope_are_inside() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let consent = share(&portal).await;
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    let place = portal.length(patient).await;
    let file = take(&mut okafor, patient, "fhir").await;
    assert_eq!(file.header("content-type"), "application/fhir+json");
    assert_eq!(file.header("cache-control"), "no-store");
    let all = resources(&file);
    let text = notice(&all).expect("the notice");
    for paragraph in N1 {
        assert!(text.contains(paragraph), "{paragraph}");
    }
    assert!(text.contains(&consent.to_string()), "{text}");
    assert!(text.contains("For: treatment."), "{text}");
    let mut part2 = 0;
    for resource in all.iter().filter(|resource| resource["id"] != "notice") {
        assert_eq!(
            labels(resource, "/v3-Confidentiality").len(),
            1,
            "{resource}"
        );
        let codes = labels(resource, "/v3-ActCode");
        if codes.iter().any(|code| code == "42CFRPart2") {
            part2 += 1;
            assert!(codes.iter().any(|code| code == "NORDSCLCD"), "{codes:?}");
            assert!(codes.iter().any(|code| code == "PERSISTLABEL"), "{codes:?}");
        }
        assert!(
            !codes.iter().any(|code| code == "PSY"),
            "not in the consent: {resource}"
        );
    }
    assert!(part2 > 0);
    let entry = disclosures(&portal.since(patient, place).await)
        .pop()
        .expect("a disclosure");
    assert_eq!(entry.action, Action::Export);
    assert_eq!(entry.who, Some(portal.person_id("Dr. Amara Okafor").await));
    assert!(entry.rests_on(consent) && entry.obligations.has(Obligation::Notice));
    assert_eq!(entry.items.len(), all.len() - 1);
    // The patient reads of it.
    let mut jordan = portal.jordan().await;
    let rows = jordan.open_history().await.rows();
    assert!(
        rows.iter()
            .any(|row| row.contains("Dr. Amara Okafor") && row.contains("Downloaded")),
        "{rows:?}"
    );
    portal.assert_sound().await;
}

/// LAW B5: a copy without Part 2 content has no notice, and nothing that tells of any.
#[tokio::test]
async fn nothing_protected_no_notice() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut lindqvist = portal.lindqvist().await;
    lindqvist.declare(patient, "treatment").await.expect(200);
    let file = take(&mut lindqvist, patient, "fhir").await;
    let all = resources(&file);
    assert!(!all.is_empty() && notice(&all).is_none());
    for words in [
        "42CFRPart2",
        "SUD",
        "HIV",
        "Buprenorphine",
        "uprenorphine",
        "harbor-light",
        "Opioid",
        "opioid",
    ] {
        assert!(!file.body.contains(words), "{words}");
    }
    for resource in &all {
        assert_eq!(labels(resource, "/v3-Confidentiality"), ["N"], "{resource}");
    }
}

/// The PDF too; its text is set in glyphs, so the ledger vouches for what is in it.
#[tokio::test]
async fn the_pdf_is_a_file_to_keep() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let consent = share(&portal).await;
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    let file = take(&mut okafor, patient, "pdf").await;
    assert!(file.bytes.starts_with(b"%PDF-"));
    for runs in ["/JavaScript", "/JS", "/Launch", "/OpenAction"] {
        assert!(
            !file
                .bytes
                .windows(runs.len())
                .any(|window| window == runs.as_bytes()),
            "{runs}"
        );
    }
    let entry = disclosures(&portal.since(patient, 0).await)
        .pop()
        .expect("a disclosure");
    assert!(entry.action == Action::Export && entry.rests_on(consent));
}

/// POLICY §6: decided anew at the moment of download: a consent revoked in between is not in the file.
#[tokio::test]
async fn a_revocation_before_the_download_counts() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let consent = share(&portal).await;
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    let path = format!("/patients/{patient}/export");
    let page = okafor.get(&path).await.expect(200);
    okafor
        .submit(&page.form_with_field("format").choose("format", "fhir"))
        .await
        .expect(303);
    okafor.confirm().await;
    let page = okafor.get(&path).await.expect(200);
    portal.jordan().await.revoke(consent).await;
    let file = okafor
        .submit(&page.form_with_button("Download"))
        .await
        .expect(200);
    let all = resources(&file);
    assert!(notice(&all).is_none());
    assert!(!file.body.contains("uprenorphine") && !file.body.contains("42CFRPart2"));
    portal.assert_sound().await;
}

/// A fresh factor for this patient and this format, once.
#[tokio::test]
async fn each_copy_asks_again() {
    let portal = TestPortal::new().await;
    let jordan = portal.patient_id("Jordan Reyes").await;
    let morgan = portal.patient_id("Morgan Ellis").await;
    let mut okafor = portal.okafor().await;
    okafor.declare(jordan, "treatment").await.expect(200);
    okafor.declare(morgan, "treatment").await.expect(200);
    let path = format!("/patients/{jordan}/export");
    okafor
        .post(&path, "")
        .await
        .expect(422)
        .shows("Choose a file.");
    let page = okafor.post(&path, "format=fhir").await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(okafor.confirm().await, path);
    let place = portal.length(morgan).await;
    let page = okafor
        .post(&format!("/patients/{morgan}/export"), "format=fhir")
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"), "not for another patient");
    let page = okafor.post(&path, "format=pdf").await.expect(303);
    assert_eq!(page.location(), Some("/step-up"), "not in another format");
    okafor.post(&path, "format=fhir").await.expect(200);
    let page = okafor.post(&path, "format=fhir").await.expect(303);
    assert_eq!(page.location(), Some("/step-up"), "once");
    assert!(disclosures(&portal.since(morgan, place).await).is_empty());
}
