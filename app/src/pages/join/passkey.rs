//! `/join/passkey`: makes the first passkey. Passkeys need script; the page says so where there is none.

use super::way::{self, Newcomer, StepsOf};
use crate::{
    State,
    components::{button::Loudness, field::Field, page_title::PageTitle},
    destination::Destination,
    pages::account::{
        ceremony::{self, Answer},
        passkey_button::{Ceremony, PasskeyButton, WithoutPasskeys},
    },
    t, text, visit,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    joining::{self, Standing, Step},
    passkeys,
    sign_in::Outcome,
};

/// A name for the passkey, and the button that makes it.
#[component]
pub fn Passkey() -> impl IntoView {
    way::page(
        Step::Second,
        async move |newcomer: Newcomer, standing: Standing| {
            if !passkeys::offered(&newcomer.portal) {
                return Ok(visit::lead(&Destination::JoinStep(Step::Second)));
            }
            Ok(view! {
                <PageTitle title=text!("add-passkey-title")/>
                <StepsOf standing step=Step::Second/>
                <h1>{t!("add-passkey-heading")}</h1>
                <p class="lead">{t!("add-passkey-lead")}</p>
                <p>{t!("add-passkey-shared")}</p>
                <Field
                    name="label"
                    label=t!("add-passkey-label")
                    hint=t!("add-passkey-hint")
                    error=None
                    autocomplete="off"
                />
                <PasskeyButton
                    ceremony=Ceremony::Create
                    at="/join/passkey"
                    words=t!("add-passkey-do")
                    refused=t!("add-passkey-refused")
                    loudness=Loudness::Main
                />
                <WithoutPasskeys/>
                <p class="back">
                    <a href=Destination::JoinStep(Step::Second).path()>{t!("join-second-other")}</a>
                </p>
            }
            .into_any())
        },
    )
}

/// `POST /join/passkey/start`
pub async fn start(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    ceremony::answer(request, async move |parts, _| {
        let newcomer = Newcomer::of(&state, &parts)?;
        joining::start_passkey(&newcomer.portal, newcomer.session())
            .await
            .map(Answer::Options)
    })
    .await
}

/// `POST /join/passkey/finish`
pub async fn finish(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    ceremony::answer(request, async move |parts, body| {
        let newcomer = Newcomer::of(&state, &parts)?;
        made(&newcomer, &body).await
    })
    .await
}

async fn made(newcomer: &Newcomer, made: &[u8]) -> Result<Answer, Refusal> {
    let outcome = joining::finish_passkey(&newcomer.portal, newcomer.session(), made).await?;
    Ok(match outcome {
        Outcome::Accepted => Answer::Go(Destination::JoinStep(Step::Codes)),
        Outcome::Refused => Answer::Refused,
    })
}
