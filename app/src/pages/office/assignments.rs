//! `/office/assignments`: care relationships that administrators assigned. No page here names a patient (LAW B5).

pub mod new;
pub mod one;

use crate::{
    components::{
        button::LinkButton,
        empty::Empty,
        page_title::PageTitle,
        pagination::{self, Pagination},
        table::Table,
        time::zone,
    },
    dates,
    destination::Destination,
    t, text,
    visit::{self, AsOf, Visit},
    words::assignment as words,
};
use leptos::prelude::*;
use portal::assignments::{self, Line, Listed};

/// The assignments, the newest first.
#[component]
pub fn Assignments() -> impl IntoView {
    let page = pagination::asked();
    visit::page(async move |visit: Visit| {
        let Listed {
            lines,
            pages,
            may_assign,
            as_of,
        } = assignments::list(&visit.portal, &visit.actor, page).await?;
        let list = if lines.is_empty() {
            view! { <Empty words=t!("assignments-empty")/> }.into_any()
        } else {
            let columns = vec![
                t!("assignments-column-who"),
                t!("assignments-column-patient"),
                t!("assignments-column-kind"),
                t!("assignments-column-until"),
                t!("assignments-column-state"),
            ];
            let rows = lines.iter().map(row).collect();
            view! { <Table caption=t!("assignments-caption") columns rows/> }.into_any()
        };
        let new = may_assign.then(|| {
            let href = Destination::NewAssignment.path();
            view! { <p><LinkButton href=href>{t!("assignments-new")}</LinkButton></p> }
        });
        let address = |page: usize| Destination::AssignmentsPage(page).path();
        Ok(view! {
            <PageTitle title=text!("assignments-title")/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            <h1>{t!("assignments-heading")}</h1>
            <p class="lead">{t!("assignments-lead")}</p>
            {new}
            {list}
            <Pagination page=page.clamp(1, pages) pages address/>
            <AsOf at=as_of/>
        }
        .into_any())
    })
}

fn row(line: &Line) -> Vec<AnyView> {
    let href = Destination::Assignment(line.id.0).path();
    vec![
        view! { <a href=href>{words::party(line.party.as_ref())}</a> }.into_any(),
        view! { <code>{line.patient.clone()}</code> }.into_any(),
        words::kind(line.kind).into_any(),
        last_day(line).into_any(),
        state(line).into_any(),
    ]
}

/// The last day; every assignment has one.
fn last_day(line: &Line) -> String {
    line.span
        .until
        .map(|until| dates::last_day(until, zone()))
        .unwrap_or_default()
}

fn state(line: &Line) -> String {
    if line.in_force {
        t!("assignments-in-force")
    } else if line.ended_by.is_some() {
        t!("assignments-ended")
    } else {
        t!("assignments-over")
    }
}
