//! The requests that a script sends while it makes or asks for a passkey: JSON in, JSON out.
//!
//! Changes of state like any form's, so the server's same-origin check stands before them; JSON besides, which no
//! form of another site can send.

use crate::{Problem, destination::Destination, problem::report};
use axum::{
    Json,
    body::{Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use portal::Refusal;
use serde::Serialize;

/// The largest answer of a browser, in bytes; attestations are not asked for, so they are small.
const LARGEST: usize = 64 * 1024;

/// What a script is told.
pub(crate) enum Answer {
    /// What the browser needs, as JSON.
    Options(String),
    /// It worked: on to there.
    Go(Destination),
    /// It didn't; the page has the words.
    Refused,
}

/// Where the page goes on.
#[derive(Serialize)]
struct To {
    to: String,
}

/// Reads what was sent and answers.
pub(crate) async fn answer<Doing, Done>(request: Request, doing: Doing) -> Response
where
    Doing: FnOnce(Parts, Bytes) -> Done,
    Done: Future<Output = Result<Answer, Refusal>>,
{
    let (parts, body) = request.into_parts();
    if !is_json(&parts.headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let answer = match doing(parts, body).await {
        Ok(Answer::Options(json)) => json_text(json),
        Ok(Answer::Go(destination)) => to(StatusCode::OK, &destination),
        Ok(Answer::Refused) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        Err(Refusal::SignInFirst) => to(StatusCode::UNAUTHORIZED, &Destination::SignIn),
        Err(Refusal::StepUpFirst) => to(StatusCode::FORBIDDEN, &Destination::Account),
        Err(refusal) => {
            report(&refusal);
            Problem::from(&refusal).status().into_response()
        }
    };
    ([(header::CACHE_CONTROL, "no-store")], answer).into_response()
}

fn to(status: StatusCode, destination: &Destination) -> Response {
    let to = To {
        to: destination.path(),
    };
    (status, Json(to)).into_response()
}

fn json_text(json: String) -> Response {
    let kind = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, kind)], json).into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("application/json"))
}
