//! `/sharing/new`: with whom?

use super::{
    steps::{self, Back, StepsOf},
    words::{capitalized, party_detail},
};
use crate::{
    State,
    components::{
        empty::Empty, error_summary::ErrorSummary, initials::Initials, page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{
    consent::Recipient,
    id::{OrganizationId, PersonId},
    notice::TPO_RECIPIENTS,
    party::Party,
    purpose::PurposeSet,
};
use leptos::prelude::*;
use portal::{
    Refusal,
    directory::{self, Candidate},
    sharing::draft::{self, Ends, Step},
};

/// How many names stand on the page; more are found by their name.
const SHOWN: usize = 30;
/// What was searched for, in the session: an address would tell it.
const FIND: &str = "sharing-find";
/// The value of the class of LAW A2.
const CLASS: &str = "tpo";

/// What was picked.
#[derive(Clone, Default)]
pub struct Picked {
    to: String,
}

/// With whom?
#[component]
pub fn Who() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let (draft, _) = steps::draft_of(&visit).await?;
        let form = form.unwrap_or_else(|| FormState {
            values: Picked {
                to: draft.to.first().map(value).unwrap_or_default(),
            },
            errors: Errors::default(),
        });
        let sought: String = visit.session.get(FIND).await?.unwrap_or_default();
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        Ok(page(form, candidates, sought).into_any())
    })
}

fn page(form: FormState<Picked>, candidates: Vec<Candidate>, sought: String) -> impl IntoView {
    let picked = form.values.to;
    let all = candidates.len();
    let (people, organizations) = narrowed(candidates, &sought, &picked);
    let found = people.len() + organizations.len();
    let shown = found.min(SHOWN * 2);
    let nothing = (found == 0 && !sought.is_empty())
        .then(|| view! { <Empty words=t!("sharing-who-nobody")/> });
    let more = (people.len() > SHOWN || organizations.len() > SHOWN).then(
        || view! { <p class="hint">{t!("sharing-who-more", shown = shown, all = found)}</p> },
    );
    let people = group("to", t!("sharing-who-people"), people, &picked);
    let organizations = group(
        "to-organization",
        t!("sharing-who-organizations"),
        organizations,
        &picked,
    );
    let class_picked = picked == CLASS;
    let searching = !sought.is_empty();
    let error = form.errors.of("to");
    let wrong = error.is_some();
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::Who/>
        <StepsOf step=Step::Who/>
        <ErrorSummary errors=form.errors/>
        <h1>{t!("sharing-who-heading")}</h1>
        {(all > 8 || searching)
            .then(|| {
                view! {
                    <form class="find" method="post" role="search">
                        <label for="find">{t!("sharing-who-find")}</label>
                        <div class="find-line">
                            <input
                                class="input"
                                id="find"
                                name="find"
                                type="search"
                                autocomplete="off"
                                value=sought
                            />
                            <button class="button quiet" type="submit" name="do" value="find">
                                {t!("sharing-who-find-do")}
                            </button>
                            {searching
                                .then(|| {
                                    view! {
                                        <button class="link" type="submit" name="do" value="all">
                                            {t!("sharing-who-find-all")}
                                        </button>
                                    }
                                })}
                        </div>
                    </form>
                }
            })}
        <form method="post" novalidate>
            <div class="field" class:wrong=wrong id="to" tabindex="-1">
                {error
                    .map(|error| {
                        view! {
                            <p class="error" id="to-error">
                                <span class="for-ear">{t!("error-prefix")} " "</span>
                                {error.to_string()}
                            </p>
                        }
                    })}
                {nothing}
                {people}
                {organizations}
                {more}
                <fieldset class="who-group">
                    <legend>{t!("sharing-who-class")}</legend>
                    <div class="choice">
                        <input type="radio" id="to-class" name="to" value=CLASS checked=class_picked aria-describedby="to-class-more"/>
                        <div>
                            <label for="to-class">{capitalized(TPO_RECIPIENTS)}</label>
                            <span class="hint" id="to-class-more">{t!("sharing-who-class-hint")}</span>
                        </div>
                    </div>
                </fieldset>
            </div>
            <button class="button" type="submit">{t!("sharing-go-on")}</button>
        </form>
    }
}

/// The candidates that match what is sought, people and organizations apart. Who is picked stays.
fn narrowed(
    candidates: Vec<Candidate>,
    sought: &str,
    picked: &str,
) -> (Vec<Candidate>, Vec<Candidate>) {
    let sought: Vec<String> = sought
        .to_lowercase()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    candidates
        .into_iter()
        .filter(|candidate| {
            let name = &candidate.name;
            let words = [
                Some(&name.name),
                name.detail.as_ref(),
                name.organization.as_ref(),
            ]
            .into_iter()
            .flatten()
            .map(|words| words.to_lowercase())
            .collect::<Vec<_>>()
            .join(" ");
            party_value(candidate.party) == picked || sought.iter().all(|one| words.contains(one))
        })
        .partition(|candidate| matches!(candidate.party, Party::Person(_)))
}

