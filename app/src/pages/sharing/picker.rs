//! Finding people and organizations in the directory, on the pages that pick some of them.

use super::words::party_detail;
use crate::{
    components::{choices::Pick, empty::Empty, initials::Initials},
    t,
    visit::Visit,
};
use domain::{
    id::{OrganizationId, PersonId},
    party::Party,
};
use leptos::prelude::*;
use portal::{Refusal, directory::Candidate, sharing::Draft};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// How many names of a group stand on the page; more are found by their name.
pub(super) const SHOWN: usize = 30;
/// Up to so many names, nobody needs to search.
const FEW: usize = 8;

/// The first button of a form with several: the one that Enter presses. What it does is up to the page.
#[component]
pub(super) fn EnterButton() -> impl IntoView {
    view! {
        <button
            class="for-ear"
            type="submit"
            name="do"
            value="enter"
            tabindex="-1"
            aria-hidden="true"
        ></button>
    }
}

/// The field to find a name with, where there are many. It is part of the form around it, so that searching loses no tick.
#[component]
pub(super) fn Finder(
    /// What was searched for.
    sought: String,
    /// How many names there are.
    all: usize,
) -> impl IntoView {
    let searching = !sought.is_empty();
    (all > FEW || searching).then(|| {
        view! {
            <div class="find" role="search">
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
            </div>
        }
    })
}

/// What a form that can search asks for: another look at the names.
pub(super) enum Search {
    /// For these words.
    For(String),
    /// For everybody again.
    Everybody,
}

impl Search {
    /// What the pressed button means, given what was searched for before. Enter in the field searches, too.
    pub(super) fn asked(doing: &str, typed: String, before: &str) -> Option<Self> {
        match doing {
            "find" => Some(Self::For(typed)),
            "all" => Some(Self::Everybody),
            "enter" if typed != before => Some(Self::For(typed)),
            _ => None,
        }
    }
}

/// Keeps in the session what is searched for under this key: an address would tell it.
pub(super) async fn search(visit: &Visit, key: &str, search: Search) -> Result<(), Refusal> {
    match search {
        Search::For(words) if !words.is_empty() => visit.session.insert(key, words).await?,
        Search::For(_) | Search::Everybody => {
            visit.session.remove::<String>(key).await?;
        }
    }
    Ok(())
}

/// What was picked on the page of this draft before somebody searched.
pub(super) async fn picked_so_far<Picked: DeserializeOwned>(
    visit: &Visit,
    key: &str,
    draft: &Draft,
) -> Result<Option<Picked>, Refusal> {
    let kept: Option<(Uuid, Picked)> = visit.session.get(key).await?;
    Ok(kept
        .filter(|(id, _)| *id == draft.id)
        .map(|(_, picked)| picked))
}

/// The candidates that match what is sought. Who is picked stays.
pub(super) fn narrowed(
    candidates: Vec<Candidate>,
    sought: &str,
    picked: &[String],
) -> Vec<Candidate> {
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
            picked.contains(&party_value(candidate.party))
                || sought.iter().all(|one| words.contains(one))
        })
        .collect()
}

/// People and organizations apart.
pub(super) fn apart(candidates: Vec<Candidate>) -> (Vec<Candidate>, Vec<Candidate>) {
    candidates
        .into_iter()
        .partition(|candidate| matches!(candidate.party, Party::Person(_)))
}

/// Nobody was found, or more than fit.
#[component]
pub(super) fn HowMany(
    /// How many people were found.
    people: usize,
    /// How many organizations were found.
    organizations: usize,
    /// Whether something was searched for.
    searching: bool,
) -> impl IntoView {
    let found = people.saturating_add(organizations);
    let shown = people.min(SHOWN).saturating_add(organizations.min(SHOWN));
    if found == 0 && searching {
        return view! { <Empty words=t!("sharing-who-nobody")/> }.into_any();
    }
    (shown < found)
        .then(|| view! { <p class="hint">{t!("sharing-who-more", shown = shown, all = found)}</p> })
        .into_any()
}

/// A group of names to pick from; nothing where there are none.
pub(super) fn group(
    name: &'static str,
    id: &'static str,
    legend: String,
    mut candidates: Vec<Candidate>,
    picked: &[String],
    pick: Pick,
) -> Option<impl IntoView + use<>> {
    if candidates.is_empty() {
        return None;
    }
    // Who is picked comes first, so that it is on the page even when others are cut off.
    candidates.sort_by_key(|candidate| !picked.contains(&party_value(candidate.party)));
    let kept = candidates
        .iter()
        .filter(|candidate| picked.contains(&party_value(candidate.party)))
        .count();
    let kind = match pick {
        Pick::One => "radio",
        Pick::Any => "checkbox",
    };
    let choices = candidates
        .into_iter()
        .take(SHOWN.max(kept))
        .enumerate()
        .map(|(index, candidate)| {
            let id = format!("{id}-{index}");
            let more = format!("{id}-more");
            let value = party_value(candidate.party);
            let checked = picked.contains(&value);
            let detail = party_detail(&candidate.name);
            let described = detail.is_some().then(|| more.clone());
            view! {
                <div class="choice">
                    <input
                        type=kind
                        id=id.clone()
                        name=name
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

/// How a party is named in a form.
pub(super) fn party_value(party: Party) -> String {
    match party {
        Party::Person(id) => format!("person:{id}"),
        Party::Organization(id) => format!("organization:{id}"),
    }
}

/// The party behind a value, if it is among those who can be chosen.
pub(super) fn party_of(value: &str, candidates: &[Candidate]) -> Option<Party> {
    let party = match value.split_once(':')? {
        ("person", id) => Party::Person(PersonId::parse(id)?),
        ("organization", id) => Party::Organization(OrganizationId::parse(id)?),
        _ => return None,
    };
    candidates
        .iter()
        .any(|candidate| candidate.party == party)
        .then_some(party)
}
