//! A label: a small drawing and its word.

use super::icon::Icon;
use crate::i18n::{label_icon, label_name};
use domain::label::Label;
use leptos::prelude::*;

/// One label.
#[component]
pub fn LabelChip(
    /// Which.
    label: Label,
) -> impl IntoView {
    view! {
        <span class="chip">
            <Icon name=label_icon(label)/>
            <span>{label_name(label)}</span>
        </span>
    }
}

/// Several labels in a row that wraps. Nothing when there are none.
#[component]
pub fn LabelChips(
    /// Which, in order.
    labels: Vec<Label>,
) -> impl IntoView {
    (!labels.is_empty()).then(|| {
        let chips = labels
            .into_iter()
            .map(|label| view! { <li><LabelChip label/></li> });
        view! { <ul class="chips">{chips.collect_view()}</ul> }
    })
}

/// All labels, one, and none.
pub fn sample() -> AnyView {
    view! {
        <LabelChips labels=domain::label::ALL.to_vec()/>
        <p>"A word " <LabelChip label=Label::Hiv/> " in a line."</p>
        <LabelChips labels=vec![]/>
    }
    .into_any()
}
