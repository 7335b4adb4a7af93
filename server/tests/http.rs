//! The layers around the pages, from the outside.

use crate::support::{ORIGIN, Page, TestPortal, UNLIMITED};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use confide::config::Requests;
use std::time::Duration;

fn get(path: &str) -> Request<Body> {
    Request::get(path)
        .header(header::ACCEPT, "text/html")
        .body(Body::empty())
        .expect("a request")
}

fn post(path: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let portal = TestPortal::empty().await;
    for path in [
        "/",
        "/help",
        "/no-such-page",
        "/healthz",
        "/readyz",
        "/sign-in",
    ] {
        let page = portal.send(get(path)).await;
        let policy = page.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "upgrade-insecure-requests",
        ] {
            assert!(policy.contains(part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(
            page.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            page.header("cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            page.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        assert!(
            page.header("strict-transport-security")
                .contains("max-age="),
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test]
async fn hashed_files_may_be_kept_and_nothing_else() {
    let portal = TestPortal::empty().await;
    for asset in app::assets::ALL {
        let file = portal.send(get(asset.path)).await.expect(200);
        assert!(
            file.header("cache-control").contains("immutable"),
            "{}",
            asset.path
        );
        let refused = portal
            .send(
                Request::delete(asset.path)
                    .body(Body::empty())
                    .expect("a request"),
            )
            .await;
        assert_eq!(
            refused.header("cache-control"),
            "no-store",
            "{}",
            asset.path
        );
    }
}

#[tokio::test]
async fn pages_hold_nothing_inline() {
    let portal = TestPortal::empty().await;
    for path in ["/", "/help", "/no-such-page"] {
        let page = portal.send(get(path)).await;
        assert_eq!(page.count("script:not([src])"), 0, "{path}");
        assert_eq!(page.count("style, [style]"), 0, "{path}");
    }
}

/// What differs between answers whoever asks: the id of the request.
fn without_id(page: &Page) -> (u16, Vec<(String, String)>, String) {
    let headers = page
        .headers
        .iter()
        .filter(|(name, _)| name.as_str() != "x-request-id")
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    (page.status.as_u16(), headers, page.body.clone())
}

#[tokio::test]
async fn whatever_is_not_there_looks_the_same() {
    let portal = TestPortal::empty().await;
    let first = portal.send(get("/no-such-page")).await.expect(404);
    for path in [
        "/a",
        "/a/b/c",
        "/api/none",
        "/healthz/more",
        "/assets/none",
        "/%2e%2e/etc",
        "/wp-login.php?x=1",
    ] {
        let page = portal.send(get(path)).await;
        assert_eq!(without_id(&page), without_id(&first), "{path}");
    }
}

#[tokio::test]
async fn a_change_of_state_must_come_from_our_pages() {
    let portal = TestPortal::empty().await;
    let mut paths: Vec<String> = server_functions();
    paths.extend(
        [
            "/sign-in",
            "/sign-in/verify",
            "/session/extend",
            "/sign-out",
            "/no-such-page",
            "/",
        ]
        .map(str::to_owned),
    );
    for path in &paths {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for (origin, site) in [
                (None, None),
                (Some("https://evil.test"), None),
                (Some("null"), None),
                (Some("https://evil.test"), Some("same-origin")),
                (Some(ORIGIN), Some("cross-site")),
                (None, Some("cross-site")),
                (None, Some("same-site")),
                (None, Some("none")),
            ] {
                let mut request = Request::builder().method(method.clone()).uri(path.as_str());
                if let Some(origin) = origin {
                    request = request.header(header::ORIGIN, origin);
                }
                if let Some(site) = site {
                    request = request.header("sec-fetch-site", site);
                }
                let page = portal
                    .send(request.body(Body::empty()).expect("a request"))
                    .await;
                assert_eq!(page.status, 403, "{method} {path} {origin:?} {site:?}");
                assert!(page.header("set-cookie").is_empty());
                assert!(page.body.contains("<html"), "a page, not a bare word");
            }
        }
    }
}

/// The addresses of the server functions.
fn server_functions() -> Vec<String> {
    server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .collect()
}

#[tokio::test]
async fn forms_are_small() {
    let portal = TestPortal::empty().await;
    let large = "a=".to_owned() + &"x".repeat(confide::http::LARGEST_FORM);
    for path in ["/sign-in", "/no-such-page"] {
        let request = post(path)
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_LENGTH, large.len())
            .body(Body::from(large.clone()))
            .expect("a request");
        let page = portal.send(request).await.expect(413);
        assert!(page.body.contains("<html"), "a page, not a bare word");
        assert_eq!(page.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn one_address_can_not_take_everything() {
    let portal = TestPortal::empty_with(Requests {
        burst: 3,
        per_second: 1,
        ..UNLIMITED
    })
    .await;
    for _ in 0..3 {
        portal.send(get("/help")).await.expect(200);
    }
    let page = portal.send(get("/help")).await.expect(429);
    assert!(
        page.header("retry-after")
            .parse::<u32>()
            .is_ok_and(|seconds| seconds >= 1)
    );
    assert!(page.body.contains("<html"));
    // Supervisors are not counted, and another address is another's.
    portal.send(get("/healthz")).await.expect(200);
    let mut other = get("/help");
    other
        .extensions_mut()
        .insert(axum::extract::ConnectInfo(std::net::SocketAddr::from((
            [198, 51, 100, 7],
            1,
        ))));
    portal.send(other).await.expect(200);
}

#[tokio::test]
async fn what_takes_too_long_is_given_up() {
    let portal = TestPortal::empty_with(Requests {
        timeout: Duration::from_millis(50),
        ..UNLIMITED
    })
    .await;
    let never = Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = post("/sign-in")
        .header(header::ORIGIN, ORIGIN)
        .body(never)
        .expect("a request");
    let page = portal.send(request).await;
    assert_eq!(page.status, 503);
    assert!(page.body.contains("<html"), "a page, not a bare word");
}

#[tokio::test]
async fn supervisors_learn_whether_it_lives_and_can_work() {
    let portal = TestPortal::empty().await;
    assert_eq!(
        portal.send(get("/healthz")).await.expect(200).body,
        "alive\n"
    );
    assert_eq!(
        portal.send(get("/readyz")).await.expect(200).body,
        "ready\n"
    );
}

#[tokio::test]
async fn pages_are_compressed_when_asked_for() {
    let portal = TestPortal::empty().await;
    let mut request = get("/help");
    request
        .headers_mut()
        .insert(header::ACCEPT_ENCODING, "gzip".parse().expect("a value"));
    let page = portal.send(request).await.expect(200);
    assert_eq!(page.header("content-encoding"), "gzip");
    assert!(page.header("vary").contains("accept-encoding"));
}

#[tokio::test]
async fn a_request_id_of_the_client_is_not_taken_over() {
    let portal = TestPortal::empty().await;
    let mut request = get("/help");
    request
        .headers_mut()
        .insert("x-request-id", "from-outside".parse().expect("a value"));
    let page = portal.send(request).await.expect(200);
    assert_ne!(page.header("x-request-id"), "from-outside");
}

/// A server function that can't read its form answers like any other form: 400 and the plain page, whoever sends it.
#[tokio::test]
async fn a_form_that_cannot_be_read_is_the_senders_fault() {
    let portal = TestPortal::empty().await;
    let ours: Vec<&str> = app::router::change_paths()
        .into_iter()
        .filter(|path| path.starts_with("/api/"))
        .collect();
    assert!(ours.len() >= 7, "{ours:?}");
    let bodies: [&[u8]; 5] = [
        b"",
        b"none=of&these=",
        b"=&=&&",
        b"item[=x",
        b"item=\xff\xfe",
    ];
    for path in ours {
        for body in bodies {
            let request = post(path)
                .header(header::ORIGIN, ORIGIN)
                .body(Body::from(body))
                .expect("a request");
            let page = portal.send(request).await;
            // Those without fields have nothing to misread.
            let without = [
                "/api/sign-out",
                "/api/end-other-sessions",
                "/api/begin-draft",
                "/api/stop-recovery",
            ];
            if without.contains(&path) {
                assert!(page.status.as_u16() < 500, "{path}: {}", page.status);
                continue;
            }
            let page = page.expect(400).shows("We couldn't read that form");
            assert!(
                !page.body.contains("missing field"),
                "{path}: {}",
                page.body
            );
            assert_eq!(page.header("serverfnerror"), "", "{path}");
        }
    }
    let request = post("/api/end-session")
        .header(header::ORIGIN, ORIGIN)
        .body(Body::from("session=not-an-id"))
        .expect("a request");
    portal.send(request).await.expect(400);
}
