//! The question as `domain` decides it.

use crate::case::{self, Case, HOSPITAL, hours};
use crate::scenario::{self, Question, Viewer};
use domain::clock::Instant;
use domain::consent::{Expiry, Recipient};
use domain::decide::{Action, Decider};
use domain::id::{ItemId, OrganizationId, PersonId, RestrictionId};
use domain::item::{ItemFacts, PartFacts};
use domain::label::Label;
use domain::party::{Party, Role};
use domain::purpose::Purpose;
use domain::state::PolicyState;
use uuid::Uuid;

const ELSEWHERE: OrganizationId = OrganizationId(Uuid::from_u128(77));

pub struct Ours {
    viewer: domain::party::Viewer,
    purpose: Purpose,
    now: Instant,
    state: PolicyState,
    items: Vec<ItemFacts>,
}

fn person(viewer: Viewer) -> PersonId {
    PersonId(Uuid::from_u128(900 + viewer as u128))
}

impl Ours {
    pub fn of(question: &Question) -> Self {
        let mut terms = case::terms(&[Label::General]);
        terms.to = vec![
            Recipient::Organization(HOSPITAL),
            Recipient::Person(person(Viewer::Named)),
        ];
        terms.what.include = scenario::included();
        terms.what.exclude = scenario::excluded();
        terms.start = scenario::start();
        terms.expiry = Some(Expiry::At(scenario::end()));
        let mut restriction = case::restriction(&[]);
        restriction.id = RestrictionId(Uuid::from_u128(78));
        restriction.recipients = vec![Party::Person(person(Viewer::Restricted))];
        restriction.labels = scenario::kept_back();
        restriction.span.from = hours(-100_000);
        restriction.state = domain::state::RestrictionState::Agreed {
            at: hours(-100_000),
        };
        let mut case = Case::new(&[]);
        case.state.restrictions.push(restriction);
        let mut standing = case::sign(1, terms.clone());
        // Signed before it starts, whenever that is.
        let mut signature = case::signature();
        signature.stepped_up_at = scenario::start() - chrono::TimeDelta::days(1);
        signature.signed_at = signature.stepped_up_at;
        standing.consent =
            domain::consent::Consent::sign(standing.consent.id, None, terms, signature)
                .expect("a whole consent");
        case.state.consents.push(standing);
        let mut viewer = case.viewer.clone();
        viewer.person = person(question.viewer);
        let organization = if question.viewer.works_at_the_hospital() {
            HOSPITAL
        } else {
            ELSEWHERE
        };
        viewer.role = Role::Clinician;
        viewer.memberships = vec![case::membership(organization, Role::Clinician)];
        viewer.memberships[0].span.from = hours(-100_000);
        let items = question.parts.iter().zip(0_u128..).map(|(labels, n)| {
            let mut item = case.item.clone();
            item.id = ItemId(Uuid::from_u128(10_000 + n));
            item.parts = vec![PartFacts {
                leads_to: Vec::new(),
                path: "code".to_owned(),
                labels: *labels,
            }];
            item
        });
        Self {
            items: items.collect(),
            viewer,
            purpose: question.purpose,
            now: question.now,
            state: case.state,
        }
    }

    fn decider(&self) -> Decider<'_> {
        Decider::new(
            &self.viewer,
            Action::View,
            self.purpose,
            self.now,
            &self.state,
        )
    }

    /// Decides every part: the number of permits. Finding out who the viewer is to the consents is part of it.
    pub fn permits(&self) -> usize {
        let decider = self.decider();
        let permitted = |item: &&ItemFacts| decider.part(item, &item.parts[0]).permits();
        self.items.iter().filter(permitted).count()
    }

    pub fn answers(&self) -> Vec<bool> {
        let decider = self.decider();
        self.items
            .iter()
            .map(|item| decider.part(item, &item.parts[0]).permits())
            .collect()
    }
}
