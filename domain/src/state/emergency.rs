//! Emergency grants: break-glass (LAW E1, 42 CFR 2.51).

use crate::clock::Instant;
use crate::id::{AccountId, EmergencyId, OrganizationId, PersonId};
use crate::party::{Role, Span};
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use core::fmt;
use serde::{Deserialize, Serialize};

/// How long a grant lasts at most, in hours. It is never extended: what takes longer takes another record of 2.51(c).
pub const LONGEST_HOURS: i64 = 1;

/// Within how many business days a grant is to be reviewed.
pub const REVIEW_WITHIN: u8 = 2;

/// The last day on which a grant is to be reviewed that was opened on this day: Saturdays and Sundays don't count.
pub fn review_day(opened: NaiveDate) -> NaiveDate {
    let mut day = opened;
    let mut left = REVIEW_WITHIN;
    // INVARIANT: each step goes on by a day, so it ends after a week at most, or with the calendar.
    while left > 0 {
        let Some(next) = day.succ_opt() else {
            return day;
        };
        day = next;
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            left = left.saturating_sub(1);
        }
    }
    day
}

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
    /// The person's name and affiliation, as they go onto the record (2.51(c)(1)).
    pub recipient: Recipient,
    /// The name of who discloses, as it goes onto the record (2.51(c)(2)).
    pub discloser: String,
    /// The organizations whose records they are, as they were when it was opened.
    pub disclosers: Vec<OrganizationId>,
    /// The nature of the emergency (2.51(c)(4)).
    pub nature: String,
    /// Why consent cannot be had.
    pub without_consent: String,
    /// Where it stands.
    pub state: EmergencyState,
    /// While it lasts; it begins with the date and time of the disclosure (2.51(c)(3)) and always has an end.
    pub span: Span,
    /// What came after.
    pub after: Afterwards,
}

/// Who received, in words that stay as they were (2.51(c)(1)).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The name.
    pub name: String,
    /// The affiliation's name.
    pub affiliation: String,
}

/// What came after a grant was opened: the review, and what the patient said.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Afterwards {
    /// Until when it is to be reviewed; first instant that is too late.
    pub due: Option<Instant>,
    /// What the privacy officers found, at most one an organization.
    pub reviews: Vec<Review>,
    /// When the patient said that they read of it.
    pub acknowledged: Option<Instant>,
    /// What the patient reported.
    pub concern: Option<Concern>,
}

/// What a privacy officer found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// For which organization.
    pub organization: OrganizationId,
    /// Who.
    pub by: PersonId,
    /// Signed with which account.
    pub account: AccountId,
    /// When.
    pub at: Instant,
    /// Whether it was held to be justified.
    pub justified: bool,
    /// Why.
    pub reason: String,
}

/// What a patient reported of a grant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concern {
    /// When.
    pub at: Instant,
    /// In the patient's words.
    pub words: String,
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
}

/// Why a grant can't be opened or moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EmergencyFault {
    /// Only medical personnel.
    #[error("only medical personnel may open an emergency grant")]
    NotMedical,
    /// The recipient, the discloser, the nature of the emergency, or why consent cannot be had is missing.
    #[error("the record of the emergency is not complete")]
    Incomplete,
    /// It would have no end, or last too long.
    #[error("the grant would last too long")]
    TooLong,
    /// It does not stand where this could follow.
    #[error("the grant does not stand where this could follow")]
    Moved,
    /// Nobody reviews what they did themselves.
    #[error("a grant is reviewed by somebody else than who opened it")]
    OwnGrant,
    /// The organization has nothing to do with it.
    #[error("the grant concerns other organizations")]
    NotConcerned,
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
        let words = [
            &self.recipient.name,
            &self.recipient.affiliation,
            &self.discloser,
            &self.nature,
            &self.without_consent,
        ];
        if words.into_iter().any(|words| words.trim().is_empty()) {
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
            EmergencyState::Closed { .. } => Err(EmergencyFault::Moved),
        }
    }

    /// The organizations that review it: where the person belongs, and whose records they are; sorted, each once.
    pub fn concerned(&self) -> Vec<OrganizationId> {
        let mut concerned = self.disclosers.clone();
        concerned.push(self.affiliation);
        concerned.sort_unstable();
        concerned.dedup();
        concerned
    }

    /// The review of an organization.
    pub fn review_of(&self, organization: OrganizationId) -> Option<&Review> {
        self.after
            .reviews
            .iter()
            .find(|review| review.organization == organization)
    }

    /// Adds a review: of what is over, by somebody else, once for each organization it concerns.
    ///
    /// # Errors
    /// [`EmergencyFault::OwnGrant`]; [`EmergencyFault::NotConcerned`]; [`EmergencyFault::Incomplete`] without a reason;
    /// [`EmergencyFault::Moved`] while it is open, or when the organization reviewed it already.
    pub fn reviewed(mut self, review: Review) -> Result<Self, EmergencyFault> {
        if review.by == self.person {
            return Err(EmergencyFault::OwnGrant);
        }
        if !self.concerned().contains(&review.organization) {
            return Err(EmergencyFault::NotConcerned);
        }
        if review.reason.trim().is_empty() {
            return Err(EmergencyFault::Incomplete);
        }
        if self.is_open(review.at) || self.review_of(review.organization).is_some() {
            return Err(EmergencyFault::Moved);
        }
        self.after.reviews.push(review);
        Ok(self)
    }

    /// Whether the patient has something to read of it: that it was opened, or that it was not justified.
    pub fn is_news(&self) -> bool {
        let Some(read) = self.after.acknowledged else {
            return true;
        };
        self.after
            .reviews
            .iter()
            .any(|review| !review.justified && review.at > read)
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

macro_rules! redacted {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    )*};
}

redacted!(Recipient, Afterwards, Review, Concern);
