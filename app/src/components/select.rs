//! A choice of one among many that would be too many for radio buttons.

use super::{
    choices::Choice,
    field::{HintAndError, described_by},
};
use crate::i18n::Text;
use leptos::prelude::*;

/// A list to pick one of. Answers that stand under another are set in.
#[component]
pub fn Select(
    /// Name and id.
    name: &'static str,
    /// What it asks.
    #[prop(into)]
    label: String,
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
    let invalid = wrong.then_some("true");
    let options = choices
        .into_iter()
        .map(|choice| {
            // Option text can't be indented by style everywhere; a dash can be seen and heard.
            let label = if choice.under {
                format!("– {}", choice.label)
            } else {
                choice.label
            };
            view! { <option value=choice.value selected=choice.picked>{label}</option> }
        })
        .collect_view();
    view! {
        <div class="field" class:wrong=wrong>
            <label for=name>{label}</label>
            <HintAndError name hint error/>
            <select class="input" id=name name=name aria-describedby=described aria-invalid=invalid>
                {options}
            </select>
        </div>
    }
}

/// With a part under its whole, and a long word with an error.
pub fn sample() -> AnyView {
    let choices = || {
        vec![
            Choice::new("", "All", false),
            Choice::new("substance-use", "Substance use care", false),
            Choice::new("substance-use.alcohol", "Alcohol", true).under(),
            Choice::new("long", super::LONG_WORD, false),
        ]
    };
    view! {
        <Select name="sample-select" label="About" choices=choices()/>
        <Select
            name="sample-select-wrong"
            label=super::LONG_NAME
            choices=choices()
            hint="Pick one."
            error=Some(crate::text!("problem-large-advice"))
        />
    }
    .into_any()
}
