//! `POST /access-history/proof`: the file that proves one line of the history.

use super::answer::{self, Answer};
use crate::{
    State,
    components::button::{Loudness, PostButton},
    t,
    visit::Visit,
};
use axum::{extract, response::Response};
use leptos::prelude::*;
use portal::{Refusal, line_proof};

/// Where the form goes.
pub const PATH: &str = "/access-history/proof";

/// The button beside a line.
#[component]
pub fn ProveLine(
    /// The entry's place in the chain.
    entry: u64,
    /// What the line says, for who can't see the row.
    line: String,
) -> impl IntoView {
    let fields = vec![("entry", entry.to_string())];
    view! {
        <PostButton
            action=PATH
            fields
            loudness=Loudness::Link
            label=t!("line-proof-button-label", line = line)
        >
            {t!("line-proof-button")}
        </PostButton>
    }
}

/// Answers the file.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to::<(), _, _>(state, request, async move |visit: Visit, fields| {
        let entry = fields
            .text("entry")
            .parse()
            .map_err(|_| Refusal::BadRequest)?;
        let bytes = line_proof::take(&visit.portal, &visit.actor, entry).await?;
        Ok(Answer::File(answer::attachment(
            "application/json",
            line_proof::FILE_NAME,
            bytes,
        )))
    })
    .await
}
