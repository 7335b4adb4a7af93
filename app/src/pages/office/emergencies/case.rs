//! `/office/emergencies/{id}`: one emergency, what was done in it, and whether it was justified (LAW E1).

use super::due_day;
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        table::Table,
        time::{Moment, zone},
    },
    dates,
    destination::Destination,
    forms::{Errors, Fields, FormState},
    i18n::{kind_name, list},
    pages::{
        answer::{self, Answer, id_in, id_of},
        chart::emergency::reason_by_name,
    },
    t, text,
    visit::{self, AsOf, Visit},
};
use axum::{extract, response::Response};
use domain::{id::EmergencyId, state::EmergencyFault};
use leptos::prelude::*;
use portal::{
    Refusal,
    emergency::review::{self, Case as Opened, Finding, Judging, REASON},
    step_up,
};

/// What was typed.
#[derive(Clone, Default)]
pub struct Typed {
    found: String,
    reason: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            found: fields.text("found"),
            reason: fields.lines("reason").trim().to_owned(),
        }
    }
}

impl From<&Finding> for Typed {
    fn from(finding: &Finding) -> Self {
        let found = if finding.justified { YES } else { NO };
        Self {
            found: found.to_owned(),
            reason: finding.reason.clone(),
        }
    }
}

const YES: &str = "justified";
const NO: &str = "not-justified";

impl Typed {
    fn finding(&self, emergency: EmergencyId) -> Result<Finding, Errors> {
        let mut errors = Errors::default();
        let justified = match self.found.as_str() {
            YES => Some(true),
            NO => Some(false),
            _ => None,
        };
        if justified.is_none() {
            errors.add("found", text!("emergency-case-found-missing"));
        }
        let letters = self.reason.chars().count();
        if letters < *REASON.start() {
            errors.add("reason", text!("emergency-case-reason-short"));
        } else if letters > *REASON.end() {
            errors.add("reason", text!("emergency-case-reason-long"));
        }
        match justified {
            Some(justified) if errors.is_empty() => Ok(Finding {
                emergency,
                justified,
                reason: self.reason.clone(),
            }),
            _ => Err(errors),
        }
    }
}

/// One emergency, on the desk.
#[component]
pub fn Case() -> impl IntoView {
    let id = id_in(2);
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let id = id.map(EmergencyId).ok_or(Refusal::NotAvailable)?;
        let opened = review::open(&visit.portal, &visit.actor, id).await?;
        let kept = match form {
            Some(_) => None,
            None => review::confirmed(&visit.portal, &visit.session, id).await?,
        };
        let confirmed = kept.is_some();
        let form = form.unwrap_or_else(|| FormState {
            values: kept.as_ref().map(Typed::from).unwrap_or_default(),
            errors: Errors::default(),
        });
        Ok(view! { <Shown opened form confirmed/> }.into_any())
    })
}

#[component]
fn Shown(opened: Opened, form: FormState<Typed>, confirmed: bool) -> impl IntoView {
    let as_of = opened.as_of;
    let case_error = form.errors.of("case").map(|error| {
        view! { <p class="error">{error.to_string()}</p> }
    });
    let concern = opened.grant.after.concern.as_ref().map(|concern| {
        let words = concern.words.clone();
        view! {
            <h2>{t!("emergency-case-concern")}</h2>
            <p><Moment at=concern.at/></p>
            <p class="prose">{words}</p>
        }
    });
    let open = opened.is_open.then(|| {
        view! {
            <Banner tone=Tone::Warning heading=t!("emergency-case-open-heading")>
                <p>{t!("emergency-case-open")}</p>
                <form class="post-button" method="post">
                    <button class="button danger" type="submit" name="do" value="end">
                        {t!("emergency-case-end")}
                    </button>
                </form>
            </Banner>
        }
    });
    let overdue = opened.overdue.then(|| {
        let day = due_day(opened.grant.after.due);
        view! {
            <Banner tone=Tone::Danger>{t!("emergencies-overdue", day = day)}</Banner>
        }
    });
    view! {
        <PageTitle title=text!("emergency-case-title")/>
        <ErrorSummary errors=form.errors.clone()/>
        <p class="back">
            <a href=Destination::Emergencies.path()>{t!("emergency-case-back")}</a>
        </p>
        <h1>{t!("emergency-case-heading")}</h1>
        <div id="case" tabindex="-1">{case_error}</div>
        {overdue}
        {open}
        <p>{t!("emergency-case-written-down")}</p>
        <h2>{t!("emergency-case-record")}</h2>
        {record(&opened)}
        <h2>{t!("emergency-case-looks")}</h2>
        {looks(&opened)}
        {concern}
        <h2>{t!("emergency-case-found")}</h2>
        {found(&opened)}
        <Judge judging=opened.judging form confirmed/>
        <AsOf at=as_of/>
    }
}

