//! The one way a page becomes a response.
//!
//! Complete HTML with no script of the framework, so that the content security policy can stay
//! closed and every page works without script. `GET` routes, `POST` handlers that show their page
//! again, and the page for everything else all end here.

use crate::{
    State,
    components::time::Zone,
    i18n::Language,
    markup::without_markers,
    open_page::with_ticket,
    shell::App,
    viewer::{self, Viewer},
    visit::Arrival,
};
use axum::{
    body::Body,
    http::{HeaderValue, Request, Uri, header, request::Parts},
    response::Response,
};
use futures::{StreamExt, stream};
use leptos::{
    IntoView,
    prelude::{AnyView, IntoAny, RenderHtml, provide_context, use_context},
};
use std::{future::Future, pin::Pin, sync::Arc};

/// Renders the page at the request's path.
///
/// `extra` provides more context to the page (the state of a form, say). A page changes status
/// and headers through `leptos_axum::ResponseOptions`; pages are never cached.
pub async fn render(
    state: &State,
    parts: Parts,
    extra: impl Fn() + Clone + Send + 'static,
) -> Response {
    // The route list starts the executor too; a second start is refused and harmless.
    let _ = any_spawner::Executor::init_tokio();
    let arrival = Arrival::of(state, &parts).await;
    let viewer = viewer::of(&arrival, &parts);
    let request = Request::from_parts(with_a_path(parts), Body::empty());
    let context = {
        let context = context(state.clone(), arrival, viewer);
        move || {
            context();
            extra();
        }
    };
    let mut response =
        leptos_axum::handle_response_inner(context, App, request, |app, _, _| complete(app)).await;
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Renders `content` in place of the page at the request's path: problems, samples.
pub async fn render_instead(
    state: &State,
    parts: Parts,
    content: impl Fn() -> AnyView + Send + Sync + 'static,
) -> Response {
    let instead = Instead(Arc::new(content));
    render(state, parts, move || provide_context(instead.clone())).await
}

/// Content that takes the place of the routed page.
#[derive(Clone)]
pub(crate) struct Instead(pub(crate) Arc<dyn Fn() -> AnyView + Send + Sync>);

/// What pages and server functions alike find in their context.
pub(crate) fn context(
    state: State,
    arrival: Arrival,
    viewer: Viewer,
) -> impl Fn() + Clone + Send + 'static {
    move || {
        provide_context(Zone(state.portal().options().time_zone));
        provide_context(state.clone());
        provide_context(arrival.clone());
        provide_context(viewer.clone());
        provide_context(Language::default());
    }
}

type Chunks = Pin<Box<dyn stream::Stream<Item = String> + Send>>;

/// The whole page as one chunk, after everything in it is ready, with the ticket of what was shown on it, without the scripts that the
/// framework would append (the ignored argument of the stream builder).
fn complete(app: impl IntoView + 'static) -> Pin<Box<dyn Future<Output = Chunks> + Send>> {
    let arrival = use_context::<Arrival>();
    let html = app.into_any().to_html_stream_in_order();
    Box::pin(async move {
        let html = html.collect::<String>().await;
        let html = without_markers(&html);
        let html = match arrival {
            Some(Arrival::SignedIn(visit)) => with_ticket(&html, &visit),
            _ => html,
        };
        Box::pin(stream::once(async move { html })) as Chunks
    })
}

/// `OPTIONS *` and `CONNECT host` have no path, and the framework's router insists on one.
/// No page stands at `/*`.
fn with_a_path(mut parts: Parts) -> Parts {
    if !parts.uri.path().starts_with('/') || parts.uri.path_and_query().is_none() {
        parts.uri = Uri::from_static("/*");
    }
    parts
}
