//! What a patient asked an organization not to pass on, in their words, and what the organization answered (LAW C4; 42 CFR
//! 2.26, 45 CFR 164.522(a)). What binds is the [`Restriction`](super::Restriction) of the same id; this is what was said.

use crate::clock::Instant;
use crate::id::{OrganizationId, PersonId, RestrictionId};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// After so long an answer is late. The rules set no term for this answer; it is the one for access (164.524(b)(2)).
pub const ANSWER_WITHIN: TimeDelta = TimeDelta::days(30);

/// A request, and what became of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictionRequest {
    /// The restriction that it asks for.
    pub id: RestrictionId,
    /// Who was asked.
    pub organization: OrganizationId,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub asked: Instant,
    /// Why, in the patient's words.
    pub why: String,
    /// What the organization asked back, where it may not refuse: whether it was paid in full.
    pub questions: Vec<Said>,
    /// The answer, and whether it was to agree.
    pub answer: Option<(bool, Said)>,
    /// How it ended.
    pub end: Option<Said>,
}

/// Something that was said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: Instant,
    /// In which words; may be empty.
    pub words: String,
}

impl RestrictionRequest {
    /// First instant at which the answer is late.
    pub fn due(&self) -> Instant {
        self.asked
            .checked_add_signed(ANSWER_WITHIN)
            .unwrap_or(self.asked)
    }

    /// Whether it waits for an answer.
    pub const fn waits(&self) -> bool {
        self.answer.is_none() && self.end.is_none()
    }
}

impl core::fmt::Debug for RestrictionRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RestrictionRequest([redacted])")
    }
}

impl core::fmt::Debug for Said {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Said([redacted])")
    }
}
