//! `/session/extend`: "I am still here", asked by the time-out warning.

use crate::{State, visit};
use axum::{
    extract,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Every request that resumes a session touches it; this one does nothing else. 204, or 401 when
/// the session is over.
pub async fn extend(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let status = match visit::of(&state, &parts).await {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(portal::Refusal::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
        Err(_) => StatusCode::UNAUTHORIZED,
    };
    let never_kept = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, [never_kept]).into_response()
}
