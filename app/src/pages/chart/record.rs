//! `/patients/{id}`: the chart as permitted, for a declared purpose.

use super::{
    body::{Body, head},
    declared,
    emergency::around::Around,
    patient_for,
    place::Place,
    purpose::{self, AskPurpose, Picked, PurposeNow},
};
use crate::{
    State,
    components::{
        button::{LinkButton, Loudness},
        page_title::PageTitle,
        pagination::asked,
    },
    destination::Destination,
    forms::{Errors, FormState},
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, AsOf, Visit},
};
use axum::{extract, response::Response};
use domain::id::PatientId;
use leptos::prelude::*;
use portal::{
    Refusal,
    chart::{self, Opened},
    session,
};

/// The chart, or the question for what.
#[component]
pub fn Chart() -> impl IntoView {
    let id = id_in(1);
    let page = asked();
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let patient = patient_for(&visit, id)?;
        if let Some(form) = form {
            let emergency = emergency_link(&visit, patient);
            return Ok(view! { <AskPurpose form emergency/> }.into_any());
        }
        let Some(purpose) = declared(&visit, patient).await? else {
            let form = FormState {
                values: Picked::default(),
                errors: Errors::default(),
            };
            let emergency = emergency_link(&visit, patient);
            return Ok(view! { <AskPurpose form emergency/> }.into_any());
        };
        let around = Around::of(&visit, patient, purpose).await?;
        if matches!(around, Around::Over) {
            return Ok(visit::lead(&Destination::Emergency(patient.0)));
        }
        let opened = chart::open(&visit.portal, &visit.actor, patient, purpose, page).await?;
        Ok(content(opened, patient, around).into_any())
    })
}

/// Where medical personnel open a record in an emergency: asked for whatever the id in the address.
fn emergency_link(visit: &Visit, patient: PatientId) -> Option<String> {
    let medical = visit.actor.role().is_medical();
    medical.then(|| Destination::Emergency(patient.0).path())
}

fn content(opened: Opened, patient: PatientId, around: Around) -> impl IntoView {
    let as_of = opened.as_of;
    let banner = around.banner(patient, as_of, opened.no_further_use);
    let purpose = opened.purpose;
    let head = head(opened.heading.as_deref());
    view! {
        <PageTitle title=text!("chart-title")/>
        <p class="back">
            <a href=Destination::Patients.path()>{t!("chart-back-patients")}</a>
        </p>
        {head}
        {banner}
        <PurposeNow patient purpose/>
        {around
            .may_copy()
            .then(|| {
                view! {
                    <p class="actions">
                        <LinkButton
                            href=Destination::PatientExport(patient.0).path()
                            loudness=Loudness::Quiet
                        >
                            {t!("chart-export-link")}
                        </LinkButton>
                    </p>
                }
            })}
        <Body opened place=Place::Chart(patient) around/>
        <AsOf at=as_of/>
    }
}

/// `POST /patients/{id}`: declares the purpose, for any id alike.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to(state, request, async move |visit: Visit, fields| {
        let patient = patient_for(&visit, id)?;
        let picked = fields.text("purpose");
        let Some(purpose) = purpose::read(&picked) else {
            let mut errors = Errors::default();
            errors.add("purpose", text!("chart-purpose-missing"));
            return Ok::<_, Refusal>(Answer::Again(FormState {
                values: Picked { purpose: picked },
                errors,
            }));
        };
        session::declare_purpose(&visit.session, patient, purpose).await?;
        Ok(Answer::Go(Destination::Patient(patient.0)))
    })
    .await
}
