//! Signing in: how often one may try, what is told to whom, where one is signed in, and what happens when a session
//! ends by itself (LAW F1, F4–F8, B6). By HTTP alone.

mod cross_site;
mod device;
mod failures;
mod forgiven;
mod late_forms;
mod letters;
mod passkey;
mod session_list;
mod smtp;
mod timing;

use crate::support::{Browser, ORIGIN, Page, TestPortal};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header, request::Builder},
};
use confide::demo::people::SignIn;
use std::net::{IpAddr, SocketAddr};
use store::Event;

/// The cookie by which a device is known again.
const DEVICE: &str = confide::http::device::NAME;
/// Nobody's password.
const WRONG: &str = "not the password at all";

/// Somebody at a device: where its requests come from, and what its browser says of itself.
struct At {
    address: IpAddr,
    agent: &'static str,
}

impl At {
    fn new(address: &str) -> Self {
        Self {
            address: address.parse().expect("an address"),
            agent: "",
        }
    }

    fn request(&self, builder: Builder) -> Builder {
        builder
            .header(header::ACCEPT, "text/html")
            .header(header::USER_AGENT, self.agent)
            .extension(ConnectInfo(SocketAddr::new(self.address, 40_000)))
    }

    async fn post(&self, browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .request(Request::post(path))
            .header(header::ORIGIN, ORIGIN)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        browser.send(request).await
    }

    async fn get(&self, browser: &mut Browser<'_>, path: &str) -> Page {
        let request = self
            .request(Request::get(path))
            .body(Body::empty())
            .expect("a request");
        browser.send(request).await
    }

    /// Gives a name and a password.
    async fn password(&self, browser: &mut Browser<'_>, name: &str, password: &str) -> Page {
        let fields = [("sign-in", name), ("password", password)];
        self.post(browser, "/sign-in", &fields).await
    }

    /// Gives a code.
    async fn code(&self, browser: &mut Browser<'_>, code: &str) -> Page {
        self.post(browser, "/sign-in/verify", &[("code", code)])
            .await
    }

    /// Signs in with both factors. Half a minute goes by.
    async fn sign_in(&self, portal: &TestPortal, browser: &mut Browser<'_>, person: &SignIn) {
        self.password(browser, &person.sign_in, &person.password)
            .await
            .expect(303);
        let code = portal.next_code(person);
        self.code(browser, &code).await.expect(303);
    }
}

fn is_password_failure(event: &Event) -> bool {
    matches!(event, Event::PasswordFailed)
}
