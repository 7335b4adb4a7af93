//! The terms of a consent: what is agreed, before anybody signs it (POLICY §3, LAW A1).

use crate::clock::Instant;
use crate::id::{AuthorityId, ItemId, OrganizationId, PatientId, PersonId};
use crate::item::KindSet;
use crate::label::LabelSet;
use crate::notice::Statement;
use crate::party::Party;
use crate::purpose::PurposeSet;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// The kinds of consent (POLICY §3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum ConsentKind {
    /// Names recipients, purposes and segments.
    Specific,
    /// Treatment, payment and operations: one signature for all future uses (LAW A2).
    Tpo,
    /// Separated counseling or psychotherapy notes (LAW A9).
    Notes,
    /// Legal proceedings (LAW A10).
    Legal,
    /// A helper may look or act (LAW D5).
    Proxy,
    /// A criminal-justice referral (LAW A13).
    CriminalJustice,
}

/// Who signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Grantor {
    /// The patient.
    Patient,
    /// Somebody for the patient, and by what authority.
    Proxy {
        /// Who.
        person: PersonId,
        /// By what.
        authority: AuthorityId,
    },
}

/// From whom (LAW A1: the discloser).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Discloser {
    /// These organizations.
    Organizations(Vec<OrganizationId>),
    /// The class of every provider whose records are here.
    AnyProvider,
}

/// Who may take part in an intermediary (LAW A5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Participants {
    /// These, by name.
    Named(Vec<Party>),
    /// The class of participants who treat the patient.
    TreatingProviders,
}

/// To whom.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recipient {
    /// A person.
    Person(PersonId),
    /// Members in good standing of an organization.
    Organization(OrganizationId),
    /// The class of the patient's treating providers.
    TreatingProviders,
    /// "My treating providers, health plans, third-party payers, and people helping to operate this program" (LAW A2).
    TpoClass,
    /// An intermediary together with its participants (LAW A5).
    Intermediary {
        /// The intermediary.
        organization: OrganizationId,
        /// Those it may pass it to.
        participants: Participants,
    },
    /// Somebody without an account, by name: nobody can match it on line.
    Named(String),
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient([redacted])")
    }
}

/// What is opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Labels included; a parent includes its children. `General` stands for ordinary parts, `Part2` for "Part 2: yes".
    #[serde(with = "super::label_names")]
    pub include: LabelSet,
    /// Labels excluded by name; a parent excludes its children.
    #[serde(with = "super::label_names")]
    pub exclude: LabelSet,
    /// Kinds of item.
    pub kinds: KindSet,
    /// First day of service inside, if limited.
    #[serde(deserialize_with = "crate::stored::present")]
    pub service_from: Option<NaiveDate>,
    /// Last day of service inside, if limited.
    #[serde(deserialize_with = "crate::stored::present")]
    pub service_until: Option<NaiveDate>,
    /// Single items included whatever their segment.
    pub items_included: Vec<ItemId>,
    /// Single items excluded.
    pub items_excluded: Vec<ItemId>,
    /// Only what was in the record at this instant; `None`: what comes later too.
    #[serde(deserialize_with = "crate::stored::present")]
    pub existing_at: Option<Instant>,
}

impl Scope {
    /// A scope that opens these labels and everything of every date and kind in them.
    pub fn labels(include: LabelSet) -> Self {
        Self {
            include,
            exclude: LabelSet::EMPTY,
            kinds: KindSet::ALL,
            service_from: None,
            service_until: None,
            items_included: Vec::new(),
            items_excluded: Vec::new(),
            existing_at: None,
        }
    }

    /// The labels that stay after the exclusions (POLICY §2: a parent includes its children unless they are excluded by name).
    #[must_use]
    pub fn granted(&self) -> LabelSet {
        self.include
            .with_children()
            .minus(self.exclude.with_children())
    }

    /// Whether nothing at all is opened: no segment or note of any kind of item, and no item by name.
    pub fn is_empty(&self) -> bool {
        let content = LabelSet::SEGMENTS.join(LabelSet::NOTES);
        (!self.granted().overlaps(content) || self.kinds == KindSet::EMPTY)
            && self
                .items_included
                .iter()
                .all(|item| self.items_excluded.contains(item))
    }
}

/// How long (LAW A6).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Expiry {
    /// At an instant.
    At(Instant),
    /// When something happens, in words; staff record that it did.
    Event(String),
    /// None: treatment, payment and operations only.
    None,
    /// At the end of the treatment: treatment, payment and operations only.
    EndOfTreatment,
    /// At the end of the research study: research only.
    EndOfResearch,
}

/// A consent before it is signed: every field may still be missing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The kind.
    pub kind: ConsentKind,
    /// The patient.
    pub patient: PatientId,
    /// Who signs.
    pub grantor: Grantor,
    /// From whom.
    pub from: Discloser,
    /// To whom.
    pub to: Vec<Recipient>,
    /// Why.
    pub purposes: PurposeSet,
    /// Whether the patient started it ("at the request of the patient", LAW A7).
    pub patient_started: bool,
    /// What.
    pub what: Scope,
    /// From when.
    pub start: Instant,
    /// Until when.
    pub expiry: Option<Expiry>,
    /// The statements that were shown.
    pub statements: Vec<Statement>,
}
