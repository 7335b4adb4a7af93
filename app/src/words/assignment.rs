//! Words about care relationships that were assigned.

use crate::{t, words::consent};
use domain::party::RelationshipKind;
use portal::directory::Name;

/// What a relationship is about.
pub fn kind(kind: RelationshipKind) -> String {
    match kind {
        RelationshipKind::Treating => t!("assignment-kind-treating"),
        RelationshipKind::Coordinating => t!("assignment-kind-coordinating"),
        RelationshipKind::Payer => t!("assignment-kind-payer"),
        RelationshipKind::Operations => t!("assignment-kind-operations"),
    }
}

/// The stable name of a kind in forms.
pub const fn kind_name(kind: RelationshipKind) -> &'static str {
    match kind {
        RelationshipKind::Treating => "treating",
        RelationshipKind::Coordinating => "coordinating",
        RelationshipKind::Payer => "payer",
        RelationshipKind::Operations => "operations",
    }
}

/// With whom it is.
pub fn party(name: Option<&Name>) -> String {
    name.map_or_else(|| t!("history-somebody"), consent::name_with_place)
}
