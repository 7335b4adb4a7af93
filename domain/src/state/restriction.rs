//! Restrictions that a patient asked for (LAW C4, POLICY §4.2).

use crate::clock::Instant;
use crate::id::{ItemId, RestrictionId};
use crate::label::LabelSet;
use crate::party::{Party, Span};
use serde::{Deserialize, Serialize};

/// A restriction. It binds once the organization agreed, and at once where it must agree.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Restriction {
    /// Its id.
    pub id: RestrictionId,
    /// Whom it keeps out; empty: everybody but the patient.
    pub recipients: Vec<Party>,
    /// The labels it keeps back: any overlap denies. `General` stands for ordinary parts.
    pub labels: LabelSet,
    /// Single items it keeps back whatever their labels, such as a service paid for in full.
    pub items: Vec<ItemId>,
    /// How a service that was paid for in full is billed: its visit and the claims known of it. Claims that are one of
    /// these, or lead to one or to an item kept back, are kept back too.
    #[serde(default)]
    pub billing: Vec<ItemId>,
    /// Whether it is about a service paid for in full, toward a health plan: then the organization must agree
    /// (LAW C4, 164.522(a)(1)(vi)).
    pub paid_in_full: bool,
    /// Where it stands.
    pub state: RestrictionState,
    /// While it lasts.
    pub span: Span,
}

/// Where a restriction stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RestrictionState {
    /// Asked for.
    Requested,
    /// The organization agreed.
    Agreed {
        /// When.
        at: Instant,
    },
    /// The organization did not agree.
    Refused {
        /// When.
        at: Instant,
    },
    /// The patient took it back, or the organization ended an agreement it was free to end.
    Ended {
        /// When.
        at: Instant,
    },
}

/// A change that is not allowed from where the restriction stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RestrictionFault {
    /// Paid for in full, toward a health plan: the organization has no choice.
    #[error("this restriction must be agreed to")]
    MustAgree,
    /// Answered or ended already.
    #[error("the restriction does not stand where this could follow")]
    Moved,
}

impl Restriction {
    /// The organization agrees.
    ///
    /// # Errors
    /// [`RestrictionFault::Moved`] unless it is a request.
    pub const fn agree(&self, at: Instant) -> Result<RestrictionState, RestrictionFault> {
        match self.state {
            RestrictionState::Requested => Ok(RestrictionState::Agreed { at }),
            _ => Err(RestrictionFault::Moved),
        }
    }

    /// The organization does not agree.
    ///
    /// # Errors
    /// [`RestrictionFault::MustAgree`] where it must; [`RestrictionFault::Moved`] unless it is a request.
    pub const fn refuse(&self, at: Instant) -> Result<RestrictionState, RestrictionFault> {
        match self.state {
            RestrictionState::Requested if self.paid_in_full => Err(RestrictionFault::MustAgree),
            RestrictionState::Requested => Ok(RestrictionState::Refused { at }),
            _ => Err(RestrictionFault::Moved),
        }
    }

    /// The organization ends what it agreed to.
    ///
    /// # Errors
    /// [`RestrictionFault::MustAgree`] where it had no choice; [`RestrictionFault::Moved`] unless it was agreed to.
    pub const fn end(&self, at: Instant) -> Result<RestrictionState, RestrictionFault> {
        match self.state {
            RestrictionState::Agreed { .. } if self.paid_in_full => {
                Err(RestrictionFault::MustAgree)
            }
            RestrictionState::Agreed { .. } => Ok(RestrictionState::Ended { at }),
            _ => Err(RestrictionFault::Moved),
        }
    }

    /// The patient takes it back.
    ///
    /// # Errors
    /// [`RestrictionFault::Moved`] when it was refused or has ended.
    pub const fn withdraw(&self, at: Instant) -> Result<RestrictionState, RestrictionFault> {
        match self.state {
            RestrictionState::Requested | RestrictionState::Agreed { .. } => {
                Ok(RestrictionState::Ended { at })
            }
            _ => Err(RestrictionFault::Moved),
        }
    }

    /// Whether it binds at that instant.
    pub fn binds(&self, at: Instant) -> bool {
        self.span.holds(at)
            && match self.state {
                RestrictionState::Agreed { .. } => true,
                RestrictionState::Requested => self.paid_in_full,
                RestrictionState::Refused { .. } | RestrictionState::Ended { .. } => false,
            }
    }
}
