//! Whose view of what a consent opens, and for which of its purposes: links with places in its lists, which tell nothing.

use super::{opens::Of, words::purpose as purpose_words};
use crate::{
    components::pagination::{asked, place},
    t,
    words::consent::recipient,
};
use domain::purpose::PurposeSet;
use leptos::prelude::*;
use portal::{directory::RecipientName, sharing::View};

/// The view that the address asks for.
pub(super) fn view_in() -> View {
    View {
        recipient: place("as"),
        purpose: place("why"),
        page: asked(),
    }
}

/// Nothing where there is one recipient and one purpose.
#[component]
pub(super) fn Eyes(
    /// To whom.
    to: Vec<RecipientName>,
    /// What for.
    purposes: PurposeSet,
    /// The present view.
    view: View,
    /// Of what.
    of: Of,
) -> impl IntoView {
    let first = View { page: 1, ..view };
    let whose = links(
        t!("sharing-as-label"),
        to.iter().map(recipient),
        view.recipient,
        of,
        |recipient| View { recipient, ..first },
    );
    let what_for = links(
        t!("sharing-why-label"),
        purposes.iter().map(purpose_words),
        view.purpose,
        of,
        |purpose| View { purpose, ..first },
    );
    (whose.is_some() || what_for.is_some()).then(|| {
        view! {
            <nav class="eyes" id="eyes" aria-label=t!("sharing-as-heading")>
                {whose}
                {what_for}
            </nav>
        }
    })
}

fn links(
    label: String,
    names: impl Iterator<Item = String>,
    present: usize,
    of: Of,
    view: impl Fn(usize) -> View,
) -> Option<impl IntoView> {
    let names: Vec<String> = names.collect();
    (names.len() > 1).then(|| {
        let links = names
            .into_iter()
            .zip(1..)
            .map(|(name, at)| {
                let href = format!("{}#eyes", of.page(view(at)).path());
                let current = (at == present).then_some("true");
                view! {
                    <li>
                        <a href=href aria-current=current>{name}</a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <p>{label}</p>
            <ul>{links}</ul>
        }
    })
}
