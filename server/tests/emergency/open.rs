//! While a record is open: what it opens, what stands on its pages, what the ledger says, and what stays closed.

use crate::emergency::journey::{
    NATURE, NOBODY, break_glass, confirm, filled, grants, opened, path,
};
use crate::support::{Page, TestPortal, disclosures};
use chrono::TimeDelta;
use domain::{
    decide::{Action, Ground, Obligation},
    id::RestrictionId,
    label::{Label, LabelSet},
    notice::N1,
    party::Span,
    purpose::Purpose,
    state::{Restriction, RestrictionState},
};
use store::{Event, Stamp};
use uuid::Uuid;

/// LAW E1: it opens only after a fresh factor for exactly what was given, and the ledger has the four elements of
/// 2.51(c) before anything is looked at.
#[tokio::test]
async fn it_opens_after_the_step_up_and_the_record_alone() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    let place = portal.length(patient).await;
    let chart = format!("/patients/{patient}");

    let page = okafor.get(&path(patient)).await.expect(200);
    let page = confirm(&mut okafor, &filled(&page)).await;
    assert!(
        grants(&portal, patient).await.is_empty(),
        "a code alone opens nothing"
    );
    // What is sent is what was confirmed, or it is asked for again.
    let other = page
        .form_with_button("Open the record for one hour")
        .fill("nature", "Something else happened to this person.");
    let page = okafor.submit(&other).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(grants(&portal, patient).await.is_empty());
    let page = okafor.get("/step-up").await.expect(200);
    let form = okafor.code_form(&page);
    okafor.submit(&form).await.expect(303);
    let page = okafor.get(&path(patient)).await.expect(200);
    let form = page
        .form_with_button("Open the record for one hour")
        .fill("nature", NATURE);
    okafor.submit(&form).await.expect(303);
    assert!(
        grants(&portal, patient).await.is_empty(),
        "it was confirmed for other words"
    );

    let began = portal.portal.now();
    let epoch = epoch(&portal, patient).await;
    let page = break_glass(&mut okafor, patient).await;
    let entries = portal.since(patient, place).await;
    let found = opened(&entries);
    assert_eq!(found.len(), 1);
    let (id, record, entry) = &found[0];
    assert!(record.recipient.name.contains("Okafor"));
    assert_eq!(record.recipient.affiliation, "Maple Street Family Practice");
    assert!(
        record.discloser.contains("Harbor Light Recovery"),
        "{}",
        record.discloser
    );
    assert!(record.discloser.contains("Maple Street Family Practice"));
    assert_eq!(record.nature, NATURE);
    assert_eq!(record.without_consent, "unconscious");
    assert!(entry.body.at >= began);
    assert!(entry.body.epoch > epoch, "the epoch moves");
    let okafor_id = portal.person_id("Dr. Amara Okafor").await;
    assert_eq!(entry.body.stamp.actor.person, Some(okafor_id));
    let looks = disclosures(&entries);
    assert!(!looks.is_empty());
    for look in &looks {
        assert!(look.seq > entry.seq, "opened first, looked at after");
        assert_eq!(look.purpose, Purpose::Emergency);
        assert_eq!(look.purpose.code(), "ETREAT");
        assert_eq!(look.action, Action::View);
        assert_eq!(look.basis, [Ground::Emergency(*id)]);
    }
    assert_eq!(page.path, chart);
    portal.assert_sound().await;
}

async fn epoch(portal: &TestPortal, patient: domain::id::PatientId) -> u64 {
    let state = portal.portal.store().policy_state(patient).await;
    state.expect("an answer").expect("a patient").epoch
}

fn texts(pages: &[Page]) -> String {
    pages.iter().map(Page::text).collect()
}

/// LAW E1, B1: the whole record is open, with the time left, a way to end it, the notice, and on what it rests; on the
/// chart and on each item.
#[tokio::test]
async fn every_page_says_what_it_rests_on() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    break_glass(&mut okafor, patient).await;
    portal.clock.advance(TimeDelta::minutes(10));
    let pages = okafor.whole_chart(patient).await;
    let text = texts(&pages);
    for words in [
        "Opioid use disorder",
        "Buprenorphine/naloxone",
        "HIV",
        "Sertraline",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let mut item = None;
    for page in &pages {
        let text = page.text();
        assert!(text.contains("Emergency access until"), "{}", page.path);
        assert!(text.contains("Purpose: Emergency treatment"));
        assert!(text.contains("42 CFR 2.51 lets medical personnel see a record without consent"));
        let _ = page.form_with_button("End now");
        for article in page.articles() {
            if article
                .text
                .contains("From a substance use treatment program")
            {
                assert!(N1.iter().all(|words| text.contains(words)), "{}", page.path);
                item = article.href.or(item);
            }
        }
    }
    assert!(pages[0].text().contains("minutes left"));
    let item = item.expect("an item of the program");
    let page = okafor.get(&item).await.expect(200);
    let page = page
        .shows("Emergency access until")
        .shows("42 CFR 2.51")
        .shows(N1[0]);
    assert!(!page.title().contains("Opioid"));
}

