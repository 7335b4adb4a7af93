//! `/proxies/invite` and `/proxies/{id}/change`: who is to help, what they may see, how long.

use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    dates,
    destination::Destination,
    forms::{Errors, Fields, FormState},
    i18n::label_name,
    pages::{
        answer::{self, Answer, id_in, id_of},
        join::code::day,
    },
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use chrono::{Months, NaiveDate};
use domain::{
    id::AuthorityId,
    label::{Label, LabelSet},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    days::end_of,
    proxies::helpers::{self, Draft, LONGEST_NAME},
    sharing::grid::COLUMNS,
};

/// The term offered first, in months.
const OFFERED: u32 = 12;
/// The longest term, in years: a helper is looked at again from time to time.
const LONGEST: u32 = 5;

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Typed {
    name: String,
    birth: String,
    segments: Vec<String>,
    part2: String,
    until: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            birth: fields.text("birth"),
            segments: fields.all("segments"),
            part2: fields.text("part2"),
            until: fields.text("until"),
        }
    }
}

impl Typed {
    fn of(draft: &Draft, today: NaiveDate) -> Self {
        let first = today.checked_add_months(Months::new(OFFERED));
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            name: draft.name.clone(),
            birth: day(draft.birth),
            segments: COLUMNS
                .into_iter()
                .filter(|label| draft.include.has(*label))
                .map(|label| label.name().to_owned())
                .collect(),
            part2: match draft.part2 {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            }
            .to_owned(),
            until: day(draft.ends.or(first)),
        }
    }

    /// Writes the answers into the draft; what is wrong with them.
    fn into_draft(self, visit: &Visit, draft: &mut Draft) -> Errors {
        let mut errors = Errors::default();
        let today = today(visit);
        if draft.authority.is_none() {
            draft.name.clone_from(&self.name);
            draft.birth = day(&self.birth);
            let letters = self.name.chars().count();
            if letters == 0 || letters > LONGEST_NAME {
                errors.add("name", text!("proxies-name-missing"));
            }
            if draft.birth.is_none_or(|birth| birth > today) {
                errors.add("birth", text!("proxies-birth-missing"));
            }
        }
        let labels = self
            .segments
            .iter()
            .filter_map(|name| Label::from_name(name));
        draft.include = labels.filter(|label| COLUMNS.contains(label)).collect();
        if draft.include == LabelSet::EMPTY {
            errors.add("segments", text!("proxies-segments-missing"));
        }
        draft.part2 = match self.part2.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        if draft.part2.is_none() {
            errors.add("part2", text!("sharing-part2-missing"));
        }
        draft.ends = day(&self.until);
        let latest = today.checked_add_months(Months::new(LONGEST * 12));
        match draft.ends {
            None => errors.add("until", text!("sharing-what-not-a-day")),
            Some(day) if end_of(day, visit.portal.options().time_zone) <= visit.now() => {
                errors.add("until", text!("sharing-long-past"));
            }
            Some(day) if latest.is_some_and(|latest| day > latest) => {
                errors.add("until", text!("sharing-long-far", years = LONGEST));
            }
            Some(_) => {}
        }
        errors
    }
}

fn today(visit: &Visit) -> NaiveDate {
    dates::day_in(visit.now(), visit.portal.options().time_zone)
}

/// Somebody new.
#[component]
pub fn Invite() -> impl IntoView {
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let draft = naming(&visit).await?;
        Ok(page(form, &visit, &draft).into_any())
    })
}

/// The draft of somebody new: one that changes what another may see stays where it is.
async fn naming(visit: &Visit) -> Result<Draft, Refusal> {
    let mut draft = helpers::draft(&visit.portal, &visit.actor).await?;
    if draft.authority.is_some() {
        draft.authority = None;
        draft.name.clear();
    }
    Ok(draft)
}

