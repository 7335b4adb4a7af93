//! Step 2, the record: masked, revealed once, filtered without a trace in the address (UX, LAW C1, F2).

use crate::support::{Disclosure, Page, Patient, TestPortal, disclosures};
use domain::{
    decide::{Action, Ground},
    id::PatientId,
    purpose::Purpose,
};

/// Words of Jordan's sensitive items, which no masked page may hold.
const SENSITIVE: [&str; 7] = [
    "Buprenorphine",
    "Opioid use disorder",
    "Bictegravir",
    "HIV viral load",
    "Sertraline",
    "Major depression",
    "Urine drug screen",
];

async fn looked(portal: &TestPortal, patient: PatientId, place: u64) -> Vec<Disclosure> {
    disclosures(&portal.since(patient, place).await)
}

/// The entry says what the page shows: the same items in the same order, masked where they are masked.
#[track_caller]
fn agrees(page: &Page, entry: &Disclosure) {
    let articles = page.articles();
    assert_eq!(entry.ids(), page.items(), "{}", page.path);
    assert_eq!(entry.items.len(), articles.len());
    for (item, article) in entry.items.iter().zip(&articles) {
        assert_eq!(item.masked, article.masked, "{article:?}");
    }
    assert_eq!(entry.action, Action::View);
    assert_eq!(entry.purpose, Purpose::PatientRequest);
    assert!(entry.basis.iter().all(|ground| *ground == Ground::Subject));
}

/// LAW C1: the patient's own record needs no consent; UX: what is sensitive is masked, with its segment in words.
#[tokio::test]
async fn the_list_is_masked_and_the_ledger_says_so() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let place = portal.length(patient).await;
    let pages = jordan.pages("/records".to_owned()).await;
    let entries = looked(&portal, patient, place).await;
    assert_eq!(entries.len(), pages.len(), "one entry a page");
    let mut seen = Vec::new();
    for (page, entry) in pages.iter().zip(&entries) {
        agrees(page, entry);
        let mut shown = page.clone();
        for words in SENSITIVE {
            shown = shown.hides(words);
        }
        for article in page.articles().iter().filter(|article| article.masked) {
            assert!(article.text.contains("Hidden: "), "{article:?}");
            assert_eq!(article.title, None);
        }
        seen.extend(page.items());
    }
    let all = portal
        .portal
        .store()
        .chart(patient)
        .await
        .expect("an answer")
        .expect("a chart");
    let shown = all.items.iter().filter(|item| item.kind.is_shown()).count();
    assert_eq!(seen.len(), shown);
    let text: String = pages.iter().map(Page::text).collect();
    for words in [
        "High blood pressure",
        "Lisinopril",
        "Hidden: Substance use care",
        "Counseling notes",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(
        pages
            .iter()
            .all(|page| page.title().starts_with("My records"))
    );
    portal.assert_sound().await;
}

/// Somebody without anything sensitive finds nothing masked.
#[tokio::test]
async fn nothing_sensitive_nothing_masked() {
    let portal = TestPortal::new().await;
    let mut morgan = portal.morgan().await;
    for page in morgan.pages("/records".to_owned()).await {
        // But for what nobody has sorted yet (POLICY §2, "Deny by default").
        for article in page.articles().iter().filter(|article| article.masked) {
            assert!(
                article.text.contains("Hidden: Not sorted yet"),
                "{article:?}"
            );
        }
        assert!(page.articles().iter().any(|article| !article.masked));
    }
}

async fn page_with(jordan: &mut Patient<'_>, kind: &str, saying: &str) -> Page {
    for page in jordan.pages("/records".to_owned()).await {
        let found = page
            .articles()
            .iter()
            .any(|one| one.masked && one.kind == kind && one.text.contains(saying));
        if found {
            return page;
        }
    }
    panic!("no masked {kind} says {saying}");
}