fn group(
    id: &'static str,
    legend: String,
    mut candidates: Vec<Candidate>,
    picked: &str,
) -> Option<impl IntoView> {
    if candidates.is_empty() {
        return None;
    }
    // Who is picked comes first, so that it is on the page even when others are cut off.
    candidates.sort_by_key(|candidate| party_value(candidate.party) != picked);
    let choices = candidates
        .into_iter()
        .take(SHOWN)
        .enumerate()
        .map(|(index, candidate)| {
            let id = format!("{id}-{index}");
            let more = format!("{id}-more");
            let value = party_value(candidate.party);
            let checked = value == picked;
            let detail = party_detail(&candidate.name);
            let described = detail.is_some().then(|| more.clone());
            view! {
                <div class="choice">
                    <input
                        type="radio"
                        id=id.clone()
                        name="to"
                        value=value
                        checked=checked
                        aria-describedby=described
                    />
                    <Initials name=candidate.name.name.clone()/>
                    <div>
                        <label for=id>{candidate.name.name}</label>
                        {detail.map(|detail| view! { <span class="hint" id=more>{detail}</span> })}
                    </div>
                </div>
            }
        })
        .collect_view();
    Some(view! {
        <fieldset class="who-group">
            <legend>{legend}</legend>
            {choices}
        </fieldset>
    })
}

fn party_value(party: Party) -> String {
    match party {
        Party::Person(id) => format!("person:{id}"),
        Party::Organization(id) => format!("organization:{id}"),
    }
}

fn value(to: &Recipient) -> String {
    match to {
        Recipient::Person(id) => party_value(Party::Person(*id)),
        Recipient::Organization(id) => party_value(Party::Organization(*id)),
        Recipient::TpoClass => CLASS.to_owned(),
        // Not offered here yet.
        Recipient::TreatingProviders | Recipient::Intermediary { .. } | Recipient::Named(_) => {
            String::new()
        }
    }
}

/// The recipient behind a value, if it is among those who can be chosen.
fn chosen(value: &str, candidates: &[Candidate]) -> Option<Recipient> {
    if value == CLASS {
        return Some(Recipient::TpoClass);
    }
    let party = match value.split_once(':')? {
        ("person", id) => Party::Person(PersonId::parse(id)?),
        ("organization", id) => Party::Organization(OrganizationId::parse(id)?),
        _ => return None,
    };
    candidates
        .iter()
        .any(|candidate| candidate.party == party)
        .then_some(match party {
            Party::Person(id) => Recipient::Person(id),
            Party::Organization(id) => Recipient::Organization(id),
        })
}

/// `POST /sharing/new`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let (mut draft, _) = steps::draft_of(&visit).await?;
        match fields.text("do").as_str() {
            "find" => {
                visit.session.insert(FIND, fields.text("find")).await?;
                return Ok(Answer::Go(Destination::SharingStep(Step::Who)));
            }
            "all" => {
                visit.session.remove::<String>(FIND).await?;
                return Ok(Answer::Go(Destination::SharingStep(Step::Who)));
            }
            _ => {}
        }
        let to = fields.text("to");
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        let Some(recipient) = chosen(&to, &candidates) else {
            let mut errors = Errors::default();
            errors.add("to", text!("sharing-who-missing"));
            return Ok::<_, Refusal>(Answer::Again(FormState {
                values: Picked { to },
                errors,
            }));
        };
        let was_class = draft.to.contains(&Recipient::TpoClass);
        let is_class = recipient == Recipient::TpoClass;
        draft.to = vec![recipient];
        if is_class {
            // One signature for all three, no more and no less (LAW A2).
            draft.purposes = PurposeSet::TPO;
        } else if was_class {
            draft.purposes = PurposeSet::EMPTY;
        }
        forget_ends_not_allowed(&mut draft);
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        visit.session.remove::<String>(FIND).await?;
        Ok(Answer::Go(steps::after(&draft, Step::Who)))
    })
    .await
}

/// "No end" and "end of treatment" stand only for treatment, payment and operations (LAW A6): with other
/// purposes the question is open again.
pub(super) fn forget_ends_not_allowed(draft: &mut draft::Draft) {
    if matches!(draft.ends, Some(Ends::Never | Ends::EndOfTreatment))
        && !draft.purposes.within(PurposeSet::TPO)
    {
        draft.ends = None;
    }
}
