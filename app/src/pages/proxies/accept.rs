//! `/proxies/accept`: the code of an invitation, for somebody who has an account already.

use crate::{
    State,
    components::{error_summary::ErrorSummary, page_title::PageTitle},
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    pages::{
        answer::{self, Answer},
        join::code::{CodeAndBirth, day},
    },
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::duty::Duty;
use leptos::prelude::*;
use portal::{Refusal, proxies::joining, sign_in::Outcome, written_code::WrittenCode};
use secrecy::ExposeSecret;

/// What is typed and shown again: not the code.
#[derive(Clone, Default)]
pub struct Typed {
    birth: String,
}

/// Asks for both.
#[component]
pub fn Accept() -> impl IntoView {
    let form = forms::state::<Typed>();
    visit::page(async move |visit: Visit| {
        if !visit.actor.may(Duty::OwnRecord) {
            return Err(Refusal::NotAvailable);
        }
        Ok(view! {
            <PageTitle title=text!("proxies-accept-title")/>
            <ErrorSummary errors=form.errors.clone()/>
            <p class="back"><a href=Destination::Proxies.path()>{t!("proxies-back")}</a></p>
            <h1>{t!("proxies-accept-heading")}</h1>
            <p>{t!("proxies-accept-lead")}</p>
            <form method="post" novalidate>
                <CodeAndBirth errors=form.errors.clone() birth=form.values.birth.clone()/>
                <button class="button" type="submit">{t!("proxies-accept-do")}</button>
            </form>
        }
        .into_any())
    })
}

/// `POST /proxies/accept`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        if !visit.actor.may(Duty::OwnRecord) {
            return Err(Refusal::NotAvailable);
        }
        let values = Typed {
            birth: fields.text("birth"),
        };
        let code = fields.secret("code");
        let birth = day(&values.birth);
        let mut errors = Errors::default();
        if code.expose_secret().trim().is_empty() {
            errors.add("code", text!("join-code-missing"));
        } else if WrittenCode::parse(&code).is_none() {
            errors.add("code", text!("join-code-slip"));
        }
        if birth.is_none() && !values.birth.is_empty() {
            errors.add("birth", text!("join-birth-unreadable"));
        }
        if errors.is_empty() {
            let outcome = joining::accept(&visit.portal, &visit.actor, &code, birth).await?;
            if outcome == Outcome::Accepted {
                return Ok(Answer::Go(Destination::Proxies));
            }
            errors.add("code", text!("join-refused"));
        }
        Ok(Answer::Again(FormState { values, errors }))
    })
    .await
}
