//! `/office/proxies`: who asks to act for a patient (LAW D4, D5).

pub mod case;
pub mod file;

use crate::{
    components::{empty::Empty, page_title::PageTitle, table::Table, time::Moment},
    destination::Destination,
    t, text,
    visit::{self, AsOf, Visit},
    words::proxies as words,
};
use leptos::prelude::*;
use portal::{
    ApplicationState,
    proxies::office::{self, Line},
};

/// Where an application stands, for the office.
pub(super) fn stands(state: &ApplicationState) -> String {
    match state {
        ApplicationState::Waiting => t!("office-proxies-waiting"),
        ApplicationState::Verified { .. } => t!("office-proxies-verified"),
        ApplicationState::Refused { .. } => t!("office-proxies-refused"),
    }
}

/// What waits, and what was decided.
#[component]
pub fn Queue() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let (waiting, settled) = office::queue(&visit.portal, &visit.actor).await?;
        let waiting = if waiting.is_empty() {
            view! { <Empty words=t!("office-proxies-none")/> }.into_any()
        } else {
            let rows = waiting.into_iter().map(row).collect();
            view! { <Table caption=t!("office-proxies-caption") columns=columns() rows/> }
                .into_any()
        };
        let settled = (!settled.is_empty()).then(|| {
            let rows = settled.into_iter().map(row).collect();
            view! {
                <h2>{t!("office-proxies-settled")}</h2>
                <Table caption=t!("office-proxies-settled-caption") columns=columns() rows/>
            }
        });
        Ok(view! {
            <PageTitle title=text!("office-proxies-title")/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            <h1>{t!("office-proxies")}</h1>
            <p class="lead">{t!("office-proxies-lead")}</p>
            {waiting}
            {settled}
            <AsOf at=visit.now()/>
        }
        .into_any())
    })
}

fn columns() -> Vec<String> {
    vec![
        t!("office-proxies-when"),
        t!("office-proxies-who"),
        t!("proxies-column-right"),
        t!("proxies-mine-stands"),
    ]
}

fn row(line: Line) -> Vec<AnyView> {
    let href = Destination::Application(line.id.0).path();
    vec![
        view! { <a href=href><Moment at=line.made/></a> }.into_any(),
        line.applicant.into_any(),
        words::applied_as(line.kind).into_any(),
        stands(&line.state).into_any(),
    ]
}
