//! What the forms of sharing and of charts have in common: who came, what was sent, and three ways to answer.

use crate::{
    State,
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    text,
    visit::{self, Visit},
};
use axum::{
    extract::Request,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::prelude::use_context;
use portal::Refusal;
use uuid::Uuid;

/// How a form is answered.
pub enum Answer<T> {
    /// It worked: on to there.
    Go(Destination),
    /// Something is to be corrected.
    Again(FormState<T>),
    /// Nothing is wrong, and the same page is shown with what was sent: it says more about it.
    Still(FormState<T>),
    /// A file.
    File(Response),
}

/// What a form that asks for a code keeps of it: nothing, a code is never shown again.
#[derive(Clone, Default)]
pub struct Code;

/// The same form again: the code was not taken, whatever was wrong with it.
pub fn code_refused() -> FormState<Code> {
    let mut errors = Errors::default();
    errors.add("code", text!("verify-refused"));
    FormState {
        values: Code,
        errors,
    }
}

/// Reads who came and what was sent, and answers.
pub async fn to<T, Doing, Done>(state: State, request: Request, doing: Doing) -> Response
where
    T: Clone + Send + Sync + 'static,
    Doing: FnOnce(Visit, Fields) -> Done,
    Done: Future<Output = Result<Answer<T>, Refusal>>,
{
    let (parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem_page) => return problem_page,
    };
    let outcome = match visit::of(&state, &parts).await {
        Ok(visit) => doing(visit, fields).await,
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(Answer::Go(destination)) => destination.see_other(),
        Ok(Answer::Again(form)) => forms::again(&state, parts, form).await,
        Ok(Answer::Still(form)) => forms::still(&state, parts, form).await,
        Ok(Answer::File(response)) => response,
        Err(refusal) => visit::refuse(&state, parts, refusal).await,
    }
}

/// A file to keep, under a name that tells nothing and with quotes in none; never kept on the way.
pub fn attachment(
    media_type: &'static str,
    file_name: &'static str,
    bytes: impl Into<Vec<u8>>,
) -> Response {
    let disposition = format!("attachment; filename=\"{file_name}\"");
    let disposition =
        HeaderValue::try_from(disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, bytes.into()).into_response()
}

/// The id at this place of a path, counted from 0: `/sharing/{id}` has it at 1.
pub fn id_of(path: &str, place: usize) -> Option<Uuid> {
    path.split('/')
        .skip(1)
        .nth(place)
        .and_then(|id| Uuid::try_parse(id).ok())
}

/// The id at this place of the page's path.
pub fn id_in(place: usize) -> Option<Uuid> {
    use_context::<Parts>().and_then(|parts| id_of(parts.uri.path(), place))
}
