//! Somebody on the way to an account: the pages in their order, each by its form.

use crate::support::{Anonymous, Page, TestPortal};
use app::DemoInvitation;
use chrono::TimeDelta;
use data_encoding::BASE32_NOPAD;
use domain::id::{PatientId, PersonId};
use domain::party::Role;
use portal::invitations::{self, Invitee, Issued};
use store::{PersonRecord, SecretBytes, Stamp};

/// A password that nobody guesses.
pub const PASSWORD: &str = "purple tugboat argument";
/// Another.
pub const ANOTHER: &str = "seven lanterns under ice";

/// Riley Novak of the demo, who has a record and no account, with a fresh invitation.
pub async fn riley(portal: &TestPortal) -> DemoInvitation {
    confide::demo::invitation::prepare(&portal.portal)
        .await
        .map_err(|failure| failure.message)
        .expect("an answer")
        .expect("Riley has not joined yet")
}

/// Riley's record.
pub async fn record(portal: &TestPortal) -> PatientId {
    portal
        .portal
        .store()
        .patient_by_identity("Patient/demo-patient-3")
        .await
        .expect("an answer")
        .expect("Riley's record")
}

/// Somebody new of the staff, invited by the system.
pub async fn staff(portal: &TestPortal, name: &str, role: Role) -> Issued {
    let store = portal.portal.store();
    let person = PersonRecord::named(PersonId::derived("test", name), name);
    let invitee = Invitee {
        person: person.id,
        roles: vec![role],
        birth: None,
    };
    store
        .put_person(&Stamp::SYSTEM, person)
        .await
        .expect("a person");
    invitations::invite(&portal.portal, &Stamp::SYSTEM, invitee)
        .await
        .expect("an answer")
        .expect("an invitation")
}

/// What stands between `<code …>` and `</code>`, in order.
pub fn codes(page: &Page) -> Vec<String> {
    page.body
        .split("<code")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter_map(|(_, rest)| rest.split_once("</code>"))
        .map(|(code, _)| code.to_owned())
        .collect()
}

/// An authenticator app with one secret.
#[derive(Clone)]
pub struct App(SecretBytes);

impl App {
    /// Takes the secret from a page that shows it.
    pub fn of(page: &Page) -> Self {
        let secret = codes(page).remove(0).replace(' ', "");
        let secret = BASE32_NOPAD.decode(secret.as_bytes()).expect("base 32");
        Self(SecretBytes::new(secret))
    }

    /// With this secret, however it got there.
    pub fn holding(secret: SecretBytes) -> Self {
        Self(secret)
    }

    /// The secret itself, to look for it where it must not be.
    pub fn secret(&self) -> &[u8] {
        self.0.expose()
    }

    /// The code of this moment.
    pub fn code(&self, portal: &TestPortal) -> String {
        self.at(u64::try_from(portal.clock.now().timestamp()).expect("after 1970"))
    }

    /// The code of a moment, in seconds since 1970.
    pub fn at(&self, seconds: u64) -> String {
        portal::authenticator::of(&self.0)
            .expect("an authenticator")
            .generate(seconds)
            .to_string()
    }

    /// A code that was not used yet: half a minute goes by.
    pub fn next(&self, portal: &TestPortal) -> String {
        portal.clock.advance(TimeDelta::seconds(30));
        self.code(portal)
    }
}

/// The clock of a test.
pub trait Now {
    /// The present instant.
    fn now(&self) -> chrono::DateTime<chrono::Utc>;
}

impl Now for store::testing::TestClock {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        domain::clock::Clock::now(self)
    }
}

/// Types a code and a birth date; the page after.
pub async fn give_code(somebody: &mut Anonymous<'_>, code: &str, birth: &str) -> Page {
    let form = somebody.get("/join").await.expect(200).form("/join");
    let form = form.fill("code", code).fill("birth", birth);
    somebody.submit(&form).await
}

/// Answers one page with one field; the page after.
pub async fn answer(somebody: &mut Anonymous<'_>, path: &str, field: &str, value: &str) -> Page {
    let form = somebody.get(path).await.expect(200).form(path);
    somebody.submit(&form.fill(field, value)).await
}

