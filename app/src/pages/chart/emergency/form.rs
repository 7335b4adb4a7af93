//! The form: the four fields of 2.51(c), why consent can't be had, and what the clinician confirms.

use crate::{
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        summary_list::{Row, SummaryList},
    },
    dates,
    forms::{Errors, Fields, FormState},
    t, text,
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use domain::id::{OrganizationId, PatientId};
use leptos::prelude::*;
use portal::emergency::{Asking, Request, Unopened, Whom, WithoutConsent, request::NATURE};

/// What was typed.
#[derive(Clone, Default)]
pub struct Typed {
    name: String,
    birth: String,
    affiliation: String,
    nature: String,
    why: String,
    sure: bool,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            birth: fields.text("birth"),
            affiliation: fields.text("affiliation"),
            nature: fields.lines("nature").trim().to_owned(),
            why: fields.text("why"),
            sure: fields.checked("sure"),
        }
    }
}

impl From<&Request> for Typed {
    fn from(request: &Request) -> Self {
        let (name, birth) = match &request.whom {
            Whom::Patient(_) => (String::new(), String::new()),
            Whom::Named { name, birth } => (name.clone(), birth.to_string()),
        };
        Self {
            name,
            birth,
            affiliation: request.affiliation.to_string(),
            nature: request.nature.clone(),
            why: request.without_consent.name().to_owned(),
            sure: true,
        }
    }
}

impl Typed {
    /// The request it makes, or what is missing.
    pub fn request(&self, asking: &Asking, patient: Option<PatientId>) -> Result<Request, Errors> {
        let mut errors = Errors::default();
        let whom = match patient {
            Some(patient) => Some(Whom::Patient(patient)),
            None => self.named(&mut errors),
        };
        let affiliation = OrganizationId::parse(&self.affiliation)
            .filter(|place| asking.affiliation(*place).is_some());
        if affiliation.is_none() {
            errors.add("affiliation", text!("emergency-affiliation-missing"));
        }
        let letters = self.nature.chars().count();
        if letters < *NATURE.start() {
            errors.add("nature", text!("emergency-nature-short"));
        } else if letters > *NATURE.end() {
            errors.add("nature", text!("emergency-nature-long"));
        }
        let why = WithoutConsent::from_name(&self.why);
        if why.is_none() {
            errors.add("why", text!("emergency-why-missing"));
        }
        if !self.sure {
            errors.add("sure", text!("emergency-sure-missing"));
        }
        match (whom, affiliation, why) {
            (Some(whom), Some(affiliation), Some(without_consent)) if errors.is_empty() => {
                Ok(Request {
                    whom,
                    affiliation,
                    nature: self.nature.clone(),
                    without_consent,
                })
            }
            _ => Err(errors),
        }
    }

    fn named(&self, errors: &mut Errors) -> Option<Whom> {
        if self.name.is_empty() {
            errors.add("name", text!("emergency-name-missing"));
        }
        let birth: Option<NaiveDate> = self.birth.parse().ok();
        if birth.is_none() {
            errors.add("birth", text!("emergency-birth-missing"));
        }
        Some(Whom::Named {
            name: self.name.clone(),
            birth: birth?,
        })
    }
}

/// Why no record was opened: one answer, whatever was wrong.
pub fn unopened(why: Unopened, zone: Tz) -> Errors {
    let mut errors = Errors::default();
    errors.add(
        "record",
        match why {
            Unopened::Wait(until) => {
                text!("emergency-wait", time = dates::time(until, zone))
            }
            Unopened::NoRecord | Unopened::IsOpen => text!("emergency-not-opened"),
        },
    );
    errors
}

/// A reason in words.
pub fn reason(why: WithoutConsent) -> String {
    match why {
        WithoutConsent::Unconscious => t!("emergency-why-unconscious"),
        WithoutConsent::Incapable => t!("emergency-why-incapable"),
        WithoutConsent::NoTime => t!("emergency-why-no-time"),
    }
}

