//! The errors a person sees: one closed set, each with a plain sentence and a way on (UX).

use crate::{
    State, components::page_title::PageTitle, i18n::Text, render::render_instead, t, text,
};
use axum::{
    http::{StatusCode, request::Parts},
    response::Response,
};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use portal::Refusal;

/// What went wrong, as far as the person is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Missing, denied, or somebody else's: one and the same page for all three, so that it
    /// tells nothing about which.
    Missing,
    /// A form that isn't one of ours: wrong media type, too many fields.
    UnreadableForm,
    /// A form or file larger than we take.
    TooLarge,
    /// The request came from another site, or from a page that was open for too long.
    Refused,
    /// Too many tries in a short time.
    TooMany,
    /// Not possible now: the store, the ledger or a worker can't be used, so nothing is shown.
    Unavailable,
    /// A fault of ours.
    Fault,
}

impl Problem {
    /// The status of the response.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Missing => StatusCode::NOT_FOUND,
            Self::UnreadableForm => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The heading.
    pub fn heading(self) -> Text {
        match self {
            Self::Missing => text!("problem-missing-heading"),
            Self::UnreadableForm => text!("problem-unreadable-heading"),
            Self::TooLarge => text!("problem-large-heading"),
            Self::Refused => text!("problem-refused-heading"),
            Self::TooMany => text!("problem-many-heading"),
            Self::Unavailable => text!("problem-unavailable-heading"),
            Self::Fault => text!("problem-fault-heading"),
        }
    }

    /// What to do about it.
    pub fn advice(self) -> Text {
        match self {
            Self::Missing => text!("problem-missing-advice"),
            Self::UnreadableForm => text!("problem-unreadable-advice"),
            Self::TooLarge => text!("problem-large-advice"),
            Self::Refused => text!("problem-refused-advice"),
            Self::TooMany => text!("problem-many-advice"),
            Self::Unavailable => text!("problem-unavailable-advice"),
            Self::Fault => text!("problem-fault-advice"),
        }
    }

    /// The problem that a status of a server function stands for.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        [
            Self::Missing,
            Self::UnreadableForm,
            Self::TooLarge,
            Self::Refused,
            Self::TooMany,
            Self::Unavailable,
        ]
        .into_iter()
        .find(|problem| problem.status() == status)
        .unwrap_or(Self::Fault)
    }

    /// The problem's page as a response.
    pub async fn respond(self, state: &State, parts: Parts) -> Response {
        render_instead(state, parts, move || {
            view! { <ProblemPage problem=self/> }.into_any()
        })
        .await
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            // The last three lead elsewhere before they come to a page of their own.
            Refusal::NotAvailable
            | Refusal::SignInFirst
            | Refusal::StepUpFirst
            | Refusal::ActingEnded => Self::Missing,
            Refusal::BadRequest => Self::UnreadableForm,
            Refusal::Unavailable(_) => Self::Unavailable,
        }
    }
}

/// Writes the inner cause of a refusal to the log, where there is one. Errors of the portal and
/// the store tell places, never content.
pub(crate) fn report(refusal: &Refusal) {
    if let Refusal::Unavailable(cause) = refusal {
        tracing::error!(%cause, "not possible now");
    }
}

/// A problem in place of a page; sets the status. A page that has nothing to show, for whatever
/// reason, shows `<ProblemPage problem=Problem::Missing/>`.
#[component]
pub fn ProblemPage(
    /// Which.
    problem: Problem,
) -> impl IntoView {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(problem.status());
    }
    view! {
        <PageTitle title=problem.heading()/>
        <h1>{problem.heading().to_string()}</h1>
        <p>{problem.advice().to_string()}</p>
        <p>
            <a href="/">{t!("problem-way-on")}</a>
        </p>
    }
}
