//! `/session/extend`: "I am still here", asked by the time-out warning; `/session/keep`: what was typed when nobody was.

use crate::{State, forms, late, problem::report, visit};
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
    bare(status)
}

/// Takes the form that somebody was typing into as the session ended. 204: it waits for them to sign in again; 409: the
/// session goes on, in another window.
pub async fn keep(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem_page) => return problem_page,
    };
    bare(match late::keep(&state, &parts, &fields).await {
        Ok(true) => StatusCode::NO_CONTENT,
        Ok(false) => StatusCode::CONFLICT,
        Err(refusal) => {
            report(&refusal);
            StatusCode::SERVICE_UNAVAILABLE
        }
    })
}

fn bare(status: StatusCode) -> Response {
    let never_kept = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, [never_kept]).into_response()
}
