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
    pages::proxies::overview::Part,
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
    proxies::Newly,
};

/// The first page after signing in.
#[component]
pub fn Home() -> impl IntoView {
    visit::page(async |visit: Visit| {
        // Who has no record here, and acts for nobody yet, chooses for whom first.
        if visit.actor.role() == Role::Proxy && visit.actor.on_behalf_of().is_none() {
            return Ok(visit::lead(&Destination::Proxies));
        }
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
        if !visit.actor.is_whole() {
            return Ok(view! { <InPart opened signs=visit.actor.may_sign()/> }.into_any());
        }
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
        <ActForMe people=opened.act_for_me/>
        <WaitingFor count=opened.waiting/>
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

/// The same for somebody who acts for the patient and doesn't stand in their place for everything: nothing is said of
/// what they don't read (POLICY §5).
#[component]
fn InPart(opened: Opened, signs: bool) -> impl IntoView {
    let as_of = opened.as_of;
    let sharing = (!opened.sharing.is_empty()).then(|| {
        view! {
            <h2>{t!("proxies-home-sharing")}</h2>
            <WhoCanSee access=opened.sharing.iter().map(|one| access(one, false)).collect()/>
        }
    });
    view! {
        <PageTitle title=text!("home-title")/>
        <h1>{t!("proxies-home-heading")}</h1>
        <Part/>
        <WaitingFor count=opened.waiting/>
        {sharing}
        <h2>{t!("proxies-home-more")}</h2>
        <ul class="plain">
            <li><a href="/records">{t!("proxies-home-records")}</a></li>
            {signs.then(|| view! { <li><a href="/sharing/new">{t!("home-share")}</a></li> })}
            <li><a href="/exports">{t!("proxies-home-exports")}</a></li>
            <li><a href="/proxies">{t!("shell-acting-switch")}</a></li>
        </ul>
        <AsOf at=as_of/>
    }
}

/// Consents that wait for a second signature (LAW D2).
#[component]
fn WaitingFor(count: usize) -> impl IntoView {
    (count > 0).then(|| {
        view! {
            <Banner tone=Tone::Warning heading=t!("proxies-waiting-heading")>
                <a href=Destination::Proxies.path()>
                    {t!("proxies-waiting-count", count = count)}
                </a>
            </Banner>
        }
    })
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

/// People whom the office lets act for the patient since lately (LAW D4).
#[component]
fn ActForMe(people: Vec<Newly>) -> impl IntoView {
    people
        .into_iter()
        .map(|one| {
            let day = dates::day(dates::day_in(one.since, zone()));
            view! {
                <Banner tone=Tone::Info>
                    {t!("proxies-news", name = one.name, day = day)}
                    " "
                    <a href=Destination::Proxies.path()>{t!("proxies-news-link")}</a>
                </Banner>
            }
        })
        .collect_view()
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
