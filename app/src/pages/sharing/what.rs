//! `/sharing/new/what`: which records?

use super::{
    steps::{self, Back, Reached, StepsOf},
    words::{children, single_items},
};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        icon::Icon,
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, Fields, FormState},
    i18n::{label_icon, label_name},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use chrono::NaiveDate;
use domain::{
    consent::Scope,
    label::{Label, LabelSet},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    sharing::{
        draft::{self, Draft, Step},
        grid::COLUMNS,
    },
};

/// Added to a segment's name: what is in it and in none of its parts.
const REST: &str = ".rest";

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Picked {
    /// Segments by name: a parent opens its segment, its parts say how much of it.
    segments: Vec<String>,
    part2: String,
    from: String,
    until: String,
    future: String,
}

impl From<&Fields> for Picked {
    fn from(fields: &Fields) -> Self {
        Self {
            segments: fields.all("segments"),
            part2: fields.text("part2"),
            from: fields.text("service-from"),
            until: fields.text("service-until"),
            future: fields.text("future"),
        }
    }
}

impl Picked {
    fn of(draft: &Draft) -> Self {
        let granted = granted(draft);
        let mut segments = Vec::new();
        for parent in COLUMNS {
            let open = granted.overlaps(LabelSet::of([parent]).with_children());
            if open {
                segments.push(parent.name().to_owned());
            }
            if children(parent).next().is_none() {
                continue;
            }
            // Everything of a segment that isn't open yet is ready to be opened with it.
            if !open || granted.has(parent) {
                segments.push(format!("{}{REST}", parent.name()));
            }
            segments.extend(
                children(parent)
                    .filter(|child| !open || granted.has(*child))
                    .map(|child| child.name().to_owned()),
            );
        }
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            segments,
            part2: match draft.part2 {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            }
            .to_owned(),
            from: day(draft.service_from),
            until: day(draft.service_until),
            future: if draft.future { "yes" } else { "no" }.to_owned(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.segments.iter().any(|given| given == name)
    }

    /// Labels included and excluded. A segment opened with "anything else" brings what it will hold later too,
    /// but for the parts unticked; without it, only the parts ticked (POLICY §2).
    fn labels(&self) -> Result<(LabelSet, LabelSet), Label> {
        let (mut include, mut exclude) = (LabelSet::EMPTY, LabelSet::EMPTY);
        for parent in COLUMNS.into_iter().filter(|one| self.has(one.name())) {
            let (ticked, unticked): (Vec<Label>, Vec<Label>) =
                children(parent).partition(|child| self.has(child.name()));
            let has_parts = !ticked.is_empty() || !unticked.is_empty();
            if !has_parts || self.has(&format!("{}{REST}", parent.name())) {
                include = include.with(parent);
                exclude = exclude.join(LabelSet::of(unticked));
            } else if ticked.is_empty() {
                return Err(parent);
            } else {
                include = include.join(LabelSet::of(ticked));
            }
        }
        Ok((include, exclude))
    }
}

/// The labels a draft opens.
fn granted(draft: &Draft) -> LabelSet {
    Scope {
        exclude: draft.exclude,
        ..Scope::labels(draft.include)
    }
    .granted()
}

/// Which records?
#[component]
pub fn What() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let (draft, patient) = match steps::reach(&visit, Step::What).await? {
            Reached::Here(draft, patient) => (draft, patient),
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        let form = form.unwrap_or_else(|| FormState {
            values: Picked::of(&draft),
            errors: Errors::default(),
        });
        let zone = visit.portal.options().time_zone;
        let items = single_items(&draft.terms(patient, visit.now(), zone).what);
        Ok(page(form, items).into_any())
    })
}

