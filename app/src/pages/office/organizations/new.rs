//! `/office/organizations/new`: an organization that no file told of.

use super::{FactsFields, Typed, cant};
use crate::{
    State,
    components::{error_summary::ErrorSummary, page_title::PageTitle},
    destination::Destination,
    forms::{self, Fields, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::organizations;

/// Asks what it is.
#[component]
pub fn New() -> impl IntoView {
    let form = forms::state::<Typed>();
    visit::page(async move |visit: Visit| {
        organizations::may_add(&visit.actor)?;
        Ok(view! {
            <PageTitle title=text!("organization-new-title")/>
            <ErrorSummary errors=form.errors.clone()/>
            <p class="back">
                <a href=Destination::Organizations.path()>{t!("organizations-back")}</a>
            </p>
            <h1>{t!("organization-new-heading")}</h1>
            <p>{t!("organization-new-lead")}</p>
            <form method="post" novalidate>
                <FactsFields form=form.clone() file_kind=None/>
                <button class="button" type="submit">{t!("organization-new-do")}</button>
            </form>
        }
        .into_any())
    })
}

/// `POST /office/organizations/new`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        // Nobody but an administrator learns what is wrong with a form.
        organizations::may_add(&visit.actor)?;
        let values = Typed::from(&fields);
        let facts = match values.facts() {
            Ok(facts) => facts,
            Err(errors) => return Ok(Answer::Again(FormState { values, errors })),
        };
        let added = organizations::add(&visit.portal, &visit.actor, &facts).await?;
        Ok(match added {
            Ok(id) => Answer::Go(Destination::Organization(id.0)),
            Err(why) => Answer::Again(FormState {
                values,
                errors: cant(why),
            }),
        })
    })
    .await
}
