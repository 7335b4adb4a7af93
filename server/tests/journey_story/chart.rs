//! Step 4: a clinician opens a chart, for a purpose, and sees just what is permitted (POLICY §4, §5, LAW B1, B5).

use crate::support::{Page, Picks, TestPortal, disclosures};
use domain::{
    decide::{Action, Ground, Obligation},
    label::Label,
    notice::{N1, STANDING_SENTENCE},
    purpose::Purpose,
};

fn carries_notice(page: &Page) -> bool {
    let text = page.text();
    let there: Vec<bool> = N1
        .iter()
        .map(|paragraph| text.contains(paragraph))
        .collect();
    assert!(
        there.iter().all(|one| *one == there[0]),
        "all of the notice or nothing of it"
    );
    there[0]
}

/// The purpose comes first, and is asked for whatever the address; nothing is opened before it.
#[tokio::test]
async fn the_purpose_comes_first() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    let list = okafor.open_patients().await;
    let path = format!("/patients/{patient}");
    assert!(list.links().contains(&path));
    let list = list
        .shows("Jordan Alexis Reyes")
        .shows("Morgan Denise Ellis");
    assert!(list.title().starts_with("Patients"));
    let place = portal.length(patient).await;
    let page = okafor.open_chart(&path).await.expect(200);
    let page = page
        .shows("Why do you open this chart?")
        .hides("Reyes")
        .hides("Lisinopril");
    let unknown = "/patients/0b6c7a52-2f0e-4a53-9d3d-0123456789ab";
    assert_eq!(
        okafor
            .open_chart(unknown)
            .await
            .expect(200)
            .essence(&[unknown]),
        page.essence(&[&path])
    );
    for item in ["records/0b6c7a52-2f0e-4a53-9d3d-0123456789ab", "export"] {
        let page = okafor.get(&format!("{path}/{item}")).await.expect(303);
        assert_eq!(page.location(), Some(path.as_str()));
    }
    okafor
        .submit(&page.form_with_field("purpose"))
        .await
        .expect(422)
        .shows("Choose the purpose.");
    // Only what a clinician may declare: not the patient's own, not an emergency.
    for purpose in ["patient-request", "emergency", "family", "x"] {
        okafor
            .post(&path, format!("purpose={purpose}"))
            .await
            .expect(422);
    }
    assert_eq!(portal.length(patient).await, place, "nothing was opened");

    let page = okafor.declare(patient, "treatment").await.expect(200);
    let page = page
        .shows("Jordan")
        .shows("Purpose: Treatment")
        .shows("Lisinopril 10 mg tablet");
    assert!(
        page.title().starts_with("A patient"),
        "no name in the title"
    );
    let entries = disclosures(&portal.since(patient, place).await);
    assert_eq!(entries.len(), 1);
    assert_eq!(
        entries[0].who,
        Some(portal.person_id("Dr. Amara Okafor").await)
    );
    assert_eq!(entries[0].purpose, Purpose::Treatment);
    assert_eq!(entries[0].action, Action::View);
    assert!(
        entries[0]
            .basis
            .iter()
            .all(|ground| matches!(ground, Ground::Relationship(_)))
    );
    // The heading is an item of its own.
    assert_eq!(entries[0].items.len(), page.articles().len() + 1);
    portal.assert_sound().await;
}

/// Without a consent a relationship opens ordinary parts only, and no notice stands there (LAW B5).
#[tokio::test]
async fn a_care_relationship_opens_the_ordinary() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    for name in ["okafor", "lindqvist"] {
        let mut clinician = if name == "okafor" {
            portal.okafor().await
        } else {
            portal.lindqvist().await
        };
        clinician.declare(patient, "treatment").await.expect(200);
        for page in clinician.whole_chart(patient).await {
            assert!(!carries_notice(&page));
            assert_eq!(page.count(".chip"), 0, "no label on what is ordinary");
            let mut page = page
                .shows(STANDING_SENTENCE)
                .shows("Your care relationship with the patient.");
            for words in [
                "Buprenorphine",
                "Opioid",
                "HIV",
                "Sertraline",
                "Harbor Light",
                "42 CFR",
            ] {
                page = page.hides(words);
            }
        }
        // For another purpose there is nothing for the relationship to open.
        let page = clinician.declare(patient, "payment").await.expect(200);
        let page = page
            .shows("There is nothing to show for this purpose.")
            .shows(STANDING_SENTENCE)
            .hides("Reyes");
        assert!(page.articles().is_empty());
    }
    portal.assert_sound().await;
}

