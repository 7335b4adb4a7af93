//! `/home`: who can see my records now, who looked lately, what needs me (UX).

use crate::{
    components::{
        banner::{Banner, Tone},
        button::LinkButton,
        page_title::PageTitle,
        time::{Moment, zone},
        who_can_see::{Access, WhoCanSee},
    },
    dates,
    destination::Destination,
    pages::account::recovery::banner,
    pages::sharing::view_as::ViewLink,
    t, text,
    visit::{self, AsOf, Visit},
    words::{consent, history},
};
use domain::{duty::Duty, party::Role};
use leptos::prelude::*;
use portal::{
    emergency::told::News,
    home::{self, Home as Opened, Sharing},
};

/// The first page after signing in.
#[component]
pub fn Home() -> impl IntoView {
    visit::page(async |visit: Visit| {
        if !visit.actor.may(Duty::OwnRecord) {
            // There is nothing of a record for support and administrators (POLICY §4.4).
            let own = if visit.actor.may(Duty::Office) {
                Destination::Office
            } else {
                Destination::Patients
            };
            return Ok(visit::lead(&own));
        }
        let opened = home::open(&visit.portal, &visit.actor).await?;
        let name = visit.actor.name().to_owned();
        // A helper does not look around as somebody else.
        let views = visit.actor.role() == Role::Patient;
        let mine = banner(&visit).await?;
        Ok(view! { <Shown opened name views mine/> }.into_any())
    })
}

#[component]
fn Shown(
    opened: Opened,
    name: String,
    views: bool,
    /// What is going on with the account, if anything.
    mine: AnyView,
) -> impl IntoView {
    let as_of = opened.as_of;
    view! {
        <PageTitle title=text!("home-title")/>
        <h1>{t!("home-heading", name = name)}</h1>
        {mine}
        <Emergencies news=opened.emergencies/>
        <NeedsMe ending=opened.ending/>
        <h2>{t!("home-sharing-heading")}</h2>
        <Shared sharing=opened.sharing someone=!opened.treating.is_empty() views/>
        <Treating treating=opened.treating views/>
        <div class="actions">
            <LinkButton href="/sharing/new">{t!("home-share")}</LinkButton>
            <a href="/sharing">{t!("home-sharing")}</a>
        </div>
        <h2>{t!("home-lately-heading")}</h2>
        <Lately lines=opened.lately/>
        <p><a href="/access-history">{t!("home-history")}</a></p>
        <h2>{t!("home-more-heading")}</h2>
        <ul class="plain">
            <li><a href="/records">{t!("home-records")}</a></li>
            <li><a href="/exports">{t!("home-exports")}</a></li>
            <li><a href="/privacy-notice">{t!("home-notice")}</a></li>
        </ul>
        <AsOf at=as_of/>
    }
}

/// A sentence for each consent in force. Without one, that nobody sees anything is said only
/// where no one sees anything by care either.
#[component]
fn Shared(sharing: Vec<Sharing>, someone: bool, views: bool) -> impl IntoView {
    if sharing.is_empty() && someone {
        view! { <p>{t!("home-nothing-shared")}</p> }.into_any()
    } else {
        view! { <WhoCanSee access=sharing.iter().map(|one| access(one, views)).collect()/> }
            .into_any()
    }
}

/// A sentence for a consent in force.
fn access(sharing: &Sharing, views: bool) -> Access {
    let what = consent::labels(sharing.labels);
    Access {
        who: consent::recipients(&sharing.to),
        what: if what.is_empty() {
            vec![t!("home-single-items")]
        } else {
            what
        },
        until: consent::until(sharing.ends.as_ref(), zone()),
        href: Some(format!("/sharing/{}", sharing.consent)),
        view_as: sharing.view_as.filter(|_| views),
    }
}

/// Records opened in an emergency that the patient has not read about (LAW E1).
#[component]
fn Emergencies(news: Vec<News>) -> impl IntoView {
    let notices = news
        .into_iter()
        .map(|one| {
            let href = Destination::EmergencyTold(one.id.0).path();
            let when = dates::moment(one.at, zone());
            let name = one.name.as_str();
            let words = if one.unjustified {
                t!("home-emergency-unjustified", name = name, when = when)
            } else {
                t!("home-emergency", name = name, when = when)
            };
            view! {
                <Banner tone=Tone::Warning heading=t!("home-emergency-heading")>
                    <p>{words}</p>
                    <p><a href=href>{t!("home-emergency-link")}</a></p>
                </Banner>
            }
        })
        .collect_view();
    view! { {notices} }
}

/// What needs the patient: consents that end soon.
#[component]
fn NeedsMe(ending: Vec<Sharing>) -> impl IntoView {
    let lines = ending
        .into_iter()
        .map(|sharing| {
            let who = consent::recipients(&sharing.to);
            let until = consent::until(sharing.ends.as_ref(), zone()).unwrap_or_default();
            view! {
                <li>
                    <a href=format!("/sharing/{}", sharing.consent)>
                        {t!("home-ends-soon", who = who, until = until)}
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    (!lines.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Info heading=t!("home-needs-heading")>
                <ul>{lines}</ul>
            </Banner>
        }
    })
}

#[component]
fn Treating(treating: Vec<home::Treating>, views: bool) -> impl IntoView {
    (!treating.is_empty()).then(|| {
        let names = treating
            .into_iter()
            .map(|one| {
                let name = consent::name_with_place(&one.name);
                let link =
                    views.then(|| view! { " " <ViewLink recipient=one.id who=one.name.name/> });
                view! { <li>{name} {link}</li> }
            })
            .collect_view();
        view! {
            <p>{t!("home-treating")}</p>
            <ul>{names}</ul>
            <p class="hint">{t!("home-treating-program")}</p>
        }
    })
}

#[component]
fn Lately(lines: Vec<portal::history::Line>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="empty">{t!("home-nobody-looked")}</p> }.into_any();
    }
    let lines = lines
        .into_iter()
        .map(|line| {
            view! {
                <li>
                    <span>{history::sentence(&line)}</span>
                    <br/>
                    <span class="hint"><Moment at=line.at/></span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="plain">{lines}</ul> }.into_any()
}
