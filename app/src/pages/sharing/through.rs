//! `/sharing/new/through`: an intermediary, with those it passes records on to (LAW A5).

use super::{
    picker::{
        EnterButton, Finder, HowMany, Search, apart, group, narrowed, party_of, party_value,
        picked_so_far, search,
    },
    steps::{self, StepsOf},
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
use domain::{
    consent::{Participants, Recipient},
    party::Party,
};
use leptos::prelude::*;
use portal::{
    Refusal,
    directory::{self, Candidate},
    sharing::draft::{self, Draft, Step},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was searched for, in the session.
const FIND: &str = "sharing-find-through";
/// What was picked while somebody searches, in the session.
const PICKED: &str = "sharing-through";

/// What was picked.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Picked {
    through: String,
    /// `treating` or `named`.
    whom: String,
    participants: Vec<String>,
}

impl From<&Fields> for Picked {
    fn from(fields: &Fields) -> Self {
        Self {
            through: fields.text("through"),
            whom: fields.text("whom"),
            participants: fields.all("participants"),
        }
    }
}

impl Picked {
    /// As the draft has its first one.
    fn of(draft: &Draft) -> Self {
        let first = draft.to.iter().find_map(|to| match to {
            Recipient::Intermediary {
                organization,
                participants,
            } => Some((*organization, participants)),
            _ => None,
        });
        let Some((organization, participants)) = first else {
            return Self::default();
        };
        let (whom, named) = match participants {
            Participants::TreatingProviders => ("treating", Vec::new()),
            Participants::Named(named) => {
                ("named", named.iter().copied().map(party_value).collect())
            }
        };
        Self {
            through: party_value(Party::Organization(organization)),
            whom: whom.to_owned(),
            participants: named,
        }
    }

    /// The intermediary, or what is wrong.
    fn read(&self, candidates: &[Candidate]) -> Result<Recipient, Errors> {
        let mut errors = Errors::default();
        let organization =
            if let Some(Party::Organization(id)) = party_of(&self.through, candidates) {
                Some(id)
            } else {
                errors.add("through", text!("sharing-through-missing"));
                None
            };
        let participants = match self.whom.as_str() {
            "treating" => Some(Participants::TreatingProviders),
            "named" => {
                let named: Option<Vec<Party>> = self
                    .participants
                    .iter()
                    .map(|value| party_of(value, candidates))
                    .collect();
                match named {
                    Some(named) if !named.is_empty() => Some(Participants::Named(named)),
                    _ => {
                        errors.add("participants", text!("sharing-through-nobody"));
                        None
                    }
                }
            }
            _ => {
                errors.add("whom", text!("sharing-through-whom-missing"));
                None
            }
        };
        match (organization, participants) {
            (Some(organization), Some(participants)) => Ok(Recipient::Intermediary {
                organization,
                participants,
            }),
            _ => Err(errors),
        }
    }
}

/// An intermediary.
#[component]
pub fn Through() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let (draft, _) = steps::draft_of(&visit).await?;
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
    let all = candidates.len();
    let through = vec![values.through.clone()];
    let (_, between) = apart(narrowed(candidates.clone(), &sought, &through));
    let (people, places) = apart(narrowed(candidates, &sought, &values.participants));
    let (people_found, places_found) = (people.len(), places.len());
    let searching = !sought.is_empty();
    let between = group(
        "through",
        "through-place",
        t!("sharing-through-legend"),
        between,
        &through,
        Pick::One,
    );
    let whom = vec![
        Choice::new(
            "treating",
            t!("sharing-through-treating"),
            values.whom == "treating",
        ),
        Choice::new("named", t!("sharing-through-named"), values.whom == "named"),
    ];
    let people = group(
        "participants",
        "participant-person",
        t!("sharing-who-people"),
        people,
        &values.participants,
        Pick::Any,
    );
    let places = group(
        "participants",
        "participant-place",
        t!("sharing-who-organizations"),
        places,
        &values.participants,
        Pick::Any,
    );
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <p class="back">
            <a href=Destination::SharingStep(Step::Who).path()>{t!("sharing-back")}</a>
        </p>
        <StepsOf step=Step::Who/>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("sharing-through-heading")}</h1>
        <p class="lead">{t!("sharing-through-lead")}</p>
        <form method="post" novalidate>
            <EnterButton/>
            <Finder sought all/>
            <Around id="through" errors=errors.clone()>{between}</Around>
            <div class="reveals">
                <Choices
                    name="whom"
                    legend=t!("sharing-through-whom")
                    pick=Pick::One
                    choices=whom
                    error=errors.of("whom")
                />
                <div class="revealed">
                    <Around id="participants" errors=errors.clone()>
                        {people} {places}
                    </Around>
                </div>
            </div>
            <HowMany people=people_found organizations=places_found searching/>
            <button class="button" type="submit" name="do" value="on">
                {t!("sharing-through-do")}
            </button>
        </form>
    }
}

/// Groups of names with what is wrong about them.
#[component]
pub(super) fn Around(
    /// Its id, and the field of the error.
    id: &'static str,
    /// What is wrong with the form.
    errors: Errors,
    /// The groups.
    children: Children,
) -> impl IntoView {
    let error = errors.of(id);
    let wrong = error.is_some();
    view! {
        <div class="field" class:wrong=wrong id=id tabindex="-1">
            {error
                .map(|error| {
                    view! {
                        <p class="error">
                            <span class="for-ear">{t!("error-prefix")} " "</span>
                            {error.to_string()}
                        </p>
                    }
                })}
            {children()}
        </div>
    }
}

/// `POST /sharing/new/through`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let (mut draft, _) = steps::draft_of(&visit).await?;
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        let picked = Picked::from(&fields);
        let sought: String = visit.session.get(FIND).await?.unwrap_or_default();
        if let Some(sought) = Search::asked(&fields.text("do"), fields.text("find"), &sought) {
            visit.session.insert(PICKED, (draft.id, &picked)).await?;
            search(&visit, FIND, sought).await?;
            return Ok::<_, Refusal>(Answer::Go(Destination::SharingThrough));
        }
        let recipient = match picked.read(&candidates) {
            Ok(recipient) => recipient,
            Err(errors) => {
                return Ok(Answer::Again(FormState {
                    values: picked,
                    errors,
                }));
            }
        };
        let mut to = draft.to.clone();
        // Named once, with those named last.
        to.retain(|other| !is_through_the_same(other, &recipient));
        to.push(recipient);
        draft.set_recipients(to);
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        visit.session.remove::<(Uuid, Picked)>(PICKED).await?;
        visit.session.remove::<String>(FIND).await?;
        Ok(Answer::Go(Destination::SharingStep(Step::Who)))
    })
    .await
}

fn is_through_the_same(one: &Recipient, other: &Recipient) -> bool {
    match (one, other) {
        (
            Recipient::Intermediary { organization, .. },
            Recipient::Intermediary {
                organization: same, ..
            },
        ) => organization == same,
        _ => false,
    }
}
