//! `/patients/{id}/export`: a copy to take away, with the notice and the consents' scope inside (LAW B1).

use super::{declared, patient_for};
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, FormState},
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, Visit},
    words::document::DocumentWords,
};
use axum::{extract, response::Response};
use domain::{id::PatientId, purpose::Purpose};
use leptos::prelude::*;
use portal::{
    Refusal,
    export::{self, Format},
    step_up::{self, Action},
};

/// What was picked.
#[derive(Clone, Default)]
pub struct Picked {
    format: String,
}

const fn name(format: Format) -> &'static str {
    match format {
        Format::Pdf => "pdf",
        Format::Fhir => "fhir",
    }
}

fn words(format: Format) -> String {
    match format {
        Format::Pdf => t!("chart-export-format-pdf"),
        Format::Fhir => t!("chart-export-format-fhir"),
    }
}

fn read(picked: &str) -> Option<Format> {
    [Format::Pdf, Format::Fhir]
        .into_iter()
        .find(|format| name(*format) == picked)
}

/// The choice of a file, or the download once it is confirmed.
#[component]
pub fn Export() -> impl IntoView {
    let id = id_in(1);
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let patient = patient_for(&visit, id)?;
        match declared(&visit, patient).await? {
            None => return Ok(visit::lead(&Destination::Patient(patient.0))),
            Some(Purpose::Emergency) => {
                return Ok(view! { <Around patient><NotInAnEmergency/></Around> }.into_any());
            }
            Some(_) => {}
        }
        let confirmed = match step_up::confirmed(&visit.portal, &visit.session).await? {
            Some(Action::ClinicianExport {
                patient: of,
                format,
            }) if of == patient => Some(format),
            _ => None,
        };
        let ready = confirmed.filter(|_| form.is_none());
        let inner = if let Some(format) = ready {
            view! { <Ready format/> }.into_any()
        } else {
            let form = form.unwrap_or_else(|| FormState {
                values: Picked::default(),
                errors: Errors::default(),
            });
            view! { <Choose form/> }.into_any()
        };
        Ok(view! { <Around patient>{inner}</Around> }.into_any())
    })
}

#[component]
fn Around(patient: PatientId, children: Children) -> impl IntoView {
    view! {
        <PageTitle title=text!("chart-export-title")/>
        <p class="back">
            <a href=Destination::Patient(patient.0).path()>{t!("chart-back")}</a>
        </p>
        {children()}
        <p class="hint">{t!("chart-export-written-down")}</p>
    }
}

/// A file would stay after the hour is over (LAW E1, B3).
#[component]
fn NotInAnEmergency() -> impl IntoView {
    view! {
        <h1>{t!("chart-export-heading")}</h1>
        <p class="lead">{t!("emergency-no-copy")}</p>
        <p>{t!("emergency-no-copy-why")}</p>
    }
}

#[component]
fn Choose(form: FormState<Picked>) -> impl IntoView {
    let FormState { values, errors } = form;
    let choices = [Format::Pdf, Format::Fhir]
        .map(|format| Choice::new(name(format), words(format), values.format == name(format)));
    view! {
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("chart-export-heading")}</h1>
        <p class="lead">{t!("chart-export-lead")}</p>
        <form method="post" novalidate>
            <Choices
                name="format"
                legend=t!("chart-export-format")
                pick=Pick::One
                choices=choices.into_iter().collect()
                error=errors.of("format")
            />
            <p>{t!("chart-export-code")}</p>
            <button class="button" type="submit">{t!("chart-export-go-on")}</button>
        </form>
    }
}

#[component]
fn Ready(format: Format) -> impl IntoView {
    view! {
        <h1>{t!("chart-export-heading")}</h1>
        <Banner tone=Tone::Success heading=t!("chart-export-ready-heading")>
            {t!("chart-export-ready")}
        </Banner>
        <p>{words(format)}</p>
        <form method="post">
            <input type="hidden" name="format" value=name(format)/>
            <button class="button" type="submit">{t!("chart-export-download")}</button>
        </form>
    }
}

/// `POST /patients/{id}/export`: asks for the second factor, or answers the file.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to(state, request, async move |visit: Visit, fields| {
        let patient = patient_for(&visit, id)?;
        if declared(&visit, patient).await?.is_none() {
            return Ok(Answer::Go(Destination::Patient(patient.0)));
        }
        let picked = fields.text("format");
        let Some(format) = read(&picked) else {
            let mut errors = Errors::default();
            errors.add("format", text!("chart-export-format-missing"));
            return Ok::<_, Refusal>(Answer::Again(FormState {
                values: Picked { format: picked },
                errors,
            }));
        };
        let words = DocumentWords(visit.portal.options().time_zone);
        let made = export::of_chart(
            &visit.portal,
            &visit.session,
            &visit.actor,
            patient,
            format,
            &words,
        )
        .await;
        match made {
            Ok(file) => Ok(Answer::File(answer::attachment(
                file.format.media_type(),
                file.format.file_name(),
                file.bytes,
            ))),
            Err(Refusal::StepUpFirst) => {
                let action = Action::ClinicianExport { patient, format };
                step_up::ask(&visit.session, &action).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
