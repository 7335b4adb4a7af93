//! What came after a session had ended by itself (LAW F4): the page somebody was on and the form they sent come back
//! once they have signed in again. `portal::session::timed_out` keeps them; here is what may be kept, and how a form is
//! filled in again.
//!
//! It is the same for every form: what is kept are names and values as they were sent, and what is filled in again are
//! the fields of the page as it is then. Nothing is done by itself: the person looks at it and sends it. Passwords and
//! codes are never kept.

mod fill;

use crate::{State, forms::Fields, problem::report, router::page_paths, visit};
use axum::{
    body::{Body, to_bytes},
    http::{StatusCode, header, request::Parts},
    response::Response,
};
use portal::{
    Refusal,
    session::timed_out::{self, LateForm},
};
use tower_sessions::Session;
use url::Url;

/// In the context of a page whose form is filled in again.
#[derive(Clone, Copy)]
pub(crate) struct BroughtBack;

/// The longest address that is remembered, in bytes.
const LONGEST_PAGE: usize = 300;
/// Places where nobody wants to be brought back to, with all that is under them.
const NO_WAY_BACK: [&str; 5] = ["/sign-in", "/signed-out", "/step-up", "/join", "/recover"];
/// Forms that are not kept: they ask for secrets, or have nothing to lose.
const NEVER_KEPT: [&str; 7] = [
    "/sign-in", "/step-up", "/join", "/recover", "/account", "/session", "/api",
];
/// Parts of the names of fields that are not kept, whatever the form.
const SECRET: [&str; 5] = ["password", "code", "secret", "token", "pin"];

fn is_under(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| {
        path.strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Whether one of our pages is at this path.
fn is_page(path: &str) -> bool {
    page_paths().iter().any(|pattern| {
        let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
        loop {
            match (pattern.next(), path.next()) {
                (None, None) => return true,
                (Some(part), Some(given)) if part.starts_with('{') => {
                    if given.is_empty() {
                        return false;
                    }
                }
                (Some(part), Some(given)) if part == given => {}
                _ => return false,
            }
        }
    })
}

/// The page at that path with its query, if somebody may be brought back to it.
fn page(path: &str, query: Option<&str>) -> Option<String> {
    if !is_page(path) || is_under(path, &NO_WAY_BACK) {
        return None;
    }
    let page = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    (page.len() <= LONGEST_PAGE).then_some(page)
}

/// The page a form was on: our pages say so in `Referer`; else the one at the form's own address.
fn page_of(parts: &Parts) -> Option<String> {
    referring(parts).or_else(|| page(parts.uri.path(), None))
}

fn referring(parts: &Parts) -> Option<String> {
    let referer = parts.headers.get(header::REFERER)?.to_str().ok()?;
    let url = Url::parse(referer).ok()?;
    page(url.path(), url.query())
}

fn may_be_kept(action: &str) -> bool {
    action.starts_with('/') && !is_under(action, &NEVER_KEPT)
}

fn without_secrets(fields: &Fields) -> Vec<(String, String)> {
    fields
        .pairs()
        .filter(|(name, _)| !SECRET.iter().any(|secret| name.contains(secret)))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Looks at every form that comes: one that comes too late is kept, one that was kept and comes again is forgotten.
pub(crate) async fn came(state: &State, parts: &Parts, fields: &Fields) {
    if let Some(session) = visit::session(parts) {
        let page = page_of(parts);
        told(look_at(state, &session, page, parts.uri.path(), fields).await);
    }
}

/// Keeps a form that a script sends as the session ends, before it was sent anywhere. `false`: the session goes on.
pub(crate) async fn keep(state: &State, parts: &Parts, fields: &Fields) -> Result<bool, Refusal> {
    let Some(session) = visit::session(parts) else {
        return Ok(false);
    };
    let (action, page) = (fields.text("keep-action"), fields.text("keep-page"));
    let (path, query) = page
        .split_once('?')
        .map_or((page.as_str(), None), |(path, query)| (path, Some(query)));
    let page = self::page(path, query);
    look_at(state, &session, page, &action, fields).await?;
    timed_out::is_timed_out(state.portal(), &session).await
}

async fn look_at(
    state: &State,
    session: &Session,
    page: Option<String>,
    action: &str,
    fields: &Fields,
) -> Result<(), Refusal> {
    let portal = state.portal();
    if !timed_out::is_timed_out(portal, session).await? {
        return timed_out::sent(session, action).await;
    }
    match page {
        Some(page) if may_be_kept(action) => {
            let form = LateForm {
                action: action.to_owned(),
                fields: without_secrets(fields),
            };
            timed_out::keep(portal, session, &page, Some(form)).await
        }
        _ => Ok(()),
    }
}

/// Whether an answer leads to signing in.
pub(crate) fn leads_to_sign_in(response: &Response) -> bool {
    response.status().is_redirection()
        && response
            .headers()
            .get(header::LOCATION)
            .is_some_and(|location| location == "/sign-in")
}

/// After an answer that leads to signing in: remembers the page that was asked for, or the one with the button.
pub(crate) async fn led_away(state: &State, parts: &Parts) {
    let page = if parts.method.is_safe() {
        page(parts.uri.path(), parts.uri.query())
    } else {
        referring(parts)
    };
    if let (Some(page), Some(session)) = (page, visit::session(parts)) {
        told(timed_out::keep(state.portal(), &session, &page, None).await);
    }
}

/// The form that waits for this page.
pub(crate) async fn form_for(state: &State, parts: &Parts) -> Option<LateForm> {
    let session = visit::session(parts)?;
    let page = page(parts.uri.path(), parts.uri.query())?;
    match timed_out::late_form(state.portal(), &session, &page).await {
        Ok(form) => form,
        Err(refusal) => {
            report(&refusal);
            None
        }
    }
}

/// The page with the form filled in again.
pub(crate) async fn filled(response: Response, page: &str, form: &LateForm) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // A page is a whole string already.
    let Ok(html) = to_bytes(body, usize::MAX).await else {
        return Response::new(Body::empty());
    };
    let html = String::from_utf8_lossy(&html);
    let html = fill::fill(&html, page, form).unwrap_or_else(|| html.into_owned());
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(html))
}

/// What can't be kept is lost, and the person signs in all the same; the cause is in the log.
fn told(done: Result<(), Refusal>) {
    if let Err(refusal) = done {
        report(&refusal);
    }
}

#[cfg(test)]
mod tests {
    use super::{is_page, may_be_kept, page};

    #[test]
    fn only_pages_of_ours_are_a_way_back() {
        assert!(is_page("/home") && is_page("/sharing/1f/revoke"));
        assert!(!is_page("/nowhere") && !is_page("/sharing//revoke") && !is_page("//home"));
        assert_eq!(
            page("/sharing/new/items", Some("page=2")).as_deref(),
            Some("/sharing/new/items?page=2")
        );
        for none in [
            "/sign-in",
            "/sign-in/verify",
            "/step-up",
            "/signed-out",
            "https://x",
        ] {
            assert_eq!(page(none, None), None, "{none}");
        }
        assert_eq!(page("/home", Some(&"x".repeat(400))), None);
    }

    #[test]
    fn forms_with_secrets_are_not_kept() {
        assert!(may_be_kept("/sharing/new/why") && may_be_kept("/records/filter"));
        for never in [
            "/sign-in",
            "/step-up",
            "/account/password",
            "/api/sign-out",
            "elsewhere",
        ] {
            assert!(!may_be_kept(never), "{never}");
        }
    }
}
