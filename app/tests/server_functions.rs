//! Server functions called as plain forms do: they lead somewhere or say so, in our words.

#![allow(
    clippy::unused_async,
    reason = "server functions are async by contract"
)]

use crate::support::Stage;
use app::{State, destination::Destination};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use leptos::prelude::*;
use tower::ServiceExt;

/// Leads on.
#[server(prefix = "/api", endpoint = "test-leads-on")]
async fn leads_on(item: String) -> Result<(), ServerFnError> {
    if use_context::<State>().is_none() || item != "1" {
        return Err(ServerFnError::new("no context"));
    }
    Destination::Records.go();
    Ok(())
}

/// Fails with words that nobody may see.
#[server(prefix = "/api", endpoint = "test-fails")]
async fn fails() -> Result<(), ServerFnError> {
    Err(ServerFnError::new("patient 17 is denied"))
}

/// Names no destination.
#[server(prefix = "/api", endpoint = "test-stays")]
async fn stays() -> Result<(), ServerFnError> {
    Ok(())
}

async fn post(path: &str, body: &'static str) -> (StatusCode, HeaderMap, String) {
    let request = Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "https://elsewhere.example/trap?x")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request");
    let stage = Stage::new().await;
    let response = app::router(stage.serve())
        .oneshot(request)
        .await
        .expect("an answer");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    let body = String::from_utf8(body.to_vec()).expect("text");
    (parts.status, parts.headers, body)
}

#[tokio::test]
async fn a_function_leads_to_its_destination() {
    let (status, headers, body) = post("/api/test-leads-on", "item=1").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(headers[header::LOCATION], "/records");
    assert!(!headers.contains_key("serverfnredirect") && body.is_empty());
}

#[tokio::test]
async fn errors_never_show_and_never_lead_elsewhere() {
    for (path, body) in [
        ("/api/test-fails", ""),
        ("/api/test-stays", ""),
        ("/api/test-leads-on", "item=2"),
    ] {
        let (status, headers, html) = post(path, body).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert!(!headers.contains_key(header::LOCATION));
        assert!(
            html.contains("<h1>Something went wrong on our side</h1>"),
            "{html}"
        );
        assert!(!html.contains("patient 17") && !html.contains("elsewhere"));
    }
}

/// A form that can't be read is not a fault of ours, and what the framework says of it is not shown either.
#[tokio::test]
async fn a_form_that_cannot_be_read_is_told_as_such() {
    for body in ["other=1", "", "item[=x", "%ff=%fe"] {
        let (status, headers, html) = post("/api/test-leads-on", body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert!(!headers.contains_key(header::LOCATION));
        assert!(
            html.contains("<h1>We couldn't read that form</h1>"),
            "{html}"
        );
        assert!(!html.contains("missing field") && !html.contains("Args"));
    }
}

#[tokio::test]
async fn functions_take_no_get() {
    let request = Request::get("/api/test-leads-on?item=1")
        .body(Body::empty())
        .expect("a request");
    let stage = Stage::new().await;
    let response = app::router(stage.serve())
        .oneshot(request)
        .await
        .expect("an answer");
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}
