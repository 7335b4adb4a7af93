//! The demo's sign-in sheet. Under `confide serve` there is nothing to show, so nothing is.

use super::{
    button::LinkButton,
    summary_list::{Row, SummaryList},
    table::Table,
};
use crate::{DemoPerson, State, components::button::Loudness, t};
use leptos::prelude::*;

fn people() -> Vec<DemoPerson> {
    use_context::<State>()
        .and_then(|state| state.aids().map(crate::DemoAids::people))
        .unwrap_or_default()
}

/// Who can sign in, with what, and what for.
#[component]
pub fn DemoSheet() -> impl IntoView {
    sheet(people())
}

fn sheet(people: Vec<DemoPerson>) -> AnyView {
    if people.is_empty() {
        return ().into_any();
    }
    let people = people
        .into_iter()
        .map(|person| {
            let rows = vec![
                Row::new(t!("demo-sign-in"), view! { <code>{person.sign_in}</code> }),
                Row::new(
                    t!("demo-password"),
                    view! { <code>{person.password}</code> },
                ),
            ];
            view! {
                <h3>{person.name}</h3>
                <p>{person.what_for}</p>
                <SummaryList rows/>
            }
        })
        .collect_view();
    view! {
        <section class="demo-sheet" aria-labelledby="demo-people">
            <h2 id="demo-people">{t!("demo-people-heading")}</h2>
            <p>{t!("demo-people-lead")}</p>
            {people}
        </section>
    }
    .into_any()
}

/// Somebody who can join, with code and birth date.
#[component]
pub fn DemoInvitation() -> impl IntoView {
    let state = use_context::<State>();
    let aids = state.as_ref().and_then(State::aids);
    aids.and_then(crate::DemoAids::invitation).map(invitation)
}

fn invitation(invitation: crate::DemoInvitation) -> AnyView {
    let rows = vec![
        Row::new(t!("demo-person"), invitation.name),
        Row::new(t!("join-code"), view! { <code>{invitation.code}</code> }),
        Row::new(t!("join-birth"), view! { <code>{invitation.birth}</code> }),
    ];
    view! {
        <section class="demo-sheet" aria-labelledby="demo-invitation">
            <h2 id="demo-invitation">{t!("demo-invitation-heading")}</h2>
            <p>{t!("demo-invitation-lead")}</p>
            <SummaryList rows/>
        </section>
    }
    .into_any()
}

/// The code of this moment for each person, in place of an authenticator app. `again` is the
/// page itself, to load it anew: a code serves once.
#[component]
pub fn DemoCodes(
    /// The page it stands on.
    #[prop(default = "/sign-in/verify")]
    again: &'static str,
) -> impl IntoView {
    codes(people(), again)
}

fn codes(people: Vec<DemoPerson>, again: &'static str) -> AnyView {
    if people.is_empty() {
        return ().into_any();
    }
    let rows = people
        .into_iter()
        .map(|person| {
            let code = person.code.unwrap_or_default();
            vec![
                person.name.into_any(),
                view! { <code>{code}</code> }.into_any(),
            ]
        })
        .collect();
    let columns = vec![t!("demo-person"), t!("demo-code")];
    view! {
        <section class="demo-sheet">
            <Table caption=t!("demo-codes-heading") columns rows/>
            <p class="hint">{t!("demo-codes-advice")}</p>
            <p>
                <LinkButton href=again loudness=Loudness::Quiet>{t!("demo-codes-again")}</LinkButton>
            </p>
        </section>
    }
    .into_any()
}

/// Two people and long words, with and without a code.
pub fn sample() -> AnyView {
    let person = |name: &str, code: Option<&str>| DemoPerson {
        name: name.into(),
        role: "patient".into(),
        what_for: "In treatment, with ordinary care besides. Look at the records.".into(),
        sign_in: "person@demo.example".into(),
        password: "amber-harbor-lantern-93".into(),
        code: code.map(str::to_owned),
    };
    let both = || {
        vec![
            person("Jordan Reyes", Some("123456")),
            person(super::LONG_NAME, None),
        ]
    };
    let joining = crate::DemoInvitation {
        name: super::LONG_NAME.into(),
        code: "7K3F-9TQW-0A1B-C2D3".into(),
        birth: "06/30/1984".into(),
    };
    view! {
        {sheet(both())}
        {codes(both(), "/help")}
        {invitation(joining)}
    }
    .into_any()
}
