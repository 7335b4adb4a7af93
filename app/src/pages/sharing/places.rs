//! `/sharing/new/places`: whose records? Every provider's, or those of organizations named (LAW A1, the discloser).

use super::{
    picker::{
        EnterButton, Finder, HowMany, Search, apart, group, narrowed, party_of, party_value,
        picked_so_far, search,
    },
    steps::{self, Reached, StepsOf},
    through::Around,
};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{consent::Discloser, id::OrganizationId, party::Party};
use leptos::prelude::*;
use portal::{
    Refusal,
    directory::{self, Candidate},
    sharing::draft::{self, Draft, Step},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was searched for, in the session.
const FIND: &str = "sharing-find-places";
/// What was picked while somebody searches, in the session.
const PICKED: &str = "sharing-places";

/// What was picked.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Picked {
    /// `any` or `some`.
    whose: String,
    from: Vec<String>,
}

impl From<&Fields> for Picked {
    fn from(fields: &Fields) -> Self {
        Self {
            whose: fields.text("whose"),
            from: fields.all("from"),
        }
    }
}

impl Picked {
    fn of(draft: &Draft) -> Self {
        match &draft.from {
            Discloser::AnyProvider => Self {
                whose: "any".to_owned(),
                from: Vec::new(),
            },
            Discloser::Organizations(list) => Self {
                whose: "some".to_owned(),
                from: list
                    .iter()
                    .map(|id| party_value(Party::Organization(*id)))
                    .collect(),
            },
        }
    }

    fn read(&self, candidates: &[Candidate]) -> Result<Discloser, Errors> {
        let mut errors = Errors::default();
        match self.whose.as_str() {
            "any" => return Ok(Discloser::AnyProvider),
            "some" => {
                let places: Option<Vec<OrganizationId>> = self
                    .from
                    .iter()
                    .map(|value| match party_of(value, candidates) {
                        Some(Party::Organization(id)) => Some(id),
                        _ => None,
                    })
                    .collect();
                match places {
                    Some(places) if !places.is_empty() => {
                        return Ok(Discloser::Organizations(places));
                    }
                    _ => errors.add("from", text!("sharing-places-missing")),
                }
            }
            _ => errors.add("whose", text!("sharing-places-choose")),
        }
        Err(errors)
    }
}

/// Whose records?
#[component]
pub fn Places() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let draft = match steps::reach(&visit, Step::What).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(visit::lead(&elsewhere)),
        };
        let form = match form {
            Some(form) => form,
            None => FormState {
                values: picked_so_far(&visit, PICKED, &draft)
                    .await?
                    .unwrap_or_else(|| Picked::of(&draft)),
                errors: Errors::default(),
            },
        };
        let sought: String = visit.session.get(FIND).await?.unwrap_or_default();
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        Ok(page(form, candidates, sought).into_any())
    })
}

fn page(form: FormState<Picked>, candidates: Vec<Candidate>, sought: String) -> impl IntoView {
    let FormState { values, errors } = form;
    let (_, places) = apart(candidates);
    let all = places.len();
    let places = narrowed(places, &sought, &values.from);
    let found = places.len();
    let searching = !sought.is_empty();
    let whose = vec![
        Choice::new("any", t!("sharing-places-any"), values.whose == "any"),
        Choice::new("some", t!("sharing-places-some"), values.whose == "some"),
    ];
    let places = group(
        "from",
        "from-place",
        t!("sharing-places-list"),
        places,
        &values.from,
        Pick::Any,
    );
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <p class="back">
            <a href=Destination::SharingStep(Step::What).path()>{t!("sharing-back")}</a>
        </p>
        <StepsOf step=Step::What/>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("sharing-places-heading")}</h1>
        <p class="lead">{t!("sharing-places-lead")}</p>
        <form method="post" novalidate>
            <EnterButton/>
            <div class="reveals">
                <Choices
                    name="whose"
                    legend=t!("sharing-places-legend")
                    pick=Pick::One
                    choices=whose
                    error=errors.of("whose")
                />
                <div class="revealed">
                    <Finder sought all/>
                    <Around id="from" errors=errors.clone()>{places}</Around>
                    <HowMany people=0 organizations=found searching/>
                </div>
            </div>
            <button class="button" type="submit" name="do" value="on">
                {t!("sharing-through-do")}
            </button>
        </form>
    }
}

/// `POST /sharing/new/places`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let mut draft = match steps::reach(&visit, Step::What).await? {
            Reached::Here(draft, _) => draft,
            Reached::Before(elsewhere) => return Ok(Answer::Go(elsewhere)),
        };
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        let picked = Picked::from(&fields);
        let sought: String = visit.session.get(FIND).await?.unwrap_or_default();
        if let Some(sought) = Search::asked(&fields.text("do"), fields.text("find"), &sought) {
            visit.session.insert(PICKED, (draft.id, &picked)).await?;
            search(&visit, FIND, sought).await?;
            return Ok::<_, Refusal>(Answer::Go(Destination::SharingPlaces));
        }
        match picked.read(&candidates) {
            Ok(from) => draft.from = from,
            Err(errors) => {
                return Ok(Answer::Again(FormState {
                    values: picked,
                    errors,
                }));
            }
        }
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        visit.session.remove::<(Uuid, Picked)>(PICKED).await?;
        visit.session.remove::<String>(FIND).await?;
        Ok(Answer::Go(Destination::SharingStep(Step::What)))
    })
    .await
}
