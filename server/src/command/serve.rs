//! `confide serve`

use crate::{
    World,
    checkpoints::Publisher,
    cli::Serve,
    config::{self, Config},
    failure::{Exit, Failure},
    http::{self, session::Cookie},
    jobs, logging,
    mail::Post,
    memory, serving, wiring,
};
use portal::Portal;

/// Serves the portal until asked to stop.
pub async fn run(arguments: Serve, world: &World) -> Result<Exit, Failure> {
    let config = Config::load(arguments.config.as_deref(), &world.variables)?;
    let public = config.public_url_to_serve()?.clone();
    logging::start(config.log_format, &config.log_filter);
    memory::keep_private();
    serving::allow_many_connections();
    let tls = config.tls.as_ref().map(serving::tls).transpose()?;
    let store = wiring::open_store(&config.storage, world).await?;
    let portal = Portal::new(store, wiring::portal_options(&config));
    let post = config
        .mail
        .as_ref()
        .map(|mail| Post::new(portal.clone(), mail))
        .transpose()?;
    if post.is_none() {
        tracing::warn!("no mail is set up: nobody is told of sign-ins from new devices");
    }
    jobs::start(portal.clone(), post);
    if config.audit.file.is_none() && config.audit.url.is_none() {
        tracing::warn!(
            "checkpoints of the ledger are kept in the database alone: an older copy put in its place would not be noticed"
        );
    }
    Publisher::new(portal.store().clone(), config.audit.clone()).start();
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
    serving::serve(router, listener, tls, wiring::until_stopped(&portal)).await?;
    tracing::info!("stopped");
    Ok(Exit::Done)
}
