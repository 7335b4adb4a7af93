//! Headers that tell the browser what these pages may do: almost nothing.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use std::sync::Arc;

/// No source but ourselves, nothing inline, nowhere framed (STACK, "Leptos without client code", 1).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const SECURE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
    upgrade-insecure-requests";
/// For files that people sent us: whatever is in one does nothing, wherever it is opened.
const SANDBOX: &str = "default-src 'none'; sandbox; form-action 'none'; frame-ancestors 'none'; \
    base-uri 'none'";
/// Two years (RFC 6797). Subdomains are not ours to decide about.
const HSTS: &str = "max-age=63072000";
/// Everything off; passkeys need their two here.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), \
    encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
    midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), usb=(), \
    browsing-topics=(), publickey-credentials-create=(self), publickey-credentials-get=(self)";

/// The headers of every answer.
#[derive(Clone)]
pub struct Headers(Arc<[(HeaderName, HeaderValue)]>);

impl Headers {
    /// Those for pages that people reach by `https` (`secure`) or, on this machine only, by `http`.
    pub fn new(secure: bool) -> Self {
        let mut headers = vec![
            (header::REFERRER_POLICY, "same-origin"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (HeaderName::from_static("permissions-policy"), PERMISSIONS),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
            // Health records in a search engine are past mending.
            (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        ];
        if secure {
            headers.push((header::CONTENT_SECURITY_POLICY, SECURE_POLICY));
            headers.push((header::STRICT_TRANSPORT_SECURITY, HSTS));
        } else {
            headers.push((header::CONTENT_SECURITY_POLICY, POLICY));
        }
        Self(
            headers
                .into_iter()
                .map(|(name, value)| (name, HeaderValue::from_static(value)))
                .collect(),
        )
    }
}

/// Sets them, over whatever a handler may have set.
pub async fn set(State(headers): State<Headers>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let sandboxed = response.extensions().get::<app::Sandboxed>().is_some();
    for (name, value) in headers.0.iter() {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    if sandboxed {
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(SANDBOX),
        );
    }
    response
}
