//! Where somebody is signed in, for their own eyes, and ending it (LAW F7).

use super::{AGENT, NETWORK, SEEN, SESSION, SINCE};
use crate::actor::Actor;
use crate::caller::Network;
use crate::devices::Agent;
use crate::sign_in;
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::id::{AccountId, SessionId};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use store::{Event, Stamp};

/// A session in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name in forms; not what the cookie holds.
    pub id: SessionId,
    /// The device, as its browser calls itself.
    pub agent: Agent,
    /// Whether it began in the network that the list is looked at from; `None`: nobody can tell.
    pub same_network: Option<bool>,
    /// When it began.
    pub since: Instant,
    /// When it was last used, to within half a minute.
    pub seen: Instant,
    /// Whether it is the one the list is looked at with.
    pub this: bool,
}

/// A member of a session's data.
pub(super) fn member<T: for<'de> Deserialize<'de>>(
    data: &HashMap<String, Value>,
    key: &str,
) -> Option<T> {
    data.get(key).and_then(|value| T::deserialize(value).ok())
}

/// The live sessions of this person's account: this one first, then those used last.
pub async fn list(
    portal: &Portal,
    actor: &Actor,
    network: Option<Network>,
) -> Result<Vec<Listed>, Refusal> {
    let now = portal.now();
    let options = portal.options();
    let mut sessions: Vec<Listed> = portal
        .store()
        .sessions()
        .of_account(actor.account)
        .await?
        .iter()
        .filter_map(|data| {
            let began: Option<Network> = member(data, NETWORK);
            let id = member(data, SESSION)?;
            Some(Listed {
                id,
                agent: member(data, AGENT).unwrap_or_default(),
                same_network: began.zip(network).map(|(then, now)| then == now),
                since: member(data, SINCE)?,
                seen: member(data, SEEN)?,
                this: id == actor.session,
            })
        })
        .filter(|listed| now - listed.seen < options.idle && now - listed.since < options.total)
        .collect();
    sessions.sort_by_key(|listed| (!listed.this, core::cmp::Reverse(listed.seen)));
    Ok(sessions)
}

/// Ends one of this person's other sessions; tells whether it was there.
pub async fn end_one(portal: &Portal, actor: &Actor, id: SessionId) -> Result<bool, Refusal> {
    let ended = portal
        .store()
        .sessions()
        .end_one(actor.account, |data| {
            member::<SessionId>(data, SESSION) == Some(id)
        })
        .await?;
    if ended {
        let event = Event::SessionsEnded {
            account: actor.account,
        };
        sign_in::log(portal, &actor.stamp(), event).await?;
    }
    Ok(ended)
}

/// Ends every session of an account: its roles changed, or staff ended them (LAW F7). `by`: who did it. Stands on the
/// chain of the account's owner; tells how many there were.
pub async fn end_all_of(portal: &Portal, by: &Stamp, account: AccountId) -> Result<u64, Refusal> {
    let store = portal.store();
    let ended = store.sessions().end_all(account, None).await?;
    let Some(owner) = store.account(account).await? else {
        return Ok(ended);
    };
    let chain = sign_in::chain_of(portal, owner.person).await?;
    store
        .append(by, chain, Event::SessionsEnded { account })
        .await?;
    Ok(ended)
}
