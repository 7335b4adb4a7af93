//! The question as Cedar decides it: the consent is a policy, the restriction another; both are parsed once, entities and
//! requests are made beforehand.

use crate::scenario::{self, Question};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use domain::purpose::Purpose;
use std::collections::{HashMap, HashSet};

pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
}

pub fn purpose_name(purpose: Purpose) -> &'static str {
    if purpose == Purpose::Treatment {
        "treatment"
    } else {
        "another"
    }
}

fn uid(text: &str) -> EntityUid {
    text.parse().expect("an entity")
}

fn quoted(names: &[&str]) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("[{}]", all.join(", "))
}

fn policies() -> PolicySet {
    let covered = quoted(&scenario::covered());
    let kept_back = quoted(&scenario::names(scenario::kept_back()));
    let (start, end) = (scenario::start().timestamp(), scenario::end().timestamp());
    let text = format!(
        r#"
        permit (principal, action == Action::"view", resource in Patient::"p")
        when {{
            (principal in Organization::"hospital" || principal == Person::"named")
            && context.purpose == "treatment"
            && context.now >= {start} && context.now < {end}
            && {covered}.containsAll(resource.labels)
        }};
        forbid (principal == Person::"restricted", action, resource in Patient::"p")
        when {{ resource.labels.containsAny({kept_back}) }};
        "#
    );
    text.parse().expect("policies")
}

impl Cedar {
    pub fn of(question: &Question) -> Self {
        let person = uid(&format!("Person::{:?}", question.viewer.name()));
        let patient = uid("Patient::\"p\"");
        let hospital = uid("Organization::\"hospital\"");
        let parents = if question.viewer.works_at_the_hospital() {
            HashSet::from([hospital.clone()])
        } else {
            HashSet::new()
        };
        let mut entities = vec![
            Entity::new_no_attrs(person.clone(), parents),
            Entity::new_no_attrs(hospital, HashSet::new()),
            Entity::new_no_attrs(patient.clone(), HashSet::new()),
        ];
        let mut requests = Vec::new();
        for (n, labels) in question.parts.iter().enumerate() {
            let part = uid(&format!("Part::\"{n}\""));
            let names = scenario::names(labels.required());
            let labels = RestrictedExpression::new_set(
                names
                    .iter()
                    .map(|name| RestrictedExpression::new_string((*name).to_owned())),
            );
            let attributes = HashMap::from([("labels".to_owned(), labels)]);
            entities.push(
                Entity::new(part.clone(), attributes, HashSet::from([patient.clone()]))
                    .expect("an entity"),
            );
            let context = Context::from_pairs([
                (
                    "purpose".to_owned(),
                    RestrictedExpression::new_string(purpose_name(question.purpose).to_owned()),
                ),
                (
                    "now".to_owned(),
                    RestrictedExpression::new_long(question.now.timestamp()),
                ),
            ])
            .expect("a context");
            let request =
                Request::new(person.clone(), uid("Action::\"view\""), part, context, None);
            requests.push(request.expect("a request"));
        }
        Self {
            authorizer: Authorizer::new(),
            policies: policies(),
            entities: Entities::from_entities(entities, None).expect("entities"),
            requests,
        }
    }

    fn one(&self, request: &Request) -> bool {
        let response = self
            .authorizer
            .is_authorized(request, &self.policies, &self.entities);
        response.decision() == Decision::Allow
    }

    /// Decides every part: the number of permits.
    pub fn permits(&self) -> usize {
        self.requests
            .iter()
            .filter(|request| self.one(request))
            .count()
    }

    pub fn answers(&self) -> Vec<bool> {
        let mut answers = Vec::new();
        for request in &self.requests {
            let response = self
                .authorizer
                .is_authorized(request, &self.policies, &self.entities);
            assert_eq!(
                response.diagnostics().errors().count(),
                0,
                "the policy is evaluated without errors"
            );
            answers.push(response.decision() == Decision::Allow);
        }
        answers
    }
}
