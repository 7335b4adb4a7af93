//! One field of a form: label, hint, error, input.

use crate::{i18n::Text, markup::escaped, t};
use leptos::prelude::*;

/// What is typed into a field; decides keyboard, width and autofill.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum InputKind {
    /// A line.
    #[default]
    Line,
    /// A few letters or digits.
    Short,
    /// Several lines.
    Lines,
    /// An e-mail address.
    Email,
    /// A password. Never shown again.
    Password,
    /// A one-time code of digits. Never shown again.
    Code,
    /// A code from paper, of letters and digits. Never shown again.
    Written,
    /// A day.
    Date,
    /// A telephone number.
    Telephone,
}

impl InputKind {
    const fn html_type(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Password => "password",
            Self::Date => "date",
            Self::Telephone => "tel",
            Self::Line | Self::Short | Self::Lines | Self::Code | Self::Written => "text",
        }
    }

    const fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Code | Self::Written)
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Short | Self::Code | Self::Date | Self::Telephone => "input short",
            _ => "input",
        }
    }
}

/// A field. Its name is its id, so the error summary can lead to it.
#[component]
pub fn Field(
    /// Name and id.
    name: &'static str,
    /// What it asks.
    #[prop(into)]
    label: String,
    /// How to answer.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong: `form.errors.of(name)`.
    #[prop(optional_no_strip)]
    error: Option<Text>,
    /// What was typed. Dropped for secrets.
    #[prop(optional, into)]
    value: String,
    /// What is typed.
    #[prop(optional)]
    kind: InputKind,
    /// HTML autofill token, such as "username" or "current-password" (WCAG 1.3.5).
    #[prop(optional, into)]
    autocomplete: Option<&'static str>,
) -> impl IntoView {
    let described = described_by(name, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let input = if kind == InputKind::Lines {
        // Leptos writes the content of a textarea as it is, and HTML drops one line end after
        // the tag: without these two, typed text could break out, or lose its first empty line.
        let content = format!("\n{}", escaped(&value));
        view! {
            <textarea
                class="input"
                id=name
                name=name
                rows="5"
                aria-describedby=described
                aria-invalid=invalid
            >
                {content}
            </textarea>
        }
        .into_any()
    } else {
        let value = (!kind.is_secret() && !value.is_empty()).then_some(value);
        let numeric = (kind == InputKind::Code).then_some("numeric");
        let off = (kind != InputKind::Line).then_some("false");
        view! {
            <input
                class=kind.class()
                id=name
                name=name
                type=kind.html_type()
                value=value
                inputmode=numeric
                autocomplete=autocomplete
                autocapitalize=off.map(|_| "none")
                spellcheck=off
                aria-describedby=described
                aria-invalid=invalid
            />
        }
        .into_any()
    };
    let wrong = error.is_some();
    view! {
        <div class="field" class:wrong=wrong>
            <label for=name>{label}</label>
            <HintAndError name hint error/>
            {input}
        </div>
    }
}

/// The hint and the error of a field or a group, with the ids that the input refers to.
#[component]
pub(super) fn HintAndError(
    name: &'static str,
    hint: Option<String>,
    error: Option<Text>,
) -> impl IntoView {
    view! {
        {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
        {error
            .map(|error| {
                view! {
                    <p class="error" id=format!("{name}-error")>
                        <span class="for-ear">{t!("error-prefix")} " "</span>
                        {error.to_string()}
                    </p>
                }
            })}
    }
}

/// The ids of hint and error, for `aria-describedby`.
pub(super) fn described_by(name: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{name}-hint {name}-error")),
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (false, false) => None,
    }
}

/// Plain, with hint and error, of several lines, with typed text that looks like HTML.
pub fn sample() -> AnyView {
    view! {
        <Field name="sample-name" label="Your name" value=super::LONG_NAME autocomplete="name"/>
        <Field
            name="sample-email"
            label="E-mail"
            hint="We use it only to tell you that something needs you."
            error=Some(crate::text!("problem-missing-heading"))
            kind=InputKind::Email
            value="\"><script>alert('<!>')</script>"
        />
        <Field name="sample-password" label="Password" kind=InputKind::Password value="never shown"/>
        <Field
            name="sample-code"
            label="Code from your app"
            hint="Six digits"
            kind=InputKind::Code
            autocomplete="one-time-code"
        />
        <Field name="sample-date" label="From" kind=InputKind::Date value="2026-06-03"/>
        <Field name="sample-why" label="Why" kind=InputKind::Lines value="One\nTwo </textarea> & <!>"/>
    }
    .into_any()
}
