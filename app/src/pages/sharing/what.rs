//! `/sharing/new/what`: which records?

use super::{
    answers::Names,
    opens::Counts,
    review::names,
    scope::{NOTES, Picked},
    segments::segments,
    steps::{self, Back, Reached, StepsOf},
    words::{disclosers, purpose, recipients, single_items},
};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, FormState},
    i18n::{kind_name, list},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{consent::ConsentKind, id::PatientId, item::KINDS, label::Label};
use leptos::prelude::*;
use portal::{
    Refusal,
    sharing::{
        Opens,
        draft::{self, Draft, Step},
        preview, single,
    },
};

/// What the page says besides what is picked on it.
struct Beside {
    /// Whether it is about separated notes.
    notes: bool,
    /// Single items, in words.
    items: Option<String>,
    /// Whose records, in words.
    places: Vec<String>,
    /// What it opens, if it was to be counted; with whom and for what.
    counts: Option<(Option<Opens>, String)>,
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
        let beside = beside(&visit, &draft, patient, &form.values).await?;
        Ok(page(form, beside).into_any())
    })
}

async fn beside(
    visit: &Visit,
    draft: &Draft,
    patient: PatientId,
    picked: &Picked,
) -> Result<Beside, Refusal> {
    let zone = visit.portal.options().time_zone;
    let Names { to, from, .. } = names(visit, draft).await?;
    let counts = if picked.counted {
        let mut supposed = draft.clone();
        picked.take(&mut supposed, true);
        let terms = supposed.terms(patient, visit.now(), zone);
        let first = terms.purposes.iter().next().map(purpose);
        let whom = t!(
            "sharing-counts-first",
            to = recipients(to.get(..1).unwrap_or_default()),
            purpose = first.unwrap_or_default()
        );
        let opens = preview::counts(&visit.portal, &visit.actor, terms, draft.replaces).await?;
        Some((opens, whom))
    } else {
        None
    };
    let what = draft.terms(patient, visit.now(), zone).what;
    let (put_in, left_out) = single::counts(&visit.portal, &visit.actor, &what).await?;
    Ok(Beside {
        notes: draft.kind() == ConsentKind::Notes,
        items: single_items(put_in, left_out),
        places: disclosers(&from),
        counts,
    })
}

fn page(form: FormState<Picked>, beside: Beside) -> impl IntoView {
    let FormState { values, errors } = form;
    let Beside {
        notes,
        items,
        places,
        counts,
    } = beside;
    let (heading, legend, hint) = if notes {
        (
            t!("sharing-notes-heading"),
            t!("sharing-notes-about"),
            t!("sharing-notes-about-hint"),
        )
    } else {
        (
            t!("sharing-what-heading"),
            t!("sharing-what-legend"),
            t!("sharing-what-hint"),
        )
    };
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
        <h1>{heading}</h1>
        <form method="post" novalidate data-counts>
            // The first button is the one that Enter presses: it must be the one that goes on.
            <button
                class="for-ear"
                type="submit"
                name="do"
                value="on"
                tabindex="-1"
                aria-hidden="true"
            ></button>
            {notes.then(|| kinds_of_notes(&values, &errors))}
            {segments(&values, legend, hint, errors.of("segments"))}
            <Choices
                name="part2"
                legend=t!("sharing-part2-legend")
                pick=Pick::One
                choices=part2
                hint=t!("sharing-part2-hint")
                error=errors.of("part2")
            />
            {kinds_of_items(&values, &errors)}
            {dates_of_care(&values, &errors)}
            <Choices
                name="future"
                legend=t!("sharing-what-future-legend")
                pick=Pick::One
                choices=future
            />
            <fieldset class="field">
                <legend>{t!("sharing-places-legend")}</legend>
                <p>{list(&places)}</p>
                <button class="button quiet" type="submit" name="do" value="places">
                    {t!("sharing-places-do")}
                </button>
            </fieldset>
            <fieldset class="field">
                <legend>{t!("sharing-what-items-legend")}</legend>
                <p class="hint">{t!("sharing-what-items-hint")}</p>
                {items.map(|items| view! { <p>{items}</p> })}
                <button class="button quiet" type="submit" name="do" value="items">
                    {t!("sharing-what-items-do")}
                </button>
            </fieldset>
            // With script it is counted anew as choices change (script/counts.js); the button does it without.
            <section class="counted" id="counts" aria-labelledby="counts-heading" aria-live="polite">
                <h2 id="counts-heading">{t!("sharing-counts-heading")}</h2>
                {counts.map(|(opens, whom)| counted(opens, whom))}
                <button class="button quiet" type="submit" name="do" value="count">
                    {t!("sharing-counts-do")}
                </button>
            </section>
            <button class="button" type="submit" name="do" value="on">{t!("sharing-go-on")}</button>
        </form>
    }
}

