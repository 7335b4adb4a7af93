//! Step 5: the patient takes a copy away (LAW C1, F2, G1, B7).

use crate::support::{Page, Patient, TestPortal, disclosures};
use domain::{decide::Action, id::PatientId};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is asked for on the page.
#[derive(Clone, Copy)]
struct Copy<'c> {
    format: &'c str,
    from: &'c str,
    until: &'c str,
    segments: &'c [&'c str],
}

const ALL: Copy<'static> = Copy {
    format: "fhir",
    from: "",
    until: "",
    segments: &[],
};

/// Asks for the copy, confirms it, and gives the page with the button.
async fn ready(patient: &mut Patient<'_>, copy: Copy<'_>) -> Page {
    let page = patient.get("/exports").await.expect(200);
    let mut form = page
        .form("/exports")
        .fill("from", copy.from)
        .fill("until", copy.until)
        .choose("format", copy.format);
    for segment in copy.segments {
        form = form.choose("segment", segment);
    }
    let page = patient.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert_eq!(patient.confirm().await, "/exports/ready");
    patient
        .get("/exports/ready")
        .await
        .expect(200)
        .shows("Your copy is ready")
}

async fn take(patient: &mut Patient<'_>, copy: Copy<'_>) -> Page {
    let page = ready(patient, copy).await;
    patient
        .submit(&page.form("/exports/download"))
        .await
        .expect(200)
}

fn resources(file: &Page) -> Vec<Value> {
    let bundle: Value = serde_json::from_slice(&file.bytes).expect("JSON");
    assert_eq!(bundle["resourceType"], "Bundle");
    bundle["entry"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["resource"].clone())
        .collect()
}

/// The codes of `meta.security` under a code system whose name ends like this.
fn codes<'r>(resource: &'r Value, system: &str) -> Vec<&'r str> {
    resource["meta"]["security"]
        .as_array()
        .expect("labels")
        .iter()
        .filter(|label| {
            label["system"]
                .as_str()
                .is_some_and(|of| of.ends_with(system))
        })
        .filter_map(|label| label["code"].as_str())
        .collect()
}

async fn last(portal: &TestPortal, patient: PatientId) -> crate::support::Disclosure {
    disclosures(&portal.since(patient, 0).await)
        .pop()
        .expect("a disclosure")
}

/// LAW F2, F7: without a fresh factor the way leads to step-up and back; nothing goes out before.
#[tokio::test]
async fn a_copy_takes_a_fresh_factor() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let page = jordan.get("/exports/ready").await.expect(303);
    assert_eq!(page.location(), Some("/exports"), "nothing is ready");
    let place = portal.length(patient).await;
    // Straight to the file: to step-up, and back to this very copy.
    let page = jordan
        .post("/exports/download", "from=2024-01-01&format=fhir")
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(page.header("content-disposition").is_empty());
    assert!(disclosures(&portal.since(patient, place).await).is_empty());
    jordan
        .get("/step-up")
        .await
        .expect(200)
        .shows("Download a copy of your records as a file for other health apps");
    assert_eq!(jordan.confirm().await, "/exports/ready");
    let page = jordan
        .get("/exports/ready")
        .await
        .expect(200)
        .shows("From January 1, 2024 on");
    // The factor stands for that copy, not for a larger one.
    let larger = jordan
        .post("/exports/download", "format=fhir")
        .await
        .expect(303);
    assert_eq!(larger.location(), Some("/step-up"));
    let file = jordan
        .submit(&page.form("/exports/download"))
        .await
        .expect(200);
    assert_eq!(file.header("content-type"), "application/fhir+json");
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"health-record.json\""
    );
    // Once: the second press asks again.
    let page = jordan
        .submit(&page.form("/exports/download"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    let entries = disclosures(&portal.since(patient, place).await);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].action, Action::Download);
    assert_eq!(entries[0].items.len(), resources(&file).len());
    jordan.get("/exports").await.expect(200).shows("Downloaded");
    portal.assert_sound().await;
}

