//! Changes of state come from our own pages only: every one of them, by the list that the router is made from.

use crate::support::{ORIGIN, TestPortal};
use app::router::{change_paths, page_paths};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

/// An address of that pattern.
fn address(pattern: &str) -> String {
    pattern
        .split('/')
        .map(|part| {
            if part.starts_with('{') {
                "6f9619ff-8b86-d011-b42d-00c04fc964ff"
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// What another site's page could send, and requests that say nothing of where they come from.
const FOREIGN: [&[(&str, &str)]; 6] = [
    &[
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("sec-fetch-site", "same-site")],
    &[("origin", ORIGIN), ("sec-fetch-site", "cross-site")],
    &[],
];

/// No change of state is unguarded, signed in or not; nothing happens to the session or the record.
#[tokio::test]
async fn every_change_is_refused_to_other_sites() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let place = portal.length(patient).await;
    let paths = change_paths();
    for known in [
        "/sign-in",
        "/sharing/{id}/revoke",
        "/api/sign-out",
        "/session/keep",
    ] {
        assert!(paths.contains(&known), "{known} in {paths:?}");
    }
    for path in &paths {
        for headers in FOREIGN {
            for kind in [
                "application/x-www-form-urlencoded",
                "text/plain",
                "application/json",
            ] {
                let mut request = Request::post(address(path))
                    .header(header::ACCEPT, "text/html")
                    .header(header::CONTENT_TYPE, kind);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let request = request.body(Body::from("a=b")).expect("a request");
                let page = jordan.send(request).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            }
        }
    }
    assert_eq!(portal.length(patient).await, place);
    jordan.get("/records").await.expect(200);
}

/// The list is whole: nothing else takes a `POST`, and no change is made by `GET`.
#[tokio::test]
async fn nothing_else_takes_a_change() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    let changes = change_paths();
    let pages: Vec<&str> = page_paths()
        .iter()
        .map(String::as_str)
        .filter(|path| !changes.contains(path))
        .collect();
    assert!(pages.contains(&"/home"), "{pages:?}");
    for path in pages {
        let page = jordan.post(&address(path), "").await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in changes {
        if page_paths().iter().any(|page| page == path) {
            continue;
        }
        let page = jordan.get(&address(path)).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    jordan.get("/records").await.expect(200);
}
