//! Who came with a request, and what a refusal of the portal becomes on the screen.
//!
//! A page that shows something of somebody's is a component that is [`page`]:
//!
//! ```no_run
//! # use app::visit;
//! # use leptos::prelude::*;
//! #[component]
//! pub fn Home() -> impl IntoView {
//!     visit::page(async |visit| {
//!         let home = portal::home::open(&visit.portal, &visit.actor).await?;
//!         let agreements = home.sharing.len();
//!         Ok(view! { <p>{agreements}</p> }.into_any())
//!     })
//! }
//! ```
//!
//! A `POST` handler calls [`of`], a server function [`act`].

use crate::{
    Problem, State,
    components::time::zone,
    dates,
    destination::Destination,
    problem::{ProblemPage, report},
    t,
};
use axum::{
    extract::ConnectInfo,
    http::{header, request::Parts},
    response::Response,
};
use domain::{clock::Instant, id::RequestId};
use leptos::{prelude::*, server_fn::ServerFnError};
use leptos_axum::ResponseOptions;
use portal::{
    Portal, Refusal,
    actor::Actor,
    caller::{Caller, Network},
    devices::{Agent, DeviceCookie},
    refusal::Cause,
    session,
};
use std::{fmt, future::Future, net::SocketAddr, sync::Arc};
use tower_sessions::Session;

/// A request of somebody who has signed in with both factors. Cheap to clone.
#[derive(Clone)]
pub struct Visit {
    /// The journeys.
    pub portal: Portal,
    /// The session.
    pub session: Session,
    /// Who acts.
    pub actor: Arc<Actor>,
}

impl Visit {
    /// The present instant.
    pub fn now(&self) -> Instant {
        self.portal.now()
    }
}

impl fmt::Debug for Visit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Visit([redacted])")
    }
}

/// Who came, as a page finds it in its context.
#[derive(Clone, Debug)]
pub(crate) enum Arrival {
    /// Somebody who is signed in.
    SignedIn(Visit),
    /// Nobody who is.
    SignedOut,
    /// Somebody who acted for a patient and may not any more; the next page says so.
    ActingEnded,
    /// The session could not be read; the cause is in the log.
    Failed,
}

impl Arrival {
    /// Reads the session of a request.
    pub(crate) async fn of(state: &State, parts: &Parts) -> Self {
        match resume(state, parts).await {
            Ok(Some(visit)) => Self::SignedIn(visit),
            Ok(None) => Self::SignedOut,
            Err(Refusal::ActingEnded) => Self::ActingEnded,
            Err(refusal) => {
                report(&refusal);
                Self::Failed
            }
        }
    }

    fn visit(self) -> Result<Visit, Refusal> {
        match self {
            Self::SignedIn(visit) => Ok(visit),
            Self::SignedOut => Err(Refusal::SignInFirst),
            Self::ActingEnded => Err(Refusal::ActingEnded),
            Self::Failed => Err(Refusal::Unavailable(Cause::Session)),
        }
    }
}

/// The session of a request. A server without a session layer has nobody signed in.
pub fn session(parts: &Parts) -> Option<Session> {
    parts.extensions.get::<Session>().cloned()
}

/// What came with a request besides its form, for signing in.
///
/// # Errors
/// When the server has no session layer.
pub fn caller(parts: &Parts) -> Result<Caller, Refusal> {
    let agent = parts.headers.get(header::USER_AGENT);
    Ok(Caller {
        session: session(parts).ok_or(Refusal::Unavailable(Cause::Session))?,
        request: request_id(parts),
        device: parts
            .extensions
            .get::<DeviceCookie>()
            .cloned()
            .unwrap_or_default(),
        network: network(parts),
        agent: agent
            .and_then(|value| value.to_str().ok())
            .map(Agent::read)
            .unwrap_or_default(),
    })
}

/// The network a request came from.
pub fn network(parts: &Parts) -> Option<Network> {
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| Network::of(info.0.ip()))
}

/// The id that the server gave to the request.
pub fn request_id(parts: &Parts) -> Option<RequestId> {
    parts.extensions.get::<RequestId>().copied()
}

