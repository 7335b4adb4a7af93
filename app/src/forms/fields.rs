//! The fields of a posted form.

use crate::{Problem, State, late};
use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderMap, header, request::Parts},
    response::Response,
};
use secrecy::SecretString;
use std::fmt;

/// The largest form, in bytes: a consent that names every item of a long record.
const LARGEST: usize = 512 * 1024;
/// The most fields a form may have.
const MOST: usize = 10_000;

/// The fields of a form as they came, in their order. A field that is missing reads as empty, so
/// a page has one kind of error only: its own.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// These, in their order: the fields of a form that has files beside them.
    pub(crate) const fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// A line of text, without the space around it.
    pub fn text(&self, name: &str) -> String {
        self.first(name).trim().to_owned()
    }

    /// Text of several lines, just as typed but with one kind of line end (HTML sends CR LF).
    pub fn lines(&self, name: &str) -> String {
        self.first(name).replace("\r\n", "\n")
    }

    /// All values of a name: a group of checkboxes.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Whether a single checkbox was ticked.
    pub fn checked(&self, name: &str) -> bool {
        self.0.iter().any(|(given, _)| given == name)
    }

    /// A password or code, exactly as typed. It can't be shown again.
    pub fn secret(&self, name: &str) -> SecretString {
        SecretString::from(self.first(name))
    }

    /// Every name and value, in their order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    fn first(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map_or("", |(_, value)| value.as_str())
    }

    fn parse(body: &[u8]) -> Option<Self> {
        let fields: Vec<_> = url::form_urlencoded::parse(body)
            .into_owned()
            .take(MOST + 1)
            .collect();
        (fields.len() <= MOST).then_some(Self(fields))
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Fields([redacted])")
    }
}

/// Reads a posted form. The error is a finished page: not URL-encoded, too large, too many
/// fields, or broken off.
pub async fn read(state: &State, request: Request) -> Result<(Parts, Fields), Response> {
    let (parts, body) = request.into_parts();
    let announced = content_length(&parts.headers);
    let problem = if !is_urlencoded(&parts.headers) {
        Problem::UnreadableForm
    } else if announced.is_some_and(|length| length > LARGEST) {
        Problem::TooLarge
    } else {
        match to_bytes(body, LARGEST)
            .await
            .ok()
            .as_deref()
            .map(Fields::parse)
        {
            Some(Some(fields)) => {
                late::came(state, &parts, &fields).await;
                return Ok((parts, fields));
            }
            Some(None) | None => Problem::UnreadableForm,
        }
    };
    Err(problem.respond(state, parts).await)
}

fn is_urlencoded(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| {
            value
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::{Fields, MOST};
    use secrecy::ExposeSecret;

    #[test]
    fn fields_read_as_typed() {
        let body = b"name=+Ana+%C3%89&segment=hiv&segment=general&ok=on&note=a%0D%0Ab&pass=+x+";
        let fields = Fields::parse(body).expect("a form");
        assert_eq!(fields.text("name"), "Ana É");
        assert_eq!(fields.all("segment"), ["hiv", "general"]);
        assert!(fields.checked("ok") && !fields.checked("other"));
        assert_eq!(fields.lines("note"), "a\nb");
        assert_eq!(fields.secret("pass").expose_secret(), " x ");
        assert_eq!(fields.text("missing"), "");
        assert_eq!(format!("{fields:?}"), "Fields([redacted])");
    }

    #[test]
    fn broken_bodies_are_read_or_refused_but_never_panic() {
        assert!(Fields::parse(b"%%%=%zz&&&=&\xff\xfe").is_some());
        assert!(Fields::parse("a&".repeat(MOST + 1).as_bytes()).is_none());
    }
}
