//! What people are told outside the portal when something happens to their account (LAW F6: "announced").
//!
//! [`crate::letters`] delivers it by e-mail; another way implements [`Announcer`] and is given to
//! [`crate::Portal::announcing`]. What is said must be neutral (LAW B6): that something changed, never what is in a
//! record. The ledger has each of these besides.

use domain::id::AccountId;
use std::{future::Future, pin::Pin};

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Announcement {
    /// The account was made.
    AccountMade,
    /// Another account was made with this account's e-mail.
    NameShared,
    /// Somebody signed in with a recovery code; what the account signs in with is being set up anew.
    RecoveryCodeUsed,
    /// What the account signs in with was set up anew: after a recovery code, or with an invitation from staff.
    SetUpAnew,
    /// Staff took away everything the account signs in with.
    FactorsReset,
    /// The password was changed.
    PasswordChanged,
    /// An authenticator app or a passkey came or went.
    FactorChanged,
    /// New recovery codes took the place of the old ones.
    RecoveryCodesChanged,
}

/// What delivering comes to.
pub type Delivery<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells people.
pub trait Announcer: Send + Sync {
    /// Tells the owner of an account. It must not fail what happened: that is done already. Faults are its own to keep
    /// and to try again.
    fn announce(&self, account: AccountId, what: Announcement) -> Delivery<'_>;
}
