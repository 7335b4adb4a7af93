//! `/office/access-review`: who keeps access in this quarter, said of each and signed.

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        empty::Empty,
        error_summary::ErrorSummary,
        page_title::PageTitle,
        time::zone,
    },
    dates,
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    i18n::list,
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
    words::staff,
};
use axum::{extract, response::Response};
use domain::id::PersonId;
use leptos::prelude::*;
use portal::{
    Refusal,
    staff::{
        access_review::{self, Opened, Said, Unsigned},
        people::Member,
    },
    step_up::{self, Action},
};

/// What was said so far.
type Typed = Vec<(PersonId, bool)>;

/// The list of this quarter.
#[component]
pub fn AccessReview() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let opened = access_review::open(&visit.portal, &visit.actor).await?;
        let confirmed = match step_up::confirmed(&visit.portal, &visit.session).await? {
            Some(Action::SignAccessReview { keep, remove }) => Some(
                keep.into_iter()
                    .map(|person| (person, true))
                    .chain(remove.into_iter().map(|person| (person, false)))
                    .collect(),
            ),
            _ => None,
        };
        let first = form.is_none() && confirmed.is_some();
        let form = form.unwrap_or_else(|| FormState {
            values: confirmed.unwrap_or_default(),
            errors: Errors::default(),
        });
        Ok(page(&opened, &form, first))
    })
}

fn page(opened: &Opened, form: &FormState<Typed>, confirmed: bool) -> AnyView {
    let quarter = t!(
        "access-quarter",
        number = opened.quarter.number.to_string(),
        year = opened.quarter.year.to_string()
    );
    let due = dates::day(opened.quarter.due());
    let standing = if opened.overdue {
        view! { <Banner tone=Tone::Warning>{t!("access-overdue", due = due)}</Banner> }.into_any()
    } else {
        view! { <p>{t!("access-due", due = due)}</p> }.into_any()
    };
    let last = opened.last.as_ref().map(|(at, by)| {
        let by = by.clone().unwrap_or_else(|| t!("history-somebody"));
        let words = t!("access-last", by = by, at = dates::moment(*at, zone()));
        view! { <p>{words}</p> }
    });
    let myself = opened
        .myself
        .as_ref()
        .map(|_| view! { <p>{t!("access-myself")}</p> });
    let confirmed = confirmed.then(|| {
        view! {
            <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                {t!("access-confirmed")}
            </Banner>
        }
    });
    let body = if opened.waiting.is_empty() {
        view! { <Empty words=t!("access-empty")/> }.into_any()
    } else {
        let people = opened
            .waiting
            .iter()
            .map(|member| question(member, &form.values))
            .collect_view();
        let error = form
            .errors
            .of("people")
            .map(|error| view! { <p class="error">{error.to_string()}</p> });
        view! {
            <form method="post" novalidate>
                <div id="people" tabindex="-1">{error}</div>
                {people}
                <p>{t!("access-sign-lead")}</p>
                <button class="button" type="submit">{t!("access-sign")}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <PageTitle title=text!("access-title")/>
        <ErrorSummary errors=form.errors.clone()/>
        <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
        {confirmed}
        <h1>{t!("access-heading")}</h1>
        <p class="lead">{quarter}</p>
        {standing}
        {last}
        <p>{t!("access-lead")}</p>
        {myself}
        {body}
    }
    .into_any()
}

/// One person: what they have, and whether they keep it.
fn question(member: &Member, said: &Typed) -> impl IntoView + use<> {
    let name = format!("judge-{}", member.person);
    let answer = said
        .iter()
        .find(|(person, _)| *person == member.person)
        .map(|(_, keep)| *keep);
    let places: Vec<String> = member
        .places
        .iter()
        .map(|place| staff::place(place, zone()))
        .collect();
    let facts = t!(
        "access-facts",
        state = staff::state(member.state, zone()),
        used = staff::last_used(member.last_used, zone())
    );
    let choice = |value: &'static str, words: String, picked: bool| {
        let id = format!("{name}-{value}");
        view! {
            <div class="choice">
                <input type="radio" id=id.clone() name=name.clone() value=value checked=picked/>
                <div>
                    <label for=id>{words}</label>
                </div>
            </div>
        }
    };
    view! {
        <fieldset class="field">
            <legend>{member.name.clone()}</legend>
            <input type="hidden" name="person" value=member.person.to_string()/>
            <p>{list(&places)}</p>
            <p class="hint">{facts}</p>
            {choice("keep", t!("access-keep"), answer == Some(true))}
            {choice("remove", t!("access-remove"), answer == Some(false))}
        </fieldset>
    }
}

/// `POST /office/access-review`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        let people: Vec<PersonId> = fields
            .all("person")
            .iter()
            .filter_map(|id| PersonId::parse(id))
            .collect();
        let said: Typed = people
            .iter()
            .filter_map(
                |person| match fields.text(&format!("judge-{person}")).as_str() {
                    "keep" => Some((*person, true)),
                    "remove" => Some((*person, false)),
                    _ => None,
                },
            )
            .collect();
        let of = |keep: bool| {
            let matching = said.iter().filter(move |(_, kept)| *kept == keep);
            matching.map(|(person, _)| *person).collect()
        };
        let judged = Said {
            keep: of(true),
            remove: of(false),
        };
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        match access_review::sign(portal, session, actor, &judged).await {
            Ok(Ok(_)) => Ok(Answer::Go(Destination::AccessReview)),
            Ok(Err(unsigned)) => Ok(Answer::Again(FormState {
                values: said,
                errors: not_signed(unsigned),
            })),
            Err(Refusal::StepUpFirst) => {
                step_up::ask(session, &judged.action()).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}

fn not_signed(unsigned: Unsigned) -> Errors {
    let mut errors = forms::Errors::default();
    errors.add(
        "people",
        match unsigned {
            Unsigned::Unanswered => text!("access-unanswered"),
            Unsigned::Changed => text!("access-changed"),
        },
    );
    errors
}
