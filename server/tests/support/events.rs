//! What a page's script hears: the stream of server-sent events, read as it comes.

use super::{Browser, Page};
use axum::{
    body::{Body, BodyDataStream},
    http::{Request, StatusCode},
};
use futures::StreamExt;
use std::time::Duration;

/// A stream that is open.
pub struct Events {
    body: BodyDataStream,
    /// Everything that came, byte for byte.
    pub raw: String,
    read: usize,
}

impl Events {
    /// The next event and its data, if one comes in time. What only keeps the connection alive is none.
    pub async fn next(&mut self, within: Duration) -> Option<(String, String)> {
        tokio::time::timeout(within, self.event()).await.ok()?
    }

    async fn event(&mut self) -> Option<(String, String)> {
        loop {
            if let Some(end) = self.raw[self.read..].find("\n\n") {
                let text = self.raw[self.read..self.read + end].to_owned();
                self.read += end + 2;
                let field = |name: &str| {
                    text.lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(|value| value.trim().to_owned())
                };
                if let Some(event) = field("event:") {
                    return Some((event, field("data:").unwrap_or_default()));
                }
                continue;
            }
            let bytes = self.body.next().await?.expect("a whole stream");
            self.raw
                .push_str(std::str::from_utf8(&bytes).expect("text"));
        }
    }
}

impl Browser<'_> {
    /// Opens the stream for these pages.
    pub async fn events(&self, pages: &[&Page]) -> Events {
        let tickets: Vec<&str> = pages
            .iter()
            .map(|page| page.ticket.as_deref().expect("a ticket"))
            .collect();
        self.listen(&tickets).await.expect("a stream")
    }

    /// The same for any tickets; the status, when it is no stream.
    pub async fn listen(&self, tickets: &[&str]) -> Result<Events, StatusCode> {
        let asked: Vec<String> = tickets.iter().map(|one| format!("page={one}")).collect();
        let request = Request::get(format!("/events?{}", asked.join("&")))
            .header("accept", "text/event-stream")
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty())
            .expect("a request");
        let response = self.portal().respond(self.with_cookies(request)).await;
        if response.status() != StatusCode::OK {
            return Err(response.status());
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers().get("content-encoding").is_none());
        assert!(response.headers().get("set-cookie").is_none());
        let mut events = Events {
            body: response.into_body().into_data_stream(),
            raw: String::new(),
            read: 0,
        };
        let first = events.next(Duration::from_secs(5)).await;
        assert_eq!(first.expect("it opens").0, "open");
        Ok(events)
    }
}
