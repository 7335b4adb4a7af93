//! Where a signed consent stands: in force, or why not (POLICY §3, LAW A11, A12).

use super::{Consent, Expiry};
use crate::clock::Instant;
use crate::id::ConsentId;
use crate::party::Span;
use serde::{Deserialize, Serialize};

/// Where a signed consent stands. A draft is not a consent yet: it is [`Terms`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ConsentState {
    /// In force within its term.
    Active,
    /// Revoked: ended for good (LAW A12).
    Revoked {
        /// When.
        at: Instant,
    },
    /// An oral revocation was recorded: nothing may be disclosed (LAW A12).
    Suspended {
        /// When.
        at: Instant,
    },
    /// A newer version stands in its place.
    Superseded {
        /// When.
        at: Instant,
        /// By which.
        by: ConsentId,
    },
    /// The event it was to end with came about.
    Ended {
        /// When.
        at: Instant,
    },
}

/// A change of state that is not allowed from where the consent stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the consent has ended already")]
pub struct AlreadyEnded;

impl ConsentState {
    /// Revokes it (LAW A12); a suspended one too.
    pub fn revoke(&self, at: Instant) -> Result<Self, AlreadyEnded> {
        match self {
            Self::Active | Self::Suspended { .. } => Ok(Self::Revoked { at }),
            _ => Err(AlreadyEnded),
        }
    }

    /// Records an oral revocation (LAW A12).
    pub fn suspend(&self, at: Instant) -> Result<Self, AlreadyEnded> {
        match self {
            Self::Active => Ok(Self::Suspended { at }),
            _ => Err(AlreadyEnded),
        }
    }

    /// Puts a newer version in its place.
    pub fn supersede(&self, at: Instant, by: ConsentId) -> Result<Self, AlreadyEnded> {
        match self {
            Self::Active | Self::Suspended { .. } => Ok(Self::Superseded { at, by }),
            _ => Err(AlreadyEnded),
        }
    }

    /// Records that the event it was to end with came about; while it is suspended too.
    pub fn end(&self, at: Instant) -> Result<Self, AlreadyEnded> {
        match self {
            Self::Active | Self::Suspended { .. } => Ok(Self::Ended { at }),
            _ => Err(AlreadyEnded),
        }
    }
}

/// A signed consent and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StandingConsent {
    /// What was signed.
    pub consent: Consent,
    /// Where it stands.
    pub state: ConsentState,
}

/// Where a consent stands at an instant, in one word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Standing {
    /// In force.
    Active,
    /// Its term has not begun.
    NotYet,
    /// Its term is over.
    Expired,
    /// Revoked.
    Revoked,
    /// Suspended by an oral revocation.
    Suspended,
    /// Superseded by a newer version.
    Superseded,
    /// Not sound: unreadable, or an element is missing (LAW A11).
    Unsound,
}

impl StandingConsent {
    /// Its term: from its start to its expiry.
    pub fn span(&self) -> Span {
        Span {
            from: self.consent.terms.start,
            until: match self.consent.terms.expiry {
                Some(Expiry::At(end)) => Some(end),
                _ => None,
            },
        }
    }

    /// Where it stands at that instant; expiry needs no job to have run (LAW A11).
    pub fn standing(&self, at: Instant) -> Standing {
        match self.state {
            ConsentState::Revoked { .. } => return Standing::Revoked,
            ConsentState::Suspended { .. } => return Standing::Suspended,
            ConsentState::Superseded { .. } => return Standing::Superseded,
            ConsentState::Ended { .. } => return Standing::Expired,
            ConsentState::Active => {}
        }
        if !self.consent.is_sound() {
            return Standing::Unsound;
        }
        let span = self.span();
        // A term may begin before the signature; a disclosure may not.
        if at < span.from || at < self.consent.complete_at() {
            Standing::NotYet
        } else if span.holds(at) {
            Standing::Active
        } else {
            Standing::Expired
        }
    }
}
