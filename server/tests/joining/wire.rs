//! A browser for a process that really serves: HTTP over a socket, with a cookie jar.

use crate::support::{Form, Page};
use axum::{body::Body, http::Response};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A browser on this machine.
pub struct Wire {
    port: u16,
    jar: BTreeMap<String, String>,
}

impl Wire {
    /// For the portal at this port.
    pub fn new(port: u16) -> Self {
        Self {
            port,
            jar: BTreeMap::new(),
        }
    }

    /// An address.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, "").await
    }

    /// Sends a form.
    pub async fn submit(&mut self, form: &Form) -> Page {
        self.send("POST", form.target(), &form.encoded()).await
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) -> Page {
        let origin = format!("http://localhost:{}", self.port);
        let cookies: Vec<String> = self
            .jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = format!(
            "{method} {path} HTTP/1.0\r\nHost: localhost:{}\r\nAccept: text/html\r\nOrigin: {origin}\r\n\
            Sec-Fetch-Site: same-origin\r\nCookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
            Content-Length: {}\r\n\r\n{body}",
            self.port,
            cookies.join("; "),
            body.len(),
        );
        let mut connection =
            TcpStream::connect(("127.0.0.1", self.port)).expect("somebody listens");
        connection
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a limit");
        connection.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).expect("an answer");
        let end = answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("the end of the headers");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let mut lines = head.lines();
        let status: u16 = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|status| status.parse().ok())
            .expect("a status");
        let mut response = Response::builder().status(status);
        for line in lines {
            let (name, value) = line.split_once(": ").expect("a header");
            if name.eq_ignore_ascii_case("set-cookie") {
                let pair = value.split(';').next().unwrap_or(value);
                let (name, value) = pair.split_once('=').expect("a cookie");
                self.jar.insert(name.to_owned(), value.to_owned());
            }
            response = response.header(name, value);
        }
        let body = Body::from(answer[end + 4..].to_vec());
        Page::read(path.to_owned(), response.body(body).expect("a response")).await
    }
}
