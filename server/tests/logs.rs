//! What the process says about itself tells nothing about anybody (docs/logging.md).

use crate::support::{ORIGIN, TestPortal};
use axum::{body::Body, http::Request};
use confide::{config::LogFormat, logging};
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("the log")).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// More than an operator would ever turn on.
const EVERYTHING_OF_OURS: &str =
    "warn,confide=trace,app=trace,portal=trace,store=trace,domain=trace,tower_sessions=trace";

#[tokio::test]
async fn secrets_of_requests_are_not_logged() {
    for (format, filter) in [
        (LogFormat::Text, logging::DEFAULT_FILTER),
        (LogFormat::Json, EVERYTHING_OF_OURS),
    ] {
        let log = Log::default();
        let subscriber = logging::subscriber(format, filter, log.clone());
        let _guard = tracing::subscriber::set_default(subscriber);
        let portal = TestPortal::empty().await;
        for method in ["GET", "POST", "PUT", "SECRET-METHOD"] {
            for origin in [ORIGIN, "https://secret-origin.test"] {
                let request = Request::builder()
                    .method(method)
                    .uri("/records/secret-path?q=secret-query&code=123456")
                    .header("accept", "text/html")
                    .header("origin", origin)
                    .header("cookie", "__Host-confide=secret-cookie")
                    .header("authorization", "Bearer secret-token")
                    .header("user-agent", "secret-agent")
                    .header("referer", "https://secret-referer.test/")
                    .header("x-forwarded-for", "192.0.2.77")
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(Body::from(
                        "sign-in=secret-name%40a.example&password=secret-password",
                    ))
                    .expect("a request");
                portal.send(request).await;
            }
        }
        let text = log.text().to_lowercase();
        assert!(text.contains("answered"), "requests are logged: {text}");
        for secret in ["secret", "123456", "192.0.2.77", "203.0.113.9", "bearer"] {
            assert!(!text.contains(secret), "{secret} in\n{text}");
        }
    }
}

#[tokio::test]
async fn a_journey_is_logged_without_names_or_content() {
    let log = Log::default();
    let subscriber = logging::subscriber(LogFormat::Text, EVERYTHING_OF_OURS, log.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let portal = TestPortal::new().await;
    let person = portal.person("Jordan Reyes").clone();
    let mut somebody = portal.anonymous();
    somebody
        .give_password(&person.sign_in, "wrong-secret-password")
        .await;
    let mut jordan = portal.jordan().await;
    let records = jordan.open_records().await;
    jordan.open_history().await;
    jordan.open_home().await;
    let text = log.text();
    let cookie = jordan.session_cookie().expect("a cookie");
    for secret in [
        person.sign_in.as_str(),
        &person.password,
        &person.totp_secret,
        "wrong-secret-password",
        "Jordan",
        "Reyes",
        "reyes",
        "demo-patient",
        "substance",
        "opioid",
        "HIV",
        cookie,
    ] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    assert!(text.contains("/records"), "the route is: {text}");
    assert!(!records.body.is_empty());
}
