//! Somebody who opens one item again and again.

use crate::{
    browser::{Browser, Site},
    fault::Fault,
    journey,
    person::Person,
    process,
};
use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Instant,
};

/// A read that showed the item.
#[derive(Clone, Debug)]
pub struct Read {
    /// The request's id.
    pub request: String,
    /// Before the request was sent.
    pub began: Instant,
    /// When the whole answer was there.
    pub ended: Instant,
}

/// A reader at one server.
pub struct Reader {
    browser: Browser,
    path: String,
    /// What showed the item.
    pub shown: Vec<Read>,
    /// Answers that showed nothing.
    pub refused: u64,
    /// Answers that were neither.
    pub odd: Vec<String>,
}

impl Reader {
    /// Signs in, and says what the chart is opened for.
    pub fn begin(person: &Person, site: &Site, patient: &str, path: &str) -> Result<Self, Fault> {
        let mut browser = Browser::new(site);
        journey::sign_in(&mut browser, person)?;
        journey::open_chart(&mut browser, patient)?;
        Ok(Self {
            browser,
            path: path.to_owned(),
            shown: Vec::new(),
            refused: 0,
            odd: Vec::new(),
        })
    }

    /// Reads until it is told to stop, and counts for all.
    pub fn read_until(&mut self, done: &AtomicU64, stop: &AtomicBool) {
        while !stop.load(Ordering::Relaxed) {
            let began = process::now();
            let page = self.browser.look(&self.path);
            let ended = process::now();
            done.fetch_add(1, Ordering::Relaxed);
            match page {
                Ok(page) if page.status == 200 => self.shown.push(Read {
                    request: page.request,
                    began,
                    ended,
                }),
                Ok(page) if page.status == 404 || page.status == 403 => {
                    self.refused = self.refused.saturating_add(1);
                }
                Ok(page) => {
                    self.odd
                        .push(page.odd("neither shown nor refused").to_string());
                    return;
                }
                Err(fault) => {
                    self.odd.push(fault.to_string());
                    return;
                }
            }
        }
    }
}
