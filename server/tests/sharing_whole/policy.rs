//! What stands for a patient, put there directly: for tests of what pages make of it.

use crate::support::TestPortal;
use domain::clock::Clock;
use domain::{
    consent::{
        Consent, ConsentKind, Discloser, Expiry, Grantor, Recipient, Scope, Signature, Terms,
    },
    id::{
        AccountId, ConsentId, EmergencyId, ItemId, PatientId, PersonId, RelationshipId,
        RestrictionId,
    },
    label::LabelSet,
    notice::Statement,
    party::{Party, Relationship, RelationshipKind, Role, Span},
    purpose::{Purpose, PurposeSet},
    state::{
        Afterwards, Emergency, EmergencyRecipient, EmergencyState, Restriction, RestrictionState,
    },
};
use store::Stamp;
use uuid::Uuid;

/// Numbers that look random and are the same in every run.
pub struct Numbers(pub u64);

impl Numbers {
    /// One below the limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let limit = u64::try_from(limit).expect("a number");
        usize::try_from((self.0 >> 33) % limit).expect("a number")
    }

    /// One of several.
    pub fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// An id.
    pub fn id(&mut self) -> Uuid {
        let (high, low) = (self.below(1 << 30), self.below(1 << 30));
        Uuid::from_u64_pair(high as u64 + 1, low as u64 + 1)
    }
}

/// Terms of a consent to treat that ends in half a year.
pub fn terms(
    test: &TestPortal,
    patient: PatientId,
    to: Recipient,
    purposes: &[Purpose],
    what: Scope,
) -> Terms {
    let start = test.clock.now();
    let purposes = PurposeSet::of(purposes.iter().copied());
    Terms {
        kind: ConsentKind::Specific,
        patient,
        grantor: Grantor::Patient,
        from: Discloser::AnyProvider,
        to: vec![to],
        purposes,
        patient_started: true,
        what,
        start,
        expiry: Some(Expiry::At(start + chrono::TimeDelta::days(180))),
        statements: Statement::required_for(ConsentKind::Specific, purposes).collect(),
    }
}

/// Signs terms; the consent is in force.
pub async fn sign(test: &TestPortal, id: Uuid, terms: Terms) -> ConsentId {
    let now = test.clock.now();
    let signature = Signature {
        typed_name: "A Name".to_owned(),
        account: AccountId(Uuid::from_u128(1)),
        stepped_up_at: now,
        signed_at: now,
    };
    let consent = Consent::sign(ConsentId(id), None, terms, signature).expect("nothing is missing");
    let id = consent.id;
    test.portal
        .store()
        .sign_consent(&Stamp::SYSTEM, consent, store::testing::document())
        .await
        .expect("it is kept");
    id
}

/// A restriction that binds.
pub async fn restrict(
    test: &TestPortal,
    patient: PatientId,
    id: Uuid,
    recipients: Vec<Party>,
    labels: LabelSet,
    items: Vec<ItemId>,
) {
    let at = test.clock.now();
    let restriction = Restriction {
        id: RestrictionId(id),
        recipients,
        labels,
        items,
        billing: Vec::new(),
        paid_in_full: false,
        state: RestrictionState::Agreed { at },
        span: Span {
            from: at,
            until: None,
        },
    };
    test.portal
        .store()
        .add_restriction(&Stamp::SYSTEM, patient, restriction)
        .await
        .expect("it is kept");
}

/// Somebody begins to treat the patient.
pub async fn treat(
    test: &TestPortal,
    patient: PatientId,
    id: Uuid,
    party: Party,
) -> RelationshipId {
    let relationship = Relationship {
        id: RelationshipId(id),
        party,
        kind: RelationshipKind::Treating,
        span: Span {
            from: test.clock.now(),
            until: None,
        },
    };
    let id = relationship.id;
    test.portal
        .store()
        .add_relationship(&Stamp::SYSTEM, patient, relationship)
        .await
        .expect("it is kept");
    id
}

/// Somebody has the record open in an emergency, for an hour.
pub async fn emergency(test: &TestPortal, patient: PatientId, person: PersonId, role: Role) {
    let store = test.portal.store();
    let record = store
        .person(person)
        .await
        .expect("an answer")
        .expect("a person");
    let from = test.clock.now();
    let emergency = Emergency {
        id: EmergencyId(Uuid::from_u128(77)),
        person,
        role,
        affiliation: record.memberships[0].organization,
        recipient: EmergencyRecipient {
            name: record.name.clone(),
            affiliation: "A clinic".to_owned(),
        },
        discloser: "A program".to_owned(),
        disclosers: Vec::new(),
        nature: "Unconscious after a fall.".to_owned(),
        without_consent: "The patient is unconscious.".to_owned(),
        state: EmergencyState::Open,
        span: Span {
            from,
            until: Some(from + chrono::TimeDelta::hours(1)),
        },
        after: Afterwards::default(),
    };
    store
        .open_emergency(&Stamp::SYSTEM, patient, emergency)
        .await
        .expect("it is open");
}
