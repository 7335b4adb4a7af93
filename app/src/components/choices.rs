//! A question with answers to pick from.

use super::field::{HintAndError, described_by};
use crate::i18n::Text;
use leptos::prelude::*;

/// How many may be picked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pick {
    /// One: radio buttons.
    One,
    /// Any number: checkboxes.
    Any,
}

/// One answer.
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// Its words.
    pub label: String,
    /// A sentence more.
    pub hint: Option<String>,
    /// Whether it is picked.
    pub picked: bool,
    /// Whether it stands under the answer before it (a part of a segment).
    pub under: bool,
}

impl Choice {
    /// An answer, picked or not.
    pub fn new(value: impl Into<String>, label: impl Into<String>, picked: bool) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: None,
            picked,
            under: false,
        }
    }

    /// With a sentence more.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Under the answer before it.
    #[must_use]
    pub fn under(mut self) -> Self {
        self.under = true;
        self
    }
}

/// A question and its answers. The first answer has the group's name as its id, so the error
/// summary can lead to it.
#[component]
pub fn Choices(
    /// Name of the group, and id of its first answer.
    name: &'static str,
    /// The question.
    #[prop(into)]
    legend: String,
    /// How many may be picked.
    pick: Pick,
    /// The answers, in order.
    choices: Vec<Choice>,
    /// How to answer.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong: `form.errors.of(name)`.
    #[prop(optional_no_strip)]
    error: Option<Text>,
) -> impl IntoView {
    let described = described_by(name, hint.is_some(), error.is_some());
    let wrong = error.is_some();
    let answers = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let id = if index == 0 {
                name.to_owned()
            } else {
                format!("{name}-{index}")
            };
            view! { <Answer name id pick choice/> }
        })
        .collect_view();
    view! {
        <fieldset class="field" class:wrong=wrong aria-describedby=described>
            <legend>{legend}</legend>
            <HintAndError name hint error/>
            {answers}
        </fieldset>
    }
}

#[component]
fn Answer(name: &'static str, id: String, pick: Pick, choice: Choice) -> impl IntoView {
    let html_type = match pick {
        Pick::One => "radio",
        Pick::Any => "checkbox",
    };
    let hint_id = choice.hint.is_some().then(|| format!("{id}-more"));
    let hint = choice
        .hint
        .map(|hint| view! { <span class="hint" id=format!("{id}-more")>{hint}</span> });
    view! {
        <div class="choice" class:under=choice.under>
            <input
                type=html_type
                id=id.clone()
                name=name
                value=choice.value
                checked=choice.picked
                aria-describedby=hint_id
            />
            <div>
                <label for=id>{choice.label}</label>
                {hint}
            </div>
        </div>
    }
}

/// One of few, any of many with an error and answers under answers.
pub fn sample() -> AnyView {
    let until = vec![
        Choice::new("year", "One year", true).hint("Until June 3, 2027"),
        Choice::new("date", "Until a day I choose", false),
    ];
    let segments = vec![
        Choice::new("general", "Everyday health", true),
        Choice::new("substance-use", "Substance use care", false),
        Choice::new("substance-use.alcohol", "Alcohol", false).under(),
        Choice::new("substance-use.opioids", "Opioids", true).under(),
        Choice::new("long", super::LONG_WORD, false).hint(super::LONG_NAME),
    ];
    view! {
        <Choices name="sample-until" legend="How long?" pick=Pick::One choices=until/>
        <Choices
            name="sample-pick"
            legend="What can they see?"
            pick=Pick::Any
            choices=segments
            hint="Pick all that you want to share."
            error=Some(crate::text!("problem-large-advice"))
        />
    }
    .into_any()
}