/// "Show" shows one item once, as one entry of its own; the page after is masked again.
#[tokio::test]
async fn one_item_is_shown_once() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let page = page_with(
        &mut jordan,
        "Medicine",
        "From a substance use treatment program",
    )
    .await;
    let (form, item) = page.show_masked("Medicine");
    let place = portal.length(patient).await;
    let page = jordan.submit(&form).await;
    let own = format!("/records/{item}");
    assert_eq!(page.location(), Some(own.as_str()));
    assert!(
        looked(&portal, patient, place).await.is_empty(),
        "asking shows nothing"
    );

    let page = jordan.get(&own).await.expect(200);
    assert!(
        page.title().starts_with("A record item"),
        "{}",
        page.title()
    );
    let page = page.shows("Why is this labelled?");
    let text = page.text();
    assert!(SENSITIVE.iter().any(|words| text.contains(words)), "{text}");
    let entries = looked(&portal, patient, place).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].ids(), [item.as_str()]);
    assert!(entries[0].items[0].whole && !entries[0].items[0].masked);

    let mut page = jordan.get(&own).await.expect(200);
    for words in SENSITIVE {
        page = page.hides(words);
    }
    assert!(page.articles()[0].masked);
    let entries = looked(&portal, patient, place).await;
    assert_eq!(entries.len(), 2);
    assert!(entries[1].items[0].masked);
    // And the history tells the two apart.
    let page = jordan.open_history().await;
    let rows = page.rows();
    assert!(
        rows[0].contains("Looked at a list with 1 hidden item"),
        "{rows:?}"
    );
    assert!(rows[1].contains("Looked at 1 item"), "{rows:?}");
}

/// POLICY §4.1: a separated counseling note asks for a fresh factor, and shows once with it.
#[tokio::test]
async fn a_counseling_note_asks_for_a_fresh_factor() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let page = page_with(&mut jordan, "Note or document", "Counseling notes").await;
    let (form, item) = page.show_masked("Counseling notes");
    let own = format!("/records/{item}");
    jordan.submit(&form).await;
    let place = portal.length(patient).await;
    let page = jordan.get(&own).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(
        looked(&portal, patient, place).await.is_empty(),
        "nothing is shown before"
    );
    jordan
        .get("/step-up")
        .await
        .expect(200)
        .shows("Open a counseling note");
    assert_eq!(jordan.confirm().await, own);
    let page = jordan.get(&own).await.expect(200);
    assert!(
        page.articles().iter().all(|article| !article.masked),
        "{}",
        page.text()
    );
    let page = jordan.get(&own).await.expect(200);
    assert!(page.articles()[0].masked, "once");
    let entries = looked(&portal, patient, place).await;
    let masked: Vec<bool> = entries.iter().map(|entry| entry.items[0].masked).collect();
    assert_eq!(masked, [false, true]);
    // Its topic doesn't open it either.
    jordan
        .post("/api/reveal-segment", "segment=sud-counseling-note")
        .await;
    for page in jordan.pages("/records".to_owned()).await {
        assert!(
            page.articles()
                .iter()
                .filter(|article| article.text.contains("Counseling notes"))
                .all(|article| article.masked)
        );
    }
}

/// The filter is kept in the session: no address, link or title tells it.
#[tokio::test]
async fn the_filter_stays_out_of_the_address() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let all = jordan.pages("/records".to_owned()).await;
    let total: usize = all.iter().map(|page| page.articles().len()).sum();
    let form = all[0].form("/records/filter");
    let page = jordan
        .submit(&form.fill("kind", "medication").fill("segment", "hiv"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/records"));
    let page = jordan.open_records().await;
    let found = page.articles();
    assert!(!found.is_empty() && found.len() < total);
    assert!(
        found
            .iter()
            .all(|one| one.kind == "Medicine" && one.text.contains("HIV"))
    );
    assert!(
        page.links()
            .iter()
            .all(|link| !link.contains("hiv") && !link.contains("medication"))
    );
    assert_eq!(
        page.form("/records/filter").value("segment"),
        Some("hiv"),
        "it is kept"
    );
    // Days.
    let form = page.form("/records/filter");
    let form = form
        .fill("kind", "")
        .fill("segment", "")
        .fill("from", "2023-01-01")
        .fill("until", "2023-12-31");
    jordan.submit(&form).await.expect(303);
    for page in jordan.pages("/records".to_owned()).await {
        for article in page.articles() {
            let year = article.date.ends_with("2023") || article.kind == "Health condition";
            assert!(year, "{article:?}");
        }
    }
    // And everything again.
    let page = jordan.open_records().await;
    let form = page.form("/records/filter").press("Show everything again");
    jordan.submit(&form).await.expect(303);
    let again = jordan.pages("/records".to_owned()).await;
    assert_eq!(
        again
            .iter()
            .map(|page| page.articles().len())
            .sum::<usize>(),
        total
    );
}

/// A filter that can't be is explained beside its field, with what was typed.
#[tokio::test]
async fn a_wrong_filter_is_explained() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let form = jordan.open_records().await.form("/records/filter");
    let page = jordan
        .submit(&form.fill("from", "2024-02-02").fill("until", "2024-01-01"))
        .await
        .expect(422)
        .shows("The last day must not be before the first day");
    let form = page.form("/records/filter");
    assert_eq!(form.value("from"), Some("2024-02-02"));
    assert_eq!(form.value("until"), Some("2024-01-01"));
    let page = jordan
        .post("/records/filter", "kind=claim&segment=secrets")
        .await
        .expect(422);
    page.shows("Pick a kind of item from the list")
        .shows("Pick a topic from the list");
    // Nothing of it is kept.
    assert_eq!(
        jordan
            .open_records()
            .await
            .form("/records/filter")
            .value("from"),
        Some("")
    );
}

