//! A panic in a handler becomes the page for a fault of ours. Its message goes nowhere: it may quote content.

use super::problem::Problem;
use axum::{extract::Request, middleware::Next, response::Response};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// Catches it.
pub async fn catch(request: Request, next: Next) -> Response {
    // The request is gone after a panic, and state shared between requests sits behind locks that
    // don't poison or are dropped with the request.
    let outcome = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    outcome.unwrap_or_else(|_| {
        tracing::error!("a handler panicked");
        Problem::Fault.mark()
    })
}
