//! `/office/emergencies`: records that were opened in an emergency and wait for a privacy officer (LAW E1). Nothing in the
//! list tells whose record it was.

pub mod case;

use crate::{
    components::{empty::Empty, page_title::PageTitle, table::Table, time::zone},
    dates,
    destination::Destination,
    t, text,
    visit::{self, AsOf, Visit},
};
use chrono::TimeDelta;
use domain::clock::Instant;
use leptos::prelude::*;
use portal::emergency::review::{self, Line, Queue};

/// What waits and what was reviewed.
#[component]
pub fn Emergencies() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let Queue {
            waiting,
            reviewed,
            as_of,
        } = review::queue(&visit.portal, &visit.actor).await?;
        let waiting = if waiting.is_empty() {
            view! { <Empty words=t!("emergencies-none")/> }.into_any()
        } else {
            let columns = columns(t!("emergencies-due"));
            let rows = waiting.iter().map(waits).collect();
            view! { <Table caption=t!("emergencies-caption") columns rows/> }.into_any()
        };
        let reviewed = (!reviewed.is_empty()).then(|| {
            let columns = columns(t!("emergencies-found"));
            let rows = reviewed.iter().map(was_found).collect();
            view! {
                <h2>{t!("emergencies-reviewed")}</h2>
                <Table caption=t!("emergencies-reviewed-caption") columns rows/>
            }
        });
        Ok(view! {
            <PageTitle title=text!("emergencies-title")/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            <h1>{t!("emergencies-heading")}</h1>
            <p class="lead">{t!("emergencies-lead")}</p>
            {waiting}
            {reviewed}
            <AsOf at=as_of/>
        }
        .into_any())
    })
}

fn columns(last: String) -> Vec<String> {
    vec![
        t!("emergencies-when"),
        t!("emergencies-who"),
        t!("emergencies-where"),
        last,
    ]
}

/// The last day on which a review is in time.
fn due_day(due: Option<Instant>) -> String {
    due.map(|due| dates::day(dates::day_in(due - TimeDelta::seconds(1), zone())))
        .unwrap_or_default()
}

fn waits(line: &Line) -> Vec<AnyView> {
    let due = due_day(line.due);
    let due = if line.overdue {
        view! { <strong>{t!("emergencies-overdue", day = due)}</strong> }.into_any()
    } else {
        due.into_any()
    };
    let is_open = line
        .is_open
        .then(|| view! { <br/><strong>{t!("emergencies-open")}</strong> });
    let concern = line
        .concern
        .then(|| view! { <br/><strong>{t!("emergencies-concern")}</strong> });
    row(line, view! { {due} {is_open} {concern} }.into_any())
}

fn was_found(line: &Line) -> Vec<AnyView> {
    let words = if line.justified == Some(true) {
        t!("emergencies-justified")
    } else {
        t!("emergencies-unjustified")
    };
    row(line, words.into_any())
}

fn row(line: &Line, last: AnyView) -> Vec<AnyView> {
    let href = Destination::EmergencyCase(line.id.0).path();
    let when = dates::moment(line.at, zone());
    vec![
        view! { <a href=href>{when}</a> }.into_any(),
        line.name.clone().into_any(),
        line.affiliation.clone().into_any(),
        last,
    ]
}
