//! `/account/passkeys/new`: makes a passkey, after the person confirmed that it is them.

use super::{
    ceremony::{self, Answer},
    passkey_button::{Ceremony, PasskeyButton, WithoutPasskeys},
};
use crate::{
    State,
    components::{button::Loudness, field::Field, page_title::PageTitle},
    destination::Destination,
    pages::answer,
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    passkeys::{Change, registration},
    session::{self, Receipt},
    sign_in::Outcome,
    step_up::{self, Action},
};

const ADD: Action = Action::ChangeFactors(Change::Add);

/// A name for the passkey, and the button that makes it.
#[component]
pub fn NewPasskey() -> impl IntoView {
    visit::page(async |visit: Visit| {
        if !step_up::stands(&visit.portal, &visit.session, &ADD).await? {
            // The way here leads over the account's page, which asks for a fresh factor.
            return Ok(visit::lead(&Destination::Account));
        }
        Ok(view! {
            <PageTitle title=text!("add-passkey-title")/>
            <h1>{t!("add-passkey-heading")}</h1>
            <p class="lead">{t!("add-passkey-lead")}</p>
            <ul>
                <li>{t!("add-passkey-shared")}</li>
                <li>{t!("add-passkey-others")}</li>
            </ul>
            <Field
                name="label"
                label=t!("add-passkey-label")
                hint=t!("add-passkey-hint")
                error=None
                autocomplete="off"
            />
            <PasskeyButton
                ceremony=Ceremony::Create
                at="/account/passkeys"
                words=t!("add-passkey-do")
                refused=t!("add-passkey-refused")
                loudness=Loudness::Main
            />
            <WithoutPasskeys/>
            <p>
                <a href=Destination::Account.path()>{t!("add-passkey-leave")}</a>
            </p>
        }
        .into_any())
    })
}

/// `POST /account/passkeys/new`: asks for a fresh factor first.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to::<(), _, _>(state, request, async move |visit: Visit, _| {
        if step_up::stands(&visit.portal, &visit.session, &ADD).await? {
            return Ok(answer::Answer::Go(Destination::NewPasskey));
        }
        step_up::ask(&visit.session, &ADD).await?;
        Ok(answer::Answer::Go(Destination::StepUp))
    })
    .await
}

/// `POST /account/passkeys/start`
pub async fn start(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    ceremony::answer(request, async move |parts, _| {
        let visit = visit::of(&state, &parts).await?;
        registration::start(&visit.portal, &visit.session, &visit.actor)
            .await
            .map(Answer::Options)
    })
    .await
}

/// `POST /account/passkeys/finish`
pub async fn finish(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    ceremony::answer(request, async move |parts, body| {
        let visit = visit::of(&state, &parts).await?;
        added(&visit, &body).await
    })
    .await
}

async fn added(visit: &Visit, made: &[u8]) -> Result<Answer, Refusal> {
    let outcome = registration::finish(&visit.portal, &visit.session, &visit.actor, made).await?;
    if outcome == Outcome::Refused {
        return Ok(Answer::Refused);
    }
    session::leave_receipt(&visit.session, Receipt::PasskeyAdded).await?;
    Ok(Answer::Go(Destination::Account))
}
