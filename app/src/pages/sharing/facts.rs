//! The answers of a consent, row by row, in plain words.

use super::words::{
    future, part2, purpose, recipient_detail, recipients, segments, service_dates, single_items,
    until,
};
use crate::{
    components::summary_list::{Row, SummaryList},
    destination::Destination,
    t,
};
use domain::{consent::Terms, label::Label};
use leptos::prelude::*;
use portal::{directory::RecipientName, sharing::draft::Step};

/// Who, why, what, from which days, how long.
#[component]
pub fn Facts(
    /// The terms.
    terms: Terms,
    /// To whom, by name.
    to: Vec<RecipientName>,
    /// Whether each answer can still be changed.
    changeable: bool,
    /// Rows that come after.
    #[prop(optional)]
    more: Vec<Row>,
) -> impl IntoView {
    let what = &terms.what;
    let change = |row: Row, destination: Destination| {
        if changeable {
            row.change(destination.path(), t!("sharing-change"))
        } else {
            row
        }
    };
    let step = Destination::SharingStep;
    let detail = recipient_detail(&to);
    let who = view! {
        {recipients(&to)}
        {detail.map(|detail| view! { <span class="hint">{detail}</span> })}
    };
    let opened = segments(what);
    let opened = if opened.is_empty() {
        t!("sharing-segments-none").into_any()
    } else {
        lines(opened)
    };
    let mut rows = vec![
        change(Row::new(t!("sharing-row-who"), who), step(Step::Who)),
        change(
            Row::new(
                t!("sharing-row-why"),
                lines(terms.purposes.iter().map(purpose).collect()),
            ),
            step(Step::Why),
        ),
        change(Row::new(t!("sharing-row-what"), opened), step(Step::What)),
        change(
            Row::new(
                t!("sharing-row-part2"),
                part2(what.granted().has(Label::Part2)),
            ),
            step(Step::What),
        ),
        change(
            Row::new(t!("sharing-row-dates"), service_dates(what)),
            step(Step::What),
        ),
        change(
            Row::new(t!("sharing-row-future"), future(what.existing_at)),
            step(Step::What),
        ),
    ];
    if let Some(items) = single_items(what) {
        rows.push(change(
            Row::new(t!("sharing-row-items"), items),
            Destination::SharingItems(1),
        ));
    }
    rows.push(change(
        Row::new(t!("sharing-row-until"), until(terms.expiry.as_ref())),
        step(Step::HowLong),
    ));
    // The discloser is an element too (LAW A1), and nothing to choose.
    rows.push(Row::new(t!("sharing-row-from"), t!("sharing-from-any")));
    rows.extend(more);
    view! { <SummaryList rows/> }
}

/// One line each; a single one as it is.
fn lines(words: Vec<String>) -> AnyView {
    if let [one] = words.as_slice() {
        return one.clone().into_any();
    }
    let lines = words.into_iter().map(|line| view! { <li>{line}</li> });
    view! { <ul class="lines">{lines.collect_view()}</ul> }.into_any()
}