/// Asks for everything at once.
#[component]
pub fn Ask(
    /// Who asks.
    asking: Asking,
    /// What was typed.
    form: FormState<Typed>,
    /// Whether the patient is to be named.
    named: bool,
    /// Whether a fresh factor was given for just this.
    confirmed: bool,
    /// What stands before the form.
    ended: AnyView,
) -> impl IntoView {
    let FormState { values, errors } = form;
    let record_error = errors.of("record").map(|error| {
        view! { <p class="error">{error.to_string()}</p> }
    });
    let who = named.then(|| {
        view! {
            <h2>{t!("emergency-whom")}</h2>
            <Field
                name="name"
                label=t!("emergency-name")
                hint=t!("emergency-name-hint")
                value=values.name.clone()
                error=errors.of("name")
            />
            <Field
                name="birth"
                label=t!("emergency-birth")
                kind=InputKind::Date
                value=values.birth.clone()
                error=errors.of("birth")
            />
        }
    });
    let reasons = WithoutConsent::ALL
        .into_iter()
        .map(|why| Choice::new(why.name(), reason(why), values.why == why.name()))
        .collect();
    let sure = vec![Choice::new("yes", t!("emergency-sure"), values.sure)];
    let button = if confirmed {
        t!("emergency-do")
    } else {
        t!("emergency-go-on")
    };
    view! {
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("emergency-heading")}</h1>
        {ended}
        <div id="record" tabindex="-1">{record_error}</div>
        <p class="lead">{t!("emergency-lead")}</p>
        <Banner tone=Tone::Warning heading=t!("emergency-warning-heading")>
            <ul>
                <li>{t!("emergency-warning-told")}</li>
                <li>{t!("emergency-warning-review")}</li>
                <li>{t!("emergency-warning-hour")}</li>
                <li>{t!("emergency-warning-copy")}</li>
            </ul>
        </Banner>
        {confirmed
            .then(|| {
                view! {
                    <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                        {t!("emergency-confirmed")}
                    </Banner>
                }
            })}
        <form method="post" novalidate>
            {who}
            <h2>{t!("emergency-record")}</h2>
            <Facts asking=asking.clone()/>
            <Affiliation asking picked=values.affiliation.clone() errors=errors.clone()/>
            <Field
                name="nature"
                label=t!("emergency-nature")
                hint=t!("emergency-nature-hint")
                kind=InputKind::Lines
                value=values.nature.clone()
                error=errors.of("nature")
            />
            <Choices
                name="why"
                legend=t!("emergency-why")
                pick=Pick::One
                choices=reasons
                error=errors.of("why")
            />
            <Choices
                name="sure"
                legend=t!("emergency-sure-legend")
                pick=Pick::Any
                choices=sure
                error=errors.of("sure")
            />
            {(!confirmed).then(|| view! { <p>{t!("emergency-code")}</p> })}
            <button class="button danger" type="submit" name="do" value="open">{button}</button>
        </form>
    }
}

/// What goes onto the record by itself.
#[component]
fn Facts(asking: Asking) -> impl IntoView {
    let mut rows = vec![Row::new(t!("emergency-recipient"), asking.name)];
    if let [(_, place)] = asking.affiliations.as_slice() {
        rows.push(Row::new(t!("emergency-affiliation"), place.clone()));
    }
    rows.push(Row::new(
        t!("emergency-discloser"),
        t!("emergency-discloser-later"),
    ));
    rows.push(Row::new(t!("emergency-when"), t!("emergency-when-later")));
    view! { <SummaryList rows/> }
}

/// For which organization the person acts, where there is more than one.
#[component]
fn Affiliation(asking: Asking, picked: String, errors: Errors) -> impl IntoView {
    if let [(only, _)] = asking.affiliations.as_slice() {
        return view! { <input type="hidden" name="affiliation" value=only.to_string()/> }
            .into_any();
    }
    let choices = asking
        .affiliations
        .into_iter()
        .map(|(id, name)| {
            let id = id.to_string();
            let is_picked = picked == id;
            Choice::new(id, name, is_picked)
        })
        .collect();
    view! {
        <Choices
            name="affiliation"
            legend=t!("emergency-affiliation")
            pick=Pick::One
            choices=choices
            error=errors.of("affiliation")
        />
    }
    .into_any()
}

/// The reason of a record in words, as it is kept by name.
pub fn reason_by_name(name: &str) -> String {
    WithoutConsent::from_name(name).map_or_else(|| name.to_owned(), reason)
}
