//! Labels (POLICY §2): what is specially protected about a part, as a set of bits.
//!
//! INVARIANT: bit positions are stored in sealed rows. Add new ones; never move one.

use core::fmt;
use serde::{Deserialize, Serialize};

/// One label. The discriminant is its bit in a [`LabelSet`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Label {
    /// Ordinary health information: the absence of every other label. In a grant it stands for such parts.
    General = 0,
    /// Identity details not told apart further (HL7 DEMO).
    Identity = 1,
    /// Legal sex.
    LegalSex = 2,
    /// Preferred name.
    PreferredName = 3,
    /// Contact details.
    Contact = 4,
    /// Substance use, not told apart further (HL7 SUD).
    SubstanceUse = 5,
    /// Alcohol (HL7 ETHUD).
    Alcohol = 6,
    /// Opioids (HL7 OPIOIDUD).
    Opioids = 7,
    /// Other drugs.
    OtherDrugs = 8,
    /// Mental health other than personality disorders (HL7 PSY, read MH and BH).
    MentalHealth = 9,
    /// Personality disorders.
    Personality = 10,
    /// HIV (HL7 HIV).
    Hiv = 11,
    /// Sexual and reproductive health, not told apart further (HL7 SEX).
    SexualReproductive = 12,
    /// Contraception and sexual history.
    Contraception = 13,
    /// Sexually transmitted infections (HL7 STD).
    Sti = 14,
    /// Pregnancy (HL7 PREGNANT).
    Pregnancy = 15,
    /// Abortion.
    Abortion = 16,
    /// Gender and orientation, not told apart further (HL7 GENDER on input).
    GenderOrientation = 17,
    /// Gender identity.
    GenderIdentity = 18,
    /// Sexual orientation.
    SexualOrientation = 19,
    /// Violence and abuse (HL7 SDV, VIO).
    Violence = 20,
    /// Genetics (HL7 GDIS).
    Genetics = 21,
    /// From a Part 2 program (42 CFR 2.11, 2.12): set by origin.
    Part2 = 32,
    /// SUD counseling note (42 CFR 2.11).
    SudCounselingNote = 40,
    /// Psychotherapy note (45 CFR 164.501).
    PsychotherapyNote = 41,
    /// A service the minor lawfully consented to alone (LAW D1).
    MinorConsented = 48,
    /// The patient asked that this one item be private (HL7 PRS).
    PatientRequested = 49,
    /// Nothing vouches for it yet: hidden until a person reviews it (POLICY §2, deny by default).
    Unclassified = 56,
}

/// The confidentiality axis (HL7 v3-Confidentiality): exactly one a part.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Confidentiality {
    /// Normal.
    N,
    /// Restricted.
    R,
    /// Very restricted.
    V,
}

impl Confidentiality {
    /// The HL7 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::N => "N",
            Self::R => "R",
            Self::V => "V",
        }
    }
}

/// Every label in the order of its bit.
pub const ALL: [Label; 28] = [
    Label::General,
    Label::Identity,
    Label::LegalSex,
    Label::PreferredName,
    Label::Contact,
    Label::SubstanceUse,
    Label::Alcohol,
    Label::Opioids,
    Label::OtherDrugs,
    Label::MentalHealth,
    Label::Personality,
    Label::Hiv,
    Label::SexualReproductive,
    Label::Contraception,
    Label::Sti,
    Label::Pregnancy,
    Label::Abortion,
    Label::GenderOrientation,
    Label::GenderIdentity,
    Label::SexualOrientation,
    Label::Violence,
    Label::Genetics,
    Label::Part2,
    Label::SudCounselingNote,
    Label::PsychotherapyNote,
    Label::MinorConsented,
    Label::PatientRequested,
    Label::Unclassified,
];

