//! Every address of the portal's pages.

use crate::{Problem, State, assets, late, open_page, pages, render, server_functions, shell::App};
use axum::{
    Router,
    extract::{self, Request},
    response::Response,
    routing::get,
};
use leptos::prelude::provide_context;
use std::sync::LazyLock;

/// The routes of pages, forms, server functions and files, and the page for everything else.
///
/// Sessions (`tower_sessions::Session` among the extensions), limits, security headers and the
/// same-origin check are layers of the server around this.
pub fn router(state: State) -> Router {
    let mut router = Router::new()
        .merge(pages::forms().into_router())
        .merge(assets::routes())
        .route(open_page::EVENTS, get(open_page::events));
    for path in page_paths() {
        router = router.route(path, get(page));
    }
    server_functions::routes()
        .fold(router, |router, (path, methods)| {
            router.route(path, methods)
        })
        .fallback(missing)
        .method_not_allowed_fallback(missing)
        .with_state(state)
}

/// The addresses of all pages, with `{…}` where one varies.
pub fn page_paths() -> &'static [String] {
    static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| {
        leptos_axum::generate_route_list(App)
            .iter()
            .map(|route| route.path().to_owned())
            .collect()
    });
    &PATHS
}

/// The addresses of all that changes state: the forms' and the server functions'. There is no other `POST`.
pub fn change_paths() -> Vec<&'static str> {
    let mut paths = pages::forms().paths().to_vec();
    paths.extend(server_functions::paths());
    paths
}

async fn page(extract::State(state): extract::State<State>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let asked = parts.clone();
    let form = late::form_for(&state, &asked).await;
    let brought_back = form.is_some();
    let response = render(&state, parts, move || {
        if brought_back {
            provide_context(late::BroughtBack);
        }
    })
    .await;
    if late::leads_to_sign_in(&response) {
        late::led_away(&state, &asked).await;
    }
    match form {
        Some(form) => late::filled(response, asked.uri.path(), &form).await,
        None => response,
    }
}

async fn missing(extract::State(state): extract::State<State>, request: Request) -> Response {
    Problem::Missing
        .respond(&state, request.into_parts().0)
        .await
}
