//! Pages over HTTP: what comes back, and what never does.

use crate::support::Stage;
use app::{
    State,
    components::Samples,
    viewer::{Role, Viewer},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
    routing::get,
};
use leptos::prelude::*;
use leptos_router::SsrMode;
use std::time::Duration;
use tower::ServiceExt;

async fn answer(router: Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = router.oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a body");
    (
        parts.status,
        parts.headers,
        String::from_utf8(bytes.to_vec()).expect("text"),
    )
}

fn request(method: Method, path: &str) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::ACCEPT, "text/html")
        .body(Body::empty())
        .expect("a request")
}

async fn get_page(path: &str) -> (StatusCode, HeaderMap, String) {
    let stage = Stage::new().await;
    answer(app::router(stage.demo()), request(Method::GET, path)).await
}

/// Every script is a file of ours, no style is inline, nothing of the framework is left.
fn assert_closed(html: &str) {
    assert_eq!(
        html.matches("<script").count(),
        html.matches("<script type=\"module\" src=\"/static/")
            .count()
    );
    assert_eq!(html.matches("<script").count(), 1);
    for never in [
        "<!>",
        "<!--",
        "<style",
        " style=",
        " onclick=",
        "javascript:",
        "__RESOLVED",
        "hydrat",
        "data-hk",
        "http://",
        "https://",
    ] {
        assert!(!html.contains(never), "{never} in {html}");
    }
}

/// A samples page in the same shell.
fn samples(stage: &Stage, viewer: Viewer) -> Router {
    async fn page(
        extract::State(state): extract::State<State>,
        request: extract::Request,
    ) -> Response {
        app::render::render_instead(&state, request.into_parts().0, || {
            view! { <Samples/> }.into_any()
        })
        .await
    }
    Router::new()
        .route("/samples", get(page))
        .with_state(stage.demo())
        .layer(axum::Extension(viewer))
}

fn patient() -> Viewer {
    Viewer {
        role: Role::Patient,
        name: Some("Jordan <Reyes>".into()),
        acting_for: Some("Maximiliana & Co".into()),
        idle: Some(Duration::from_mins(15)),
    }
}

#[tokio::test]
async fn every_page_waits_until_it_is_complete() {
    let routes = leptos_axum::generate_route_list(app::shell::App);
    assert!(routes.len() >= 3);
    for route in routes {
        assert_eq!(*route.mode(), SsrMode::Async, "{}", route.path());
    }
}

