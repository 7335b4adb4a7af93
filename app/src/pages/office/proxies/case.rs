//! `/office/proxies/{id}`: one application: what was sent, and the decision (LAW D4, D5).

use super::stands;
use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        time::Moment,
    },
    dates,
    destination::Destination,
    forms::{Errors, Fields, FormState},
    i18n::{label_name, list},
    pages::{
        answer::{self, Answer, id_in, id_of},
        join::code::day,
        proxies::apply::{EVERYTHING, scope, scope_choices},
    },
    t, text,
    visit::{self, AsOf, Visit},
    words::proxies as words,
};
use axum::{extract, response::Response};
use domain::{
    id::ApplicationId,
    label::{Label, LabelSet},
};
use leptos::prelude::*;
use portal::{
    ApplicationKind, ApplicationState, DocumentRecord, Refusal, WhyRefused,
    proxies::office::{self, Cant, Case as Opened, Decision, REASON, Verdict},
    step_up::{self, Action},
};

const VERIFY: &str = "verify";
/// Why an application is refused, with the names of the form.
const REASONS: [(&str, WhyRefused); 3] = [
    ("not-proven", WhyRefused::NotProven),
    ("no-record", WhyRefused::NoRecord),
    ("endangers", WhyRefused::Endangers),
];

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Typed {
    verdict: String,
    scope: Vec<String>,
    until: String,
    reason: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            verdict: fields.text("verdict"),
            scope: fields.all("scope"),
            until: fields.text("until"),
            reason: fields.lines("reason").trim().to_owned(),
        }
    }
}

/// Labels as the form has them.
fn named(labels: LabelSet) -> Vec<String> {
    if labels.contains(LabelSet::SEGMENTS.with(Label::Part2)) {
        return vec![EVERYTHING.to_owned()];
    }
    labels.iter().map(|label| label.name().to_owned()).collect()
}

impl Typed {
    fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Verify { scope, until } => Self {
                verdict: VERIFY.to_owned(),
                scope: named(*scope),
                until: until.map(|day| day.to_string()).unwrap_or_default(),
                reason: String::new(),
            },
            Verdict::Refuse { why, words } => Self {
                verdict: REASONS
                    .into_iter()
                    .find(|(_, one)| one == why)
                    .map(|(name, _)| name.to_owned())
                    .unwrap_or_default(),
                reason: words.clone(),
                ..Self::default()
            },
        }
    }

    /// What the applicant said, to begin with.
    fn asked(opened: &Opened) -> Self {
        Self {
            scope: named(opened.application.scope),
            until: opened
                .application
                .until
                .map(|day| day.to_string())
                .unwrap_or_default(),
            ..Self::default()
        }
    }

    fn verdict(&self) -> Result<Verdict, Errors> {
        let mut errors = Errors::default();
        if self.verdict == VERIFY {
            let until = day(&self.until);
            if until.is_none() && !self.until.is_empty() {
                errors.add("until", text!("sharing-what-not-a-day"));
                return Err(errors);
            }
            return Ok(Verdict::Verify {
                scope: scope(&self.scope),
                until,
            });
        }
        let Some((_, why)) = REASONS.into_iter().find(|(name, _)| *name == self.verdict) else {
            errors.add("verdict", text!("office-proxies-verdict-missing"));
            return Err(errors);
        };
        if !REASON.contains(&self.reason.chars().count()) {
            errors.add("reason", text!("office-proxies-reason-length"));
            return Err(errors);
        }
        Ok(Verdict::Refuse {
            why,
            words: self.reason.clone(),
        })
    }
}

/// One application, on the desk.
#[component]
pub fn Case() -> impl IntoView {
    let id = id_in(2);
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let id = id.map(ApplicationId).ok_or(Refusal::NotAvailable)?;
        let opened = office::open(&visit.portal, &visit.session, &visit.actor, id).await?;
        let ending = Action::EndAuthority(id);
        let ending = step_up::stands(&visit.portal, &visit.session, &ending).await?;
        let form = form.unwrap_or_else(|| FormState {
            values: opened
                .confirmed
                .as_ref()
                .map_or_else(|| Typed::asked(&opened), Typed::of),
            errors: Errors::default(),
        });
        Ok(content(opened, form, ending).into_any())
    })
}

