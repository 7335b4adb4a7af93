//! Pages that are open in somebody's browser are told when what they show may no longer be seen (POLICY §6).
//!
//! A page carries a ticket: the places in the ledger at which its content was logged, sealed for its session. The
//! ledger says what was shown, so nothing is remembered here, and any process over the database can answer. [`watch`]
//! decides anew, by `domain::decide` and the state as it is, whenever the epoch of one of these records moves, and when
//! something that can end by itself does. A page is told to close when a part that it shows may no longer be seen, and
//! at no other time: what changes beyond what this viewer may see sends nothing (POLICY §5).

mod places;
mod shown;

pub(crate) use places::Places;

use crate::actor::Actor;
use crate::{Portal, Refusal, session};
use core::time::Duration;
use places::Place;
use shown::Shown;
use std::collections::VecDeque;
use store::changes::AccountKey;
use store::{Change, Logged};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How many pages one stream watches.
pub const PAGES_AT_MOST: usize = 64;
/// How often the epochs are read, whatever was heard: changes by another process, and the end of a session by time.
const LOOK: Duration = Duration::from_secs(2);
/// A session that rises in assurance goes on under another id; for a moment no row has it.
const BETWEEN_IDS: Duration = Duration::from_millis(500);

/// What a browser is told. It names nobody and nothing: pages by their number in what was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    /// Close this page.
    Close(usize),
    /// The session is over: close them all.
    Over,
}

/// The ticket of a page that was made for this actor, of all that was shown with it so far.
///
/// # Errors
/// When it can't be sealed.
pub fn ticket(portal: &Portal, actor: &Actor) -> Result<String, Refusal> {
    let shown = actor.shown();
    Ok(portal.store().seal_page(actor.session, &shown)?)
}

/// A page that is watched.
struct Page {
    shown: Vec<Shown>,
    closed: bool,
}

/// The pages of one session that are open, as one stream.
pub struct Watch {
    portal: Portal,
    actor: Actor,
    account: AccountKey,
    pages: Vec<Page>,
    changes: Receiver<Change>,
    tick: Interval,
    told: VecDeque<Told>,
    /// Whether the session is to be looked at once what is known has been told.
    resumes: bool,
    over: bool,
    _place: Place,
}

