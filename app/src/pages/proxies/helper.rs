//! `/proxies/{id}`: somebody who acts for me, what they may see, what they did.

use super::overview::{ends, sees};
use crate::{
    State,
    components::{
        button::{LinkButton, Loudness},
        empty::Empty,
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        table::Table,
        time::Moment,
    },
    destination::Destination,
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, AsOf, Visit},
    words::{history, proxies as words},
};
use axum::{extract, response::Response};
use domain::id::AuthorityId;
use leptos::prelude::*;
use portal::{
    Refusal,
    history::Line,
    proxies::helpers::{self, Shown},
};

/// One of those who act for me.
#[component]
pub fn Helper() -> impl IntoView {
    let id = id_in(1);
    visit::page(async move |visit: Visit| {
        let id = id.map(AuthorityId).ok_or(Refusal::NotAvailable)?;
        let shown = helpers::one(&visit.portal, &visit.actor, id).await?;
        Ok(content(shown).into_any())
    })
}

fn content(shown: Shown) -> impl IntoView {
    let Shown { helper, did, as_of } = shown;
    let id = helper.authority.id.0;
    let mut rows = vec![
        Row::new(
            t!("proxies-column-right"),
            words::right(&helper.authority.kind),
        ),
        Row::new(t!("proxies-column-sees"), sees(&helper)),
        Row::new(
            t!("proxies-since"),
            view! { <Moment at=helper.authority.span.from/> },
        ),
        Row::new(t!("proxies-column-until"), ends(&helper)),
    ];
    if let Some(standing) = helper.consent.as_ref().filter(|_| helper.is_chosen()) {
        let href = Destination::Consent(standing.consent.id.0).path();
        rows.push(Row::new(
            t!("proxies-agreement"),
            view! { <a href=href>{t!("proxies-agreement-link")}</a> },
        ));
    }
    let invited = helper.invited.then(|| {
        view! {
            <p>{t!("proxies-invited-lead")}</p>
            <form class="post-button" method="post">
                <button class="button quiet" type="submit" name="do" value="code">
                    {t!("proxies-new-code")}
                </button>
            </form>
        }
    });
    let actions = if helper.is_chosen() {
        view! {
            <div class="actions">
                <LinkButton href=Destination::ChangeHelper(id).path() loudness=Loudness::Quiet>
                    {t!("proxies-change")}
                </LinkButton>
                <LinkButton href=Destination::EndHelper(id).path() loudness=Loudness::Danger>
                    {t!("proxies-end")}
                </LinkButton>
            </div>
        }
        .into_any()
    } else {
        view! { <p class="hint">{t!("proxies-by-law")}</p> }.into_any()
    };
    view! {
        <PageTitle title=text!("proxies-helper-title")/>
        <p class="back"><a href=Destination::Proxies.path()>{t!("proxies-back")}</a></p>
        <h1>{helper.name.clone()}</h1>
        <SummaryList rows/>
        {invited}
        {actions}
        <h2>{t!("proxies-did-heading")}</h2>
        <Did lines=did/>
        <AsOf at=as_of/>
    }
}

#[component]
fn Did(lines: Vec<Line>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <Empty words=t!("proxies-did-nothing")/> }.into_any();
    }
    let rows = lines
        .into_iter()
        .map(|line| {
            vec![
                view! { <Moment at=line.at/> }.into_any(),
                history::what(&line.what).into_any(),
            ]
        })
        .collect();
    let columns = vec![t!("history-column-when"), t!("history-column-what")];
    view! { <Table caption=t!("proxies-did-caption") columns rows/> }.into_any()
}

/// `POST /proxies/{id}`: another code for somebody who has not joined.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to::<(), _, _>(state, request, async move |visit: Visit, fields| {
        let id = id.map(AuthorityId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        helpers::one(portal, actor, id).await?;
        if fields.text("do") != "code" {
            return Err(Refusal::BadRequest);
        }
        helpers::new_code(portal, session, actor, id).await?;
        Ok(Answer::Go(Destination::HelperCode))
    })
    .await
}
