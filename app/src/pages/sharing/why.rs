//! `/sharing/new/why`: what for?

use super::{
    steps::{self, Back, Reached, StepsOf},
    who::forget_ends_not_allowed,
    words::{capitalized, purpose},
};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        page_title::PageTitle,
    },
    forms::{Errors, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{
    consent::ConsentKind,
    notice::TPO_PURPOSE,
    purpose::{Purpose, PurposeSet},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    sharing::draft::{self, Step},
};

/// The purposes that can be picked. A legal case needs a consent of its own (LAW A10) and isn't offered here yet.
const OFFERED: [Purpose; 6] = [
    Purpose::Treatment,
    Purpose::CareCoordination,
    Purpose::Payment,
    Purpose::Operations,
    Purpose::PatientRequest,
    Purpose::Research,
];

/// What was picked, by name.
#[derive(Clone, Default)]
pub struct Picked {
    purposes: Vec<String>,
}

/// What for?
#[component]
pub fn Why() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let draft = match steps::reach(&visit, Step::Why).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        if draft.kind() == ConsentKind::Tpo {
            return Ok(fixed().into_any());
        }
        let form = form.unwrap_or_else(|| FormState {
            values: Picked {
                purposes: draft
                    .purposes
                    .iter()
                    .map(|purpose| purpose.name().to_owned())
                    .collect(),
            },
            errors: Errors::default(),
        });
        Ok(page(form).into_any())
    })
}

fn page(form: FormState<Picked>) -> impl IntoView {
    let choices = OFFERED
        .into_iter()
        .map(|one| {
            let picked = form.values.purposes.iter().any(|name| name == one.name());
            Choice::new(one.name(), purpose(one), picked).hint(meaning(one))
        })
        .collect();
    let error = form.errors.of("purposes");
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::Why/>
        <StepsOf step=Step::Why/>
        <ErrorSummary errors=form.errors/>
        <h1>{t!("sharing-why-heading")}</h1>
        <form method="post" novalidate>
            <Choices
                name="purposes"
                legend=t!("sharing-why-legend")
                pick=Pick::Any
                choices
                hint=t!("sharing-why-hint")
                error
            />
            <button class="button" type="submit">{t!("sharing-go-on")}</button>
        </form>
    }
}

/// The class of LAW A2 has its purpose given by the rule.
fn fixed() -> impl IntoView {
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::Why/>
        <StepsOf step=Step::Why/>
        <h1>{t!("sharing-why-heading")}</h1>
        <p>{t!("sharing-why-fixed")}</p>
        <blockquote class="exact">
            <p>{capitalized(TPO_PURPOSE)} "."</p>
        </blockquote>
        <form method="post">
            <button class="button" type="submit">{t!("sharing-go-on")}</button>
        </form>
    }
}

fn meaning(purpose: Purpose) -> String {
    match purpose {
        Purpose::Treatment => t!("sharing-why-treatment-hint"),
        Purpose::CareCoordination => t!("sharing-why-coordination-hint"),
        Purpose::Payment => t!("sharing-why-payment-hint"),
        Purpose::Operations => t!("sharing-why-operations-hint"),
        Purpose::Research => t!("sharing-why-research-hint"),
        _ => t!("sharing-why-request-hint"),
    }
}

/// `POST /sharing/new/why`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let mut draft = match steps::reach(&visit, Step::Why).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(Answer::Go(elsewhere)),
        };
        let names = fields.all("purposes");
        let purposes: PurposeSet = if draft.kind() == ConsentKind::Tpo {
            PurposeSet::TPO
        } else {
            OFFERED
                .into_iter()
                .filter(|one| names.iter().any(|name| name == one.name()))
                .collect()
        };
        if purposes.is_empty() {
            let mut errors = Errors::default();
            errors.add("purposes", text!("sharing-why-missing"));
            return Ok::<_, Refusal>(Answer::Again(FormState {
                values: Picked { purposes: names },
                errors,
            }));
        }
        draft.purposes = purposes;
        forget_ends_not_allowed(&mut draft);
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        Ok(Answer::Go(steps::after(&draft, Step::Why)))
    })
    .await
}
