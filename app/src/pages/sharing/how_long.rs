//! `/sharing/new/how-long`: until when?

use super::steps::{self, Back, Reached, StepsOf};
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
use domain::purpose::PurposeSet;
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

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Picked {
    ends: String,
    date: String,
}

impl Picked {
    fn of(draft: &Draft, today: NaiveDate) -> Self {
        match draft.ends {
            None => Self::default(),
            Some(Ends::EndOfTreatment) => Self::named("treatment"),
            Some(Ends::Never) => Self::named("never"),
            Some(Ends::On(date)) if offered(today).any(|(_, day)| day == date) => {
                Self::named(&date.to_string())
            }
            Some(Ends::On(date)) => Self {
                ends: "date".to_owned(),
                date: date.to_string(),
            },
        }
    }

    fn named(ends: &str) -> Self {
        Self {
            ends: ends.to_owned(),
            date: String::new(),
        }
    }
}

/// The terms offered and their last days.
fn offered(today: NaiveDate) -> impl Iterator<Item = (u32, NaiveDate)> {
    OFFERED.into_iter().filter_map(move |months| {
        today
            .checked_add_months(Months::new(months))
            .map(|day| (months, day))
    })
}

fn today(visit: &Visit) -> NaiveDate {
    dates::day_in(visit.now(), visit.portal.options().time_zone)
}

/// Whether "no end" and "until my treatment ends" may stand (LAW A6).
fn may_be_open(draft: &Draft) -> bool {
    draft.purposes.within(PurposeSet::TPO)
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
        let today = today(&visit);
        let form = form.unwrap_or_else(|| FormState {
            values: Picked::of(&draft, today),
            errors: Errors::default(),
        });
        Ok(page(form, today, may_be_open(&draft)).into_any())
    })
}

fn page(form: FormState<Picked>, today: NaiveDate, may_be_open: bool) -> impl IntoView {
    let FormState { values, errors } = form;
    let mut choices: Vec<Choice> = offered(today)
        .map(|(months, day)| {
            let value = day.to_string();
            let picked = values.ends == value;
            Choice::new(value, t!("sharing-long-months", months = months), picked)
                .hint(t!("sharing-until-day", day = dates::day(day)))
        })
        .collect();
    choices.push(Choice::new(
        "date",
        t!("sharing-long-date"),
        values.ends == "date",
    ));
    if may_be_open {
        choices.push(
            Choice::new(
                "treatment",
                t!("sharing-until-treatment"),
                values.ends == "treatment",
            )
            .hint(t!("sharing-long-treatment-hint")),
        );
        choices.push(
            Choice::new("never", t!("sharing-until-none"), values.ends == "never")
                .hint(t!("sharing-long-never-hint")),
        );
    }
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::HowLong/>
        <StepsOf step=Step::HowLong/>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("sharing-long-heading")}</h1>
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
fn read(picked: &Picked, draft: &Draft, visit: &Visit) -> Result<Ends, Errors> {
    let mut errors = Errors::default();
    let (field, typed) = match picked.ends.as_str() {
        "treatment" if may_be_open(draft) => return Ok(Ends::EndOfTreatment),
        "never" if may_be_open(draft) => return Ok(Ends::Never),
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
    let today = today(visit);
    let latest = today.checked_add_months(Months::new(LONGEST * 12));
    if end_of(day, visit.portal.options().time_zone) <= visit.now() {
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
        match read(&picked, &draft, &visit) {
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
