//! The pages: one file each, and the two tables that give them their addresses.

pub mod help;
pub mod privacy_notice;
pub mod welcome;

use crate::State;
use axum::Router;
use leptos::tachys::view::iterators::StaticVec;
use leptos_router::{
    ChooseView, NestedRoute, PossibleRouteMatch, SsrMode,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// Every page and its address (UX.md has the list of addresses).
pub fn table() -> StaticVec<AnyNestedRoute> {
    StaticVec::from(vec![
        page(path!("/"), welcome::Welcome),
        page(path!("/help"), help::Help),
        page(path!("/privacy-notice"), privacy_notice::PrivacyNotice),
    ])
}

/// Every form that can be wrong: its `POST` handler, on the page's own address.
pub fn forms() -> Router<State> {
    Router::new()
}

/// A page at an address. Always complete before the first byte goes out, so that nobody sees
/// only a placeholder and status and headers can be set late.
fn page<Path, View>(path: Path, view: View) -> AnyNestedRoute
where
    Path: PossibleRouteMatch + Clone + Send + Sync + 'static,
    View: ChooseView + Clone + 'static,
{
    NestedRoute::new(path, view)
        .ssr_mode(SsrMode::Async)
        .into_any_nested_route()
}
