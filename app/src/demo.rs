//! The demo's conveniences: who can sign in, with what. They exist only under `confide demo`.

use std::fmt;

/// Somebody to sign in as.
#[derive(Clone)]
pub struct DemoPerson {
    /// The name.
    pub name: String,
    /// What the person is: "Patient".
    pub role: String,
    /// What there is to try as this person.
    pub what_for: String,
    /// The name to sign in with.
    pub sign_in: String,
    /// The password.
    pub password: String,
    /// The code of this moment.
    pub code: Option<String>,
}

impl fmt::Debug for DemoPerson {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("DemoPerson([redacted])")
    }
}

/// A made-up person who can join.
#[derive(Clone)]
pub struct DemoInvitation {
    /// The name.
    pub name: String,
    /// The code.
    pub code: String,
    /// The birth date, as it is typed: 06/30/1984.
    pub birth: String,
}

impl fmt::Debug for DemoInvitation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("DemoInvitation([redacted])")
    }
}

/// What the demo adds to the sign-in pages. Only [`State::demo`](crate::State::demo) takes one.
pub trait DemoAids: Send + Sync {
    /// The people to sign in as, with codes of this moment.
    fn people(&self) -> Vec<DemoPerson>;

    /// Somebody who can join; `None` when they have.
    fn invitation(&self) -> Option<DemoInvitation> {
        None
    }
}
