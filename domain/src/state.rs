//! What stands for a patient at one epoch: everything of theirs that a decision rests on (POLICY §6).

mod authority;
mod emergency;
mod restriction;
mod restriction_request;

pub use authority::{Authority, AuthorityKind, AuthorityMoved, AuthorityState, Survivor};
pub use emergency::{
    Afterwards, Concern, Emergency, EmergencyFault, EmergencyState, LONGEST_HOURS, REVIEW_WITHIN,
    Recipient as EmergencyRecipient, Review as EmergencyReview, review_day,
};
pub use restriction::{Restriction, RestrictionFault, RestrictionState};
pub use restriction_request::{ANSWER_WITHIN, RestrictionRequest, Said};

use crate::clock::Instant;
use crate::consent::{ConsentKind, Recipient, Standing, StandingConsent};
use crate::id::{ItemId, OrganizationId, PatientId, PersonId};
use crate::party::Relationship;

/// The state of one patient's policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyState {
    /// The patient.
    pub patient: PatientId,
    /// The person who is the subject of the record.
    pub subject: Option<PersonId>,
    /// The instant at which the patient turns or turned eighteen ([`crate::minors::majority`]); `None`: an adult, as
    /// far as anybody knows.
    pub majority: Option<Instant>,
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
    /// Items of which somebody has to look at the labels (POLICY §2, review queue).
    pub under_review: Vec<ItemId>,
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
            majority: None,
            epoch: 0,
            last_entry: None,
            consents: Vec::new(),
            relationships: Vec::new(),
            restrictions: Vec::new(),
            authorities: Vec::new(),
            emergencies: Vec::new(),
            withheld: Vec::new(),
            under_review: Vec::new(),
            programs: Vec::new(),
            unreadable: false,
        }
    }

    /// The authorities by which a person acts for the patient at that instant, sorted by id: verified and in force, for a
    /// deceased patient only of the first in line, of a chosen helper only while a proxy-access consent names them
    /// (LAW D5). A director acts for nobody whose record they could look at (2.15(a)(2)), and is not among them.
    ///
    /// None where something of the state can't be read (POLICY §4: an authority that can't be verified is a deny).
    pub fn acts_for(&self, person: PersonId, at: Instant) -> Vec<&Authority> {
        let mut found: Vec<&Authority> = self
            .authorities
            .iter()
            .filter(|one| !self.unreadable && one.person == person && one.in_force(at))
            .filter(|one| one.kind != AuthorityKind::Director)
            .filter(|one| one.survivor().is_none() || self.first_in_line(one, at))
            .filter(|one| {
                one.kind != AuthorityKind::ChosenByAdult || self.names_as_helper(person, at)
            })
            .collect();
        found.sort_unstable_by_key(|one| one.id);
        found
    }

    fn names_as_helper(&self, person: PersonId, at: Instant) -> bool {
        self.consents.iter().any(|standing| {
            let terms = &standing.consent.terms;
            terms.kind == ConsentKind::Proxy
                && terms.to.contains(&Recipient::Person(person))
                && standing.standing(at) == Standing::Active
        })
    }

    /// Whether the patient is a minor at that instant (LAW D2, D6).
    pub fn is_minor(&self, at: Instant) -> bool {
        self.majority.is_some_and(|majority| at < majority)
    }

    /// Whether nobody stands before this one in the line of 2.15(b)(2) at that instant.
    pub(crate) fn first_in_line(&self, authority: &Authority, at: Instant) -> bool {
        authority.survivor().is_some_and(|own| {
            !self
                .authorities
                .iter()
                .filter(|other| other.in_force(at))
                .filter_map(Authority::survivor)
                .any(|other| other < own)
        })
    }
}
