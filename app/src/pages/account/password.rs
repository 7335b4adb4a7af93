//! `/account/password`: another password, after the person confirmed that it is them (LAW F6, F7).

use super::first::First;
use crate::{
    State,
    components::{error_summary::ErrorSummary, page_title::PageTitle},
    destination::Destination,
    forms::{self, Errors, Fields},
    pages::{
        answer::{self, Answer},
        join::{
            password::{NewPassword, PasswordFields, refused, typed_twice},
            weakness,
        },
    },
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal, factors,
    passkeys::Change,
    session::{self, Receipt},
    step_up::{self, Action},
};

const CHANGE: Action = Action::ChangeFactors(Change::Password);

/// The two fields, once it is known who is there.
#[component]
pub fn Password() -> impl IntoView {
    let form = forms::state::<NewPassword>();
    visit::page(async move |visit: Visit| {
        let confirmed = step_up::stands(&visit.portal, &visit.session, &CHANGE).await?;
        let asking = if confirmed {
            let errors = form.errors.clone();
            view! {
                <ErrorSummary errors/>
                <form method="post" action="/account/password" novalidate>
                    <PasswordFields form/>
                    <button class="button" type="submit">{t!("change-password-do")}</button>
                </form>
            }
            .into_any()
        } else {
            view! { <First action=Destination::Password.path()/> }.into_any()
        };
        Ok(view! {
            <PageTitle title=text!("change-password-title")/>
            <h1>{t!("change-password-heading")}</h1>
            <p>{t!("account-others-end")}</p>
            {asking}
            <p>
                <a href=Destination::Account.path()>{t!("account-leave")}</a>
            </p>
        }
        .into_any())
    })
}

/// `POST /account/password`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        changed(&visit, &fields).await
    })
    .await
}

async fn changed(visit: &Visit, fields: &Fields) -> Result<Answer<NewPassword>, Refusal> {
    let Visit {
        portal, session, ..
    } = visit;
    if !step_up::stands(portal, session, &CHANGE).await? {
        step_up::ask(session, &CHANGE).await?;
        return Ok(Answer::Go(Destination::StepUp));
    }
    let password = match typed_twice(fields) {
        Ok(password) => password,
        Err(form) => return Ok(Answer::Again(form)),
    };
    if let Err(weak) = factors::change_password(portal, session, &visit.actor, password).await? {
        let mut errors = Errors::default();
        errors.add("password", weakness(weak));
        return Ok(Answer::Again(refused(errors)));
    }
    session::leave_receipt(session, Receipt::PasswordChanged).await?;
    Ok(Answer::Go(Destination::Account))
}
