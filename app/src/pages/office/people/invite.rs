//! `/office/people/invite`: somebody new.

use super::{Confirmed, PlaceFields, Typed};
use crate::{
    State,
    components::{
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{self, Fields, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
    words::staff,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::staff::Change;

/// Asks who, where and in which role.
#[component]
pub fn Invite() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let organizations = super::organizations(&visit).await?;
        let confirmed = match super::confirmed(&visit).await? {
            Some(Change::Invite {
                name,
                organization,
                role,
                term,
            }) => Some(Typed {
                name,
                ..Typed::of(organization, role, term)
            }),
            _ => None,
        };
        let first = form.is_none() && confirmed.is_some();
        let form = form.unwrap_or_else(|| FormState {
            values: confirmed.unwrap_or_default(),
            errors: forms::Errors::default(),
        });
        Ok(view! {
            <PageTitle title=text!("people-invite-title")/>
            <ErrorSummary errors=form.errors.clone()/>
            <p class="back"><a href=Destination::People.path()>{t!("people-back")}</a></p>
            <h1>{t!("people-invite-heading")}</h1>
            {first.then(|| view! { <Confirmed/> })}
            <p>{t!("people-invite-lead")}</p>
            <p id="invite" tabindex="-1">{t!("people-second")}</p>
            <form method="post" novalidate>
                <Field
                    name="name"
                    label=t!("people-name")
                    kind=InputKind::Line
                    value=form.values.name.clone()
                    error=form.errors.of("name")
                />
                <PlaceFields form=form.clone() organizations/>
                <div class="actions">
                    <button class="button" type="submit">{t!("people-invite-do")}</button>
                </div>
            </form>
        }
        .into_any())
    })
}

/// `POST /office/people/invite`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        // Nobody but an administrator learns what is wrong with a form.
        super::organizations(&visit).await?;
        let values = Typed::from(&fields);
        let (role, organization, term) = match values.place() {
            Ok(place) => place,
            Err(errors) => return Ok(Answer::Again(FormState { values, errors })),
        };
        let change = Change::Invite {
            name: values.name.clone(),
            organization,
            role,
            term,
        };
        Ok(match super::carry_out(&visit, &change).await? {
            Ok(destination) => Answer::Go(destination),
            Err(cant) => Answer::Again(FormState {
                values,
                errors: staff::cant(cant, "invite"),
            }),
        })
    })
    .await
}
