//! What a consent opens of the record as it is: counts by kind, then the items themselves.

use super::entry::Entry;
use crate::{
    components::{
        button::{Loudness, PostButton},
        empty::Empty,
        pagination::Pagination,
    },
    destination::Destination,
    i18n::kind_name,
    t, visit,
};
use domain::{id::ConsentId, item::ItemKind};
use leptos::{
    prelude::*,
    server_fn::{ServerFn, ServerFnError},
};
use portal::{
    session::{self, Reveal},
    sharing::{Change, Opens, View},
};

/// Of what the items are shown, and so where their pages are.
#[derive(Clone, Copy)]
pub enum Of {
    /// The draft, on its review.
    Draft,
    /// A signed consent, on its page.
    Consent(ConsentId),
}

impl Of {
    /// A view of it.
    pub(super) fn page(self, view: View) -> Destination {
        match self {
            Self::Draft => Destination::SharingReview(view),
            Self::Consent(id) => Destination::ConsentPage(id.0, view),
        }
    }
}

/// How many items of which kinds, what stays closed, and what changes for whom.
#[component]
pub(super) fn Counts<'o>(
    /// What is opened.
    opens: &'o Opens,
) -> impl IntoView + use<> {
    let change = opens.change.map(|change| view! { <WhatChanges change/> });
    let closed = kinds(&opens.closed_kinds, t!("sharing-opens-closed-kinds"));
    let has_closed = !opens.closed_kinds.is_empty();
    view! {
        <p class="opens-count">
            <strong>{t!("sharing-opens-count", count = opens.total)}</strong>
            " "
            {t!("sharing-opens-closed", count = opens.closed)}
        </p>
        {change}
        {(opens.total > 0).then(|| kinds(&opens.kinds, t!("sharing-opens-kinds")))}
        {has_closed
            .then(|| {
                view! {
                    <details class="closed-kinds">
                        <summary>{t!("sharing-opens-closed-kinds")}</summary>
                        {closed}
                    </details>
                }
            })}
    }
}

fn kinds(counts: &[(ItemKind, usize)], label: String) -> impl IntoView + use<> {
    let rows = counts
        .iter()
        .map(|(kind, count)| {
            view! {
                <li>
                    <strong>{*count}</strong>
                    <span>{kind_name(*kind)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="counts" aria-label=label>{rows}</ul> }
}

/// What that recipient sees then and does not today.
#[component]
fn WhatChanges(
    /// How many items.
    change: Change,
) -> impl IntoView {
    let more = (change.more > 0)
        .then(|| view! { <li>{t!("sharing-change-more", count = change.more)}</li> });
    let less = (change.less > 0)
        .then(|| view! { <li>{t!("sharing-change-less", count = change.less)}</li> });
    view! {
        <div class="what-changes">
            <p>
                <strong>{t!("sharing-change-heading")}</strong>
            </p>
            <ul>
                <li>{t!("sharing-change-opened", count = change.opened)}</li>
                {more}
                {less}
            </ul>
        </div>
    }
}

/// Counts and items.
#[component]
pub fn OpensView(
    /// What is opened.
    opens: Opens,
    /// By what.
    of: Of,
    /// Whether what is in the items is shown.
    revealed: bool,
) -> impl IntoView {
    let counts = view! { <Counts opens=&opens/> };
    let Opens {
        total,
        entries,
        view,
        page,
        pages,
        ..
    } = opens;
    if total == 0 {
        return view! {
            {counts}
            <Empty words=t!("sharing-opens-nothing")/>
        }
        .into_any();
    }
    let masked = entries.iter().any(|listed| !listed.hidden.is_empty());
    let reveal = (masked && !revealed).then(|| {
        let mut fields = vec![
            ("page", page.to_string()),
            ("recipient", view.recipient.to_string()),
            ("purpose", view.purpose.to_string()),
        ];
        if let Of::Consent(id) = of {
            fields.push(("consent", id.to_string()));
        }
        view! {
            <PostButton
                action=ShowOpened::PATH
                fields
                loudness=Loudness::Quiet
            >
                {t!("sharing-opens-show")}
            </PostButton>
        }
    });
    let hide = revealed.then(|| {
        view! {
            <a class="button quiet" href=of.page(view).path()>{t!("sharing-opens-hide")}</a>
        }
    });
    let entries = entries
        .into_iter()
        .map(|listed| view! { <Entry listed/> })
        .collect_view();
    view! {
        {counts}
        <h2 id="items">{t!("sharing-opens-items")}</h2>
        <p>{t!("sharing-opens-as-seen")}</p>
        <div class="actions">{reveal} {hide}</div>
        {entries}
        <Pagination page pages address=move |page| format!("{}#items", of.page(View { page, ..view }).path())/>
    }
    .into_any()
}

/// Shows what is in the items that a draft or a consent opens, on the next page, once.
#[server(prefix = "/api", endpoint = "show-opened")]
pub async fn show_opened(
    page: usize,
    recipient: usize,
    purpose: usize,
    consent: Option<String>,
) -> Result<(), ServerFnError> {
    visit::act(async move |visit| {
        let of = match consent {
            None => Of::Draft,
            Some(id) => Of::Consent(ConsentId::parse(&id).ok_or(portal::Refusal::BadRequest)?),
        };
        session::ask_reveal(&visit.session, Reveal::Opened).await?;
        Ok(of.page(View {
            recipient,
            purpose,
            page,
        }))
    })
    .await
}
