//! TLS as this process speaks it: HTTP/1.1 and 2, the certificate that is configured, and nothing in clear.

use crate::support::TestPortal;
use confide::{config::Tls, failure::Exit, serving};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::oneshot;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/tls")
        .join(name)
}

fn files() -> Tls {
    Tls {
        certificate: file("localhost.pem"),
        key: file("localhost.key.pem"),
    }
}

/// Says hello with these protocols; what was agreed, and the answer to a request by HTTP/1.1.
fn ask(address: SocketAddr, protocols: &[&[u8]]) -> (Option<Vec<u8>>, String) {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(file("localhost.pem")).expect("a certificate"))
        .expect("a root");
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(
        connection,
        TcpStream::connect(address).expect("a connection"),
    );
    stream
        .write_all(b"GET /help HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
        .expect("sent");
    let agreed = stream.conn.alpn_protocol().map(<[u8]>::to_vec);
    let mut answer = Vec::new();
    // A connection that ends without a farewell is fine here.
    let _ = stream.read_to_end(&mut answer);
    (agreed, String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serves_by_tls_and_stops_when_asked() {
    let portal = TestPortal::empty().await;
    let listener = serving::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a socket");
    let address = listener.local_addr().expect("an address");
    let tls = serving::tls(&files())
        .map_err(|failure| failure.message)
        .expect("TLS");
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serving::serve(
        portal.router(),
        listener,
        Some(tls),
        async {
            let _ = stopped.await;
        },
    ));
    tokio::task::spawn_blocking(move || {
        let (agreed, answer) = ask(address, &[b"http/1.1"]);
        assert_eq!(agreed.as_deref(), Some(&b"http/1.1"[..]));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("strict-transport-security"), "{answer}");
        let (agreed, _) = ask(address, &[b"h2", b"http/1.1"]);
        assert_eq!(agreed.as_deref(), Some(&b"h2"[..]));
        let mut plain = TcpStream::connect(address).expect("a connection");
        plain
            .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .expect("sent");
        let mut answer = String::new();
        let _ = plain.read_to_string(&mut answer);
        assert!(!answer.contains("HTTP/1.1 200"), "{answer}");
    })
    .await
    .expect("the client's side");
    stop.send(()).expect("still serving");
    let ended = tokio::time::timeout(std::time::Duration::from_secs(15), serving).await;
    assert!(ended.expect("in time").expect("no panic").is_ok());
}

#[test]
fn files_that_do_not_fit_are_named() {
    for (certificate, key, named) in [
        ("none.pem", "localhost.key.pem", "none.pem"),
        (
            "localhost.key.pem",
            "localhost.key.pem",
            "localhost.key.pem",
        ),
        ("localhost.pem", "none.pem", "none.pem"),
        ("localhost.pem", "localhost.pem", "localhost.pem"),
        ("localhost.pem", "other.key.pem", "other.key.pem"),
    ] {
        let failure = serving::tls(&Tls {
            certificate: file(certificate),
            key: file(key),
        })
        .expect_err("a fault");
        assert_eq!(failure.exit, Exit::Environment);
        assert!(failure.message.contains(named), "{}", failure.message);
    }
}
