//! Purpose of use: why somebody looks (HL7 v3-ActReason, POLICY §3).

use serde::{Deserialize, Serialize};

/// One purpose of use.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum Purpose {
    /// Treatment (TREAT).
    Treatment = 0,
    /// Payment (HPAYMT).
    Payment = 1,
    /// Health care operations (HOPERAT).
    Operations = 2,
    /// Care management and coordination (CAREMGT).
    CareCoordination = 3,
    /// Research (HRESCH).
    Research = 4,
    /// Legal proceedings (HLEGAL): always on a consent of its own (LAW A10).
    Legal = 5,
    /// At the request of the patient (PATRQT) (LAW A7).
    PatientRequest = 6,
    /// Family or another helper acting or looking for the patient (FAMRQT).
    Family = 7,
    /// Emergency treatment (ETREAT) (LAW E1).
    Emergency = 8,
    /// Fundraising (LAW A8).
    Fundraising = 9,
    /// Criminal-justice referral (LAW A13).
    CriminalJustice = 10,
    /// Public health (PUBHLTH).
    PublicHealth = 11,
}

/// Every purpose.
pub const ALL: [Purpose; 12] = [
    Purpose::Treatment,
    Purpose::Payment,
    Purpose::Operations,
    Purpose::CareCoordination,
    Purpose::Research,
    Purpose::Legal,
    Purpose::PatientRequest,
    Purpose::Family,
    Purpose::Emergency,
    Purpose::Fundraising,
    Purpose::CriminalJustice,
    Purpose::PublicHealth,
];

impl Purpose {
    /// The HL7 v3-ActReason code (LAW G1).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Treatment => "TREAT",
            Self::Payment => "HPAYMT",
            Self::Operations => "HOPERAT",
            Self::CareCoordination => "CAREMGT",
            Self::Research => "HRESCH",
            Self::Legal | Self::CriminalJustice => "HLEGAL",
            Self::PatientRequest => "PATRQT",
            Self::Family => "FAMRQT",
            Self::Emergency => "ETREAT",
            Self::Fundraising => "MARKT",
            Self::PublicHealth => "PUBHLTH",
        }
    }

    /// The stable name used in forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Payment => "payment",
            Self::Operations => "operations",
            Self::CareCoordination => "care-coordination",
            Self::Research => "research",
            Self::Legal => "legal",
            Self::PatientRequest => "patient-request",
            Self::Family => "family",
            Self::Emergency => "emergency",
            Self::Fundraising => "fundraising",
            Self::CriminalJustice => "criminal-justice",
            Self::PublicHealth => "public-health",
        }
    }

    /// The purpose of that [`Purpose::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// A set of purposes.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct PurposeSet(u16);

impl PurposeSet {
    /// No purpose.
    pub const EMPTY: Self = Self(0);
    /// Treatment, payment and health care operations (LAW A2).
    pub const TPO: Self = Self(0b111);

    /// A set of these purposes.
    pub fn of(purposes: impl IntoIterator<Item = Purpose>) -> Self {
        purposes.into_iter().fold(Self::EMPTY, Self::with)
    }

    /// This set and one purpose more.
    #[must_use]
    pub const fn with(self, purpose: Purpose) -> Self {
        Self(self.0 | (1 << (purpose as u8)))
    }

    /// Whether the purpose is in the set.
    pub const fn has(self, purpose: Purpose) -> bool {
        self.0 & (1 << (purpose as u8)) != 0
    }

    /// Whether no purpose is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every purpose here stands in the other set too.
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether it holds no bit that this version does not know.
    pub const fn is_readable(self) -> bool {
        self.0 < 1 << 12
    }

    /// The purposes in it.
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        ALL.into_iter().filter(move |purpose| self.has(*purpose))
    }
}

impl FromIterator<Purpose> for PurposeSet {
    fn from_iter<I: IntoIterator<Item = Purpose>>(purposes: I) -> Self {
        Self::of(purposes)
    }
}
