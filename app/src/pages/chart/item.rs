//! `/patients/{id}/records/{item}`: one item of a chart, as permitted.

use super::{
    basis::{Basis, RecipientNotice, Standing},
    declared,
    emergency::around::Around,
    entry::{chips, day},
    patient_for,
};
use crate::{
    components::{
        label_chip::LabelChips, page_title::PageTitle, summary_list::SummaryList, time::zone,
    },
    destination::Destination,
    i18n::kind_name,
    pages::answer::id_in,
    t, text,
    visit::{self, AsOf},
    words::summary::{field, rows},
};
use domain::id::ItemId;
use leptos::prelude::*;
use portal::Shown;
use portal::{
    Refusal,
    chart::{self, OneItem},
    summary::{Text, summarize},
};

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
        let OneItem {
            item: shown,
            rests_on,
            notice,
            no_further_use,
        } = chart::item(&visit.portal, &visit.actor, patient, purpose, item).await?;
        let Shown::Open {
            facts, resource, ..
        } = &*shown
        else {
            return Err(Refusal::NotAvailable);
        };
        let summary = summarize(resource);
        let rows = rows(&summary, zone());
        let has_rows = !rows.is_empty();
        let title = summary.title.unwrap_or_else(|| kind_name(facts.kind));
        let texts = summary.texts.into_iter().map(text_view).collect_view();
        Ok(view! {
            <PageTitle title=text!("chart-item-title")/>
            <p class="back">
                <a href=Destination::Patient(patient.0).path()>{t!("chart-back")}</a>
            </p>
            <h1>{title}</h1>
            {around.banner(patient, now, no_further_use)}
            <p class="item-line">
                {kind_name(facts.kind)} " · " {day(facts.when)}
            </p>
            <LabelChips labels=chips(facts.labels())/>
            {has_rows.then(|| view! { <SummaryList rows/> })}
            {texts}
            <Standing/>
            <RecipientNotice owed=notice/>
            {around.basis()}
            <Basis rests_on by_relationship=false/>
            <AsOf at=now/>
        }
        .into_any())
    })
}

/// A note or document, its paragraphs as they were written.
fn text_view(text: Text) -> impl IntoView {
    view! {
        <h2>{field(&text.field)}</h2>
        <div class="prose">{text.body}</div>
    }
}
