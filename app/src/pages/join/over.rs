//! `/join/over`: it took too long, or the code opens nothing any more. Nothing was made.

use crate::{
    components::{button::LinkButton, page_title::PageTitle},
    destination::Destination,
    t, text,
};
use leptos::prelude::*;

/// Says so, and where to begin again.
#[component]
pub fn Over() -> impl IntoView {
    view! {
        <PageTitle title=text!("join-over-title")/>
        <h1>{t!("join-over-heading")}</h1>
        <p class="lead">{t!("join-over-lead")}</p>
        <p>{t!("join-over-code")}</p>
        <p>
            <LinkButton href=Destination::Join.path()>{t!("join-over-again")}</LinkButton>
        </p>
        <p>{t!("join-over-recover")}</p>
        <p>
            <a href=Destination::Recover.path()>{t!("sign-in-recover")}</a>
        </p>
    }
}
