//! `/office/restrictions`: what patients asked this officer's organization to keep back (LAW C4).

pub mod case;

use crate::{
    components::{empty::Empty, page_title::PageTitle, table::Table, time::zone},
    dates,
    destination::Destination,
    pages::restrictions::{names, standing},
    t, text,
    visit::{self, AsOf, Visit},
};
use leptos::prelude::*;
use portal::restrictions::{
    Line,
    office::{self, Queue},
};

/// What waits and what was answered.
#[component]
pub fn Restrictions() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let Queue {
            waiting,
            answered,
            as_of,
        } = office::queue(&visit.portal, &visit.actor).await?;
        let waiting = if waiting.is_empty() {
            view! { <Empty words=t!("office-restrictions-none")/> }.into_any()
        } else {
            let columns = columns(t!("restriction-due"));
            let rows = waiting.iter().map(waits).collect();
            view! { <Table caption=t!("office-restrictions-caption") columns rows/> }.into_any()
        };
        let answered = (!answered.is_empty()).then(|| {
            let columns = columns(t!("restrictions-standing"));
            let rows = answered
                .iter()
                .map(|line| row(line, standing(line.standing).into_any()))
                .collect();
            view! {
                <h2>{t!("office-restrictions-answered")}</h2>
                <Table caption=t!("office-restrictions-answered-caption") columns rows/>
            }
        });
        Ok(view! {
            <PageTitle title=text!("office-restrictions-title")/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            <h1>{t!("office-restrictions-heading")}</h1>
            <p class="lead">{t!("office-restrictions-page-lead")}</p>
            {waiting}
            {answered}
            <AsOf at=as_of/>
        }
        .into_any())
    })
}

fn columns(last: String) -> Vec<String> {
    vec![t!("restrictions-when"), t!("restrictions-who"), last]
}

fn waits(line: &Line) -> Vec<AnyView> {
    let due = line.request.due();
    let day = dates::day(dates::day_in(due, zone()));
    let last = if due <= line.as_of {
        view! { <strong>{t!("office-restrictions-late", day = day)}</strong> }.into_any()
    } else {
        day.into_any()
    };
    let binds = line.standing.binds().then(|| {
        view! {
            <br/>
            <strong>{t!("restriction-must")}</strong>
        }
    });
    row(line, view! { {last} {binds} }.into_any())
}

fn row(line: &Line, last: AnyView) -> Vec<AnyView> {
    let href = Destination::RestrictionCase(line.request.id.0).path();
    vec![
        view! { <a href=href>{dates::moment(line.request.asked, zone())}</a> }.into_any(),
        names(&line.recipients).into_any(),
        last,
    ]
}
