//! Nothing of a person may stay in a cache, neither the browser's nor one on the way (RFC 9111 §5.2.2.5).

use axum::{
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Marks every answer `no-store`, except files whose address changes with their content.
pub async fn forbid(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let hashed_file = app::assets::ALL.iter().any(|asset| asset.path == path);
    let mut response = next.run(request).await;
    if !(hashed_file && response.status().is_success()) {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
