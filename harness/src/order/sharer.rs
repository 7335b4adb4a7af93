//! The patient: shares, waits, revokes, at one server or another.

use super::Trouble;
use crate::{
    browser::{Browser, Site},
    chance::Chance,
    fault::Fault,
    journey::{self, Share},
    person::Person,
    process::{self, Running},
};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

/// How long a server stands still at most: what it holds in the database may keep the revocation waiting.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// What is shared.
const SHARE: Share<'static> = Share {
    to: "Lindqvist",
    segments: &["general", "substance-use", "hiv"],
    part2: true,
};

/// A consent, from the answer that it is signed to the answer that it is revoked.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Which.
    pub consent: String,
    /// Before the first answer of the sharing was sent.
    pub begun: Instant,
    /// When the answer came that it is revoked.
    pub revoked: Instant,
    /// Whether a server stood still all the time until then.
    pub paused: bool,
}

/// The patient.
pub struct Sharer {
    person: Person,
    trouble: Trouble,
    chance: Chance,
}

impl Sharer {
    /// Somebody who shares.
    pub const fn new(person: Person, trouble: Trouble, chance: Chance) -> Self {
        Self {
            person,
            trouble,
            chance,
        }
    }

    fn signed_in_at(&self, site: &Site) -> Result<Browser, Fault> {
        let mut browser = Browser::new(site);
        journey::sign_in(&mut browser, &self.person)?;
        Ok(browser)
    }

    /// Signs at this server.
    pub fn share_at(&self, site: &Site) -> Result<String, Fault> {
        let mut browser = self.signed_in_at(site)?;
        journey::share(&mut browser, &self.person, &SHARE).map(|(consent, _)| consent)
    }

    /// Revokes at this server.
    pub fn revoke_at(&self, site: &Site, consent: &str) -> Result<(), Fault> {
        let mut browser = self.signed_in_at(site)?;
        journey::revoke(&mut browser, &self.person, consent).map(|_| ())
    }

    /// Shares and revokes until it is enough.
    pub fn take_turns(
        &mut self,
        servers: &[(Site, Running)],
        enough: &dyn Fn(usize) -> bool,
    ) -> Result<Vec<Turn>, Fault> {
        let mut turns = Vec::new();
        while !enough(turns.len()) {
            turns.push(self.turn(servers)?);
            // A time in which nothing is shared.
            thread::sleep(self.chance.between(10, 150));
        }
        Ok(turns)
    }

    fn turn(&mut self, servers: &[(Site, Running)]) -> Result<Turn, Fault> {
        let none = || Fault::Machine("no server".to_owned());
        let (signs, _) = self.chance.one_of(servers).ok_or_else(none)?;
        let (revokes, _) = self.chance.one_of(servers).ok_or_else(none)?;
        let begun = process::now();
        let consent = self.share_at(signs)?;
        let mut browser = self.signed_in_at(revokes)?;
        thread::sleep(self.chance.between(10, 600));
        let form = journey::revoke_up_to_the_press(&mut browser, &self.person, &consent)?;
        let others: Vec<&Running> = servers
            .iter()
            .filter(|(site, _)| site != revokes)
            .map(|(_, server)| server)
            .collect();
        let stands = match self.trouble {
            Trouble::Paused => self.chance.one_of(&others).copied(),
            _ => None,
        };
        let mut press = || journey::revoke_now(&mut browser, &consent, &form);
        let (revoked, paused) = match stands {
            None => {
                press()?;
                (process::now(), false)
            }
            Some(server) => while_paused(server, self.chance.between(50, 600), &mut press)?,
        };
        Ok(Turn {
            consent,
            begun,
            revoked,
            paused,
        })
    }
}

/// Presses while a server stands still, and lets it stand a while longer: when the answer came, and whether the server
/// stood still until then.
fn while_paused(
    server: &Running,
    longer: Duration,
    press: &mut dyn FnMut() -> Result<crate::page::Page, Fault>,
) -> Result<(Instant, bool), Fault> {
    server.pause()?;
    let answered = AtomicBool::new(false);
    thread::scope(|scope| {
        let waking = scope.spawn(|| {
            let began = process::now();
            while !answered.load(Ordering::Relaxed) && began.elapsed() < LONGEST_PAUSE {
                thread::sleep(Duration::from_millis(2));
            }
            let still = answered.load(Ordering::Relaxed);
            if still {
                thread::sleep(longer);
            }
            server.go_on().map(|()| still)
        });
        let pressed = press();
        let at = process::now();
        answered.store(true, Ordering::Relaxed);
        let still = waking
            .join()
            .unwrap_or_else(|_| Err(Fault::Machine("a thread fell".to_owned())))?;
        pressed.map(|_| (at, still))
    })
}
