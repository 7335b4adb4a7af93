//! What an entry keeps of what it changed: whatever a later decision may rest on, in full, so that every decision can be
//! made again from the ledger alone (POLICY §6).

use chrono::NaiveDate;
use core::fmt;
use domain::id::{OrganizationId, PersonId};
use domain::party::{Membership, Relationship};
use domain::state::{Authority, Emergency, Restriction};
use serde::{Deserialize, Serialize};

/// One thing as it stands from an entry on. INVARIANT: kept for good, as events are: add variants; never rename one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Noted {
    /// A care relationship.
    Relationship(Relationship),
    /// A restriction.
    Restriction(Restriction),
    /// An authority.
    Authority(Authority),
    /// An emergency grant.
    Emergency(Emergency),
    /// Who the patient is.
    Subject {
        /// The person.
        person: Option<PersonId>,
        /// When they were born.
        birth: Option<NaiveDate>,
    },
    /// A person's places in workforces, past ones too.
    Memberships {
        /// Whose.
        person: PersonId,
        /// All of them.
        memberships: Vec<Membership>,
    },
    /// Whether an organization is a Part 2 program.
    Program {
        /// Which.
        organization: OrganizationId,
        /// Whether it is.
        part2_program: bool,
    },
}

impl fmt::Debug for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Noted([redacted])")
    }
}
