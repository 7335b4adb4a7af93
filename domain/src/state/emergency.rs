//! Emergency grants: break-glass (LAW E1, 42 CFR 2.51).

use crate::clock::Instant;
use crate::id::{EmergencyId, OrganizationId, PersonId};
use crate::party::{Role, Span};
use chrono::TimeDelta;
use core::fmt;
use serde::{Deserialize, Serialize};

/// How long a grant lasts at most, in hours.
pub const LONGEST_HOURS: i64 = 12;

/// An emergency grant: one person, one patient, a short time, with what 2.51(c) wants recorded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// Its id.
    pub id: EmergencyId,
    /// The medical person it was opened by.
    pub person: PersonId,
    /// In which role.
    pub role: Role,
    /// The organization the person belongs to.
    pub affiliation: OrganizationId,
    /// The name of who discloses, as it goes onto the record.
    pub discloser: String,
    /// The nature of the emergency.
    pub nature: String,
    /// Why consent cannot be had.
    pub without_consent: String,
    /// Where it stands.
    pub state: EmergencyState,
    /// While it lasts; it begins with the date and time of the disclosure and always has an end.
    pub span: Span,
}

/// Where a grant stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum EmergencyState {
    /// Open, within its span.
    Open,
    /// Closed before its time.
    Closed {
        /// When.
        at: Instant,
    },
    /// Looked at afterwards by the privacy officer.
    Reviewed {
        /// When.
        at: Instant,
        /// Whether it was held to be justified.
        justified: bool,
    },
}

/// Why a grant can't be opened or moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EmergencyFault {
    /// Only medical personnel.
    #[error("only medical personnel may open an emergency grant")]
    NotMedical,
    /// The nature of the emergency, the discloser, or why consent cannot be had is missing.
    #[error("the record of the emergency is not complete")]
    Incomplete,
    /// It would have no end, or last too long.
    #[error("the grant would last too long")]
    TooLong,
    /// It does not stand where this could follow.
    #[error("the grant does not stand where this could follow")]
    Moved,
}

impl Emergency {
    /// Takes the grant if it may stand so (LAW E1).
    ///
    /// # Errors
    /// The first [`EmergencyFault`] found.
    pub fn checked(self) -> Result<Self, EmergencyFault> {
        self.fault().map_or(Ok(self), Err)
    }

    fn fault(&self) -> Option<EmergencyFault> {
        if !self.role.is_medical() {
            return Some(EmergencyFault::NotMedical);
        }
        if [&self.discloser, &self.nature, &self.without_consent]
            .into_iter()
            .any(|words| words.trim().is_empty())
        {
            return Some(EmergencyFault::Incomplete);
        }
        let lasts = self
            .span
            .until
            .map(|until| until.signed_duration_since(self.span.from));
        (!lasts.is_some_and(|lasts| lasts > TimeDelta::zero() && lasts <= longest()))
            .then_some(EmergencyFault::TooLong)
    }

    /// Closes it before its time.
    ///
    /// # Errors
    /// [`EmergencyFault::Moved`] unless it is open.
    pub const fn close(&self, at: Instant) -> Result<EmergencyState, EmergencyFault> {
        match self.state {
            EmergencyState::Open => Ok(EmergencyState::Closed { at }),
            _ => Err(EmergencyFault::Moved),
        }
    }

    /// Records the review; it closes the grant too.
    ///
    /// # Errors
    /// [`EmergencyFault::Moved`] when it was reviewed already.
    pub const fn review(
        &self,
        at: Instant,
        justified: bool,
    ) -> Result<EmergencyState, EmergencyFault> {
        match self.state {
            EmergencyState::Open | EmergencyState::Closed { .. } => {
                Ok(EmergencyState::Reviewed { at, justified })
            }
            EmergencyState::Reviewed { .. } => Err(EmergencyFault::Moved),
        }
    }

    /// Whether it is complete, open and within its span at that instant.
    pub fn is_open(&self, at: Instant) -> bool {
        self.fault().is_none() && self.state == EmergencyState::Open && self.span.holds(at)
    }
}

const fn longest() -> TimeDelta {
    TimeDelta::hours(LONGEST_HOURS)
}

impl fmt::Debug for Emergency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emergency")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
