//! What a page of a chart rests on, and the texts that go with it (LAW B1, POLICY §5).

use super::purpose;
use crate::{
    components::{notice::Notice, table::Table, time::zone},
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
            by_relationship.then(|| view! { <p>{t!("chart-rests-relationship")}</p> });
        let consents = (!rests_on.is_empty()).then(|| {
            let rows = rests_on
                .into_iter()
                .map(|one| {
                    let signed = dates::day_in(one.signed, zone());
                    let purposes: Vec<String> =
                        one.purposes.into_iter().map(purpose::name).collect();
                    vec![
                        dates::day(signed).into_any(),
                        until(one.ends.as_ref()).into_any(),
                        list(&purposes).into_any(),
                        list(&labels(one.labels)).into_any(),
                    ]
                })
                .collect();
            view! {
                <Table
                    caption=t!("chart-rests-caption")
                    columns=vec![
                        t!("chart-rests-signed"),
                        t!("chart-rests-until"),
                        t!("chart-rests-for"),
                        t!("chart-rests-what"),
                    ]
                    rows
                />
            }
        });
        view! {
            <section class="rests-on" aria-labelledby="rests-on">
                <h2 id="rests-on">{t!("chart-rests-heading")}</h2>
                {relationship}
                {consents}
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
