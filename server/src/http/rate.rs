//! How much one client may ask. Sign-in has limits of its own, kept in the database; this one keeps a single
//! address from taking the whole server.

use super::problem::Problem;
use crate::config::Requests;
use axum::{body::Body, extract::ConnectInfo, http::header};
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tower_governor::{
    GovernorError, GovernorLayer,
    governor::{GovernorConfig, GovernorConfigBuilder},
    key_extractor::KeyExtractor,
};

type NoHeaders = governor::middleware::NoOpMiddleware;

/// How often buckets of clients that are gone are dropped.
const TIDY: Duration = Duration::from_mins(1);

/// Limits requests by address; refuses with [`Problem::TooMany`].
pub fn layer(limits: Requests) -> GovernorLayer<ByClient, NoHeaders, Body> {
    let config = Arc::new(config(limits));
    let limiter = Arc::downgrade(config.limiter());
    // Only inside a runtime; elsewhere (a test that never sends a request) nothing grows.
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(async move {
            loop {
                tokio::time::sleep(TIDY).await;
                let Some(limiter) = limiter.upgrade() else {
                    return;
                };
                limiter.retain_recent();
            }
        });
    }
    GovernorLayer::new(config).error_handler(|error| {
        let mut response = Problem::TooMany.mark();
        if let GovernorError::TooManyRequests { wait_time, .. } = error {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, wait_time.max(1).into());
        }
        response
    })
}

fn config(limits: Requests) -> GovernorConfig<ByClient, NoHeaders> {
    // One token comes back after this period; neither number is zero (the configuration is checked).
    let period = Duration::from_secs(1) / limits.per_second.max(1);
    GovernorConfigBuilder::default()
        .key_extractor(ByClient)
        .period(period.max(Duration::from_nanos(1)))
        .burst_size(limits.burst.max(1))
        .finish()
        .unwrap_or_else(|| unreachable!("neither burst nor period is zero"))
}

/// The client's address; for IPv6 its network of 64 bits, of which one household or one machine has a whole one.
#[derive(Clone, Copy, Debug)]
pub struct ByClient;

impl KeyExtractor for ByClient {
    type Key = IpAddr;

    fn extract<T>(&self, request: &axum::http::Request<T>) -> Result<IpAddr, GovernorError> {
        Ok(request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |info| {
                bucket(info.0.ip())
            }))
    }
}

fn bucket(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}
