//! Help for somebody who lost every way into their account and has no recovery code: staff make sure who it is and record
//! how; then nothing happens for a day or three, while every known address of the account is told and its owner can stop
//! it; then staff make a code on paper, with which the account is set up anew (LAW F6; issue "Recovery").
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`request`] | whose account, and how it was made sure who they are |
//! | [`open`](open()) | looking the account up, and the case |
//! | [`handling`] | what staff see of cases, and taking one further |
//! | [`owner`] | what the owner sees, and stopping it |
//!
//! Staff are shown a name and what they recorded themselves: no address, nothing of a record. Support helps patients and
//! who acts for them; with accounts of the staff only administrators do, from their pages of people, and for a privacy
//! officer's or an administrator's a second administrator has to agree. Nobody handles a case of their own account. The
//! wait is looked at when it matters, by the clock: no job runs for it.

pub mod handling;
mod opening;
pub mod owner;
pub mod request;

pub use opening::{Unopened, open};
pub use request::{Request, Whom};

use crate::{Portal, Refusal};
use chrono::{NaiveDate, TimeDelta};
use domain::duty::{is_staff, needs_second_person};
use serde::{Deserialize, Serialize};
use store::Account;

/// How long a case may be finished once its wait is over: then what was checked is too long ago.
pub const SERVES: TimeDelta = TimeDelta::days(7);

/// A step of a case that takes a fresh factor. INVARIANT: kept in sessions for minutes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Step {
    /// Agree to it, as the second administrator.
    Agree,
    /// Make the code.
    Code,
}

/// Whether it is an account of the staff, or one that was: those are administrators' to help with.
fn of_staff(account: &Account) -> bool {
    account.roles.is_empty() || account.roles.iter().any(|role| is_staff(*role))
}

/// Whether a second administrator has to agree, by the roles it has now.
fn takes_two(account: &Account) -> bool {
    account.roles.iter().any(|role| needs_second_person(*role))
}

/// The birth date by which staff find an account: of the record its owner has, else the one given at joining.
pub(crate) async fn birth_of(
    portal: &Portal,
    account: &Account,
) -> Result<Option<NaiveDate>, Refusal> {
    let store = portal.store();
    if let Some(patient) = store.patient_of_subject(account.person).await?
        && let Some(birth) = store.birth_date(patient).await?
    {
        return Ok(Some(birth));
    }
    Ok(store.contacts(account.id).await?.birth)
}