fn content(opened: Opened, form: FormState<Typed>, ending: bool) -> impl IntoView {
    let as_of = opened.as_of;
    let confirmed = opened.confirmed.is_some() || ending;
    let application = &opened.application;
    let guardian = application.kind == ApplicationKind::Guardian;
    let mut rows = vec![
        Row::new(t!("office-proxies-who"), opened.applicant.clone()),
        Row::new(
            t!("proxies-column-right"),
            words::applied_as(application.kind),
        ),
        Row::new(t!("proxies-mine-for"), application.name.clone()),
        Row::new(t!("proxies-apply-birth"), dates::day(application.birth)),
        Row::new(
            t!("office-proxies-record"),
            if application.patient.is_some() {
                t!("office-proxies-record-one")
            } else {
                t!("office-proxies-record-none")
            },
        ),
    ];
    if guardian {
        rows.push(Row::new(
            t!("proxies-apply-scope"),
            covers(application.scope),
        ));
    }
    if let Some(until) = application.until {
        rows.push(Row::new(t!("proxies-apply-until"), dates::day(until)));
    }
    rows.push(Row::new(
        t!("office-proxies-when"),
        view! { <Moment at=application.made/> },
    ));
    rows.push(Row::new(
        t!("proxies-mine-stands"),
        stands(&application.state),
    ));
    if let ApplicationState::Refused { words, why, .. } = &application.state {
        rows.push(Row::new(t!("office-proxies-why"), reason(*why)));
        rows.push(Row::new(t!("office-proxies-reason"), words.clone()));
    }
    let documents = application
        .documents
        .iter()
        .map(|document| one_document(application.id, document))
        .collect_view();
    let decide = if application.state != ApplicationState::Waiting {
        let acts = opened.acts.as_ref().map(|_| view! { <End/> });
        view! { {acts} }.into_any()
    } else if opened.own {
        view! { <p>{t!("office-proxies-own")}</p> }.into_any()
    } else {
        view! { <Decide form=form.clone() guardian/> }.into_any()
    };
    view! {
        <PageTitle title=text!("office-proxies-case-title")/>
        <ErrorSummary errors=form.errors/>
        <p class="back">
            <a href=Destination::Applications.path()>{t!("office-proxies-back")}</a>
        </p>
        <h1>{t!("office-proxies-case-heading")}</h1>
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("office-proxies-confirmed")}
                    </Banner>
                }
            })}
        <SummaryList rows/>
        <h2>{t!("office-proxies-documents")}</h2>
        <p>{t!("office-proxies-documents-lead")}</p>
        <ul class="plain">{documents}</ul>
        {decide}
        <AsOf at=as_of/>
    }
}

fn covers(scope: LabelSet) -> String {
    if scope.contains(LabelSet::SEGMENTS.with(Label::Part2)) {
        return t!("proxies-scope-everything");
    }
    list(&scope.iter().map(label_name).collect::<Vec<_>>())
}

fn reason(why: WhyRefused) -> String {
    match why {
        WhyRefused::NotProven => t!("office-proxies-not-proven"),
        WhyRefused::NoRecord => t!("office-proxies-no-record"),
        WhyRefused::Endangers => t!("office-proxies-endangers"),
    }
}

/// A document, with the button that takes it. Its own name is shown and used for nothing.
fn one_document(application: ApplicationId, document: &DocumentRecord) -> impl IntoView + use<> {
    let at = format!("/office/proxies/{application}/documents/{}", document.id);
    let kilobytes = document.bytes.div_ceil(1024);
    let name = if document.name.is_empty() {
        t!("office-proxies-document-unnamed")
    } else {
        document.name.clone()
    };
    view! {
        <li>
            <p>
                <strong>{name.clone()}</strong>
                " "
                {t!("office-proxies-document-size", kilobytes = kilobytes)}
            </p>
            <form class="post-button" method="post" action=at>
                <button class="button quiet" type="submit">
                    {t!("office-proxies-document-take")}
                    <span class="for-ear">" " {name}</span>
                </button>
            </form>
        </li>
    }
}