fn page(form: FormState<Picked>, items: Option<String>) -> impl IntoView {
    let FormState { values, errors } = form;
    let segments_error = errors.of("segments").map(|error| {
        view! {
            <p class="error" id="segments-error">
                <span class="for-ear">{t!("error-prefix")} " "</span>
                {error.to_string()}
            </p>
        }
    });
    let wrong = segments_error.is_some();
    let segments = COLUMNS
        .into_iter()
        .map(|parent| segment(parent, &values).into_any())
        .collect_view();
    let part2 = vec![
        Choice::new("yes", t!("sharing-part2-yes"), values.part2 == "yes"),
        Choice::new("no", t!("sharing-part2-no"), values.part2 == "no"),
    ];
    let future = vec![
        Choice::new("yes", t!("sharing-what-future-yes"), values.future != "no"),
        Choice::new("no", t!("sharing-what-future-no"), values.future == "no"),
    ];
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::What/>
        <StepsOf step=Step::What/>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("sharing-what-heading")}</h1>
        <form method="post" novalidate>
            // The first button is the one that Enter presses: it must be the one that goes on.
            <button
                class="for-ear"
                type="submit"
                name="do"
                value="on"
                tabindex="-1"
                aria-hidden="true"
            ></button>
            <fieldset class="field segments" class:wrong=wrong id="segments" tabindex="-1" aria-describedby="segments-hint">
                <legend>{t!("sharing-what-legend")}</legend>
                <p class="hint" id="segments-hint">{t!("sharing-what-hint")}</p>
                {segments_error}
                {segments}
            </fieldset>
            <Choices
                name="part2"
                legend=t!("sharing-part2-legend")
                pick=Pick::One
                choices=part2
                hint=t!("sharing-part2-hint")
                error=errors.of("part2")
            />
            <fieldset class="field">
                <legend>{t!("sharing-what-dates-legend")}</legend>
                <p class="hint">{t!("sharing-what-dates-hint")}</p>
                <div class="two-dates">
                    <Field
                        name="service-from"
                        label=t!("sharing-what-from")
                        kind=InputKind::Date
                        value=values.from.clone()
                        error=errors.of("service-from")
                    />
                    <Field
                        name="service-until"
                        label=t!("sharing-what-until")
                        kind=InputKind::Date
                        value=values.until.clone()
                        error=errors.of("service-until")
                    />
                </div>
            </fieldset>
            <Choices
                name="future"
                legend=t!("sharing-what-future-legend")
                pick=Pick::One
                choices=future
            />
            <fieldset class="field">
                <legend>{t!("sharing-what-items-legend")}</legend>
                <p class="hint">{t!("sharing-what-items-hint")}</p>
                {items.map(|items| view! { <p>{items}</p> })}
                <button class="button quiet" type="submit" name="do" value="items">
                    {t!("sharing-what-items-do")}
                </button>
            </fieldset>
            <button class="button" type="submit" name="do" value="on">{t!("sharing-go-on")}</button>
        </form>
    }
}

/// A segment; its parts stand below it once it is ticked (and always where a browser is too old for that).
fn segment(parent: Label, values: &Picked) -> impl IntoView {
    let name = parent.name();
    let id = format!("segment-{name}");
    let ticked = values.has(name);
    let rest = format!("{name}{REST}");
    let mut parts: Vec<(String, String)> = children(parent)
        .map(|child| (child.name().to_owned(), label_name(child)))
        .collect();
    if !parts.is_empty() {
        parts.push((rest, t!("sharing-what-rest")));
    }
    let parts = (!parts.is_empty()).then(|| {
        let boxes = parts
            .into_iter()
            .map(|(value, words)| {
                let id = format!("segment-{}", value.replace('.', "-"));
                let checked = values.has(&value);
                view! {
                    <div class="choice">
                        <input type="checkbox" id=id.clone() name="segments" value=value checked=checked/>
                        <div>
                            <label for=id>{words}</label>
                        </div>
                    </div>
                }
            })
            .collect_view();
        view! {
            <fieldset class="segment-parts">
                <legend>{t!("sharing-what-parts", segment = label_name(parent))}</legend>
                {boxes}
            </fieldset>
        }
    });
    let more = hint(parent);
    let more_id = format!("{id}-more");
    let described = more.is_some().then(|| more_id.clone());
    view! {
        <div class="segment">
            <div class="choice">
                <input
                    type="checkbox"
                    id=id.clone()
                    name="segments"
                    value=name
                    checked=ticked
                    aria-describedby=described
                />
                <Icon name=label_icon(parent)/>
                <div>
                    <label for=id>{label_name(parent)}</label>
                    {more.map(|more| view! { <span class="hint" id=more_id>{more}</span> })}
                </div>
            </div>
            {parts}
        </div>
    }
}

fn hint(parent: Label) -> Option<String> {
    match parent {
        Label::General => Some(t!("sharing-what-general-hint")),
        Label::Identity => Some(t!("sharing-what-identity-hint")),
        _ => None,
    }
}

