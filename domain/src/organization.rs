//! What an organization is, in a closed list of words.

/// What an organization is. It decides nothing: what a Part 2 program is says a flag of its own (42 CFR 2.11), and what
/// a recipient may do further its class ([`crate::redisclosure`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OrganizationKind {
    /// Treats substance use disorders.
    TreatmentProgram,
    /// A hospital.
    Hospital,
    /// A practice or clinic.
    Practice,
    /// A laboratory.
    Laboratory,
    /// A pharmacy.
    Pharmacy,
    /// A health plan or another payer.
    HealthPlan,
    /// An intermediary, such as a health information exchange (42 CFR 2.11).
    Intermediary,
    /// A court, or probation or parole (42 CFR 2.35).
    Court,
    /// Does research (42 CFR 2.52).
    Research,
    /// Anything else.
    Other,
}

/// Every kind, in the order in which they are offered.
pub const KINDS: [OrganizationKind; 10] = [
    OrganizationKind::TreatmentProgram,
    OrganizationKind::Hospital,
    OrganizationKind::Practice,
    OrganizationKind::Laboratory,
    OrganizationKind::Pharmacy,
    OrganizationKind::HealthPlan,
    OrganizationKind::Intermediary,
    OrganizationKind::Court,
    OrganizationKind::Research,
    OrganizationKind::Other,
];

impl OrganizationKind {
    /// The stable name used in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TreatmentProgram => "treatment-program",
            Self::Hospital => "hospital",
            Self::Practice => "practice",
            Self::Laboratory => "laboratory",
            Self::Pharmacy => "pharmacy",
            Self::HealthPlan => "health-plan",
            Self::Intermediary => "intermediary",
            Self::Court => "court",
            Self::Research => "research",
            Self::Other => "other",
        }
    }

    /// The kind of that [`OrganizationKind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.name() == name)
    }

    /// What is kept of it beside the name, and shown wherever organizations are told apart. What a file says of an
    /// organization stands in the same place, in the words of the file.
    pub const fn words(self) -> &'static str {
        match self {
            Self::TreatmentProgram => "Substance use treatment program",
            Self::Hospital => "Hospital",
            Self::Practice => "Practice or clinic",
            Self::Laboratory => "Laboratory",
            Self::Pharmacy => "Pharmacy",
            Self::HealthPlan => "Health plan",
            Self::Intermediary => "Intermediary",
            Self::Court => "Court or probation",
            Self::Research => "Research",
            Self::Other => "Other",
        }
    }

    /// The kind of those [`OrganizationKind::words`], in any case; `None`: a file's own words.
    pub fn from_words(words: &str) -> Option<Self> {
        KINDS
            .into_iter()
            .find(|kind| kind.words().eq_ignore_ascii_case(words.trim()))
    }
}
