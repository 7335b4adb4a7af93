//! `/account/app/remove`: takes the authenticator app away, where a passkey is left (LAW F5, F7).

use super::first::First;
use crate::{
    State,
    components::page_title::PageTitle,
    destination::Destination,
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    factors::{self, Removal},
    passkeys::{self, Change},
    session::{self, Receipt},
    step_up::{self, Action},
};

const CHANGE: Action = Action::ChangeFactors(Change::RemoveApp);

/// The page with the one button, or why there is none.
#[component]
pub fn RemoveApp() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let factors = passkeys::factors(&visit.portal, &visit.actor).await?;
        if !factors.authenticator {
            return Ok(visit::lead(&Destination::Account));
        }
        let confirmed = step_up::stands(&visit.portal, &visit.session, &CHANGE).await?;
        let removing = match (factors.can_remove_app, confirmed) {
            (false, _) => view! { <p>{t!("remove-app-last")}</p> }.into_any(),
            (true, false) => view! { <First action=Destination::RemoveApp.path()/> }.into_any(),
            (true, true) => view! {
                <form method="post" action="/account/app/remove">
                    <button class="button danger" type="submit">{t!("remove-app-do")}</button>
                </form>
            }
            .into_any(),
        };
        Ok(view! {
            <PageTitle title=text!("remove-app-title")/>
            <h1>{t!("remove-app-heading")}</h1>
            <p>{t!("remove-app-lead")}</p>
            <p>{t!("account-others-end")}</p>
            {removing}
            <p>
                <a href=Destination::Account.path()>{t!("account-leave")}</a>
            </p>
        }
        .into_any())
    })
}

/// `POST /account/app/remove`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to::<(), _, _>(state, request, async |visit: Visit, _| {
        match factors::remove_app(&visit.portal, &visit.session, &visit.actor).await {
            Ok(Removal::Done) => {
                session::leave_receipt(&visit.session, Receipt::AppRemoved).await?;
                Ok(Answer::Go(Destination::Account))
            }
            // The page says why.
            Ok(Removal::Last) => Ok(Answer::Go(Destination::RemoveApp)),
            Err(Refusal::StepUpFirst) => {
                step_up::ask(&visit.session, &CHANGE).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
