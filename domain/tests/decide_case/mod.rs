//! One viewer, one item, one patient: the plainest case, to be changed test by test.

use chrono::{NaiveDate, TimeDelta};
use domain::clock::Instant;
use domain::consent::{
    Consent, ConsentKind, ConsentState, Discloser, Expiry, Grantor, Recipient, Scope, Signature,
    StandingConsent, Terms,
};
use domain::decide::{Action, Decider, Decision, Ground};
use domain::id::{
    AccountId, AuthorityId, BatchId, ConsentId, EmergencyId, ItemId, OrganizationId, PatientId,
    PersonId, RelationshipId, RestrictionId,
};
use domain::item::{ItemFacts, ItemKind, PartFacts};
use domain::label::{Label, LabelSet};
use domain::notice::Statement;
use domain::party::{Membership, Party, Relationship, RelationshipKind, Role, Span, Viewer};
use domain::purpose::{Purpose, PurposeSet};
use domain::state::{
    Afterwards, Authority, AuthorityKind, AuthorityState, Emergency, EmergencyRecipient,
    EmergencyState, PolicyState, Restriction, RestrictionState,
};
use uuid::Uuid;

pub const PATIENT: PatientId = PatientId(Uuid::from_u128(1));
pub const SUBJECT: PersonId = PersonId(Uuid::from_u128(2));
pub const VIEWER: PersonId = PersonId(Uuid::from_u128(3));
/// An ordinary hospital.
pub const HOSPITAL: OrganizationId = OrganizationId(Uuid::from_u128(4));
/// A Part 2 program.
pub const PROGRAM: OrganizationId = OrganizationId(Uuid::from_u128(5));
pub const ITEM: ItemId = ItemId(Uuid::from_u128(6));
pub const AUTHORITY: AuthorityId = AuthorityId(Uuid::from_u128(7));
pub const RELATIONSHIP: RelationshipId = RelationshipId(Uuid::from_u128(8));
pub const EMERGENCY: EmergencyId = EmergencyId(Uuid::from_u128(9));

/// The present of every test.
pub fn now() -> Instant {
    NaiveDate::from_ymd_opt(2026, 3, 1)
        .unwrap()
        .and_hms_opt(12, 0, 0)
        .unwrap()
        .and_utc()
}

pub fn hours(n: i64) -> Instant {
    now() + TimeDelta::hours(n)
}

pub fn always() -> Span {
    Span {
        from: hours(-1_000),
        until: None,
    }
}

pub fn set(labels: &[Label]) -> LabelSet {
    labels.iter().copied().collect()
}

pub fn membership(organization: OrganizationId, role: Role) -> Membership {
    Membership {
        organization,
        role,
        span: always(),
    }
}

/// Terms that lack nothing: a consent to the viewer, for treatment, for a day.
pub fn terms(include: &[Label]) -> Terms {
    Terms {
        kind: ConsentKind::Specific,
        patient: PATIENT,
        grantor: Grantor::Patient,
        from: Discloser::AnyProvider,
        to: vec![Recipient::Person(VIEWER)],
        purposes: PurposeSet::of([Purpose::Treatment]),
        patient_started: true,
        what: Scope::labels(set(include)),
        start: hours(-12),
        expiry: Some(Expiry::At(hours(12))),
        statements: Statement::required(ConsentKind::Specific).to_vec(),
    }
}

/// Terms of a kind with the statements it wants.
pub fn terms_of(kind: ConsentKind, include: &[Label], purposes: &[Purpose]) -> Terms {
    let purposes: PurposeSet = purposes.iter().copied().collect();
    Terms {
        kind,
        purposes,
        statements: Statement::required_for(kind, purposes).collect(),
        ..terms(include)
    }
}

pub fn signature() -> Signature {
    Signature {
        typed_name: "A Name".to_owned(),
        account: AccountId(Uuid::from_u128(10)),
        stepped_up_at: hours(-13),
        signed_at: hours(-13),
    }
}

pub fn sign(n: u128, terms: Terms) -> StandingConsent {
    StandingConsent {
        consent: Consent::sign(
            ConsentId(Uuid::from_u128(100 + n)),
            None,
            terms,
            signature(),
        )
        .unwrap(),
        state: ConsentState::Active,
    }
}

pub fn authority(kind: AuthorityKind) -> Authority {
    Authority {
        id: AUTHORITY,
        person: VIEWER,
        kind,
        state: AuthorityState::Verified { at: hours(-500) },
        span: always(),
    }
}

pub fn restriction(labels: &[Label]) -> Restriction {
    Restriction {
        id: RestrictionId(Uuid::from_u128(11)),
        recipients: vec![Party::Person(VIEWER)],
        labels: set(labels),
        items: Vec::new(),
        billing: Vec::new(),
        paid_in_full: false,
        state: RestrictionState::Agreed { at: hours(-5) },
        span: always(),
    }
}

