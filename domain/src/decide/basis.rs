//! On what a decision rests, in one canonical order.

use crate::id::{AuthorityId, ConsentId, EmergencyId, OrganizationId, RelationshipId};
use crate::label::LabelSet;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// On what a permit rests.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Ground {
    /// The viewer is the patient.
    Subject,
    /// An authority to act for the patient.
    Authority(AuthorityId),
    /// A current care relationship.
    Relationship(RelationshipId),
    /// The viewer works for the program it came from (POLICY §4.7a).
    Program(OrganizationId),
    /// An open emergency grant (LAW E1).
    Emergency(EmergencyId),
    /// A consent, and the labels it covered.
    Consent(ConsentId, LabelSet),
    /// The viewer is a privacy officer of the organization it came from, and it is up for review (POLICY §2).
    Review(OrganizationId),
}

/// The grounds of a decision, sorted, without allocation in the common case.
pub type Basis = SmallVec<[Ground; 3]>;

/// Joins the grounds of another part: each ground once, a consent with all the labels it covered, sorted.
pub(super) fn join(basis: &mut Basis, more: Basis) {
    for ground in more {
        if let Ground::Consent(id, covered) = &ground {
            let known = basis.iter_mut().find_map(|known| match known {
                Ground::Consent(at, labels) if at == id => Some(labels),
                _ => None,
            });
            if let Some(labels) = known {
                *labels = labels.join(*covered);
                continue;
            }
        }
        if let Err(at) = basis.binary_search(&ground) {
            basis.insert(at, ground);
        }
    }
}
