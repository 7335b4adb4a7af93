//! Server functions over HTTP: actions with nothing to correct (reveal, revoke, sign out).
//!
//! They are plain `POST` endpoints under `/api/`, called by forms. The framework's own handler
//! would send people to whatever the `Referer` says and write errors into the address; here a
//! function either names its [`Destination`](crate::destination::Destination) or the person sees
//! a [`Problem`].

use crate::{Problem, State, late, render::context, viewer, visit::Arrival};
use axum::{
    body::Body,
    extract,
    http::{HeaderName, Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use server_fn::error::SERVER_FN_ERROR_HEADER;

/// The path of each.
pub(crate) fn paths() -> impl Iterator<Item = &'static str> {
    server_fn::axum::server_fn_paths()
        .filter(|(_, method)| *method == Method::POST)
        .map(|(path, _)| path)
}

/// Path and handler of each registered server function. Only `POST` ones: a `GET` must change
/// nothing, and what only reads is a page.
pub(crate) fn routes() -> impl Iterator<Item = (&'static str, MethodRouter<State>)> {
    paths().map(|path| (path, post(run)))
}

async fn run(extract::State(state): extract::State<State>, request: Request<Body>) -> Response {
    let (mut parts, body) = request.into_parts();
    let asked = parts.clone();
    // Without these two the framework neither redirects nor reports by itself.
    parts.headers.remove(header::ACCEPT);
    parts.headers.remove(header::REFERER);

    let arrival = Arrival::of(&state, &parts).await;
    let viewer = viewer::of(&arrival, &parts);
    let mut response = leptos_axum::handle_server_fns_with_context(
        context(state.clone(), arrival, viewer),
        Request::from_parts(parts, body),
    )
    .await
    .into_response();

    // Our functions tell what they refuse by the status alone. An error of the framework's own is a form that it could
    // not read: fields missing, of the wrong kind, or not text.
    let status = if response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        StatusCode::BAD_REQUEST
    } else {
        response.status()
    };
    if late::leads_to_sign_in(&response) {
        late::led_away(&state, &asked).await;
    }
    if response.headers().contains_key(header::LOCATION) {
        *response.status_mut() = StatusCode::SEE_OTHER;
        *response.body_mut() = Body::empty();
        response
            .headers_mut()
            .remove(HeaderName::from_static("serverfnredirect"));
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response
    } else {
        // What was refused, an error (already logged where it arose), or a function that names
        // no destination.
        Problem::of_status(status).respond(&state, asked).await
    }
}
