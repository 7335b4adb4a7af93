//! `/sharing/new/why`: what for?

use super::{
    steps::{self, Back, Reached, StepsOf},
    words::{capitalized, purpose},
};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        page_title::PageTitle,
    },
    forms::{Errors, FormState},
    i18n::Text,
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{
    consent::{ConsentKind, Recipient},
    notice::TPO_PURPOSE,
    purpose::{Purpose, PurposeSet},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    sharing::draft::{self, Draft, Step},
};

/// The purposes that can be picked, in the order of the page. An emergency asks for no consent (LAW E1).
const OFFERED: [Purpose; 11] = [
    Purpose::Treatment,
    Purpose::CareCoordination,
    Purpose::Payment,
    Purpose::Operations,
    Purpose::PatientRequest,
    Purpose::Family,
    Purpose::Research,
    Purpose::PublicHealth,
    Purpose::Fundraising,
    Purpose::Legal,
    Purpose::CriminalJustice,
];

/// Those offered for this draft: what is picked already always is.
fn offered(draft: &Draft) -> impl Iterator<Item = Purpose> {
    let has_people = draft
        .to
        .iter()
        .any(|to| matches!(to, Recipient::Named(_) | Recipient::Person(_)));
    let (picked, patient_started) = (draft.purposes, draft.patient_started);
    OFFERED.into_iter().filter(move |purpose| {
        picked.has(*purpose)
            || match purpose {
                Purpose::Family => has_people,
                // Only who began it can say that it is because they ask for it (LAW A7).
                Purpose::PatientRequest => patient_started,
                _ => true,
            }
    })
}

/// What can't stand together (LAW A9, A10, A13), in the words of the page.
fn combined(draft: &Draft, purposes: PurposeSet) -> Option<Text> {
    let legal = purposes.has(Purpose::Legal);
    let criminal_justice = purposes.has(Purpose::CriminalJustice);
    let alone = purposes.iter().count() == 1;
    if draft.kind() == ConsentKind::Notes && (legal || criminal_justice) {
        Some(text!("sharing-why-notes-legal"))
    } else if legal && !alone {
        Some(text!("sharing-why-legal-alone"))
    } else if criminal_justice && !alone {
        Some(text!("sharing-why-criminal-justice-alone"))
    } else {
        None
    }
}

/// What was picked, by name.
#[derive(Clone, Default)]
pub struct Picked {
    purposes: Vec<String>,
}

/// What for?
#[component]
pub fn Why() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let draft = match steps::reach(&visit, Step::Why).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        if draft.kind() == ConsentKind::Tpo {
            return Ok(fixed().into_any());
        }
        let form = form.unwrap_or_else(|| FormState {
            values: Picked {
                purposes: draft
                    .purposes
                    .iter()
                    .map(|purpose| purpose.name().to_owned())
                    .collect(),
            },
            errors: Errors::default(),
        });
        Ok(page(form, &draft).into_any())
    })
}

fn page(form: FormState<Picked>, draft: &Draft) -> impl IntoView + use<> {
    let choices = offered(draft)
        .map(|one| {
            let picked = form.values.purposes.iter().any(|name| name == one.name());
            Choice::new(one.name(), purpose(one), picked).hint(meaning(one))
        })
        .collect();
    let error = form.errors.of("purposes");
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::Why/>
        <StepsOf step=Step::Why/>
        <ErrorSummary errors=form.errors/>
        <h1>{t!("sharing-why-heading")}</h1>
        <form method="post" novalidate>
            <Choices
                name="purposes"
                legend=t!("sharing-why-legend")
                pick=Pick::Any
                choices
                hint=t!("sharing-why-hint")
                error
            />
            <button class="button" type="submit">{t!("sharing-go-on")}</button>
        </form>
    }
}

/// The class of LAW A2 has its purpose given by the rule.
fn fixed() -> impl IntoView {
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::Why/>
        <StepsOf step=Step::Why/>
        <h1>{t!("sharing-why-heading")}</h1>
        <p>{t!("sharing-why-fixed")}</p>
        <blockquote class="exact">
            <p>{capitalized(TPO_PURPOSE)} "."</p>
        </blockquote>
        <form method="post">
            <button class="button" type="submit">{t!("sharing-go-on")}</button>
        </form>
    }
}

fn meaning(purpose: Purpose) -> String {
    match purpose {
        Purpose::Treatment => t!("sharing-why-treatment-hint"),
        Purpose::CareCoordination => t!("sharing-why-coordination-hint"),
        Purpose::Payment => t!("sharing-why-payment-hint"),
        Purpose::Operations => t!("sharing-why-operations-hint"),
        Purpose::Research => t!("sharing-why-research-hint"),
        Purpose::Family => t!("sharing-why-family-hint"),
        Purpose::PublicHealth => t!("sharing-why-public-health-hint"),
        Purpose::Fundraising => t!("sharing-why-fundraising-hint"),
        Purpose::Legal => t!("sharing-why-legal-hint"),
        Purpose::CriminalJustice => t!("sharing-why-criminal-justice-hint"),
        _ => t!("sharing-why-request-hint"),
    }
}

/// `POST /sharing/new/why`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let mut draft = match steps::reach(&visit, Step::Why).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(Answer::Go(elsewhere)),
        };
        let names = fields.all("purposes");
        let purposes: PurposeSet = if draft.kind() == ConsentKind::Tpo {
            PurposeSet::TPO
        } else {
            offered(&draft)
                .filter(|one| names.iter().any(|name| name == one.name()))
                .collect()
        };
        let wrong = if purposes.is_empty() {
            Some(text!("sharing-why-missing"))
        } else {
            combined(&draft, purposes)
        };
        if let Some(wrong) = wrong {
            let mut errors = Errors::default();
            errors.add("purposes", wrong);
            return Ok::<_, Refusal>(Answer::Again(FormState {
                values: Picked { purposes: names },
                errors,
            }));
        }
        draft.purposes = purposes;
        draft.settle();
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        Ok(Answer::Go(steps::after(&draft, Step::Why)))
    })
    .await
}
