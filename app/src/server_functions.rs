//! Server functions over HTTP: actions with nothing to correct (reveal, revoke, sign out).
//!
//! They are plain `POST` endpoints under `/api/`, called by forms. The framework's own handler
//! would send people to whatever the `Referer` says and write errors into the address; here a
//! function either names its [`Destination`](crate::destination::Destination) or the person sees
//! a [`Problem`].

use crate::{Problem, State, late, render::context, viewer, visit::Arrival};
use axum::{
    body::{Body, to_bytes},
    extract,
    http::{HeaderName, Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, post},
};
use server_fn::error::SERVER_FN_ERROR_HEADER;

/// The longest error of the framework that is read.
const LONGEST_ERROR: usize = 16 * 1024;

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
    let response = leptos_axum::handle_server_fns_with_context(
        context(state.clone(), arrival, viewer),
        Request::from_parts(parts, body),
    )
    .await
    .into_response();

    // What the framework writes never leaves: a page, or nothing, takes its place.
    let (head, body) = response.into_parts();
    let failed = head.headers.contains_key(SERVER_FN_ERROR_HEADER);
    let status = if failed && is_about_the_form(body).await {
        StatusCode::BAD_REQUEST
    } else {
        head.status
    };
    let mut response = Response::from_parts(head, Body::empty());
    if late::leads_to_sign_in(&response) {
        late::led_away(&state, &asked).await;
    }
    if response.headers().contains_key(header::LOCATION) {
        *response.status_mut() = StatusCode::SEE_OTHER;
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

/// Whether an error of the framework says that the form could not be read: fields missing or of the wrong kind, or not
/// text. A function's own error, which it writes in the same way, is a fault of ours.
async fn is_about_the_form(error: Body) -> bool {
    let written = to_bytes(error, LONGEST_ERROR).await.unwrap_or_default();
    ["Args|", "MissingArg|", "Deserialization|"]
        .iter()
        .any(|kind| written.starts_with(kind.as_bytes()))
}
