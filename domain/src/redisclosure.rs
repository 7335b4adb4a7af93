//! What a recipient may do further with what it received on a consent (42 CFR 2.33(b), LAW A4, B2, B4).

use crate::consent::{ConsentKind, Terms};
use crate::purpose::{Purpose, PurposeSet};
use serde::{Deserialize, Serialize};

/// What a recipient is under 2.33(b).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum RecipientClass {
    /// A covered entity or a business associate under HIPAA.
    CoveredEntity,
    /// Another Part 2 program.
    Part2Program,
    /// Any other lawful holder.
    OtherLawfulHolder,
}

impl RecipientClass {
    /// Every class, in the order of the rule.
    pub const ALL: [Self; 3] = [
        Self::CoveredEntity,
        Self::Part2Program,
        Self::OtherLawfulHolder,
    ];

    /// The stable name used in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CoveredEntity => "covered-entity",
            Self::Part2Program => "part-2-program",
            Self::OtherLawfulHolder => "other-lawful-holder",
        }
    }

    /// The class of that [`RecipientClass::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// What the recipient may do further. In no case use or disclosure in proceedings against the patient (LAW B4, 2.12(d)).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Redisclosure {
    /// As 45 CFR part 164 permits, until a consent or court order says otherwise (2.33(b)(1), LAW A4).
    AsHipaaPermits,
    /// As this consent says, and no further (2.33(b)(2)).
    AsConsentSays,
    /// To its contractors, for payment and operations named in the consent, with a written contract (2.33(b)(3), (c)).
    ToContractorsForNamedPurposes,
    /// Nothing: separated notes, proceedings, criminal justice (2.31(b), (d), 2.35(d)).
    Nothing,
}

/// What a recipient of that class may do further on these terms (LAW B2).
pub fn of(class: RecipientClass, terms: &Terms) -> Redisclosure {
    if matches!(
        terms.kind,
        ConsentKind::Notes | ConsentKind::Legal | ConsentKind::CriminalJustice
    ) {
        return Redisclosure::Nothing;
    }
    let for_tpo = !terms.purposes.is_empty() && terms.purposes.within(PurposeSet::TPO);
    let for_payment_or_operations = terms
        .purposes
        .within(PurposeSet::of([Purpose::Payment, Purpose::Operations]));
    match class {
        RecipientClass::CoveredEntity if for_tpo => Redisclosure::AsHipaaPermits,
        RecipientClass::OtherLawfulHolder if for_tpo && for_payment_or_operations => {
            Redisclosure::ToContractorsForNamedPurposes
        }
        _ => Redisclosure::AsConsentSays,
    }
}
