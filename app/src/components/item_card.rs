//! A record item that is shown.

use super::{
    label_chip::LabelChips,
    summary_list::{Row, SummaryList},
};
use crate::{i18n::kind_name, t};
use domain::{item::ItemKind, label::Label};
use leptos::prelude::*;

/// An item: kind, date, title, its labels, its parts, and a way to more.
#[component]
pub fn ItemCard(
    /// What kind of item.
    kind: ItemKind,
    /// Its date in words.
    #[prop(optional, into)]
    date: Option<String>,
    /// What it is: "Sertraline 50 mg".
    #[prop(into)]
    title: String,
    /// Its labels.
    #[prop(optional)]
    labels: Vec<Label>,
    /// Its other parts.
    #[prop(optional)]
    rows: Vec<Row>,
    /// Its own page.
    #[prop(optional, into)]
    href: Option<String>,
    /// Actions ("Hide again", "Keep this one private").
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = match href {
        Some(href) => view! { <a href=href>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    let rows = (!rows.is_empty()).then(|| view! { <SummaryList rows/> });
    view! {
        <article class="item">
            <p class="item-kind">{kind_name(kind)}</p>
            <p class="item-date">{date.unwrap_or_else(|| t!("date-none"))}</p>
            <h3 class="item-title">{heading}</h3>
            <LabelChips labels/>
            {rows}
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </article>
    }
}

/// An ordinary item, a labelled one with parts and actions, and one of long words.
pub fn sample() -> AnyView {
    view! {
        <ItemCard
            kind=ItemKind::Condition
            date="October 12, 2023"
            title="High blood pressure"
            href="/help"
        />
        <ItemCard
            kind=ItemKind::Medication
            date="March 4, 2025"
            title="Buprenorphine 8 mg / naloxone 2 mg film"
            labels=vec![Label::SubstanceUse, Label::Part2]
            rows=vec![
                Row::new("How to take it", "One film under the tongue, once a day"),
                Row::new("From", "Harbor Light Recovery"),
            ]
        >
            <a href="/help">{t!("card-why")}</a>
            <a href="/help">{t!("masked-hide")}</a>
        </ItemCard>
        <ItemCard
            kind=ItemKind::Result
            title=super::LONG_WORD
            labels=domain::label::ALL.to_vec()
            rows=vec![Row::new(super::LONG_WORD, super::LONG_NAME)]
        />
    }
    .into_any()
}
