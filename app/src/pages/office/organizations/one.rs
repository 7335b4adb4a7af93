//! `/office/organizations/{id}`: what is kept of an organization, whether it is a Part 2 program, who works there.

use super::{FactsFields, Typed, cant};
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        error_summary::ErrorSummary,
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        table::Table,
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, AsOf, Visit},
    words::{organization as words, staff},
};
use axum::{extract, response::Response};
use chrono::DateTime;
use domain::{id::OrganizationId, organization::OrganizationKind};
use leptos::prelude::*;
use portal::{
    Refusal,
    organizations::{self, Opened, Worker},
    step_up,
};

/// Shows one organization.
#[component]
pub fn One() -> impl IntoView {
    let id = id_in(2);
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let id = id.map(OrganizationId).ok_or(Refusal::NotAvailable)?;
        let opened = organizations::one(&visit.portal, &visit.actor, id).await?;
        let confirmed = organizations::confirmed(&visit.portal, &visit.session, id).await?;
        // What was confirmed and is done by now is said no more.
        let confirmed = confirmed.filter(|program| *program != opened.organization.part2_program);
        let form = form.unwrap_or_else(|| FormState {
            values: Typed::from(&opened.organization),
            errors: Errors::default(),
        });
        Ok(page(opened, form, confirmed.is_some()))
    })
}

fn page(opened: Opened, form: FormState<Typed>, confirmed: bool) -> AnyView {
    let Opened {
        organization,
        workers,
        may_change,
        as_of,
    } = opened;
    let none = || t!("organizations-none");
    let rows = vec![
        Row::new(t!("organization-kind"), words::kind_of(&organization)),
        Row::new(
            t!("organization-program"),
            words::program(organization.part2_program),
        ),
        Row::new(
            t!("organizations-column-npi"),
            organization.npi.map_or_else(none, |npi| npi.to_string()),
        ),
        Row::new(
            t!("organization-class"),
            organization
                .class
                .map_or_else(|| t!("organization-class-none"), words::class),
        ),
    ];
    let confirmed = confirmed.then(|| {
        view! {
            <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                {t!("organization-program-confirmed")}
            </Banner>
        }
    });
    let file_kind = Some(organization.kind.clone())
        .filter(|said| !said.is_empty() && OrganizationKind::from_words(said).is_none());
    let is_program = organization.part2_program;
    let changes = may_change.then(|| {
        view! {
            <h2>{t!("organization-program-heading")}</h2>
            <Program is_program/>
            <h2>{t!("organization-facts-heading")}</h2>
            <p>{t!("organization-facts-files")}</p>
            <form method="post" novalidate>
                <FactsFields form=form.clone() file_kind/>
                <button class="button" type="submit" name="do" value="save">
                    {t!("organization-facts-save")}
                </button>
            </form>
        }
    });
    view! {
        <PageTitle title=text!("organization-title")/>
        <ErrorSummary errors=form.errors.clone()/>
        <p class="back">
            <a href=Destination::Organizations.path()>{t!("organizations-back")}</a>
        </p>
        {confirmed}
        <h1>{organization.name.clone()}</h1>
        <SummaryList rows/>
        <h2>{t!("organization-people-heading")}</h2>
        <Workers workers/>
        {changes}
        <AsOf at=as_of/>
    }
    .into_any()
}

/// What follows when it becomes a program, or is none any more, with the button that says so.
#[component]
fn Program(is_program: bool) -> impl IntoView {
    let (lead, follows, button, class, value) = if is_program {
        (
            t!("organization-program-off-lead"),
            vec![
                t!("organization-program-off-later"),
                t!("organization-program-off-here"),
                t!("organization-program-off-staff"),
                t!("organization-program-off-config"),
            ],
            t!("organization-program-unset"),
            "button danger",
            "no-program",
        )
    } else {
        (
            t!("organization-program-on-lead"),
            vec![
                t!("organization-program-on-later"),
                t!("organization-program-on-here"),
                t!("organization-program-on-staff"),
                t!("organization-program-on-decide"),
            ],
            t!("organization-program-set"),
            "button",
            "program",
        )
    };
    let follows = follows
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect_view();
    view! {
        <p>{lead}</p>
        <ul>{follows}</ul>
        <p>{t!("organization-program-code")}</p>
        <form method="post">
            <button class=class type="submit" name="do" value=value>
                {button}
            </button>
        </form>
    }
}

#[component]
fn Workers(workers: Vec<Worker>) -> impl IntoView {
    if workers.is_empty() {
        return view! { <p>{t!("organization-people-none")}</p> }.into_any();
    }
    let columns = vec![
        t!("people-column-name"),
        t!("organization-people-role"),
        t!("organization-people-from"),
        t!("organization-people-until"),
    ];
    let rows = workers
        .into_iter()
        .map(|worker| {
            // A file that names no beginning means: always.
            let from = if worker.span.from == DateTime::UNIX_EPOCH {
                t!("organization-people-began")
            } else {
                dates::day(dates::day_in(worker.span.from, zone()))
            };
            let until = worker.span.until.map_or_else(
                || t!("organization-people-open"),
                |until| dates::last_day(until, zone()),
            );
            vec![
                worker.name.into_any(),
                staff::role(worker.role).into_any(),
                from.into_any(),
                until.into_any(),
            ]
        })
        .collect();
    view! { <Table caption=t!("organization-people-caption") columns rows/> }.into_any()
}

/// `POST /office/organizations/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(OrganizationId).ok_or(Refusal::NotAvailable)?;
        // Who may only look learns nothing of a form, and what is not there has none.
        organizations::may_add(&visit.actor)?;
        organizations::one(&visit.portal, &visit.actor, id).await?;
        match fields.text("do").as_str() {
            "save" => save(&visit, id, &fields).await,
            "program" => set_program(&visit, id, true).await,
            "no-program" => set_program(&visit, id, false).await,
            _ => Err(Refusal::BadRequest),
        }
    })
    .await
}

async fn save(
    visit: &Visit,
    id: OrganizationId,
    fields: &Fields,
) -> Result<Answer<Typed>, Refusal> {
    let values = Typed::from(fields);
    let facts = match values.facts() {
        Ok(facts) => facts,
        Err(errors) => return Ok(Answer::Again(FormState { values, errors })),
    };
    let changed = organizations::change(&visit.portal, &visit.actor, id, &facts).await?;
    Ok(match changed {
        Ok(()) => Answer::Go(Destination::Organization(id.0)),
        Err(why) => Answer::Again(FormState {
            values,
            errors: cant(why),
        }),
    })
}

async fn set_program(
    visit: &Visit,
    id: OrganizationId,
    program: bool,
) -> Result<Answer<Typed>, Refusal> {
    let Visit {
        portal,
        session,
        actor,
    } = visit;
    match organizations::set_program(portal, session, actor, id, program).await {
        Ok(()) => Ok(Answer::Go(Destination::Organization(id.0))),
        Err(Refusal::StepUpFirst) => {
            step_up::ask(session, &organizations::program_action(id, program)).await?;
            Ok(Answer::Go(Destination::StepUp))
        }
        Err(refusal) => Err(refusal),
    }
}
