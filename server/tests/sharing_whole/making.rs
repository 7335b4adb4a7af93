//! Making a consent page by page: each step takes what differs from test to test. And what these pages tell to whom.

use crate::proxies::cast::{acting, family};
use crate::sharing_whole::document::guardian;
use crate::sharing_whole::policy::{Numbers, restrict, treat};
use crate::support::{Form, Page, Patient, Picks, TestPortal};
use domain::consent::Consent;
use domain::id::{ConsentId, PatientId};
use domain::label::{Label, LabelSet};
use domain::party::Party;

/// Where the steps are.
pub const WHO: &str = "/sharing/new";
/// What for.
pub const WHY: &str = "/sharing/new/why";
/// Which records.
pub const WHAT: &str = "/sharing/new/what";
/// How long.
pub const HOW_LONG: &str = "/sharing/new/how-long";
/// Exactly what this opens.
pub const REVIEW: &str = "/sharing/new/review";

/// The value of a person of the demo in a form.
pub fn person(reference: &str) -> String {
    let id = portal::import::person_id(&format!("Practitioner/{reference}"));
    format!("person:{id}")
}

/// The value of an organization of the demo in a form.
pub fn place(reference: &str) -> String {
    let id = domain::id::OrganizationId::derived("fhir", &format!("Organization/{reference}"));
    format!("organization:{id}")
}

/// The field by which the form of a step is known.
fn field(step: &str) -> &'static str {
    match step {
        WHY => "purposes",
        WHAT => "segments",
        HOW_LONG => "ends",
        "/sharing/new/through" => "through",
        "/sharing/new/places" => "whose",
        _ => "named",
    }
}

impl Patient<'_> {
    /// The form of a step.
    pub async fn step(&mut self, step: &str) -> Form {
        self.get(step)
            .await
            .expect(200)
            .form_with_field(field(step))
    }

    /// Answers a step.
    pub async fn answer(&mut self, step: &str, how: impl FnOnce(Form) -> Form) -> Page {
        let form = self.step(step).await;
        self.submit(&how(form)).await
    }

    /// Who and why.
    pub async fn who_and_why(&mut self, to: &[&str], purposes: &[&str]) {
        self.answer(WHO, |form| {
            to.iter().fold(form, |form, to| form.choose("to", to))
        })
        .await
        .expect(303);
        self.answer(WHY, |form| {
            purposes
                .iter()
                .fold(form, |form, purpose| form.choose("purposes", purpose))
        })
        .await
        .expect(303);
    }

    /// Which records: these segments, with Part 2 records.
    pub async fn what(&mut self, segments: &[&str]) -> Page {
        self.answer(WHAT, |form| {
            segments
                .iter()
                .fold(form, |form, segment| form.choose("segments", segment))
                .choose("part2", "yes")
                .press("Go on")
        })
        .await
        .expect(303)
    }

    /// How long.
    pub async fn ends(&mut self, ends: &str) -> Page {
        self.answer(HOW_LONG, |form| form.choose("ends", ends))
            .await
            .expect(303)
    }

    /// Signs, and reads what was signed.
    pub async fn signed(&mut self, patient: PatientId) -> Consent {
        let id = self.sign().await;
        self.consent(patient, id).await
    }

    async fn consent(&mut self, patient: PatientId, id: ConsentId) -> Consent {
        let consents = self.portal().consents(patient).await;
        consents
            .into_iter()
            .map(|standing| standing.consent)
            .find(|consent| consent.id == id)
            .expect("the consent")
    }
}

/// The review, and the count on the way to it.
async fn told(signer: &mut Patient<'_>) -> [Page; 2] {
    let review = signer.get(REVIEW).await.expect(200);
    let form = signer.step(WHAT).await;
    let counted = signer.submit(&form.press("Count what this opens")).await;
    [review, counted.expect(200)]
}

/// What is told of everyday health for somebody who doesn't treat the patient; once they do; and once it is kept from them.
async fn told_in_turn(
    test: &TestPortal,
    signer: &mut Patient<'_>,
    patient: PatientId,
    numbers: &mut Numbers,
) -> [[Page; 2]; 3] {
    let picks = Picks {
        to: "prac-raman",
        segments: &["general"],
        part2: false,
        ..Picks::OKAFOR_TREATS
    };
    let to = Party::Person(portal::import::person_id("Practitioner/prac-raman"));
    signer.draft(&picks).await;
    let before = told(signer).await;
    treat(test, patient, numbers.id(), to).await;
    let treated = told(signer).await;
    let kept = LabelSet::of([Label::General]);
    restrict(test, patient, numbers.id(), vec![to], kept, Vec::new()).await;
    [before, treated, told(signer).await]
}

/// The patient reads what changes for a recipient, and that a restriction keeps it closed (UX, LAW C4).
#[tokio::test]
async fn the_patient_reads_what_terms_change() {
    let test = TestPortal::new().await;
    let patient = test.patient_id("Jordan Reyes").await;
    let mut jordan = test.jordan().await;
    let told = told_in_turn(&test, &mut jordan, patient, &mut Numbers(11)).await;
    let words = [
        "They will see",
        "They see no new items.",
        "This opens none of your items.",
    ];
    for (pages, words) in told.into_iter().zip(words) {
        for page in pages {
            page.shows("What changes for them").shows(words);
        }
    }
}

/// POLICY §5: who acts for a patient in part is told what their terms open, byte for byte the same whoever treats the
/// patient and whatever is kept from whom.
#[tokio::test]
async fn to_a_partial_proxy_terms_open_what_they_say() {
    let test = TestPortal::new().await;
    let family = family(&test, true).await;
    let parent = Patient(acting(&test, &family).await);
    let guardian = guardian(&test, "Grace Guardian", LabelSet::of([Label::General])).await;
    let jordan = test.patient_id("Jordan Reyes").await;
    let mut numbers = Numbers(12);
    for (mut signer, patient) in [(parent, family.patient), (guardian, jordan)] {
        let [before, treated, restricted] =
            told_in_turn(&test, &mut signer, patient, &mut numbers).await;
        for (at, page) in before.into_iter().enumerate() {
            assert_eq!(treated[at].essence(&[]), page.essence(&[]));
            assert_eq!(restricted[at].essence(&[]), page.essence(&[]));
            page.shows("This opens ")
                .hides("This opens none of your items.")
                .hides("What changes for them");
        }
    }
    test.assert_sound().await;
}
