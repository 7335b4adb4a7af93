//! An item of a chart on its page of items.

use super::place::Place;
use crate::{
    components::{item_card::ItemCard, time::zone},
    dates,
    i18n::kind_name,
    t,
    words::summary::brief,
};
use domain::{
    clock::Instant,
    label::{Label, LabelSet},
};
use leptos::prelude::*;
use portal::summary::summarize;
use portal::{Released, Shown};

/// The labels worth a chip: all but "ordinary".
pub fn chips(labels: LabelSet) -> Vec<Label> {
    labels.without(Label::General).iter().collect()
}

/// The day of an item in words.
pub fn day(when: Option<Instant>) -> String {
    when.map_or_else(
        || t!("date-none"),
        |when| dates::day(dates::day_in(when, zone())),
    )
}

/// A card that leads to the item's own page.
#[component]
pub fn Entry(
    /// Where the chart is shown.
    place: Place,
    /// The item, as far as it was released.
    item: Released<Shown>,
) -> impl IntoView {
    match &*item {
        // Nothing is masked on somebody else's chart: what may not be seen is not there. In the patient's own view of it,
        // what takes a fresh factor is shown on its own page.
        Shown::Masked { id, kind, when, .. } => place
            .masked(*id)
            .map(|href| {
                view! {
                    <ItemCard
                        kind=*kind
                        date=day(*when)
                        title=t!("view-as-own-page")
                        href
                    />
                }
            })
            .into_any(),
        Shown::Open {
            facts, resource, ..
        } => {
            let summary = summarize(resource);
            let rows = brief(&summary, zone());
            let title = summary.title.unwrap_or_else(|| kind_name(facts.kind));
            view! {
                <ItemCard
                    kind=facts.kind
                    date=day(facts.when)
                    title
                    labels=chips(facts.labels())
                    rows
                    href=place.item(facts.id)
                />
            }
            .into_any()
        }
    }
}
