//! The cookie by which a browser is known again where somebody signed in from it before (LAW F6). What it is for, and
//! what it holds, is `portal::devices`'; alone it opens nothing.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use portal::devices::DeviceCookie;
use tower_sessions::cookie::{Cookie, SameSite};

/// The name of the cookie; for the prefix see [`super::session::NAME`].
pub const NAME: &str = "__Host-confide-device";
/// The name in the demo.
pub const DEMO_NAME: &str = "confide-device";
/// How long a browser keeps it. Each sign-in begins the time anew.
const A_YEAR: time::Duration = time::Duration::days(365);

/// Hands the cookie to the pages, and sets it when signing in says so. `plain`: the demo's, without `Secure`.
pub async fn remember(State(plain): State<bool>, mut request: Request, next: Next) -> Response {
    let name = if plain { DEMO_NAME } else { NAME };
    let cookie = DeviceCookie::came(value(request.headers(), name));
    request.extensions_mut().insert(cookie.clone());
    let mut response = next.run(request).await;
    if let Some(value) = cookie.goes()
        && let Ok(header) = HeaderValue::try_from(written(name, value, plain))
    {
        response.headers_mut().append(header::SET_COOKIE, header);
    }
    response
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(given, _)| *given == name)
        .map(|(_, value)| value)
}

fn written(name: &str, value: String, plain: bool) -> String {
    Cookie::build((name.to_owned(), value))
        .path("/")
        .http_only(true)
        .secure(!plain)
        .same_site(SameSite::Lax)
        .max_age(A_YEAR)
        .build()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::{value, written};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn the_value_of_that_name_only() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a-device=1; device=2;device=3"),
        );
        assert_eq!(value(&headers, "device"), Some("2"));
        assert_eq!(value(&headers, "other"), None);
    }

    #[test]
    fn as_closed_as_browsers_allow() {
        assert_eq!(
            written("device", "x".to_owned(), false),
            "device=x; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"
        );
        assert!(!written("device", "x".to_owned(), true).contains("Secure"));
    }
}