/// The record of 2.51(c), as far as it is this officer's to read.
fn record(opened: &Opened) -> impl IntoView + use<> {
    let grant = &opened.grant;
    let discloser = if opened.disclosers.is_empty() {
        t!("emergency-case-discloser-other")
    } else {
        list(&opened.disclosers)
    };
    let until = grant.span.until.map(|until| dates::moment(until, zone()));
    let rows = vec![
        Row::new(t!("emergency-recipient"), grant.recipient.name.clone()),
        Row::new(
            t!("emergency-affiliation"),
            grant.recipient.affiliation.clone(),
        ),
        Row::new(t!("emergency-discloser"), discloser),
        Row::new(t!("emergency-when"), dates::moment(grant.span.from, zone())),
        Row::new(t!("emergency-case-until"), until.unwrap_or_default()),
        Row::new(t!("emergency-nature"), grant.nature.clone()),
        Row::new(t!("emergency-why"), reason_by_name(&grant.without_consent)),
        Row::new(t!("emergencies-due"), due_day(grant.after.due)),
    ];
    view! { <SummaryList rows/> }
}

/// What was looked at: when, and how much of the officer's own organizations.
fn looks(opened: &Opened) -> AnyView {
    if opened.looks.is_empty() {
        return view! { <p>{t!("emergency-case-no-looks")}</p> }.into_any();
    }
    let rows = opened
        .looks
        .iter()
        .map(|(at, items)| {
            vec![
                view! { <Moment at=*at/> }.into_any(),
                items.to_string().into_any(),
            ]
        })
        .collect();
    let columns = vec![t!("emergencies-when"), t!("emergency-case-items")];
    let kinds: Vec<String> = opened
        .kinds
        .iter()
        .map(|(kind, count)| {
            t!(
                "emergency-case-kind",
                kind = kind_name(*kind),
                count = *count
            )
        })
        .collect();
    let kinds = (!kinds.is_empty())
        .then(|| view! { <p>{t!("emergency-case-kinds", kinds = list(&kinds))}</p> });
    view! {
        <p class="hint">{t!("emergency-case-own")}</p>
        <Table caption=t!("emergency-case-looks-caption") columns rows/>
        {kinds}
    }
    .into_any()
}

fn found(opened: &Opened) -> AnyView {
    if opened.found.is_empty() {
        return view! { <p>{t!("emergency-case-not-found")}</p> }.into_any();
    }
    let found = opened
        .found
        .iter()
        .map(|(review, by)| {
            let words = if review.justified {
                t!("emergencies-justified")
            } else {
                t!("emergencies-unjustified")
            };
            let rows = vec![
                Row::new(t!("emergencies-found"), words),
                Row::new(t!("emergency-case-reason"), review.reason.clone()),
                Row::new(t!("emergency-case-by"), by.clone()),
                Row::new(t!("emergency-case-at"), dates::moment(review.at, zone())),
            ];
            view! { <SummaryList rows/> }
        })
        .collect_view();
    view! { {found} }.into_any()
}

/// The finding: by somebody else, when it is over.
#[component]
fn Judge(judging: Judging, form: FormState<Typed>, confirmed: bool) -> impl IntoView {
    match judging {
        Judging::Ready => {}
        Judging::Done => return ().into_any(),
        Judging::OwnGrant => {
            return view! { <p>{t!("emergency-case-own-grant")}</p> }.into_any();
        }
        Judging::StillOpen => {
            return view! { <p>{t!("emergency-case-wait")}</p> }.into_any();
        }
    }
    let FormState { values, errors } = form;
    let choices = vec![
        Choice::new(YES, t!("emergencies-justified"), values.found == YES),
        Choice::new(NO, t!("emergencies-unjustified"), values.found == NO)
            .hint(t!("emergency-case-told")),
    ];
    view! {
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("emergency-case-confirmed")}
                    </Banner>
                }
            })}
        <form method="post" novalidate>
            <Choices
                name="found"
                legend=t!("emergency-case-question")
                pick=Pick::One
                choices=choices
                error=errors.of("found")
            />
            <Field
                name="reason"
                label=t!("emergency-case-reason")
                hint=t!("emergency-case-reason-hint")
                kind=InputKind::Lines
                value=values.reason.clone()
                error=errors.of("reason")
            />
            {(!confirmed).then(|| view! { <p>{t!("emergency-code")}</p> })}
            <button class="button" type="submit" name="do" value="judge">
                {t!("emergency-case-do")}
            </button>
        </form>
    }
    .into_any()
}

/// `POST /office/emergencies/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(EmergencyId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let here = Destination::EmergencyCase(id.0);
        if fields.text("do") == "end" {
            review::end(portal, actor, id).await?;
            return Ok(Answer::Go(here));
        }
        let typed = Typed::from(&fields);
        let finding = match typed.finding(id) {
            Ok(finding) => finding,
            Err(errors) => {
                let values = typed;
                return Ok(Answer::Again(FormState { values, errors }));
            }
        };
        match review::judge(portal, session, actor, &finding).await {
            Ok(Ok(())) => Ok(Answer::Go(here)),
            Ok(Err(fault)) => {
                let mut errors = Errors::default();
                errors.add(
                    "case",
                    if fault == EmergencyFault::OwnGrant {
                        text!("emergency-case-own-grant")
                    } else {
                        text!("emergency-case-moved")
                    },
                );
                let values = typed;
                Ok(Answer::Again(FormState { values, errors }))
            }
            Err(Refusal::StepUpFirst) => {
                finding.keep(session).await?;
                step_up::ask(session, &finding.action()).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
