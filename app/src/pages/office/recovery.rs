//! `/office/recovery`: helping somebody back into their account (LAW F6).

pub mod case;
pub mod new;

use crate::{
    components::{
        button::LinkButton,
        empty::Empty,
        page_title::PageTitle,
        table::Table,
        time::{Moment, zone},
    },
    destination::Destination,
    t, text,
    visit::{self, Visit},
    words::recovery as words,
};
use leptos::prelude::*;
use portal::recovery_case::handling::{self, Shown};

/// The cases, the open ones first.
#[component]
pub fn Recovery() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let cases = handling::list(&visit.portal, &visit.actor).await?;
        let list = if cases.is_empty() {
            view! { <Empty words=t!("recovery-empty")/> }.into_any()
        } else {
            let columns = vec![
                t!("recovery-column-name"),
                t!("recovery-column-opened"),
                t!("recovery-column-state"),
            ];
            let rows = cases.iter().map(row).collect();
            view! { <Table caption=t!("recovery-caption") columns rows/> }.into_any()
        };
        Ok(view! {
            <PageTitle title=text!("recovery-title")/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            <h1>{t!("recovery-heading")}</h1>
            <p class="lead">{t!("recovery-lead")}</p>
            <p>
                <LinkButton href=Destination::RecoveryNew.path()>{t!("recovery-new")}</LinkButton>
            </p>
            {list}
        }
        .into_any())
    })
}

fn row(case: &Shown) -> Vec<AnyView> {
    let href = Destination::RecoveryCase(case.id.0).path();
    vec![
        view! { <a href=href>{case.name.clone()}</a> }.into_any(),
        view! { <Moment at=case.opened/> }.into_any(),
        words::state(&case.state, zone()).into_any(),
    ]
}
