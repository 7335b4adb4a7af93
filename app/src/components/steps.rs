//! Where one is in a form of many pages.

use crate::t;
use leptos::prelude::*;

/// The steps of a form, with the present one marked.
#[component]
pub fn Steps(
    /// Their names, in order.
    names: Vec<String>,
    /// The present one, counted from 0.
    present: usize,
) -> impl IntoView {
    let pages = names.len();
    let items = names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let (class, ear) = match index.cmp(&present) {
                std::cmp::Ordering::Less => ("done", Some(t!("steps-done"))),
                std::cmp::Ordering::Equal => ("now", None),
                std::cmp::Ordering::Greater => ("later", None),
            };
            let current = (index == present).then_some("step");
            view! {
                <li class=class aria-current=current>
                    {ear.map(|ear| view! { <span class="for-ear">{ear} " "</span> })}
                    {name}
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="steps" aria-label=t!("steps-label")>
            <p>{t!("steps-position", step = present.saturating_add(1).min(pages), steps = pages)}</p>
            <ol>{items}</ol>
        </nav>
    }
}

/// The steps of a consent, and long names.
pub fn sample() -> AnyView {
    let names = [
        "Who",
        "Why",
        "What",
        "How long",
        "What this opens",
        "Read",
        "Sign",
    ];
    let long = [super::LONG_NAME, super::LONG_WORD];
    view! {
        <Steps names=names.map(str::to_owned).to_vec() present=2/>
        <Steps names=long.map(str::to_owned).to_vec() present=1/>
    }
    .into_any()
}
