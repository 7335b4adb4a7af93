//! The way through the pages of a long list.

use crate::t;
use axum::http::request::Parts;
use leptos::prelude::*;

/// The page that the address asks for (`?page=2`), from 1.
pub fn asked() -> usize {
    place("page")
}

/// The place in a list that the address asks for under this name, from 1.
pub fn place(name: &str) -> usize {
    let parts = use_context::<Parts>();
    let query = parts
        .as_ref()
        .and_then(|parts| parts.uri.query())
        .unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(given, _)| given == name)
        .and_then(|(_, place)| place.parse().ok())
        .unwrap_or(1)
}

/// Links to the page before and after. Nothing when there is one page only.
#[component]
pub fn Pagination<Address>(
    /// The present page, counted from 1.
    page: usize,
    /// How many there are.
    pages: usize,
    /// The address of a page.
    address: Address,
) -> impl IntoView
where
    Address: Fn(usize) -> String,
{
    let previous = (page > 1).then(|| address(page.saturating_sub(1)));
    let next = (page < pages).then(|| address(page.saturating_add(1)));
    (pages > 1).then(|| {
        view! {
            <nav class="pagination" aria-label=t!("pagination-label")>
                {previous
                    .map(|href| {
                        view! { <a rel="prev" href=href>{t!("pagination-previous")}</a> }
                    })}
                <span>{t!("pagination-position", page = page, pages = pages)}</span>
                {next.map(|href| view! { <a rel="next" href=href>{t!("pagination-next")}</a> })}
            </nav>
        }
    })
}

/// First, middle, last, and one only.
pub fn sample() -> AnyView {
    let address = |page: usize| format!("?page={page}");
    view! {
        <Pagination page=1 pages=20 address/>
        <Pagination page=9 pages=20 address/>
        <Pagination page=2000 pages=2000 address/>
        <Pagination page=1 pages=1 address/>
    }
    .into_any()
}
