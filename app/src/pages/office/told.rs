//! `/office/told`: what a patient said, or what happened, that ends sharing (LAW A12).

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
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
    words::consent::name_with_place,
};
use axum::{extract, response::Response};
use chrono::NaiveDate;
use domain::{consent::ENDING_EVENTS, party::Party};
use leptos::prelude::*;
use portal::{
    Refusal,
    directory::{self, Candidate},
    sharing::told::{self, How, NOTE, Told, What},
};

/// The session remembers that something was written down, to be said once.
const WRITTEN: &str = "stopping-written";
/// What was typed.
#[derive(Clone, Default)]
pub struct Typed {
    name: String,
    birth: String,
    what: String,
    recipient: String,
    how: String,
    note: String,
    sure: bool,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            birth: fields.text("birth"),
            what: fields.text("what"),
            recipient: fields.text("recipient"),
            how: fields.text("how"),
            note: fields.lines("note").trim().to_owned(),
            sure: fields.checked("sure"),
        }
    }
}

impl Typed {
    fn told(&self, candidates: &[Candidate]) -> Result<Told, Errors> {
        let mut errors = Errors::default();
        if self.name.is_empty() {
            errors.add("name", text!("stopping-name-missing"));
        }
        let birth: Option<NaiveDate> = self.birth.parse().ok();
        if birth.is_none() {
            errors.add("birth", text!("stopping-birth-missing"));
        }
        let what = What::from_name(&self.what);
        if what.is_none() {
            errors.add("what", text!("stopping-what-missing"));
        }
        let recipient = self.recipient(candidates);
        if recipient.is_none() {
            errors.add("recipient", text!("stopping-recipient-unknown"));
        }
        let how = How::from_name(&self.how);
        if how.is_none() {
            errors.add("how", text!("stopping-how-missing"));
        }
        if !NOTE.contains(&self.note.chars().count()) {
            errors.add(
                "note",
                text!(
                    "stopping-note-length",
                    least = *NOTE.start(),
                    most = *NOTE.end()
                ),
            );
        }
        if !self.sure {
            errors.add("sure", text!("stopping-sure-missing"));
        }
        match (birth, what, recipient, how) {
            (Some(birth), Some(what), Some(recipient), Some(how)) if errors.is_empty() => {
                Ok(Told {
                    name: self.name.clone(),
                    birth,
                    what,
                    how,
                    recipient,
                    note: self.note.clone(),
                })
            }
            _ => Err(errors),
        }
    }

    /// With whom: everybody, or the one of that name.
    #[expect(
        clippy::option_option,
        reason = "whether it is an answer, and then whom it names, if anybody"
    )]
    fn recipient(&self, candidates: &[Candidate]) -> Option<Option<Party>> {
        if self.recipient.is_empty() {
            return Some(None);
        }
        candidates
            .iter()
            .find(|candidate| value(candidate.party) == self.recipient)
            .map(|candidate| Some(candidate.party))
    }
}

fn value(party: Party) -> String {
    match party {
        Party::Person(id) => format!("person:{id}"),
        Party::Organization(id) => format!("organization:{id}"),
    }
}

/// Asks who, what, with whom, how.
#[component]
pub fn TheyTold() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        told::may(&visit.actor)?;
        let written = visit.session.remove::<bool>(WRITTEN).await?.is_some();
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        let form = form.unwrap_or_else(|| FormState {
            values: Typed::default(),
            errors: Errors::default(),
        });
        Ok(page(form, candidates, written).into_any())
    })
}