#[tokio::test]
async fn public_pages_are_complete_and_closed() {
    for (path, heading) in [
        ("/", "Your health records, shared the way you decide"),
        ("/help", "Help"),
        ("/privacy-notice", "Privacy notice"),
    ] {
        let (status, headers, html) = get_page(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(
            html.starts_with("<!DOCTYPE html><html lang=\"en-US\">"),
            "{html}"
        );
        assert!(html.contains(&format!("<h1>{heading}</h1>")), "{html}");
        assert!(html.contains(" – Confide</title>"), "{html}");
        assert_eq!(html.matches("<title>").count(), 1);
        assert_eq!(html.matches("<main ").count(), 1);
        assert!(html.contains("Do not enter real information."));
        assert!(html.contains("name=\"viewport\""));
        assert_closed(&html);
    }
}

/// LAW C5: under the header the notice says all that 42 CFR 2.22(b)(1) asks for, with whom to ask and since when.
#[tokio::test]
async fn the_patient_notice_has_its_body() {
    let facts = portal::notice::NoticeFacts::default();
    let (_, _, html) = get_page("/privacy-notice").await;
    for heading in [
        "What we share when you agree in writing",
        "What we may share without your consent",
        "Courts and cases against you",
        "Your rights",
        "Our duties",
        "How to complain",
        "Contact and date",
    ] {
        assert!(html.contains(&format!("<h2>{heading}</h2>")), "{heading}");
    }
    for said in [
        "medical emergency",
        "research",
        "audits",
        "court order",
        "one consent for all future uses",
        "may take back a consent at any time",
        "after you signed a consent",
        "paid for it in full",
        "get a copy",
        "in the past three years",
        "go-between",
        "asked for funds",
        "a breach",
        "Secretary of the U.S. Department of Health and Human Services",
        "Nobody may treat you worse",
        "in effect from February 16, 2026 on",
        facts.contact.as_str(),
        facts.reached.as_str(),
    ] {
        assert!(html.contains(said), "{said}");
    }
    // What is acknowledged at joining is the whole of it.
    let whole = app::notice::patient_notice(&facts);
    assert!(whole.contains("HOW TO FILE A COMPLAINT") && whole.contains("200 Independence Avenue"));
}

#[tokio::test]
async fn the_demo_banner_is_for_the_demo_only() {
    let stage = Stage::new().await;
    let (_, _, html) = answer(app::router(stage.serve()), request(Method::GET, "/")).await;
    assert!(!html.contains("Do not enter real information."));
}

#[tokio::test]
async fn one_page_for_all_that_cannot_be_shown() {
    let stage = Stage::new().await;
    let mut bodies = Vec::new();
    for (method, path) in [
        (Method::GET, "/nothing"),
        (Method::GET, "/records/0b6c7a52/more"),
        (Method::GET, "//evil.example/%ff%00"),
        (Method::GET, "/help/"),
        (Method::GET, "/api/nothing"),
        (Method::GET, "/static/0/portal.css"),
        (Method::POST, "/nothing"),
        (Method::POST, "/help"),
        (Method::DELETE, "/"),
        (Method::CONNECT, "example.org:443"),
        (Method::OPTIONS, "*"),
    ] {
        let (status, headers, html) =
            answer(app::router(stage.demo()), request(method, path)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert!(html.contains("<h1>We can't show this page</h1>"), "{html}");
        assert_closed(&html);
        // There the navigation marks "Help" as the present page.
        if !path.starts_with("/help") {
            bodies.push(html);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

#[tokio::test]
async fn the_shell_knows_who_looks() {
    let stage = Stage::new().await;
    let (status, _, html) =
        answer(samples(&stage, patient()), request(Method::GET, "/samples")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        html.contains("You are acting for Maximiliana &amp; Co."),
        "{html}"
    );
    assert!(html.contains("Jordan &lt;Reyes&gt;"));
    assert!(html.contains("href=\"/records\""));
    assert!(html.contains("data-idle-seconds=\"900\""));
    assert!(!html.contains("href=\"/sign-in\""));
    let title = html
        .split("<title>")
        .nth(1)
        .and_then(|rest| rest.split("</title>").next());
    assert!(!title.unwrap_or_default().contains("Jordan"));

    for (role, link) in [
        (Role::Clinician, "href=\"/patients\""),
        (Role::Office, "href=\"/office\""),
        (Role::SignedOut, "href=\"/sign-in\""),
    ] {
        let viewer = Viewer {
            role,
            ..Viewer::default()
        };
        let (_, _, html) = answer(samples(&stage, viewer), request(Method::GET, "/samples")).await;
        assert!(html.contains(link), "{role:?}");
    }
    let (_, _, html) = get_page("/help").await;
    assert!(
        html.contains("<a href=\"/help\" aria-current=\"page\">"),
        "{html}"
    );
}

#[tokio::test]
async fn every_component_renders_its_sample() {
    let stage = Stage::new().await;
    let (_, _, html) = answer(
        samples(&stage, Viewer::default()),
        request(Method::GET, "/samples"),
    )
    .await;
    for (name, _) in app::components::SAMPLES {
        assert!(html.contains(&format!("<h2>{name}</h2>")), "{name}");
    }
    assert!(!html.contains("No localization"), "{html}");
    assert!(!html.contains("never shown"), "a secret came back");
    assert!(!html.contains("<script>alert"));
    // Typed text stays as typed, even where it looks like a marker of the framework.
    assert!(html.contains("alert('&lt;!&gt;')"), "{html}");
    assert_eq!(
        html.matches("<textarea").count(),
        html.matches("</textarea>").count()
    );
    assert!(
        html.contains("Two &lt;/textarea&gt; &amp; &lt;!&gt;</textarea>"),
        "{html}"
    );
    assert_closed(&html);
    assert!(html.contains("aria-describedby=\"sample-email-hint sample-email-error\""));
    assert!(html.contains("aria-invalid=\"true\""));
    assert!(html.contains("href=\"#sample-email\"") && html.contains("id=\"sample-email\""));
    assert!(html.contains("Hidden: Substance use care"));
    for name in app::components::icon::NAMES {
        let sprite = app::assets::ALL
            .iter()
            .find(|asset| asset.path == app::assets::ICONS_SVG);
        let sprite = std::str::from_utf8(sprite.expect("a sprite").bytes).expect("text");
        assert!(sprite.contains(&format!("<symbol id=\"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn ids_are_unique_in_the_samples() {
    let stage = Stage::new().await;
    let (_, _, html) = answer(samples(&stage, patient()), request(Method::GET, "/samples")).await;
    let mut ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[tokio::test]
async fn files_are_kept_for_good() {
    let stage = Stage::new().await;
    let (_, _, html) = get_page("/").await;
    for asset in app::assets::ALL {
        let (status, headers, body) =
            answer(app::router(stage.demo()), request(Method::GET, asset.path)).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            headers[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(headers[header::CONTENT_TYPE], asset.content_type);
        assert!(!body.is_empty());
    }
    assert!(html.contains(app::assets::PORTAL_CSS) && html.contains(app::assets::PORTAL_JS));
}
