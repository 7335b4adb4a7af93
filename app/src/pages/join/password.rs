//! `/join/password`: a password by the rules of LAW F6, or none where a passkey is to be the only way in.

use super::{
    password_hint,
    way::{self, Back, Newcomer, StepsOf},
    weakness,
};
use crate::{
    State,
    components::{
        button::{Loudness, PostButton},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    pages::answer::Answer,
    t, text,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    joining::{self, Standing, Step},
    passkeys,
};
use secrecy::{ExposeSecret, SecretString};

/// What a form for a new password keeps of it: nothing.
#[derive(Clone, Default)]
pub struct NewPassword;

/// The two fields of a new password.
#[component]
pub(crate) fn PasswordFields(form: FormState<NewPassword>) -> impl IntoView {
    view! {
        <Field
            name="password"
            label=t!("password-new")
            hint=password_hint()
            kind=InputKind::Password
            error=form.errors.of("password")
            autocomplete="new-password"
        />
        <Field
            name="again"
            label=t!("password-again")
            kind=InputKind::Password
            error=form.errors.of("again")
            autocomplete="new-password"
        />
    }
}

/// The password that was typed twice, or what is wrong with that.
pub(crate) fn typed_twice(fields: &Fields) -> Result<SecretString, FormState<NewPassword>> {
    let password = fields.secret("password");
    let mut errors = Errors::default();
    if password.expose_secret().is_empty() {
        errors.add("password", text!("password-missing"));
    } else if password.expose_secret() != fields.secret("again").expose_secret() {
        errors.add("again", text!("password-differs"));
    } else {
        return Ok(password);
    }
    Err(refused(errors))
}

/// The form again: a password is never shown.
pub(crate) fn refused(errors: Errors) -> FormState<NewPassword> {
    FormState {
        values: NewPassword,
        errors,
    }
}

/// Asks for the password.
#[component]
pub fn Password() -> impl IntoView {
    let form = forms::state::<NewPassword>();
    way::page(
        Step::Password,
        async move |newcomer: Newcomer, standing: Standing| {
            let taken = standing
                .password
                .then(|| view! { <p>{t!("join-password-taken")}</p> });
            let without = passkeys::offered(&newcomer.portal).then(|| {
                view! {
                    <div data-with-script hidden>
                        <h2>{t!("join-password-none-heading")}</h2>
                        <p>{t!("join-password-none")}</p>
                        <PostButton
                            action=Destination::JoinStep(Step::Password).path()
                            fields=vec![("without", "on".to_owned())]
                            loudness=Loudness::Quiet
                        >
                            {t!("join-password-none-do")}
                        </PostButton>
                    </div>
                }
            });
            Ok(view! {
                <PageTitle title=text!("join-password-title")/>
                <StepsOf standing=standing.clone() step=Step::Password/>
                <ErrorSummary errors=form.errors.clone()/>
                <h1>{t!("join-password-heading")}</h1>
                {taken}
                <form method="post" action="/join/password" novalidate>
                    <PasswordFields form/>
                    <button class="button" type="submit">{t!("join-go-on")}</button>
                </form>
                {without}
                <Back standing step=Step::Password/>
            }
            .into_any())
        },
    )
}

/// `POST /join/password`
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

async fn taken(newcomer: &Newcomer, fields: &Fields) -> Result<Answer<NewPassword>, Refusal> {
    let (portal, session) = (&newcomer.portal, newcomer.session());
    if fields.checked("without") {
        joining::without_password(portal, session).await?;
        return Ok(Answer::Go(newcomer.onward().await?));
    }
    let password = match typed_twice(fields) {
        Ok(password) => password,
        Err(form) => return Ok(Answer::Again(form)),
    };
    if let Err(weak) = joining::password(portal, session, password).await? {
        let mut errors = Errors::default();
        errors.add("password", weakness(weak));
        return Ok(Answer::Again(refused(errors)));
    }
    Ok(Answer::Go(newcomer.onward().await?))
}
