//! `confide serve`

use crate::{
    World,
    cli::Serve,
    config::{self, Config},
    failure::{Exit, Failure},
    http::{self, session::Cookie},
    jobs, logging, serving, wiring,
};
use portal::Portal;
use std::sync::Arc;

/// Serves the portal until asked to stop.
pub async fn run(arguments: Serve, world: &World) -> Result<Exit, Failure> {
    let config = Config::load(arguments.config.as_deref(), &world.variables)?;
    let public = config.public_url_to_serve()?.clone();
    logging::start(config.log_format, &config.log_filter);
    let tls = config.tls.as_ref().map(serving::tls).transpose()?;
    let store = wiring::open_store(&config.storage, world).await?;
    jobs::start(store.clone(), Arc::clone(&world.clock));
    let portal = Portal::new(store, wiring::portal_options(&config));
    let options = http::Options {
        secure: public.scheme() == "https",
        origins: vec![public.origin().ascii_serialization()],
        // Browsers take `Secure` cookies from http://localhost too, so there is no plain one here.
        cookie: Cookie {
            plain: false,
            idle: config.session.idle,
        },
        requests: config.requests,
        trusted_proxies: config.trusted_proxies.clone(),
    };
    let router = wiring::stack(app::State::serve(portal.clone()), &portal, world, &options);
    let listener = serving::bind(config.address)?;
    if config.tls.is_none() && !config.address.ip().is_loopback() && !config::is_loopback(&public) {
        tracing::warn!("listening without TLS: a proxy in front must speak it");
    }
    tracing::info!(address = %config.address, "listening");
    serving::serve(router, listener, tls, serving::asked_to_stop()).await?;
    tracing::info!("stopped");
    Ok(Exit::Done)
}
