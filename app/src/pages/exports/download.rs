//! `POST /exports/download`: the file. Decided anew at this moment, logged before it goes out.

use super::Typed;
use crate::{
    State, forms,
    visit::{self, Visit},
    words::document::DocumentWords,
};
use axum::{
    extract,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use portal::{
    Refusal,
    export::{self, File},
    step_up,
};

/// Answers the file, or leads to confirming it once more.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem_page) => return problem_page,
    };
    let taken = match visit::of(&state, &parts).await {
        Ok(visit) => take(&visit, &Typed::from(&fields)).await,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(file) => attachment(file),
        Err(refusal) => visit::refuse(&state, parts, refusal).await,
    }
}

async fn take(visit: &Visit, typed: &Typed) -> Result<File, Refusal> {
    let Visit {
        portal,
        session,
        actor,
    } = visit;
    let (range, format) = typed.copy().map_err(|_| Refusal::BadRequest)?;
    let words = DocumentWords(portal.options().time_zone);
    let taken = export::own(portal, session, actor, &range, format, &words).await;
    if matches!(taken, Err(Refusal::StepUpFirst)) {
        step_up::ask(session, &export::action(&range, format)).await?;
    }
    taken
}

/// A file to keep, under a name that tells nothing, never kept on the way.
pub(crate) fn attachment(file: File) -> Response {
    let name = format!("attachment; filename=\"{}\"", file.format.file_name());
    let name = HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"));
    (
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static(file.format.media_type()),
            ),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        file.bytes,
    )
        .into_response()
}
