//! `POST /sharing/{id}/document`: the signed document, to keep and to check. `POST /sharing/{id}/change`: a new version.

use crate::{
    State,
    destination::Destination,
    pages::answer::{self, Answer, id_of},
    t,
    visit::Visit,
};
use axum::{extract, response::Response};
use domain::id::ConsentId;
use portal::{
    Refusal,
    sharing::{
        document::{self, Form, Words},
        draft,
    },
};

/// The words around the document.
struct Around;

impl Words for Around {
    fn footer(&self) -> String {
        t!("document-consent-footer")
    }

    fn signature(&self) -> String {
        t!("document-consent-signature")
    }

    fn checking(&self) -> String {
        t!("document-consent-checking")
    }

    fn check(&self, fingerprint: &str) -> String {
        t!("document-consent-check", fingerprint = fingerprint)
    }

    fn attached(&self) -> String {
        t!("document-consent-attached")
    }
}

/// `POST /sharing/{id}/document`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to::<(), _, _>(state, request, async move |visit: Visit, fields| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        let form = match fields.text("form").as_str() {
            "pdf" => Form::Pdf,
            "json" => Form::Json,
            _ => return Err(Refusal::BadRequest),
        };
        let bytes = document::take(&visit.portal, &visit.actor, id, form, &Around).await?;
        Ok(Answer::File(answer::attachment(
            form.media_type(),
            form.file_name(),
            bytes,
        )))
    })
    .await
}

/// `POST /sharing/{id}/change`
pub async fn change(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to::<(), _, _>(state, request, async move |visit: Visit, _| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        if !visit.actor.may_sign() {
            return Err(Refusal::NotAvailable);
        }
        let draft = draft::change(&visit.portal, &visit.actor, id).await?;
        Ok(Answer::Go(Destination::SharingStep(draft.next())))
    })
    .await
}
