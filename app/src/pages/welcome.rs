//! `/`: what this is, and the way in.

use crate::{components::page_title::PageTitle, t, text};
use leptos::prelude::*;

/// The first page.
#[component]
pub fn Welcome() -> impl IntoView {
    let parts = [
        (t!("welcome-see-heading"), t!("welcome-see")),
        (t!("welcome-share-heading"), t!("welcome-share")),
        (t!("welcome-stop-heading"), t!("welcome-stop")),
        (t!("welcome-check-heading"), t!("welcome-check")),
    ];
    let parts = parts.map(|(heading, words)| {
        view! {
            <h2>{heading}</h2>
            <p>{words}</p>
        }
    });
    view! {
        <PageTitle title=text!("welcome-title")/>
        <h1>{t!("welcome-heading")}</h1>
        <p class="lead">{t!("welcome-lead")}</p>
        <p>
            <a class="button" href="/sign-in">{t!("welcome-sign-in")}</a>
        </p>
        <p>
            <a href="/join">{t!("welcome-join")}</a>
        </p>
        {parts.into_iter().collect_view()}
        <p>
            <a href="/privacy-notice">{t!("welcome-notice")}</a>
        </p>
    }
}
