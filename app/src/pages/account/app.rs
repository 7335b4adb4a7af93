//! `/account/app`: sets an authenticator app up, in place of the one there may be (LAW F7).

use super::first::First;
use crate::{
    State,
    components::{error_summary::ErrorSummary, page_title::PageTitle},
    destination::Destination,
    forms::{self, Fields},
    pages::{
        answer::{self, Answer, Code},
        join::app::AppSetup,
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
    sign_in::Outcome,
    step_up::{self, Action},
};

const CHANGE: Action = Action::ChangeFactors(Change::App);

/// The picture and the field for the code, once it is known who is there.
#[component]
pub fn App() -> impl IntoView {
    let form = forms::state::<Code>();
    visit::page(async move |visit: Visit| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let asking = if step_up::stands(portal, session, &CHANGE).await? {
            let setup = factors::start_app(portal, session, actor).await?;
            let errors = form.errors.clone();
            view! {
                <ErrorSummary errors/>
                <AppSetup setup action="/account/app" form/>
            }
            .into_any()
        } else {
            view! { <First action=Destination::App.path()/> }.into_any()
        };
        Ok(view! {
            <PageTitle title=text!("set-up-app-title")/>
            <h1>{t!("set-up-app-heading")}</h1>
            <p>{t!("set-up-app-lead")}</p>
            <p>{t!("account-others-end")}</p>
            {asking}
            <p>
                <a href=Destination::Account.path()>{t!("account-leave")}</a>
            </p>
        }
        .into_any())
    })
}

/// `POST /account/app`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        set_up(&visit, &fields).await
    })
    .await
}

async fn set_up(visit: &Visit, fields: &Fields) -> Result<Answer<Code>, Refusal> {
    let Visit {
        portal,
        session,
        actor,
    } = visit;
    if !step_up::stands(portal, session, &CHANGE).await? {
        step_up::ask(session, &CHANGE).await?;
        return Ok(Answer::Go(Destination::StepUp));
    }
    let code = fields.secret("code");
    match factors::finish_app(portal, session, actor, &code).await {
        Ok(Outcome::Accepted) => {
            session::leave_receipt(session, Receipt::AppSetUp).await?;
            Ok(Answer::Go(Destination::Account))
        }
        Ok(Outcome::Refused) => Ok(Answer::Again(answer::code_refused())),
        // The secret was on the screen for too long: the page shows another.
        Err(Refusal::StepUpFirst) => Ok(Answer::Go(Destination::App)),
        Err(refusal) => Err(refusal),
    }
}