/// Watches the pages with these tickets. A ticket that is none of this session's belongs to a page that is to close: it
/// was made for somebody who is no longer signed in here. `None`: this session or this account has as many streams as it
/// may.
///
/// # Errors
/// When the store can't be read.
pub async fn watch(
    portal: &Portal,
    actor: Actor,
    tickets: &[String],
) -> Result<Option<Watch>, Refusal> {
    let Some(place) = portal.places().take(actor.account, actor.session) else {
        return Ok(None);
    };
    let store = portal.store();
    // Before anything is looked at: what changes from here on is heard.
    let changes = store.changes().listen();
    let mut tick = interval(LOOK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first is at once, and there is nothing to look for yet.
    tick.tick().await;
    let mut watch = Watch {
        account: store.sessions().account_key(actor.account),
        portal: portal.clone(),
        actor,
        pages: Vec::new(),
        changes,
        tick,
        told: VecDeque::new(),
        resumes: false,
        over: false,
        _place: place,
    };
    for (number, ticket) in tickets.iter().enumerate() {
        let shown = match store.open_page(watch.actor.session, ticket) {
            Some(logged) if number < PAGES_AT_MOST => watch.read(logged).await?,
            _ => None,
        };
        if shown.is_none() {
            watch.told.push_back(Told::Close(number));
        }
        watch.pages.push(Page {
            closed: shown.is_none(),
            shown: shown.unwrap_or_default(),
        });
    }
    // Something may have changed while the page was on its way.
    watch.decide(|_| true).await;
    Ok(Some(watch))
}

impl Watch {
    /// What was shown on a page; `None`: not by this person in this role.
    async fn read(&self, logged: Vec<Logged>) -> Result<Option<Vec<Shown>>, Refusal> {
        let mut all = Vec::with_capacity(logged.len());
        for logged in logged {
            match Shown::read(&self.portal, &self.actor, logged).await? {
                Some(shown) => all.push(shown),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    /// What is to be told next; `None`: nothing more.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(told) = self.told.pop_front() {
                return Some(told);
            }
            if self.over {
                return None;
            }
            if core::mem::take(&mut self.resumes) {
                self.resume().await;
                continue;
            }
            tokio::select! {
                heard = self.changes.recv() => match heard {
                    Ok(Change::Patient(patient)) => {
                        self.decide(|shown| shown.patient == patient).await;
                        // That they act for this patient may have ended, and with it all they have open.
                        self.resumes |= self.actor.on_behalf_of() == Some(patient);
                    }
                    Ok(Change::Sessions(account)) if account == self.account => self.resume().await,
                    Ok(Change::Sessions(_)) => {}
                    Ok(Change::Everyone) | Err(RecvError::Lagged(_)) => {
                        self.resume().await;
                        self.decide(|_| true).await;
                    }
                    Ok(Change::Stopping) | Err(RecvError::Closed) => self.over = true,
                },
                _ = self.tick.tick() => self.look().await,
            }
        }
    }

    /// Looks whether something changed that was not heard of, or ended by itself.
    async fn look(&mut self) {
        self.resume().await;
        let patients: Vec<_> = self
            .pages
            .iter()
            .filter(|page| !page.closed)
            .flat_map(|page| page.shown.iter().map(|shown| shown.patient))
            .collect();
        if patients.is_empty() || self.over {
            return;
        }
        let now = self.portal.now();
        match self.portal.store().epochs(&patients).await {
            Ok(epochs) => {
                let moved = |shown: &Shown| {
                    epochs.get(&shown.patient) != Some(&shown.epoch)
                        || shown.due.is_some_and(|due| due <= now)
                };
                self.decide(moved).await;
            }
            Err(error) => {
                tracing::error!(%error, "open pages can't be looked after");
                self.decide(|_| true).await;
            }
        }
    }

    /// Takes the session as it is now: its role, for whom it acts. When it is over, all pages are.
    async fn resume(&mut self) {
        let mut again = session::again(&self.portal, &self.actor).await;
        if matches!(again, Ok(None)) {
            tokio::time::sleep(BETWEEN_IDS).await;
            again = session::again(&self.portal, &self.actor).await;
        }
        match again {
            Ok(Some(actor)) => {
                let moved = actor.acts_as() != self.actor.acts_as();
                self.actor = actor;
                if moved {
                    self.close(|_| true);
                }
            }
            Ok(None) => self.end(),
            Err(refusal) => {
                tracing::error!(%refusal, "a session can't be looked after");
                self.end();
            }
        }
    }

    fn end(&mut self) {
        if !self.over {
            self.over = true;
            self.told.push_back(Told::Over);
        }
    }

    fn close(&mut self, which: impl Fn(&Page) -> bool) {
        for (number, page) in self.pages.iter_mut().enumerate() {
            if !page.closed && which(page) {
                page.closed = true;
                self.told.push_back(Told::Close(number));
            }
        }
    }

    /// Decides anew on what matches. What can't be decided is not to be seen (POLICY §4).
    async fn decide(&mut self, which: impl Fn(&Shown) -> bool) {
        for (number, page) in self.pages.iter_mut().enumerate() {
            if page.closed {
                continue;
            }
            for shown in page.shown.iter_mut().filter(|shown| which(shown)) {
                let stands = match shown.stands(&self.portal, &self.actor).await {
                    Ok(stands) => stands,
                    Err(Refusal::SignInFirst) => false,
                    Err(refusal) => {
                        tracing::error!(%refusal, "an open page can't be decided anew");
                        false
                    }
                };
                if !stands {
                    page.closed = true;
                    self.told.push_back(Told::Close(number));
                    break;
                }
            }
        }
    }
}

impl core::fmt::Debug for Watch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Watch([redacted])")
    }
}