/// What somebody may see who helps already.
#[component]
pub fn Change() -> impl IntoView {
    let id = id_in(1);
    let form = use_context::<FormState<Typed>>();
    visit::page(async move |visit: Visit| {
        let id = id.map(AuthorityId).ok_or(Refusal::NotAvailable)?;
        let draft = helpers::change(&visit.portal, &visit.actor, id).await?;
        Ok(page(form, &visit, &draft).into_any())
    })
}

fn page(form: Option<FormState<Typed>>, visit: &Visit, draft: &Draft) -> impl IntoView + use<> {
    let FormState { values, errors } = form.unwrap_or_else(|| FormState {
        values: Typed::of(draft, today(visit)),
        errors: Errors::default(),
    });
    let segments = COLUMNS
        .into_iter()
        .map(|label| {
            let picked = values.segments.iter().any(|name| name == label.name());
            Choice::new(label.name(), label_name(label), picked)
        })
        .collect();
    let part2 = vec![
        Choice::new("yes", t!("sharing-part2-yes"), values.part2 == "yes"),
        Choice::new("no", t!("sharing-part2-no"), values.part2 == "no"),
    ];
    let (back, heading, title) = match draft.authority {
        None => (
            Destination::Proxies,
            t!("proxies-invite-heading"),
            text!("proxies-invite-title"),
        ),
        Some(id) => (
            Destination::Helper(id.0),
            t!("proxies-change-heading", name = draft.name.as_str()),
            text!("proxies-change-title"),
        ),
    };
    let who = draft.authority.is_none().then(|| {
        view! {
            <Field
                name="name"
                label=t!("proxies-name")
                hint=t!("proxies-name-hint")
                value=values.name.clone()
                error=errors.of("name")
                autocomplete="off"
            />
            <Field
                name="birth"
                label=t!("proxies-birth")
                hint=t!("proxies-birth-hint")
                kind=InputKind::Date
                value=values.birth.clone()
                error=errors.of("birth")
                autocomplete="off"
            />
        }
    });
    view! {
        <PageTitle title=title/>
        <ErrorSummary errors=errors.clone()/>
        <p class="back"><a href=back.path()>{t!("proxies-back")}</a></p>
        <h1>{heading}</h1>
        <p>{t!("proxies-invite-lead")}</p>
        <form method="post" novalidate>
            {who}
            <Choices
                name="segments"
                legend=t!("proxies-segments")
                pick=Pick::Any
                choices=segments
                hint=t!("proxies-segments-hint")
                error=errors.of("segments")
            />
            <Choices
                name="part2"
                legend=t!("sharing-part2-legend")
                pick=Pick::One
                choices=part2
                hint=t!("sharing-part2-hint")
                error=errors.of("part2")
            />
            <Field
                name="until"
                label=t!("proxies-until")
                hint=t!("sharing-long-hint")
                kind=InputKind::Date
                value=values.until.clone()
                error=errors.of("until")
            />
            <button class="button" type="submit">{t!("sharing-go-on")}</button>
        </form>
    }
}

async fn taken(visit: &Visit, mut draft: Draft, fields: &Fields) -> Result<Answer<Typed>, Refusal> {
    let values = Typed::from(fields);
    let errors = values.clone().into_draft(visit, &mut draft);
    if !errors.is_empty() {
        return Ok(Answer::Again(FormState { values, errors }));
    }
    helpers::keep(&visit.portal, &visit.actor, &draft).await?;
    Ok(Answer::Go(Destination::SignHelper))
}

/// `POST /proxies/invite`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        let draft = naming(&visit).await?;
        taken(&visit, draft, &fields).await
    })
    .await
}

/// `POST /proxies/{id}/change`
pub async fn submit_change(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let id = id_of(request.uri().path(), 1);
    answer::to(state, request, async move |visit: Visit, fields: Fields| {
        let id = id.map(AuthorityId).ok_or(Refusal::NotAvailable)?;
        let draft = helpers::change(&visit.portal, &visit.actor, id).await?;
        taken(&visit, draft, &fields).await
    })
    .await
}
