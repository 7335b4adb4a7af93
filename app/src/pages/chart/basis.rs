//! What a page of a chart rests on, and the texts that go with it (LAW B1, POLICY §5).

use super::purpose;
use crate::{
    components::{notice::Notice, time::zone},
    dates,
    i18n::list,
    t,
    words::consent::labels,
};
use chrono::TimeDelta;
use domain::{
    consent::Expiry,
    notice::{N1, STANDING_SENTENCE},
};
use leptos::prelude::*;
use portal::chart::RestsOn;

/// The sentence that stands on every chart, whatever is in it.
#[component]
pub fn Standing() -> impl IntoView {
    view! { <p class="chart-standing">{STANDING_SENTENCE}</p> }
}

/// Notice N1, where something on the page asks for it.
#[component]
pub fn RecipientNotice(
    /// Whether it is owed.
    owed: bool,
) -> impl IntoView {
    owed.then(|| view! { <Notice heading=t!("chart-notice") text=N1.join("\n")/> })
}

/// The consents and the relationship behind what stands on the page.
#[component]
pub fn Basis(
    /// The consents.
    rests_on: Vec<RestsOn>,
    /// Whether something rests on the care relationship.
    by_relationship: bool,
) -> impl IntoView {
    (by_relationship || !rests_on.is_empty()).then(|| {
        let relationship =
            by_relationship.then(|| view! { <li>{t!("chart-rests-relationship")}</li> });
        let consents = rests_on
            .into_iter()
            .map(|one| {
                let signed = dates::day(dates::day_in(one.signed, zone()));
                let purposes: Vec<String> = one.purposes.into_iter().map(purpose::name).collect();
                let words = t!(
                    "chart-rests-consent",
                    signed = signed,
                    until = until(one.ends.as_ref()),
                    purposes = list(&purposes)
                );
                let opened = labels(one.labels);
                // General health is a label of no part, so it may have nothing to name.
                let opened =
                    (!opened.is_empty()).then(|| t!("chart-rests-what", what = list(&opened)));
                view! {
                    <li>
                        {words}
                        {opened.map(|opened| view! { <span class="hint">{opened}</span> })}
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="rests-on" aria-labelledby="rests-on">
                <h2 id="rests-on">{t!("chart-rests-heading")}</h2>
                <ul>{relationship} {consents}</ul>
            </section>
        }
    })
}

fn until(ends: Option<&Expiry>) -> String {
    match ends {
        Some(Expiry::At(end)) => {
            // A term ends with the first instant that is no longer inside.
            let inside = end
                .checked_sub_signed(TimeDelta::seconds(1))
                .unwrap_or(*end);
            t!(
                "chart-until-day",
                day = dates::day(dates::day_in(inside, zone()))
            )
        }
        Some(Expiry::Event(event)) => t!("chart-until-event", event = event),
        Some(Expiry::EndOfTreatment) => t!("chart-until-treatment"),
        Some(Expiry::EndOfResearch) => t!("chart-until-research"),
        Some(Expiry::None) | None => t!("chart-until-none"),
    }
}
