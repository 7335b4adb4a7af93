//! `confide audit export`: entries as NDJSON and as FHIR AuditEvents (LAW G3).

use crate::audit::{audit_of, ended};
use crate::support::{Picks, TestPortal};
use serde_json::Value;
use store::{Chain, Event, HistoryQuery};

/// A portal in which a clinician looked at a record on a consent, and tried to look at another.
async fn looked_at() -> (TestPortal, String, String) {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let consent = portal.jordan().await.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    let unknown = format!("/patients/{patient}/records/0b6c7a52-2f0e-4a53-9d3d-0123456789ab");
    okafor.get(&unknown).await.expect(404);
    (portal, patient.to_string(), consent.to_string())
}

fn lines(printed: &str) -> Vec<Value> {
    printed
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// LAW G3: every disclosure and every denied attempt as an AuditEvent: type, subtype, action, recorded, outcome,
/// purposeOfEvent, agent, source, entity.
#[tokio::test]
async fn disclosures_and_denied_attempts_are_audit_events() {
    let (portal, patient, consent) = looked_at().await;
    let export = audit_of(&portal, &["export", "--patient", &patient, "--fhir"]);
    let events = lines(&ended(&export, 0));
    let entries = portal.length(portal.patient_id("Jordan Reyes").await).await;
    assert_eq!(u64::try_from(events.len()), Ok(entries), "none left out");
    for event in &events {
        assert_eq!(event["resourceType"], "AuditEvent");
        for element in ["id", "type", "recorded", "outcome", "agent", "source"] {
            assert!(!event[element].is_null(), "{element}: {event}");
        }
        assert!(event["agent"][0]["requestor"].is_boolean());
        assert!(["C", "R", "U", "D", "E"].contains(&event["action"].as_str().expect("an action")));
        assert!(
            !event.to_string().contains("securityLabel"),
            "labels only when asked for"
        );
    }
    let person = portal.person_id("Dr. Amara Okafor").await.to_string();
    let by_her = |event: &&Value| event["agent"][0]["who"].to_string().contains(&person);
    let looked = events
        .iter()
        .filter(by_her)
        .find(|event| event["outcome"] == "0" && event["action"] == "R")
        .expect("her look");
    assert_eq!(looked["type"]["code"], "110110");
    assert_eq!(looked["subtype"][0]["code"], "view");
    assert_eq!(looked["purposeOfEvent"][0]["coding"][0]["code"], "TREAT");
    assert_eq!(
        looked["agent"][0]["role"][0]["coding"][0]["code"],
        "clinician"
    );
    let entities = looked["entity"].as_array().expect("entities");
    assert!(entities[0].to_string().contains(&patient));
    assert!(
        entities
            .iter()
            .any(|entity| entity.to_string().contains(&consent))
    );
    let denied = events
        .iter()
        .filter(by_her)
        .find(|event| event["outcome"] == "4");
    let denied = denied.expect("her denied attempt");
    assert!(
        denied["entity"]
            .to_string()
            .contains("0b6c7a52-2f0e-4a53-9d3d-0123456789ab")
    );
    // With labels: on what was disclosed, in HL7's codes.
    let export = audit_of(
        &portal,
        &["export", "--patient", &patient, "--fhir", "--with-labels"],
    );
    let printed = ended(&export, 0);
    assert!(printed.contains("securityLabel") && printed.contains("v3-Confidentiality"));
}

/// LAW F2, F3: entries in the clear for those with the keys, without labels unless they are asked for; bounded by
/// instants; and that they were copied is in the ledger before the first line.
#[tokio::test]
async fn entries_are_copied_out_and_that_is_told() {
    let (portal, patient, _) = looked_at().await;
    let printed = ended(&audit_of(&portal, &["export"]), 0);
    let all = lines(&printed);
    let store = portal.portal.store();
    let mut entries = 0;
    for chain in store.chains(None).await.expect("chains") {
        entries += store
            .entries(
                chain,
                HistoryQuery {
                    limit: 100_000,
                    ..HistoryQuery::default()
                },
            )
            .await
            .expect("entries")
            .len();
    }
    assert_eq!(all.len(), entries);
    assert!(!printed.contains("\"labels\"") && !printed.contains("\"facts\""));
    let last = all
        .iter()
        .rfind(|entry| entry["chain"] == "00000000-0000-0000-0000-000000000000");
    let last = &last.expect("an entry of the house")["body"]["event"];
    assert_eq!(last["LedgerExported"]["patient"], Value::Null, "{last}");
    let before = portal.length(portal.patient_id("Jordan Reyes").await).await;
    let printed = ended(
        &audit_of(
            &portal,
            &[
                "export",
                "--patient",
                &patient,
                "--with-labels",
                "--until",
                "2020-01-01",
            ],
        ),
        0,
    );
    assert!(printed.is_empty(), "{printed}");
    let told = portal
        .since(portal.patient_id("Jordan Reyes").await, before)
        .await;
    assert!(told.iter().any(|entry| matches!(
        entry.body.event,
        Event::LedgerExported {
            labels: true,
            patient: Some(_)
        }
    )));
    let house = store
        .entries(Chain::House, HistoryQuery::default())
        .await
        .expect("entries");
    assert!(matches!(
        house[0].body.event,
        Event::LedgerExported { labels: true, .. }
    ));
    portal
        .jordan()
        .await
        .open_history()
        .await
        .shows("Copied this list for a review");
    let since = lines(&ended(
        &audit_of(&portal, &["export", "--from", "2100-01-01"]),
        0,
    ));
    assert!(since.is_empty());
    ended(&audit_of(&portal, &["export", "--from", "soon"]), 2);
    ended(&audit_of(&portal, &["export", "--patient", "Jordan"]), 2);
    portal.assert_sound().await;
}
