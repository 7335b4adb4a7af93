//! Step 3, the signature: statements, a name, a fresh factor for exactly these answers (LAW A1, A11).

use crate::support::{Picks, TestPortal};
use domain::{
    consent::{ConsentState, Recipient},
    label::Label,
    notice::Statement,
    purpose::{Purpose, PurposeSet},
};
use store::Event;

/// LAW A1: no signature without a name; the page shows each statement the law asks for.
#[tokio::test]
async fn the_statements_are_read_and_the_name_typed() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&Picks::OKAFOR_TREATS).await;
    let page = jordan.get("/sharing/new/sign").await.expect(200);
    for statement in [
        Statement::RightToRevoke,
        Statement::Refusal,
        // LAW A3, A4: for treatment, whatever the recipient.
        Statement::Redisclosure,
        Statement::HipaaRedisclosure,
    ] {
        for sentence in statement.text().lines() {
            assert!(page.text().contains(sentence.trim()), "{sentence}");
        }
    }
    let form = page.form_with_field("typed-name");
    jordan
        .submit(&form.clone().fill("typed-name", "   "))
        .await
        .expect(422)
        .shows("Type your full name to sign.");
    let long = "x".repeat(201);
    let page = jordan
        .submit(&form.fill("typed-name", &long))
        .await
        .expect(422)
        .shows("Type a name of at most 200 letters.");
    assert_eq!(
        page.form_with_field("typed-name").value("typed-name"),
        Some(long.as_str())
    );
    assert!(portal.consents(patient).await.is_empty());
}

/// LAW A1, F7: without a fresh factor the way leads to step-up and back, with the name still there; then the consent
/// stands, as it was drafted, and the ledger has step-up and signature in this order.
#[tokio::test]
async fn signing_takes_a_fresh_factor() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&Picks::OKAFOR_TREATS).await;
    let place = portal.length(patient).await;
    let page = jordan.get("/sharing/new/sign").await.expect(200);
    let form = page
        .form_with_field("typed-name")
        .fill("typed-name", "Jordan A. Reyes");
    let page = jordan.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(portal.consents(patient).await.is_empty());
    jordan
        .get("/step-up")
        .await
        .expect(200)
        .shows("Sign an agreement to share your records")
        .hides("Okafor");
    assert_eq!(jordan.confirm().await, "/sharing/new/sign");
    assert!(
        portal.consents(patient).await.is_empty(),
        "the code alone signs nothing"
    );
    let page = jordan
        .get("/sharing/new/sign")
        .await
        .expect(200)
        .shows("Your code was right");
    let form = page.form_with_field("typed-name");
    assert_eq!(form.value("typed-name"), Some("Jordan A. Reyes"));
    let page = jordan.submit(&form).await.expect(303);
    let path = page.location().expect("the consent").to_owned();

    let consents = portal.consents(patient).await;
    assert_eq!(consents.len(), 1);
    let consent = &consents[0].consent;
    assert_eq!(path, format!("/sharing/{}", consent.id));
    assert!(matches!(consents[0].state, ConsentState::Active));
    assert_eq!(consent.signature.typed_name, "Jordan A. Reyes");
    assert!(consent.signature.stepped_up_at <= consent.signature.signed_at);
    let okafor = portal.person_id("Dr. Amara Okafor").await;
    assert!(consent.terms.to == [Recipient::Person(okafor)]);
    assert!(consent.terms.purposes == PurposeSet::of([Purpose::Treatment]));
    let granted = consent.terms.what.granted();
    assert!(granted.has(Label::Opioids) && granted.has(Label::Hiv) && granted.has(Label::Part2));
    assert!(!granted.has(Label::MentalHealth));

    let entries = portal.since(patient, place).await;
    let order: Vec<&str> = entries
        .iter()
        .filter_map(|entry| match &entry.body.event {
            Event::SteppedUp { action } => Some(action.as_str()),
            Event::ConsentSigned {
                consent: signed,
                digest,
                ..
            } => {
                assert_eq!(*signed, consent.id);
                assert_ne!(*digest, [0; 32]);
                Some("signed")
            }
            _ => None,
        })
        .collect();
    assert_eq!(order, ["sign", "signed"]);
    // The page says so once; the picture and the first page name the recipient.
    jordan
        .get(&path)
        .await
        .expect(200)
        .shows("You are now sharing");
    jordan
        .get(&path)
        .await
        .expect(200)
        .hides("You are now sharing");
    jordan
        .open_sharing()
        .await
        .shows("You have 1 sharing agreement in force.")
        .shows("Dr. Amara Okafor");
    jordan.open_home().await.shows("Dr. Amara Okafor");
    // The draft is gone.
    let page = jordan.get("/sharing/new/sign").await.expect(303);
    assert_eq!(page.location(), Some("/sharing/new"));
    portal.assert_sound().await;
}

