//! What stands for a patient at one epoch: everything of theirs that a decision rests on (POLICY §6).

use crate::clock::Instant;
use crate::consent::StandingConsent;
use crate::id::{
    AuthorityId, EmergencyId, ItemId, OrganizationId, PatientId, PersonId, RestrictionId,
};
use crate::label::LabelSet;
use crate::party::{Party, Relationship, Span};
use serde::{Deserialize, Serialize};

/// A restriction the organization agreed to, or must accept (LAW C4).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Restriction {
    /// Its id.
    pub id: RestrictionId,
    /// Whom it keeps out; empty: everybody but the patient.
    pub recipients: Vec<Party>,
    /// The labels it keeps back: any overlap denies.
    pub labels: LabelSet,
    /// While it lasts.
    pub span: Span,
}

/// By what right somebody acts for the patient (POLICY §4.3, LAW D).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum AuthorityKind {
    /// A parent of a minor; ends by itself on the eighteenth birthday (LAW D6).
    ParentOfMinor {
        /// The instant at which the minor turns eighteen.
        majority: Instant,
    },
    /// A guardian of an adult adjudicated incapable, within the order's scope (LAW D4).
    Guardian {
        /// What the order covers; a parent segment covers its children.
        scope: LabelSet,
    },
    /// An adult's chosen helper: every label must be covered by a proxy-access consent (LAW D5).
    ChosenByAdult,
}

/// A recorded authority.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Authority {
    /// Its id.
    pub id: AuthorityId,
    /// Who acts.
    pub person: PersonId,
    /// By what right.
    pub kind: AuthorityKind,
    /// When staff verified it; `None`: not verified, so it gives nothing.
    pub verified: Option<Instant>,
    /// While it lasts.
    pub span: Span,
}

/// An open emergency grant: one person, one patient, a short time (LAW E1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Emergency {
    /// Its id.
    pub id: EmergencyId,
    /// The medical person it was opened by.
    pub person: PersonId,
    /// While it lasts.
    pub span: Span,
}

/// The state of one patient's policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyState {
    /// The patient.
    pub patient: PatientId,
    /// The person who is the subject of the record.
    pub subject: Option<PersonId>,
    /// The epoch at which all this was read.
    pub epoch: u64,
    /// The instant of the last ledger entry: a clock that stands before it is not to be believed.
    pub last_entry: Option<Instant>,
    /// The signed consents, ended ones too.
    pub consents: Vec<StandingConsent>,
    /// The care relationships, past ones too.
    pub relationships: Vec<Relationship>,
    /// The restrictions.
    pub restrictions: Vec<Restriction>,
    /// The authorities.
    pub authorities: Vec<Authority>,
    /// The emergency grants.
    pub emergencies: Vec<Emergency>,
    /// Items a clinician withheld from the patient with a reason on file (45 CFR 164.524).
    pub withheld: Vec<ItemId>,
    /// Which organizations are Part 2 programs.
    pub programs: Vec<OrganizationId>,
    /// Whether something of the above could not be read: then nobody but the patient is permitted anything (POLICY §4).
    pub unreadable: bool,
}

impl PolicyState {
    /// The state of a patient for whom nothing stands.
    pub const fn empty(patient: PatientId) -> Self {
        Self {
            patient,
            subject: None,
            epoch: 0,
            last_entry: None,
            consents: Vec::new(),
            relationships: Vec::new(),
            restrictions: Vec::new(),
            authorities: Vec::new(),
            emergencies: Vec::new(),
            withheld: Vec::new(),
            programs: Vec::new(),
            unreadable: false,
        }
    }
}
