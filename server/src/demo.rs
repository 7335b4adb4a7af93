//! The demo: made-up people and records, on this machine only.
//!
//! Its conveniences (passwords and codes that are shown) hang on [`aids::Aids`], which only this module hands to
//! the pages, by `app::State::demo`. `confide serve` makes its state by `app::State::serve`, which takes none.

pub mod aids;
pub mod directory;
pub mod family;
pub mod invitation;
pub mod people;
pub mod records;
pub mod sheet;

use crate::{
    World,
    checkpoints::Publisher,
    cli,
    config::{Audit, Config, LogFormat, Mail, MailWay, Requests, Variables},
    failure::{Exit, Failure},
    http::{self, session::Cookie},
    jobs, logging,
    mail::Post,
    memory, output, serving, wiring,
};
use axum::Router;
use directory::Directory;
use people::SignIn;
use portal::Portal;
use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

/// A demo that is set up: records imported, accounts made.
pub struct Demo {
    /// The portal.
    pub portal: Portal,
    /// Who can sign in.
    pub people: Vec<SignIn>,
    /// Who can join.
    invitation: Option<app::DemoInvitation>,
    /// Held as long as the demo runs.
    directory: Directory,
}

/// Serves the demo until asked to stop.
pub async fn run(arguments: cli::Demo, world: &World) -> Result<Exit, Failure> {
    let path = match arguments.data {
        Some(path) => path,
        None => directory::default(&world.variables)?,
    };
    refuse_other_machines(arguments.addr)?;
    logging::start(
        LogFormat::Text,
        "warn,sqlx=error,tower_sessions_core=error,confide=warn",
    );
    memory::keep_private();
    serving::allow_many_connections();
    let listener = serving::bind(arguments.addr)?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::environment(error.to_string()))?;
    if arguments.fresh {
        directory::remove(&path)?;
    }
    let mut demo = Demo::open(&path, world, &url(address)).await?;
    demo.invite().await?;
    if let Some(file) = &arguments.sheet {
        sheet::write(file, &demo.people)?;
    }
    let router = demo.router(address, world);
    jobs::start(demo.portal.clone(), Some(demo.post()?));
    Publisher::new(demo.portal.store().clone(), Audit::default()).start();
    let invitation = demo.invitation.as_ref();
    for line in sheet::text(&demo.people, invitation, address, demo.directory.path()) {
        output::line(&line);
    }
    serving::serve(router, listener, None, wiring::until_stopped(&demo.portal)).await?;
    Ok(Exit::Done)
}

impl Demo {
    /// Sets the demo up in this directory, or takes up the one that is there. Passkeys are made for `origin`, such as
    /// `http://localhost:3000`.
    ///
    /// # Errors
    /// When the directory is not the demo's, or the database can't be used.
    pub async fn open(path: &Path, world: &World, origin: &str) -> Result<Self, Failure> {
        // Variables don't count: made-up people must not come into a database that they name.
        Self::open_with(path, &Vec::new(), world, origin).await
    }

    /// The same with what these variables configure, such as another database than the directory's.
    ///
    /// # Errors
    /// As [`Demo::open`].
    pub async fn open_with(
        path: &Path,
        variables: &Variables,
        world: &World,
        origin: &str,
    ) -> Result<Self, Failure> {
        let directory = Directory::take(path)?;
        let config = Config::of_directory(directory.path(), variables)?;
        let store = wiring::open_store(&config.storage, world).await?;
        let portal = Portal::new(
            store,
            portal::Options {
                time_zone: chrono_tz::America::Chicago,
                part2_organizations: records::part2_organizations(),
                origin: Some(origin.to_owned()),
                ..portal::Options::default()
            },
        );
        let people = people::prepare(&portal, &directory, world).await?;
        Ok(Self {
            portal,
            people,
            invitation: None,
            directory,
        })
    }

    /// Invites somebody to join, and shows the code on the page where it is typed; and lets those act for others who do.
    ///
    /// # Errors
    /// When the database can't be written.
    pub async fn invite(&mut self) -> Result<(), Failure> {
        self.invitation = invitation::prepare(&self.portal).await?;
        family::prepare(&self.portal).await
    }

    /// Letters go into a directory beside the demo's database.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn post(&self) -> Result<Post, Failure> {
        let mail = Mail {
            from: "no-reply@demo.example".to_owned(),
            sender_name: "Your account".to_owned(),
            way: MailWay::Directory(self.directory.letters()),
        };
        Post::new(self.portal.clone(), &mail)
    }

    /// The pages, with the sign-in sheet shown on them, for people who come to this address.
    pub fn router(&self, address: SocketAddr, world: &World) -> Router {
        let aids = aids::Aids::new(
            &self.people,
            self.invitation.clone(),
            Arc::clone(&world.clock),
        );
        let state = app::State::demo(self.portal.clone(), Arc::new(aids));
        wiring::stack(state, &self.portal, world, &options(address))
    }
}

/// Made-up people, known passwords: nobody else's machine may reach it.
fn refuse_other_machines(address: SocketAddr) -> Result<(), Failure> {
    if address.ip().to_canonical().is_loopback() {
        Ok(())
    } else {
        Err(Failure::bad_input(format!(
            "--addr {address}: the demo is for this machine only (127.0.0.1 or [::1]); its passwords are no secret"
        )))
    }
}

fn options(address: SocketAddr) -> http::Options {
    http::Options {
        secure: false,
        origins: origins(address),
        cookie: Cookie {
            plain: true,
            idle: Duration::from_mins(15),
        },
        // Whoever measures the demo comes from one address.
        requests: Requests {
            timeout: Duration::from_secs(30),
            burst: 100_000,
            per_second: 50_000,
        },
        trusted_proxies: Vec::new(),
    }
}

/// Every way in which a browser on this machine may write the address.
fn origins(address: SocketAddr) -> Vec<String> {
    let port = match address.port() {
        80 => String::new(),
        port => format!(":{port}"),
    };
    let own = match address.ip() {
        std::net::IpAddr::V4(ip) => format!("http://{ip}{port}"),
        std::net::IpAddr::V6(ip) => format!("http://[{ip}]{port}"),
    };
    let mut origins = vec![format!("http://localhost{port}"), own];
    origins.dedup();
    origins
}

/// The address to type.
pub(crate) fn url(address: SocketAddr) -> String {
    origins(address).into_iter().next().unwrap_or_default()
}
