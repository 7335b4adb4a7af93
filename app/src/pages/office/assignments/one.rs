//! `/office/assignments/{id}`: who assigned it and why, and the button that ends it.

use super::{last_day, state};
use crate::{
    State,
    components::{
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    dates,
    destination::Destination,
    forms::Fields,
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, Visit},
    words::assignment as words,
};
use axum::{extract, response::Response};
use domain::id::RelationshipId;
use leptos::prelude::*;
use portal::{
    Refusal,
    assignments::{self, Line},
};

/// Shows one.
#[component]
pub fn One() -> impl IntoView {
    let id = id_in(2);
    visit::page(async move |visit: Visit| {
        let id = id.map(RelationshipId).ok_or(Refusal::NotAvailable)?;
        let (line, may_end) = assignments::one(&visit.portal, &visit.actor, id).await?;
        Ok(page(&line, may_end))
    })
}

fn page(line: &Line, may_end: bool) -> AnyView {
    let somebody = |name: Option<&String>| name.cloned().unwrap_or_else(|| t!("history-somebody"));
    let mut rows = vec![
        Row::new(
            t!("assignments-column-who"),
            words::party(line.party.as_ref()),
        ),
        Row::new(t!("assignments-column-patient"), line.patient.clone()),
        Row::new(t!("assignments-column-kind"), words::kind(line.kind)),
        Row::new(t!("assignment-from"), dates::moment(line.span.from, zone())),
        Row::new(t!("assignment-until"), last_day(line)),
        Row::new(t!("assignments-column-state"), state(line)),
        Row::new(t!("assignment-reason"), line.reason.clone()),
        Row::new(t!("assignment-by"), somebody(line.by.as_ref())),
        Row::new(t!("assignment-at"), dates::moment(line.at, zone())),
    ];
    if line.ended_by.is_some() {
        rows.push(Row::new(
            t!("assignment-ended-by"),
            somebody(line.ended_by.as_ref()),
        ));
    }
    let end = may_end.then(|| {
        view! {
            <p>{t!("assignment-end-lead")}</p>
            <form method="post">
                <button class="button danger" type="submit" name="do" value="end">
                    {t!("assignment-end")}
                </button>
            </form>
        }
    });
    view! {
        <PageTitle title=text!("assignment-title")/>
        <p class="back"><a href=Destination::Assignments.path()>{t!("assignments-back")}</a></p>
        <h1>{t!("assignment-heading")}</h1>
        <SummaryList rows/>
        {end}
    }
    .into_any()
}

/// `POST /office/assignments/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(RelationshipId).ok_or(Refusal::NotAvailable)?;
        // Who may only look learns nothing of a form, and what is not there has none.
        assignments::may_assign(&visit.actor)?;
        assignments::one(&visit.portal, &visit.actor, id).await?;
        if fields.text("do") != "end" {
            return Err(Refusal::BadRequest);
        }
        assignments::end(&visit.portal, &visit.actor, id).await?;
        Ok(Answer::<()>::Go(Destination::Assignment(id.0)))
    })
    .await
}
