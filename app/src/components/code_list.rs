//! Codes to write down or to print.

use leptos::prelude::*;

/// A list of codes, each in letters of one width.
#[component]
pub fn CodeList(
    /// The codes.
    codes: Vec<String>,
) -> impl IntoView {
    let codes = codes
        .into_iter()
        .map(|code| view! { <li><code>{code}</code></li> })
        .collect_view();
    view! { <ol class="code-list">{codes}</ol> }
}

/// Ten.
pub fn sample() -> AnyView {
    let codes = (0..10).map(|number| format!("7K3F-9TQW-0A1B-C2D{number}"));
    view! { <CodeList codes=codes.collect()/> }.into_any()
}
