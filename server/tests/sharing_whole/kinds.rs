//! Every kind of consent made and signed on the pages, and refused where the law keeps it apart (LAW A6–A10, A13).

use super::making::{HOW_LONG, REVIEW, WHAT, WHO, WHY, person, place};
use crate::support::{Patient, TestPortal};
use domain::consent::{ConsentKind, EndingEvent, Expiry};
use domain::label::{Label, LabelSet};
use domain::notice::Statement;
use domain::purpose::{Purpose, PurposeSet};

const OKAFOR: &str = "prac-okafor";

/// The reasons alone, refused.
async fn refused(jordan: &mut Patient<'_>, purposes: &[&str], words: &str) {
    let page = jordan
        .answer(WHY, |form| {
            purposes
                .iter()
                .fold(form, |form, purpose| form.choose("purposes", purpose))
        })
        .await
        .expect(422)
        .shows(words);
    // What was picked stays, to be put right.
    let encoded = page.form_with_field("purposes").encoded();
    for purpose in purposes {
        assert!(
            encoded.contains(&format!("purposes={purpose}")),
            "{purpose}"
        );
    }
}

/// LAW A9: counseling notes have a consent of their own, which says that it is never a condition; it opens notes and
/// nothing else, and no class of the rule and no legal purpose comes into it.
#[tokio::test]
async fn a9_counseling_notes() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .answer(WHO, |form| form.choose("kind", "notes").choose("to", "tpo"))
        .await
        .expect(422)
        .shows("Counseling notes can't be shared with the law's whole group.");
    jordan
        .answer(WHO, |form| {
            form.choose("kind", "notes").choose("to", &person(OKAFOR))
        })
        .await
        .expect(303);
    for purpose in ["legal", "criminal-justice"] {
        refused(
            &mut jordan,
            &[purpose],
            "Counseling notes can't be shared for a legal case",
        )
        .await;
    }
    jordan
        .answer(WHY, |form| form.choose("purposes", "treatment"))
        .await
        .expect(303);
    let form = jordan.step(WHAT).await;
    let without = form
        .clone()
        .clear("notes", Label::SudCounselingNote.name())
        .press("Go on");
    jordan
        .submit(&without)
        .await
        .expect(422)
        .shows("Pick at least one kind of notes.");
    jordan.submit(&form.press("Go on")).await.expect(303);
    // "No end" is for treatment, payment and operations of the record, not for notes (LAW A6).
    jordan
        .post(HOW_LONG, "ends=never")
        .await
        .expect(422)
        .shows("Choose how long you want to share.");
    jordan.ends("program-finished").await;
    let review = jordan
        .get(REVIEW)
        .await
        .expect(200)
        .shows("For counseling notes alone");
    assert!(!review.articles().is_empty(), "Jordan has counseling notes");
    jordan
        .get("/sharing/new/sign")
        .await
        .expect(200)
        .shows(Statement::NotesNeverACondition.text());
    let consent = jordan.signed(patient).await;
    assert_eq!(consent.terms.kind, ConsentKind::Notes);
    let granted = consent.terms.what.granted();
    assert!(granted.has(Label::SudCounselingNote) && !granted.has(Label::PsychotherapyNote));
    assert!(
        consent
            .terms
            .statements
            .contains(&Statement::NotesNeverACondition)
    );
    // Back to the plain kind, nothing of the notes comes along.
    jordan
        .answer(WHO, |form| {
            form.choose("kind", "notes").choose("to", &person(OKAFOR))
        })
        .await
        .expect(303);
    jordan
        .answer(WHO, |form| form.choose("kind", "records"))
        .await
        .expect(303);
    jordan
        .answer(WHY, |form| form.choose("purposes", "treatment"))
        .await
        .expect(303);
    jordan.what(&["general"]).await;
    jordan.ends("never").await;
    let plain = jordan.signed(patient).await;
    assert_eq!(plain.terms.kind, ConsentKind::Specific);
    assert!(!plain.terms.what.include.overlaps(LabelSet::NOTES));
    portal.assert_sound().await;
}

