//! Listening, TLS, and stopping without dropping anybody's answer.

use crate::{config::Tls, failure::Failure};
use axum::Router;
use axum_server::{Handle, tls_rustls::RustlsConfig};
use hyper_util::rt::TokioTimer;
use rustix::process::{Resource, getrlimit, setrlimit};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    time::Duration,
};

/// How long requests may take to finish after the process was asked to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long a client may take to send its headers.
const HEADERS: Duration = Duration::from_secs(15);

/// A socket that is bound, so that the port is known before anything is announced.
///
/// # Errors
/// When it can't be had: in use, or not allowed.
pub fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
        .map_err(|error| Failure::environment(format!("{address}: can't listen here: {error}")))
}

/// As many open files as the system lets this process have: each open page holds a connection, and what a process starts with
/// is often no more than 1,024.
pub fn allow_many_connections() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if setrlimit(Resource::Nofile, limit).is_err() {
        tracing::warn!("the limit of open files stays as it is");
    }
}

/// Certificate and key, ready to use.
///
/// # Errors
/// When a file can't be read, holds nothing of the kind, or the two don't belong together.
pub fn tls(files: &Tls) -> Result<RustlsConfig, Failure> {
    let fault =
        |path: &Path, what: &str| Failure::environment(format!("{}: {what}", path.display()));
    let certificates: Vec<_> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(|_| fault(&files.certificate, "can't be read as PEM certificates"))?;
    if certificates.is_empty() {
        return Err(fault(&files.certificate, "holds no certificate"));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|_| fault(&files.key, "can't be read as a PEM private key"))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Failure::environment("TLS can't be set up"))?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(|_| fault(&files.key, "does not belong to the certificate"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

/// Serves until asked to stop.
///
/// # Errors
/// When the socket breaks.
pub async fn serve(
    router: Router,
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    let handle = Handle::new();
    tokio::spawn({
        let handle = handle.clone();
        async move {
            stop.await;
            tracing::info!("stopping");
            handle.graceful_shutdown(Some(GRACE));
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = match tls {
        None => match axum_server::from_tcp(listener) {
            Ok(mut server) => {
                bound_waiting(server.http_builder());
                server.handle(handle).serve(service).await
            }
            Err(error) => Err(error),
        },
        Some(tls) => match axum_server::from_tcp_rustls(listener, tls) {
            Ok(mut server) => {
                bound_waiting(server.http_builder());
                server.handle(handle).serve(service).await
            }
            Err(error) => Err(error),
        },
    };
    served.map_err(|error| Failure::environment(format!("can't go on serving: {error}")))
}

/// Clients that never finish their headers, or hold connections that are dead, are let go.
fn bound_waiting(
    builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>,
) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_secs(30)))
        .max_concurrent_streams(64);
}

/// Waits for SIGTERM or SIGINT.
pub async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