/// A topic is shown once, on one page of the list.
#[tokio::test]
async fn a_topic_is_shown_once() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let form = jordan.open_records().await.form("/records/filter");
    jordan
        .submit(&form.fill("segment", "hiv"))
        .await
        .expect(303);
    let page = jordan.open_records().await;
    assert!(page.articles().iter().any(|article| article.masked));
    let place = portal.length(patient).await;
    let form = page.form_with_button("Show everything about: HIV");
    let answer = jordan.submit(&form).await;
    assert_eq!(answer.location(), Some("/records"));
    let open = jordan
        .open_records()
        .await
        .shows("Hidden items are shown now")
        .shows("HIV viral load");
    // A counseling note stays: it opens on its own page only.
    for article in open.articles().iter().filter(|article| article.masked) {
        assert!(article.text.contains("Counseling notes"), "{article:?}");
    }
    let entries = looked(&portal, patient, place).await;
    assert_eq!(entries.len(), 1);
    agrees(&open, &entries[0]);
    let masked = jordan
        .open_records()
        .await
        .hides("HIV viral load")
        .hides("Bictegravir");
    assert!(masked.articles().iter().any(|article| article.masked));
    portal.assert_sound().await;
}

/// LAW B5, F8: an item of somebody else's, one that is not there, and what is no id: one answer.
#[tokio::test]
async fn items_of_others_are_not_there() {
    let portal = TestPortal::new().await;
    let jordans = portal.patient_id("Jordan Reyes").await;
    let morgans = portal.patient_id("Morgan Ellis").await;
    let foreign = portal
        .portal
        .store()
        .chart(jordans)
        .await
        .expect("an answer")
        .expect("a chart")
        .items[0]
        .id
        .to_string();
    let unknown = "0b6c7a52-2f0e-4a53-9d3d-0123456789ab";
    let mut morgan = portal.morgan().await;
    let (place, theirs) = (portal.length(morgans).await, portal.length(jordans).await);
    let mut answers = Vec::new();
    for id in [foreign.as_str(), unknown] {
        let page = morgan.get(&format!("/records/{id}")).await.expect(404);
        let page = page.shows("We can't show this page").hides(id);
        answers.push(page.essence(&[]));
    }
    // No id at all: no try at anything, but the same answer.
    answers.push(morgan.get("/records/1").await.expect(404).essence(&[]));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    // Asking to see it first doesn't help.
    morgan
        .post("/api/reveal-record", format!("item={foreign}"))
        .await;
    assert_eq!(
        morgan
            .get(&format!("/records/{foreign}"))
            .await
            .expect(404)
            .essence(&[]),
        answers[0]
    );
    let entries = portal.since(morgans, place).await;
    let tries = crate::support::denied(&entries);
    assert_eq!(tries.len(), 3, "both ids, and the one that was asked for");
    assert_eq!(
        portal.length(jordans).await,
        theirs,
        "Jordan's record was not touched"
    );
    portal.assert_sound().await;
}
