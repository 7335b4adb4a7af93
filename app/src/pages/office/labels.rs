//! `/office/labels`: what waits to be looked at, and what waits for a second person. Nothing of what the items hold.

use super::part::why;
use crate::{
    components::{empty::Empty, page_title::PageTitle, table::Table, time::zone},
    dates,
    destination::Destination,
    i18n::kind_name,
    t, text,
    visit::{self, AsOf, Visit},
};
use axum::http::request::Parts;
use domain::id::ItemId;
use leptos::prelude::*;
use portal::{
    Refusal, Shown,
    label_review::{self, Line, Queue, Stage},
};

/// What waits for a first look.
#[component]
pub fn Labels() -> impl IntoView {
    let after = after();
    visit::page(async move |visit: Visit| {
        let list = list(&visit, Stage::First, after).await?;
        Ok(view! {
            <PageTitle title=text!("office-queue-title")/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            <h1>{t!("office-queue-heading")}</h1>
            <p class="lead">{t!("office-queue-lead")}</p>
            <p><a href=Destination::LabelsSecond.path()>{t!("office-second")}</a></p>
            {list}
        }
        .into_any())
    })
}

/// What waits for a second person.
#[component]
pub fn Second() -> impl IntoView {
    let after = after();
    visit::page(async move |visit: Visit| {
        let list = list(&visit, Stage::Second, after).await?;
        Ok(view! {
            <PageTitle title=text!("office-second-title")/>
            <p class="back"><a href=Destination::Labels.path()>{t!("office-back-queue")}</a></p>
            <h1>{t!("office-second-heading")}</h1>
            <p class="lead">{t!("office-second-about")}</p>
            {list}
        }
        .into_any())
    })
}

/// After which item the page begins: `?after=`.
fn after() -> Option<ItemId> {
    let parts = use_context::<Parts>()?;
    url::form_urlencoded::parse(parts.uri.query()?.as_bytes())
        .find(|(name, _)| name == "after")
        .and_then(|(_, id)| ItemId::parse(&id))
}

async fn list(visit: &Visit, stage: Stage, after: Option<ItemId>) -> Result<AnyView, Refusal> {
    let Queue { lines, next, as_of } =
        label_review::queue(&visit.portal, &visit.actor, stage, after).await?;
    let (here, nothing) = match stage {
        Stage::First => (Destination::Labels, t!("office-queue-empty")),
        Stage::Second => (Destination::LabelsSecond, t!("office-second-empty")),
    };
    let table = if lines.is_empty() {
        view! { <Empty words=nothing/> }.into_any()
    } else {
        let columns = vec![
            t!("office-column-item"),
            t!("office-column-date"),
            t!("office-column-why"),
            t!("office-column-since"),
        ];
        let rows = lines.iter().map(row).collect();
        view! { <Table caption=t!("office-caption") columns rows/> }.into_any()
    };
    let first = after.map(|_| {
        let href = here.path();
        view! { <a href=href>{t!("office-first-page")}</a> }
    });
    let next = next.map(|item| {
        let href = format!("{}?after={item}", here.path());
        view! { <a rel="next" href=href>{t!("office-next-page")}</a> }
    });
    let pages = (first.is_some() || next.is_some()).then(|| {
        view! { <nav class="pagination" aria-label=t!("pagination-label")>{first} {next}</nav> }
    });
    Ok(view! { {table} {pages} <AsOf at=as_of/> }.into_any())
}

fn row(line: &Line) -> Vec<AnyView> {
    let (kind, when) = match &*line.shown {
        Shown::Masked { kind, when, .. } => (*kind, *when),
        Shown::Open { facts, .. } => (facts.kind, facts.when),
    };
    let when = when.map_or_else(
        || t!("office-no-date"),
        |when| dates::day(dates::day_in(when, zone())),
    );
    let reasons = line
        .why
        .iter()
        .map(|reason| view! { <li>{why(*reason)}</li> })
        .collect_view();
    let href = Destination::LabelDesk(line.item.0).path();
    vec![
        view! { <a href=href>{kind_name(kind)}</a> }.into_any(),
        when.into_any(),
        view! { <ul class="plain">{reasons}</ul> }.into_any(),
        dates::day(dates::day_in(line.since, zone())).into_any(),
    ]
}
