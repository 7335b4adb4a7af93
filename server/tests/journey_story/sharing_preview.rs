//! Step 3, the review: what it shows is what the recipient then gets, item by item and word by word (POLICY §4).

use crate::support::{
    Article, Clinician, Page, Patient, Picks, TestPortal, disclosures,
    records::{MORGAN, PRACTICE, PROGRAM, condition, medicine, observation},
};
use domain::{decide::Action, id::PatientId};

/// Every page of the review, with what is in the items shown.
async fn review(patient: &mut Patient<'_>) -> Vec<Article> {
    let mut items = Vec::new();
    let mut number = 1;
    loop {
        let page = patient
            .get(&format!("/sharing/new/review?page={number}"))
            .await
            .expect(200);
        let shown = if page.body.contains("Show what is in them") {
            let answer = patient
                .submit(&page.form_with_button("Show what is in them"))
                .await;
            let to = answer.location().expect("back to the review").to_owned();
            patient.get(&to).await.expect(200)
        } else {
            page
        };
        items.extend(shown.articles());
        if shown.next().is_none() {
            return items;
        }
        number += 1;
    }
}

/// Where an item is may differ; what it says may not. The heading of a chart is no item of its list.
fn compared(mut items: Vec<Article>) -> Vec<Article> {
    items.retain(|item| item.kind != "About you");
    for item in &mut items {
        item.href = None;
        assert!(!item.masked, "{item:?}");
    }
    items.sort();
    items
}

async fn chart(clinician: &mut Clinician<'_>, patient: PatientId) -> Vec<Article> {
    clinician
        .whole_chart(patient)
        .await
        .iter()
        .flat_map(Page::articles)
        .collect()
}

/// A recipient with nothing else to rest on sees exactly the review, for consents of every shape.
#[tokio::test]
async fn the_review_is_what_the_recipient_gets() {
    for (number, picks) in [
        Picks {
            purposes: &["care-coordination"],
            ..Picks::OKAFOR_TREATS
        },
        Picks {
            purposes: &["care-coordination"],
            segments: &["general"],
            part2: false,
            ..Picks::OKAFOR_TREATS
        },
        Picks {
            purposes: &["care-coordination"],
            segments: &["general", "identity", "mental-health", "substance-use"],
            part2: false,
            ..Picks::OKAFOR_TREATS
        },
        Picks {
            purposes: &["operations"],
            segments: &["hiv"],
            part2: true,
            ..Picks::OKAFOR_TREATS
        },
    ]
    .iter()
    .enumerate()
    {
        let portal = TestPortal::new().await;
        let patient = portal.patient_id("Jordan Reyes").await;
        let mut jordan = portal.jordan().await;
        jordan.draft(picks).await;
        let promised = review(&mut jordan).await;
        jordan.sign().await;
        let mut okafor = portal.okafor().await;
        okafor.declare(patient, picks.purposes[0]).await.expect(200);
        let got = chart(&mut okafor, patient).await;
        assert!(!got.is_empty(), "{number}");
        assert_eq!(compared(promised), compared(got), "{number}");
        portal.assert_sound().await;
    }
}

/// What a care relationship opens besides is added to it, nothing is lost or doubled.
#[tokio::test]
async fn the_review_comes_on_top_of_the_care_relationship() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    let before: Vec<Option<String>> = hrefs(chart(&mut okafor, patient).await);
    let mut jordan = portal.jordan().await;
    let picks = Picks {
        segments: &["substance-use"],
        ..Picks::OKAFOR_TREATS
    };
    let place = portal.length(patient).await;
    jordan.draft(&picks).await;
    review(&mut jordan).await;
    let promised: Vec<String> = disclosures(&portal.since(patient, place).await)
        .into_iter()
        .filter(|look| look.action == Action::Preview)
        .flat_map(|look| look.ids())
        .collect();
    jordan.sign().await;
    let after = hrefs(chart(&mut okafor, patient).await);
    assert!(
        before.iter().all(|item| after.contains(item)),
        "nothing is lost"
    );
    let mut gained: Vec<String> = after
        .into_iter()
        .filter(|item| !before.contains(item))
        .filter_map(|href| href?.rsplit('/').next().map(ToOwned::to_owned))
        .collect();
    gained.sort();
    gained.dedup();
    let mut promised: Vec<String> = promised
        .into_iter()
        .filter(|item| {
            !before
                .iter()
                .flatten()
                .any(|href| href.ends_with(item.as_str()))
        })
        .collect();
    promised.sort();
    promised.dedup();
    assert!(!gained.is_empty());
    assert_eq!(gained, promised);
}

fn hrefs(items: Vec<Article>) -> Vec<Option<String>> {
    items.into_iter().map(|item| item.href).collect()
}

/// Somebody without any relationship: nothing before, the review's items after, also when they come later.
#[tokio::test]
async fn a_stranger_sees_the_consent_and_nothing_else() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Morgan Ellis").await;
    let owner = "Patient/demo-patient-2";
    portal
        .add(
            MORGAN,
            &[
                condition(
                    "s1",
                    owner,
                    PRACTICE,
                    "F11.20",
                    "Opioid dependence",
                    "2024-05-01",
                ),
                observation(
                    "s2",
                    owner,
                    PROGRAM,
                    "8867-4",
                    "Heart rate",
                    "2024-05-02T10:00:00Z",
                ),
                medicine(
                    "s3",
                    owner,
                    PRACTICE,
                    "312941",
                    "Sertraline 50 MG",
                    "2024-05-03",
                ),
            ],
        )
        .await;
    let mut vasquez = portal.vasquez().await;
    vasquez.declare(patient, "treatment").await.expect(404);
    let mut morgan = portal.morgan().await;
    let picks = Picks {
        to: "prac-vasquez",
        segments: &["substance-use"],
        part2: false,
        ..Picks::OKAFOR_TREATS
    };
    morgan.draft(&picks).await;
    let promised = compared(review(&mut morgan).await);
    assert_eq!(promised.len(), 1, "{promised:?}");
    morgan.sign().await;
    let got = compared(chart(&mut vasquez, patient).await);
    assert_eq!(got, promised);
    // Later records of the same kind come along; others don't.
    portal
        .add(
            MORGAN,
            &[
                condition(
                    "s4",
                    owner,
                    PRACTICE,
                    "F10.20",
                    "Alcohol dependence",
                    "2026-11-01",
                ),
                condition("s5", owner, PRACTICE, "B20", "HIV disease", "2026-11-02"),
            ],
        )
        .await;
    let got = compared(chart(&mut vasquez, patient).await);
    assert_eq!(got.len(), 2, "{got:?}");
    assert!(
        got.iter()
            .any(|item| item.text.contains("Alcohol dependence"))
    );
    portal.assert_sound().await;
}
