//! The office: what privacy officers have to do.

pub mod desk;
pub mod emergencies;
mod judge;
pub mod labels;
mod part;

use crate::{
    components::page_title::PageTitle,
    destination::Destination,
    t, text,
    visit::{self, Visit},
};
use leptos::prelude::*;
use portal::{Refusal, label_review};

/// The start page of the office.
#[component]
pub fn Office() -> impl IntoView {
    visit::page(async |visit: Visit| {
        if !label_review::may_review(&visit.portal, &visit.actor) {
            return Err(Refusal::NotAvailable);
        }
        Ok(view! {
            <PageTitle title=text!("office-title")/>
            <h1>{t!("office-heading")}</h1>
            <ul class="plain">
                <li>
                    <a href=Destination::Labels.path()>{t!("office-labels")}</a>
                    <p>{t!("office-labels-lead")}</p>
                </li>
                <li>
                    <a href=Destination::LabelsSecond.path()>{t!("office-second")}</a>
                    <p>{t!("office-second-lead")}</p>
                </li>
                <li>
                    <a href=Destination::Emergencies.path()>{t!("office-emergencies")}</a>
                    <p>{t!("office-emergencies-lead")}</p>
                </li>
            </ul>
        }
        .into_any())
    })
}
