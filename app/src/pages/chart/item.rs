//! `/patients/{id}/records/{item}`: one item of a chart, as permitted.

use super::{
    body::{ItemBody, item_body},
    declared,
    emergency::around::Around,
    patient_for,
};
use crate::{
    components::page_title::PageTitle,
    destination::Destination,
    pages::answer::id_in,
    t, text,
    visit::{self, AsOf},
};
use domain::id::ItemId;
use leptos::prelude::*;
use portal::{Refusal, chart};

/// One item.
#[component]
pub fn Item() -> impl IntoView {
    let (id, item) = (id_in(1), id_in(3));
    visit::page(async move |visit| {
        let patient = patient_for(&visit, id)?;
        let item = item.map(ItemId).ok_or(Refusal::NotAvailable)?;
        let Some(purpose) = declared(&visit, patient).await? else {
            // Asked for there, whatever the id.
            return Ok(visit::lead(&Destination::Patient(patient.0)));
        };
        let around = Around::of(&visit, patient, purpose).await?;
        if matches!(around, Around::Over) {
            return Ok(visit::lead(&Destination::Emergency(patient.0)));
        }
        let now = visit.now();
        let one = chart::item(&visit.portal, &visit.actor, patient, purpose, item).await?;
        let banner = around.banner(patient, now, one.no_further_use);
        let ItemBody { title, content } = item_body(one, around).ok_or(Refusal::NotAvailable)?;
        Ok(view! {
            <PageTitle title=text!("chart-item-title")/>
            <p class="back">
                <a href=Destination::Patient(patient.0).path()>{t!("chart-back")}</a>
            </p>
            {title}
            {banner}
            {content}
            <AsOf at=now/>
        }
        .into_any())
    })
}
