//! Small drawings from one file, `app/image/icons.svg`.

use crate::assets::ICONS_SVG;
use leptos::prelude::*;

/// The names of all drawings.
pub const NAMES: &[&str] = &[
    "general",
    "identity",
    "substance-use",
    "mental-health",
    "hiv",
    "sexual-reproductive",
    "gender-orientation",
    "violence",
    "genetics",
    "part2",
    "note",
    "private",
    "unclassified",
    "info",
    "success",
    "warning",
    "danger",
    "people",
    "cell-open",
    "cell-partly",
    "cell-closed",
    "cell-emergency",
];

/// A drawing. Always beside its word, so screen readers pass it over.
#[component]
pub fn Icon(
    /// One of [`NAMES`].
    name: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" focusable="false" width="24" height="24">
            <use href=format!("{ICONS_SVG}#{name}")></use>
        </svg>
    }
}

/// Every drawing with its name.
pub fn sample() -> AnyView {
    let icons = NAMES
        .iter()
        .map(|name| view! { <li><Icon name/> " " {*name}</li> });
    view! { <ul class="chips">{icons.collect_view()}</ul> }.into_any()
}
