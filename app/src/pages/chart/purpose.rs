//! The purpose of use, declared once a session for each patient.
//!
//! It is asked for whatever the id in the address: the question tells nothing about who has a record here.

use crate::{
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        page_title::PageTitle,
    },
    destination::Destination,
    forms::FormState,
    t, text,
};
use domain::{id::PatientId, purpose::Purpose};
use leptos::prelude::*;
use portal::chart::PURPOSES;

/// What was picked.
#[derive(Clone, Default)]
pub struct Picked {
    /// The purpose by name.
    pub purpose: String,
}

/// A purpose in a clinician's words.
pub fn name(purpose: Purpose) -> String {
    match purpose {
        Purpose::Treatment => t!("chart-purpose-treatment"),
        Purpose::CareCoordination => t!("chart-purpose-coordination"),
        Purpose::Payment => t!("chart-purpose-payment"),
        Purpose::Operations => t!("chart-purpose-operations"),
        other => crate::i18n::purpose_name(other),
    }
}

/// The purpose of that name, if it may be declared.
pub fn read(name: &str) -> Option<Purpose> {
    Purpose::from_name(name).filter(|purpose| PURPOSES.contains(purpose))
}

fn choices(picked: &str) -> Vec<Choice> {
    PURPOSES
        .into_iter()
        .map(|purpose| Choice::new(purpose.name(), name(purpose), purpose.name() == picked))
        .collect()
}

/// The page that asks.
#[component]
pub fn AskPurpose(
    /// What was picked before.
    form: FormState<Picked>,
    /// Where a record is opened in an emergency, for those who may.
    emergency: Option<String>,
) -> impl IntoView {
    let FormState { values, errors } = form;
    view! {
        <PageTitle title=text!("chart-title")/>
        <p class="back">
            <a href=Destination::Patients.path()>{t!("chart-back-patients")}</a>
        </p>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("chart-purpose-heading")}</h1>
        <form method="post" novalidate>
            <Choices
                name="purpose"
                legend=t!("chart-purpose-legend")
                pick=Pick::One
                choices=choices(&values.purpose)
                hint=t!("chart-purpose-hint")
                error=errors.of("purpose")
            />
            <button class="button" type="submit">{t!("chart-purpose-do")}</button>
        </form>
        {emergency.map(|href| view! { <p><a href=href>{t!("emergency-link")}</a></p> })}
    }
}

/// The purpose in force, and a way to another.
#[component]
pub fn PurposeNow(
    /// Whose chart.
    patient: PatientId,
    /// The purpose.
    purpose: Purpose,
) -> impl IntoView {
    view! {
        <div class="purpose-now">
            <p>{t!("chart-purpose-now", purpose = name(purpose))}</p>
            <details>
                <summary>{t!("chart-purpose-change")}</summary>
                <form method="post" action=Destination::Patient(patient.0).path()>
                    <Choices
                        name="purpose"
                        legend=t!("chart-purpose-legend")
                        pick=Pick::One
                        choices=choices(purpose.name())
                        hint=t!("chart-purpose-hint")
                    />
                    <button class="button quiet" type="submit">
                        {t!("chart-purpose-change-do")}
                    </button>
                </form>
            </details>
        </div>
    }
}
