//! `/sharing/new/items`: single items in or out.

use super::{
    entry::{Entry, day},
    steps::{self, Reached, StepsOf},
};
use crate::{
    State,
    components::{
        page_title::PageTitle,
        pagination::{Pagination, asked},
    },
    destination::Destination,
    i18n::kind_name,
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::id::ItemId;
use leptos::prelude::*;
use portal::Shown;
use portal::{
    Refusal,
    disclosure::Listed,
    records,
    session::Filter,
    sharing::{
        draft::{self, Draft, Step},
        single,
    },
};

/// The most single items a draft names, in and out each.
const AT_MOST: usize = 2_000;

/// Single items in or out.
#[component]
pub fn Items() -> impl IntoView {
    let page = asked();
    visit::page(async move |visit| {
        let draft = match steps::reach(&visit, Step::What).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        let found =
            records::list(&visit.portal, &visit.actor, &Filter::default(), page, None).await?;
        let (page, pages) = (found.page, found.pages);
        let entries = found
            .entries
            .into_iter()
            .map(|listed| row(listed, &draft))
            .collect_view();
        let last = page >= pages;
        Ok(view! {
            <PageTitle title=text!("sharing-new-title")/>
            <p class="back">
                <a href=Destination::SharingStep(Step::What).path()>{t!("sharing-back")}</a>
            </p>
            <StepsOf step=Step::What/>
            <h1>{t!("sharing-items-heading")}</h1>
            <p>{t!("sharing-items-lead")}</p>
            <form method="post">
                <input type="hidden" name="page" value=page.to_string()/>
                {entries}
                <div class="actions">
                    <button class="button" type="submit" name="do" value="done">
                        {t!("sharing-items-done")}
                    </button>
                    {(!last)
                        .then(|| {
                            view! {
                                <button class="button quiet" type="submit" name="do" value="next">
                                    {t!("sharing-items-next")}
                                </button>
                            }
                        })}
                </div>
            </form>
            <Pagination page pages address=|page| Destination::SharingItems(page).path()/>
        }
        .into_any())
    })
}

fn row(listed: Listed, draft: &Draft) -> impl IntoView {
    let (id, kind, when) = match &*listed.item {
        Shown::Masked { id, kind, when, .. } => (*id, *kind, *when),
        Shown::Open { facts, .. } => (facts.id, facts.kind, facts.when),
    };
    let choice = |name: &'static str, words: String, checked: bool| {
        let html_id = format!("{name}-{id}");
        let about = t!(
            "sharing-item-about",
            kind = kind_name(kind),
            date = day(when)
        );
        view! {
            <div class="choice">
                <input
                    type="checkbox"
                    id=html_id.clone()
                    name=name
                    value=id.to_string()
                    checked=checked
                />
                <div>
                    <label for=html_id>{words} <span class="for-ear">" " {about}</span></label>
                </div>
            </div>
        }
    };
    let out = choice(
        "out",
        t!("sharing-item-out"),
        draft.items_excluded.contains(&id),
    );
    let put = choice(
        "in",
        t!("sharing-item-in"),
        draft.items_included.contains(&id),
    );
    view! {
        <input type="hidden" name="listed" value=id.to_string()/>
        <Entry listed>
            <div class="item-choices">{out} {put}</div>
        </Entry>
    }
}

/// `POST /sharing/new/items`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to::<(), _, _>(state, request, async |visit: Visit, fields| {
        let mut draft = match steps::reach(&visit, Step::What).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(Answer::Go(elsewhere)),
        };
        let ids = |name: &str| -> Result<Vec<ItemId>, Refusal> {
            fields
                .all(name)
                .iter()
                .map(|id| ItemId::parse(id).ok_or(Refusal::BadRequest))
                .collect()
        };
        let (listed, mut out, mut put) = (ids("listed")?, ids("out")?, ids("in")?);
        let named: Vec<ItemId> = out.iter().chain(&put).copied().collect();
        let seen = single::visible(&visit.portal, &visit.actor, &named).await?;
        out.retain(|id| seen.contains(id));
        put.retain(|id| seen.contains(id));
        draft.items_excluded.retain(|id| !listed.contains(id));
        draft.items_included.retain(|id| !listed.contains(id));
        // Left out wins over put in: the smaller disclosure.
        draft
            .items_included
            .extend(put.into_iter().filter(|id| !out.contains(id)));
        draft.items_excluded.extend(out);
        if draft.items_excluded.len() > AT_MOST || draft.items_included.len() > AT_MOST {
            return Err(Refusal::BadRequest);
        }
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        let page: usize = fields.text("page").parse().unwrap_or(1);
        Ok(Answer::Go(if fields.text("do") == "next" {
            Destination::SharingItems(page.saturating_add(1))
        } else {
            Destination::SharingStep(Step::What)
        }))
    })
    .await
}