impl Label {
    /// The stable name used on the command line, in files and in `urn:confide:segment` (CLI.md).
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Identity => "identity",
            Self::LegalSex => "identity.legal-sex",
            Self::PreferredName => "identity.preferred-name",
            Self::Contact => "identity.contact",
            Self::SubstanceUse => "substance-use",
            Self::Alcohol => "substance-use.alcohol",
            Self::Opioids => "substance-use.opioids",
            Self::OtherDrugs => "substance-use.other-drugs",
            Self::MentalHealth => "mental-health",
            Self::Personality => "mental-health.personality",
            Self::Hiv => "hiv",
            Self::SexualReproductive => "sexual-reproductive",
            Self::Contraception => "sexual-reproductive.contraception",
            Self::Sti => "sexual-reproductive.sti",
            Self::Pregnancy => "sexual-reproductive.pregnancy",
            Self::Abortion => "sexual-reproductive.abortion",
            Self::GenderOrientation => "gender-orientation",
            Self::GenderIdentity => "gender-orientation.gender-identity",
            Self::SexualOrientation => "gender-orientation.sexual-orientation",
            Self::Violence => "violence",
            Self::Genetics => "genetics",
            Self::Part2 => "part2",
            Self::SudCounselingNote => "sud-counseling-note",
            Self::PsychotherapyNote => "psychotherapy-note",
            Self::MinorConsented => "minor-consented",
            Self::PatientRequested => "prs",
            Self::Unclassified => "unclassified",
        }
    }

    /// The label of that [`Label::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.into_iter().find(|label| label.name() == name)
    }

    /// The segment above this one, where there is one.
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::LegalSex | Self::PreferredName | Self::Contact => Some(Self::Identity),
            Self::Alcohol | Self::Opioids | Self::OtherDrugs => Some(Self::SubstanceUse),
            Self::Personality => Some(Self::MentalHealth),
            Self::Contraception | Self::Sti | Self::Pregnancy | Self::Abortion => {
                Some(Self::SexualReproductive)
            }
            Self::GenderIdentity | Self::SexualOrientation => Some(Self::GenderOrientation),
            _ => None,
        }
    }

    /// Whether this is a segment (and not a law, a separated note or a mark).
    pub const fn is_segment(self) -> bool {
        (self as u8) <= Self::Genetics as u8
    }

    const fn bit(self) -> u64 {
        1_u64 << (self as u8)
    }
}

/// A set of labels. The empty set is ordinary health information.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LabelSet(u64);

impl LabelSet {
    /// No label: ordinary.
    pub const EMPTY: Self = Self(0);
    /// Every segment bit, `General` among them.
    pub const SEGMENTS: Self = Self((1 << 22) - 1);
    /// The separated notes.
    pub const NOTES: Self = Self(Label::SudCounselingNote.bit() | Label::PsychotherapyNote.bit());
    /// The substance-use segments, parent and children.
    pub const SUBSTANCE_USE: Self = Self(
        Label::SubstanceUse.bit()
            | Label::Alcohol.bit()
            | Label::Opioids.bit()
            | Label::OtherDrugs.bit(),
    );
    /// The identity segments, parent and children.
    pub const IDENTITY: Self = Self(
        Label::Identity.bit()
            | Label::LegalSex.bit()
            | Label::PreferredName.bit()
            | Label::Contact.bit(),
    );

    /// A set of these labels.
    pub fn of(labels: impl IntoIterator<Item = Label>) -> Self {
        labels.into_iter().fold(Self::EMPTY, Self::with)
    }

    /// This set and one label more.
    #[must_use]
    pub const fn with(self, label: Label) -> Self {
        Self(self.0 | label.bit())
    }

    /// This set without that label.
    #[must_use]
    pub const fn without(self, label: Label) -> Self {
        Self(self.0 & !label.bit())
    }

