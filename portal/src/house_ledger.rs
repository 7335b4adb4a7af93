//! The house's chain of the ledger, for those who look after the portal: sign-ins, staff, organizations, imports (45 CFR
//! 164.308(a)(1)(ii)(D), LAW F3). What concerns a patient's record stands on the patient's own chain and is not read
//! here; who has an account as a patient is told as "a patient's account", never by name.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`lines`](What) | what an entry says, and who it was |
//! | [`copy`](take) | a copy to take away, as lines of JSON |

mod copy;
mod lines;

pub use copy::take;
pub use lines::{Line, Topic, What, Who};

use crate::actor::Actor;
use crate::{Portal, Refusal, days, session, step_up};
use chrono::{NaiveDate, TimeDelta};
use core::time::Duration;
use domain::clock::Instant;
use domain::duty::Duty;
use lines::Names;
use serde::{Deserialize, Serialize};
use store::{Chain, Entry, Event, FaultKind, HistoryQuery};
use tower_sessions::Session;

/// How many entries stand on a page.
const PAGE: usize = 50;
/// How many entries are read at once, and how often for one page: a page must end, however long the chain is and however
/// little of it is wanted. The next page goes on where it stopped.
const READ: (u64, usize) = (500, 40);
/// How often a session's looks are written down.
const TOLD_EVERY: TimeDelta = TimeDelta::minutes(15);
/// How long a check may take: a longer one is for the command line.
const CHECK_WITHIN: Duration = Duration::from_secs(20);

const LOOKED: &str = "house-ledger-looked";
const CHECKED: &str = "house-ledger-checked";

/// What the list is narrowed to. None of it is about anybody's health, so it may stand in an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Filter {
    /// Only entries about this.
    pub topic: Option<Topic>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Until this day.
    pub until: Option<NaiveDate>,
}

impl Filter {
    /// The address of the list, narrowed to this.
    pub fn path(&self) -> String {
        self.page(None)
    }

    /// The address of the page before this place.
    pub fn page(&self, before: Option<u64>) -> String {
        let said = [
            ("topic", self.topic.map(|topic| topic.name().to_owned())),
            ("from", self.from.map(|day| day.to_string())),
            ("until", self.until.map(|day| day.to_string())),
            ("before", before.map(|place| place.to_string())),
        ];
        let said: Vec<String> = said
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
            .collect();
        if said.is_empty() {
            "/office/audit".to_owned()
        } else {
            format!("/office/audit?{}", said.join("&"))
        }
    }

    fn query(&self, portal: &Portal, before: Option<u64>) -> HistoryQuery {
        let zone = portal.options().time_zone;
        HistoryQuery {
            // No chain is that long: what can't be a place reads as no limit.
            before: before.filter(|place| i64::try_from(*place).is_ok()),
            limit: READ.0,
            from: self.from.map(|day| days::start_of(day, zone)),
            until: self.until.map(|day| days::end_of(day, zone)),
        }
    }

    fn wants(&self, entry: &Entry) -> bool {
        self.topic
            .is_none_or(|topic| topic == Topic::of(&entry.body.event))
    }
}

/// A page of the list.
#[derive(Debug)]
pub struct Page {
    /// The lines, newest first.
    pub lines: Vec<Line>,
    /// Where the next page begins; `None`: this is the last.
    pub older: Option<u64>,
    /// When the page was true.
    pub as_of: Instant,
}

/// Writes down that somebody looks, once in a while for each session, so that looking doesn't drown what is looked at.
async fn note(portal: &Portal, session: &Session, actor: &Actor) -> Result<(), Refusal> {
    let now = portal.now();
    let last: Option<Instant> = session.get(LOOKED).await?;
    if last.is_some_and(|last| last <= now && now - last < TOLD_EVERY) {
        return Ok(());
    }
    let stamp = actor.stamp();
    let store = portal.store();
    store
        .append(&stamp, Chain::House, Event::HouseLedgerRead)
        .await?;
    Ok(session.insert(LOOKED, now).await?)
}

/// A page of the chain, newest first, from before that place; written down before it is read.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not read it.
pub async fn page(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    filter: &Filter,
    before: Option<u64>,
) -> Result<Page, Refusal> {
    actor.must(Duty::ReadHouseLedger)?;
    note(portal, session, actor).await?;
    let (found, older) = read(portal, filter, before, PAGE).await?;
    let mut names = Names::new(portal).await?;
    let mut lines = Vec::with_capacity(found.len());
    for entry in found {
        lines.push(names.line(entry).await?);
    }
    Ok(Page {
        lines,
        older,
        as_of: portal.now(),
    })
}