/// Types a password twice; the page after.
pub async fn give_password(somebody: &mut Anonymous<'_>, path: &str, password: &str) -> Page {
    let form = somebody.get(path).await.expect(200);
    let form = form
        .form_with_field("again")
        .fill("password", password)
        .fill("again", password);
    somebody.submit(&form).await
}

/// Up to the second step, with this e-mail and password.
pub async fn up_to_second(
    somebody: &mut Anonymous<'_>,
    invitation: &DemoInvitation,
    email: &str,
    password: &str,
) {
    let page = give_code(somebody, &invitation.code, &invitation.birth).await;
    assert_eq!(page.location(), Some("/join/email"), "{}", page.body);
    let page = answer(somebody, "/join/email", "email", email).await;
    assert_eq!(page.location(), Some("/join/password"), "{}", page.body);
    let page = give_password(somebody, "/join/password", password).await;
    assert_eq!(
        page.location(),
        Some("/join/second-step"),
        "{}",
        page.text()
    );
}

/// Sets up an app where a second factor is asked for.
pub async fn set_up_app(portal: &TestPortal, somebody: &mut Anonymous<'_>) -> App {
    let form = somebody.get("/join/second-step").await.expect(200);
    let form = form.form("/join/second-step").choose("which", "app");
    let page = somebody.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/join/app"));
    let page = somebody.get("/join/app").await.expect(200);
    let app = App::of(&page);
    let form = page.form("/join/app").fill("code", &app.code(portal));
    let page = somebody.submit(&form).await.expect(303);
    assert_eq!(page.location(), Some("/join/codes"));
    app
}

/// Keeps the recovery codes; the codes and where the way goes on.
pub async fn keep_codes(somebody: &mut Anonymous<'_>) -> (Vec<String>, String) {
    let page = somebody.get("/join/codes").await.expect(200);
    let kept = codes(&page);
    assert_eq!(kept.len(), 10, "{}", page.text());
    let form = page.form("/join/codes").choose("kept", "yes");
    let page = somebody.submit(&form).await.expect(303);
    (kept, page.location().expect("a way on").to_owned())
}

/// Somebody who has joined and is signed in.
pub struct Joined<'a> {
    /// Their browser.
    pub browser: Anonymous<'a>,
    /// Their e-mail.
    pub email: String,
    /// Their app.
    pub app: App,
    /// Their recovery codes.
    pub codes: Vec<String>,
}

impl Joined<'_> {
    /// Gives the fresh factor that is asked for; where the way goes on.
    pub async fn confirm(&mut self, portal: &TestPortal) -> String {
        let page = self.browser.get("/step-up").await.expect(200);
        let code = self.app.next(portal);
        let form = page.form_with_field("code").fill("code", &code);
        let page = self.browser.submit(&form).await.expect(303);
        page.location().expect("a way on").to_owned()
    }

    /// Opens a page of the account behind its step-up; the page.
    pub async fn confirmed(&mut self, portal: &TestPortal, path: &str) -> Page {
        let page = self.browser.get(path).await.expect(200);
        let form = page.form(path);
        let page = self.browser.submit(&form).await.expect(303);
        assert_eq!(page.location(), Some("/step-up"));
        assert_eq!(self.confirm(portal).await, path);
        self.browser.get(path).await.expect(200)
    }
}

/// Joins as Riley, with an app.
pub async fn join<'a>(portal: &'a TestPortal, email: &str) -> Joined<'a> {
    let invitation = riley(portal).await;
    let mut browser = portal.anonymous();
    up_to_second(&mut browser, &invitation, email, PASSWORD).await;
    let app = set_up_app(portal, &mut browser).await;
    let (codes, onward) = keep_codes(&mut browser).await;
    assert_eq!(onward, "/join/notice");
    let form = browser.get("/join/notice").await.expect(200);
    let page = browser.submit(&form.form("/join/notice")).await.expect(303);
    assert_eq!(page.location(), Some("/home"));
    Joined {
        browser,
        email: email.to_owned(),
        app,
        codes,
    }
}
