//! Changes of state come from our own pages only.
//!
//! No token in forms: browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`), and a page of
//! another site can't forge either. A request that says neither is refused, unlike in the usual middlewares:
//! every browser of the last years sends `Origin` with a form.

use super::problem::Problem;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use std::sync::Arc;

/// The origins whose pages are ours.
#[derive(Clone)]
pub struct Origins(Arc<[String]>);

impl Origins {
    /// These, as browsers write them.
    pub fn new(origins: &[String]) -> Self {
        Self(origins.into())
    }

    fn allow(&self, headers: &HeaderMap) -> bool {
        let origin = only(headers, header::ORIGIN.as_str());
        let site = only(headers, "sec-fetch-site");
        match (origin, site) {
            (Header::One(origin), Header::None) => self.ours(origin),
            // `none`: the person's own doing, such as sending a form again after a restart.
            (Header::One(origin), Header::One(site)) => {
                self.ours(origin) && (site == "same-origin" || site == "none")
            }
            (Header::None, Header::One(site)) => site == "same-origin",
            _ => false,
        }
    }

    fn ours(&self, origin: &HeaderValue) -> bool {
        self.0
            .iter()
            .any(|ours| ours.as_bytes() == origin.as_bytes())
    }
}

enum Header<'a> {
    None,
    One(&'a HeaderValue),
    Many,
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Header<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Header::None,
        (Some(value), None) => Header::One(value),
        (Some(_), Some(_)) => Header::Many,
    }
}

/// Refuses what would change state and doesn't come from us.
pub async fn check(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || origins.allow(request.headers()) {
        next.run(request).await
    } else {
        tracing::warn!("refused: not from one of our pages");
        Problem::Refused.mark()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        Origins::new(&["https://records.example.org".to_owned()]).allow(&map)
    }

    #[test]
    fn ours() {
        assert!(allow(&[("origin", "https://records.example.org")]));
        assert!(allow(&[("sec-fetch-site", "same-origin")]));
        assert!(allow(&[
            ("origin", "https://records.example.org"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(allow(&[
            ("origin", "https://records.example.org"),
            ("sec-fetch-site", "none")
        ]));
    }

    #[test]
    fn not_ours() {
        assert!(!allow(&[]));
        assert!(!allow(&[("origin", "null")]));
        assert!(!allow(&[("origin", "http://records.example.org")]));
        assert!(!allow(&[("origin", "https://records.example.org:8443")]));
        assert!(!allow(&[(
            "origin",
            "https://records.example.org.evil.example"
        )]));
        assert!(!allow(&[("sec-fetch-site", "none")]));
        assert!(!allow(&[("sec-fetch-site", "same-site")]));
        assert!(!allow(&[("sec-fetch-site", "cross-site")]));
        assert!(!allow(&[
            ("origin", "https://records.example.org"),
            ("sec-fetch-site", "cross-site")
        ]));
        assert!(!allow(&[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-origin")
        ]));
        assert!(!allow(&[
            ("origin", "https://records.example.org"),
            ("origin", "https://evil.example")
        ]));
        assert!(!allow(&[("referer", "https://records.example.org/")]));
    }
}
