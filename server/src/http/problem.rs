//! What the layers refuse, and how it becomes a page of the portal.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::{FutureExt, future::BoxFuture};
use std::{panic::AssertUnwindSafe, sync::Arc};

/// Why a layer doesn't let a request through, or has no answer for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    /// A change of state that doesn't come from one of our pages.
    Refused,
    /// A body that is too large.
    TooLarge,
    /// Too many requests from one address.
    TooMany,
    /// Something broke.
    Fault,
    /// It took too long.
    TimedOut,
}

/// Renders the page of a problem.
pub type Pages = Arc<dyn Fn(Problem, Parts) -> BoxFuture<'static, Response> + Send + Sync>;

impl Problem {
    /// The status of the answer.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Refused => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// An empty answer that [`show`] fills.
    pub fn mark(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }

    /// The problem of an answer that no page of ours made: one marked here, or one with the bare words of a library.
    fn of(response: &Response) -> Option<Self> {
        if let Some(problem) = response.extensions().get() {
            return Some(*problem);
        }
        let bare = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
        match response.status() {
            StatusCode::PAYLOAD_TOO_LARGE if bare => Some(Self::TooLarge),
            status if bare && status.is_server_error() => Some(Self::Fault),
            _ => None,
        }
    }
}

/// Puts the portal's page in place of a problem.
pub async fn show(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(problem) = Problem::of(&response) else {
        return response;
    };
    // The page itself may be what broke.
    let page = AssertUnwindSafe(pages(problem, asked)).catch_unwind().await;
    let mut page = page.unwrap_or_else(|_| last_resort());
    *page.status_mut() = response.status();
    page.headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(after) = response.headers().get(header::RETRY_AFTER) {
        page.headers_mut()
            .insert(header::RETRY_AFTER, after.clone());
    }
    page
}

/// When no page can be rendered at all.
fn last_resort() -> Response {
    const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Something went wrong\
        </title></head><body><h1>Something went wrong</h1><p>This is our fault, not yours. Please try again in a \
        few minutes.</p><p><a href=\"/\">Go to the start page</a></p></body></html>\n";
    let mut response = Response::new(Body::from(PAGE));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}
