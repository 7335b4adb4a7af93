//! What officers say, and what follows.

use crate::{
    office_labels::officer::{
        JORDANS, NOTE, ODDS, WORDS, a_note, approve, at_odds, desk, facts, labels, say, with_items,
    },
    support::{
        Clinician, Picks, TestPortal,
        records::{JORDAN, PROGRAM, note},
    },
};
use domain::{id::PatientId, label::Label};
use store::Event;

const CONTENT: &str = "content[0]";
const WHEN: &str = "2026-09-01T10:00:00Z";

async fn item_page(okafor: &mut Clinician<'_>, patient: PatientId, item: String) -> String {
    let path = format!("/patients/{patient}/records/{item}");
    okafor.get(&path).await.expect(200).text()
}

/// POLICY §2: confirmed, a part is no longer hidden; the whole of it in the ledger, and no decision from before counts.
#[tokio::test]
async fn confirming_opens_what_was_hidden() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, NOTE).await.id;
    test.jordan().await.share(&Picks::OKAFOR_TREATS).await;
    let mut okafor = test.okafor().await;
    okafor.declare(patient, "treatment").await;
    let shown = item_page(&mut okafor, patient, item.to_string()).await;
    assert!(!shown.contains(WORDS));
    let (before, epoch_before) = (test.length(patient).await, epoch(&test, patient).await);
    let mut solberg = test.solberg().await;
    let page = solberg.get(&desk(item)).await.expect(200);
    page.shows(WORDS).shows("It is free text");
    let said = say(&mut solberg, item, "confirm", &[], "Read in full.").await;
    assert_eq!(said.expect(303).location(), Some("/office/labels"));
    assert!(
        !labels(&test, patient, NOTE, CONTENT)
            .await
            .has(Label::Unclassified)
    );
    let shown = item_page(&mut okafor, patient, item.to_string()).await;
    assert!(shown.contains(WORDS));
    assert!(epoch(&test, patient).await > epoch_before);
    let entries = test.since(patient, before).await;
    let reviewed =
        |event: &Event| matches!(event, Event::LabelsReviewed { item: of, .. } if *of == item);
    assert_eq!(
        entries
            .iter()
            .filter(|entry| reviewed(&entry.body.event))
            .count(),
        1
    );
    let page = solberg.get("/office/labels").await.expect(200);
    assert!(!page.body.contains(&item.to_string()));
    solberg.get(&desk(item)).await.expect(404);
    test.assert_sound().await;
}

async fn epoch(test: &TestPortal, patient: PatientId) -> u64 {
    let state = test.portal.store().policy_state(patient).await;
    state.expect("an answer").expect("a state").epoch
}

/// POLICY §2: a raised label closes what a consent doesn't cover, and the patient reads why.
#[tokio::test]
async fn raising_adds_a_label() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, NOTE).await.id;
    test.jordan().await.share(&Picks::OKAFOR_TREATS).await;
    let mut solberg = test.solberg().await;
    let said = say(
        &mut solberg,
        item,
        "raise",
        &["mental-health"],
        "It is about mood.",
    )
    .await;
    said.expect(303);
    let raised = labels(&test, patient, NOTE, CONTENT).await;
    assert!(raised.has(Label::MentalHealth) && !raised.has(Label::Unclassified));
    let mut okafor = test.okafor().await;
    okafor.declare(patient, "treatment").await;
    let shown = item_page(&mut okafor, patient, item.to_string()).await;
    assert!(!shown.contains(WORDS));
    let mut jordan = test.jordan().await;
    let reveal = jordan.post("/api/reveal-record", format!("item={item}"));
    reveal.await.expect(303);
    let page = jordan.get(&format!("/records/{item}")).await.expect(200);
    page.shows("A person looked at it and marked it: Mental health.");
}

/// POLICY §2: lowering takes a second person, who is not the first, with a fresh factor; until then nothing changes.
#[tokio::test]
async fn lowering_takes_two_persons_and_a_code() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, ODDS).await.id;
    assert!(
        labels(&test, patient, ODDS, "code")
            .await
            .has(Label::Opioids)
    );
    let mut solberg = test.solberg().await;
    let because = "The words are of another person's medicine.";
    let said = say(
        &mut solberg,
        item,
        "lower",
        &["substance-use.opioids"],
        because,
    )
    .await;
    assert_eq!(said.expect(303).location(), Some(desk(item).as_str()));
    assert!(
        labels(&test, patient, ODDS, "code")
            .await
            .has(Label::Opioids)
    );
    // The first can't be the second, whatever they send.
    let page = solberg.get(&desk(item)).await.expect(200);
    let page = page.shows("Somebody else has to agree.").shows(because);
    let page = page.hides("Agree and take it off");
    let form = page.form_with_button("Take back my proposal");
    let forged = form.encoded().replace("do=refuse", "do=approve");
    let page = solberg.post(&desk(item), forged).await.expect(422);
    page.shows("You proposed this. Somebody else has to agree.");
    assert!(
        labels(&test, patient, ODDS, "code")
            .await
            .has(Label::Opioids)
    );
    // The second finds it in their list, and needs a code.
    let mut castellano = test.castellano().await;
    let page = castellano.get("/office/labels/second").await.expect(200);
    assert!(page.links().contains(&desk(item)));
    assert!(
        !castellano
            .get("/office/labels")
            .await
            .body
            .contains(&item.to_string())
    );
    let before = test.length(patient).await;
    let page = approve(&mut castellano, item).await.expect(303);
    assert_eq!(page.location(), Some("/office/labels"));
    let after = labels(&test, patient, ODDS, "code").await;
    assert!(!after.has(Label::Opioids) && after.has(Label::Part2));
    let entries = test.since(patient, before).await;
    let lowered =
        |event: &Event| matches!(event, Event::LabelsLowered { item: of, .. } if *of == item);
    assert!(entries.iter().any(|entry| lowered(&entry.body.event)));
    // It is what an import finds again.
    let report = test.add(JORDAN, &[at_odds()]).await;
    assert_eq!((report.new, report.changed), (0, 0));
    assert!(
        !labels(&test, patient, ODDS, "code")
            .await
            .has(Label::Opioids)
    );
    test.assert_sound().await;
}