async fn resume(state: &State, parts: &Parts) -> Result<Option<Visit>, Refusal> {
    let Some(session) = session(parts) else {
        return Ok(None);
    };
    let actor = session::resume(state.portal(), &session, request_id(parts)).await?;
    Ok(actor.map(|actor| Visit {
        portal: state.portal().clone(),
        session,
        actor: Arc::new(actor),
    }))
}

/// Who came, for a `POST` handler.
///
/// # Errors
/// [`Refusal::SignInFirst`], or the session could not be read.
pub async fn of(state: &State, parts: &Parts) -> Result<Visit, Refusal> {
    resume(state, parts).await?.ok_or(Refusal::SignInFirst)
}

/// Who came, within a page or a server function.
///
/// # Errors
/// [`Refusal::SignInFirst`], or the session could not be read.
pub fn visit() -> Result<Visit, Refusal> {
    use_context::<Arrival>()
        .unwrap_or(Arrival::SignedOut)
        .visit()
}

/// A page for somebody who is signed in, made of what the portal answers. What is refused
/// becomes its problem's page, or leads to signing in or to stepping up.
pub fn page<Making, Made>(make: Making) -> impl IntoView
where
    Making: FnOnce(Visit) -> Made + Send + 'static,
    Made: Future<Output = Result<AnyView, Refusal>> + Send + 'static,
{
    open(async move { make(visit()?).await })
}

/// A page made of what the portal answers, whoever looks.
pub fn open<Made>(made: Made) -> impl IntoView
where
    Made: Future<Output = Result<AnyView, Refusal>> + Send + 'static,
{
    Suspend::new(async move {
        match made.await {
            Ok(view) => view,
            Err(refusal) => refused(&refusal),
        }
    })
}

/// The outcome of a server function: where it leads, or what was refused.
///
/// # Errors
/// None; the type is what server functions return.
pub async fn act<Doing, Done>(doing: Doing) -> Result<(), ServerFnError>
where
    Doing: FnOnce(Visit) -> Done,
    Done: Future<Output = Result<Destination, Refusal>>,
{
    answer(async { doing(visit()?).await }).await
}

/// The same, whoever asks.
///
/// # Errors
/// None; the type is what server functions return.
pub async fn answer(
    done: impl Future<Output = Result<Destination, Refusal>>,
) -> Result<(), ServerFnError> {
    match done
        .await
        .or_else(|refusal| elsewhere(&refusal).ok_or(refusal))
    {
        Ok(destination) => destination.go(),
        Err(refusal) => {
            report(&refusal);
            if let Some(options) = use_context::<ResponseOptions>() {
                options.set_status(Problem::from(&refusal).status());
            }
        }
    }
    Ok(())
}

/// What a `POST` handler answers to a refusal.
pub async fn refuse(state: &State, parts: Parts, refusal: Refusal) -> Response {
    if let Some(destination) = elsewhere(&refusal) {
        return destination.see_other();
    }
    report(&refusal);
    Problem::from(&refusal).respond(state, parts).await
}

/// Leads from within a page to another: what was asked for is not for this person, or elsewhere.
pub fn lead(destination: &Destination) -> AnyView {
    destination.go();
    ().into_any()
}

/// "This page was true at …": under every page that shows something of a record.
#[component]
pub fn AsOf(
    /// When.
    at: Instant,
) -> impl IntoView {
    let words = t!("date-as-of", time = dates::time(at, zone()));
    view! { <p class="as-of">{words}</p> }
}

/// A refusal in place of a page.
fn refused(refusal: &Refusal) -> AnyView {
    if let Some(destination) = elsewhere(refusal) {
        return lead(&destination);
    }
    report(refusal);
    let problem = Problem::from(refusal);
    view! { <ProblemPage problem/> }.into_any()
}

/// Where a refusal leads, when there is something to do first.
fn elsewhere(refusal: &Refusal) -> Option<Destination> {
    match refusal {
        Refusal::SignInFirst => Some(Destination::SignIn),
        Refusal::StepUpFirst => Some(Destination::StepUp),
        Refusal::ActingEnded => Some(Destination::ActingEnded),
        Refusal::NotAvailable | Refusal::BadRequest | Refusal::Unavailable(_) => None,
    }
}
