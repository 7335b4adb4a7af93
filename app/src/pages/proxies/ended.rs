//! `/proxies/ended`: somebody acted for another, and may not any more. Said once; from then on they are in their own
//! place.

use crate::{
    components::{button::LinkButton, page_title::PageTitle},
    destination::Destination,
    t, text, visit,
};
use axum::http::request::Parts;
use leptos::prelude::*;
use portal::{Refusal, proxies::acting};

/// That it ended.
#[component]
pub fn Ended() -> impl IntoView {
    let session = use_context::<Parts>().and_then(|parts| visit::session(&parts));
    visit::open(async move {
        match visit::visit() {
            Err(Refusal::ActingEnded) => {}
            // Nothing ended: there is nothing to say.
            Ok(_) => return Ok(visit::lead(&Destination::Proxies)),
            Err(refusal) => return Err(refusal),
        }
        if let Some(session) = session {
            acting::fall_back(&session).await?;
        }
        Ok(view! {
            <PageTitle title=text!("proxies-ended-title")/>
            <h1>{t!("proxies-ended-heading")}</h1>
            <p class="lead">{t!("proxies-ended")}</p>
            <p>
                <LinkButton href=Destination::Home.path()>{t!("proxies-ended-on")}</LinkButton>
            </p>
        }
        .into_any())
    })
}
