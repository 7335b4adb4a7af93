//! Whom a viewer counts as toward this patient at an instant: members, treating providers, participants (POLICY §3).

use crate::clock::Instant;
use crate::consent::{Participants, Recipient};
use crate::id::{OrganizationId, RelationshipId};
use crate::party::{Party, RelationshipKind, Role, Viewer};
use crate::state::PolicyState;
use smallvec::SmallVec;

/// Relationships that stand for care.
const CARE: [RelationshipKind; 2] = [RelationshipKind::Treating, RelationshipKind::Coordinating];
/// Relationships that make a member of the class of LAW A2.
const TPO: [RelationshipKind; 4] = [
    RelationshipKind::Treating,
    RelationshipKind::Coordinating,
    RelationshipKind::Payer,
    RelationshipKind::Operations,
];

/// What a viewer counts as, found once.
#[derive(Debug)]
pub(super) struct Reach {
    /// Of whose workforce the viewer is, in the role in which they look now: for what permits.
    pub serves: SmallVec<[OrganizationId; 4]>,
    /// Of whose workforce the viewer is in any role: for what denies.
    belongs: SmallVec<[OrganizationId; 4]>,
    treats: bool,
    in_tpo_class: bool,
    /// The current care relationship, of several the first by id.
    pub care: Option<RelationshipId>,
    /// The Part 2 programs the viewer gives care for, each with the relationship that needs it (POLICY §4.7a).
    pub programs: SmallVec<[(OrganizationId, RelationshipId); 2]>,
}

impl Reach {
    pub fn of(viewer: &Viewer, now: Instant, state: &PolicyState) -> Self {
        let current = viewer
            .memberships
            .iter()
            .filter(|membership| membership.span.holds(now));
        let belongs: SmallVec<[OrganizationId; 4]> = current
            .clone()
            .map(|membership| membership.organization)
            .collect();
        let serves: SmallVec<[OrganizationId; 4]> = current
            .filter(|membership| viewer.role.is_served_by(membership.role))
            .map(|membership| membership.organization)
            .collect();
        let related = |kinds: &[RelationshipKind], is: &dyn Fn(&Party) -> bool| {
            state
                .relationships
                .iter()
                .filter(|one| one.span.holds(now) && kinds.contains(&one.kind) && is(&one.party))
                .map(|one| one.id)
                .min()
        };
        let is_viewer = |party: &Party| match party {
            Party::Person(person) => *person == viewer.person,
            Party::Organization(organization) => serves.contains(organization),
        };
        let mut programs = SmallVec::new();
        if viewer.role.gives_care() {
            for program in serves.iter().filter(|one| state.programs.contains(one)) {
                // The relationship is with the person or with this program: one with another employer needs nothing here.
                let here = |party: &Party| match party {
                    Party::Person(person) => *person == viewer.person,
                    Party::Organization(organization) => organization == program,
                };
                if let Some(relationship) = related(&CARE, &here) {
                    programs.push((*program, relationship));
                }
            }
        }
        let provides = viewer.role.gives_care() || viewer.role == Role::Billing;
        Self {
            treats: provides && related(&[RelationshipKind::Treating], &is_viewer).is_some(),
            in_tpo_class: related(&TPO, &is_viewer).is_some(),
            care: related(&CARE, &is_viewer),
            programs,
            belongs,
            serves,
        }
    }

    /// Whether a recipient named in a consent is this viewer.
    pub fn receives(&self, viewer: &Viewer, to: &Recipient) -> bool {
        // A proxy looks as a person: a workforce or a class has no proxies.
        if viewer.role == Role::Proxy {
            return matches!(to, Recipient::Person(person) if *person == viewer.person);
        }
        match to {
            Recipient::Person(person) => *person == viewer.person,
            Recipient::Organization(organization) => self.serves.contains(organization),
            Recipient::TreatingProviders => self.treats,
            Recipient::TpoClass => self.in_tpo_class,
            Recipient::Intermediary {
                organization,
                participants,
            } => {
                self.serves.contains(organization)
                    || match participants {
                        Participants::Named(list) => list.iter().any(|party| match party {
                            Party::Person(person) => *person == viewer.person,
                            Party::Organization(organization) => self.serves.contains(organization),
                        }),
                        Participants::TreatingProviders => self.treats,
                    }
            }
            Recipient::Named(_) => false,
        }
    }

    /// Whether a restriction on these recipients binds this viewer; no recipient named: it binds everybody.
    pub fn is_bound(&self, viewer: &Viewer, recipients: &[Party]) -> bool {
        recipients.is_empty()
            || recipients.iter().any(|party| match party {
                Party::Person(person) => *person == viewer.person,
                Party::Organization(organization) => self.belongs.contains(organization),
            })
    }
}
