//! `/account/passkeys/{id}/remove`: one page, one button, after the person confirmed that it is them.

use super::called;
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        page_title::PageTitle,
    },
    destination::Destination,
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    passkeys::{self, Change, Listed, registration},
    session::{self, Receipt},
    step_up::{self, Action},
};
use uuid::Uuid;

const fn action(passkey: Uuid) -> Action {
    Action::ChangeFactors(Change::Remove(passkey))
}

/// The page with the one button, or why there is none.
#[component]
pub fn RemovePasskey() -> impl IntoView {
    let id = id_in(2);
    visit::page(async move |visit: Visit| {
        let id = id.ok_or(Refusal::NotAvailable)?;
        let passkey = passkeys::factors(&visit.portal, &visit.actor)
            .await?
            .passkeys
            .into_iter()
            .find(|passkey| passkey.id == id)
            .ok_or(Refusal::NotAvailable)?;
        let confirmed = step_up::stands(&visit.portal, &visit.session, &action(id)).await?;
        Ok(view! { <Shown passkey confirmed/> }.into_any())
    })
}

#[component]
fn Shown(passkey: Listed, confirmed: bool) -> impl IntoView {
    let removing = if passkey.can_remove {
        view! { <Removing confirmed/> }.into_any()
    } else {
        view! { <p>{t!("remove-passkey-last")}</p> }.into_any()
    };
    view! {
        <PageTitle title=text!("remove-passkey-title")/>
        <h1>{t!("remove-passkey-heading")}</h1>
        <p class="lead">
            <strong>{called(&passkey.label)}</strong>
        </p>
        {removing}
        <p>
            <a href=Destination::Account.path()>{t!("remove-passkey-leave")}</a>
        </p>
    }
}

#[component]
fn Removing(confirmed: bool) -> impl IntoView {
    let first = if confirmed {
        view! {
            <Banner tone=Tone::Success heading=t!("remove-passkey-confirmed-heading")>
                {t!("remove-passkey-confirmed")}
            </Banner>
        }
        .into_any()
    } else {
        view! { <p>{t!("remove-passkey-first")}</p> }.into_any()
    };
    view! {
        <ul>
            <li>{t!("remove-passkey-lead")}</li>
            <li>{t!("remove-passkey-device")}</li>
            <li>{t!("remove-passkey-others")}</li>
        </ul>
        {first}
        <form method="post">
            <button class="button danger" type="submit">{t!("remove-passkey-do")}</button>
        </form>
    }
}

/// `POST /account/passkeys/{id}/remove`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to::<(), _, _>(state, request, async move |visit: Visit, _| {
        let id = id.ok_or(Refusal::NotAvailable)?;
        let removed = registration::remove(&visit.portal, &visit.session, &visit.actor, id).await;
        match removed {
            Ok(registration::Removal::Done) => {
                session::leave_receipt(&visit.session, Receipt::PasskeyRemoved).await?;
                Ok(Answer::Go(Destination::Account))
            }
            // The page says why.
            Ok(registration::Removal::Last) => Ok(Answer::Go(Destination::RemovePasskey(id))),
            Err(Refusal::StepUpFirst) => {
                step_up::ask(&visit.session, &action(id)).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
