//! People, each with a browser of their own.

use super::{Form, ORIGIN, Page, TestPortal};
use axum::{
    body::Body,
    http::{Request, header},
};
use confide::demo::people::SignIn;
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
};

/// A browser: a cookie jar, and the manners of one.
pub struct Browser<'a> {
    portal: &'a TestPortal,
    jar: BTreeMap<String, String>,
    person: Option<SignIn>,
}

impl<'a> Browser<'a> {
    fn new(portal: &'a TestPortal) -> Self {
        Self {
            portal,
            jar: BTreeMap::new(),
            person: None,
        }
    }

    /// The portal it talks to.
    pub fn portal(&self) -> &'a TestPortal {
        self.portal
    }

    /// What the person signed in with.
    #[track_caller]
    pub fn person(&self) -> &SignIn {
        self.person.as_ref().expect("somebody is signed in")
    }

    /// An address, without following where it leads.
    pub async fn get(&mut self, path: &str) -> Page {
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty())
            .expect("a request");
        self.send(request).await
    }

    /// An address, following where it leads.
    pub async fn go(&mut self, path: &str) -> Page {
        let page = self.get(path).await;
        self.follow(page).await
    }

    /// A list from its first page to its last, by its links.
    pub async fn pages(&mut self, path: String) -> Vec<Page> {
        let mut pages = Vec::new();
        let mut next = Some(path);
        while let Some(path) = next {
            let page = self.get(&path).await.expect(200);
            next = page.next();
            pages.push(page);
            assert!(pages.len() < 1_000, "{path}: a list without an end");
        }
        pages
    }

    /// Sends a form, without following where the answer leads.
    pub async fn submit(&mut self, form: &Form) -> Page {
        if form.method == "get" {
            let path = format!("{}?{}", form.target(), form.encoded());
            return self.get(&path).await;
        }
        self.post(form.target(), form.encoded()).await
    }

    /// Sends a form and follows.
    pub async fn submit_and_follow(&mut self, form: &Form) -> Page {
        let page = self.submit(form).await;
        self.follow(page).await
    }

    /// A form's body to an address, as from one of our own pages.
    pub async fn post(&mut self, path: &str, body: impl Into<String>) -> Page {
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.into()))
            .expect("a request");
        self.send(request).await
    }

    /// Any request, with the cookies of this browser.
    pub async fn send(&mut self, request: Request<Body>) -> Page {
        let page = self.portal.send(self.with_cookies(request)).await;
        for cookie in page.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().expect("a cookie of plain text"));
        }
        page
    }

    /// Puts the cookies of this browser to a request.
    pub fn with_cookies(&self, mut request: Request<Body>) -> Request<Body> {
        if !self.jar.is_empty() {
            let cookies: Vec<String> = self
                .jar
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request
                .headers_mut()
                .insert(header::COOKIE, cookies.join("; ").parse().expect("cookies"));
        }
        request
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').expect("a name and a value");
        if value.is_empty() || attributes.to_lowercase().contains("max-age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }

    async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            let Some(to) = page.location().map(ToOwned::to_owned) else {
                return page;
            };
            assert!(
                to.starts_with('/') && !to.starts_with("//"),
                "{} leads away: {to}",
                page.path
            );
            page = self.get(&to).await;
        }
        panic!("{} leads round in a circle", page.path);
    }

    /// The value of the session cookie.
    pub fn session_cookie(&self) -> Option<&str> {
        self.jar
            .get(confide::http::session::NAME)
            .map(String::as_str)
    }

    /// Puts a cookie into the jar: a stolen or an old one.
    pub fn set_session_cookie(&mut self, value: &str) {
        self.jar
            .insert(confide::http::session::NAME.to_owned(), value.to_owned());
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.get(name).map(String::as_str)
    }

    /// Puts a cookie into the jar, or takes it out.
    pub fn set_cookie(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.jar.insert(name.to_owned(), value.to_owned()),
            None => self.jar.remove(name),
        };
    }

    /// A code nobody has used yet. Half a minute goes by.
    pub fn next_code(&self) -> String {
        self.portal.next_code(self.person())
    }

    /// Gives a fresh second factor where it is asked for: any page with a field `code`. Half a minute goes by.
    #[track_caller]
    pub fn code_form(&self, page: &Page) -> Form {
        page.form_with_field("code").fill("code", &self.next_code())
    }
}

/// Somebody who isn't signed in.
pub struct Anonymous<'a>(Browser<'a>);

impl<'a> Anonymous<'a> {
    pub(super) fn new(portal: &'a TestPortal) -> Self {
        Self(Browser::new(portal))
    }

    /// Gives a name and a password; the page after.
    pub async fn give_password(&mut self, sign_in: &str, password: &str) -> Page {
        let page = self.0.get("/sign-in").await.expect(200);
        let form = page
            .forms()
            .into_iter()
            .find(|form| form.field_of_kind(&["password"]).is_some())
            .expect("a form that asks for a password");
        let name = form
            .field_of_kind(&["email", "text"])
            .expect("a field for the name");
        let secret = form
            .field_of_kind(&["password"])
            .expect("a field for the password");
        self.0
            .submit(&form.fill(&name, sign_in).fill(&secret, password))
            .await
    }

    /// Gives a code on the page of the second factor; the page after.
    pub async fn give_code(&mut self, code: &str) -> Page {
        let form = self
            .0
            .get("/sign-in/verify")
            .await
            .expect(200)
            .form_with_field("code");
        self.0.submit(&form.fill("code", code)).await
    }

    /// Signs in with both factors. Half a minute goes by.
    pub async fn sign_in(mut self, person: &SignIn) -> Browser<'a> {
        self.give_password(&person.sign_in, &person.password)
            .await
            .expect(303);
        let code = self.0.portal.next_code(person);
        self.give_code(&code).await.expect(303);
        self.0.person = Some(person.clone());
        self.0
    }
}

/// A patient who is signed in.
pub struct Patient<'a>(pub Browser<'a>);

impl Patient<'_> {
    /// The list of records.
    pub async fn open_records(&mut self) -> Page {
        self.get("/records").await.expect(200)
    }

    /// Who looked, and when.
    pub async fn open_history(&mut self) -> Page {
        self.get("/access-history").await.expect(200)
    }

    /// What is shared.
    pub async fn open_sharing(&mut self) -> Page {
        self.get("/sharing").await.expect(200)
    }

    /// The start page.
    pub async fn open_home(&mut self) -> Page {
        self.get("/home").await.expect(200)
    }
}

/// A clinician who is signed in.
pub struct Clinician<'a>(pub Browser<'a>);

impl Clinician<'_> {
    /// The list of patients.
    pub async fn open_patients(&mut self) -> Page {
        self.get("/patients").await.expect(200)
    }

    /// A patient's chart, or the page that asks for a purpose, or the page for all else.
    pub async fn open_chart(&mut self, path: &str) -> Page {
        self.get(path).await
    }
}

macro_rules! browses {
    ($($who:ident),*) => {$(
        impl<'a> Deref for $who<'a> {
            type Target = Browser<'a>;

            fn deref(&self) -> &Browser<'a> {
                &self.0
            }
        }

        impl DerefMut for $who<'_> {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }
    )*};
}

browses!(Anonymous, Patient, Clinician);