/// Reads a day; an empty field is no limit.
fn day(typed: &str) -> Result<Option<NaiveDate>, ()> {
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| ())
}

/// Takes what was sent into the draft; on a wish for single items, the rest may still be open.
fn take(picked: &Picked, draft: &mut Draft, for_items: bool) -> Errors {
    let mut errors = Errors::default();
    match picked.labels() {
        Ok((include, exclude)) => {
            if include.is_empty() && draft.items_included.is_empty() && !for_items {
                errors.add("segments", text!("sharing-what-missing"));
            }
            draft.include = include;
            draft.exclude = exclude;
        }
        Err(parent) => errors.add(
            "segments",
            text!("sharing-what-no-part", segment = label_name(parent)),
        ),
    }
    draft.part2 = match picked.part2.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => {
            if !for_items {
                errors.add("part2", text!("sharing-part2-missing"));
            }
            None
        }
    };
    match day(&picked.from) {
        Ok(from) => draft.service_from = from,
        Err(()) => errors.add("service-from", text!("sharing-what-not-a-day")),
    }
    match day(&picked.until) {
        Ok(until) => draft.service_until = until,
        Err(()) => errors.add("service-until", text!("sharing-what-not-a-day")),
    }
    if let (Some(from), Some(until)) = (draft.service_from, draft.service_until)
        && until < from
    {
        errors.add("service-until", text!("sharing-what-reversed"));
    }
    draft.future = picked.future != "no";
    errors
}

/// `POST /sharing/new/what`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let mut draft = match steps::reach(&visit, Step::What).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(Answer::Go(elsewhere)),
        };
        let picked = Picked::from(&fields);
        let for_items = fields.text("do") == "items";
        let errors = take(&picked, &mut draft, for_items);
        if !errors.is_empty() {
            return Ok::<_, Refusal>(Answer::Again(FormState {
                values: picked,
                errors,
            }));
        }
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        Ok(Answer::Go(if for_items {
            Destination::SharingItems(1)
        } else {
            steps::after(&draft, Step::What)
        }))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::Picked;
    use domain::label::{Label, LabelSet};
    use portal::sharing::draft::Draft;

    fn picked(names: &[&str]) -> Picked {
        Picked {
            segments: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Picked::default()
        }
    }

    #[test]
    fn parts_say_how_much_of_a_segment() {
        let all = picked(&[
            "substance-use",
            "substance-use.alcohol",
            "substance-use.opioids",
            "substance-use.other-drugs",
            "substance-use.rest",
            "hiv",
        ]);
        let whole = LabelSet::of([Label::SubstanceUse, Label::Hiv]);
        assert!(all.labels() == Ok((whole, LabelSet::EMPTY)));

        let but_one = picked(&[
            "substance-use",
            "substance-use.alcohol",
            "substance-use.other-drugs",
            "substance-use.rest",
        ]);
        assert!(
            but_one.labels()
                == Ok((
                    LabelSet::of([Label::SubstanceUse]),
                    LabelSet::of([Label::Opioids])
                ))
        );

        let only = picked(&["substance-use", "substance-use.opioids"]);
        assert!(only.labels() == Ok((LabelSet::of([Label::Opioids]), LabelSet::EMPTY)));
        // Parts without their segment open nothing; a segment without any part is asked again.
        assert!(
            picked(&["substance-use.opioids"]).labels() == Ok((LabelSet::EMPTY, LabelSet::EMPTY))
        );
        assert!(picked(&["substance-use"]).labels() == Err(Label::SubstanceUse));
    }

    #[test]
    fn a_draft_reads_back_as_it_was_picked() {
        for (include, exclude) in [
            (LabelSet::EMPTY, LabelSet::EMPTY),
            (LabelSet::of([Label::General, Label::Hiv]), LabelSet::EMPTY),
            (
                LabelSet::of([Label::SubstanceUse]),
                LabelSet::of([Label::Opioids]),
            ),
            (LabelSet::of([Label::Opioids, Label::Sti]), LabelSet::EMPTY),
            (
                LabelSet::of([Label::MentalHealth]),
                LabelSet::of([Label::Personality]),
            ),
        ] {
            let mut draft = Draft::new(uuid::Uuid::nil());
            draft.include = include;
            draft.exclude = exclude;
            assert!(Picked::of(&draft).labels() == Ok((include, exclude)));
        }
    }
}
