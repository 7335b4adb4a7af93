//! `/recover`: the ways back for somebody who lost a factor (LAW F6).

use super::join::way::{self, Newcomer};
use crate::{
    State,
    components::{
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    pages::answer::Answer,
    t, text, visit,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{Refusal, recovery, sign_in::Outcome};
use secrecy::ExposeSecret;

/// What is typed and shown again.
#[derive(Clone, Default)]
struct Typed {
    sign_in: String,
}

/// By a recovery code, or with the help of staff.
#[component]
pub fn Recover() -> impl IntoView {
    let form = forms::state::<Typed>();
    visit::open(async move {
        if visit::visit().is_ok() {
            return Ok(visit::lead(&Destination::Account));
        }
        Ok(view! {
            <PageTitle title=text!("recover-title")/>
            <ErrorSummary errors=form.errors.clone()/>
            <h1>{t!("recover-heading")}</h1>
            <h2>{t!("recover-code-heading")}</h2>
            <p>{t!("recover-code-lead")}</p>
            <form method="post" action="/recover" novalidate>
                <Field
                    name="sign-in"
                    label=t!("sign-in-name")
                    kind=InputKind::Email
                    value=form.values.sign_in.clone()
                    error=form.errors.of("sign-in")
                    autocomplete="username"
                />
                <Field
                    name="password"
                    label=t!("sign-in-password")
                    hint=t!("recover-password-hint")
                    kind=InputKind::Password
                    error=form.errors.of("password")
                    autocomplete="current-password"
                />
                <Field
                    name="code"
                    label=t!("recover-code")
                    hint=t!("recover-code-hint")
                    kind=InputKind::Written
                    error=form.errors.of("code")
                    autocomplete="off"
                />
                <button class="button" type="submit">{t!("join-go-on")}</button>
            </form>
            <h2>{t!("recover-other-heading")}</h2>
            <p>{t!("recover-other")}</p>
            <h2>{t!("recover-staff-heading")}</h2>
            <p>{t!("recover-staff")}</p>
            <ol>
                <li>{t!("recover-staff-ask")}</li>
                <li>{t!("recover-staff-check")}</li>
                <li>{t!("recover-staff-code")}</li>
            </ol>
            <p>
                <a href=Destination::Join.path()>{t!("recover-staff-have")}</a>
            </p>
        }
        .into_any())
    })
}

/// `POST /recover`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    way::answer(
        state,
        request,
        async |newcomer: Newcomer, fields: Fields| taken(&newcomer, &fields).await,
    )
    .await
}

async fn taken(newcomer: &Newcomer, fields: &Fields) -> Result<Answer<Typed>, Refusal> {
    let values = Typed {
        sign_in: fields.text("sign-in"),
    };
    let code = fields.secret("code");
    let mut errors = Errors::default();
    if values.sign_in.is_empty() {
        errors.add("sign-in", text!("sign-in-name-missing"));
    }
    if code.expose_secret().trim().is_empty() {
        errors.add("code", text!("recover-code-missing"));
    }
    if errors.is_empty() {
        let outcome = recovery::begin(
            &newcomer.portal,
            &newcomer.caller,
            &values.sign_in,
            fields.secret("password"),
            &code,
        )
        .await?;
        if outcome == Outcome::Accepted {
            return Ok(Answer::Go(newcomer.onward().await?));
        }
        errors.add("code", text!("recover-refused"));
    }
    Ok(Answer::Again(FormState { values, errors }))
}
