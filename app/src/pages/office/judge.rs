//! The form in which a privacy officer says what they found: what was chosen, and what is wrong with it.

use crate::{
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
    },
    forms::{Errors, Fields, FormState},
    i18n::label_name,
    t, text,
};
use domain::{
    label::{ALL, Label, LabelSet},
    labeling::review::{Fault, Outcome},
};
use leptos::prelude::*;
use portal::label_review::{Unsaid, WaitingPart};

/// What was chosen.
#[derive(Clone, Default)]
pub(super) struct Typed {
    pub parts: Vec<String>,
    outcome: String,
    labels: Vec<String>,
    pub because: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            parts: fields.all("parts"),
            outcome: fields.text("outcome"),
            labels: fields.all("labels"),
            because: fields.lines("because"),
        }
    }
}

impl Typed {
    /// What was found, as far as it was said.
    pub fn outcome(&self) -> Result<Outcome, Errors> {
        let mut errors = Errors::default();
        if self.parts.is_empty() {
            errors.add("parts", text!("office-judge-no-part"));
        }
        let labels: LabelSet = self
            .labels
            .iter()
            .filter_map(|name| Label::from_name(name))
            .collect();
        let outcome = match self.outcome.as_str() {
            "confirm" => Some(Outcome::Confirmed),
            "raise" => Some(Outcome::Raised(labels)),
            "lower" => Some(Outcome::Lowered(labels)),
            _ => None,
        };
        match &outcome {
            None => errors.add("outcome", text!("office-judge-no-outcome")),
            Some(Outcome::Raised(labels) | Outcome::Lowered(labels)) if labels.is_empty() => {
                errors.add("labels", text!("office-judge-no-label"));
            }
            Some(_) => {}
        }
        if self.because.trim().is_empty() {
            errors.add("because", text!("office-judge-no-reason"));
        }
        match outcome {
            Some(outcome) if errors.is_empty() => Ok(outcome),
            _ => Err(errors),
        }
    }
}

/// Why it was not said, beside the field where it can be put right.
pub(super) fn unsaid(unsaid: Unsaid) -> Errors {
    let mut errors = Errors::default();
    let (field, text) = match unsaid {
        Unsaid::Changed => ("desk", text!("office-judge-changed")),
        Unsaid::Fault(fault) => match fault {
            Fault::NotWaiting => ("desk", text!("office-judge-changed")),
            Fault::NoReason => ("because", text!("office-judge-no-reason")),
            Fault::ReasonTooLong => ("because", text!("office-judge-long-reason")),
            Fault::Labels => ("labels", text!("office-judge-labels")),
            Fault::CameRestricted => ("outcome", text!("office-judge-restricted")),
            Fault::CantLower => ("labels", text!("office-judge-cant-lower")),
            Fault::NoProposal => ("desk", text!("office-judge-answered")),
            Fault::SamePerson => ("desk", text!("office-judge-same-person")),
        },
    };
    errors.add(field, text);
    errors
}

/// What stands above the page when something is to be put right.
#[component]
pub(super) fn Summary(form: FormState<Typed>) -> impl IntoView {
    view! { <ErrorSummary errors=form.errors/> }
}

/// The questions.
#[component]
pub(super) fn Questions<'a>(form: &'a FormState<Typed>, parts: &'a [WaitingPart]) -> impl IntoView {
    let values = &form.values;
    let only = parts.len() == 1;
    let which = if only {
        let path = parts.first().map(|part| part.path.clone());
        view! { <input type="hidden" name="parts" value=path/> }.into_any()
    } else {
        let choices = parts
            .iter()
            .map(|part| {
                let picked = values.parts.contains(&part.path);
                Choice::new(part.path.clone(), super::part::name(&part.path), picked)
            })
            .collect();
        view! {
            <Choices
                name="parts"
                legend=t!("office-judge-parts")
                pick=Pick::Any
                choices
                error=form.errors.of("parts")
            />
        }
        .into_any()
    };
    let mut outcomes = vec![
        Choice::new(
            "confirm",
            t!("office-judge-confirm"),
            values.outcome == "confirm",
        )
        .hint(t!("office-judge-confirm-hint")),
        Choice::new("raise", t!("office-judge-raise"), values.outcome == "raise")
            .hint(t!("office-judge-raise-hint")),
    ];
    if parts.iter().any(|part| !part.lowerable.is_empty()) {
        outcomes.push(
            Choice::new("lower", t!("office-judge-lower"), values.outcome == "lower")
                .hint(t!("office-judge-lower-hint")),
        );
    }
    let labels = ALL
        .into_iter()
        .filter(|label| label.is_segment() && *label != Label::General)
        .map(|label| {
            let picked = values.labels.iter().any(|name| name == label.name());
            let choice = Choice::new(label.name(), label_name(label), picked);
            if label.parent().is_some() {
                choice.under()
            } else {
                choice
            }
        })
        .collect();
    view! {
        {which}
        <Choices
            name="outcome"
            legend=t!("office-judge-outcome")
            pick=Pick::One
            choices=outcomes
            error=form.errors.of("outcome")
        />
        <Choices
            name="labels"
            legend=t!("office-judge-labels-legend")
            pick=Pick::Any
            choices=labels
            hint=t!("office-judge-labels-hint")
            error=form.errors.of("labels")
        />
        <Field
            name="because"
            label=t!("office-judge-because")
            hint=t!("office-judge-because-hint")
            kind=InputKind::Lines
            value=values.because.clone()
            error=form.errors.of("because")
        />
    }
}
