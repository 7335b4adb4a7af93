//! `/office/audit`: the house's ledger: reading it, checking it, taking a copy (LAW F3).

use crate::{
    State,
    components::{
        banner::{Banner, Tone},
        choices::Choice,
        empty::Empty,
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
        select::Select,
        table::Table,
        time::Moment,
    },
    destination::Destination,
    forms::{Errors, Fields},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, AsOf, Visit},
    words::house,
};
use axum::{extract, http::request::Parts, response::Response};
use chrono::NaiveDate;
use leptos::prelude::*;
use portal::{
    Refusal,
    house_ledger::{self, Checked, Fault, Filter, Line, Page, Topic},
    step_up::{self, Action},
};

/// What the address or a form narrows the list to, as it was typed.
#[derive(Clone, Default)]
struct Typed {
    topic: String,
    from: String,
    until: String,
}

impl Typed {
    /// What the address says, and the place before which the page begins.
    fn asked() -> (Self, Option<u64>) {
        let parts = use_context::<Parts>();
        let query = parts
            .as_ref()
            .and_then(|parts| parts.uri.query())
            .unwrap_or_default();
        let of = |wanted: &str| {
            url::form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.trim().to_owned())
                .unwrap_or_default()
        };
        let typed = Self {
            topic: of("topic"),
            from: of("from"),
            until: of("until"),
        };
        (typed, of("before").parse().ok())
    }

    /// The filter; what is wrong narrows nothing and is said.
    fn filter(&self) -> (Filter, Errors) {
        let mut errors = Errors::default();
        let day = |typed: &str| typed.parse::<NaiveDate>().ok();
        let (from, until) = (day(&self.from), day(&self.until));
        if from.is_none() && !self.from.is_empty() {
            errors.add("from", text!("audit-wrong"));
        }
        let turned = matches!((from, until), (Some(from), Some(until)) if until < from);
        if turned || (until.is_none() && !self.until.is_empty()) {
            errors.add("until", text!("audit-wrong"));
        }
        let filter = Filter {
            topic: Topic::from_name(&self.topic),
            from,
            until: until.filter(|_| !turned),
        };
        (filter, errors)
    }
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            topic: fields.text("topic"),
            from: fields.text("from"),
            until: fields.text("until"),
        }
    }
}

/// A page of the ledger.
#[component]
pub fn Audit() -> impl IntoView {
    let (typed, before) = Typed::asked();
    visit::page(async move |visit: Visit| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let (filter, errors) = typed.filter();
        let page = house_ledger::page(portal, session, actor, &filter, before).await?;
        let checked = house_ledger::take_checked(session).await?;
        let ready = house_ledger::ready(portal, session).await? == Some(filter);
        let Page {
            lines,
            older,
            as_of,
        } = page;
        let more = older.is_some();
        let older = older.map(|place| {
            let href = filter.page(Some(place));
            view! { <a rel="next" href=href>{t!("audit-older")}</a> }
        });
        let newest = before.map(|_| {
            let href = filter.path();
            view! { <a href=href>{t!("audit-newest")}</a> }
        });
        let way = (older.is_some() || newest.is_some()).then(|| {
            view! {
                <nav class="pagination" aria-label=t!("pagination-label")>{newest} {older}</nav>
            }
        });
        Ok(view! {
            <PageTitle title=text!("audit-title")/>
            <ErrorSummary errors=errors.clone()/>
            <p class="back"><a href=Destination::Office.path()>{t!("office-back")}</a></p>
            {checked.map(|found| view! { <Found found/> })}
            {ready
                .then(|| {
                    view! {
                        <Banner tone=Tone::Success heading=t!("sharing-sign-confirmed-heading")>
                            {t!("audit-copy-confirmed")}
                        </Banner>
                    }
                })}
            <h1>{t!("audit-heading")}</h1>
            <p class="lead">{t!("audit-lead")}</p>
            <Narrow typed errors/>
            <Lines lines more/>
            {way}
            <Check filter/>
            <Copy filter/>
            <AsOf at=as_of/>
        }
        .into_any())
    })
}

