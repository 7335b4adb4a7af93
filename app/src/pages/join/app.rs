//! `/join/app`: an authenticator app takes its secret and shows its first code.

use super::way::{self, Newcomer, StepsOf};
use crate::{
    State,
    components::{
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        qr_code::QrCode,
    },
    destination::Destination,
    forms::{self, Fields, FormState},
    pages::answer::{self, Answer, Code},
    t, text, visit,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    authenticator::Setup,
    joining::{self, Standing, Step},
    sign_in::Outcome,
};

/// The picture, the secret as text, and the field for the code.
#[component]
pub(crate) fn AppSetup(
    /// What the app needs.
    setup: Setup,
    /// Where the form goes.
    action: &'static str,
    /// The form.
    form: FormState<Code>,
) -> impl IntoView {
    view! {
        <ol>
            <li>{t!("app-install")}</li>
            <li>{t!("app-scan")}</li>
            <li>{t!("app-type")}</li>
        </ol>
        <QrCode side=setup.side path=setup.path/>
        <p>{t!("app-secret")}</p>
        <p>
            <code class="secret">{setup.secret}</code>
        </p>
        <form method="post" action=action novalidate>
            <Field
                name="code"
                label=t!("app-code")
                hint=t!("app-code-hint")
                kind=InputKind::Code
                error=form.errors.of("code")
                autocomplete="one-time-code"
            />
            <button class="button" type="submit">{t!("app-confirm")}</button>
        </form>
    }
}

/// Sets the app up.
#[component]
pub fn App() -> impl IntoView {
    let form = forms::state::<Code>();
    way::page(
        Step::Second,
        async move |newcomer: Newcomer, standing: Standing| {
            let Some(setup) = joining::app_setup(&newcomer.portal, newcomer.session()).await?
            else {
                return Ok(visit::lead(&Destination::JoinStep(Step::Second)));
            };
            Ok(view! {
                <PageTitle title=text!("join-app-title")/>
                <StepsOf standing step=Step::Second/>
                <ErrorSummary errors=form.errors.clone()/>
                <h1>{t!("join-app-heading")}</h1>
                <AppSetup setup action="/join/app" form/>
                <p class="back">
                    <a href=Destination::JoinStep(Step::Second).path()>{t!("join-second-other")}</a>
                </p>
            }
            .into_any())
        },
    )
}

/// `POST /join/app`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    way::answer(
        state,
        request,
        async |newcomer: Newcomer, fields: Fields| {
            let code = fields.secret("code");
            match joining::confirm_app(&newcomer.portal, newcomer.session(), &code).await {
                Ok(Outcome::Accepted) => Ok(Answer::Go(Destination::JoinStep(Step::Codes))),
                Ok(Outcome::Refused) => Ok(Answer::Again(answer::code_refused())),
                // No app waits to be confirmed: sent twice, perhaps.
                Err(Refusal::BadRequest) => Ok(Answer::Go(newcomer.onward().await?)),
                Err(refusal) => Err(refusal),
            }
        },
    )
    .await
}
