//! The list: what was asked, of whom, and how it stands.

use super::{asked_of, names, standing, what};
use crate::{
    components::{
        button::LinkButton, empty::Empty, page_title::PageTitle, table::Table, time::zone,
    },
    dates,
    destination::Destination,
    i18n, t, text,
    visit::{self, AsOf, Visit},
};
use leptos::prelude::*;
use portal::restrictions::{Line, ask};

/// All of them, the newest first.
#[component]
pub fn Restrictions() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let all = ask::all(&visit.portal, &visit.actor).await?;
        let list = if all.is_empty() {
            view! { <Empty words=t!("restrictions-none")/> }.into_any()
        } else {
            let columns = vec![
                t!("restrictions-who"),
                t!("restrictions-what"),
                t!("restrictions-of"),
                t!("restrictions-standing"),
                t!("restrictions-when"),
            ];
            let rows = all.iter().map(row).collect();
            view! { <Table caption=t!("restrictions-caption") columns rows/> }.into_any()
        };
        Ok(view! {
            <PageTitle title=text!("restrictions-title")/>
            <p class="back"><a href=Destination::Sharing.path()>{t!("restrictions-back")}</a></p>
            <h1>{t!("restrictions-heading")}</h1>
            <p class="lead">{t!("restrictions-lead")}</p>
            <ul>
                <li>{t!("restrictions-free")}</li>
                <li>{t!("restrictions-paid")}</li>
                <li>{t!("restrictions-emergency")}</li>
            </ul>
            <p>
                <LinkButton href=Destination::NewRestriction.path()>
                    {t!("restrictions-ask")}
                </LinkButton>
            </p>
            {list}
            <AsOf at=visit.now()/>
        }
        .into_any())
    })
}

fn row(line: &Line) -> Vec<AnyView> {
    let href = Destination::Restriction(line.request.id.0).path();
    let asked = dates::day(dates::day_in(line.request.asked, zone()));
    vec![
        view! { <a href=href>{names(&line.recipients)}</a> }.into_any(),
        i18n::list(&what(line)).into_any(),
        asked_of(line).into_any(),
        standing(line.standing).into_any(),
        asked.into_any(),
    ]
}
