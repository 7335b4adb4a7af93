//! `/office/assignments/new`: with whom, for which patient, how long and why. The answer is the same when there is no such
//! patient and when there are several (LAW B5).

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        select::Select,
    },
    dates,
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
    words::{assignment as words, consent},
};
use axum::{extract, response::Response};
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::{
    id::{OrganizationId, PersonId},
    party::Party,
};
use leptos::prelude::*;
use portal::{
    Refusal,
    assignments::{self, Asked, Cant, KINDS},
    directory::Candidate,
    step_up,
};

/// The field, and the place for what is wrong with no field.
const NAME: &str = "name";

/// What was typed.
#[derive(Clone, Default)]
pub(super) struct Typed {
    name: String,
    birth: String,
    party: String,
    kind: String,
    until: String,
    reason: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            name: fields.text(NAME),
            birth: fields.text("birth"),
            party: fields.text("party"),
            kind: fields.text("kind"),
            until: fields.text("until"),
            reason: fields.lines("reason").trim().to_owned(),
        }
    }
}

impl From<&Asked> for Typed {
    fn from(asked: &Asked) -> Self {
        Self {
            name: asked.name.clone(),
            birth: asked.birth.to_string(),
            party: party_name(asked.party),
            kind: words::kind_name(asked.kind).to_owned(),
            until: asked.until.to_string(),
            reason: asked.reason.clone(),
        }
    }
}

fn party_name(party: Party) -> String {
    match party {
        Party::Person(person) => format!("person-{person}"),
        Party::Organization(organization) => format!("organization-{organization}"),
    }
}

fn party_of(name: &str) -> Option<Party> {
    if let Some(id) = name.strip_prefix("person-") {
        return PersonId::parse(id).map(Party::Person);
    }
    let id = name.strip_prefix("organization-")?;
    OrganizationId::parse(id).map(Party::Organization)
}

impl Typed {
    /// What is asked for, or what is missing.
    fn asked(&self) -> Result<Asked, Errors> {
        let birth = self.birth.parse::<NaiveDate>().ok();
        let party = party_of(&self.party);
        let kind = KINDS
            .into_iter()
            .find(|kind| words::kind_name(*kind) == self.kind);
        let until = self.until.parse::<NaiveDate>().ok();
        let mut errors = Errors::default();
        if self.name.is_empty() {
            errors.add(NAME, text!("assignment-cant-name"));
        }
        if birth.is_none() {
            errors.add("birth", text!("assignment-cant-birth"));
        }
        if party.is_none() {
            errors.add("party", text!("assignment-cant-party"));
        }
        if kind.is_none() {
            errors.add("kind", text!("assignment-cant-kind"));
        }
        if until.is_none() {
            errors.add("until", text!("assignment-cant-until"));
        }
        if !assignments::REASON.contains(&self.reason.chars().count()) {
            errors.add("reason", text!("assignment-cant-reason"));
        }
        match (birth, party, kind, until) {
            (Some(birth), Some(party), Some(kind), Some(until)) if errors.is_empty() => Ok(Asked {
                name: self.name.clone(),
                birth,
                party,
                kind,
                until,
                reason: self.reason.clone(),
            }),
            _ => Err(errors),
        }
    }
}

fn cant(cant: Cant, zone: Tz) -> Errors {
    let mut errors = Errors::default();
    let (field, words) = match cant {
        Cant::Name => (NAME, text!("assignment-cant-name")),
        Cant::Party => ("party", text!("assignment-cant-party")),
        Cant::Own => ("party", text!("assignment-cant-own")),
        Cant::Kind => ("kind", text!("assignment-cant-care")),
        Cant::End => ("until", text!("assignment-cant-until")),
        Cant::Reason => ("reason", text!("assignment-cant-reason")),
        Cant::NoRecord => (NAME, text!("assignment-cant-record")),
        Cant::Wait(until) => (
            NAME,
            text!("assignment-cant-wait", time = dates::time(until, zone)),
        ),
    };
    errors.add(field, words);
    errors
}

