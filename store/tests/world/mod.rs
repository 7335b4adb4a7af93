//! A small world for the tests of this crate: a patient with items, a subject, a clinician, a consent.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc
)]

use chrono::TimeDelta;
use domain::consent::{
    Consent, ConsentKind, Discloser, Expiry, Grantor, Recipient, Scope, Signature, Terms,
};
use domain::decide::{Action, Decider, Permit};
use domain::id::{AccountId, ConsentId, ItemId, OrganizationId, PatientId, PersonId};
use domain::item::{ItemFacts, ItemKind, PartFacts};
use domain::label::{Label, LabelSet};
use domain::labeling::{Basis, BasisKind, LabelledPart, Review, parts, review};
use domain::notice::Statement;
use domain::party::{Role, Viewer};
use domain::purpose::{Purpose, PurposeSet};
use serde_json::{Value, json};
use store::reviews::About;
use store::testing::TempStore;
use store::{ActorRef, Chart, ImportCounts, Put, SealedItem, Stamp, Store};

pub struct World {
    pub temp: TempStore,
    pub patient: PatientId,
    pub subject: PersonId,
    pub clinician: PersonId,
    pub hospital: OrganizationId,
}

pub const TITLE: &str = "Opioid dependence, uncomplicated";
pub const NOTE: &str = "Stable on buprenorphine since spring";

