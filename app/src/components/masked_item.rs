//! An item that is hidden until asked for.

use super::{
    button::{Loudness, PostButton},
    icon::Icon,
};
use crate::{
    i18n::{kind_name, label_icon, label_name, row},
    t,
};
use domain::{
    item::ItemKind,
    label::{Label, LabelSet},
};
use leptos::prelude::*;

/// A plain block of about an item's height: kind, date, why it is hidden, and a way to show it.
/// Not a blur and not a padlock (UX, Look).
#[component]
pub fn MaskedItem(
    /// What kind of item.
    kind: ItemKind,
    /// Its date in words.
    #[prop(optional, into)]
    date: Option<String>,
    /// Why it is hidden; one at least.
    labels: Vec<Label>,
    /// The path of the server function that reveals it.
    #[prop(into)]
    action: String,
    /// What tells that function which item: opaque ids.
    fields: Vec<(&'static str, String)>,
) -> impl IntoView {
    let kind = kind_name(kind);
    let date = date.unwrap_or_else(|| t!("date-none"));
    // The screen may be seen by others: the broad name is enough to find it again.
    let labels: Vec<Label> = LabelSet::of(labels).broad().iter().collect();
    let icon = labels.first().copied().map_or("private", label_icon);
    let labels = row(&labels.into_iter().map(label_name).collect::<Vec<_>>());
    view! {
        <article class="item masked">
            <p class="item-kind">{kind.clone()}</p>
            <p class="item-date">{date.clone()}</p>
            <p class="item-hidden">
                <Icon name=icon/>
                <span>{t!("masked-hidden", labels = labels)}</span>
            </p>
            <PostButton
                action
                fields
                loudness=Loudness::Quiet
                label=t!("masked-show-what", kind = kind, date = date)
            >
                {t!("masked-show")}
            </PostButton>
        </article>
    }
}

/// One label, all of them, no date.
pub fn sample() -> AnyView {
    let fields = || vec![("item", "0b6c7a52".to_owned())];
    view! {
        <MaskedItem
            kind=ItemKind::Medication
            date="March 4, 2025"
            labels=vec![Label::SubstanceUse]
            action="/api/reveal"
            fields=fields()
        />
        <MaskedItem
            kind=ItemKind::Document
            labels=domain::label::ALL.to_vec()
            action="/api/reveal"
            fields=fields()
        />
    }
    .into_any()
}
