//! Whether the process lives, and whether it can work. For supervisors and load balancers; says nothing else.

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use futures::future::BoxFuture;
use std::sync::Arc;

/// Asks the database.
pub type Ready = Arc<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// `/healthz` and `/readyz`.
pub fn routes(ready: Ready) -> Router {
    Router::new()
        .route(
            "/healthz",
            get(|| async { plain(StatusCode::OK, "alive\n") }),
        )
        .route(
            "/readyz",
            get(move || {
                let answer = ready();
                async {
                    if answer.await {
                        plain(StatusCode::OK, "ready\n")
                    } else {
                        plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
                    }
                }
            }),
        )
}

fn plain(status: StatusCode, text: &'static str) -> impl IntoResponse {
    (
        status,
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/plain; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        text,
    )
}
