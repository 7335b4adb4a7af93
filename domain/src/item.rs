//! Items and parts (POLICY §1): what a decision needs to know of a record, without its content.

use crate::clock::Instant;
use crate::id::{BatchId, ItemId, OrganizationId, PersonId};
use crate::label::LabelSet;
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};

/// The kinds of item a person meets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[repr(u8)]
pub enum ItemKind {
    /// Name, birth date and the like (Patient).
    Demographics = 0,
    /// A condition (Condition).
    Condition = 1,
    /// A medication (MedicationRequest, MedicationStatement, MedicationAdministration, MedicationDispense).
    Medication = 2,
    /// A test result or measurement (Observation).
    Result = 3,
    /// A report that gathers results (DiagnosticReport).
    Report = 4,
    /// A note or document (DocumentReference, Composition).
    Document = 5,
    /// A visit (Encounter).
    Encounter = 6,
    /// A procedure (Procedure).
    Procedure = 7,
    /// An allergy (AllergyIntolerance).
    Allergy = 8,
    /// An immunization (Immunization).
    Immunization = 9,
    /// Answers to a questionnaire (QuestionnaireResponse).
    Questionnaire = 10,
    /// A claim or an explanation of benefit: kept, not shown (Claim, ExplanationOfBenefit, Coverage).
    Claim = 11,
    /// A plan or goal: kept, not shown (CarePlan, Goal, CareTeam).
    Plan = 12,
    /// Anything else of the record: kept, not shown.
    Other = 13,
}

/// Every kind, in the order people see them.
pub const KINDS: [ItemKind; 14] = [
    ItemKind::Demographics,
    ItemKind::Condition,
    ItemKind::Medication,
    ItemKind::Result,
    ItemKind::Report,
    ItemKind::Document,
    ItemKind::Encounter,
    ItemKind::Procedure,
    ItemKind::Allergy,
    ItemKind::Immunization,
    ItemKind::Questionnaire,
    ItemKind::Claim,
    ItemKind::Plan,
    ItemKind::Other,
];

impl ItemKind {
    /// The kind that a FHIR resource type becomes.
    pub fn of_resource(resource_type: &str) -> Self {
        match resource_type {
            "Patient" => Self::Demographics,
            "Condition" => Self::Condition,
            "MedicationRequest"
            | "MedicationStatement"
            | "MedicationAdministration"
            | "MedicationDispense" => Self::Medication,
            "Observation" => Self::Result,
            "DiagnosticReport" => Self::Report,
            "DocumentReference" | "Composition" => Self::Document,
            "Encounter" => Self::Encounter,
            "Procedure" => Self::Procedure,
            "AllergyIntolerance" => Self::Allergy,
            "Immunization" => Self::Immunization,
            "QuestionnaireResponse" => Self::Questionnaire,
            "Claim" | "ClaimResponse" | "ExplanationOfBenefit" | "Coverage" => Self::Claim,
            "CarePlan" | "Goal" | "CareTeam" => Self::Plan,
            _ => Self::Other,
        }
    }

    /// Whether pages show this kind; the others are kept, decided and exported all the same.
    pub const fn is_shown(self) -> bool {
        !matches!(self, Self::Claim | Self::Plan | Self::Other)
    }

    /// The stable name used in forms, addresses and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Demographics => "demographics",
            Self::Condition => "condition",
            Self::Medication => "medication",
            Self::Result => "result",
            Self::Report => "report",
            Self::Document => "document",
            Self::Encounter => "encounter",
            Self::Procedure => "procedure",
            Self::Allergy => "allergy",
            Self::Immunization => "immunization",
            Self::Questionnaire => "questionnaire",
            Self::Claim => "claim",
            Self::Plan => "plan",
            Self::Other => "other",
        }
    }

    /// The kind of that [`ItemKind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.name() == name)
    }
}

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KindSet(u32);

impl KindSet {
    /// Every kind, present and future.
    pub const ALL: Self = Self(u32::MAX);
    /// No kind.
    pub const EMPTY: Self = Self(0);

    /// A set of these kinds.
    pub fn of(kinds: impl IntoIterator<Item = ItemKind>) -> Self {
        kinds
            .into_iter()
            .fold(Self::EMPTY, |set, kind| Self(set.0 | (1 << (kind as u8))))
    }

    /// Whether the kind is in the set.
    pub const fn has(self, kind: ItemKind) -> bool {
        self.0 & (1 << (kind as u8)) != 0
    }
}

/// What a decision needs to know of one part.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartFacts {
    /// Where it stands in its resource: an element path such as `code`, `note[0]` or `component[1]`.
    pub path: String,
    /// Its labels.
    pub labels: LabelSet,
    /// The other items of the record that it refers to: who sees it learns that they are there, and often what they are.
    ///
    /// It has a place of its own in what is stored, after the rest.
    #[serde(skip)]
    pub leads_to: Vec<ItemId>,
}

/// What a decision needs to know of one item: everything but the content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFacts {
    /// The item.
    pub id: ItemId,
    /// The FHIR resource type it came from.
    pub resource_type: String,
    /// Its kind.
    pub kind: ItemKind,
    /// The organizations it came from.
    pub sources: Vec<OrganizationId>,
    /// Who wrote it, where that is known.
    pub authors: Vec<PersonId>,
    /// First and last day of the service, where it is known.
    pub service: Option<(NaiveDate, NaiveDate)>,
    /// The instant to sort by: the service's, else the recording's.
    pub when: Option<Instant>,
    /// When it was taken into this record with the content it has (for consents to what exists already).
    pub recorded: Instant,
    /// The import it came with.
    pub batch: BatchId,
    /// Its parts, in the order of the resource.
    pub parts: Vec<PartFacts>,
    /// Which parts identify it (code or title): if none of them may be seen, the item does not exist for the viewer.
    pub identifying: Vec<u16>,
}

impl ItemFacts {
    /// The join of its parts' labels (POLICY §1).
    pub fn labels(&self) -> LabelSet {
        self.parts
            .iter()
            .fold(LabelSet::EMPTY, |all, part| all.join(part.labels))
    }

    /// The organization it came from, when it is one and no more.
    pub fn only_source(&self) -> Option<OrganizationId> {
        let (first, others) = self.sources.split_first()?;
        others
            .iter()
            .all(|source| source == first)
            .then_some(*first)
    }
}

impl fmt::Debug for PartFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartFacts([redacted])")
    }
}

impl fmt::Debug for ItemFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemFacts")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
