//! `/sharing`: what is open to whom, what is being made, what has ended.

use super::words::{ended_at, recipients, standing};
use crate::{
    components::{
        button::{LinkButton, Loudness, PostButton},
        empty::Empty,
        page_title::PageTitle,
        sharing_grid::Grid,
        table::Table,
        time::{Moment, zone},
    },
    dates,
    destination::Destination,
    t, text,
    visit::{self, AsOf},
};
use domain::{consent::Standing, party::Role};
use leptos::{
    prelude::*,
    server_fn::{ServerFn, ServerFnError},
};
use portal::{
    Refusal, directory,
    sharing::{
        draft::{self, Draft, Step},
        grid,
        standing::{self as consents, Summary},
    },
};

/// The sharing page.
#[component]
pub fn Sharing() -> impl IntoView {
    visit::page(async move |visit| {
        let all = consents::all(&visit.portal, &visit.actor).await?;
        let now = visit.now();
        let draft = draft::current(&visit.portal, &visit.actor).await?;
        let begun = match draft.to.first() {
            None => None,
            Some(to) => {
                let name = directory::recipient(&visit.portal, to).await?;
                Some(view! { <Begun to=recipients(&[name]) draft/> })
            }
        };
        let rows = grid::rows(&all, now);
        let (count, open) = (rows.len(), !rows.is_empty());
        let ended: Vec<Summary> = all
            .into_iter()
            .filter(|summary| summary.now != Standing::Active)
            .collect();
        Ok(view! {
            <PageTitle title=text!("sharing-title")/>
            <h1>{t!("sharing-heading")}</h1>
            <p class="lead">{t!("sharing-count", count = count)}</p>
            <p>
                <LinkButton href=Destination::SharingStep(Step::Who).path()>
                    {t!("sharing-start")}
                </LinkButton>
            </p>
            {begun}
            <h2>{t!("sharing-open-heading")}</h2>
            {open.then(|| view! { <Grid rows/> })}
            {(!open).then(|| view! { <Empty words=t!("sharing-none")/> })}
            <p class="hint">{t!("sharing-treating-hint")}</p>
            <Ended ended/>
            <AsOf at=now/>
        }
        .into_any())
    })
}

/// The draft in progress.
#[component]
fn Begun(to: String, draft: Draft) -> impl IntoView {
    view! {
        <section class="begun" aria-labelledby="begun">
            <h2 id="begun">{t!("sharing-begun-heading")}</h2>
            <p>{t!("sharing-begun", to = to)}</p>
            <div class="actions">
                <LinkButton
                    href=Destination::SharingStep(draft.next()).path()
                    loudness=Loudness::Quiet
                >
                    {t!("sharing-begun-on")}
                </LinkButton>
                <PostButton
                    action=DiscardDraft::PATH
                    fields=vec![("draft", draft.id.to_string())]
                    loudness=Loudness::Link
                >
                    {t!("sharing-begun-discard")}
                </PostButton>
            </div>
        </section>
    }
}

/// Throws the draft away: this one, not one that was begun since.
#[server(prefix = "/api", endpoint = "discard-draft")]
pub async fn discard_draft(
    /// The draft's id.
    draft: String,
) -> Result<(), ServerFnError> {
    visit::act(async move |visit| {
        if visit.actor.role() != Role::Patient {
            return Err(Refusal::NotAvailable);
        }
        let current = draft::current(&visit.portal, &visit.actor).await?;
        if current.id.to_string() == draft {
            draft::discard(&visit.portal, &visit.actor).await?;
        }
        Ok(Destination::Sharing)
    })
    .await
}

/// Consents that are not in force, the newest first.
#[component]
fn Ended(ended: Vec<Summary>) -> impl IntoView {
    (!ended.is_empty()).then(|| {
        let rows = ended
            .into_iter()
            .map(|summary| {
                let consent = &summary.standing.consent;
                let href = Destination::Consent(consent.id.0).path();
                let at = ended_at(&summary.standing.state, &consent.terms);
                let signed = dates::day_in(consent.signature.signed_at, zone());
                vec![
                    view! { <a href=href>{recipients(&summary.to)}</a> }.into_any(),
                    standing(summary.now).into_any(),
                    at.map_or_else(|| ().into_any(), |at| view! { <Moment at/> }.into_any()),
                    dates::day(signed).into_any(),
                ]
            })
            .collect();
        view! {
            <h2>{t!("sharing-ended-heading")}</h2>
            <div class="caption-by-ear">
            <Table
                caption=t!("sharing-ended-caption")
                columns=vec![
                    t!("grid-who"),
                    t!("sharing-ended-how"),
                    t!("sharing-ended-when"),
                    t!("sharing-ended-signed"),
                ]
                rows
            />
            </div>
        }
    })
}
