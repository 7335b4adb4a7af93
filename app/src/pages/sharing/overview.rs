//! `/sharing`: what is open to whom, what is being made, what has ended.

use super::super::proxies::overview::{Part, Waiting};
use super::attention::Attention;
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
    visit::{self, AsOf, Visit},
};
use domain::{consent::Standing, party::Role};
use leptos::{
    prelude::*,
    server_fn::{ServerFn, ServerFnError},
};
use portal::{
    Refusal, directory,
    proxies::countersign,
    sharing::{
        attention,
        draft::{self, Draft, Step},
        grid,
        standing::{self as consents, Summary},
    },
};
use uuid::Uuid;

/// The sharing page.
#[component]
pub fn Sharing() -> impl IntoView {
    visit::page(async move |visit| {
        let all = consents::all(&visit.portal, &visit.actor).await?;
        let now = visit.now();
        let signs = visit.actor.may_sign();
        let whole = visit.actor.is_whole();
        let waiting = countersign::waiting(&visit.portal, &visit.actor).await?;
        let mut begun = Vec::new();
        for draft in draft::all(&visit.portal, &visit.actor).await? {
            if !draft.to.is_empty() {
                let to = directory::recipients(&visit.portal, &draft.to).await?;
                begun.push((recipients(&to), draft));
            }
        }
        let rows = grid::rows(&visit.portal, &visit.actor, &all).await?;
        let attention = attention::of(&visit.portal, &visit.actor, &all).await?;
        let open = !rows.is_empty();
        let count = all.iter().filter(|one| one.now == Standing::Active).count();
        let views = visit.actor.role() == Role::Patient;
        let ended: Vec<Summary> = all
            .into_iter()
            .filter(|summary| summary.now != Standing::Active)
            .collect();
        Ok(view! {
            <PageTitle title=text!("sharing-title")/>
            <h1>{t!("sharing-heading")}</h1>
            <Part/>
            {whole.then(|| view! { <p class="lead">{t!("sharing-count", count = count)}</p> })}
            {if !signs {
                ().into_any()
            } else if begun.is_empty() {
                view! {
                    <p>
                        <LinkButton href=Destination::SharingStep(Step::Who).path()>
                            {t!("sharing-start")}
                        </LinkButton>
                    </p>
                }
                .into_any()
            } else {
                view! {
                    <PostButton action=BeginDraft::PATH>{t!("sharing-start-another")}</PostButton>
                }
                .into_any()
            }}
            <Begun begun/>
            <Waiting waiting/>
            <h2>{t!("sharing-open-heading")}</h2>
            {open.then(|| view! { <Grid rows views/> })}
            {(!open && whole).then(|| view! { <Empty words=t!("sharing-none")/> })}
            {whole.then(|| view! { <p class="hint">{t!("sharing-treating-hint")}</p> })}
            {views
                .then(|| {
                    view! {
                        <p>
                            <a href=Destination::Restrictions.path()>{t!("sharing-restrictions")}</a>
                        </p>
                    }
                })}
            <Attention all=attention views/>
            <Ended ended/>
            <AsOf at=now/>
        }
        .into_any())
    })
}

/// The drafts in progress, the last kept first.
#[component]
fn Begun(begun: Vec<(String, Draft)>) -> impl IntoView {
    (!begun.is_empty()).then(|| {
        let drafts = begun
            .into_iter()
            .map(|(to, draft)| {
                let words = if draft.replaces.is_some() {
                    t!("sharing-begun-change", to = to.as_str())
                } else {
                    t!("sharing-begun", to = to.as_str())
                };
                let fields = vec![("draft", draft.id.to_string())];
                view! {
                    <li>
                        <p>{words}</p>
                        <div class="actions">
                            <PostButton
                                action=GoOnWithDraft::PATH
                                fields=fields.clone()
                                loudness=Loudness::Quiet
                                label=label(t!("sharing-begun-on"), &to)
                            >
                                {t!("sharing-begun-on")}
                            </PostButton>
                            <PostButton
                                action=DiscardDraft::PATH
                                fields
                                loudness=Loudness::Link
                                label=label(t!("sharing-begun-discard"), &to)
                            >
                                {t!("sharing-begun-discard")}
                            </PostButton>
                        </div>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="begun" aria-labelledby="begun">
                <h2 id="begun">{t!("sharing-begun-heading")}</h2>
                <ul class="plain">{drafts}</ul>
            </section>
        }
    })
}

/// The words of a button with whom it is about, by ear.
fn label(words: String, to: &str) -> String {
    t!("sharing-begun-label", words = words, to = to)
}

/// The draft of that id in a form, for the one who can sign it.
fn draft_id(visit: &Visit, draft: &str) -> Result<Uuid, Refusal> {
    if !visit.actor.may_sign() {
        return Err(Refusal::NotAvailable);
    }
    Uuid::try_parse(draft).map_err(|_| Refusal::BadRequest)
}

/// Begins another draft beside those that are there.
#[server(prefix = "/api", endpoint = "begin-draft")]
pub async fn begin_draft() -> Result<(), ServerFnError> {
    visit::act(async move |visit| {
        if !visit.actor.may_sign() {
            return Err(Refusal::NotAvailable);
        }
        draft::begin(&visit.portal, &visit.actor).await?;
        Ok(Destination::SharingStep(Step::Who))
    })
    .await
}

/// Goes on with a draft.
#[server(prefix = "/api", endpoint = "go-on-with-draft")]
pub async fn go_on_with_draft(
    /// The draft's id.
    draft: String,
) -> Result<(), ServerFnError> {
    visit::act(async move |visit| {
        let id = draft_id(&visit, &draft)?;
        let draft = draft::go_on(&visit.portal, &visit.actor, id).await?;
        Ok(Destination::SharingStep(draft.next()))
    })
    .await
}

/// Throws a draft away.
#[server(prefix = "/api", endpoint = "discard-draft")]
pub async fn discard_draft(
    /// The draft's id.
    draft: String,
) -> Result<(), ServerFnError> {
    visit::act(async move |visit| {
        let id = draft_id(&visit, &draft)?;
        draft::discard(&visit.portal, &visit.actor, id).await?;
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
