//! `/access-history`: every look, download and denied try, from the ledger (LAW F2, C2).

use crate::{
    components::{empty::Empty, page_title::PageTitle, table::Table, time::Moment},
    destination::Destination,
    pages::line_proof::ProveLine,
    pages::proxies::overview::Part,
    t, text,
    visit::{self, Visit},
    words::history as words,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use portal::history::{self, History, Line, What};

/// One page of the history, newest first.
#[component]
pub fn AccessHistory() -> impl IntoView {
    let before = use_query_map()
        .get_untracked()
        .get("before")
        .and_then(|before| before.parse().ok());
    visit::page(async move |visit: Visit| {
        let history = history::page(&visit.portal, &visit.actor, before).await?;
        Ok(view! { <Shown history later=before.is_some()/> }.into_any())
    })
}

#[component]
fn Shown(history: History, later: bool) -> impl IntoView {
    // Whoever acts for the patient in part is told no place in the ledger (POLICY §5).
    let whole = visit::visit().is_ok_and(|visit| visit.actor.is_whole());
    let proof =
        (whole && !history.lines.is_empty()).then(|| view! { <p>{t!("line-proof-lead")}</p> });
    let table = if history.lines.is_empty() {
        let words = if later {
            t!("history-empty-older")
        } else {
            t!("history-empty")
        };
        view! { <Empty words/> }.into_any()
    } else {
        let mut columns = vec![
            t!("history-column-when"),
            t!("history-column-who"),
            t!("history-column-what"),
            t!("history-column-why"),
        ];
        if whole {
            columns.push(t!("line-proof-column"));
        }
        let rows = history
            .lines
            .into_iter()
            .map(|line| row(line, whole))
            .collect();
        view! { <Table caption=t!("history-caption") columns rows/> }.into_any()
    };
    let older = history.older.map(|before| {
        view! { <a rel="next" href=format!("/access-history?before={before}")>{t!("history-older")}</a> }
    });
    let newest = later.then(|| view! { <a href="/access-history">{t!("history-newest")}</a> });
    let more = (older.is_some() || newest.is_some()).then(|| {
        view! { <nav class="pagination" aria-label=t!("pagination-label")>{newest} {older}</nav> }
    });
    view! {
        <PageTitle title=text!("history-title")/>
        <h1>{t!("history-heading")}</h1>
        <Part/>
        {whole.then(|| view! { <p>{t!("history-lead")}</p> })}
        {proof}
        {table}
        {more}
    }
}

fn row(line: Line, whole: bool) -> Vec<AnyView> {
    let who = words::who(&line);
    let what = words::what(&line.what);
    let what = if line.what == What::Denied {
        view! { <strong>{what}</strong> }.into_any()
    } else {
        what.into_any()
    };
    let entry = line.seq;
    let sentence = words::sentence(&line);
    let mut cells = vec![
        view! { <Moment at=line.at/> }.into_any(),
        who.into_any(),
        what,
        view! { <Why line/> }.into_any(),
    ];
    if whole {
        cells.push(view! { <ProveLine entry line=sentence/> }.into_any());
    }
    cells
}

/// The purpose, and what it rested on: a consent by its link, or the care relationship.
#[component]
fn Why(line: Line) -> impl IntoView {
    let purpose = words::why(&line).map(|why| view! { <span>{why}</span> });
    let mut consents = line.consents.clone();
    consents.dedup();
    let rests_on = consents
        .into_iter()
        .map(|consent| {
            view! {
                <br/>
                {t!("history-on-consent")}
                ". "
                <a href=format!("/sharing/{consent}")>{t!("history-on-consent-link")}</a>
            }
        })
        .collect_view();
    let care = (line.by_relationship && !line.by_me).then(|| {
        view! {
            <br/>
            {t!("history-on-care")}
        }
    });
    let emergency = line.emergency.map(|id| {
        let href = Destination::EmergencyTold(id.0).path();
        view! {
            <br/>
            <a href=href>{t!("history-emergency-link")}</a>
        }
    });
    view! {
        {purpose}
        {rests_on}
        {care}
        {emergency}
    }
}
