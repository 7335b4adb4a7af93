//! What is wrong with a form, on top of its page.

use crate::{forms::Errors, t};
use leptos::prelude::*;

/// A list of all errors; each is a link to its field. Nothing when there are none. The script
/// moves the focus here; without it, it is the first thing in `<main>`.
#[component]
pub fn ErrorSummary(
    /// The errors, in the order of the fields.
    errors: Errors,
) -> impl IntoView {
    (!errors.is_empty()).then(|| {
        let links = errors
            .iter()
            .map(|error| {
                view! {
                    <li>
                        <a href=format!("#{}", error.field)>{error.text.to_string()}</a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="error-summary" role="alert" tabindex="-1" data-focus>
                <h2>{t!("errors-heading", count = errors.len())}</h2>
                <ul>{links}</ul>
            </div>
        }
    })
}

/// Two errors, and none.
pub fn sample() -> AnyView {
    let mut errors = Errors::default();
    errors.add("sample-email", crate::text!("problem-missing-heading"));
    errors.add("sample-pick", crate::text!("problem-large-advice"));
    view! {
        <ErrorSummary errors/>
        <ErrorSummary errors=Errors::default()/>
    }
    .into_any()
}
