//! In which of their roles somebody works in this session: never in two at once, so that nobody sees by one what they
//! need for another.

use crate::actor::Actor;
use crate::{Portal, Refusal, accounts, session, sign_in};
use domain::party::Role;
use store::Event;
use tower_sessions::Session;

/// The roles of the account that are in force, the first of which is taken at sign-in.
pub async fn roles(portal: &Portal, actor: &Actor) -> Result<Vec<Role>, Refusal> {
    let account = portal.store().account(actor.account()).await?;
    let held = |account| accounts::in_force(&account, &actor.person, portal.now());
    Ok(account.map(held).unwrap_or_default())
}

/// Takes another role, under a new session id.
///
/// # Errors
/// [`Refusal::BadRequest`] when the account doesn't have it.
pub async fn take(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    role: Role,
) -> Result<(), Refusal> {
    if !roles(portal, actor).await?.contains(&role) {
        return Err(Refusal::BadRequest);
    }
    session::take_role(session, role).await?;
    sign_in::log(portal, &actor.stamp(), Event::RoleTaken { role }).await
}