/// The entries that are wanted, at most so many, and where to go on.
async fn read(
    portal: &Portal,
    filter: &Filter,
    before: Option<u64>,
    most: usize,
) -> Result<(Vec<Entry>, Option<u64>), Refusal> {
    let (at_once, reads) = READ;
    let mut query = filter.query(portal, before);
    let mut found: Vec<Entry> = Vec::new();
    for _ in 0..reads {
        let entries = portal.store().entries(Chain::House, query).await?;
        let last = u64::try_from(entries.len()).unwrap_or(u64::MAX) < at_once;
        for entry in entries {
            let seq = entry.seq;
            if filter.wants(&entry) {
                if found.len() == most {
                    let older = query.before;
                    return Ok((found, older));
                }
                found.push(entry);
            }
            query.before = Some(seq);
        }
        if last {
            return Ok((found, None));
        }
    }
    Ok((found, query.before))
}

/// What a check of the chain found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Checked {
    /// Nothing is wrong.
    Sound {
        /// How many entries were looked at.
        entries: u64,
    },
    /// Something is wrong; the first that was found.
    Fault {
        /// At which place.
        place: u64,
        /// What, in the words of `confide audit verify`.
        what: Fault,
    },
    /// It took too long: the command line has no limit.
    TooLong,
}

/// What is wrong with an entry, as far as the office needs to tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Fault {
    /// An entry is missing, or the end of the chain.
    Missing,
    /// An entry is not what was written.
    Changed,
    /// The order of instants or of changes doesn't hold.
    Order,
}

const fn fault(kind: FaultKind) -> Fault {
    match kind {
        FaultKind::Gap
        | FaultKind::Head
        | FaultKind::Chain
        | FaultKind::Missing
        | FaultKind::LogGap
        | FaultKind::LogChain
        | FaultKind::NoCheckpoint
        | FaultKind::Short => Fault::Missing,
        FaultKind::Link
        | FaultKind::Hash
        | FaultKind::Body
        | FaultKind::Facts
        | FaultKind::ConsentText
        | FaultKind::Replaced
        | FaultKind::Tile
        | FaultKind::Root
        | FaultKind::Signature
        | FaultKind::Unsigned
        | FaultKind::Rewritten => Fault::Changed,
        FaultKind::Instant
        | FaultKind::Epoch
        | FaultKind::Consent
        | FaultKind::Ground
        | FaultKind::NoGround
        | FaultKind::Undecided
        | FaultKind::OtherGrounds => Fault::Order,
    }
}

/// Checks the chain from its beginning, within a bound of time; what was found is kept to be said once.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not read it.
pub async fn check(portal: &Portal, session: &Session, actor: &Actor) -> Result<(), Refusal> {
    actor.must(Duty::ReadHouseLedger)?;
    let store = portal.store();
    let checking = store.verify_chain(Chain::House);
    let checked = match tokio::time::timeout(CHECK_WITHIN, checking).await {
        Err(_) => Checked::TooLong,
        Ok(report) => {
            let report = report?;
            match report.faults.first() {
                None => Checked::Sound {
                    entries: report.entries,
                },
                Some(first) => Checked::Fault {
                    place: first.seq,
                    what: fault(first.what),
                },
            }
        }
    };
    let event = Event::HouseLedgerChecked {
        sound: match checked {
            Checked::Sound { .. } => Some(true),
            Checked::Fault { .. } => Some(false),
            Checked::TooLong => None,
        },
    };
    store.append(&actor.stamp(), Chain::House, event).await?;
    Ok(session.insert(CHECKED, checked).await?)
}

/// Takes what the last check found: it is said once.
pub async fn take_checked(session: &Session) -> Result<Option<Checked>, Refusal> {
    session::take(session, CHECKED).await
}

/// What a copy that was confirmed with a fresh factor, and not taken yet, is narrowed to.
pub async fn ready(portal: &Portal, session: &Session) -> Result<Option<Filter>, Refusal> {
    Ok(match step_up::confirmed(portal, session).await? {
        Some(step_up::Action::TakeHouseLedger(filter)) => Some(filter),
        _ => None,
    })
}
