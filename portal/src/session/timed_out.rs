//! A session that ended by itself, and what its owner had in hand (LAW F4): the page they were on, and a form that came
//! too late. Both wait for half an hour, sealed, in a session without anybody signed in, and come back only when the
//! same account signs in there. Never a secret: what is kept is for the caller to choose, and passwords and codes are
//! not among it.

use super::{ACCOUNT, SEEN, SINCE};
use crate::{Portal, Refusal};
use chrono::TimeDelta;
use core::fmt;
use domain::clock::Instant;
use domain::id::AccountId;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

/// The member of a session's data under which it waits. The server keeps a session that has it for [`KEPT_FOR`].
pub const TIMED_OUT: &str = "timed-out";
const BACK: &str = "back";
/// How long what was in hand waits for its owner.
pub const KEPT_FOR: TimeDelta = TimeDelta::minutes(30);
/// The largest form that is kept, in bytes of names and values.
const LARGEST: usize = 64 * 1024;

/// A form that came too late.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateForm {
    /// Where it was sent to.
    pub action: String,
    /// What was typed, without secrets.
    pub fields: Vec<(String, String)>,
}

impl fmt::Debug for LateForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LateForm([redacted])")
    }
}

/// What somebody had in hand when the session ended.
#[derive(Clone, Serialize, Deserialize)]
pub struct InHand {
    account: AccountId,
    at: Instant,
    page: Option<String>,
    form: Option<LateForm>,
}

impl fmt::Debug for InHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InHand([redacted])")
    }
}

impl InHand {
    fn stands(&self, portal: &Portal) -> bool {
        let now = portal.now();
        self.at <= now && now - self.at < KEPT_FOR
    }
}

/// Reads the session and ends it when its time is over (LAW F1). One that ended by itself lately is marked as such.
/// Whatever looks at a session looks here first.
pub(super) async fn read(portal: &Portal, session: &Session) -> Result<(), Refusal> {
    let came_with = session.id();
    if let Some(account) = session.get::<AccountId>(ACCOUNT).await? {
        if !is_over(portal, session).await? {
            return Ok(());
        }
        session.flush().await?;
        return mark(portal, session, account).await;
    }
    // The store gives nothing of a session that is over; it may have the row still.
    let (Some(id), None) = (came_with, session.id()) else {
        return Ok(());
    };
    let after = portal.now() - KEPT_FOR;
    let Some(data) = portal.store().sessions().lapsed(&id, after).await? else {
        return Ok(());
    };
    let account = data
        .get(ACCOUNT)
        .and_then(|account| AccountId::deserialize(account).ok());
    match account {
        Some(account) if data.contains_key(SEEN) => mark(portal, session, account).await,
        _ => Ok(()),
    }
}

/// Whether a session's time is over, or it doesn't say when it began.
async fn is_over(portal: &Portal, session: &Session) -> Result<bool, Refusal> {
    let since = session.get::<Instant>(SINCE).await?;
    let seen = session.get::<Instant>(SEEN).await?;
    let (now, options) = (portal.now(), portal.options());
    Ok(since.zip(seen).is_none_or(|(since, seen)| {
        now < since || now - since >= options.total || now - seen >= options.idle
    }))
}

/// Marks a session without anybody signed in: this account's session ended here.
async fn mark(portal: &Portal, session: &Session, account: AccountId) -> Result<(), Refusal> {
    let in_hand = InHand {
        account,
        at: portal.now(),
        page: None,
        form: None,
    };
    Ok(session.insert(TIMED_OUT, in_hand).await?)
}

/// Whether a session ended here by itself, lately, and nobody signed in since.
pub async fn is_timed_out(portal: &Portal, session: &Session) -> Result<bool, Refusal> {
    read(portal, session).await?;
    Ok(lift(portal, session).await?.is_some())
}

/// Keeps the page somebody was on, and the form they sent, if there was one. A form stays when later only a page is
/// asked for. Does nothing where no session timed out.
pub async fn keep(
    portal: &Portal,
    session: &Session,
    page: &str,
    form: Option<LateForm>,
) -> Result<(), Refusal> {
    read(portal, session).await?;
    let Some(mut in_hand) = lift(portal, session).await? else {
        return Ok(());
    };
    let form = form.filter(|form| {
        let size = |(name, value): &(String, String)| name.len() + value.len();
        form.fields.iter().map(size).sum::<usize>() <= LARGEST
    });
    if form.is_none() && in_hand.form.is_some() {
        return Ok(());
    }
    in_hand.page = Some(page.to_owned());
    in_hand.form = form;
    Ok(session.insert(TIMED_OUT, in_hand).await?)
}

/// What waits in this session.
pub(crate) async fn lift(portal: &Portal, session: &Session) -> Result<Option<InHand>, Refusal> {
    let in_hand: Option<InHand> = session.get(TIMED_OUT).await?;
    Ok(in_hand.filter(|in_hand| in_hand.stands(portal)))
}

/// Puts it back, after the session was emptied.
pub(crate) async fn put(session: &Session, in_hand: Option<InHand>) -> Result<(), Refusal> {
    match in_hand {
        Some(in_hand) => Ok(session.insert(TIMED_OUT, in_hand).await?),
        None => Ok(()),
    }
}

/// Gives it to whoever just signed in, if it is theirs.
pub(super) async fn hand_over(
    session: &Session,
    in_hand: Option<InHand>,
    to: AccountId,
) -> Result<(), Refusal> {
    match in_hand {
        Some(in_hand) if in_hand.account == to && in_hand.page.is_some() => {
            Ok(session.insert(BACK, in_hand).await?)
        }
        _ => Ok(()),
    }
}

/// The page to go on with after signing in; `None`: the first one.
pub async fn way_back(portal: &Portal, session: &Session) -> Result<Option<String>, Refusal> {
    read(portal, session).await?;
    let in_hand: Option<InHand> = session.get(BACK).await?;
    Ok(in_hand
        .filter(|in_hand| in_hand.stands(portal))
        .and_then(|in_hand| in_hand.page))
}

/// The form that waits for its owner on this page. It stays until it is sent, or its time is over.
pub async fn late_form(
    portal: &Portal,
    session: &Session,
    page: &str,
) -> Result<Option<LateForm>, Refusal> {
    read(portal, session).await?;
    let in_hand: Option<InHand> = session.get(BACK).await?;
    Ok(in_hand
        .filter(|in_hand| in_hand.stands(portal) && in_hand.page.as_deref() == Some(page))
        .and_then(|in_hand| in_hand.form))
}

/// Forgets the form that was to go there: it was sent.
pub async fn sent(session: &Session, action: &str) -> Result<(), Refusal> {
    let in_hand: Option<InHand> = session.get(BACK).await?;
    let waits = in_hand
        .and_then(|in_hand| in_hand.form)
        .is_some_and(|form| form.action == action);
    if waits {
        session.remove::<InHand>(BACK).await?;
    }
    Ok(())
}
