//! What surrounds each page.

use crate::{
    State,
    assets::{FAVICON_SVG, PORTAL_CSS, PORTAL_JS},
    components::banner::{Banner, Tone},
    i18n, late,
    navigation::entries,
    open_page::ClosedWords,
    pages,
    problem::{Problem, ProblemPage},
    render::Instead,
    t,
    viewer::{Role, Viewer},
};
use axum::http::request::Parts;
use leptos::{children::ToChildren, prelude::*};
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, RouteChildren, Router};

/// How long before the end of an idle session its page says so.
const WARN_SECONDS: u64 = 60;

/// The document around the page at the request's path.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let content = match use_context::<Instead>() {
        Some(Instead(content)) => content(),
        None => view! { <Routed/> }.into_any(),
    };
    view! {
        <!DOCTYPE html>
        <html lang=i18n::current().tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <link rel="icon" type="image/svg+xml" href=FAVICON_SVG/>
                <link rel="stylesheet" href=PORTAL_CSS/>
                <script type="module" src=PORTAL_JS></script>
            </head>
            <body>
                <a class="skip" href="#main">{t!("shell-skip")}</a>
                <DemoBanner/>
                <Header/>
                <ActingFor/>
                <main id="main" tabindex="-1">
                    <BroughtBack/>
                    {content}
                </main>
                <Footer/>
                <TimeOut/>
                <ClosedWords viewer=viewer()/>
            </body>
        </html>
    }
}

/// The page that the router finds.
#[component]
fn Routed() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes
                fallback=|| view! { <ProblemPage problem=Problem::Missing/> }
                children=RouteChildren::to_children(pages::table)
            />
        </Router>
    }
}

fn viewer() -> Viewer {
    use_context::<Viewer>().unwrap_or_default()
}

#[component]
fn Header() -> impl IntoView {
    let viewer = viewer();
    let path = use_context::<Parts>().map_or_else(String::new, |parts| parts.uri.path().to_owned());
    let home = match viewer.role {
        Role::SignedOut => "/",
        Role::Patient => "/home",
        Role::Helper => "/proxies",
        Role::Clinician => "/patients",
        Role::Office => "/office",
    };
    let links = entries(viewer.role)
        .into_iter()
        .map(|entry| {
            let current = entry.holds(&path).then_some("page");
            view! {
                <li>
                    <a href=entry.href aria-current=current>{entry.words}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <header class="header">
            <div class="header-top">
                <a class="product" href=home>{t!("shell-product")}</a>
                <Person viewer/>
            </div>
            <nav aria-label=t!("shell-navigation")>
                <ul class="navigation">{links}</ul>
            </nav>
        </header>
    }
}

/// The name of the person signed in, the way out, and the way to a neutral page.
#[component]
fn Person(viewer: Viewer) -> impl IntoView {
    (viewer.role != Role::SignedOut).then(|| {
        view! {
            <div class="person">
                {viewer.name.map(|name| view! { <span class="person-name">{name}</span> })}
                <a class="hide-now" href="/help">{t!("shell-hide-now")}</a>
                <form method="post" action="/api/sign-out">
                    <button class="link" type="submit">{t!("shell-sign-out")}</button>
                </form>
            </div>
        }
    })
}

#[component]
fn DemoBanner() -> impl IntoView {
    use_context::<State>()
        .is_some_and(|state| state.aids().is_some())
        .then(|| {
            view! {
                <aside class="demo" aria-label=t!("shell-demo-label")>
                    <p>
                        <strong>{t!("shell-demo")}</strong>
                        " "
                        {t!("shell-demo-advice")}
                    </p>
                </aside>
            }
        })
}

#[component]
fn ActingFor() -> impl IntoView {
    viewer().acting_for.map(|name| {
        view! {
            <aside class="acting-for" aria-label=t!("shell-acting-label")>
                <Banner tone=Tone::Info>
                    <strong>{t!("shell-acting-for", name = name)}</strong>
                    " "
                    <a href="/proxies">{t!("shell-acting-switch")}</a>
                </Banner>
            </aside>
        }
    })
}

/// Says that what was typed is here again.
#[component]
fn BroughtBack() -> impl IntoView {
    use_context::<late::BroughtBack>().map(|_| {
        view! {
            <Banner tone=Tone::Info heading=t!("late-form-heading")>{t!("late-form")}</Banner>
        }
    })
}

#[component]
fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <ul>
                <li>
                    <a href="/privacy-notice">{t!("shell-privacy-notice")}</a>
                </li>
                <li>
                    <a href="/help">{t!("shell-help")}</a>
                </li>
            </ul>
            <p class="footer-key" data-with-script hidden>{t!("shell-escape-key")}</p>
        </footer>
    }
}

/// The warning before an idle session ends. Closed until the script opens it; without script the
/// session ends in silence and the next page asks to sign in.
#[component]
fn TimeOut() -> impl IntoView {
    viewer().idle.map(|idle| {
        view! {
            <dialog
                id="time-out"
                aria-labelledby="time-out-heading"
                data-idle-seconds=idle.as_secs().to_string()
                data-warn-seconds=WARN_SECONDS.to_string()
                data-extend="/session/extend"
                data-ended="/sign-in"
                data-keep="/session/keep"
            >
                <h2 id="time-out-heading">{t!("time-out-heading")}</h2>
                <p>{t!("time-out-advice", seconds = WARN_SECONDS)}</p>
                <div class="actions">
                    <button class="button" type="button" data-extend-session>
                        {t!("time-out-stay")}
                    </button>
                    <form method="post" action="/api/sign-out">
                        <button class="link" type="submit">{t!("shell-sign-out")}</button>
                    </form>
                </div>
            </dialog>
        }
    })
}
