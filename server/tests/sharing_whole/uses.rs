//! Who used a consent: every disclosure made on it, by whom, how often (LAW A11, C2).

use crate::support::{Picks, TestPortal, disclosures};

/// LAW C2: the page has every use, more than stand on one page; the counts, the list and the file say the same as the
/// ledger, and none of it is about another consent.
#[tokio::test]
async fn every_use_is_there() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut jordan = test.jordan().await;
    let other = jordan
        .share(&Picks {
            to: "prac-lindqvist",
            segments: &["general", "hiv"],
            part2: false,
            ..Picks::OKAFOR_TREATS
        })
        .await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let path = format!("/sharing/{consent}/uses");
    jordan
        .get(&path)
        .await
        .expect(200)
        .shows("No one has used this agreement.");

    let place = test.length(patient).await;
    let mut lindqvist = test.lindqvist().await;
    lindqvist.declare(patient, "treatment").await.expect(200);
    let mut okafor = test.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    for _ in 0..18 {
        okafor.whole_chart(patient).await;
    }
    let entries = disclosures(&test.since(patient, place).await);
    let used = entries.iter().filter(|look| look.rests_on(consent)).count();
    assert!(used > 50, "{used}: more than a page");
    assert!(entries.iter().any(|look| look.rests_on(other)));

    let pages = jordan.pages(path.clone()).await;
    assert_eq!(pages.len(), used.div_ceil(50));
    let mut listed = 0;
    for page in &pages {
        let page = page
            .clone()
            .shows(&format!("It was used {used} times."))
            .hides("Lindqvist");
        let rows = page.rows();
        // The first row is of the counts.
        assert!(rows[0].contains("Okafor") && rows[0].contains(&format!("{used} times")));
        listed += rows.len() - 1;
    }
    assert_eq!(listed, used);
    // The consent's page has the last few, and leads to all.
    let page = jordan.get(&format!("/sharing/{consent}")).await.expect(200);
    assert!(page.links().contains(&path));
    page.shows(&format!("It was used {used} times."));
    // The file has them all, and is not kept on the way.
    let file = jordan.post(&path, "").await.expect(200);
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"list.csv\""
    );
    assert_eq!(file.body.matches("\r\n").count(), used + 1);
    assert!(
        file.body
            .lines()
            .skip(1)
            .all(|line| line.starts_with("\"Dr. Amara Okafor"))
    );
    // Each says of which kinds what was opened is (LAW C2).
    assert!(file.body.contains(" items (") && file.body.contains("Visit: "));
    // The history leads from each line to its consent.
    assert!(
        jordan
            .open_history()
            .await
            .links()
            .contains(&format!("/sharing/{consent}"))
    );

    // Foreign and unknown ids answer alike.
    let mut morgan = test.morgan().await;
    let unknown = "/sharing/0b6c7a52-2f0e-4a53-9d3d-0123456789ab/uses";
    let one = morgan.get(&path).await.expect(404).essence(&[&path]);
    assert_eq!(
        one,
        morgan.get(unknown).await.expect(404).essence(&[unknown])
    );
    morgan.post(&path, "").await.expect(404);
}
