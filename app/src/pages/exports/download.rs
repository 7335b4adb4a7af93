//! `POST /exports/download`: the file. Decided anew at this moment, logged before it goes out.

use super::Typed;
use crate::{
    State, forms,
    pages::answer,
    visit::{self, Visit},
    words::document::DocumentWords,
};
use axum::{extract, response::Response};
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
        Ok(file) => answer::attachment(
            file.format.media_type(),
            file.format.file_name(),
            file.bytes,
        ),
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
