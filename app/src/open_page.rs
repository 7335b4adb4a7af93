//! `/events`, by which open pages are told to close, and what a page carries for that (POLICY §6).
//!
//! The stream names nobody and nothing: `close` with the number of a page in what was asked, `over` when the session is.

use crate::{State, problem::report, t, viewer::Role, viewer::Viewer, visit, visit::Visit};
use axum::{
    extract,
    http::{StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt, stream};
use leptos::prelude::*;
use portal::{
    open_pages::{self, PAGES_AT_MOST, Told, Watch},
    session,
};
use std::{convert::Infallible, time::Duration};

/// Where the stream is.
pub(crate) const EVENTS: &str = "/events";
/// How the shell begins the part of a page that the ticket belongs to.
const MAIN: &str = "<main id=\"main\" tabindex=\"-1\"";
/// How long a browser waits before it asks for the stream again.
const AGAIN: Duration = Duration::from_secs(2);
/// How often something is sent, so that nothing on the way takes the connection for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Puts the ticket of all that was shown with it into a finished page. It is another one each time, whatever was shown.
pub(crate) fn with_ticket(html: &str, visit: &Visit) -> String {
    match open_pages::ticket(&visit.portal, &visit.actor) {
        Ok(ticket) => html.replacen(MAIN, &format!("{MAIN} data-ticket=\"{ticket}\""), 1),
        Err(refusal) => {
            report(&refusal);
            html.to_owned()
        }
    }
}

/// The words that take the place of a page that closes. The script finds them; without script nothing does.
#[component]
pub(crate) fn ClosedWords(viewer: Viewer) -> impl IntoView {
    (viewer.role != Role::SignedOut).then(|| {
        view! {
            <template id="page-closed" data-events=EVENTS data-title=t!("page-closed-title")>
                <h1>{t!("page-closed-heading")}</h1>
                <p role="alert">{t!("page-closed-lead")}</p>
                <p>
                    <a href="/">{t!("page-closed-again")}</a>
                </p>
            </template>
        }
    })
}

/// `GET /events?page=…`: one ticket a page. It leaves no trace in the session: a page that is only open doesn't keep
/// somebody signed in (LAW F1). 401: nobody is; 429: as many streams are open as may be.
pub(crate) async fn events(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let Some(session) = visit::session(&parts) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let tickets: Vec<String> =
        url::form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes())
            .filter(|(name, _)| name == "page")
            .map(|(_, ticket)| ticket.into_owned())
            .take(PAGES_AT_MOST)
            .collect();
    let portal = state.portal();
    let watched = match session::peek(portal, &session).await {
        Ok(Some(actor)) => open_pages::watch(portal, actor, &tickets).await,
        Ok(None) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(refusal) => Err(refusal),
    };
    match watched {
        Ok(Some(watch)) => (
            // A proxy that gathers an answer before it passes it on would hold it back for ever.
            [("x-accel-buffering", "no")],
            [(header::CACHE_CONTROL, "no-store")],
            Sse::new(told(watch)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)),
        )
            .into_response(),
        Ok(None) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Err(refusal) => {
            report(&refusal);
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn told(watch: Watch) -> impl Stream<Item = Result<Event, Infallible>> {
    let first = Event::default().retry(AGAIN).event("open").data("");
    let rest = stream::unfold(watch, |mut watch| async move {
        let told = watch.next().await?;
        let event = match told {
            Told::Close(page) => Event::default().event("close").data(page.to_string()),
            Told::Over => Event::default().event("over").data(""),
        };
        Some((event, watch))
    });
    stream::once(async move { first }).chain(rest).map(Ok)
}