/// LAW A10: a legal case alone, to somebody who may have no account; it ends with a day or an event.
#[tokio::test]
async fn a10_legal_proceedings() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .answer(WHO, |form| {
            form.fill("named", "Alvarez and Stone, lawyers")
                .press("Go on")
        })
        .await
        .expect(303);
    refused(
        &mut jordan,
        &["legal", "treatment"],
        "A legal case can't be combined with another reason.",
    )
    .await;
    jordan
        .answer(WHY, |form| form.choose("purposes", "legal"))
        .await
        .expect(303);
    jordan.what(&["general"]).await;
    jordan
        .post(HOW_LONG, "ends=treatment")
        .await
        .expect(422)
        .shows("Choose how long you want to share.");
    jordan.ends("case-closed").await;
    jordan
        .get(REVIEW)
        .await
        .expect(200)
        .shows("For a legal case alone")
        .shows("Until my case is closed");
    let consent = jordan.signed(patient).await;
    assert_eq!(consent.terms.kind, ConsentKind::Legal);
    assert!(consent.terms.purposes == PurposeSet::of([Purpose::Legal]));
    assert_eq!(
        consent.terms.expiry.as_ref().and_then(EndingEvent::of),
        Some(EndingEvent::CaseClosed)
    );
}

/// LAW A13: criminal justice alone, with a stated duration: a day, or the final disposition and no other event; it can
/// be revoked.
#[tokio::test]
async fn a13_criminal_justice() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .answer(WHO, |form| {
            form.fill("named", "County Probation Office").press("Go on")
        })
        .await
        .expect(303);
    refused(
        &mut jordan,
        &["criminal-justice", "treatment"],
        "A court or probation program can't be combined with another reason.",
    )
    .await;
    refused(
        &mut jordan,
        &["criminal-justice", "legal"],
        "can't be combined with another reason.",
    )
    .await;
    jordan
        .answer(WHY, |form| form.choose("purposes", "criminal-justice"))
        .await
        .expect(303);
    jordan.what(&["substance-use"]).await;
    for never in [
        "never",
        "treatment",
        "program-finished",
        "case-closed",
        "research",
    ] {
        jordan
            .post(HOW_LONG, format!("ends={never}"))
            .await
            .expect(422)
            .shows("Choose how long you want to share.");
    }
    jordan
        .get(HOW_LONG)
        .await
        .expect(200)
        .shows("It can't go on after your case is finally decided.");
    jordan.ends("final-disposition").await;
    let consent = jordan.signed(patient).await;
    assert_eq!(consent.terms.kind, ConsentKind::CriminalJustice);
    assert_eq!(
        consent.terms.expiry,
        Some(EndingEvent::FinalDisposition.expiry())
    );
    jordan
        .revoke(consent.id)
        .await
        .shows("You stopped this. Sharing has ended.");
    portal.assert_sound().await;
}

/// LAW A8: where fundraising is a reason, the way out of it is read and signed.
#[tokio::test]
async fn a8_fundraising() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .who_and_why(&[&place("org-harbor-light")], &["fundraising"])
        .await;
    jordan.what(&["identity"]).await;
    jordan
        .answer(HOW_LONG, |form| {
            form.choose("ends", "date").fill("date", "2027-02-28")
        })
        .await
        .expect(303);
    jordan
        .get("/sharing/new/sign")
        .await
        .expect(200)
        .shows(Statement::FundraisingOptOut.text());
    let consent = jordan.signed(patient).await;
    assert!(
        consent
            .terms
            .statements
            .contains(&Statement::FundraisingOptOut)
    );
}

