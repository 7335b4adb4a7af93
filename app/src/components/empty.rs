//! What stands where a list has nothing.

use leptos::prelude::*;

/// Says that there is nothing, and what to do about it.
#[component]
pub fn Empty(
    /// "No one has looked yet."
    #[prop(into)]
    words: String,
    /// A way on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p>{words}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// With and without a way on.
pub fn sample() -> AnyView {
    view! {
        <Empty words="Nobody has looked at your record yet."/>
        <Empty words="You are not sharing anything now.">
            <p><a href="/help">"Share with someone"</a></p>
        </Empty>
    }
    .into_any()
}
