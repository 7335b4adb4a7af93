//! `/sharing/new/signers`: in which State a minor lives, and whether a parent or guardian signs too (LAW D1–D3).

use super::steps::{self, Reached};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        page_title::PageTitle,
        select::Select,
    },
    destination::Destination,
    forms::{Errors, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{id::PatientId, minors};
use leptos::prelude::*;
use portal::{
    Refusal,
    proxies::countersign,
    sharing::draft::{self, Draft, Signers as Answered, Step},
};

/// What was picked.
#[derive(Clone, Default)]
pub struct Picked {
    state: String,
    parent: String,
}

/// Where to go before the signature: a minor says first who signs. `None`: nothing to ask.
pub(super) async fn first(
    visit: &Visit,
    draft: &Draft,
    patient: PatientId,
) -> Result<Option<Destination>, Refusal> {
    let Some(birth) = countersign::minor(&visit.portal, &visit.actor).await? else {
        return Ok(None);
    };
    let zone = visit.portal.options().time_zone;
    let terms = draft.terms(patient, visit.now(), zone);
    let answered = draft
        .signers
        .as_ref()
        .is_some_and(|signers| countersign::may_stand(&visit.portal, signers, birth, &terms));
    Ok((!answered).then_some(Destination::Signers))
}

/// Who signs?
#[component]
pub fn Signers() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit: Visit| {
        let draft = match steps::reach(&visit, Step::Sign).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        if countersign::minor(&visit.portal, &visit.actor)
            .await?
            .is_none()
        {
            return Ok(visit::lead(&Destination::SharingStep(Step::Sign)));
        }
        let form = form.unwrap_or_else(|| FormState {
            values: draft
                .signers
                .as_ref()
                .map(|signers| Picked {
                    state: signers.state.clone(),
                    parent: if signers.parent { "yes" } else { "no" }.to_owned(),
                })
                .unwrap_or_default(),
            errors: Errors::default(),
        });
        Ok(page(form).into_any())
    })
}

fn page(form: FormState<Picked>) -> impl IntoView {
    let FormState { values, errors } = form;
    let mut states = vec![Choice::new(
        "",
        t!("signers-state-pick"),
        values.state.is_empty(),
    )];
    let table = minors::table().unwrap_or_default();
    states.extend(
        table
            .iter()
            .map(|rule| Choice::new(rule.state, rule.state, values.state == rule.state)),
    );
    states.push(Choice::new(
        OTHER,
        t!("signers-state-other"),
        values.state == OTHER,
    ));
    let parent = vec![
        Choice::new("no", t!("signers-alone"), values.parent == "no")
            .hint(t!("signers-alone-hint")),
        Choice::new("yes", t!("signers-parent"), values.parent == "yes")
            .hint(t!("signers-parent-hint")),
    ];
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <ErrorSummary errors=errors.clone()/>
        <p class="back">
            <a href=Destination::SharingStep(Step::Review).path()>{t!("sharing-back")}</a>
        </p>
        <h1>{t!("signers-heading")}</h1>
        <p>{t!("signers-lead")}</p>
        <form method="post" novalidate>
            <Select
                name="state"
                label=t!("signers-state")
                hint=t!("signers-state-hint")
                choices=states
                error=errors.of("state")
            />
            <Choices
                name="parent"
                legend=t!("signers-legend")
                pick=Pick::One
                choices=parent
                error=errors.of("parent")
            />
            <button class="button" type="submit">{t!("sharing-go-on")}</button>
        </form>
    }
}

/// A place that the table doesn't have: both sign.
const OTHER: &str = "--";

/// `POST /sharing/new/signers`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let (mut draft, patient) = match steps::reach(&visit, Step::Sign).await? {
            Reached::Here(draft, patient) => (draft, patient),
            Reached::Before(elsewhere) => return Ok(Answer::Go(elsewhere)),
        };
        let Some(birth) = countersign::minor(&visit.portal, &visit.actor).await? else {
            return Ok(Answer::Go(Destination::SharingStep(Step::Sign)));
        };
        let picked = Picked {
            state: fields.text("state"),
            parent: fields.text("parent"),
        };
        let mut errors = Errors::default();
        let known = picked.state == OTHER
            || minors::table()
                .unwrap_or_default()
                .iter()
                .any(|rule| rule.state == picked.state);
        if !known {
            errors.add("state", text!("signers-state-missing"));
        }
        let parent = match picked.parent.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        if parent.is_none() {
            errors.add("parent", text!("signers-missing"));
        }
        if let (true, Some(parent)) = (known, parent) {
            let signers = Answered {
                state: picked.state.clone(),
                parent,
            };
            let zone = visit.portal.options().time_zone;
            let terms = draft.terms(patient, visit.now(), zone);
            if countersign::may_stand(&visit.portal, &signers, birth, &terms) {
                draft.signers = Some(signers);
                draft::keep(&visit.portal, &visit.actor, &draft).await?;
                return Ok(Answer::Go(Destination::SharingStep(Step::Sign)));
            }
            errors.add("parent", text!("signers-both-needed"));
        }
        Ok(Answer::Again(FormState {
            values: picked,
            errors,
        }))
    })
    .await
}
