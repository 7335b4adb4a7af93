//! Step 3, the questions: each one explains what is wrong, keeps what was typed, and can't be skipped (LAW A1, A6).

use crate::support::{Form, Picks, TestPortal, disclosures};
use domain::decide::Action;

/// Nobody gets to a step before the ones it needs are answered.
#[tokio::test]
async fn no_step_can_be_skipped() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    for step in ["why", "what", "items", "how-long", "review", "sign"] {
        let page = jordan
            .get(&format!("/sharing/new/{step}"))
            .await
            .expect(303);
        assert_eq!(page.location(), Some("/sharing/new"), "{step}");
    }
    for step in ["why", "what", "items", "how-long", "sign"] {
        let page = jordan
            .post(
                &format!("/sharing/new/{step}"),
                "purposes=treatment&typed-name=x",
            )
            .await
            .expect(303);
        assert_eq!(page.location(), Some("/sharing/new"), "{step}");
    }
}

/// LAW A1: who.
#[tokio::test]
async fn who_must_be_chosen_among_those_there_are() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let page = jordan.get("/sharing/new").await.expect(200);
    for name in [
        "Dr. Amara Okafor",
        "Dr. Tobias Lindqvist",
        "Harbor Light Recovery",
    ] {
        assert!(page.text().contains(name), "{name}");
    }
    let words = "Choose who you want to share with.";
    jordan
        .submit(&page.form_with_field("to"))
        .await
        .expect(422)
        .shows(words);
    for wrong in [
        "to=person%3A0b6c7a52-2f0e-4a53-9d3d-0123456789ab",
        "to=person%3Ax",
        "to=somebody",
        "to=",
    ] {
        jordan
            .post("/sharing/new", wrong)
            .await
            .expect(422)
            .shows(words);
    }
    // Still nobody.
    let page = jordan.get("/sharing/new/why").await.expect(303);
    assert_eq!(page.location(), Some("/sharing/new"));
}

/// LAW A1: why; the boxes stay as they were picked.
#[tokio::test]
async fn why_needs_a_reason() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let form = jordan.get("/sharing/new").await.form_with_field("to");
    jordan
        .submit(&form.choose("to", &Picks::OKAFOR_TREATS.recipient()))
        .await
        .expect(303);
    let form = jordan
        .get("/sharing/new/why")
        .await
        .expect(200)
        .form_with_field("purposes");
    jordan
        .submit(&form)
        .await
        .expect(422)
        .shows("Pick at least one reason.");
    // What isn't offered is no reason: an emergency asks for no consent (LAW E1).
    jordan
        .post("/sharing/new/why", "purposes=emergency")
        .await
        .expect(422)
        .shows("Pick at least one reason.");
}

async fn at_what(jordan: &mut crate::support::Patient<'_>) -> Form {
    let form = jordan.get("/sharing/new").await.form_with_field("to");
    jordan
        .submit(&form.choose("to", &Picks::OKAFOR_TREATS.recipient()))
        .await
        .expect(303);
    let form = jordan
        .get("/sharing/new/why")
        .await
        .form_with_field("purposes");
    jordan
        .submit(&form.choose("purposes", "treatment"))
        .await
        .expect(303);
    jordan
        .get("/sharing/new/what")
        .await
        .expect(200)
        .form_with_field("segments")
}

/// LAW A1: what; every wrong answer is named and every answer kept.
#[tokio::test]
async fn what_keeps_every_answer() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let form = at_what(&mut jordan).await;
    jordan
        .submit(&form.clone().press("Go on"))
        .await
        .expect(422)
        .shows("Pick at least one kind of record")
        .shows("Choose yes or no for records from a substance use treatment program.");
    let page = jordan
        .submit(
            &form
                .clone()
                .choose("segments", "hiv")
                .choose("part2", "yes")
                .choose("future", "no")
                .fill("service-from", "2024-02-02")
                .fill("service-until", "2024-01-01")
                .press("Go on"),
        )
        .await
        .expect(422)
        .shows("The last day must not be before the first day.");
    let again = page.form_with_field("segments");
    assert_eq!(again.value("service-from"), Some("2024-02-02"));
    assert_eq!(again.value("service-until"), Some("2024-01-01"));
    assert_eq!(again.value("part2"), Some("yes"));
    assert_eq!(again.value("future"), Some("no"));
    assert!(again.encoded().contains("segments=hiv"));
    assert!(!again.encoded().contains("segments=general&"));
    // A word where a day belongs comes back as it was typed.
    let page = jordan
        .submit(&again.fill("service-from", "last spring").press("Go on"))
        .await
        .expect(422)
        .shows("Type a day, such as");
    assert_eq!(
        page.form_with_field("segments").value("service-from"),
        Some("last spring")
    );
    // A segment without any of its parts.
    let bare = form
        .choose("segments", "substance-use")
        .clear("segments", "substance-use.alcohol")
        .clear("segments", "substance-use.opioids")
        .clear("segments", "substance-use.other-drugs")
        .clear("segments", "substance-use.rest")
        .choose("part2", "yes")
        .press("Go on");
    let page = jordan
        .submit(&bare)
        .await
        .expect(422)
        .shows("You picked Substance use care but left out every part of it.");
    assert!(
        page.form_with_field("segments")
            .encoded()
            .contains("segments=substance-use&")
    );
}

