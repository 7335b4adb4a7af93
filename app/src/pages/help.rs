//! `/help`: answers, and the neutral page that "hide everything now" leads to.

use crate::{
    components::{
        banner::{Banner, Tone},
        page_title::PageTitle,
    },
    t, text,
};
use leptos::prelude::*;

/// Help. Names nothing of anybody's record: it is what a bystander may see.
#[component]
pub fn Help() -> impl IntoView {
    let answers = [
        (t!("help-hide-heading"), t!("help-hide")),
        (t!("help-hidden-heading"), t!("help-hidden")),
        (t!("help-see-heading"), t!("help-see")),
        (t!("help-stop-heading"), t!("help-stop")),
        (t!("help-time-heading"), t!("help-time")),
        (t!("help-trouble-heading"), t!("help-trouble")),
    ];
    let answers = answers.map(|(heading, words)| {
        view! {
            <h2>{heading}</h2>
            <p>{words}</p>
        }
    });
    view! {
        <PageTitle title=text!("help-title")/>
        <h1>{t!("help-heading")}</h1>
        <Banner tone=Tone::Warning heading=t!("help-danger-heading")>{t!("help-danger")}</Banner>
        {answers.into_iter().collect_view()}
    }
}
