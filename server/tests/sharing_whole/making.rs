//! Making a consent page by page: each step takes what differs from test to test.

use crate::support::{Form, Page, Patient};
use domain::consent::Consent;
use domain::id::{ConsentId, PatientId};

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
