//! `/account/role`: in which of their roles somebody works now.

use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::Fields,
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
    words::staff,
};
use axum::{extract, response::Response};
use domain::party::Role as Acts;
use leptos::prelude::*;
use portal::{Refusal, staff::acting};

/// The choice.
#[component]
pub fn Role() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let roles = acting::roles(&visit.portal, &visit.actor).await?;
        let now = visit.actor.role();
        let choices = roles
            .into_iter()
            .map(|role| Choice::new(role.name(), staff::role(role), role == now))
            .collect();
        Ok(view! {
            <PageTitle title=text!("account-role-title")/>
            <p class="back">
                <a href=Destination::Account.path()>{t!("account-role-back")}</a>
            </p>
            <h1>{t!("account-role-heading")}</h1>
            <p>{t!("account-role-lead")}</p>
            <form method="post">
                <Choices
                    name="role"
                    legend=t!("account-role-legend")
                    pick=Pick::One
                    choices
                />
                <button class="button" type="submit">{t!("account-role-take")}</button>
            </form>
        }
        .into_any())
    })
}

/// `POST /account/role`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to::<(), _, _>(state, request, async |visit: Visit, fields: Fields| {
        let role = Acts::from_name(&fields.text("role")).ok_or(Refusal::BadRequest)?;
        acting::take(&visit.portal, &visit.session, &visit.actor, role).await?;
        Ok(Answer::Go(Destination::Home))
    })
    .await
}
