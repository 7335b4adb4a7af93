//! `/join/second-step`: which second factor (LAW F5).

use super::way::{self, Back, Newcomer, StepsOf};
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        button::{LinkButton, Loudness},
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    pages::answer::Answer,
    t, text,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    joining::{self, Standing, Step},
    passkeys,
};

/// Which one was picked.
#[derive(Clone, Default)]
struct Picked {
    which: String,
}

/// Asks which.
#[component]
pub fn Second() -> impl IntoView {
    let form = forms::state::<Picked>();
    way::page(
        Step::Second,
        async move |newcomer: Newcomer, standing: Standing| {
            let offered = passkeys::offered(&newcomer.portal);
            let choice = |value: &str, label, hint| {
                Choice::new(value, label, form.values.which == value).hint(hint)
            };
            let mut choices = Vec::new();
            if standing.password {
                choices.push(choice(
                    "app",
                    t!("join-second-app"),
                    t!("join-second-app-hint"),
                ));
            }
            if offered {
                choices.push(choice(
                    "passkey",
                    t!("join-second-passkey"),
                    t!("join-second-passkey-hint"),
                ));
            }
            let lead = if standing.password {
                t!("join-second-lead")
            } else {
                t!("join-second-lead-passkey")
            };
            Ok(view! {
                <PageTitle title=text!("join-second-title")/>
                <StepsOf standing=standing.clone() step=Step::Second/>
                <ErrorSummary errors=form.errors.clone()/>
                <h1>{t!("join-second-heading")}</h1>
                <Ready standing=standing.clone()/>
                <p>{lead}</p>
                <form method="post" action="/join/second-step" novalidate>
                    <Choices
                        name="which"
                        legend=t!("join-second-which")
                        pick=Pick::One
                        choices
                        error=form.errors.of("which")
                    />
                    <button class="button" type="submit">{t!("join-go-on")}</button>
                </form>
                {offered.then(|| view! { <noscript><p>{t!("join-second-script")}</p></noscript> })}
                <Back standing step=Step::Second/>
            }
            .into_any())
        },
    )
}

/// What is set up already, and the way on.
#[component]
fn Ready(standing: Standing) -> impl IntoView {
    let ready = match (standing.app, standing.passkeys) {
        (false, 0) => return ().into_any(),
        (true, 0) => t!("join-second-ready-app"),
        (false, _) => t!("join-second-ready-passkey"),
        (true, _) => t!("join-second-ready-both"),
    };
    let enough = standing.step.is_none_or(|step| step > Step::Second);
    view! {
        <Banner tone=Tone::Success>{ready}</Banner>
        {enough
            .then(|| {
                view! {
                    <p>
                        <LinkButton
                            href=Destination::JoinStep(Step::Codes).path()
                            loudness=Loudness::Quiet
                        >
                            {t!("join-second-enough")}
                        </LinkButton>
                    </p>
                }
            })}
    }
    .into_any()
}

/// `POST /join/second-step`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    way::answer(
        state,
        request,
        async |newcomer: Newcomer, fields: Fields| {
            let values = Picked {
                which: fields.text("which"),
            };
            match values.which.as_str() {
                "app" => {
                    joining::choose_app(&newcomer.portal, newcomer.session()).await?;
                    Ok(Answer::Go(Destination::JoinApp))
                }
                "passkey" => Ok(Answer::Go(Destination::JoinPasskey)),
                _ => {
                    let mut errors = Errors::default();
                    errors.add("which", text!("join-second-missing"));
                    Ok(Answer::Again(FormState { values, errors }))
                }
            }
        },
    )
    .await
}
