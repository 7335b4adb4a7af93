//! The layers around the portal's pages, from the outside in:
//!
//! | layer | why it stands there |
//! | --- | --- |
//! | [`client_address`] | everything after it sees who asks, not which proxy |
//! | [`observe`] | an id and a log line for every request, also refused ones |
//! | [`headers`] | on every answer, also refusals and faults |
//! | compression | of every answer but event streams |
//! | [`problem`] | whatever the layers below refuse becomes one of the portal's own pages |
//! | [`panic`] | a panic is a page, not a broken connection |
//! | [`rate`] | before any work is done |
//! | [`timeout`] | a slow body counts too |
//! | [`same_origin`] | every change of state, server functions included |
//! | [`cache`] | nothing but hashed files may be kept |
//! | [`device`] | the cookie by which a browser is known again |
//! | [`body_limit`] | forms are small, documents are not |
//! | [`session`] | the innermost: refused requests never touch the database |

pub mod body_limit;
pub mod cache;
pub mod client_address;
pub mod device;
pub mod headers;
pub mod health;
pub mod observe;
pub mod panic;
pub mod problem;
pub mod rate;
pub mod same_origin;
pub mod session;
pub mod timeout;

use crate::config::{Network, Requests};
use axum::{Router, middleware::from_fn, middleware::from_fn_with_state};
use domain::clock::Clock;
use std::sync::Arc;
use store::entropy::Entropy;
use tower::ServiceBuilder;
use tower_http::compression::{
    CompressionLayer,
    predicate::{DefaultPredicate, NotForContentType, Predicate},
};
use tower_sessions::SessionStore;

pub use body_limit::LARGEST_FORM;

/// What differs between deployments.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether people come by `https`, by this process's TLS or a proxy's.
    pub secure: bool,
    /// The origins whose forms are ours, as browsers write them: `https://records.example.org`.
    pub origins: Vec<String>,
    /// The session cookie.
    pub cookie: session::Cookie,
    /// Limits on requests.
    pub requests: Requests,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
}

/// The surroundings that the layers need.
#[derive(Clone)]
pub struct Surroundings {
    /// The time, for timings in the log.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for request ids.
    pub entropy: Arc<dyn Entropy>,
    /// Makes the page for a problem.
    pub problems: problem::Pages,
    /// Tells whether the database answers.
    pub ready: health::Ready,
}

/// Puts all layers around the pages, and the health endpoints beside them.
pub fn stack<S>(pages: Router, sessions: S, surroundings: Surroundings, options: &Options) -> Router
where
    S: SessionStore + Clone,
{
    let pages = pages.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(surroundings.problems, problem::show))
            .layer(from_fn(panic::catch))
            .layer(rate::layer(options.requests))
            .layer(from_fn_with_state(options.requests.timeout, timeout::limit))
            .layer(from_fn_with_state(
                same_origin::Origins::new(&options.origins),
                same_origin::check,
            ))
            .layer(from_fn(cache::forbid))
            .layer(from_fn_with_state(options.cookie.plain, device::remember))
            .layer(from_fn(body_limit::check))
            .layer(session::layer(sessions, options.cookie)),
    );
    pages.merge(health::routes(surroundings.ready)).layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(
                client_address::TrustedProxies::new(&options.trusted_proxies),
                client_address::find,
            ))
            .layer(from_fn_with_state(
                observe::Observer {
                    clock: surroundings.clock,
                    entropy: surroundings.entropy,
                },
                observe::each,
            ))
            .layer(from_fn_with_state(
                headers::Headers::new(options.secure),
                headers::set,
            ))
            .layer(
                CompressionLayer::new().compress_when(
                    DefaultPredicate::new()
                        .and(NotForContentType::new("application/pdf"))
                        .and(NotForContentType::new("application/zip")),
                ),
            ),
    )
}