/// Asks for everything.
#[component]
pub fn New() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let candidates = assignments::candidates(portal, actor).await?;
        let confirmed = match form {
            Some(_) => None,
            None => assignments::confirmed(portal, session).await?,
        };
        let first = confirmed.is_some();
        let form = form.unwrap_or_else(|| FormState {
            values: confirmed.as_ref().map(Typed::from).unwrap_or_default(),
            errors: Errors::default(),
        });
        let banner = first.then(|| {
            view! {
                <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                    {t!("assignment-new-confirmed")}
                </Banner>
            }
        });
        Ok(view! {
            <PageTitle title=text!("assignment-new-title")/>
            <ErrorSummary errors=form.errors.clone()/>
            <p class="back">
                <a href=Destination::Assignments.path()>{t!("assignments-back")}</a>
            </p>
            {banner}
            <h1>{t!("assignment-new-heading")}</h1>
            <p>{t!("assignment-new-lead")}</p>
            <p>{t!("assignment-new-opens")}</p>
            <Ask form candidates/>
        }
        .into_any())
    })
}

#[component]
fn Ask(form: FormState<Typed>, candidates: Vec<Candidate>) -> impl IntoView {
    let values = &form.values;
    let mut parties = vec![Choice::new(
        "",
        t!("assignment-new-pick"),
        values.party.is_empty(),
    )];
    parties.extend(candidates.into_iter().map(|candidate| {
        let name = party_name(candidate.party);
        let picked = values.party == name;
        Choice::new(name, consent::name_with_place(&candidate.name), picked)
    }));
    let kinds = KINDS
        .into_iter()
        .map(|kind| {
            let name = words::kind_name(kind);
            Choice::new(name, words::kind(kind), values.kind == name)
        })
        .collect();
    view! {
        <form method="post" novalidate>
            <h2>{t!("assignment-new-patient")}</h2>
            <Field
                name=NAME
                label=t!("assignment-new-name")
                hint=t!("assignment-new-name-hint")
                kind=InputKind::Line
                value=values.name.clone()
                error=form.errors.of(NAME)
            />
            <Field
                name="birth"
                label=t!("assignment-new-birth")
                kind=InputKind::Date
                value=values.birth.clone()
                error=form.errors.of("birth")
            />
            <h2>{t!("assignment-heading")}</h2>
            <Select
                name="party"
                label=t!("assignment-new-party")
                hint=t!("assignment-new-party-hint")
                choices=parties
                error=form.errors.of("party")
            />
            <Choices
                name="kind"
                legend=t!("assignment-new-kind")
                pick=Pick::One
                choices=kinds
                error=form.errors.of("kind")
            />
            <Field
                name="until"
                label=t!("assignment-new-until")
                hint=t!("assignment-new-until-hint")
                kind=InputKind::Date
                value=values.until.clone()
                error=form.errors.of("until")
            />
            <Field
                name="reason"
                label=t!("assignment-new-reason")
                hint=t!("assignment-new-reason-hint")
                kind=InputKind::Lines
                value=values.reason.clone()
                error=form.errors.of("reason")
            />
            <p>{t!("assignment-new-code")}</p>
            <button class="button" type="submit">{t!("assignment-new-do")}</button>
        </form>
    }
}

/// `POST /office/assignments/new`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        // Nobody but an administrator learns what is wrong with a form.
        assignments::candidates(portal, actor).await?;
        let values = Typed::from(&fields);
        let asked = match values.asked() {
            Ok(asked) => asked,
            Err(errors) => return Ok(Answer::Again(FormState { values, errors })),
        };
        match assignments::assign(portal, session, actor, &asked).await {
            Ok(Ok(id)) => Ok(Answer::Go(Destination::Assignment(id.0))),
            Ok(Err(why)) => Ok(Answer::Again(FormState {
                values,
                errors: cant(why, portal.options().time_zone),
            })),
            Err(Refusal::StepUpFirst) => {
                asked.keep(session).await?;
                step_up::ask(session, &asked.action()).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
