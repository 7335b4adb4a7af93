//! The whole stack in one process, and people who use it by HTTP alone.
//!
//! [`TestPortal`] has the demo's people and records, a clock that stands still, and the layers of `confide serve`.
//! [`Anonymous`], [`Patient`] and [`Clinician`] send what a browser would: cookies, `Origin`, the hidden fields of
//! the forms they were shown.
#![allow(dead_code, unused_imports, reason = "each test file uses its own part")]

mod actors;
mod article;
mod events;
mod journeys;
mod ledger;
mod page;
mod place;
pub mod process;
pub mod records;

pub use actors::{Anonymous, Browser, Clinician, Patient};
pub use article::Article;
pub use events::Events;
pub use journeys::Picks;
pub use ledger::{Disclosure, denied, disclosures};
pub use page::{Form, Page};
pub use place::Place;

use axum::{Router, body::Body, extract::ConnectInfo, http::Request, response::Response};
use confide::{
    World,
    config::Requests,
    demo::people::SignIn,
    http::{self, session::Cookie},
    wiring,
};
use domain::clock::{Clock, Instant};
use portal::Portal;
use std::{net::SocketAddr, process::Command, sync::Arc, time::Duration};
use store::testing::{TestClock, TestEntropy};
use tower::ServiceExt;

/// Where people come to.
pub const ORIGIN: &str = "https://records.test";

/// Limits wide enough for any test that isn't about them.
pub const UNLIMITED: Requests = Requests {
    timeout: Duration::from_mins(1),
    burst: 1_000_000,
    per_second: 1_000_000,
};

/// A portal with people and records.
pub struct TestPortal {
    router: Router,
    /// The journeys, to look behind the pages.
    pub portal: Portal,
    /// The clock of everything.
    pub clock: Arc<TestClock>,
    people: Vec<SignIn>,
    place: Place,
}

impl TestPortal {
    /// The demo's people and records under the layers of `confide serve`: on SQLite, or on PostgreSQL where
    /// `CONFIDE_TEST_DATABASE` chose it.
    pub async fn new() -> Self {
        let place = place::copy_of_template().await;
        let clock = Arc::new(TestClock::at(began() + chrono::TimeDelta::hours(1)));
        let (portal, people) = place.open(&world(&clock, 2)).await;
        Self::around(portal, people, clock, place, &options(UNLIMITED))
    }

    /// Nobody and nothing in it: for tests of layers.
    pub async fn empty() -> Self {
        Self::empty_with(UNLIMITED).await
    }

    /// The same with other limits.
    pub async fn empty_with(requests: Requests) -> Self {
        let place = Place::empty().await;
        let clock = Arc::new(TestClock::at(began()));
        let store = place.store(&world(&clock, 3)).await;
        let portal = Portal::new(store, wiring::portal_options(&place.config()));
        Self::around(portal, Vec::new(), clock, place, &options(requests))
    }

