//! Who looks and who may receive: persons, organizations, roles, relationships (POLICY §3, §4).

use crate::clock::Instant;
use crate::id::{OrganizationId, PatientId, PersonId, RelationshipId};
use serde::{Deserialize, Serialize};

/// What a person is to the portal. Nine roles; POLICY §4.4 says which never see content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Role {
    /// The subject of a record.
    Patient,
    /// Somebody who acts for a patient.
    Proxy,
    /// A clinician of a Part 2 program.
    SudClinician,
    /// Any other clinician.
    Clinician,
    /// A care coordinator: sees what a minimum-necessary template names (LAW B3).
    CareCoordinator,
    /// Billing: sees claim-related parts, for payment.
    Billing,
    /// Support: never sees content.
    Support,
    /// The privacy officer.
    PrivacyOfficer,
    /// The administrator: never sees content.
    Administrator,
}

/// Every role.
pub const ROLES: [Role; 9] = [
    Role::Patient,
    Role::Proxy,
    Role::SudClinician,
    Role::Clinician,
    Role::CareCoordinator,
    Role::Billing,
    Role::Support,
    Role::PrivacyOfficer,
    Role::Administrator,
];

impl Role {
    /// Whether medical personnel (LAW E1): the only ones who may open an emergency grant.
    pub const fn is_medical(self) -> bool {
        matches!(self, Self::SudClinician | Self::Clinician)
    }

    /// Whether this role never sees content, whatever stands in a consent (POLICY §4.4).
    pub const fn never_sees_content(self) -> bool {
        matches!(self, Self::Support | Self::Administrator)
    }

    /// Whether this role can need a record for care (POLICY §4.6, §4.7a).
    pub const fn gives_care(self) -> bool {
        matches!(
            self,
            Self::SudClinician | Self::Clinician | Self::CareCoordinator
        )
    }

    /// Whether somebody who looks in this role does so as the workforce of an employer who has them in that role:
    /// clinicians of either kind are one, every other role only serves itself. Who answers for support in one house and
    /// treats in another does not take what is opened to the first into the second.
    pub const fn is_served_by(self, membership: Self) -> bool {
        matches!(
            (self, membership),
            (
                Self::SudClinician | Self::Clinician,
                Self::SudClinician | Self::Clinician
            ) | (Self::CareCoordinator, Self::CareCoordinator)
                | (Self::Billing, Self::Billing)
                | (Self::Support, Self::Support)
                | (Self::PrivacyOfficer, Self::PrivacyOfficer)
                | (Self::Administrator, Self::Administrator)
        )
    }

    /// The stable name used in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Proxy => "proxy",
            Self::SudClinician => "sud-clinician",
            Self::Clinician => "clinician",
            Self::CareCoordinator => "care-coordinator",
            Self::Billing => "billing",
            Self::Support => "support",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that [`Role::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        ROLES.into_iter().find(|role| role.name() == name)
    }
}

/// A span of time: from an instant (inclusive) until another (exclusive), or open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// First instant inside.
    pub from: Instant,
    /// First instant no longer inside; `None`: open.
    #[serde(deserialize_with = "crate::stored::present")]
    pub until: Option<Instant>,
}

impl Span {
    /// Whether it is over by that instant, or never is: what has not begun yet is not over.
    pub fn is_over(&self, at: Instant) -> bool {
        self.until
            .is_some_and(|until| until <= at || until <= self.from)
    }

    /// Whether the instant lies inside.
    pub fn holds(&self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// A person's place in an organization's workforce.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Membership {
    /// The organization.
    pub organization: OrganizationId,
    /// What the person does there.
    pub role: Role,
    /// While it lasts.
    pub span: Span,
}

/// Whether somebody who was given a role still holds it, by their places of work: one that began and is not over, or none
/// that was ever for this role. A role that ends by itself ends here, at the moment of use.
pub fn is_in_force(role: Role, memberships: &[Membership], now: Instant) -> bool {
    let mut places = memberships
        .iter()
        .filter(|one| role.is_served_by(one.role))
        .peekable();
    places.peek().is_none() || places.any(|one| one.span.holds(now))
}

/// A person or an organization.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Party {
    /// A natural person.
    Person(PersonId),
    /// An organization.
    Organization(OrganizationId),
}

/// Who looks: everything about the viewer that a decision may rest on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Viewer {
    /// The person.
    pub person: PersonId,
    /// The role in which the person looks now.
    pub role: Role,
    /// The record of which this person is the subject, if any.
    pub subject_of: Option<PatientId>,
    /// The workforce memberships, past and present.
    pub memberships: Vec<Membership>,
}

/// What a relationship is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum RelationshipKind {
    /// Treats the patient.
    Treating,
    /// Coordinates the patient's care.
    Coordinating,
    /// Pays for the patient's care.
    Payer,
    /// Helps to operate the program (LAW A2).
    Operations,
}

/// A current or past relationship between a party and a patient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Relationship {
    /// Its id, for the basis.
    pub id: RelationshipId,
    /// The other side.
    pub party: Party,
    /// What it is about.
    pub kind: RelationshipKind,
    /// While it lasts.
    pub span: Span,
}
