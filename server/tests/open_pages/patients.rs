//! The list of patients comes page by page, so that each of its lines closes the page it stands on.

use crate::open_pages::{SOON, closed, silent};
use crate::support::{Page, TestPortal, records};
use domain::id::{PatientId, RelationshipId};
use domain::party::{Party, Relationship, RelationshipKind, Span};
use portal::patients::PAGE;
use serde_json::json;
use std::collections::BTreeSet;
use store::Stamp;
use uuid::Uuid;

/// More than stand on one page, whoever else is on the list.
const MANY: usize = PAGE + 5;

/// One of them, whose record has a nickname too, which a clinician does not see. The directory has that one.
const NICKNAMED: usize = 3;
/// It would stand behind all others.
const NICKNAME: &str = "Zzyzx";

fn family(number: usize) -> String {
    format!("Ashdown-{number:03}")
}

/// Dr. Okafor treats this many people more.
async fn treats_many(portal: &TestPortal) -> Vec<(PatientId, RelationshipId)> {
    let resources: Vec<_> = (0..MANY)
        .map(|number| {
            let name = json!({ "family": family(number), "given": ["Robin"] });
            let nickname = json!({ "use": "nickname", "given": [NICKNAME] });
            let names = if number == NICKNAMED {
                vec![nickname, name]
            } else {
                vec![name]
            };
            json!({
                "resourceType": "Patient",
                "id": format!("many-{number}"),
                "meta": {
                    "source": format!("http://demo.confide.example/fhir/Organization/{}", records::PRACTICE),
                },
                "name": names,
                "birthDate": "1971-05-17",
                "managingOrganization": { "reference": format!("Organization/{}", records::PRACTICE) },
            })
        })
        .collect();
    let many = records::ndjson(&resources);
    records::import(&portal.portal, "many.ndjson", &many)
        .await
        .expect("they are taken in");
    let store = portal.portal.store();
    let party = Party::Person(portal.person_id("Dr. Amara Okafor").await);
    let mut treated = Vec::new();
    for number in 0..MANY {
        let identity = format!("Patient/many-{number}");
        let patient = store.patient_by_identity(&identity).await;
        let patient = patient.expect("an answer").expect("a patient");
        let id = u128::try_from(number).expect("small") + 10_000;
        let relationship = Relationship {
            id: RelationshipId(Uuid::from_u128(id)),
            party,
            kind: RelationshipKind::Treating,
            span: Span {
                from: portal.portal.now(),
                until: None,
            },
        };
        treated.push((patient, relationship.id));
        let stamp = Stamp::SYSTEM;
        let added = store.add_relationship(&stamp, patient, relationship).await;
        added.expect("they are treated");
    }
    treated
}

/// POLICY §6: a line of the last page closes that page when it ends, however many stand before it, and no other.
#[tokio::test]
async fn a_line_of_any_page_closes_it() {
    let portal = TestPortal::new().await;
    let treated = treats_many(&portal).await;
    let mut okafor = portal.okafor().await;
    let pages = okafor.pages("/patients".to_owned()).await;
    let [first, last] = &pages[..] else {
        panic!("{} pages", pages.len());
    };
    assert_eq!(first.rows().len(), PAGE);
    let rows: Vec<String> = pages.iter().flat_map(Page::rows).collect();
    for number in 0..MANY {
        let name = family(number);
        let lines = rows.iter().filter(|row| row.contains(&name)).count();
        assert_eq!(lines, 1, "{name}");
    }
    // By name over all pages, and not on each page alone.
    let ours: Vec<&String> = rows.iter().filter(|row| row.contains("Ashdown-")).collect();
    assert!(ours.is_sorted(), "{ours:?}");
    // A name that is not seen decides on no page (POLICY §5).
    assert!(!rows.iter().any(|row| row.contains(NICKNAME)));
    let nicknamed = family(NICKNAMED);
    assert!(first.rows().iter().any(|row| row.contains(&nicknamed)));
    let links: BTreeSet<String> = pages.iter().flat_map(Page::links).collect();
    for (patient, _) in &treated {
        assert!(links.contains(&format!("/patients/{patient}")));
    }
    // Beyond the last page is the last one.
    let beyond = okafor.get("/patients?page=99").await.expect(200);
    assert_eq!(beyond.rows(), last.rows());

    let of_last = last.links();
    let (patient, relationship) = treated
        .into_iter()
        .find(|(patient, _)| of_last.contains(&format!("/patients/{patient}")))
        .expect("a line of the last page");
    let mut told = okafor.events(&[first, last]).await;
    let store = portal.portal.store();
    let ended = store
        .end_relationship(&Stamp::SYSTEM, patient, relationship)
        .await;
    ended.expect("it ends");
    assert_eq!(closed(&mut told, 1, SOON).await, [1]);
    silent(&mut told).await;
    let again = okafor.get("/patients?page=2").await.expect(200);
    assert_eq!(again.rows().len(), last.rows().len() - 1);
}