pub fn emergency() -> Emergency {
    Emergency {
        id: EMERGENCY,
        person: VIEWER,
        role: Role::Clinician,
        affiliation: HOSPITAL,
        recipient: EmergencyRecipient {
            name: "A Doctor".to_owned(),
            affiliation: "A Hospital".to_owned(),
        },
        discloser: "Harbor House".to_owned(),
        disclosers: vec![PROGRAM],
        nature: "found unconscious".to_owned(),
        without_consent: "unconscious".to_owned(),
        state: EmergencyState::Open,
        span: Span {
            from: now() - TimeDelta::minutes(30),
            until: Some(now() + TimeDelta::minutes(30)),
        },
        after: Afterwards::default(),
    }
}

/// A question about one part, with everything around it.
#[derive(Clone)]
pub struct Case {
    pub viewer: Viewer,
    pub action: Action,
    pub purpose: Purpose,
    pub now: Instant,
    pub state: PolicyState,
    pub item: ItemFacts,
}

impl Case {
    /// A clinician of the hospital, for treatment, without any relationship; one condition of the hospital.
    pub fn new(labels: &[Label]) -> Self {
        let mut state = PolicyState::empty(PATIENT);
        state.subject = Some(SUBJECT);
        state.programs = vec![PROGRAM];
        Self {
            viewer: Viewer {
                person: VIEWER,
                role: Role::Clinician,
                subject_of: None,
                memberships: vec![membership(HOSPITAL, Role::Clinician)],
            },
            action: Action::View,
            purpose: Purpose::Treatment,
            now: now(),
            state,
            item: ItemFacts {
                id: ITEM,
                resource_type: "Condition".to_owned(),
                kind: ItemKind::Condition,
                sources: vec![HOSPITAL],
                authors: Vec::new(),
                service: NaiveDate::from_ymd_opt(2026, 1, 15).map(|day| (day, day)),
                when: None,
                recorded: hours(-100),
                batch: BatchId(Uuid::from_u128(12)),
                parts: vec![PartFacts {
                    leads_to: Vec::new(),
                    path: "code".to_owned(),
                    labels: set(labels),
                }],
                identifying: vec![0],
            },
        }
    }

    pub fn role(mut self, role: Role) -> Self {
        self.viewer.role = role;
        self.viewer.memberships = vec![membership(HOSPITAL, role)];
        self
    }

    /// The patient, looking at their own record.
    pub fn by_patient(mut self) -> Self {
        self.viewer.role = Role::Patient;
        self.viewer.person = SUBJECT;
        self.viewer.subject_of = Some(PATIENT);
        self.viewer.memberships.clear();
        self.purpose = Purpose::PatientRequest;
        self
    }

    /// The privacy officer of where the item came from, who looks at it because it is up for review.
    pub fn in_review(mut self) -> Self {
        self = self.role(Role::PrivacyOfficer);
        self.action = Action::Review;
        self.purpose = Purpose::Operations;
        self.state.under_review = vec![ITEM];
        self
    }

    /// Somebody who acts for the patient.
    pub fn by_proxy(mut self, kind: AuthorityKind) -> Self {
        self.viewer.role = Role::Proxy;
        self.viewer.memberships.clear();
        self.purpose = Purpose::Family;
        self.state.authorities.push(authority(kind));
        self
    }

    /// A clinician of the program from which the item came, in a current relationship.
    pub fn in_program(mut self) -> Self {
        self.viewer.role = Role::SudClinician;
        self.viewer.memberships = vec![membership(PROGRAM, Role::SudClinician)];
        self.item.sources = vec![PROGRAM];
        self.treating(Party::Organization(PROGRAM))
    }

    pub fn treating(self, party: Party) -> Self {
        self.related(RelationshipKind::Treating, party)
    }

    pub fn related(mut self, kind: RelationshipKind, party: Party) -> Self {
        self.state.relationships.push(Relationship {
            id: RELATIONSHIP,
            party,
            kind,
            span: always(),
        });
        self
    }

    pub fn consent(mut self, terms: Terms) -> Self {
        let n = self.state.consents.len() as u128;
        self.state.consents.push(sign(n, terms));
        self
    }

    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    pub fn at(mut self, now: Instant) -> Self {
        self.now = now;
        self
    }

    pub fn kind(mut self, kind: ItemKind, path: &str) -> Self {
        self.item.kind = kind;
        path.clone_into(&mut self.item.parts[0].path);
        self
    }

    /// Changes anything.
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn decide(&self) -> Decision {
        Decider::new(
            &self.viewer,
            self.action,
            self.purpose,
            self.now,
            &self.state,
        )
        .part(&self.item, &self.item.parts[0])
    }

    pub fn permits(&self) -> bool {
        self.decide().permits()
    }

    pub fn obligations(&self) -> Vec<&'static str> {
        self.decide().obligations.names().collect()
    }

    pub fn grounds(&self) -> Vec<Ground> {
        self.decide().basis.to_vec()
    }
}