/// The program's own people see what their program wrote (POLICY §4.7a), with the notice where it stands.
#[tokio::test]
async fn the_program_sees_its_own() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut vasquez = portal.vasquez().await;
    let list = vasquez.open_patients().await;
    list.shows("Jordan Alexis Reyes").hides("Ellis");
    vasquez.declare(patient, "treatment").await.expect(200);
    let pages = vasquez.whole_chart(patient).await;
    let text: String = pages.iter().map(Page::text).collect();
    assert!(text.contains("Buprenorphine/naloxone"));
    assert!(text.contains("Opioid use disorder, moderate"));
    // What others wrote about HIV is not the program's to see.
    for words in ["Bictegravir", "HIV viral load", "HIV infection"] {
        assert!(!text.contains(words), "{words}");
    }
    for page in &pages {
        assert!(page.text().contains(STANDING_SENTENCE));
        let part2 = page.articles().iter().any(|article| {
            article
                .text
                .contains("From a substance use treatment program")
        });
        assert_eq!(carries_notice(page), part2, "{}", page.path);
    }
}

/// LAW B1: the notice stands where Part 2 content stands, with the consent and until when; nowhere else (LAW B5).
#[tokio::test]
async fn the_notice_goes_with_part_2_content() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = portal.okafor().await;
    let place = portal.length(patient).await;
    okafor.declare(patient, "treatment").await.expect(200);
    let pages = okafor.whole_chart(patient).await;
    // The first page was opened once by declaring and once by reading on.
    let entries = disclosures(&portal.since(patient, place).await);
    assert_eq!(entries.len(), pages.len() + 1);
    let mut with = 0;
    for (page, entry) in pages.iter().zip(&entries[1..]) {
        let part2 = entry.items.iter().any(|item| item.labels.has(Label::Part2));
        assert_eq!(carries_notice(page), part2, "{}", page.path);
        assert_eq!(entry.obligations.has(Obligation::Notice), part2);
        with += usize::from(part2);
        assert_eq!(
            entry.rests_on(consent),
            page.text().contains("A consent signed")
        );
        if entry.rests_on(consent) {
            assert!(
                page.text()
                    .contains("in force until the end of February 28, 2027"),
                "{}",
                page.text()
            );
        }
        assert!(page.text().contains(STANDING_SENTENCE));
    }
    assert!(with > 0);
    // Item by item the same.
    for page in &pages {
        for article in page.articles() {
            let part2 = article
                .text
                .contains("From a substance use treatment program");
            if !part2 && !article.text.contains("HIV") {
                continue;
            }
            let page = okafor
                .get(article.href.as_deref().expect("a link"))
                .await
                .expect(200);
            assert_eq!(carries_notice(&page), part2, "{article:?}");
            page.shows(STANDING_SENTENCE).shows("A consent signed");
        }
    }
    // A consent without Part 2 brings none.
    let picks = Picks {
        to: "prac-lindqvist",
        segments: &["hiv", "substance-use", "mental-health"],
        part2: false,
        ..Picks::OKAFOR_TREATS
    };
    jordan.share(&picks).await;
    let mut lindqvist = portal.lindqvist().await;
    lindqvist.declare(patient, "treatment").await.expect(200);
    let pages = lindqvist.whole_chart(patient).await;
    assert!(pages.iter().any(|page| page.text().contains("HIV")));
    assert!(pages.iter().all(|page| !carries_notice(page)));
    portal.assert_sound().await;
}

/// What a chart may show, an item's page shows; what it may not, is not there.
#[tokio::test]
async fn item_pages_hold_what_the_chart_holds() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    okafor.declare(patient, "treatment").await.expect(200);
    let mut links = Vec::new();
    for page in okafor.whole_chart(patient).await {
        links.extend(page.articles());
    }
    let place = portal.length(patient).await;
    let sample: Vec<_> = links.iter().step_by(7).collect();
    for article in &sample {
        let page = okafor
            .get(article.href.as_deref().expect("a link"))
            .await
            .expect(200);
        let page = page.shows(article.title.as_deref().unwrap_or_default());
        page.hides("Buprenorphine").hides("HIV");
    }
    let entries = disclosures(&portal.since(patient, place).await);
    assert_eq!(entries.len(), sample.len());
    for (entry, article) in entries.iter().zip(&sample) {
        assert_eq!(entry.items.len(), 1);
        assert!(
            article
                .href
                .as_deref()
                .expect("a link")
                .ends_with(&entry.ids()[0])
        );
    }
}
