//! What a ceremony remembers between its two requests.

use super::CEREMONY_FOR;
use crate::{Portal, Refusal};
use domain::clock::Instant;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tower_sessions::Session;

#[derive(Serialize, Deserialize)]
struct Begun<S> {
    state: S,
    at: Instant,
}

/// Remembers the challenge; an earlier one of the same kind is forgotten.
pub(super) async fn begin<S: Serialize + Send + Sync>(
    portal: &Portal,
    session: &Session,
    kind: &str,
    state: S,
) -> Result<(), Refusal> {
    let at = portal.now();
    Ok(session.insert(kind, Begun { state, at }).await?)
}

/// Takes the challenge, whatever comes of it: it serves once. `None` when there is none or it is too old.
pub(super) async fn take<S: DeserializeOwned + Send>(
    portal: &Portal,
    session: &Session,
    kind: &str,
) -> Result<Option<S>, Refusal> {
    let begun: Option<Begun<S>> = session.remove(kind).await?;
    if begun.is_some() {
        // Written at once: an answer that fails later must not leave it behind.
        session.save().await?;
    }
    let now = portal.now();
    Ok(begun
        .filter(|begun| begun.at <= now && now - begun.at < CEREMONY_FOR)
        .map(|begun| begun.state))
}
