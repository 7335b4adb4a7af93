//! How large a body may be: forms are small; the one page that takes documents takes more.

use super::problem::Problem;
use axum::{
    body::Body,
    extract::Request,
    http::{Method, header},
    middleware::Next,
    response::Response,
};
use http_body_util::Limited;

/// The largest body of a form, in bytes.
pub const LARGEST_FORM: usize = 64 * 1024;

/// The largest body at an address. Only what the address is for counts: what comes is read by nobody before it is known
/// who sends it.
fn largest(request: &Request) -> usize {
    let uploads = request.method() == Method::POST && request.uri().path() == app::UPLOADS;
    if uploads {
        app::LARGEST_UPLOAD
    } else {
        LARGEST_FORM
    }
}

/// Refuses a body that says it is larger, and cuts off one that turns out to be.
pub async fn check(request: Request, next: Next) -> Response {
    let largest = largest(&request);
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > largest) {
        return Problem::TooLarge.mark();
    }
    let request = request.map(|body| Body::new(Limited::new(body, largest)));
    next.run(request).await
}
