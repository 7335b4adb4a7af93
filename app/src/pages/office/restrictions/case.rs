//! `/office/restrictions/{id}`: one request, and the organization's answer.

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
    },
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::{
        answer::{self, Answer as Reply, id_in, id_of},
        restrictions::{name, one::exchanged, standing},
    },
    t, text,
    visit::{self, AsOf, Visit},
};
use axum::{extract, response::Response};
use domain::{id::RestrictionId, state::RestrictionFault};
use leptos::prelude::*;
use portal::{
    Refusal,
    restrictions::office::{self, Answer, Case as Opened, Say},
    step_up,
};

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Typed {
    say: String,
    words: String,
}

const SAYS: [(Say, &str); 4] = [
    (Say::Agree, "agree"),
    (Say::Refuse, "refuse"),
    (Say::Question, "question"),
    (Say::End, "end"),
];

fn value(say: Say) -> &'static str {
    SAYS.into_iter()
        .find(|(known, _)| *known == say)
        .map_or("", |(_, value)| value)
}

fn label(say: Say) -> (String, String) {
    match say {
        Say::Agree => (
            t!("office-restriction-agree"),
            t!("office-restriction-agree-hint"),
        ),
        Say::Refuse => (
            t!("office-restriction-refuse"),
            t!("office-restriction-refuse-hint"),
        ),
        Say::Question => (
            t!("office-restriction-question"),
            t!("office-restriction-question-hint"),
        ),
        Say::End => (
            t!("office-restriction-end"),
            t!("office-restriction-end-hint"),
        ),
    }
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            say: fields.text("say"),
            words: fields.lines("words").trim().to_owned(),
        }
    }
}

impl From<&Answer> for Typed {
    fn from(answer: &Answer) -> Self {
        Self {
            say: value(answer.say).to_owned(),
            words: answer.words.clone(),
        }
    }
}

impl Typed {
    fn answer(&self, restriction: RestrictionId) -> Result<Answer, Errors> {
        let mut errors = Errors::default();
        let say = SAYS
            .into_iter()
            .find(|(_, value)| *value == self.say)
            .map(|(say, _)| say);
        let Some(say) = say else {
            errors.add("say", text!("office-restriction-say-missing"));
            return Err(errors);
        };
        let answer = Answer {
            restriction,
            say,
            words: self.words.clone(),
        };
        if !answer.has_its_words() {
            errors.add("words", text!("office-restriction-words-missing"));
            return Err(errors);
        }
        Ok(answer)
    }
}

/// One request, on the desk.
#[component]
pub fn Case() -> impl IntoView {
    let id = id_in(2);
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let id = id.map(RestrictionId).ok_or(Refusal::NotAvailable)?;
        let opened = office::open(&visit.portal, &visit.actor, id).await?;
        let kept = match form {
            Some(_) => None,
            None => office::confirmed(&visit.portal, &visit.session, id).await?,
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
    let Opened {
        line,
        patient,
        open,
    } = opened;
    let as_of = line.as_of;
    let patient = patient.as_ref().map(name).unwrap_or_default();
    let mut rows = vec![Row::new(t!("office-restriction-patient"), patient)];
    rows.extend(exchanged(&line));
    let case_error = form.errors.of("case").map(|error| {
        view! { <p class="error">{error.to_string()}</p> }
    });
    let answer =
        (!open.is_empty()).then(|| view! { <AnswerForm open form=form.clone() confirmed/> });
    view! {
        <PageTitle title=text!("office-restriction-title")/>
        <ErrorSummary errors=form.errors.clone()/>
        <p class="back">
            <a href=Destination::RestrictionsOffice.path()>{t!("office-restriction-back")}</a>
        </p>
        <h1>{t!("office-restriction-heading")}</h1>
        <div id="case" tabindex="-1">{case_error}</div>
        <p><strong>{standing(line.standing)}</strong></p>
        <p>{t!("office-restriction-written-down")}</p>
        <SummaryList rows/>
        {answer}
        <AsOf at=as_of/>
    }
}

#[component]
fn AnswerForm(open: Vec<Say>, form: FormState<Typed>, confirmed: bool) -> impl IntoView {
    let FormState { values, errors } = form;
    let must = open.contains(&Say::Question);
    let choices = open
        .into_iter()
        .map(|say| {
            let (words, hint) = label(say);
            Choice::new(value(say), words, values.say == value(say)).hint(hint)
        })
        .collect();
    view! {
        <h2>{t!("office-restriction-answer")}</h2>
        {must.then(|| view! { <p>{t!("office-restriction-must")}</p> })}
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("office-restriction-confirmed")}
                    </Banner>
                }
            })}
        <form method="post" novalidate>
            <Choices
                name="say"
                legend=t!("office-restriction-say")
                pick=Pick::One
                choices=choices
                error=errors.of("say")
            />
            <Field
                name="words"
                label=t!("office-restriction-words")
                hint=t!("office-restriction-words-hint")
                kind=InputKind::Lines
                value=values.words.clone()
                error=errors.of("words")
            />
            {(!confirmed).then(|| view! { <p>{t!("restriction-end-code")}</p> })}
            <button class="button" type="submit">{t!("office-restriction-do")}</button>
        </form>
    }
}

/// `POST /office/restrictions/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(RestrictionId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let values = Typed::from(&fields);
        let answer = match values.answer(id) {
            Ok(answer) => answer,
            Err(errors) => return Ok(Reply::Again(FormState { values, errors })),
        };
        match office::answer(portal, session, actor, &answer).await {
            Ok(Ok(())) => Ok(Reply::Go(Destination::RestrictionCase(id.0))),
            Ok(Err(fault)) => {
                let mut errors = Errors::default();
                errors.add(
                    "case",
                    match fault {
                        RestrictionFault::MustAgree => text!("office-restriction-must"),
                        RestrictionFault::Moved => text!("office-restriction-moved"),
                    },
                );
                Ok(Reply::Again(FormState { values, errors }))
            }
            Err(Refusal::StepUpFirst) => {
                answer.keep(session).await?;
                step_up::ask(session, &answer.action()).await?;
                Ok(Reply::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
