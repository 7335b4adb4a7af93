//! Taking up a patient's invitation with an account that is there already. Whoever has none joins by
//! [`crate::joining`], with the same code.

use crate::actor::Actor;
use crate::sign_in::Outcome;
use crate::{Portal, Refusal, invitations};
use chrono::NaiveDate;
use domain::duty::Duty;
use domain::party::Role;
use secrecy::SecretString;

/// Takes the code with the birth date of whoever was invited. Whatever was wrong, the answer is the same.
pub async fn accept(
    portal: &Portal,
    actor: &Actor,
    code: &SecretString,
    birth: Option<NaiveDate>,
) -> Result<Outcome, Refusal> {
    actor.must(Duty::OwnRecord)?;
    let Some(invitation) = invitations::open(portal, code, birth).await? else {
        return Ok(Outcome::Refused);
    };
    if invitation.roles != [Role::Proxy] {
        return Ok(Outcome::Refused);
    }
    let joined = portal
        .store()
        .join_with_account(&actor.stamp(), invitation.id, actor.account())
        .await?;
    Ok(joined.map_or(Outcome::Refused, |_| Outcome::Accepted))
}