fn dates_of_care(values: &Picked, errors: &Errors) -> impl IntoView + use<> {
    view! {
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
    }
}

fn counted(opens: Option<Opens>, whom: String) -> impl IntoView {
    match opens {
        Some(opens) => view! {
            <p class="hint">{whom}</p>
            <Counts opens=&opens/>
        }
        .into_any(),
        None => view! { <p>{t!("sharing-counts-none")}</p> }.into_any(),
    }
}

fn kinds_of_notes(values: &Picked, errors: &Errors) -> impl IntoView + use<> {
    let choices = NOTES
        .into_iter()
        .map(|note| {
            let picked = values.notes.iter().any(|given| given == note.name());
            if note == Label::PsychotherapyNote {
                Choice::new(note.name(), t!("sharing-notes-psychotherapy"), picked)
                    .hint(t!("sharing-notes-psychotherapy-hint"))
            } else {
                Choice::new(note.name(), t!("sharing-notes-sud"), picked)
            }
        })
        .collect();
    view! {
        <Choices
            name="notes"
            legend=t!("sharing-notes-legend")
            hint=t!("sharing-notes-hint")
            pick=Pick::Any
            choices
            error=errors.of("notes")
        />
    }
}

fn kinds_of_items(values: &Picked, errors: &Errors) -> impl IntoView + use<> {
    let which = vec![
        Choice::new(
            "all",
            t!("sharing-which-kinds-all"),
            values.which_kinds != "some",
        ),
        Choice::new(
            "some",
            t!("sharing-which-kinds-some"),
            values.which_kinds == "some",
        ),
    ];
    let kinds = KINDS
        .into_iter()
        .map(|kind| {
            let picked = values.kinds.iter().any(|given| given == kind.name());
            Choice::new(kind.name(), kind_name(kind), picked)
        })
        .collect();
    view! {
        <div class="reveals">
            <Choices
                name="which-kinds"
                legend=t!("sharing-which-kinds-legend")
                pick=Pick::One
                choices=which
            />
            <div class="revealed">
                <Choices
                    name="kinds"
                    legend=t!("sharing-kinds-legend")
                    pick=Pick::Any
                    choices=kinds
                    error=errors.of("kinds")
                />
            </div>
        </div>
    }
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
        let mut picked = Picked::from(&fields);
        let doing = fields.text("do");
        if doing == "everything" {
            picked.everything();
        }
        let unfinished = ["items", "places", "everything", "count"].contains(&doing.as_str());
        let errors = picked.take(&mut draft, unfinished);
        if !errors.is_empty() {
            picked.counted = false;
            return Ok::<_, Refusal>(Answer::Again(FormState {
                values: picked,
                errors,
            }));
        }
        if picked.counted {
            return Ok(Answer::Still(FormState {
                values: picked,
                errors,
            }));
        }
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        Ok(Answer::Go(match doing.as_str() {
            "items" => Destination::SharingItems(1),
            "places" => Destination::SharingPlaces,
            "everything" => Destination::SharingStep(Step::What),
            _ => steps::after(&draft, Step::What),
        }))
    })
    .await
}
