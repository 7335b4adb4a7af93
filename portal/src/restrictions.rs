//! Restrictions: a patient asks an organization not to pass something on, the organization answers (LAW C4; 42 CFR 2.26,
//! 45 CFR 164.522(a)).
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`ask`] | the patient's side: what can be asked, asking, taking it back |
//! | [`office`] | the organization's side: what waits, reading it, the answer |
//!
//! What an organization agreed to binds everybody it names, whoever the record came from: the portal knows no narrower way
//! to keep a promise that somebody else's copy could break.

pub mod ask;
pub mod office;

use crate::directory::{self, Name};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::party::Party;
use domain::state::{Restriction, RestrictionRequest, RestrictionState};
use std::ops::RangeInclusive;
use store::{Asked, RestrictionError};

/// How many letters the patient's reason and the office's words may have.
pub const WORDS: RangeInclusive<usize> = 10..=1_000;

/// A restriction as both sides read it.
pub struct Line {
    /// What binds.
    pub restriction: Restriction,
    /// What was said.
    pub request: RestrictionRequest,
    /// Who was asked.
    pub organization: Option<Name>,
    /// Whom it keeps out.
    pub recipients: Vec<Name>,
    /// How it stands.
    pub standing: Standing,
    /// When this was true.
    pub as_of: Instant,
}

impl core::fmt::Debug for Line {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Line([redacted])")
    }
}

/// How a restriction stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Asked; it binds when the organization agrees.
    Asked,
    /// Asked, and it binds: the organization must agree (164.522(a)(1)(vi)).
    Must,
    /// The organization agreed; it binds.
    Agreed,
    /// The organization ended it for what comes later; what was there by then is kept back on (164.522(a)(2)(iii)).
    Limited,
    /// The organization did not agree.
    Refused,
    /// It is over.
    Ended,
}

impl Standing {
    fn of(restriction: &Restriction, request: &RestrictionRequest) -> Self {
        match restriction.state {
            RestrictionState::Requested if restriction.paid_in_full => Self::Must,
            RestrictionState::Requested => Self::Asked,
            RestrictionState::Agreed { .. } if request.end.is_some() => Self::Limited,
            RestrictionState::Agreed { .. } => Self::Agreed,
            RestrictionState::Refused { .. } => Self::Refused,
            RestrictionState::Ended { .. } => Self::Ended,
        }
    }

    /// Whether it keeps anything back.
    pub const fn binds(self) -> bool {
        matches!(self, Self::Must | Self::Agreed | Self::Limited)
    }
}

async fn line(portal: &Portal, (restriction, request): Asked) -> Result<Line, Refusal> {
    let mut recipients = Vec::new();
    for party in &restriction.recipients {
        recipients.extend(match party {
            Party::Person(person) => directory::person(portal, *person).await?,
            Party::Organization(organization) => {
                directory::organization(portal, *organization).await?
            }
        });
    }
    Ok(Line {
        standing: Standing::of(&restriction, &request),
        organization: directory::organization(portal, request.organization).await?,
        recipients,
        restriction,
        request,
        as_of: portal.now(),
    })
}

/// What did not happen, for the caller to say: only faults of the store are refusals of their own.
fn refused(error: RestrictionError) -> Refusal {
    match error {
        RestrictionError::Store(error) => error.into(),
        RestrictionError::NotFound | RestrictionError::Stale | RestrictionError::Fault(_) => {
            Refusal::NotAvailable
        }
    }
}
