//! Signing out, and `/signed-out`, which says so.

use crate::{
    components::{button::LinkButton, page_title::PageTitle},
    destination::Destination,
    t, text, visit,
};
use axum::http::request::Parts;
use leptos::{prelude::*, server_fn::ServerFnError};
use portal::{Refusal, sign_in};

/// Ends the session on the server. Signing out twice is no fault.
#[server(prefix = "/api", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), ServerFnError> {
    visit::answer(async {
        let state = use_context::<crate::State>();
        let session = use_context::<Parts>().and_then(|parts| visit::session(&parts));
        if let (Some(state), Some(session)) = (state, session) {
            let visit = match visit::visit() {
                Ok(visit) => Some(visit),
                Err(Refusal::SignInFirst) => None,
                Err(refusal) => return Err(refusal),
            };
            let actor = visit.as_ref().map(|visit| visit.actor.as_ref());
            sign_in::sign_out(state.portal(), &session, actor).await?;
        }
        Ok(Destination::SignedOut)
    })
    .await
}

/// Says that the session is over.
#[component]
pub fn SignedOut() -> impl IntoView {
    view! {
        <PageTitle title=text!("signed-out-title")/>
        <h1>{t!("signed-out-heading")}</h1>
        <p class="lead">{t!("signed-out-lead")}</p>
        <p>{t!("signed-out-advice")}</p>
        <p>
            <LinkButton href="/sign-in">{t!("signed-out-again")}</LinkButton>
        </p>
    }
}
