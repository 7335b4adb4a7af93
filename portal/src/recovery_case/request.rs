//! Whose account it is, and how staff made sure who they are.

use super::of_staff;
use crate::actor::Actor;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal};
use chrono::NaiveDate;
use core::fmt;
use domain::duty::Duty;
use domain::id::{AccountId, PersonId};
use domain::identity_check::IdentityCheck;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::Session;

const KEPT: &str = "recovery-request";
const WHOM: &str = "recovery-whom";

/// Whose account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whom {
    /// The one with this sign-in name and birth date, if there is just one: of a patient, or who acts for one.
    Named {
        /// The e-mail, whole; case and outer space don't matter.
        email: String,
        /// The birth date.
        birth: NaiveDate,
    },
    /// This one, of somebody on the staff: an administrator came from their page.
    Account(AccountId),
}

/// All that is given and confirmed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Whose account.
    pub whom: Whom,
    /// How it was made sure who they are.
    pub check: IdentityCheck,
}

impl fmt::Debug for Whom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Whom([redacted])")
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Request([redacted])")
    }
}

impl Request {
    /// What a fresh factor has to be given for: exactly this.
    pub fn action(&self) -> Action {
        let written = serde_json::to_vec(self).unwrap_or_default();
        let mut digest = Sha256::new();
        digest.update(b"confide recovery case 1\0");
        digest.update(&written);
        Action::OpenRecoveryCase {
            digest: digest.finalize().into(),
        }
    }

    /// Keeps it while the factor is given; the session is sealed.
    ///
    /// # Errors
    /// When the session can't be written.
    pub async fn keep(&self, session: &Session) -> Result<(), Refusal> {
        Ok(session.insert(KEPT, self).await?)
    }
}

/// What was kept and has been confirmed with a fresh factor.
///
/// # Errors
/// When the session can't be read.
pub async fn confirmed(portal: &Portal, session: &Session) -> Result<Option<Request>, Refusal> {
    let Some(kept) = session.get::<Request>(KEPT).await? else {
        return Ok(None);
    };
    let stands = step_up::stands(portal, session, &kept.action()).await?;
    Ok(stands.then_some(kept))
}

pub(super) async fn forget(session: &Session) -> Result<(), Refusal> {
    session.remove::<Request>(KEPT).await?;
    session.remove::<AccountId>(WHOM).await?;
    Ok(())
}

/// Remembers whose account the form is to be about: somebody of the staff, other than who asks.
///
/// # Errors
/// [`Refusal::NotAvailable`] for everybody but administrators, and when there is no such account.
pub async fn begin_for(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    person: PersonId,
) -> Result<(), Refusal> {
    actor.must(Duty::ManagePeople)?;
    if person == actor.person() {
        return Err(Refusal::NotAvailable);
    }
    let accounts = portal.store().accounts_of(person).await?;
    let account = accounts.iter().find(|account| of_staff(account));
    let account = account.ok_or(Refusal::NotAvailable)?;
    Ok(session.insert(WHOM, account.id).await?)
}

/// Forgets it: the form asks for an e-mail and a birth date again.
pub async fn begin_for_another(session: &Session) -> Result<(), Refusal> {
    forget(session).await
}

/// Whose account the form is about, with the person's name; `None`: the form asks.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever helps nobody with accounts.
pub async fn whom(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
) -> Result<Option<(AccountId, String)>, Refusal> {
    actor.must(Duty::HelpAccounts)?;
    let Some(id) = session.get::<AccountId>(WHOM).await? else {
        return Ok(None);
    };
    let store = portal.store();
    let Some(account) = store
        .account(id)
        .await?
        .filter(|_| actor.may(Duty::ManagePeople))
    else {
        return Ok(None);
    };
    let person = store.person(account.person).await?;
    Ok(person.map(|person| (id, person.name)))
}