/// A condition with a labelled code, note and an ordinary date.
pub fn condition(number: usize) -> Value {
    json!({
        "resourceType": "Condition",
        "id": format!("condition-{number}"),
        "code": { "coding": [{ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20" }], "text": TITLE },
        "note": [{ "text": NOTE }],
        "recordedDate": "2026-03-04"
    })
}

pub fn facts(
    id: ItemId,
    resource: &Value,
    batch: domain::id::BatchId,
    source: OrganizationId,
    now: domain::clock::Instant,
) -> (ItemFacts, Vec<Vec<Basis>>) {
    let split = parts::split(resource.as_object().unwrap());
    let identifying = split.iter().position(|part| part.path == "code").unwrap();
    let labels = |path: &str| match path {
        "code" => LabelSet::of([Label::Opioids]),
        "note[0]" => LabelSet::of([Label::Opioids, Label::MentalHealth]),
        _ => LabelSet::EMPTY,
    };
    let basis = split
        .iter()
        .map(|part| {
            labels(&part.path)
                .iter()
                .map(|label| Basis {
                    kind: BasisKind::Code,
                    rule: "icd-10-cm/F11".into(),
                    system: None,
                    code: Some("F11.20".to_owned()),
                    from: None,
                    label,
                })
                .collect()
        })
        .collect();
    let facts = ItemFacts {
        id,
        resource_type: "Condition".to_owned(),
        kind: ItemKind::Condition,
        sources: vec![source],
        authors: Vec::new(),
        service: None,
        when: Some(now),
        recorded: now,
        batch,
        parts: split
            .iter()
            .map(|part| PartFacts {
                leads_to: Vec::new(),
                labels: labels(&part.path),
                path: part.path.clone(),
            })
            .collect(),
        identifying: vec![u16::try_from(identifying).unwrap()],
    };
    (facts, basis)
}

impl World {
    pub async fn new() -> Self {
        Self::with_items(3).await
    }

    pub async fn with_items(count: usize) -> Self {
        Self::on(TempStore::new().await, count).await
    }

    pub async fn on(temp: TempStore, count: usize) -> Self {
        let subject = PersonId::derived("test", "Patient/1");
        let clinician = PersonId::derived("test", "Practitioner/1");
        let hospital = OrganizationId::derived("test", "Organization/1");
        let mut world = Self {
            temp,
            patient: PatientId(uuid::Uuid::nil()),
            subject,
            clinician,
            hospital,
        };
        world.patient = world.import(count).await.0;
        world
    }

    pub fn store(&self) -> &Store {
        &self.temp.store
    }

    /// Imports so many conditions; run again, it finds them.
    pub async fn import(&self, count: usize) -> (PatientId, Vec<Put>) {
        let now = domain::clock::Clock::now(self.temp.clock.as_ref());
        let mut import = self.store().begin_import(&Stamp::SYSTEM).await.unwrap();
        let (patient, _) = import.patient("Patient/1").await.unwrap();
        let known = import.existing(patient).await.unwrap();
        import
            .set_subject(
                patient,
                self.subject,
                chrono::NaiveDate::from_ymd_opt(1980, 2, 3),
            )
            .await
            .unwrap();
        let mut counts = ImportCounts::default();
        let mut puts = Vec::new();
        for number in 0..count {
            let resource = condition(number);
            let (id, put) = import
                .put_content(patient, &format!("Condition/{number}"), None, &resource)
                .await
                .unwrap();
            let (mut facts, basis) = facts(id, &resource, import.batch(), self.hospital, now);
            if let Some((_, before, _)) = known.iter().find(|(known, _, _)| *known == id) {
                facts.batch = before.batch;
                facts.recorded = before.recorded;
                facts.when = before.when;
            }
            import.put_facts(patient, &facts, &basis).await.unwrap();
            puts.push(put);
            match put {
                Put::New => counts.new += 1,
                Put::Changed => counts.changed += 1,
                Put::Unchanged => counts.unchanged += 1,
            }
        }
        import.commit(counts).await.unwrap();
        (patient, puts)
    }

    pub fn as_subject(&self) -> (Viewer, Stamp) {
        let viewer = Viewer {
            person: self.subject,
            role: Role::Patient,
            subject_of: Some(self.patient),
            memberships: Vec::new(),
        };
        (viewer, stamp_of(self.subject, Role::Patient))
    }

    pub fn as_clinician(&self) -> (Viewer, Stamp) {
        let viewer = Viewer {
            person: self.clinician,
            role: Role::Clinician,
            subject_of: None,
            memberships: Vec::new(),
        };
        (viewer, stamp_of(self.clinician, Role::Clinician))
    }

    pub fn consent(&self, include: LabelSet, expiry: Expiry) -> Consent {
        let now = domain::clock::Clock::now(self.temp.clock.as_ref());
        let bytes = store::entropy::random(self.store().entropy());
        let terms = Terms {
            kind: ConsentKind::Specific,
            patient: self.patient,
            grantor: Grantor::Patient,
            from: Discloser::AnyProvider,
            to: vec![Recipient::Person(self.clinician)],
            purposes: PurposeSet::of([Purpose::Treatment]),
            patient_started: true,
            what: Scope::labels(include),
            start: now,
            expiry: Some(expiry),
            statements: Statement::required(ConsentKind::Specific).to_vec(),
        };
        let signature = Signature {
            typed_name: "Rosalind Quimby".to_owned(),
            account: AccountId(uuid::Uuid::from_u128(5)),
            stepped_up_at: now,
            signed_at: now,
        };
        Consent::sign(ConsentId::from_random(bytes), None, terms, signature).unwrap()
    }

    pub fn next_version(&self, of: &Consent) -> Consent {
        let bytes = store::entropy::random(self.store().entropy());
        Consent::sign(
            ConsentId::from_random(bytes),
            Some((of.id, of.version)),
            of.terms.clone(),
            of.signature.clone(),
        )
        .unwrap()
    }

    pub fn in_a_year(&self) -> Expiry {
        let now = domain::clock::Clock::now(self.temp.clock.as_ref());
        Expiry::At(now + TimeDelta::days(365))
    }

    /// Puts the first item up for review, as an import does when a part of it is unclassified; which it is.
    pub async fn put_up_for_review(&self) -> ItemId {
        let mut import = self.store().begin_import(&Stamp::SYSTEM).await.unwrap();
        let (patient, _) = import.patient("Patient/1").await.unwrap();
        let (id, mut facts, _) = import.existing(patient).await.unwrap().remove(0);
        let desk = import.desk(patient).await.unwrap();
        let parts: Vec<_> = facts
            .parts
            .iter_mut()
            .map(|part| {
                let waits = part.path == "recordedDate";
                if waits {
                    part.labels = part.labels.with(Label::Unclassified);
                }
                LabelledPart {
                    leads_to: Vec::new(),
                    path: part.path.clone(),
                    labels: part.labels,
                    basis: Vec::new(),
                    review: waits.then_some(Review::NoCode),
                    conflict: None,
                }
            })
            .collect();
        let digests = vec![[0; 32]; parts.len()];
        let waiting = review::waiting(&parts, &digests, &[]);
        let basis = vec![Vec::new(); parts.len()];
        import.put_facts(patient, &facts, &basis).await.unwrap();
        import.put_in_queue(&desk, &facts, &waiting).await.unwrap();
        import.commit(ImportCounts::default()).await.unwrap();
        id
    }

    /// Somebody says that the part that waits is right as it stands.
    pub async fn review(&self, because: &str) -> ItemId {
        let item = self.put_up_for_review().await;
        let about = About {
            patient: self.patient,
            epoch: self.chart().await.state.epoch,
            item,
            version: None,
        };
        let (_, stamp) = self.as_clinician();
        self.store()
            .say_of_labels(&stamp, about, |standing| confirm(standing, because))
            .await
            .unwrap();
        item
    }

    pub async fn chart(&self) -> Chart {
        self.store().chart(self.patient).await.unwrap().unwrap()
    }

    /// What the viewer is permitted on a chart, and the sealed items.
    pub async fn permits(&self, viewer: &Viewer, chart: &Chart) -> (Vec<Permit>, Vec<SealedItem>) {
        let now = domain::clock::Clock::now(self.temp.clock.as_ref());
        let purpose = if viewer.role == Role::Patient {
            Purpose::PatientRequest
        } else {
            Purpose::Treatment
        };
        let decider = Decider::new(viewer, Action::View, purpose, now, &chart.state);
        let permits: Vec<Permit> = chart
            .items
            .iter()
            .filter_map(|item| decider.permit(item))
            .collect();
        let ids: Vec<_> = permits.iter().map(Permit::item).collect();
        let sealed = self.store().sealed_items(self.patient, &ids).await.unwrap();
        (permits, sealed)
    }
}

/// Confirms the part that waits.
pub fn confirm(
    standing: &store::reviews::Standing,
    because: &str,
) -> Result<Option<review::Act>, review::Fault> {
    let at = standing
        .parts
        .iter()
        .position(|part| part.labels.has(Label::Unclassified))
        .ok_or(review::Fault::NotWaiting)?;
    let (parts, digests) = (&standing.parts, &standing.digests);
    review::judge(parts, digests, &[at], review::Outcome::Confirmed, because).map(Some)
}

pub fn stamp_of(person: PersonId, role: Role) -> Stamp {
    Stamp {
        actor: ActorRef {
            account: None,
            person: Some(person),
            role: Some(role),
        },
        ..Stamp::SYSTEM
    }
}
