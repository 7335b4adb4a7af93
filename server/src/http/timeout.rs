//! A request that takes too long is given up, and its work with it.

use super::problem::Problem;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use std::time::Duration;

/// The stream of server-sent events: it lasts as long as the page.
const EVENTS: &str = "/events";

/// Gives up after `longest`.
pub async fn limit(State(longest): State<Duration>, request: Request, next: Next) -> Response {
    if request.uri().path() == EVENTS {
        return next.run(request).await;
    }
    let outcome = tokio::time::timeout(longest, next.run(request)).await;
    outcome.unwrap_or_else(|_| {
        tracing::warn!("gave up: took too long");
        Problem::TimedOut.mark()
    })
}
