//! Choosing what to take away, and what was taken before.

use super::{Typed, format_name, topics};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        empty::Empty,
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        time::Moment,
    },
    destination::Destination,
    forms::{self, Fields, FormState},
    i18n::label_name,
    t, text,
    visit::{self, Visit},
    words,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{
    Refusal,
    export::{self, Format},
    history::{self, Line},
    step_up,
};

/// How many past downloads stand on the page.
const PAST: usize = 20;

/// The choice, and what was taken before.
#[component]
pub fn Exports() -> impl IntoView {
    let form = forms::state_or(|| Typed {
        format: format_name(Format::Pdf).to_owned(),
        ..Typed::default()
    });
    visit::page(async move |visit: Visit| {
        let past = history::own_downloads(&visit.portal, &visit.actor, PAST).await?;
        Ok(view! { <Page form past/> }.into_any())
    })
}

#[component]
fn Page(form: FormState<Typed>, past: Vec<Line>) -> impl IntoView {
    let Typed {
        from,
        until,
        segments,
        format,
    } = form.values;
    let topics = topics()
        .map(|label| {
            let picked = segments.iter().any(|name| name == label.name());
            Choice::new(label.name(), label_name(label), picked)
        })
        .collect();
    let formats = vec![
        Choice::new("pdf", t!("exports-format-pdf"), format == "pdf")
            .hint(t!("exports-format-pdf-hint")),
        Choice::new("fhir", t!("exports-format-fhir"), format == "fhir")
            .hint(t!("exports-format-fhir-hint")),
    ];
    view! {
        <PageTitle title=text!("exports-title")/>
        <ErrorSummary errors=form.errors.clone()/>
        <h1>{t!("exports-heading")}</h1>
        <p>{t!("exports-lead")}</p>
        <form method="post" action="/exports" novalidate>
            <Field
                name="from"
                label=t!("exports-from")
                hint=t!("exports-days-hint")
                kind=InputKind::Date
                value=from
                error=form.errors.of("from")
            />
            <Field
                name="until"
                label=t!("exports-until")
                kind=InputKind::Date
                value=until
                error=form.errors.of("until")
            />
            <Choices
                name="segment"
                legend=t!("exports-topics")
                hint=t!("exports-topics-hint")
                pick=Pick::Any
                choices=topics
                error=form.errors.of("segment")
            />
            <Choices
                name="format"
                legend=t!("exports-format")
                pick=Pick::One
                choices=formats
                error=form.errors.of("format")
            />
            <button class="button" type="submit">{t!("exports-go-on")}</button>
        </form>
        <h2>{t!("exports-past")}</h2>
        <Past past/>
    }
}

#[component]
fn Past(past: Vec<Line>) -> impl IntoView {
    if past.is_empty() {
        return view! { <Empty words=t!("exports-past-none")/> }.into_any();
    }
    let lines = past
        .into_iter()
        .map(|line| {
            view! { <li><Moment at=line.at/> ": " {words::history::what(&line.what)}</li> }
        })
        .collect_view();
    view! { <ul>{lines}</ul> }.into_any()
}

/// Asks for a fresh factor for exactly this copy.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem_page) => return problem_page,
    };
    let answer = match visit::of(&state, &parts).await {
        Ok(visit) => ask(&visit, &fields).await,
        Err(refusal) => Err(refusal),
    };
    match answer {
        Ok(Ok(())) => Destination::StepUp.see_other(),
        Ok(Err(form)) => forms::again(&state, parts, form).await,
        Err(refusal) => visit::refuse(&state, parts, refusal).await,
    }
}

async fn ask(visit: &Visit, fields: &Fields) -> Result<Result<(), FormState<Typed>>, Refusal> {
    let values = Typed::from(fields);
    Ok(match values.copy() {
        Ok((range, format)) => {
            step_up::ask(&visit.session, &export::action(&range, format)).await?;
            Ok(())
        }
        Err(errors) => Err(FormState { values, errors }),
    })
}
