//! `/patients`: whose charts a clinician may open now.

use super::chart::birth;
use crate::{
    components::{
        empty::Empty,
        page_title::PageTitle,
        pagination::{Pagination, asked},
        table::Table,
    },
    destination::Destination,
    pages::account::recovery::banner,
    t, text,
    visit::{self, AsOf},
};
use domain::duty::Duty;
use leptos::prelude::*;
use portal::patients::{self, Line};

/// The patients, by name.
#[component]
pub fn Patients() -> impl IntoView {
    let page = asked();
    visit::page(async move |visit| {
        let found = patients::list(&visit.portal, &visit.actor, page).await?;
        let patients::Patients { lines, page, pages } = found;
        let now = visit.now();
        let mine = banner(&visit).await?;
        let emergency = visit.actor.may(Duty::Emergency).then(|| {
            let href = Destination::EmergencySearch.path();
            view! { <p><a href=href>{t!("emergency-link-search")}</a></p> }
        });
        let told = visit.actor.may(Duty::RecordEndings).then(|| {
            let href = Destination::TheyTold.path();
            view! { <p><a href=href>{t!("office-told")}</a></p> }
        });
        let list = if lines.is_empty() {
            view! { <Empty words=t!("patients-none")/> }.into_any()
        } else {
            let rows = lines.into_iter().map(row).collect();
            view! {
                <Table
                    caption=t!("patients-caption")
                    columns=vec![t!("patients-name"), t!("patients-birth")]
                    rows
                />
                <Pagination
                    page
                    pages
                    address=|page| format!("{}?page={page}", Destination::Patients.path())
                />
            }
            .into_any()
        };
        Ok(view! {
            <PageTitle title=text!("patients-title")/>
            <h1>{t!("patients-heading")}</h1>
            {mine}
            <p class="lead">{t!("patients-lead")}</p>
            {list}
            {emergency}
            {told}
            <AsOf at=now/>
        }
        .into_any())
    })
}

fn row(line: Line) -> Vec<AnyView> {
    let heading = line.heading.as_deref();
    let name = heading
        .and_then(|heading| heading.name.clone())
        .unwrap_or_else(|| t!("patients-unnamed"));
    let birth = heading.and_then(birth);
    let href = Destination::Patient(line.patient.0).path();
    vec![
        view! { <a href=href>{name}</a> }.into_any(),
        birth.into_any(),
    ]
}