/// What was confirmed is what is signed: answers that changed since ask again (LAW A1).
#[tokio::test]
async fn changed_answers_ask_again() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&Picks::OKAFOR_TREATS).await;
    let page = jordan.get("/sharing/new/sign").await.expect(200);
    let seen_before = page
        .form_with_field("typed-name")
        .fill("typed-name", "Jordan Reyes");
    jordan.submit(&seen_before).await.expect(303);
    assert_eq!(jordan.confirm().await, "/sharing/new/sign");

    // In another window, one more segment.
    let form = jordan
        .get("/sharing/new/what")
        .await
        .form_with_field("segments");
    jordan
        .submit(&form.choose("segments", "genetics").press("Go on"))
        .await
        .expect(303);
    // The window that shows the old answers can't sign the new ones.
    let page = jordan
        .submit(&seen_before)
        .await
        .expect(422)
        .shows("Your answers changed in another window.");
    assert_eq!(
        page.form_with_field("typed-name").value("typed-name"),
        Some("Jordan Reyes")
    );
    // And the code that was given stands for the old ones only.
    let page = jordan
        .get("/sharing/new/sign")
        .await
        .expect(200)
        .hides("Your code was right");
    let form = page
        .form_with_field("typed-name")
        .fill("typed-name", "Jordan Reyes");
    let page = jordan.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(portal.consents(patient).await.is_empty());
    assert_eq!(jordan.confirm().await, "/sharing/new/sign");
    let page = jordan.get("/sharing/new/sign").await.expect(200);
    jordan
        .submit(&page.form_with_field("typed-name"))
        .await
        .expect(303);
    let consents = portal.consents(patient).await;
    assert_eq!(consents.len(), 1);
    assert!(
        consents[0]
            .consent
            .terms
            .what
            .granted()
            .has(Label::Genetics)
    );
}

/// A fresh factor is fresh for five minutes.
#[tokio::test]
async fn a_fresh_factor_grows_stale() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&Picks::OKAFOR_TREATS).await;
    let page = jordan.get("/sharing/new/sign").await;
    let form = page
        .form_with_field("typed-name")
        .fill("typed-name", "Jordan Reyes");
    jordan.submit(&form).await.expect(303);
    jordan.confirm().await;
    portal.clock.advance(chrono::TimeDelta::minutes(5));
    let page = jordan.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/step-up"));
    assert!(portal.consents(patient).await.is_empty());
}

/// LAW A2, A3: the consent for treatment, payment and operations says what the law asks besides.
#[tokio::test]
async fn the_class_consent_says_more() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let form = jordan.get("/sharing/new").await.form_with_field("to");
    jordan.submit(&form.choose("to", "tpo")).await.expect(303);
    let form = jordan
        .get("/sharing/new/what")
        .await
        .expect(200)
        .form_with_field("segments");
    let form = form
        .choose("segments", "substance-use")
        .choose("part2", "yes")
        .press("Go on");
    jordan.submit(&form).await.expect(303);
    let form = jordan
        .get("/sharing/new/how-long")
        .await
        .expect(200)
        .form_with_field("ends");
    jordan
        .submit(&form.choose("ends", "treatment"))
        .await
        .expect(303);
    let page = jordan.get("/sharing/new/sign").await.expect(200);
    for statement in [
        Statement::RightToRevoke,
        Statement::Redisclosure,
        Statement::HipaaRedisclosure,
        Statement::Refusal,
    ] {
        for sentence in statement.text().lines() {
            assert!(page.text().contains(sentence.trim()), "{sentence}");
        }
    }
}

/// LAW A12: a consent is nobody's business but its patient's; foreign and unknown ones get one answer.
#[tokio::test]
async fn consents_of_others_are_not_there() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut morgan = portal.morgan().await;
    let unknown = "0b6c7a52-2f0e-4a53-9d3d-0123456789ab";
    let foreign = consent.to_string();
    for page in ["", "/revoke"] {
        let answers = [
            morgan
                .get(&format!("/sharing/{foreign}{page}"))
                .await
                .expect(404)
                .essence(&[]),
            morgan
                .get(&format!("/sharing/{unknown}{page}"))
                .await
                .expect(404)
                .essence(&[]),
        ];
        assert_eq!(answers[0], answers[1]);
    }
    let answers = [
        morgan
            .post(&format!("/sharing/{foreign}/revoke"), "")
            .await
            .expect(404)
            .essence(&[]),
        morgan
            .post(&format!("/sharing/{unknown}/revoke"), "")
            .await
            .expect(404)
            .essence(&[]),
    ];
    assert_eq!(answers[0], answers[1]);
    let patient = portal.patient_id("Jordan Reyes").await;
    assert!(matches!(
        portal.consents(patient).await[0].state,
        ConsentState::Active
    ));
}
