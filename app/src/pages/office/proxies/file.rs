//! `/office/proxies/{id}/documents/{document}`: a document of an application, as a file to keep, for who decides.

use crate::{
    State,
    pages::answer::{self, Answer, id_of},
    visit::Visit,
};
use axum::{extract, response::Response};
use domain::id::{ApplicationId, DocumentId};
use portal::{Refusal, proxies::office};

/// On an answer whose content somebody sent us: the server lets it do nothing.
#[derive(Clone, Copy, Debug)]
pub struct Sandboxed;

/// `POST /office/proxies/{id}/documents/{document}`: each look is written down, so it is asked for by a button.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let path = request.uri().path();
    let (id, document) = (id_of(path, 2), id_of(path, 4));
    answer::to::<(), _, _>(state, request, async move |visit: Visit, _| {
        let id = id.map(ApplicationId).ok_or(Refusal::NotAvailable)?;
        let document = document.map(DocumentId).ok_or(Refusal::NotAvailable)?;
        let file = office::document(&visit.portal, &visit.actor, id, document).await?;
        // To be kept, never shown: nothing in it runs.
        let mut response = answer::attachment(
            file.kind.media_type(),
            file.kind.file_name(),
            file.bytes.to_vec(),
        );
        response.extensions_mut().insert(Sandboxed);
        Ok(Answer::File(response))
    })
    .await
}
