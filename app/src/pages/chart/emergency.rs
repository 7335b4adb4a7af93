//! `/patients/emergency` and `/patients/{id}/emergency`: break-glass (LAW E1, 42 CFR 2.51).
//!
//! INVARIANT (LAW B5): until a record is open, these pages depend on who asks and on nothing else: not on whether there is
//! such a patient, a relationship or a consent.

pub mod around;
mod form;

use super::super::answer::{self, Answer, id_in, id_of};
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        page_title::PageTitle,
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{Errors, FormState},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::id::PatientId;
pub use form::reason_by_name;
use form::{Ask, Typed};
use leptos::prelude::*;
use portal::{
    Refusal,
    emergency::{self, Open, Unopened, request},
    step_up,
};

/// Somebody who is not in the list, by name and birth date.
#[component]
pub fn Search() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit| page(&visit, None, form).await)
}

/// The record of an address.
#[component]
pub fn Emergency() -> impl IntoView {
    let id = id_in(1);
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit| {
        let patient = id.map(PatientId).ok_or(Refusal::NotAvailable)?;
        page(&visit, Some(patient), form).await
    })
}

async fn page(
    visit: &Visit,
    patient: Option<PatientId>,
    form: Option<FormState<Typed>>,
) -> Result<AnyView, Refusal> {
    let Visit {
        portal,
        session,
        actor,
    } = visit;
    let asking = emergency::asking(portal, actor, patient).await?;
    let mut ended = None;
    if let Some(patient) = patient {
        if let Some(open) = emergency::current(portal, actor, patient).await? {
            return Ok(view! { <OpenNow open/> }.into_any());
        }
        ended = emergency::ended(portal, actor, patient).await?;
    }
    let kept = match form {
        Some(_) => None,
        None => request::confirmed(portal, session, patient).await?,
    };
    let confirmed = kept.is_some();
    let form = form.unwrap_or_else(|| FormState {
        values: kept.as_ref().map(Typed::from).unwrap_or_default(),
        errors: Errors::default(),
    });
    let back = patient.map_or(Destination::Patients, |patient| {
        Destination::Patient(patient.0)
    });
    let ended = ended.map(|at| {
        let at = dates::time(at, zone());
        view! {
            <Banner tone=Tone::Info heading=t!("emergency-ended-heading")>
                {t!("emergency-ended", time = at)}
            </Banner>
        }
    });
    Ok(view! {
        <PageTitle title=text!("emergency-title")/>
        <p class="back"><a href=back.path()>{t!("emergency-back")}</a></p>
        <Ask asking form named=patient.is_none() confirmed ended=ended.into_any()/>
    }
    .into_any())
}

/// It is open already: never extended, so there is nothing to fill in.
#[component]
fn OpenNow(open: Open) -> impl IntoView {
    let until = dates::time(open.until, zone());
    view! {
        <PageTitle title=text!("emergency-title")/>
        <p class="back">
            <a href=Destination::Patients.path()>{t!("chart-back-patients")}</a>
        </p>
        <h1>{t!("emergency-heading")}</h1>
        <Banner tone=Tone::Warning heading=t!("emergency-open-heading")>
            {t!("emergency-open", time = until)}
        </Banner>
        <div class="actions">
            <form method="post">
                <button class="button" type="submit" name="do" value="resume">
                    {t!("emergency-resume")}
                </button>
            </form>
            <form method="post">
                <button class="button danger" type="submit" name="do" value="end">
                    {t!("emergency-end")}
                </button>
            </form>
        </div>
    }
}

/// `POST /patients/emergency` and `POST /patients/{id}/emergency`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let path = request.uri().path();
    let named = path == Destination::EmergencySearch.path();
    let id = id_of(path, 1).map(PatientId);
    answer::to(state, request, async move |visit: Visit, fields| {
        let patient = match (named, id) {
            (true, _) => None,
            (false, Some(patient)) => Some(patient),
            (false, None) => return Err(Refusal::NotAvailable),
        };
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        match (fields.text("do").as_str(), patient) {
            ("end", Some(patient)) => {
                emergency::end(portal, session, actor, patient).await?;
                return Ok(Answer::Go(Destination::Patients));
            }
            ("resume", Some(patient)) => {
                let open = emergency::resume(portal, session, actor, patient).await?;
                return Ok(Answer::Go(if open {
                    Destination::Patient(patient.0)
                } else {
                    Destination::Emergency(patient.0)
                }));
            }
            _ => {}
        }
        let asking = emergency::asking(portal, actor, patient).await?;
        let typed = Typed::from(&fields);
        let wanted = match typed.request(&asking, patient) {
            Ok(wanted) => wanted,
            Err(errors) => {
                let values = typed;
                return Ok(Answer::Again(FormState { values, errors }));
            }
        };
        match emergency::open(portal, session, actor, &wanted).await {
            Ok(Ok(patient)) => Ok(Answer::Go(Destination::Patient(patient.0))),
            Ok(Err(Unopened::IsOpen)) => Ok(Answer::Go(match patient {
                Some(patient) => Destination::Emergency(patient.0),
                None => Destination::Patients,
            })),
            Ok(Err(unopened)) => Ok(Answer::Again(FormState {
                values: typed,
                errors: form::unopened(unopened, portal.options().time_zone),
            })),
            Err(Refusal::StepUpFirst) => {
                wanted.keep(session).await?;
                step_up::ask(session, &wanted.action()).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
