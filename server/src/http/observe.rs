//! An id for every request, and a line in the log: method, route, status, milliseconds. Never an address, a
//! query, a header or the part of a path that varies.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use domain::{clock::Clock, id::RequestId};
use std::sync::Arc;
use store::entropy::{self, Entropy};
use tracing::{Instrument, info_span};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What observing takes.
#[derive(Clone)]
pub struct Observer {
    /// For timings.
    pub clock: Arc<dyn Clock>,
    /// For ids.
    pub entropy: Arc<dyn Entropy>,
}

/// Gives the request its id (a [`RequestId`] among its extensions, `x-request-id` on the answer) and logs it.
pub async fn each(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let id = RequestId::from_random(entropy::random(observer.entropy.as_ref()));
    // What a client calls its request is its own affair.
    request.headers_mut().remove(REQUEST_ID);
    request.extensions_mut().insert(id);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let span = info_span!("request", id = %id, method = method(request.method()), route);
    let began = observer.clock.now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = observer.clock.now().signed_duration_since(began);
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(status, milliseconds = took.num_milliseconds(), "answered"));
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The method, unless it is one that somebody made up.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