#[component]
fn Narrow(typed: Typed, errors: Errors) -> impl IntoView {
    let mut topics = vec![Choice::new(
        "",
        t!("audit-topic-all"),
        typed.topic.is_empty(),
    )];
    topics.extend(Topic::ALL.into_iter().map(|topic| {
        Choice::new(
            topic.name(),
            house::topic(topic),
            typed.topic == topic.name(),
        )
    }));
    view! {
        <form method="get" action="/office/audit" novalidate aria-label=t!("audit-narrow")>
            <Select name="topic" label=t!("audit-topic") choices=topics/>
            <Field
                name="from"
                label=t!("audit-from")
                kind=InputKind::Date
                value=typed.from
                error=errors.of("from")
            />
            <Field
                name="until"
                label=t!("audit-until")
                kind=InputKind::Date
                value=typed.until
                error=errors.of("until")
            />
            <button class="button quiet" type="submit">{t!("audit-show")}</button>
        </form>
    }
}

#[component]
fn Lines(lines: Vec<Line>, more: bool) -> impl IntoView {
    if lines.is_empty() {
        let words = if more {
            t!("audit-empty-stretch")
        } else {
            t!("audit-empty")
        };
        return view! { <Empty words/> }.into_any();
    }
    let columns = vec![
        t!("audit-column-when"),
        t!("audit-column-who"),
        t!("audit-column-what"),
    ];
    let rows = lines
        .iter()
        .map(|line| {
            vec![
                view! { <Moment at=line.at/> }.into_any(),
                house::who(line).into_any(),
                house::what(line).into_any(),
            ]
        })
        .collect();
    view! { <Table caption=t!("audit-caption") columns rows/> }.into_any()
}

/// What a check found.
#[component]
fn Found(found: Checked) -> impl IntoView {
    let (tone, words) = match found {
        Checked::Sound { entries } => (Tone::Success, t!("audit-check-sound", entries = entries)),
        Checked::TooLong => (Tone::Info, t!("audit-check-long")),
        Checked::Fault { place, what } => (
            Tone::Danger,
            match what {
                Fault::Missing => t!("audit-check-missing", place = place),
                Fault::Changed => t!("audit-check-changed", place = place),
                Fault::Order => t!("audit-check-order", place = place),
            },
        ),
    };
    view! { <Banner tone=tone>{words}</Banner> }
}

/// The filter as hidden fields of a form.
#[component]
fn Hidden(filter: Filter) -> impl IntoView {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    view! {
        <input type="hidden" name="topic" value=filter.topic.map(Topic::name).unwrap_or_default()/>
        <input type="hidden" name="from" value=day(filter.from)/>
        <input type="hidden" name="until" value=day(filter.until)/>
    }
}

#[component]
fn Check(filter: Filter) -> impl IntoView {
    view! {
        <h2>{t!("audit-check-heading")}</h2>
        <p>{t!("audit-check-lead")}</p>
        <p>{t!("audit-check-others")}</p>
        <form method="post" action="/office/audit/check">
            <Hidden filter/>
            <button class="button quiet" type="submit">{t!("audit-check")}</button>
        </form>
    }
}

#[component]
fn Copy(filter: Filter) -> impl IntoView {
    view! {
        <h2>{t!("audit-copy-heading")}</h2>
        <p>{t!("audit-copy-lead")}</p>
        <form method="post" action="/office/audit/copy">
            <Hidden filter/>
            <button class="button quiet" type="submit">{t!("audit-copy")}</button>
        </form>
    }
}

/// `POST /office/audit/check`
pub async fn check(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        let (filter, _) = Typed::from(&fields).filter();
        house_ledger::check(&visit.portal, &visit.session, &visit.actor).await?;
        Ok(Answer::<()>::Go(Destination::HouseLedger(filter)))
    })
    .await
}

/// `POST /office/audit/copy`
pub async fn copy(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields: Fields| {
        let Visit {
            portal,
            session,
            actor,
        } = &visit;
        let (filter, errors) = Typed::from(&fields).filter();
        if !errors.is_empty() {
            return Err(Refusal::BadRequest);
        }
        match house_ledger::take(portal, session, actor, &filter).await {
            Ok(bytes) => Ok(Answer::<()>::File(answer::attachment(
                "application/x-ndjson",
                "ledger.ndjson",
                bytes,
            ))),
            Err(Refusal::StepUpFirst) => {
                step_up::ask(session, &Action::TakeHouseLedger(filter)).await?;
                Ok(Answer::Go(Destination::StepUp))
            }
            Err(refusal) => Err(refusal),
        }
    })
    .await
}
