//! What a chart says: who it is of, on what the page rests, its items, and one item of it.
//!
//! INVARIANT (UX, view as): the chart and the patient's own view of it as somebody else are made here, out of the same
//! values; `.chart-head` and `.chart` are byte for byte the same in both, the addresses of links aside ([`Place`]).

use super::{
    basis::{Basis, RecipientNotice, Standing},
    birth,
    emergency::around::Around,
    entry::{Entry, chips, day},
    place::Place,
};
use crate::{
    components::{
        empty::Empty, label_chip::LabelChips, pagination::Pagination, summary_list::SummaryList,
        time::zone,
    },
    i18n::kind_name,
    t,
    words::summary::{field, rows},
};
use leptos::prelude::*;
use portal::{
    Shown,
    chart::{Heading, OneItem, Opened},
    summary::{Text, summarize},
};

/// Who the chart is of, as far as that may be seen: the heading of the page.
pub fn head(heading: Option<&Heading>) -> AnyView {
    let name = heading
        .and_then(|heading| heading.name.clone())
        .unwrap_or_else(|| t!("chart-unnamed"));
    let birth = heading
        .and_then(birth)
        .map(|date| view! { <p class="chart-birth">{t!("chart-birth", date = date)}</p> });
    view! {
        <div class="chart-head">
            <h1>{name}</h1>
            {birth}
        </div>
    }
    .into_any()
}

/// On what the page rests, and its items.
#[component]
pub fn Body(
    /// The page.
    opened: Opened,
    /// Where it is shown.
    place: Place,
    /// How it stands to an emergency.
    around: Around,
) -> impl IntoView {
    let Opened {
        entries,
        total,
        page,
        pages,
        rests_on,
        by_relationship,
        notice,
        ..
    } = opened;
    let nothing = (total == 0).then(|| view! { <Empty words=t!("chart-nothing")/> });
    let entries = entries
        .into_iter()
        .map(|item| view! { <Entry place item/> })
        .collect_view();
    view! {
        <div class="chart">
            <Standing/>
            {around.basis()}
            <Basis rests_on by_relationship/>
            <RecipientNotice owed=notice/>
            <h2>{t!("chart-items-heading")}</h2>
            <p class="chart-total">{t!("chart-total", count = total)}</p>
            {nothing}
            {entries}
            <Pagination page pages address=move |page| place.page(page)/>
        </div>
    }
}

/// One item: its heading, and what stands below.
pub struct ItemBody {
    /// The heading of the page.
    pub title: AnyView,
    /// The item and what it rests on.
    pub content: AnyView,
}

/// One item of a chart; `None` when it was not opened.
pub fn item_body(one: OneItem, around: Around) -> Option<ItemBody> {
    let OneItem {
        item: shown,
        rests_on,
        notice,
        ..
    } = one;
    let Shown::Open {
        facts, resource, ..
    } = &*shown
    else {
        return None;
    };
    let summary = summarize(resource);
    let rows = rows(&summary, zone());
    let has_rows = !rows.is_empty();
    let title = summary.title.unwrap_or_else(|| kind_name(facts.kind));
    let texts = summary.texts.into_iter().map(text_view).collect_view();
    let content = view! {
        <div class="chart">
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
        </div>
    }
    .into_any();
    let title = view! {
        <div class="chart-head">
            <h1>{title}</h1>
        </div>
    }
    .into_any();
    Some(ItemBody { title, content })
}

/// A note or document, its paragraphs as they were written.
fn text_view(text: Text) -> impl IntoView {
    view! {
        <h2>{field(&text.field)}</h2>
        <div class="prose">{text.body}</div>
    }
}
