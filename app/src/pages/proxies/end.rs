//! `/proxies/{id}/end`: one page, one button; works before the next look.

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
use domain::id::AuthorityId;
use leptos::prelude::*;
use portal::{
    Refusal,
    proxies::helpers,
    step_up::{self, Action},
};

/// The page with the one button.
#[component]
pub fn End() -> impl IntoView {
    let id = id_in(1);
    visit::page(async move |visit: Visit| {
        let id = id.map(AuthorityId).ok_or(Refusal::NotAvailable)?;
        let helper = helpers::one(&visit.portal, &visit.actor, id).await?.helper;
        if !helper.is_chosen() {
            return Err(Refusal::NotAvailable);
        }
        let action = Action::EndHelper(id);
        let confirmed = step_up::stands(&visit.portal, &visit.session, &action).await?;
        Ok(view! {
            <PageTitle title=text!("proxies-end-title")/>
            <p class="back">
                <a href=Destination::Helper(id.0).path()>{t!("proxies-back")}</a>
            </p>
            <h1>{t!("proxies-end-heading", name = helper.name)}</h1>
            {confirmed
                .then(|| {
                    view! {
                        <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                            {t!("proxies-end-confirmed")}
                        </Banner>
                    }
                })}
            <p class="lead">{t!("proxies-end-lead")}</p>
            <p>{t!("revoke-seen")}</p>
            {(!confirmed).then(|| view! { <p>{t!("revoke-code")}</p> })}
            <form method="post">
                <button class="button danger" type="submit">{t!("proxies-end-do")}</button>
            </form>
        }
        .into_any())
    })
}

/// `POST /proxies/{id}/end`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to::<(), _, _>(state, request, async move |visit: Visit, _| {
        let id = id.map(AuthorityId).ok_or(Refusal::NotAvailable)?;
        match helpers::end(&visit.portal, &visit.session, &visit.actor, id).await {
            Ok(()) => Ok(Answer::Go(Destination::Proxies)),
            Err(Refusal::StepUpFirst) => {
                step_up::ask(&visit.session, &Action::EndHelper(id)).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