/// Five minutes after the code the copy is to be confirmed again.
#[tokio::test]
async fn a_late_download_asks_again() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let page = ready(&mut jordan, ALL).await;
    portal.clock.advance(chrono::TimeDelta::minutes(5));
    let page = jordan
        .submit(&page.form("/exports/download"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/step-up"));
}

/// LAW C1, G1: all of it, claims and plans too, each with exactly one confidentiality.
#[tokio::test]
async fn everything_with_its_labels() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let file = take(&mut jordan, ALL).await;
    let resources = resources(&file);
    let chart = portal
        .portal
        .store()
        .chart(patient)
        .await
        .expect("an answer")
        .expect("a chart");
    assert_eq!(resources.len(), chart.items.len());
    assert_eq!(last(&portal, patient).await.items.len(), resources.len());
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for resource in &resources {
        let levels = codes(resource, "/v3-Confidentiality");
        assert_eq!(
            levels.len(),
            1,
            "{} {}",
            resource["resourceType"],
            resource["id"]
        );
        assert!(["N", "R", "V"].contains(&levels[0]), "{levels:?}");
        let labels = codes(resource, "/v3-ActCode");
        let sensitive = ["SUD", "ETHUD", "OPIOIDUD", "HIV", "PSY", "42CFRPart2"];
        if labels.iter().any(|label| sensitive.contains(label)) {
            assert_ne!(levels[0], "N", "{labels:?}");
        }
        for label in labels {
            *seen.entry(label).or_default() += 1;
        }
        assert!(
            resource["text"].is_null()
                || resource["text"]["status"] != "generated"
                || resource["text"]["div"].is_null(),
            "the narrative is not passed on as it was"
        );
        *seen
            .entry(resource["resourceType"].as_str().expect("a type"))
            .or_default() += 1;
    }
    for there in [
        "42CFRPart2",
        "HIV",
        "Patient",
        "Claim",
        "CarePlan",
        "ExplanationOfBenefit",
    ] {
        assert!(seen.contains_key(there), "{there} in {seen:?}");
    }
    // One's own copy is access, not disclosure: no notice to a recipient (LAW B7).
    assert!(resources.iter().all(|resource| resource["id"] != "notice"));
    let bundle: Value = serde_json::from_slice(&file.bytes).expect("JSON");
    assert_eq!(codes(&bundle, "/v3-Confidentiality").len(), 1);
}

/// LAW F2: a range of days, and topics.
#[tokio::test]
async fn a_range_holds_its_days_and_topics() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let range = Copy {
        from: "2023-01-01",
        until: "2023-12-31",
        ..ALL
    };
    let all = resources(&take(&mut jordan, range).await);
    assert!(all.len() > 5);
    for resource in &all {
        for day in ["effectiveDateTime", "authoredOn"] {
            if let Some(day) = resource[day].as_str() {
                assert!(
                    day.starts_with("2023"),
                    "{} {day}",
                    resource["resourceType"]
                );
            }
        }
    }
    assert!(
        all.iter()
            .any(|resource| resource["resourceType"] == "Patient")
    );
    let topic = Copy {
        segments: &["hiv"],
        ..ALL
    };
    for resource in resources(&take(&mut jordan, topic).await) {
        if resource["resourceType"] != "Patient" {
            assert!(
                codes(&resource, "/v3-ActCode").contains(&"HIV"),
                "{resource}"
            );
        }
    }
    // A range with nothing in it is a copy too: who it is of.
    let empty = Copy {
        from: "1950-01-01",
        until: "1950-12-31",
        ..ALL
    };
    let nothing = resources(&take(&mut jordan, empty).await);
    assert!(
        nothing
            .iter()
            .all(|resource| resource["resourceType"] == "Patient")
    );
}

/// Wrong answers are explained and kept.
#[tokio::test]
async fn wrong_answers_are_explained() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let form = jordan.get("/exports").await.form("/exports");
    let form = form
        .fill("from", "2024-02-02")
        .fill("until", "2024-01-01")
        .choose("segment", "hiv");
    let page = jordan
        .submit(&form.choose("format", "fhir"))
        .await
        .expect(422);
    let page = page.shows("The last day must not be before the first day");
    let again = page.form("/exports");
    assert_eq!(again.value("from"), Some("2024-02-02"));
    assert_eq!(again.value("format"), Some("fhir"));
    assert!(again.encoded().contains("segment=hiv"));
    jordan
        .post("/exports", "format=docx")
        .await
        .expect(422)
        .shows("Pick a kind of file");
    jordan
        .post("/exports", "format=pdf&segment=x")
        .await
        .expect(422)
        .shows("Pick topics from the list");
    // A made-up request for a file is no form of ours.
    jordan
        .post("/exports/download", "format=docx")
        .await
        .expect(400);
}

/// LAW F2: a PDF to read, with nothing in it that runs.
#[tokio::test]
async fn a_pdf_to_read() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let file = take(
        &mut jordan,
        Copy {
            format: "pdf",
            ..ALL
        },
    )
    .await;
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"health-record.pdf\""
    );
    assert!(file.bytes.starts_with(b"%PDF-"));
    assert!(file.bytes.len() > 10_000);
    for runs in [
        "/JavaScript",
        "/JS",
        "/Launch",
        "/OpenAction",
        "/EmbeddedFile",
        "/SubmitForm",
        "/URI",
    ] {
        let there = file
            .bytes
            .windows(runs.len())
            .any(|window| window == runs.as_bytes());
        assert!(!there, "{runs}");
    }
    let chart = portal
        .portal
        .store()
        .chart(patient)
        .await
        .expect("an answer")
        .expect("a chart");
    let shown = chart
        .items
        .iter()
        .filter(|item| item.kind.is_shown())
        .count();
    let entry = last(&portal, patient).await;
    assert_eq!(entry.action, Action::Download);
    assert_eq!(entry.items.len(), shown);
    assert!(entry.items.iter().all(|item| !item.masked && item.whole));
}
