//! Legal text, verbatim.

use leptos::prelude::*;

/// A legal text under its heading. Line breaks in the text are kept; every word is the law's, so
/// it doesn't come from the message files.
#[component]
pub fn Notice(
    /// What it is.
    #[prop(into)]
    heading: String,
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| view! { <p>{line.to_owned()}</p> })
        .collect_view();
    let label = heading.clone();
    view! {
        <section class="notice" aria-label=label>
            <p class="notice-heading">{heading}</p>
            {lines}
        </section>
    }
}

/// The same, folded away behind its heading: the exact wording behind the plain words.
#[component]
pub fn FoldedNotice(
    /// What it is.
    #[prop(into)]
    heading: String,
    /// The text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <details class="folded">
            <summary>{heading.clone()}</summary>
            <Notice heading text/>
        </details>
    }
}

/// Open and folded.
pub fn sample() -> AnyView {
    let text = crate::notice::header(&portal::notice::NoticeFacts::default());
    view! {
        <Notice heading="The exact legal wording" text=text.clone()/>
        <FoldedNotice heading="The exact legal wording" text/>
    }
    .into_any()
}
