//! `/access-history/notices/{id}`: what a patient reads of an emergency, and how they report a concern (LAW E1).

use super::chart::emergency::reason_by_name;
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, AsOf, Visit},
};
use axum::{extract, response::Response};
use domain::id::EmergencyId;
use leptos::prelude::*;
use portal::{
    Refusal,
    emergency::told::{self, Account, CONCERN},
};

/// What was typed.
#[derive(Clone, Default)]
pub struct Typed {
    concern: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            concern: fields.lines("concern").trim().to_owned(),
        }
    }
}

/// One emergency.
#[component]
pub fn Told() -> impl IntoView {
    let id = id_in(2);
    let form = forms::state::<Typed>();
    visit::page(async move |visit: Visit| {
        let id = id.map(EmergencyId).ok_or(Refusal::NotAvailable)?;
        let account = told::read(&visit.portal, &visit.actor, id).await?;
        Ok(view! { <Shown account form/> }.into_any())
    })
}

#[component]
fn Shown(account: Account, form: FormState<Typed>) -> impl IntoView {
    let Account {
        grant,
        is_open,
        looks,
        found,
        as_of,
    } = account;
    let over = grant.span.until.map(|until| dates::moment(until, zone()));
    let over = over.unwrap_or_default();
    let rows = vec![
        Row::new(t!("told-who"), grant.recipient.name.clone()),
        Row::new(t!("told-where"), grant.recipient.affiliation.clone()),
        Row::new(t!("told-from"), grant.discloser.clone()),
        Row::new(t!("told-when"), dates::moment(grant.span.from, zone())),
        Row::new(t!("told-until"), over),
        Row::new(t!("told-nature"), grant.nature.clone()),
        Row::new(
            t!("told-without-consent"),
            reason_by_name(&grant.without_consent),
        ),
    ];
    let looks = if looks.is_empty() {
        view! { <p>{t!("told-no-looks")}</p> }.into_any()
    } else {
        let lines = looks
            .into_iter()
            .map(|look| {
                let time = dates::time(look.at, zone());
                view! { <li>{t!("told-look", time = time, count = look.items)}</li> }
            })
            .collect_view();
        view! { <ul>{lines}</ul> }.into_any()
    };
    let found = if found.is_empty() {
        view! { <p>{t!("told-not-reviewed")}</p> }.into_any()
    } else {
        let lines = found
            .into_iter()
            .map(|(place, justified)| {
                let words = if justified {
                    t!("told-justified", place = place)
                } else {
                    t!("told-unjustified", place = place)
                };
                view! { <li>{words}</li> }
            })
            .collect_view();
        view! { <ul>{lines}</ul> }.into_any()
    };
    let concern = grant.after.concern.as_ref().map(|concern| {
        let at = dates::moment(concern.at, zone());
        let words = concern.words.clone();
        view! {
            <h2>{t!("told-concern-heading")}</h2>
            <p>{t!("told-concern-at", at = at)}</p>
            <p class="prose">{words}</p>
        }
    });
    view! {
        <PageTitle title=text!("told-title")/>
        <ErrorSummary errors=form.errors.clone()/>
        <p class="back"><a href="/access-history">{t!("told-back")}</a></p>
        <h1>{t!("told-heading")}</h1>
        <p class="lead">{t!("told-lead")}</p>
        {is_open
            .then(|| {
                view! {
                    <Banner tone=Tone::Warning>{t!("told-open")}</Banner>
                }
            })}
        <SummaryList rows/>
        <h2>{t!("told-looks-heading")}</h2>
        {looks}
        <h2>{t!("told-found-heading")}</h2>
        {found}
        {concern}
        <h2>{t!("told-say-heading")}</h2>
        <form method="post" novalidate>
            <Field
                name="concern"
                label=t!("told-say")
                hint=t!("told-say-hint")
                kind=InputKind::Lines
                value=form.values.concern.clone()
                error=form.errors.of("concern")
            />
            <div class="actions">
                <button class="button" type="submit" name="do" value="report">
                    {t!("told-report")}
                </button>
                <button class="button quiet" type="submit" name="do" value="read">
                    {t!("told-read")}
                </button>
            </div>
        </form>
        <p class="hint">{t!("told-rights")}</p>
        <AsOf at=as_of/>
    }
}

/// `POST /access-history/notices/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(EmergencyId).ok_or(Refusal::NotAvailable)?;
        let report = fields.text("do") == "report";
        let typed = Typed::from(&fields);
        let mut errors = Errors::default();
        if report && typed.concern.is_empty() {
            errors.add("concern", text!("told-concern-missing"));
        }
        if report && typed.concern.chars().count() > CONCERN {
            errors.add("concern", text!("told-concern-long"));
        }
        if !errors.is_empty() {
            let values = typed;
            return Ok(Answer::Again(FormState { values, errors }));
        }
        let concern = if report { typed.concern.as_str() } else { "" };
        told::acknowledge(&visit.portal, &visit.actor, id, concern).await?;
        Ok(Answer::Go(if report {
            Destination::EmergencyTold(id.0)
        } else {
            Destination::Home
        }))
    })
    .await
}