    fn around(
        portal: Portal,
        people: Vec<SignIn>,
        clock: Arc<TestClock>,
        place: Place,
        options: &http::Options,
    ) -> Self {
        let world = world(&clock, 4);
        let state = app::State::serve(portal.clone());
        Self {
            router: wiring::stack(state, &portal, &world, options),
            portal,
            clock,
            people,
            place,
        }
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Page {
        let path = request.uri().to_string();
        Page::read(path, self.respond(request).await).await
    }

    /// The same, for an answer that is read as it comes.
    pub async fn respond(&self, mut request: Request<Body>) -> Response {
        if request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .is_none()
        {
            request
                .extensions_mut()
                .insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 9], 40_000))));
        }
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("the stack always answers")
    }

    /// The stack, to be served.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Somebody who isn't signed in.
    pub fn anonymous(&self) -> Anonymous<'_> {
        Anonymous::new(self)
    }

    /// Jordan Reyes: in treatment, with something of everything; signed in.
    pub async fn jordan(&self) -> Patient<'_> {
        Patient(self.signed_in("Jordan Reyes").await)
    }

    /// Morgan Ellis: nothing sensitive; signed in.
    pub async fn morgan(&self) -> Patient<'_> {
        Patient(self.signed_in("Morgan Ellis").await)
    }

    /// Dr. Okafor: primary care; signed in.
    pub async fn okafor(&self) -> Clinician<'_> {
        Clinician(self.signed_in("Dr. Amara Okafor").await)
    }

    /// Dr. Vasquez: psychiatrist of the Part 2 program; signed in.
    pub async fn vasquez(&self) -> Clinician<'_> {
        Clinician(self.signed_in("Dr. Elena Vasquez").await)
    }

    /// Dr. Lindqvist: podiatrist elsewhere; signed in.
    pub async fn lindqvist(&self) -> Clinician<'_> {
        Clinician(self.signed_in("Dr. Tobias Lindqvist").await)
    }

    /// Renata Solberg: privacy officer of the Part 2 program; signed in.
    pub async fn solberg(&self) -> Browser<'_> {
        self.signed_in("Renata Solberg").await
    }

    /// Ibrahim Castellano: the other one; signed in.
    pub async fn castellano(&self) -> Browser<'_> {
        self.signed_in("Ibrahim Castellano").await
    }

    async fn signed_in(&self, name: &str) -> Browser<'_> {
        let person = self.person(name).clone();
        self.anonymous().sign_in(&person).await
    }

    /// What somebody signs in with.
    pub fn person(&self, name: &str) -> &SignIn {
        self.people
            .iter()
            .find(|person| person.name == name)
            .unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// The code of this moment from somebody's authenticator app.
    pub fn code(&self, person: &SignIn) -> String {
        let seconds = u64::try_from(self.clock.now().timestamp()).expect("after 1970");
        let secret = person.secret().expect("a secret");
        portal::accounts::authenticator(&secret)
            .expect("an authenticator")
            .generate(seconds)
            .to_string()
    }

    /// A code that nobody has used yet: half a minute goes by first.
    pub fn next_code(&self, person: &SignIn) -> String {
        self.clock.advance(chrono::TimeDelta::seconds(30));
        self.code(person)
    }

    /// The store as another process over the same database has it.
    pub async fn other_process(&self) -> store::Store {
        self.place.store(&world(&self.clock, 5)).await
    }

    /// Where its database and its key are.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The command line of this portal, without arguments yet.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_confide"));
        command.env_clear().envs(self.place.variables());
        command
    }

    /// Which of these words stand in the database in clear.
    pub async fn in_database(&self, words: &[&str]) -> Vec<String> {
        let bytes = store::testing::contents(&self.place.url()).await;
        found_in(&bytes, words)
    }

    /// The same of the database and of every file beside it.
    pub async fn in_clear(&self, words: &[&str]) -> Vec<String> {
        let mut bytes = store::testing::contents(&self.place.url()).await;
        for entry in std::fs::read_dir(self.place.folder()).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                bytes.extend(std::fs::read(&path).expect("a file"));
            }
        }
        found_in(&bytes, words)
    }
}

fn found_in(bytes: &[u8], words: &[&str]) -> Vec<String> {
    assert!(bytes.len() > 50_000, "there is something to look at");
    let has = |word: &&str| {
        bytes
            .windows(word.len())
            .any(|some| some == word.as_bytes())
    };
    let found = words.iter().copied().filter(|word| has(word));
    found.map(str::to_owned).collect()
}

/// When the tests' records were imported.
pub fn began() -> Instant {
    chrono::DateTime::from_timestamp(1_795_348_800, 0).expect("a valid instant")
}

/// Clock and randomness of a test. Two worlds over one database need two seeds, or ids come twice.
pub fn world(clock: &Arc<TestClock>, seed: u64) -> World {
    World {
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        entropy: Arc::new(TestEntropy::new(seed)),
        variables: Vec::new(),
    }
}

/// The layers of `confide serve` behind `https`.
pub fn options(requests: Requests) -> http::Options {
    http::Options {
        secure: true,
        origins: vec![ORIGIN.to_owned()],
        cookie: Cookie {
            plain: false,
            idle: Duration::from_mins(15),
        },
        requests,
        trusted_proxies: Vec::new(),
    }
}
