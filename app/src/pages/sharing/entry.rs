//! Items of one's own record on the pages of sharing: masked unless all of them were asked for.

use super::words::chips;
use crate::{
    components::{icon::Icon, item_card::ItemCard, summary_list::Row, time::zone},
    dates,
    i18n::{kind_name, label_icon, label_name, list},
    t, words,
};
use domain::{clock::Instant, item::ItemKind, label::LabelSet};
use leptos::prelude::*;
use portal::Shown;
use portal::{disclosure::Listed, summary::summarize};

/// The day of an item in words.
pub fn day(when: Option<Instant>) -> String {
    when.map_or_else(
        || t!("date-none"),
        |when| dates::day(dates::day_in(when, zone())),
    )
}

/// An item as the pages of sharing show it.
#[component]
pub fn Entry(
    /// The item.
    listed: Listed,
    /// What can be done with it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    match &*listed.item {
        Shown::Masked {
            kind, when, labels, ..
        } => view! { <Masked kind=*kind when=*when labels=*labels children/> }.into_any(),
        Shown::Open {
            facts, resource, ..
        } => {
            let summary = summarize(resource);
            let mut rows = words::summary::brief(&summary, zone());
            if !listed.hidden.is_empty() {
                rows.push(Row::new(t!("sharing-entry-partly"), names(listed.hidden)));
            }
            let title = summary.title.unwrap_or_else(|| kind_name(facts.kind));
            view! {
                <ItemCard
                    kind=facts.kind
                    date=day(facts.when)
                    title
                    labels=chips(facts.labels())
                    rows
                />
                {children.map(|children| children())}
            }
            .into_any()
        }
    }
}

/// The names of labels as a list.
fn names(labels: LabelSet) -> String {
    list(
        &chips(labels)
            .into_iter()
            .map(label_name)
            .collect::<Vec<_>>(),
    )
}

#[component]
fn Masked(
    kind: ItemKind,
    when: Option<Instant>,
    labels: LabelSet,
    children: Option<Children>,
) -> impl IntoView {
    let labels = labels.broad();
    let icon = chips(labels).first().copied().map_or("private", label_icon);
    view! {
        <article class="item masked">
            <p class="item-kind">{kind_name(kind)}</p>
            <p class="item-date">{day(when)}</p>
            <p class="item-hidden">
                <Icon name=icon/>
                <span>{t!("masked-hidden", labels = names(labels))}</span>
            </p>
            {children.map(|children| children())}
        </article>
    }
}
