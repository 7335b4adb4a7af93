//! `/join/email`: the e-mail to sign in with.

use super::way::{self, Back, Newcomer, StepsOf};
use crate::{
    State,
    components::{
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    forms::{Errors, Fields, FormState},
    pages::answer::Answer,
    t, text,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::joining::{self, BadEmail, Standing, Step};

/// What is typed and shown again.
#[derive(Clone, Default)]
struct Typed {
    email: String,
}

/// Asks for the e-mail. Nothing here or later tells whether somebody uses it already.
#[component]
pub fn Email() -> impl IntoView {
    let again = use_context::<FormState<Typed>>();
    way::page(Step::Email, async move |_, standing: Standing| {
        let form = again.unwrap_or_else(|| FormState {
            values: Typed {
                email: standing.sign_in.clone().unwrap_or_default(),
            },
            errors: Errors::default(),
        });
        Ok(view! {
            <PageTitle title=text!("join-email-title")/>
            <StepsOf standing=standing.clone() step=Step::Email/>
            <ErrorSummary errors=form.errors.clone()/>
            <h1>{t!("join-email-heading")}</h1>
            <p>{t!("join-email-lead")}</p>
            <form method="post" action="/join/email" novalidate>
                <Field
                    name="email"
                    label=t!("join-email")
                    kind=InputKind::Email
                    value=form.values.email.clone()
                    error=form.errors.of("email")
                    autocomplete="username"
                />
                <button class="button" type="submit">{t!("join-go-on")}</button>
            </form>
            <h2>{t!("join-email-shared-heading")}</h2>
            <p>{t!("join-email-shared")}</p>
            <Back standing step=Step::Email/>
        }
        .into_any())
    })
}

/// `POST /join/email`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    way::answer(
        state,
        request,
        async |newcomer: Newcomer, fields: Fields| {
            let values = Typed {
                email: fields.text("email"),
            };
            let taken = joining::email(&newcomer.portal, newcomer.session(), &values.email).await?;
            let error = match taken {
                Ok(()) => return Ok(Answer::Go(newcomer.onward().await?)),
                Err(BadEmail::Missing) => text!("join-email-missing"),
                Err(BadEmail::Unreadable) => text!("join-email-unreadable"),
            };
            let mut errors = Errors::default();
            errors.add("email", error);
            Ok(Answer::Again(FormState { values, errors }))
        },
    )
    .await
}
