//! `/sharing/view-as/{recipient}`: my record as this person sees it now.
//!
//! What stands in the frame is the chart itself ([`crate::pages::chart::body`]). It is asked for what they would look, as
//! they are asked, and that is the privacy screen: what is in the record shows only after.

pub mod item;

use crate::{
    components::{
        banner::{Banner, Tone},
        choices::{Choice, Choices, Pick},
        empty::Empty,
        page_title::PageTitle,
        pagination::asked as asked_page,
        time::zone,
    },
    dates,
    destination::Destination,
    i18n::purpose_name,
    pages::{
        answer::id_in,
        chart::{
            body::{Body, head},
            emergency::around::Around,
            place::{self, Place},
        },
    },
    t, text,
    visit::{self, AsOf},
    words::{consent::name_with_place, staff},
};
use axum::http::request::Parts;
use domain::purpose::Purpose;
use leptos::prelude::*;
use portal::{
    Refusal,
    sharing::view_as::{self, Asked, Seen, Whom},
};
use uuid::Uuid;

/// The record as somebody else sees it, or the question for what they look.
#[component]
pub fn ViewAs() -> impl IntoView {
    let recipient = id_in(2);
    let asked = asked(recipient);
    let page = asked_page();
    visit::page(async move |visit| {
        let recipient = recipient.ok_or(Refusal::NotAvailable)?;
        let whom = view_as::whom(&visit.portal, &visit.actor, recipient).await?;
        // A purpose that is not theirs now, such as an emergency that is over, is asked for again.
        let Some(asked) = asked.filter(|asked| whom.purposes.contains(&asked.purpose)) else {
            return Ok(view! { <Ask whom recipient/> }.into_any());
        };
        let seen = view_as::open(&visit.portal, &visit.actor, asked, page).await?;
        Ok(view! { <Shown seen whom asked/> }.into_any())
    })
}

/// What the address asks for.
fn asked(recipient: Option<Uuid>) -> Option<Asked> {
    let parts = use_context::<Parts>();
    let query = parts.as_ref().and_then(|parts| parts.uri.query());
    place::asked(recipient?, query)
}

/// Who it is, with their place of work.
fn who(whom: &Whom) -> String {
    whom.name
        .as_ref()
        .map_or_else(|| t!("view-as-nobody"), name_with_place)
}

#[component]
fn Ask(whom: Whom, recipient: Uuid) -> impl IntoView {
    let who = who(&whom);
    let action = Destination::ViewAs(recipient).path();
    let form = questions(&whom, None);
    view! {
        <PageTitle title=text!("view-as-title")/>
        <p class="back">
            <a href=Destination::Sharing.path()>{t!("consent-back")}</a>
        </p>
        <h1>{t!("view-as-heading", who = who)}</h1>
        <p class="lead">{t!("view-as-lead")}</p>
        <form method="get" action=action>
            {form}
            <p class="hint">{t!("view-as-screen")}</p>
            <button class="button" type="submit">{t!("view-as-do")}</button>
        </form>
        <People whom/>
    }
}

/// For what they look, and in which of their roles where they have more than one.
fn questions(whom: &Whom, now: Option<Asked>) -> AnyView {
    let purpose = now.map_or(Purpose::Treatment, |asked| asked.purpose);
    let choices = whom
        .purposes
        .iter()
        .map(|one| Choice::new(place::number_of(*one), purpose_name(*one), *one == purpose))
        .collect();
    let first = whom.roles.first().copied();
    let role = now.and_then(|asked| asked.role).or(first);
    let roles = (whom.roles.len() > 1).then(|| {
        let choices = whom
            .roles
            .iter()
            .map(|one| {
                Choice::new(
                    place::number_of_role(*one),
                    staff::role(*one),
                    Some(*one) == role,
                )
            })
            .collect();
        view! { <Choices name="as" legend=t!("view-as-role") pick=Pick::One choices/> }
    });
    view! {
        <Choices name="for" legend=t!("view-as-purpose") pick=Pick::One choices/>
        {roles}
    }
    .into_any()
}

/// Who works at an organization: each may see something else.
#[component]
fn People(whom: Whom) -> impl IntoView {
    (!whom.people.is_empty()).then(|| {
        let people = whom
            .people
            .into_iter()
            .map(|(person, name)| {
                let href = Destination::ViewAs(person.0).path();
                view! { <li><a href=href>{name.name}</a></li> }
            })
            .collect_view();
        view! {
            <h2>{t!("view-as-people-heading")}</h2>
            <p>{t!("view-as-people")}</p>
            <ul>{people}</ul>
        }
    })
}

/// The words of the frame that stands around a view.
fn frame(whom: &Whom, asked: Asked) -> AnyView {
    let heading = t!(
        "view-as-banner",
        who = who(whom),
        purpose = purpose_name(asked.purpose)
    );
    let emergency = whom
        .emergency
        .filter(|_| asked.purpose == Purpose::Emergency)
        .map(|open| {
            let until = dates::time(open.until, zone());
            view! { <p>{t!("view-as-emergency", time = until)}</p> }
        });
    let organization = whom
        .is_organization
        .then(|| view! { <p>{t!("view-as-organization")}</p> });
    view! {
        <div class="view-as-frame">
            <Banner tone=Tone::Info heading=heading>
                {organization}
                {emergency}
                <p>{t!("view-as-yours")}</p>
            </Banner>
        </div>
    }
    .into_any()
}

/// How the view stands to an emergency: as the chart does, for whoever has it open.
fn around(whom: &Whom, asked: Asked) -> Around {
    match whom.emergency {
        Some(open) if asked.purpose == Purpose::Emergency => Around::Open(open),
        _ => Around::Other,
    }
}

#[component]
fn Shown(seen: Seen, whom: Whom, asked: Asked) -> impl IntoView {
    let Seen { opened, as_of } = seen;
    let name = who(&whom);
    let around = around(&whom, asked);
    let change = view! {
        <details>
            <summary>{t!("view-as-change")}</summary>
            <form method="get" action=Destination::ViewAs(asked.recipient).path()>
                {questions(&whom, Some(asked))}
                <button class="button quiet" type="submit">{t!("view-as-change-do")}</button>
            </form>
        </details>
    };
    let content = match opened {
        Some(opened) => {
            let head = head(opened.heading.as_deref());
            view! {
                {frame(&whom, asked)}
                {change}
                <section class="view-as" aria-label=t!("view-as-region", who = name)>
                    {head}
                    <Body opened place=Place::View(asked) around/>
                </section>
            }
            .into_any()
        }
        None => view! {
            <h1>{t!("view-as-heading", who = name)}</h1>
            {frame(&whom, asked)}
            {change}
            <Empty words=t!("view-as-nothing")/>
        }
        .into_any(),
    };
    view! {
        <PageTitle title=text!("view-as-title")/>
        <p class="back">
            <a href=Destination::Sharing.path()>{t!("consent-back")}</a>
        </p>
        {content}
        <People whom/>
        <AsOf at=as_of/>
    }
}

/// The link to a view, named by whom it is of.
#[component]
pub fn ViewLink(
    /// The person or organization.
    recipient: Uuid,
    /// Their name, for the ear: many such links stand on one page.
    #[prop(into)]
    who: String,
) -> impl IntoView {
    view! {
        <a class="view-link" href=Destination::ViewAs(recipient).path()>
            {t!("view-as-link")}
            <span class="for-ear">" " {t!("view-as-link-who", who = who)}</span>
        </a>
    }
}