/// LAW A1, A6: how long; "no end" only where the law lets it.
#[tokio::test]
async fn how_long_ends_where_the_law_says() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let form = at_what(&mut jordan).await;
    let form = form
        .choose("segments", "general")
        .choose("part2", "no")
        .press("Go on");
    jordan.submit(&form).await.expect(303);
    let form = jordan
        .get("/sharing/new/how-long")
        .await
        .expect(200)
        .form_with_field("ends");
    jordan
        .submit(&form)
        .await
        .expect(422)
        .shows("Choose how long you want to share.");
    for (date, words) in [
        ("2026-11-21", "Choose a day that is not over yet."),
        ("2099-01-01", "Choose a day within 20 years."),
        ("soon", "Type a day, such as"),
    ] {
        let page = jordan
            .submit(&form.clone().choose("ends", "date").fill("date", date))
            .await
            .expect(422)
            .shows(words);
        let again = page.form_with_field("ends");
        assert_eq!(again.value("date"), Some(date));
        assert_eq!(again.value("ends"), Some("date"));
    }
    let page = jordan
        .submit(&form.choose("ends", "never"))
        .await
        .expect(303);
    assert_eq!(
        page.location(),
        Some("/sharing/new/review"),
        "treatment is within LAW A6"
    );
    // With another purpose besides, the question is open again and "no end" is not on offer.
    let form = jordan
        .get("/sharing/new/why")
        .await
        .form_with_field("purposes");
    let page = jordan
        .submit(&form.choose("purposes", "research"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sharing/new/what"));
    let page = jordan.get("/sharing/new/review").await.expect(303);
    assert_eq!(page.location(), Some("/sharing/new/how-long"));
    jordan
        .get("/sharing/new/how-long")
        .await
        .expect(200)
        .hides("value=\"never\"");
    jordan
        .post("/sharing/new/how-long", "ends=never")
        .await
        .expect(422)
        .shows("Choose how long you want to share.");
}

/// LAW A2: the whole class has its purpose given by the rule.
#[tokio::test]
async fn the_class_of_the_rule_has_the_purpose_of_the_rule() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let page = jordan.get("/sharing/new").await;
    let page = page.shows(
        "My treating providers, health plans, third-party payers, and people helping to operate this program",
    );
    jordan
        .submit(&page.form_with_field("to").choose("to", "tpo"))
        .await
        .expect(303);
    jordan
        .get("/sharing/new/why")
        .await
        .expect(200)
        .shows("For treatment, payment, and health care operations.")
        .hides("name=\"purposes\"");
}

/// A single item can be left out, and put in; what the review opens follows, and the ledger has the look as a preview.
#[tokio::test]
async fn single_items_in_and_out() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    let picks = Picks {
        segments: &["hiv"],
        part2: false,
        ..Picks::OKAFOR_TREATS
    };
    let place = portal.length(patient).await;
    let review = jordan.draft(&picks).await;
    let opened = review.articles().len();
    assert!(opened > 2);
    let entries = disclosures(&portal.since(patient, place).await);
    let looks: Vec<_> = entries
        .iter()
        .filter(|one| one.action == Action::Preview)
        .collect();
    assert_eq!(looks.len(), 1);
    assert_eq!(looks[0].items.len(), opened);
    let out = looks[0].ids()[0].clone();
    let before: Vec<String> = looks[0].ids();

    let form = jordan
        .get("/sharing/new/what")
        .await
        .form_with_field("segments");
    let page = jordan
        .submit(&form.press("Choose single items"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some("/sharing/new/items?page=1"));
    let (mut put, mut left_out) = (None, false);
    for page in jordan.pages("/sharing/new/items?page=1".to_owned()).await {
        let mut form = page.form_with_field("listed");
        let listed: Vec<String> = url::form_urlencoded::parse(form.encoded().as_bytes())
            .filter(|(name, _)| name == "listed")
            .map(|(_, id)| id.into_owned())
            .collect();
        let articles = page.articles();
        assert_eq!(listed.len(), articles.len());
        if listed.contains(&out) {
            form = form.choose("out", &out);
            left_out = true;
        }
        if put.is_none()
            && let Some((id, _)) = listed
                .iter()
                .zip(&articles)
                .find(|(id, article)| !article.masked && !before.contains(id))
        {
            form = form.choose("in", id);
            put = Some(id.clone());
        }
        let action = page.path.clone();
        jordan
            .post(&action, form.press("Save and go back").encoded())
            .await
            .expect(303);
    }
    assert!(left_out);
    let put = put.expect("an item to put in");
    let place = portal.length(patient).await;
    jordan
        .get("/sharing/new/review")
        .await
        .expect(200)
        .shows("1 item put in, 1 item left out");
    let entries = disclosures(&portal.since(patient, place).await);
    let mut now = entries[0].ids();
    now.sort();
    let mut expected: Vec<String> = before
        .into_iter()
        .filter(|id| *id != out)
        .chain([put])
        .collect();
    expected.sort();
    assert_eq!(now, expected);
    assert!(
        portal.consents(patient).await.is_empty(),
        "nothing is shared yet"
    );
    portal.assert_sound().await;
}
