//! `/restrictions/{id}`: what was asked, what was answered, and its end.

use super::{asked_of, names, standing, what};
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    dates,
    destination::Destination,
    i18n,
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, AsOf, Visit},
};
use axum::{extract, response::Response};
use domain::{id::RestrictionId, state::Said};
use leptos::prelude::*;
use portal::{
    Refusal,
    restrictions::{Line, Standing, ask},
    step_up::{self, Action},
};

/// One restriction.
#[component]
pub fn One() -> impl IntoView {
    let id = id_in(1);
    visit::page(async move |visit: Visit| {
        let id = id.map(RestrictionId).ok_or(Refusal::NotAvailable)?;
        let line = ask::one(&visit.portal, &visit.actor, id).await?;
        let confirmed =
            step_up::stands(&visit.portal, &visit.session, &Action::EndRestriction(id)).await?;
        Ok(view! { <Shown line confirmed/> }.into_any())
    })
}

/// The words that were exchanged, as rows.
pub(crate) fn exchanged(line: &Line) -> Vec<Row> {
    let said = |words: String, said: &Said| {
        let at = dates::moment(said.at, zone());
        let text = if said.words.is_empty() {
            at
        } else {
            t!("restriction-said", words = said.words.clone(), at = at)
        };
        Row::new(words, text)
    };
    let mut rows = vec![
        Row::new(t!("restrictions-of"), asked_of(line)),
        Row::new(t!("restrictions-who"), names(&line.recipients)),
        Row::new(t!("restrictions-what"), i18n::list(&what(line))),
        Row::new(t!("restriction-why"), line.request.why.clone()),
        Row::new(
            t!("restrictions-when"),
            dates::moment(line.request.asked, zone()),
        ),
    ];
    if line.restriction.paid_in_full {
        rows.push(Row::new(t!("restriction-paid"), t!("restriction-paid-yes")));
    }
    if line.request.waits() {
        let due = dates::day(dates::day_in(line.request.due(), zone()));
        rows.push(Row::new(t!("restriction-due"), due));
    }
    for question in &line.request.questions {
        rows.push(said(t!("restriction-question"), question));
    }
    if let Some((agreed, answer)) = &line.request.answer {
        let words = if *agreed {
            t!("restriction-answer-agreed")
        } else {
            t!("restriction-answer-refused")
        };
        rows.push(said(words, answer));
    }
    if let Some(end) = &line.request.end {
        rows.push(said(t!("restriction-end"), end));
    }
    rows
}

#[component]
fn Shown(line: Line, confirmed: bool) -> impl IntoView {
    let as_of = line.as_of;
    let tone = if line.standing.binds() {
        Tone::Success
    } else {
        Tone::Info
    };
    let more = match line.standing {
        Standing::Must => Some(t!("restriction-must-more")),
        Standing::Limited => Some(t!("restriction-limited-more")),
        Standing::Asked => Some(t!("restriction-asked-more")),
        Standing::Refused => Some(t!("restriction-refused-more")),
        Standing::Agreed | Standing::Ended => None,
    };
    let open = line.restriction.withdraw(as_of).is_ok();
    let end = open.then(|| {
        view! {
            <h2>{t!("restriction-end-heading")}</h2>
            <p>{t!("restriction-end-lead")}</p>
            {confirmed
                .then(|| {
                    view! {
                        <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                            {t!("restriction-end-confirmed")}
                        </Banner>
                    }
                })}
            {(!confirmed).then(|| view! { <p>{t!("restriction-end-code")}</p> })}
            <form method="post">
                <button class="button danger" type="submit">{t!("restriction-end-do")}</button>
            </form>
        }
    });
    view! {
        <PageTitle title=text!("restriction-title")/>
        <p class="back">
            <a href=Destination::Restrictions.path()>{t!("restriction-back")}</a>
        </p>
        <h1>{t!("restriction-heading")}</h1>
        <Banner tone heading=standing(line.standing)>{more}</Banner>
        <SummaryList rows=exchanged(&line)/>
        {end}
        <AsOf at=as_of/>
    }
}

/// `POST /restrictions/{id}`: takes it back.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to::<(), _, _>(state, request, async move |visit: Visit, _| {
        let id = id.map(RestrictionId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        match ask::withdraw(portal, session, actor, id).await {
            Ok(()) => Ok(Answer::Go(Destination::Restriction(id.0))),
            Err(Refusal::StepUpFirst) => {
                step_up::ask(session, &Action::EndRestriction(id)).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
