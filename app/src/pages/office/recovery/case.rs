//! `/office/recovery/{id}`: one case; agreeing, stopping, and the code at its end.

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        code_list::CodeList,
        error_summary::ErrorSummary,
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::answer::{self, Answer, id_in, id_of},
    t, text,
    visit::{self, AsOf, Visit},
    words::recovery as words,
};
use axum::{extract, response::Response};
use domain::{clock::Instant, id::RecoveryCaseId};
use leptos::prelude::*;
use portal::{
    Refusal,
    recovery_case::{
        Step,
        handling::{self, Shown as Opened, State as Stands},
    },
    staff::NewCode,
    step_up::{self, Action},
};

/// The place for what is wrong with no field.
const ELSEWHERE: &str = "case";

/// A form with nothing to type.
#[derive(Clone, Default)]
pub struct Nothing;

/// One case.
#[component]
pub fn Case() -> impl IntoView {
    let id = id_in(2);
    let form = use_context::<FormState<Nothing>>();
    visit::page(async move |visit: Visit| {
        let id = id.map(RecoveryCaseId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let opened = handling::one(portal, actor, id).await?;
        let code = handling::take_code(session, actor, id).await?;
        let confirmed = match step_up::confirmed(portal, session).await? {
            Some(Action::RecoveryCase { case, .. }) => case == id && form.is_none(),
            _ => false,
        };
        let errors = form.map(|form| form.errors).unwrap_or_default();
        let as_of = visit.now();
        Ok(view! { <Shown opened errors code confirmed as_of/> }.into_any())
    })
}

#[component]
fn Shown(
    opened: Opened,
    errors: Errors,
    code: Option<NewCode>,
    confirmed: bool,
    as_of: Instant,
) -> impl IntoView {
    let error = errors
        .of(ELSEWHERE)
        .map(|error| view! { <p class="error">{error.to_string()}</p> });
    let state = words::state(&opened.state, zone());
    view! {
        <PageTitle title=text!("recovery-case-title")/>
        <ErrorSummary errors/>
        <p class="back"><a href=Destination::Recovery.path()>{t!("recovery-back")}</a></p>
        <h1>{opened.name.clone()}</h1>
        <div id=ELSEWHERE tabindex="-1">{error}</div>
        <p class="lead">{state}</p>
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("recovery-confirmed")}
                    </Banner>
                }
            })}
        {code.map(|code| view! { <Letter code/> })}
        <h2>{t!("recovery-check")}</h2>
        {facts(&opened)}
        {steps(&opened)}
        <AsOf at=as_of/>
    }
}

fn facts(opened: &Opened) -> impl IntoView + use<> {
    let by = if opened.by_me {
        t!("history-you")
    } else {
        opened.by.clone().unwrap_or_else(|| t!("history-somebody"))
    };
    let check = &opened.check;
    let mut rows = vec![
        Row::new(t!("recovery-how"), words::how(check.how)),
        Row::new(t!("recovery-by"), by),
        Row::new(
            t!("recovery-column-opened"),
            dates::moment(opened.opened, zone()),
        ),
        Row::new(t!("recovery-ready"), dates::moment(opened.ready, zone())),
    ];
    if let Some((document, last)) = &check.document {
        rows.push(Row::new(
            t!("recovery-document"),
            words::document(*document),
        ));
        rows.push(Row::new(t!("recovery-last"), last.clone()));
    }
    if !check.note.is_empty() {
        rows.push(Row::new(t!("recovery-note"), check.note.clone()));
    }
    if let Some((name, at)) = &opened.agreed {
        let at = dates::moment(*at, zone());
        let words = t!("recovery-agreed-by", name = name.as_str(), at = at);
        rows.push(Row::new(t!("recovery-agreed"), words));
    }
    if let Some(name) = &opened.ended_by {
        rows.push(Row::new(t!("recovery-ended-by"), name.clone()));
    }
    view! { <SummaryList rows/> }
}

/// What may be done with it now.
fn steps(opened: &Opened) -> AnyView {
    if !opened.state.is_open() {
        return view! { <p>{t!("recovery-over")}</p> }.into_any();
    }
    let two = opened.takes_two.then(|| {
        let by_me = opened
            .by_me
            .then(|| view! { <p>{t!("recovery-cant-same")}</p> });
        view! {
            <p>{t!("recovery-takes-two")}</p>
            {by_me}
        }
    });
    let agree = opened.may_agree.then(|| {
        view! {
            <button class="button" type="submit" name="do" value="agree">
                {t!("recovery-agree")}
            </button>
        }
    });
    let code = matches!(opened.state, Stands::Ready(_)).then(|| {
        view! {
            <button class="button" type="submit" name="do" value="code">
                {t!("recovery-code")}
            </button>
        }
    });
    let lead = match opened.state {
        Stands::Ready(_) => t!("recovery-ready-lead"),
        _ => t!("recovery-waiting-lead"),
    };
    view! {
        <h2>{t!("recovery-next")}</h2>
        <p>{lead}</p>
        {two}
        <form method="post">
            <div class="actions">
                {agree}
                {code}
                <button class="button quiet" type="submit" name="do" value="stop">
                    {t!("recovery-stop")}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// The code, to be printed: it is shown this once.
#[component]
fn Letter(code: NewCode) -> impl IntoView {
    let rows = vec![
        Row::new(t!("people-code-for"), code.name),
        Row::new(t!("people-code-until"), dates::moment(code.expires, zone())),
        Row::new(t!("people-code-where"), Destination::Join.path()),
    ];
    view! {
        <h2>{t!("people-code-heading")}</h2>
        <p>{t!("people-code-lead")}</p>
        <CodeList codes=vec![code.code]/>
        <SummaryList rows/>
        <ul>
            <li>{t!("people-code-once")}</li>
            <li>{t!("people-code-hand")}</li>
            <li>{t!("recovery-code-lost")}</li>
        </ul>
    }
}

/// `POST /office/recovery/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(RecoveryCaseId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        handling::one(portal, actor, id).await?;
        let step = match fields.text("do").as_str() {
            "agree" => Some(Step::Agree),
            "code" => Some(Step::Code),
            "stop" => None,
            _ => return Err(Refusal::BadRequest),
        };
        let done = match step {
            Some(step) => handling::step(portal, session, actor, id, step).await,
            None => handling::stop(portal, actor, id).await,
        };
        match (done, step) {
            (Ok(Ok(())), _) => Ok(Answer::Go(Destination::RecoveryCase(id.0))),
            (Ok(Err(cant)), _) => {
                let mut errors = Errors::default();
                errors.add(ELSEWHERE, words::cant(cant, portal.options().time_zone));
                let values = Nothing;
                Ok(Answer::Again(FormState { values, errors }))
            }
            (Err(Refusal::StepUpFirst), Some(step)) => {
                step_up::ask(session, &Action::RecoveryCase { case: id, step }).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            (Err(refusal), _) => Err(refusal),
        }
    })
    .await
}
