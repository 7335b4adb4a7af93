//! Whole journeys by the forms of the pages, for tests about what comes after them.

use super::{Clinician, Page, Patient};
use domain::id::{ConsentId, PatientId};

/// What a patient answers on the pages of sharing.
#[derive(Clone, Copy, Debug)]
pub struct Picks<'p> {
    /// To whom: the reference of a Practitioner of the demo, without its type.
    pub to: &'p str,
    /// For what, by name.
    pub purposes: &'p [&'p str],
    /// Segments by name, each with all its parts.
    pub segments: &'p [&'p str],
    /// Whether records of Part 2 programs are included.
    pub part2: bool,
    /// Until when: `date`, `treatment`, `never`.
    pub ends: &'p str,
    /// The last day, where `ends` is `date`.
    pub date: &'p str,
}

impl Picks<'_> {
    /// Everything of Jordan's treatment, to Dr. Okafor, for treatment.
    pub const OKAFOR_TREATS: Picks<'static> = Picks {
        to: "prac-okafor",
        purposes: &["treatment"],
        segments: &["general", "substance-use", "hiv"],
        part2: true,
        ends: "date",
        date: "2027-02-28",
    };

    /// The value of the recipient's radio button.
    pub fn recipient(&self) -> String {
        let person = ::portal::import::person_id(&format!("Practitioner/{}", self.to));
        format!("person:{person}")
    }
}

impl Patient<'_> {
    /// Answers the four questions; the page to check them.
    pub async fn draft(&mut self, picks: &Picks<'_>) -> Page {
        let form = self.get("/sharing/new").await.expect(200);
        let form = form.form_with_field("to").choose("to", &picks.recipient());
        self.submit(&form).await.expect(303);

        let page = self.get("/sharing/new/why").await.expect(200);
        let mut form = page.form_with_field("purposes");
        for purpose in picks.purposes {
            form = form.choose("purposes", purpose);
        }
        self.submit(&form).await.expect(303);

        let page = self.get("/sharing/new/what").await.expect(200);
        let mut form = page.form_with_field("segments");
        for segment in picks.segments {
            form = form.choose("segments", segment);
        }
        let form = form
            .choose("part2", if picks.part2 { "yes" } else { "no" })
            .press("Go on");
        self.submit(&form).await.expect(303);

        let page = self.get("/sharing/new/how-long").await.expect(200);
        let mut form = page.form_with_field("ends").choose("ends", picks.ends);
        if picks.ends == "date" {
            form = form.fill("date", picks.date);
        }
        let page = self.submit(&form).await.expect(303);
        assert_eq!(page.location(), Some("/sharing/new/review"));
        self.get("/sharing/new/review").await.expect(200)
    }

    /// Gives the fresh factor that waits; where it leads.
    pub async fn confirm(&mut self) -> String {
        let page = self.get("/step-up").await.expect(200);
        let form = self.code_form(&page);
        let page = self.submit(&form).await.expect(303);
        page.location().expect("a way on").to_owned()
    }

    /// Signs the draft with step-up.
    pub async fn sign(&mut self) -> ConsentId {
        let page = self.get("/sharing/new/sign").await.expect(200);
        let form = page
            .form_with_field("typed-name")
            .fill("typed-name", "A Name");
        let page = self.submit(&form).await.expect(303);
        assert_eq!(page.location(), Some("/step-up"));
        assert_eq!(self.confirm().await, "/sharing/new/sign");
        let page = self.get("/sharing/new/sign").await.expect(200);
        let page = self
            .submit(&page.form_with_field("typed-name"))
            .await
            .expect(303);
        consent_of(page.location().expect("the consent's page"))
    }

    /// Answers everything and signs.
    pub async fn share(&mut self, picks: &Picks<'_>) -> ConsentId {
        self.draft(picks).await;
        self.sign().await
    }

    /// Presses "Revoke now", with step-up; the consent's page.
    pub async fn revoke(&mut self, consent: ConsentId) -> Page {
        let path = format!("/sharing/{consent}/revoke");
        let page = self.get(&path).await.expect(200);
        let form = page.form_with_button("Revoke now");
        let page = self.submit(&form).await.expect(303);
        assert_eq!(page.location(), Some("/step-up"));
        assert_eq!(self.confirm().await, path);
        let page = self.get(&path).await.expect(200);
        let page = self
            .submit(&page.form_with_button("Revoke now"))
            .await
            .expect(303);
        assert_eq!(
            page.location(),
            Some(format!("/sharing/{consent}").as_str())
        );
        self.get(&format!("/sharing/{consent}")).await.expect(200)
    }
}

/// The consent of an address.
#[track_caller]
pub fn consent_of(path: &str) -> ConsentId {
    path.strip_prefix("/sharing/")
        .and_then(ConsentId::parse)
        .unwrap_or_else(|| panic!("{path} is no consent's page"))
}

impl Clinician<'_> {
    /// Says for what a chart is opened; what comes after.
    pub async fn declare(&mut self, patient: PatientId, purpose: &str) -> Page {
        let path = format!("/patients/{patient}");
        let form = self
            .get(&path)
            .await
            .form_with_field("purpose")
            .choose("purpose", purpose);
        let page = self.submit(&form).await.expect(303);
        assert_eq!(page.location(), Some(path.as_str()));
        self.get(&path).await
    }

    /// Every page of a chart, from the first.
    pub async fn whole_chart(&mut self, patient: PatientId) -> Vec<Page> {
        self.pages(format!("/patients/{patient}")).await
    }

    /// Gives the fresh factor that waits; where it leads.
    pub async fn confirm(&mut self) -> String {
        let page = self.get("/step-up").await.expect(200);
        let form = self.code_form(&page);
        let page = self.submit(&form).await.expect(303);
        page.location().expect("a way on").to_owned()
    }
}
