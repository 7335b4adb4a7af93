//! `/sharing/new/how-long`: until when?

use super::{
    steps::{self, Back, Reached, StepsOf},
    words::event,
};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    dates,
    forms::{Errors, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use chrono::{Months, NaiveDate};
use chrono_tz::Tz;
use domain::{
    clock::Instant,
    consent::{ConsentKind, ENDING_EVENTS, EndingEvent},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    days::end_of,
    sharing::{
        Ends,
        draft::{self, Draft, Step},
    },
};

/// Terms offered as they are, in months.
const OFFERED: [u32; 3] = [3, 6, 12];
/// The longest term with an end, in years: beyond it, a typing error is more likely than a wish.
const LONGEST: u32 = 20;
/// At the end of the treatment.
const TREATMENT: &str = "treatment";
/// At the end of the research study.
const RESEARCH: &str = "research";
/// No end.
const NEVER: &str = "never";
/// The event that stands in the consent that is changed, and in no list.
const KEPT: &str = "as-it-was";

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Picked {
    ends: String,
    date: String,
}

impl Picked {
    fn of(draft: &Draft, offer: &Offer) -> Self {
        match &draft.ends {
            None => Self::default(),
            Some(Ends::EndOfTreatment) => Self::named(TREATMENT),
            Some(Ends::EndOfResearch) => Self::named(RESEARCH),
            Some(Ends::Never) => Self::named(NEVER),
            Some(Ends::When(words)) => match EndingEvent::from_words(words) {
                Some(event) => Self::named(event.name()),
                None => Self::named(KEPT),
            },
            Some(Ends::On(date)) if offer.days().any(|day| day == *date) => {
                Self::named(&date.to_string())
            }
            Some(Ends::On(date)) => Self::on(*date),
            Some(Ends::At(end)) => Self::on(dates::day_in(*end, offer.zone)),
        }
    }

    fn on(date: NaiveDate) -> Self {
        Self {
            ends: "date".to_owned(),
            date: date.to_string(),
        }
    }

    fn named(ends: &str) -> Self {
        Self {
            ends: ends.to_owned(),
            date: String::new(),
        }
    }
}

/// What this draft may end with (LAW A6, A13), and what depends on the day.
struct Offer {
    today: NaiveDate,
    zone: Tz,
    /// The last day before the patient comes of age.
    as_minor: Option<NaiveDate>,
    treatment: bool,
    research: bool,
    court: bool,
    events: Vec<EndingEvent>,
    /// An event of another time, which a consent that is being changed ends with.
    kept: Option<String>,
}

impl Offer {
    async fn of(visit: &Visit, draft: &Draft) -> Result<Self, Refusal> {
        let zone = visit.portal.options().time_zone;
        let of_age = draft::comes_of_age(&visit.portal, &visit.actor).await?;
        Ok(Self {
            today: dates::day_in(visit.now(), zone),
            zone,
            as_minor: of_age.and_then(|day| day.pred_opt()),
            treatment: draft.may_end(&Ends::EndOfTreatment),
            research: draft.may_end(&Ends::EndOfResearch),
            court: draft.kind() == ConsentKind::CriminalJustice,
            events: ENDING_EVENTS
                .into_iter()
                .filter(|event| event.fits(draft.purposes))
                .collect(),
            kept: match &draft.ends {
                Some(Ends::When(words)) if EndingEvent::from_words(words).is_none() => {
                    Some(words.clone())
                }
                _ => None,
            },
        })
    }

    /// The terms offered and their last days.
    fn months(&self) -> impl Iterator<Item = (u32, NaiveDate)> {
        let today = self.today;
        OFFERED.into_iter().filter_map(move |months| {
            today
                .checked_add_months(Months::new(months))
                .map(|day| (months, day))
        })
    }

    /// The days offered by name.
    fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.months().map(|(_, day)| day).chain(self.as_minor)
    }

    fn choices(&self, picked: &str) -> Vec<Choice> {
        let choice = |value: &str, label: String| Choice::new(value, label, picked == value);
        let until = |day: NaiveDate| t!("sharing-until-day", day = dates::day(day));
        let mut choices: Vec<Choice> = self
            .months()
            .map(|(months, day)| {
                choice(&day.to_string(), t!("sharing-long-months", months = months))
                    .hint(until(day))
            })
            .collect();
        choices.push(choice("date", t!("sharing-long-date")));
        if let Some(day) = self.as_minor {
            choices.push(choice(&day.to_string(), t!("sharing-long-birthday")).hint(until(day)));
        }
        for one in &self.events {
            choices
                .push(choice(one.name(), event(one.words())).hint(t!("sharing-long-event-hint")));
        }
        if let Some(words) = &self.kept {
            choices.push(choice(KEPT, event(words)).hint(t!("sharing-long-event-hint")));
        }
        if self.research {
            choices.push(
                choice(RESEARCH, t!("sharing-until-research"))
                    .hint(t!("sharing-long-research-hint")),
            );
        }
        if self.treatment {
            choices.push(
                choice(TREATMENT, t!("sharing-until-treatment"))
                    .hint(t!("sharing-long-treatment-hint")),
            );
            choices
                .push(choice(NEVER, t!("sharing-until-none")).hint(t!("sharing-long-never-hint")));
        }
        choices
    }

    /// What is offered under that name without a day.
    fn without_day(&self, name: &str) -> Option<Ends> {
        match name {
            TREATMENT => self.treatment.then_some(Ends::EndOfTreatment),
            NEVER => self.treatment.then_some(Ends::Never),
            RESEARCH => self.research.then_some(Ends::EndOfResearch),
            KEPT => self.kept.clone().map(Ends::When),
            _ => {
                let event = EndingEvent::from_name(name)?;
                self.events
                    .contains(&event)
                    .then(|| Ends::When(event.words().to_owned()))
            }
        }
    }
}

