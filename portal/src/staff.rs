//! The staff: who is on it, who gives and ends roles, who looks after that (issue "Staff"; LAW F7).
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`people`] | who is on the staff, in which roles, and how their accounts stand |
//! | [`check`](check()) | whether a change can be made |
//! | [`change`](carry_out()) | inviting, giving and ending roles, new codes, and agreeing to what another asked for |
//! | [`dormancy`] | accounts that nobody used for long |
//! | [`access_review`] | the review of every quarter |
//! | [`acting`] | in which of their roles somebody works now |
//!
//! Which role may do what is [`domain::duty`]. Nothing here leads to content of a record.

pub mod access_review;
pub mod acting;
mod change;
mod check;
pub mod dormancy;
pub mod people;

pub use change::{NewCode, Outcome, carry_out, refuse, take_code, take_outcome};
pub use check::{Cant, check};

use crate::days;
use chrono::NaiveDate;
use chrono_tz::Tz;
use core::fmt;
use domain::clock::Instant;
use domain::id::{OrganizationId, PersonId, ProposalId};
use domain::party::{Role, Span};
use serde::{Deserialize, Serialize};

/// From which day until which a role is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Term {
    /// The first day; `None`, or today: at once.
    pub from: Option<NaiveDate>,
    /// The last day; `None`: open.
    pub until: Option<NaiveDate>,
}

impl Term {
    /// The same in instants; `None`: it ends before it begins, or has ended. What began earlier begins now.
    pub(crate) fn span(self, now: Instant, zone: Tz) -> Option<Span> {
        let from = self.from.map_or(now, |day| days::start_of(day, zone));
        let span = Span {
            from: from.max(now),
            until: self.until.map(|day| days::end_of(day, zone)),
        };
        (!span.is_over(now)).then_some(span)
    }
}

/// A change of staff, with everything that the administrator confirms by a fresh factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Somebody new.
    Invite {
        /// Their name.
        name: String,
        /// Where they work.
        organization: OrganizationId,
        /// What they do there.
        role: Role,
        /// For how long.
        term: Term,
    },
    /// A further role, or the same elsewhere.
    Give {
        /// To whom.
        person: PersonId,
        /// Where.
        organization: OrganizationId,
        /// Which.
        role: Role,
        /// For how long.
        term: Term,
    },
    /// The end of a role.
    End {
        /// Whose.
        person: PersonId,
        /// Where; `None`: a role that the account has without a place of work.
        organization: Option<OrganizationId>,
        /// Which.
        role: Role,
    },
    /// A new code on paper for somebody who has no account yet: it is made with it.
    Code {
        /// For whom.
        person: PersonId,
    },
    /// Yes to what another administrator asked for.
    Agree {
        /// About whom it is.
        person: PersonId,
        /// Which.
        proposal: ProposalId,
    },
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Change([redacted])")
    }
}

impl Change {
    /// About whom it is; `None`: somebody new.
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Invite { .. } => None,
            Self::Give { person, .. }
            | Self::End { person, .. }
            | Self::Code { person }
            | Self::Agree { person, .. } => Some(*person),
        }
    }
}
