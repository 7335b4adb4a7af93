//! Two thousand items: pages come quickly, nothing twice, nothing left out.

use crate::support::{
    Page, TestPortal,
    records::{MORGAN, PRACTICE, observation},
};
use std::{collections::BTreeSet, time::Duration};

/// How long a page may take here: an unoptimized build on a busy machine. A page that reads in step with the length of
/// the record times itself would take minutes.
const AT_MOST: Duration = Duration::from_secs(10);

fn two_thousand() -> Vec<serde_json::Value> {
    (0..2_000)
        .map(|number| {
            // Many of the same instant: the order must hold all the same.
            let day = number / 100 + 1;
            observation(
                &format!("many-{number}"),
                "Patient/demo-patient-2",
                PRACTICE,
                "8867-4",
                "Heart rate",
                &format!("2025-01-{day:02}T10:00:00-06:00"),
            )
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "measures how long a page takes")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[tokio::test]
async fn two_thousand_items_page_by_page() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Morgan Ellis").await;
    let report = portal.add(MORGAN, &two_thousand()).await;
    assert_eq!(report.new, 2_000);
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

    let mut morgan = portal.morgan().await;
    let (mut next, mut items, mut slowest) =
        (Some("/records".to_owned()), Vec::new(), Duration::ZERO);
    while let Some(path) = next {
        let began = now();
        let page: Page = morgan.get(&path).await.expect(200);
        slowest = slowest.max(began.elapsed());
        assert!(page.items().len() <= 50);
        items.extend(page.items());
        next = page.next();
        assert!(items.len() <= shown, "{path}");
    }
    assert!(slowest < AT_MOST, "{slowest:?}");
    assert_eq!(items.len(), shown);
    assert_eq!(
        items.iter().collect::<BTreeSet<_>>().len(),
        shown,
        "no item twice"
    );
    // Beyond the end is the last page, before the beginning the first.
    let last = &items[(shown - 1) / 50 * 50..];
    for odd in ["99999", "18446744073709551615"] {
        let page = morgan
            .get(&format!("/records?page={odd}"))
            .await
            .expect(200);
        assert_eq!(page.items(), last, "{odd}");
    }
    for odd in ["0", "-1", "x", "99999999999999999999999"] {
        let page = morgan
            .get(&format!("/records?page={odd}"))
            .await
            .expect(200);
        assert_eq!(page.items(), items[..50], "{odd}");
    }

    // The clinician who treats pages through the same ordinary items.
    let mut okafor = portal.okafor().await;
    let first = okafor.declare(patient, "treatment").await.expect(200);
    let chart = format!("/patients/{patient}?page=");
    let mut links = Vec::new();
    for page in [
        first,
        okafor.get(&format!("{chart}2")).await.expect(200),
        okafor.get(&format!("{chart}40")).await.expect(200),
    ] {
        assert_eq!(page.articles().len(), 50);
        links.extend(page.articles().into_iter().filter_map(|one| one.href));
    }
    assert_eq!(links.iter().collect::<BTreeSet<_>>().len(), 150);
    portal.assert_sound().await;
}