/// The decision.
#[component]
fn Decide(form: FormState<Typed>, guardian: bool) -> impl IntoView {
    let FormState { values, errors } = form;
    let mut choices = vec![
        Choice::new(
            VERIFY,
            t!("office-proxies-verify"),
            values.verdict == VERIFY,
        )
        .hint(t!("office-proxies-verify-hint")),
    ];
    choices.extend(REASONS.into_iter().map(|(name, why)| {
        let choice = Choice::new(
            name,
            t!("office-proxies-refuse", why = reason(why)),
            values.verdict == name,
        );
        if why == WhyRefused::Endangers {
            choice.hint(t!("office-proxies-endangers-hint"))
        } else {
            choice
        }
    }));
    let order = guardian.then(|| {
        view! {
            <Choices
                name="scope"
                legend=t!("proxies-apply-scope")
                pick=Pick::Any
                choices=scope_choices(&values.scope)
                error=errors.of("scope")
            />
        }
    });
    view! {
        <h2>{t!("office-proxies-decide")}</h2>
        <form method="post" novalidate>
            <Choices
                name="verdict"
                legend=t!("office-proxies-verdict")
                pick=Pick::One
                choices
                error=errors.of("verdict")
            />
            {order}
            <Field
                name="until"
                label=t!("proxies-apply-until")
                hint=t!("proxies-apply-until-hint")
                kind=InputKind::Date
                value=values.until.clone()
                error=errors.of("until")
            />
            <Field
                name="reason"
                label=t!("office-proxies-reason")
                hint=t!("office-proxies-reason-hint")
                kind=InputKind::Lines
                value=values.reason.clone()
                error=errors.of("reason")
            />
            <p>{t!("emergency-code")}</p>
            <button class="button" type="submit" name="do" value="decide">
                {t!("office-proxies-do")}
            </button>
        </form>
    }
}

/// The end of what was verified.
#[component]
fn End() -> impl IntoView {
    view! {
        <h2>{t!("office-proxies-end-heading")}</h2>
        <p>{t!("office-proxies-end-lead")}</p>
        <form class="post-button" method="post">
            <button class="button danger" type="submit" name="do" value="end">
                {t!("office-proxies-end")}
            </button>
        </form>
    }
}

fn cant(cant: Cant) -> Errors {
    let mut errors = Errors::default();
    let (field, words) = match cant {
        Cant::Own => ("verdict", text!("office-proxies-own")),
        Cant::Settled => ("verdict", text!("office-proxies-settled-already")),
        Cant::NoRecord => ("verdict", text!("office-proxies-cant-no-record")),
        Cant::OfAge => ("verdict", text!("office-proxies-cant-of-age")),
        Cant::Scope => ("until", text!("office-proxies-cant-scope")),
        Cant::Reason => ("reason", text!("office-proxies-reason-length")),
    };
    errors.add(field, words);
    errors
}

/// `POST /office/proxies/{id}`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 2);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(ApplicationId).ok_or(Refusal::NotAvailable)?;
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        // Whose it is comes first: nobody else learns what is wrong with a form.
        office::open(portal, session, actor, id).await?;
        let here = Destination::Application(id.0);
        if fields.text("do") == "end" {
            return match office::end(portal, session, actor, id).await {
                Ok(()) => Ok(Answer::Go(here)),
                Err(Refusal::StepUpFirst) => {
                    step_up::ask(session, &Action::EndAuthority(id)).await?;
                    Ok(Answer::Go(Destination::StepUp))
                }
                Err(refusal) => Err(refusal),
            };
        }
        let values = Typed::from(&fields);
        let verdict = match values.verdict() {
            Ok(verdict) => verdict,
            Err(errors) => return Ok(Answer::Again(FormState { values, errors })),
        };
        let decision = Decision {
            application: id,
            verdict,
        };
        match office::decide(portal, session, actor, &decision).await {
            Ok(Ok(())) => Ok(Answer::Go(here)),
            Ok(Err(why)) => Ok(Answer::Again(FormState {
                values,
                errors: cant(why),
            })),
            Err(Refusal::StepUpFirst) => {
                decision.keep(session).await?;
                step_up::ask(session, &decision.action()).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
