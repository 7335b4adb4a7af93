//! One person with a browser, who goes on until nothing answers any more.

use super::told::{Counts, Told};
use crate::{
    browser::{Browser, Site},
    chance::Chance,
    fault::Fault,
    journey::{self, Share},
    page::{Item, Page},
    person::Person,
};
use std::sync::atomic::{AtomicBool, Ordering};

/// What somebody does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Habit {
    /// Shares and takes it back.
    Shares,
    /// Reads the own record, reveals, takes copies.
    ReadsOwn,
    /// Opens charts of these patients.
    ReadsCharts,
}

/// A person at work.
pub struct Client {
    /// Who.
    pub person: Person,
    /// What they do.
    pub habit: Habit,
    /// Their browser.
    pub browser: Browser,
    /// Whose charts they open.
    pub patients: Vec<String>,
    /// The chain of the own record.
    pub own_chain: String,
    /// Consents that were signed and not revoked, as far as this client knows.
    pub open: Vec<String>,
    /// Everything this client was told.
    pub told: Vec<Told>,
    /// How often.
    pub counts: Counts,
    /// Answers that were odd: not refused, and not as they should be.
    pub odd: Vec<String>,
    /// Whether an answer said "signed in", and nothing since took that back.
    signed_in: bool,
    /// Whether the last request was cut off: whatever it was to change may have changed or not, the session too.
    unsure: bool,
    chance: Chance,
}

impl Client {
    /// Somebody who isn't signed in yet.
    pub fn new(person: Person, habit: Habit, site: &Site, chance: Chance) -> Self {
        Self {
            person,
            habit,
            browser: Browser::new(site),
            patients: Vec::new(),
            own_chain: String::new(),
            open: Vec::new(),
            told: Vec::new(),
            counts: Counts::default(),
            odd: Vec::new(),
            signed_in: false,
            unsure: false,
            chance,
        }
    }

    /// Goes on until the server is gone or `stop` is set.
    pub fn work(&mut self, stop: &AtomicBool) {
        self.browser.reconnect();
        let mut failed = 0_u32;
        while !stop.load(Ordering::Relaxed) && failed < 200 {
            let done = self.step();
            match done {
                Ok(()) => failed = 0,
                Err(Fault::Gone(_)) => {
                    self.counts.cut = self.counts.cut.saturating_add(1);
                    self.unsure = true;
                    return;
                }
                Err(Fault::SignedOut) => {
                    if self.signed_in && !self.unsure {
                        self.odd.push(format!(
                            "{}: was told to be signed in, and is not",
                            self.person.name
                        ));
                    }
                    self.signed_in = false;
                }
                Err(Fault::Odd(what)) => {
                    failed = failed.saturating_add(1);
                    self.unsure = true;
                    self.counts.refused = self.counts.refused.saturating_add(1);
                    if !is_refusal(&what) {
                        let trail = self.browser.trail();
                        self.odd.push(format!(
                            "{}: {what}; before that\n  {trail}",
                            self.person.name
                        ));
                    }
                }
                Err(Fault::Machine(what)) => {
                    self.odd.push(what);
                    return;
                }
            }
        }
    }

    /// Signs in where that is needed.
    pub fn be_signed_in(&mut self) -> Result<(), Fault> {
        if self.signed_in {
            return Ok(());
        }
        let page = journey::sign_in(&mut self.browser, &self.person)?;
        self.told.push(Told::SignedIn {
            request: page.request,
        });
        self.counts.signed_in = self.counts.signed_in.saturating_add(1);
        self.signed_in = true;
        self.unsure = false;
        Ok(())
    }

    /// The sharing page after a start. Who was told to be signed in still is, unless the last answer was cut off.
    pub fn after_restart(&mut self, faults: &mut Vec<String>) -> Result<Page, Fault> {
        let promised = self.signed_in && !self.unsure;
        self.be_signed_in()?;
        let mut page = self.browser.get("/sharing");
        if matches!(page, Err(Fault::SignedOut)) {
            if promised {
                faults.push(format!(
                    "{}: was told to be signed in, and is not after the start",
                    self.person.name
                ));
            }
            self.signed_in = false;
            self.be_signed_in()?;
            page = self.browser.get("/sharing");
        }
        self.unsure = false;
        page?.expect(200)
    }

