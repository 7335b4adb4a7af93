//! Serves every component's sample, to be looked at: `cargo run -p app --example samples`, then
//! <http://127.0.0.1:3001/samples?role=patient>.

use app::{
    State,
    components::Samples,
    viewer::{Role, Viewer},
};
use axum::{
    Router, extract,
    http::{HeaderValue, header},
    middleware::map_response,
    response::Response,
    routing::get,
};
use leptos::prelude::*;
use portal::{Options, Portal};
use std::time::Duration;
use store::testing::TempStore;

/// The policy of STACK.md: what it forbids shows in the browser's console.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'; connect-src 'self'";

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let store = TempStore::new().await;
    let portal = Portal::new(store.store.clone(), Options::default());
    let state = State::serve(portal);
    let router = app::router(state.clone()).merge(
        Router::new()
            .route("/samples", get(samples))
            .with_state(state),
    );
    let router = router.layer(map_response(async |mut response: Response| {
        let policy = HeaderValue::from_static(POLICY);
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
    axum::serve(listener, router).await
}

async fn samples(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let role = match query.strip_prefix("role=") {
        Some("patient") => Role::Patient,
        Some("clinician") => Role::Clinician,
        Some("office") => Role::Office,
        _ => Role::SignedOut,
    };
    if role != Role::SignedOut {
        parts.extensions.insert(Viewer {
            role,
            name: Some("Jordan Reyes".into()),
            acting_for: (role == Role::Patient).then(|| "Morgan Ellis".into()),
            idle: Some(Duration::from_mins(15)),
        });
    }
    app::render::render_instead(&state, parts, || view! { <Samples/> }.into_any()).await
}