/// LAW A6: the end of the study for research alone; a claim's payment where payment is a reason. LAW A7: what the
/// patient began may say so.
#[tokio::test]
async fn a6_a7_ends_and_reasons_go_together() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .who_and_why(&[&place("org-riverside")], &["research"])
        .await;
    jordan.what(&["general"]).await;
    jordan
        .get(HOW_LONG)
        .await
        .expect(200)
        .hides("value=\"claim-paid\"")
        .hides("value=\"never\"");
    jordan.ends("research").await;
    // With a second reason, the study's end may not stand any more: the question is open again.
    jordan
        .answer(WHY, |form| form.choose("purposes", "patient-request"))
        .await
        .expect(303);
    assert_eq!(
        jordan.get(REVIEW).await.expect(303).location(),
        Some(HOW_LONG)
    );
    jordan
        .post(HOW_LONG, "ends=research")
        .await
        .expect(422)
        .shows("Choose how long you want to share.");
    jordan
        .answer(WHY, |form| form.clear("purposes", "patient-request"))
        .await
        .expect(303);
    jordan.ends("research").await;
    let research = jordan.signed(patient).await;
    assert_eq!(research.terms.expiry, Some(Expiry::EndOfResearch));

    jordan
        .who_and_why(&[&place("org-northwind")], &["payment", "patient-request"])
        .await;
    jordan.what(&["general"]).await;
    jordan.ends("claim-paid").await;
    let payment = jordan.signed(patient).await;
    assert!(payment.terms.patient_started);
    assert!(payment.terms.purposes == PurposeSet::of([Purpose::Payment, Purpose::PatientRequest]));
    assert_eq!(
        payment.terms.expiry.as_ref().and_then(EndingEvent::of),
        Some(EndingEvent::ClaimPaid)
    );
}

/// LAW A6, D6: a minor can share until the eighteenth birthday; an adult is not asked.
#[tokio::test]
async fn until_i_turn_18() {
    use crate::support::records::{JORDAN, PRACTICE, condition};
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    jordan.who_and_why(&[&person(OKAFOR)], &["treatment"]).await;
    jordan.what(&["general"]).await;
    jordan
        .get(HOW_LONG)
        .await
        .expect(200)
        .hides("Until I turn 18");
    let younger = JORDAN.replace("1988-04-17", "2010-04-17");
    let more = condition(
        "m1",
        "Patient/demo-patient-1",
        PRACTICE,
        "J45.20",
        "Asthma",
        "2024-05-01",
    );
    portal.add(&younger, &[more]).await;
    jordan
        .get(HOW_LONG)
        .await
        .expect(200)
        .shows("Until I turn 18")
        .shows("Until the end of April 16, 2028");
    jordan.ends("2028-04-16").await;
}

/// Changing a consent of another kind begins with all of its answers (POLICY §3).
#[tokio::test]
async fn a_consent_of_another_kind_is_changed() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan
        .answer(WHO, |form| {
            form.choose("kind", "notes").choose("to", &person(OKAFOR))
        })
        .await
        .expect(303);
    jordan
        .answer(WHY, |form| form.choose("purposes", "treatment"))
        .await
        .expect(303);
    jordan
        .answer(WHAT, |form| form.press("Go on"))
        .await
        .expect(303);
    jordan.ends("program-finished").await;
    let first = jordan.signed(patient).await;
    let page = jordan
        .get(&format!("/sharing/{}", first.id))
        .await
        .expect(200);
    let page = jordan
        .submit(&page.form_with_button("Change this agreement"))
        .await
        .expect(303);
    assert_eq!(page.location(), Some(REVIEW));
    jordan.ends("provider-changed").await;
    let second = jordan.signed(patient).await;
    assert_eq!(second.supersedes, Some(first.id));
    assert_eq!(second.terms.kind, ConsentKind::Notes);
    assert!(second.terms.what.include == first.terms.what.include);
    assert_eq!(
        second.terms.expiry,
        Some(EndingEvent::ProviderChanged.expiry())
    );
}
