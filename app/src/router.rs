//! Every address of the portal's pages.

use crate::{Problem, State, assets, pages, render, server_functions, shell::App};
use axum::{
    Router,
    extract::{self, Request},
    response::Response,
    routing::get,
};

/// The routes of pages, forms, server functions and files, and the page for everything else.
///
/// Sessions (`tower_sessions::Session` among the extensions), limits, security headers and the
/// same-origin check are layers of the server around this.
pub fn router(state: State) -> Router {
    let mut router = Router::new().merge(pages::forms()).merge(assets::routes());
    for route in leptos_axum::generate_route_list(App) {
        router = router.route(route.path(), get(page));
    }
    server_functions::routes()
        .fold(router, |router, (path, methods)| {
            router.route(path, methods)
        })
        .fallback(missing)
        .method_not_allowed_fallback(missing)
        .with_state(state)
}

async fn page(extract::State(state): extract::State<State>, request: Request) -> Response {
    render(&state, request.into_parts().0, || {}).await
}

async fn missing(extract::State(state): extract::State<State>, request: Request) -> Response {
    Problem::Missing
        .respond(&state, request.into_parts().0)
        .await
}
