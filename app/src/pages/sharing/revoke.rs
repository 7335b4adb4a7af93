//! `/sharing/{id}/revoke`: one page, one button; works before the next look (LAW A12).

use super::{consent::revocable, words::recipients};
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
use domain::id::ConsentId;
use leptos::prelude::*;
use portal::{
    Refusal,
    sharing::standing,
    step_up::{self, Action},
};

/// The page with the one button.
#[component]
pub fn Revoke() -> impl IntoView {
    let id = id_in(1);
    visit::page(async move |visit| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        let summary = standing::terms(&visit.portal, &visit.actor, id).await?;
        if !standing::may_revoke(&visit.actor, &summary.standing.consent) {
            return Err(Refusal::NotAvailable);
        }
        if !revocable(summary.now) {
            // It has ended already: its page says how.
            return Ok(visit::lead(&Destination::Consent(id.0)));
        }
        let confirmed = step_up::stands(&visit.portal, &visit.session, &Action::Revoke(id)).await?;
        let to = recipients(&summary.to);
        Ok(view! {
            <PageTitle title=text!("revoke-title")/>
            <p class="back">
                <a href=Destination::Consent(id.0).path()>{t!("sharing-back")}</a>
            </p>
            <h1>{t!("revoke-heading", to = to)}</h1>
            {confirmed
                .then(|| {
                    view! {
                        <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                            {t!("revoke-confirmed")}
                        </Banner>
                    }
                })}
            <p class="lead">{t!("revoke-lead")}</p>
            <ul>
                <li>{t!("revoke-seen")}</li>
                <li>{t!("revoke-others")}</li>
                <li>{t!("revoke-again")}</li>
            </ul>
            {(!confirmed).then(|| view! { <p>{t!("revoke-code")}</p> })}
            <form method="post">
                <button class="button danger" type="submit">{t!("revoke-do")}</button>
            </form>
        }
        .into_any())
    })
}

/// `POST /sharing/{id}/revoke`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to::<(), _, _>(state, request, async move |visit: Visit, _| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        let summary = standing::terms(&visit.portal, &visit.actor, id).await?;
        if !revocable(summary.now) {
            // Pressed twice, or in another window: the page shows the receipt.
            return Ok(Answer::Go(Destination::Consent(id.0)));
        }
        match standing::revoke(&visit.portal, &visit.session, &visit.actor, id).await {
            Ok(_) => Ok(Answer::Go(Destination::Consent(id.0))),
            Err(Refusal::StepUpFirst) => {
                step_up::ask(&visit.session, &Action::Revoke(id)).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
