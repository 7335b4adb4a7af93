//! `/join/notice`: the privacy notice, which is given before anything opens, and that it was read is written down (LAW C5,
//! 42 CFR 2.22).

use super::way::{self, Back, Newcomer, StepsOf};
use crate::{
    State,
    components::page_title::PageTitle,
    notice::{self, PatientNotice},
    pages::answer::Answer,
    t, text,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::joining::{Standing, Step};

/// Shows it whole.
#[component]
pub fn Notice() -> impl IntoView {
    way::page(Step::Notice, async move |_, standing: Standing| {
        Ok(view! {
            <PageTitle title=text!("join-notice-title")/>
            <StepsOf standing=standing.clone() step=Step::Notice/>
            <h1>{t!("join-notice-heading")}</h1>
            <p class="lead">{t!("join-notice-lead")}</p>
            <PatientNotice/>
            <p>{t!("join-notice-copy")}</p>
            <form method="post" action="/join/notice">
                <button class="button" type="submit">{t!("join-notice-read")}</button>
            </form>
            <Back standing step=Step::Notice/>
        }
        .into_any())
    })
}

/// `POST /join/notice`: the end of the way.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    way::answer::<(), _, _>(state, request, async |newcomer: Newcomer, _| {
        let notice = notice::patient_notice(&newcomer.portal.options().notice);
        Ok(Answer::Go(newcomer.finish(Some(&notice)).await?))
    })
    .await
}