    /// Reads every page of the own record, or of every chart.
    pub fn read_everything(&mut self, faults: &mut Vec<String>) -> Result<(), Fault> {
        match self.browser.get("/home") {
            Err(Fault::SignedOut) => {
                self.signed_in = false;
                self.be_signed_in()?;
            }
            other => {
                other?;
            }
        }
        let starts = if self.habit == Habit::ReadsCharts {
            let all = self.patients.iter();
            all.map(|patient| format!("/patients/{patient}")).collect()
        } else {
            vec!["/records".to_owned()]
        };
        for start in starts {
            if let Some(patient) = start.strip_prefix("/patients/") {
                journey::open_chart(&mut self.browser, patient)?;
            }
            let mut next = Some(start);
            while let Some(path) = next {
                let page = self.browser.get(&path)?;
                if page.status >= 500 {
                    faults.push(format!(
                        "{path} answered {} after the rotation",
                        page.status
                    ));
                }
                next = page.next();
                let items = page.items();
                self.shown(page, items);
            }
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), Fault> {
        self.be_signed_in()?;
        match self.habit {
            Habit::Shares => self.share_or_revoke(),
            Habit::ReadsOwn => self.read_own(),
            Habit::ReadsCharts => self.read_a_chart(),
        }?;
        // It was answered with this session.
        self.unsure = false;
        Ok(())
    }

    fn share_or_revoke(&mut self) -> Result<(), Fault> {
        let revokes = self.open.len() > 3 || (!self.open.is_empty() && self.chance.once_in(2));
        if revokes {
            let chosen = self.chance.one_of(&self.open).cloned().unwrap_or_default();
            // Whatever comes of it: it may be revoked.
            self.open.retain(|open| *open != chosen);
            let page = journey::revoke(&mut self.browser, &self.person, &chosen)?;
            self.told.push(Told::Revoked {
                request: page.request,
                consent: chosen,
            });
            self.counts.revoked = self.counts.revoked.saturating_add(1);
            return Ok(());
        }
        let to = *self
            .chance
            .one_of(&["Lindqvist", "Okafor", "Vasquez"])
            .unwrap_or(&"Okafor");
        let share = Share {
            to,
            segments: &["general", "substance-use", "hiv"],
            part2: self.chance.once_in(2),
        };
        let (consent, page) = journey::share(&mut self.browser, &self.person, &share)?;
        self.open.push(consent.clone());
        self.told.push(Told::Signed {
            request: page.request,
            consent,
        });
        self.counts.signed = self.counts.signed.saturating_add(1);
        Ok(())
    }

    fn read_own(&mut self) -> Result<(), Fault> {
        if self.chance.once_in(8) {
            let page = journey::export(&mut self.browser, &self.person)?;
            self.told.push(Told::Copied {
                request: page.request,
            });
            self.counts.copied = self.counts.copied.saturating_add(1);
            return Ok(());
        }
        let page = self.browser.get("/records")?.expect(200)?;
        let items = page.items();
        self.shown(page, items.clone());
        let masked: Vec<Item> = items.into_iter().filter(|item| item.masked).collect();
        if let Some(item) = self.chance.one_of(&masked) {
            let page = journey::reveal(&mut self.browser, &item.id)?;
            // A separated counseling note wants a fresh factor first.
            if page.location.is_some() {
                return Ok(());
            }
            let page = page.expect(200)?;
            let item = Item {
                id: item.id.clone(),
                masked: false,
            };
            self.shown(page, vec![item]);
            self.counts.revealed = self.counts.revealed.saturating_add(1);
        }
        Ok(())
    }

    fn read_a_chart(&mut self) -> Result<(), Fault> {
        let patient = self
            .chance
            .one_of(&self.patients)
            .cloned()
            .unwrap_or_default();
        let page = journey::open_chart(&mut self.browser, &patient)?;
        if page.status >= 500 {
            return Err(page.odd("refused"));
        }
        let items = page.items();
        self.shown(page, items.clone());
        if let Some(item) = self.chance.one_of(&items)
            && self.chance.clone().once_in(2)
        {
            let path = format!("/patients/{patient}/records/{}", item.id);
            let page = self.browser.get(&path)?;
            // What it rested on may have been taken back meanwhile.
            if page.status == 200 {
                self.shown(page, vec![item.clone()]);
            } else if page.status >= 500 {
                return Err(page.odd("refused"));
            }
        }
        Ok(())
    }

    fn shown(&mut self, page: Page, items: Vec<Item>) {
        if page.status == 200 && !items.is_empty() {
            self.counts.shown = self.counts.shown.saturating_add(1);
            self.told.push(Told::Shown {
                request: page.request,
                items,
            });
        }
    }
}

/// Whether the server said that it can't, now: the database is away or busy, a key was changed under the request, or the
/// same passkey answered in another browser at the same moment (one of the two counts).
fn is_refusal(what: &str) -> bool {
    [
        "answered 500",
        "answered 502",
        "answered 503",
        "answered 504",
        "answered 408",
        "/passkey/finish answered 422",
    ]
    .iter()
    .any(|known| what.contains(known))
}