/// POLICY §4.2: a restriction yields, with the sentence that asks not to use it further; before, it did not.
#[tokio::test]
async fn a_restriction_yields_with_its_sentence() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let store = portal.portal.store();
    let now = portal.portal.now();
    let restriction = Restriction {
        id: RestrictionId(Uuid::from_u128(77)),
        recipients: Vec::new(),
        labels: LabelSet::of([Label::General, Label::Hiv]),
        items: Vec::new(),
        billing: Vec::new(),
        paid_in_full: false,
        state: RestrictionState::Agreed { at: now },
        span: Span {
            from: now,
            until: None,
        },
    };
    let added = store
        .add_restriction(&Stamp::SYSTEM, patient, restriction)
        .await;
    added.expect("a restriction");
    let mut okafor = portal.okafor().await;
    let sentence = "Please do not use or pass on this information for anything else.";
    let page = okafor.declare(patient, "treatment").await.expect(200);
    page.hides("Lisinopril").hides("HIV").hides(sentence);
    let place = portal.length(patient).await;
    break_glass(&mut okafor, patient).await.shows(sentence);
    let text = texts(&okafor.whole_chart(patient).await);
    assert!(text.contains("Lisinopril") && text.contains("HIV"));
    let entries = portal.since(patient, place).await;
    let looks = disclosures(&entries);
    assert!(
        looks
            .iter()
            .any(|look| look.obligations.has(Obligation::AskNoFurtherUse))
    );
    portal.assert_sound().await;
}

/// LAW E1: without a restriction nobody is asked so.
#[tokio::test]
async fn without_a_restriction_there_is_no_such_sentence() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    break_glass(&mut okafor, patient)
        .await
        .hides("pass on this information");
}

/// LAW E1: one patient, one person: other records stay closed, and another clinician sees what they saw before.
#[tokio::test]
async fn others_gain_nothing() {
    let portal = TestPortal::new().await;
    let jordan = portal.patient_id("Jordan Reyes").await;
    let morgan = portal.patient_id("Morgan Ellis").await;
    let mut lindqvist = portal.lindqvist().await;
    lindqvist.declare(jordan, "treatment").await.expect(200);
    let chart = format!("/patients/{jordan}");
    let sign = |page: &Page| {
        // The time of the page, and the time left, are all that may differ.
        let articles: Vec<_> = page.articles();
        (
            page.status,
            articles,
            page.text().contains("Emergency access"),
        )
    };
    let before = sign(&lindqvist.get(&chart).await);
    let mut vasquez = portal.vasquez().await;
    let place = portal.length(morgan).await;
    break_glass(&mut vasquez, jordan).await;
    assert_eq!(sign(&lindqvist.get(&chart).await), before);
    // Their own emergency page is the one for anybody's.
    let own = lindqvist.get(&path(jordan)).await.expect(200);
    let nobody = format!("/patients/{NOBODY}/emergency");
    let other = lindqvist.get(&nobody).await.expect(200);
    assert_eq!(
        own.essence(&[&jordan.to_string()]),
        other.essence(&[NOBODY])
    );
    let form = format!("/patients/{jordan}/emergency");
    let page = lindqvist.post(&form, "do=resume").await.expect(303);
    assert_eq!(page.location(), Some(form.as_str()));
    // Another patient is not open, and the purpose can't be had by asking for it.
    let other = format!("/patients/{morgan}");
    vasquez.post(&other, "purpose=emergency").await.expect(422);
    let page = vasquez
        .post(&format!("{other}/emergency"), "do=resume")
        .await;
    assert_eq!(
        page.expect(303).location(),
        Some(format!("{other}/emergency").as_str())
    );
    vasquez.declare(morgan, "treatment").await.expect(404);
    assert!(disclosures(&portal.since(morgan, place).await).is_empty());
    portal.assert_sound().await;
}

/// LAW E1, B3: it is for looking. No copy is taken, and asking for one is written down.
#[tokio::test]
async fn no_copy_is_taken() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    let page = break_glass(&mut okafor, patient).await;
    let export = format!("/patients/{patient}/export");
    assert!(!page.links().contains(&export));
    let page = okafor.get(&export).await.expect(200);
    let page = page.shows("You can't take a copy of a record that is open in an emergency.");
    assert_eq!(page.count("input[name=format]"), 0);
    let place = portal.length(patient).await;
    okafor.post(&export, "format=fhir").await.expect(404);
    let entries = portal.since(patient, place).await;
    assert!(disclosures(&entries).is_empty());
    assert!(entries.iter().any(|entry| matches!(
        entry.body.event,
        Event::Denied {
            action: Action::Export,
            purpose: Some(Purpose::Emergency),
            ..
        }
    )));
}

/// ARCHITECTURE, "Sealing": nothing of an emergency stands in the database in clear.
#[tokio::test]
async fn nothing_of_it_stands_in_clear() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut okafor = portal.okafor().await;
    break_glass(&mut okafor, patient).await;
    let words = ["zebra-striped", "unconscious", "Okafor", "Harbor Light"];
    assert_eq!(portal.in_database(&words).await, [""; 0]);
}
