//! Step 4, refused: one answer for what is missing, denied or foreign; each try in the ledger (LAW B5, F8, POLICY §5).

use crate::support::{TestPortal, denied};
use domain::id::ItemId;
use domain::item::ItemKind;
use std::collections::BTreeSet;

const UNKNOWN: &str = "0b6c7a52-2f0e-4a53-9d3d-0123456789ab";

/// A patient without a relationship, one who doesn't exist: the same bytes, at every step.
#[tokio::test]
async fn foreign_and_unknown_patients_look_the_same() {
    let portal = TestPortal::new().await;
    let morgan = portal.patient_id("Morgan Ellis").await;
    let foreign = morgan.to_string();
    let mut vasquez = portal.vasquez().await;
    let place = portal.length(morgan).await;
    let house = portal
        .house_since(0)
        .await
        .last()
        .map_or(0, |entry| entry.seq);
    let mut answers: Vec<Vec<String>> = Vec::new();
    for id in [foreign.as_str(), UNKNOWN] {
        let path = format!("/patients/{id}");
        let mut told = vec![
            vasquez.get(&path).await.expect(200).essence(&[id]),
            vasquez
                .post(&path, "purpose=x")
                .await
                .expect(422)
                .essence(&[id]),
            vasquez
                .post(&path, "purpose=treatment")
                .await
                .expect(303)
                .essence(&[id]),
        ];
        for rest in [
            "",
            "?page=2",
            "/records/0b6c7a52-2f0e-4a53-9d3d-000000000000",
        ] {
            let page = vasquez.get(&format!("{path}{rest}")).await.expect(404);
            let page = page
                .shows("We can't show this page")
                .hides(id)
                .hides("Ellis");
            told.push(page.essence(&[]));
        }
        // The way to a copy looks the same too, and ends the same.
        told.push(vasquez.get(&format!("{path}/export")).await.essence(&[id]));
        told.push(
            vasquez
                .post(&format!("{path}/export"), "format=fhir")
                .await
                .essence(&[id]),
        );
        if vasquez.get("/step-up").await.body.contains("name=\"code\"") {
            let back = vasquez.confirm().await;
            told.push(back.replace(id, "…"));
            told.push(vasquez.get(&back).await.essence(&[id]));
            let file = vasquez.post(&back, "format=fhir").await;
            assert_eq!(file.status, 404);
            told.push(file.essence(&[id]));
        }
        answers.push(told);
    }
    for (one, other) in answers[0].iter().zip(&answers[1]) {
        assert_eq!(one, other);
    }
    assert_eq!(answers[0].len(), answers[1].len());
    // Both are in the ledger: in Morgan's own, and in the house's where there is no patient.
    let person = portal.person_id("Dr. Elena Vasquez").await;
    let theirs = denied(&portal.since(morgan, place).await);
    assert!(theirs.len() >= 3, "{}", theirs.len());
    assert!(theirs.iter().all(|(who, _)| *who == Some(person)));
    let nobodys = denied(&portal.house_since(house).await);
    assert_eq!(nobodys.len(), theirs.len(), "both cost the same");
    portal.assert_sound().await;
}

/// On a chart that may be opened: an item that may not be seen, one of another patient's, one that is not there.
#[tokio::test]
async fn hidden_foreign_and_unknown_items_look_the_same() {
    let portal = TestPortal::new().await;
    let jordan = portal.patient_id("Jordan Reyes").await;
    let morgan = portal.patient_id("Morgan Ellis").await;
    let mut okafor = portal.okafor().await;
    okafor.declare(jordan, "treatment").await.expect(200);
    let mut visible = BTreeSet::new();
    for page in okafor.whole_chart(jordan).await {
        for article in page.articles() {
            visible.extend(
                article
                    .href
                    .and_then(|href| href.rsplit('/').next().map(str::to_owned)),
            );
        }
    }
    let store = portal.portal.store();
    let chart = store
        .chart(jordan)
        .await
        .expect("an answer")
        .expect("a chart");
    let hidden: Vec<ItemId> = chart
        .items
        .iter()
        // Name and birth date stand in the heading, which is no article.
        .filter(|item| item.kind != ItemKind::Demographics)
        .filter(|item| !item.labels().is_ordinary() && !visible.contains(&item.id.to_string()))
        // Who the patient is stands above the list, as far as it may be seen.
        .filter(|item| item.kind != ItemKind::Demographics)
        .map(|item| item.id)
        .collect();
    assert!(hidden.len() > 20);
    let foreign = store
        .chart(morgan)
        .await
        .expect("an answer")
        .expect("a chart")
        .items[3]
        .id;
    let place = portal.length(jordan).await;
    let mut ids: Vec<String> = hidden.iter().take(12).map(ToString::to_string).collect();
    ids.push(foreign.to_string());
    ids.push(UNKNOWN.to_owned());
    let mut answers = BTreeSet::new();
    for id in &ids {
        let page = okafor
            .get(&format!("/patients/{jordan}/records/{id}"))
            .await
            .expect(404);
        answers.insert(page.hides(id).essence(&[]));
    }
    assert_eq!(answers.len(), 1, "one answer for all");
    // The same page as for an address that nothing is at.
    let page = okafor
        .get(&format!("/patients/{jordan}/nothing-here"))
        .await
        .expect(404);
    assert_eq!(answers.first(), Some(&page.essence(&[])));
    let person = portal.person_id("Dr. Amara Okafor").await;
    let tries = denied(&portal.since(jordan, place).await);
    let named: Vec<String> = tries
        .iter()
        .filter_map(|(_, item)| item.map(|item| item.to_string()))
        .collect();
    assert_eq!(named, ids);
    assert!(tries.iter().all(|(who, _)| *who == Some(person)));
    portal.assert_sound().await;
}

/// Pages of another role are not there, whichever way round.
#[tokio::test]
async fn each_role_has_its_own_pages() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let own = format!("/patients/{patient}");
    let nowhere = jordan.get("/no-such-page").await.expect(404).essence(&[]);
    for path in [
        "/patients",
        own.as_str(),
        &format!("{own}/export"),
        "/office",
    ] {
        assert_eq!(
            jordan.get(path).await.expect(404).essence(&[]),
            nowhere,
            "{path}"
        );
    }
    jordan.post(&own, "purpose=treatment").await.expect(404);
    let mut okafor = portal.okafor().await;
    let nowhere = okafor.get("/no-such-page").await.expect(404).essence(&[]);
    for path in ["/records", "/sharing", "/sharing/new", "/access-history"] {
        assert_eq!(
            okafor.get(path).await.expect(404).essence(&[]),
            nowhere,
            "{path}"
        );
    }
    okafor.post("/sharing/new", "to=tpo").await.expect(404);
    let page = okafor.get("/home").await.expect(303);
    assert_eq!(page.location(), Some("/patients"));
}

/// Another site's forms change nothing: not even with a live session.
#[tokio::test]
async fn other_sites_can_not_act() {
    use axum::{body::Body, http::Request};
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let place = portal.length(patient).await;
    for (path, body) in [
        ("/sharing/new", "to=tpo"),
        ("/api/sign-out", ""),
        ("/exports", "format=pdf"),
    ] {
        let request = Request::post(path)
            .header("accept", "text/html")
            .header("origin", "https://elsewhere.test")
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        let page = jordan.send(request).await;
        assert_eq!(page.status, 403, "{path}");
    }
    assert_eq!(portal.length(patient).await, place);
    jordan.get("/sharing/new/why").await.expect(303);
    jordan.open_home().await;
}
