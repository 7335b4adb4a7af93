//! What needs the patient on the sharing page: a plain sentence each, and one way on, where it is theirs to go.

use super::words::until;
use crate::{
    components::{icon::Icon, time::zone},
    dates,
    destination::Destination,
    t,
    words::consent::{name_with_place, recipients},
};
use domain::clock::Instant;
use leptos::prelude::*;
use portal::sharing::attention::Attention as One;

/// What needs the patient, if anything does.
#[component]
pub fn Attention(
    /// All of it, in order.
    all: Vec<One>,
    /// Whether the one who looks may see their record as somebody else does.
    views: bool,
) -> impl IntoView {
    (!all.is_empty()).then(|| {
        let lines = all
            .iter()
            .map(|one| {
                let (words, on, href) = told(one);
                let leads = views || !matches!(one, One::NewCare { .. });
                let on = leads.then(|| view! { " " <a href=href>{on}</a> });
                view! {
                    <li>
                        <Icon name="warning"/>
                        <p>{words} {on}</p>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="attention" aria-labelledby="attention">
                <h2 id="attention">{t!("attention-heading")}</h2>
                <ul class="plain">{lines}</ul>
            </section>
        }
    })
}

/// The sentence, the words of the link, and where it leads.
fn told(one: &One) -> (String, String, String) {
    let day = |at: Instant| dates::day(dates::day_in(at, zone()));
    match one {
        One::EndsSoon { consent, to, ends } => (
            t!(
                "attention-ends",
                who = recipients(to),
                until = lower(&until(ends.as_ref()))
            ),
            t!("attention-ends-do"),
            Destination::Consent(consent.0).path(),
        ),
        One::OnHold { consent, to, at } => (
            t!("attention-on-hold", at = day(*at), who = recipients(to)),
            t!("attention-on-hold-do"),
            Destination::Revoke(consent.0).path(),
        ),
        One::CareEnded { consent, to, at } => (
            t!("attention-care-ended", who = recipients(to), day = day(*at)),
            t!("attention-care-ended-do"),
            Destination::Consent(consent.0).path(),
        ),
        One::Left {
            consent,
            to,
            place,
            at,
        } => (
            t!(
                "attention-left",
                who = recipients(to),
                place = place.name.as_str(),
                day = day(*at)
            ),
            t!("attention-left-do"),
            Destination::Consent(consent.0).path(),
        ),
        One::NewCare { name, id, since } => (
            t!(
                "attention-new-care",
                who = name_with_place(name),
                day = day(*since)
            ),
            t!("attention-new-care-do"),
            Destination::ViewAs(*id).path(),
        ),
    }
}

/// The phrase within a sentence: "until the end of June 3, 2027".
fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
