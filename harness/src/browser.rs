//! A browser: a cookie jar, and the manners of one.

use crate::{fault::Fault, form::Form, page::Page, process};
use serde_json::Value;
use std::{
    collections::{BTreeMap, VecDeque},
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};
use ureq::{
    Agent, Body,
    http::{Request, Response, header},
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How many answers a browser remembers, to say what led to an odd one.
const REMEMBERED: usize = 12;
/// The largest answer that is read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Where a browser goes: a server of this machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Site {
    /// What people type, and what a passkey is for.
    pub origin: String,
    /// Where the connections go.
    address: String,
}

impl Site {
    /// The server on this port.
    pub fn on(port: u16) -> Self {
        Self {
            origin: format!("http://localhost:{port}"),
            address: format!("http://127.0.0.1:{port}"),
        }
    }
}

/// A browser.
pub struct Browser {
    site: Site,
    agent: Agent,
    jar: BTreeMap<String, String>,
    trail: VecDeque<String>,
}

impl Browser {
    /// One without cookies.
    pub fn new(site: &Site) -> Self {
        Self {
            site: site.clone(),
            agent: agent(),
            jar: BTreeMap::new(),
            trail: VecDeque::with_capacity(REMEMBERED),
        }
    }

    /// Where it goes.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Gives up its connections: the server was started anew.
    pub fn reconnect(&mut self) {
        self.agent = agent();
    }

    /// Forgets who was signed in.
    pub fn forget(&mut self) {
        self.jar.clear();
    }

    /// The last answers, oldest first: when, where, which request, and where they led.
    pub fn trail(&self) -> String {
        let lines: Vec<&str> = self.trail.iter().map(String::as_str).collect();
        lines.join("\n  ")
    }

    fn remember(&mut self, what: &str) {
        if self.trail.len() == REMEMBERED {
            self.trail.pop_front();
        }
        self.trail.push_back(format!("{} {what}", process::clock()));
    }

    /// An address, without following where it leads.
    pub fn get(&mut self, path: &str) -> Result<Page, Fault> {
        let page = self.look(path)?;
        if page.location.as_deref().is_some_and(is_sign_in) && !is_sign_in(path) {
            return Err(Fault::SignedOut);
        }
        Ok(page)
    }

    /// The same, when being sent to sign in is an answer like others.
    pub fn look(&mut self, path: &str) -> Result<Page, Fault> {
        let request = self.request("GET", path, "text/html");
        self.send(path, request.body(()).map(|it| self.agent.run(it)))
    }

    /// Opens the stream that says when a page must close, and leaves it open; `None`: this account has too many open.
    pub fn listen(&mut self, ticket: &str) -> Result<Option<TcpStream>, Fault> {
        let address = self.site.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        let cookies = self.cookies();
        let request = format!(
            "GET /events?page={ticket} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookies}\r\n\
             accept: text/event-stream\r\nsec-fetch-site: same-origin\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        match &status {
            b"HTTP/1.1 200" => Ok(Some(stream)),
            b"HTTP/1.1 429" => Ok(None),
            other => {
                let status = String::from_utf8_lossy(other);
                Err(Fault::Odd(format!("the stream answered {status}")))
            }
        }
    }

    /// Sends a form, without following where the answer leads.
    pub fn submit(&mut self, form: &Form) -> Result<Page, Fault> {
        let path = form.target().to_owned();
        self.post(&path, "application/x-www-form-urlencoded", form.encoded())
    }

    /// A form's body, as from one of the portal's pages.
    pub fn fields(&mut self, path: &str, fields: &str) -> Result<Page, Fault> {
        let kind = "application/x-www-form-urlencoded";
        self.post(path, kind, fields.to_owned())
    }

    /// JSON, as a script of the portal's sends it; what comes back, where it is JSON.
    pub fn json(&mut self, path: &str, body: &Value) -> Result<(Page, Value), Fault> {
        let page = self
            .post(path, "application/json", body.to_string())?
            .expect(200)?;
        let value = serde_json::from_slice(&page.body).unwrap_or(Value::Null);
        Ok((page, value))
    }

    fn post(&mut self, path: &str, kind: &str, body: String) -> Result<Page, Fault> {
        let request = self
            .request("POST", path, "text/html")
            .header(header::ORIGIN, &self.site.origin)
            .header(header::CONTENT_TYPE, kind);
        let page = self.send(path, request.body(body).map(|it| self.agent.run(it)))?;
        if page.location.as_deref().is_some_and(is_sign_in) && !is_sign_in(path) {
            return Err(Fault::SignedOut);
        }
        Ok(page)
    }

    fn cookies(&self) -> String {
        let pairs: Vec<String> = self
            .jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    fn request(&self, method: &str, path: &str, accept: &str) -> ureq::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.site.address))
            .header(header::ACCEPT, accept)
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, self.cookies())
    }

    fn send(
        &mut self,
        path: &str,
        sent: Result<Result<Response<Body>, ureq::Error>, ureq::http::Error>,
    ) -> Result<Page, Fault> {
        let sent = sent.map_err(|error| Fault::Machine(format!("{path}: {error}")))?;
        let gone = |error: ureq::Error| Fault::Gone(format!("{path}: {error}"));
        if sent.is_err() {
            self.remember(&format!("{path}: no answer"));
        }
        let response = sent.map_err(gone)?;
        let (parts, mut body) = response.into_parts();
        let text = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(ToOwned::to_owned)
        };
        let bytes = body
            .with_config()
            .limit(LARGEST)
            .read_to_vec()
            .map_err(gone)?;
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap_or_default());
        }
        let request = text("x-request-id").unwrap_or_default();
        let location = text("location").filter(|_| parts.status.is_redirection());
        let to = location.as_deref().unwrap_or("nowhere");
        self.remember(&format!(
            "{path}: {}, to {to}, request {request}",
            parts.status
        ));
        Ok(Page {
            path: path.to_owned(),
            status: parts.status.as_u16(),
            request,
            location,
            kind: text("content-type").unwrap_or_default(),
            body: bytes,
        })
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        if value.is_empty() || attributes.to_lowercase().contains("max-age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }
}

fn is_sign_in(path: &str) -> bool {
    path.starts_with("/sign-in") || path.starts_with("/signed-out")
}

fn agent() -> Agent {
    Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .new_agent()
}