    /// What stands in either: labels join, they never cancel.
    #[must_use]
    pub const fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What stands in both.
    #[must_use]
    pub const fn meet(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What stands here and not in the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the label is in the set.
    pub const fn has(self, label: Label) -> bool {
        self.0 & label.bit() != 0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether both sets share a label.
    pub const fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every label of the other set is here.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether a part so labelled is ordinary health information (POLICY §4.6).
    pub const fn is_ordinary(self) -> bool {
        self.0 & !Label::General.bit() == 0
    }

    /// The labels a grant must cover for a part so labelled: its own, or `General` when it has none.
    #[must_use]
    pub const fn required(self) -> Self {
        if self.is_ordinary() {
            Self(Label::General.bit())
        } else {
            Self(self.0 & !Label::General.bit())
        }
    }

    /// This set with the children of every parent in it: what naming a parent in a consent includes (POLICY §2).
    #[must_use]
    pub fn with_children(self) -> Self {
        ALL.into_iter()
            .fold(self, |set, label| match label.parent() {
                Some(parent) if self.has(parent) => set.with(label),
                _ => set,
            })
    }

    /// This set with the parents of every child in it.
    #[must_use]
    pub fn with_parents(self) -> Self {
        self.iter().fold(self, |set, label| match label.parent() {
            Some(parent) => set.with(parent),
            None => set,
        })
    }

    /// Each label by the broadest name it has: a child gives way to its parent. For a screen that others may see.
    #[must_use]
    pub fn broad(self) -> Self {
        self.iter()
            .map(|label| label.parent().unwrap_or(label))
            .collect()
    }

    /// Only the segments in it.
    #[must_use]
    pub const fn segments(self) -> Self {
        self.meet(Self::SEGMENTS)
    }

    /// The confidentiality that follows from the labels (POLICY §2): R for any segment, law or mark, V for separated notes.
    pub const fn confidentiality(self) -> Confidentiality {
        if self.overlaps(Self::NOTES) {
            Confidentiality::V
        } else if self.is_ordinary() {
            Confidentiality::N
        } else {
            Confidentiality::R
        }
    }

    /// The labels in it, in bit order.
    pub fn iter(self) -> impl Iterator<Item = Label> {
        ALL.into_iter().filter(move |label| self.has(*label))
    }

    /// The bits, for storage.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// From stored bits; `None` when a bit is set that this version does not know, which a caller must treat as unreadable.
    pub fn from_bits(bits: u64) -> Option<Self> {
        let known = ALL.into_iter().fold(0, |known, label| known | label.bit());
        (bits & !known == 0).then_some(Self(bits))
    }

    /// Whether a bit is set that this version does not know.
    pub fn is_readable(self) -> bool {
        Self::from_bits(self.0).is_some()
    }
}

impl FromIterator<Label> for LabelSet {
    fn from_iter<I: IntoIterator<Item = Label>>(labels: I) -> Self {
        Self::of(labels)
    }
}

impl fmt::Debug for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Labels are themselves protected: a debug line must not tell them.
        f.write_str("LabelSet([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_brings_its_children_and_no_others() {
        let set = LabelSet::of([Label::SubstanceUse]).with_children();
        assert!(set == LabelSet::SUBSTANCE_USE);
    }

    #[test]
    fn a_broad_name_tells_no_child() {
        let set = LabelSet::of([Label::Opioids, Label::Part2]).broad();
        assert!(set == LabelSet::of([Label::SubstanceUse, Label::Part2]));
    }

    #[test]
    fn confidentiality_follows_from_the_labels() {
        assert_eq!(LabelSet::EMPTY.confidentiality(), Confidentiality::N);
        assert_eq!(
            LabelSet::of([Label::Part2]).confidentiality(),
            Confidentiality::R
        );
        assert_eq!(
            LabelSet::of([Label::Hiv, Label::PsychotherapyNote]).confidentiality(),
            Confidentiality::V
        );
    }

    #[test]
    fn names_read_back() {
        for label in ALL {
            assert_eq!(Label::from_name(label.name()), Some(label));
        }
    }

    #[test]
    fn an_unknown_bit_is_unreadable() {
        assert!(LabelSet::from_bits(1 << 63).is_none());
    }
}
