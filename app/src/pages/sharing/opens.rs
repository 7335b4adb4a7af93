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
use domain::id::ConsentId;
use leptos::{
    prelude::*,
    server_fn::{ServerFn, ServerFnError},
};
use portal::{
    session::{self, Reveal},
    sharing::Opens,
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
    fn page(self, page: usize) -> Destination {
        match self {
            Self::Draft => Destination::SharingReview(page),
            Self::Consent(id) => Destination::ConsentPage(id.0, page),
        }
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
    let Opens {
        total,
        kinds,
        closed,
        entries,
        page,
        pages,
    } = opens;
    let counts = view! {
        <p class="opens-count">
            <strong>{t!("sharing-opens-count", count = total)}</strong>
            " "
            {t!("sharing-opens-closed", count = closed)}
        </p>
    };
    if total == 0 {
        return view! {
            {counts}
            <Empty words=t!("sharing-opens-nothing")/>
        }
        .into_any();
    }
    let kinds = kinds
        .into_iter()
        .map(|(kind, count)| {
            view! {
                <li>
                    <strong>{count}</strong>
                    <span>{kind_name(kind)}</span>
                </li>
            }
        })
        .collect_view();
    let masked = entries.iter().any(|listed| !listed.hidden.is_empty());
    let reveal = (masked && !revealed).then(|| {
        let mut fields = vec![("page", page.to_string())];
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
            <a class="button quiet" href=of.page(page).path()>{t!("sharing-opens-hide")}</a>
        }
    });
    let entries = entries
        .into_iter()
        .map(|listed| view! { <Entry listed/> })
        .collect_view();
    view! {
        {counts}
        <ul class="counts" aria-label=t!("sharing-opens-kinds")>{kinds}</ul>
        <h2 id="items">{t!("sharing-opens-items")}</h2>
        <p>{t!("sharing-opens-as-seen")}</p>
        <div class="actions">{reveal} {hide}</div>
        {entries}
        <Pagination page pages address=move |page| format!("{}#items", of.page(page).path())/>
    }
    .into_any()
}

/// Shows what is in the items that a draft or a consent opens, on the next page, once.
#[server(prefix = "/api", endpoint = "show-opened")]
pub async fn show_opened(page: usize, consent: Option<String>) -> Result<(), ServerFnError> {
    visit::act(async move |visit| {
        let of = match consent {
            None => Of::Draft,
            Some(id) => Of::Consent(ConsentId::parse(&id).ok_or(portal::Refusal::BadRequest)?),
        };
        session::ask_reveal(&visit.session, Reveal::Opened).await?;
        Ok(of.page(page))
    })
    .await
}