fn page(form: FormState<Typed>, candidates: Vec<Candidate>, written: bool) -> impl IntoView {
    let FormState { values, errors } = form;
    let offered = [What::Revoked, What::TreatmentOver, What::StudyOver]
        .into_iter()
        .chain(ENDING_EVENTS.map(What::Happened));
    let whats = offered
        .map(|what| {
            let (words, hint) = what_words(what);
            let picked = values.what == what.name();
            Choice::new(what.name(), words, picked).hint(hint)
        })
        .collect();
    let everybody = Choice::new("", t!("stopping-everybody"), values.recipient.is_empty());
    let recipients = std::iter::once(everybody)
        .chain(candidates.into_iter().map(|candidate| {
            let value = value(candidate.party);
            let picked = values.recipient == value;
            Choice::new(value, name_with_place(&candidate.name), picked)
        }))
        .collect();
    let hows = How::ALL
        .into_iter()
        .map(|how| Choice::new(how.name(), how_words(how), values.how == how.name()))
        .collect();
    let sure = vec![Choice::new("yes", t!("stopping-sure"), values.sure)];
    view! {
        <PageTitle title=text!("stopping-title")/>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("stopping-heading")}</h1>
        {written
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("stopping-written-heading")>
                        {t!("stopping-written")}
                    </Banner>
                }
            })}
        <p class="lead">{t!("stopping-lead")}</p>
        <p id="record" tabindex="-1">{t!("stopping-nothing-told")}</p>
        <form method="post" novalidate>
            <Field
                name="name"
                label=t!("stopping-name")
                hint=t!("stopping-name-hint")
                value=values.name.clone()
                error=errors.of("name")
            />
            <Field
                name="birth"
                label=t!("stopping-birth")
                kind=InputKind::Date
                value=values.birth.clone()
                error=errors.of("birth")
            />
            <Choices
                name="what"
                legend=t!("stopping-what")
                pick=Pick::One
                choices=whats
                error=errors.of("what")
            />
            <Select
                name="recipient"
                label=t!("stopping-recipient")
                hint=t!("stopping-recipient-hint")
                choices=recipients
                error=errors.of("recipient")
            />
            <Choices
                name="how"
                legend=t!("stopping-how")
                pick=Pick::One
                choices=hows
                error=errors.of("how")
            />
            <Field
                name="note"
                label=t!("stopping-note")
                hint=t!("stopping-note-hint")
                kind=InputKind::Lines
                value=values.note.clone()
                error=errors.of("note")
            />
            <Choices
                name="sure"
                legend=t!("stopping-sure-legend")
                pick=Pick::Any
                choices=sure
                error=errors.of("sure")
            />
            <button class="button" type="submit">{t!("stopping-do")}</button>
        </form>
    }
}

/// What was told, and what follows.
fn what_words(what: What) -> (String, String) {
    match what {
        What::Revoked => (
            t!("stopping-what-revoked"),
            t!("stopping-what-revoked-hint"),
        ),
        What::TreatmentOver => (
            t!("stopping-what-treatment"),
            t!("stopping-what-treatment-hint"),
        ),
        What::StudyOver => (t!("stopping-what-study"), t!("stopping-what-study-hint")),
        What::Happened(event) => (
            t!("stopping-what-event", event = event.words()),
            t!("stopping-what-event-hint"),
        ),
    }
}

fn how_words(how: How) -> String {
    match how {
        How::InPerson => t!("stopping-how-in-person"),
        How::ByPhone => t!("stopping-how-by-phone"),
        How::InWriting => t!("stopping-how-in-writing"),
        How::ByOffice => t!("stopping-how-by-office"),
    }
}

/// `POST /office/told`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        // Nobody but those who may learns what is wrong with a form.
        told::may(&visit.actor)?;
        let values = Typed::from(&fields);
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        let told = match values.told(&candidates) {
            Ok(told) => told,
            Err(errors) => return Ok(Answer::Again(FormState { values, errors })),
        };
        if !told::write_down(&visit.portal, &visit.actor, &told).await? {
            let mut errors = Errors::default();
            errors.add("record", text!("stopping-nobody"));
            return Ok(Answer::Again(FormState { values, errors }));
        }
        visit.session.insert(WRITTEN, true).await?;
        Ok::<_, Refusal>(Answer::Go(Destination::TheyTold))
    })
    .await
}