/// A proposal that was refused leaves all as it was, and the item waits again.
#[tokio::test]
async fn a_refused_proposal_changes_nothing() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, ODDS).await.id;
    let mut solberg = test.solberg().await;
    let said = say(
        &mut solberg,
        item,
        "lower",
        &["substance-use.opioids"],
        "Not theirs.",
    )
    .await;
    said.expect(303);
    let mut castellano = test.castellano().await;
    let page = castellano.get(&desk(item)).await.expect(200);
    let form = page.form_with_button("Leave the labels as they are");
    castellano.submit(&form).await.expect(303);
    assert!(
        labels(&test, patient, ODDS, "code")
            .await
            .has(Label::Opioids)
    );
    let page = castellano.get("/office/labels").await.expect(200);
    assert!(page.links().contains(&desk(item)));
    let page = castellano.get("/office/labels/second").await.expect(200);
    assert!(!page.links().contains(&desk(item)));
}

/// POLICY §2: the law of the origin is never taken off, nor is it offered.
#[tokio::test]
async fn the_law_can_not_be_taken_off() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, ODDS).await.id;
    let mut solberg = test.solberg().await;
    let page = solberg.get(&desk(item)).await.expect(200);
    assert!(!page.body.contains("value=\"part2\""));
    let form = page.form_with_button("Save").choose("outcome", "lower");
    let form = form.choose("labels", "hiv").fill("because", "Why not.");
    let body = form.encoded().replace("labels=hiv", "labels=part2");
    let page = solberg.post(&desk(item), body).await.expect(422);
    page.shows("can't be taken off");
}

/// POLICY §2: what was said survives an import of the same, and falls away with the content it was said of.
#[tokio::test]
async fn a_changed_item_waits_again() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, NOTE).await.id;
    let mut solberg = test.solberg().await;
    say(&mut solberg, item, "confirm", &[], "Read.")
        .await
        .expect(303);
    let report = test.add(JORDAN, &[a_note()]).await;
    assert_eq!((report.new, report.changed), (0, 0));
    assert!(
        !labels(&test, patient, NOTE, CONTENT)
            .await
            .has(Label::Unclassified)
    );
    let other = "Glimmer vost instead, in another folder altogether now.";
    let changed = note("review-note", JORDANS, PROGRAM, other, WHEN);
    test.add(JORDAN, std::slice::from_ref(&changed)).await;
    assert!(
        labels(&test, patient, NOTE, CONTENT)
            .await
            .has(Label::Unclassified)
    );
    let page = solberg.get("/office/labels").await.expect(200);
    assert!(page.links().contains(&desk(item)));
    // A raise stays, whatever comes.
    let said = say(&mut solberg, item, "raise", &["hiv"], "It is about that.");
    said.await.expect(303);
    let third = "Plimsy orvath once more, on the last page of it all.";
    let changed = note("review-note", JORDANS, PROGRAM, third, WHEN);
    test.add(JORDAN, &[changed]).await;
    let raised = labels(&test, patient, NOTE, CONTENT).await;
    assert!(raised.has(Label::Hiv) && raised.has(Label::Unclassified));
}

/// What is said is said of what was looked at: of another content, nothing is kept.
#[tokio::test]
async fn a_page_that_is_out_of_date_says_nothing() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, NOTE).await.id;
    let mut solberg = test.solberg().await;
    let page = solberg.get(&desk(item)).await.expect(200);
    let form = page.form_with_button("Save").choose("outcome", "confirm");
    let other = "Glimmer vost instead, in another folder altogether now.";
    let changed = note("review-note", JORDANS, PROGRAM, other, WHEN);
    test.add(JORDAN, std::slice::from_ref(&changed)).await;
    let page = solberg
        .submit(&form.fill("because", "Read."))
        .await
        .expect(422);
    page.shows("The item changed since you opened it.");
    assert!(
        labels(&test, patient, NOTE, CONTENT)
            .await
            .has(Label::Unclassified)
    );
}

/// Errors stand beside the field and in a summary; what was typed stays.
#[tokio::test]
async fn the_form_says_what_is_missing() {
    let test = TestPortal::new().await;
    let patient = with_items(&test).await;
    let item = facts(&test, patient, NOTE).await.id;
    let mut solberg = test.solberg().await;
    let page = solberg.get(&desk(item)).await.expect(200);
    let page = solberg
        .submit(&page.form_with_button("Save"))
        .await
        .expect(422);
    let page = page.shows("Pick what is right.").shows("Write why.");
    let form = page.form_with_button("Save").choose("outcome", "raise");
    let page = solberg
        .submit(&form.fill("because", "Typed words"))
        .await
        .expect(422);
    let page = page.shows("Pick at least one label.");
    assert!(page.body.contains("Typed words"));
    assert!(
        labels(&test, patient, NOTE, CONTENT)
            .await
            .has(Label::Unclassified)
    );
}
