//! `/join/codes`: the recovery codes, shown until they are kept and never again (LAW F6).

use super::way::{self, Back, Newcomer, StepsOf};
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        code_list::CodeList,
        error_summary::ErrorSummary,
        page_title::PageTitle,
    },
    forms::{self, Errors, Fields, FormState},
    pages::answer::Answer,
    t, text,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::joining::{self, Standing, Step};

/// The one checkbox: nothing to be kept of it.
#[derive(Clone, Default)]
pub struct Kept;

/// The codes with what to do about them.
#[component]
pub(crate) fn KeepCodes(
    /// The codes.
    codes: Vec<String>,
    /// Where the form goes.
    action: String,
    /// The form.
    form: FormState<Kept>,
) -> impl IntoView {
    view! {
        <p class="lead">{t!("codes-lead")}</p>
        <CodeList codes/>
        <ul>
            <li>{t!("codes-once")}</li>
            <li>{t!("codes-write")}</li>
            <li>{t!("codes-secret")}</li>
        </ul>
        <form method="post" action=action novalidate>
            <Choices
                name="kept"
                legend=t!("codes-kept-legend")
                pick=Pick::Any
                choices=vec![Choice::new("yes", t!("codes-kept"), false)]
                error=form.errors.of("kept")
            />
            <button class="button" type="submit">{t!("join-go-on")}</button>
        </form>
    }
}

/// The form again: the box was not ticked.
pub(crate) fn not_kept() -> FormState<Kept> {
    let mut errors = Errors::default();
    errors.add("kept", text!("codes-kept-missing"));
    FormState {
        values: Kept,
        errors,
    }
}

/// Shows them.
#[component]
pub fn Codes() -> impl IntoView {
    let form = forms::state::<Kept>();
    way::page(
        Step::Codes,
        async move |newcomer: Newcomer, standing: Standing| {
            let action = "/join/codes".to_owned();
            let shown = if standing.codes_kept {
                view! {
                    <Banner tone=Tone::Info>{t!("codes-are-kept")}</Banner>
                    <form method="post" action=action>
                        <input type="hidden" name="kept" value="yes"/>
                        <button class="button" type="submit">{t!("join-go-on")}</button>
                    </form>
                }
                .into_any()
            } else {
                let codes = joining::new_codes(&newcomer.portal, newcomer.session()).await?;
                view! { <KeepCodes codes action form=form.clone()/> }.into_any()
            };
            Ok(view! {
                <PageTitle title=text!("codes-title")/>
                <StepsOf standing=standing.clone() step=Step::Codes/>
                <ErrorSummary errors=form.errors/>
                <h1>{t!("codes-heading")}</h1>
                {shown}
                <Back standing step=Step::Codes/>
            }
            .into_any())
        },
    )
}

/// `POST /join/codes`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    way::answer(
        state,
        request,
        async |newcomer: Newcomer, fields: Fields| {
            if !fields.checked("kept") {
                return Ok(Answer::Again(not_kept()));
            }
            joining::codes_kept(&newcomer.portal, newcomer.session()).await?;
            Ok(Answer::Go(newcomer.finish(None).await?))
        },
    )
    .await
}