/// Until when?
#[component]
pub fn HowLong() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let draft = match steps::reach(&visit, Step::HowLong).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        let offer = Offer::of(&visit, &draft).await?;
        let form = form.unwrap_or_else(|| FormState {
            values: Picked::of(&draft, &offer),
            errors: Errors::default(),
        });
        Ok(page(form, &offer).into_any())
    })
}

fn page(form: FormState<Picked>, offer: &Offer) -> impl IntoView + use<> {
    let FormState { values, errors } = form;
    let choices = offer.choices(&values.ends);
    let court = offer
        .court
        .then(|| view! { <p>{t!("sharing-long-court")}</p> });
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::HowLong/>
        <StepsOf step=Step::HowLong/>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("sharing-long-heading")}</h1>
        {court}
        <form method="post" novalidate>
            <Choices
                name="ends"
                legend=t!("sharing-long-legend")
                pick=Pick::One
                choices
                hint=t!("sharing-long-hint")
                error=errors.of("ends")
            />
            <Field
                name="date"
                label=t!("sharing-long-day")
                hint=t!("sharing-long-day-hint")
                kind=InputKind::Date
                value=values.date.clone()
                error=errors.of("date")
            />
            <button class="button" type="submit">{t!("sharing-go-on")}</button>
        </form>
    }
}

/// What was picked, or what is wrong with it.
fn read(picked: &Picked, offer: &Offer, now: Instant) -> Result<Ends, Errors> {
    if let Some(ends) = offer.without_day(&picked.ends) {
        return Ok(ends);
    }
    let mut errors = Errors::default();
    let (field, typed) = match picked.ends.as_str() {
        "date" => ("date", picked.date.as_str()),
        // A day typed and nothing picked means the day.
        "" if !picked.date.is_empty() => ("date", picked.date.as_str()),
        other => ("ends", other),
    };
    let Ok(day) = typed.parse::<NaiveDate>() else {
        errors.add(
            field,
            if field == "date" {
                text!("sharing-what-not-a-day")
            } else {
                text!("sharing-long-missing")
            },
        );
        return Err(errors);
    };
    let latest = offer.today.checked_add_months(Months::new(LONGEST * 12));
    if end_of(day, offer.zone) <= now {
        errors.add(field, text!("sharing-long-past"));
    } else if latest.is_some_and(|latest| day > latest) {
        errors.add(field, text!("sharing-long-far", years = LONGEST));
    }
    if errors.is_empty() {
        Ok(Ends::On(day))
    } else {
        Err(errors)
    }
}

/// `POST /sharing/new/how-long`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let mut draft = match steps::reach(&visit, Step::HowLong).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(Answer::Go(elsewhere)),
        };
        let picked = Picked {
            ends: fields.text("ends"),
            date: fields.text("date"),
        };
        let offer = Offer::of(&visit, &draft).await?;
        match read(&picked, &offer, visit.now()) {
            Ok(ends) => draft.ends = Some(ends),
            Err(errors) => {
                return Ok::<_, Refusal>(Answer::Again(FormState {
                    values: picked,
                    errors,
                }));
            }
        }
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        Ok(Answer::Go(steps::after(&draft, Step::HowLong)))
    })
    .await
}
