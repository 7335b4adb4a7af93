//! The answers of a consent, row by row, on the screen.

use super::answers::{Asked, Names, answers};
use crate::{
    components::summary_list::{Row, SummaryList},
    t,
};
use domain::consent::Terms;
use leptos::prelude::*;

/// Who, why, what, from which days, how long.
#[component]
pub fn Facts(
    /// The terms.
    terms: Terms,
    /// The names in them.
    names: Names,
    /// Whether each answer can still be changed.
    changeable: bool,
    /// Rows that come after.
    #[prop(optional)]
    more: Vec<Row>,
) -> impl IntoView {
    let mut rows: Vec<Row> = answers(&terms, &names)
        .into_iter()
        .map(|asked| {
            let Asked {
                name,
                words,
                detail,
                at,
            } = asked;
            let row = Row::new(
                name,
                view! {
                    {lines(words)}
                    {detail.map(|detail| view! { <span class="hint">{detail}</span> })}
                },
            );
            match at {
                Some(at) if changeable => row.change(at.path(), t!("sharing-change")),
                _ => row,
            }
        })
        .collect();
    rows.extend(more);
    view! { <SummaryList rows/> }
}

/// One line each; a single one as it is.
pub(super) fn lines(words: Vec<String>) -> AnyView {
    if let [one] = words.as_slice() {
        return one.clone().into_any();
    }
    let lines = words.into_iter().map(|line| view! { <li>{line}</li> });
    view! { <ul class="lines">{lines.collect_view()}</ul> }.into_any()
}
