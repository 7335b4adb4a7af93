//! The labels that a provision names (CLI.md, `decide`): as a set to be inside in a permit, as anything to touch in a deny.

use super::condition::Coding;
use super::reading::{Object, Reading};
use crate::fhir::security;
use crate::label::{Confidentiality, Label, LabelSet};
use serde_json::json;

/// What the `securityLabel`s of one provision name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Named {
    /// In a permit: the labels that it opens.
    pub opens: LabelSet,
    /// In a deny: the labels that it touches, children included.
    pub denies: LabelSet,
    /// In a deny: parts of this confidentiality or a stricter one.
    pub from: Option<Confidentiality>,
    /// In a deny: a label is named that we have no segment for, so that no part is known to be free of it.
    pub unknown: bool,
}

/// Parents that stand for "not told apart further": a part that carries only the parent may be about any child.
const NOT_TOLD_APART: [Label; 4] = [
    Label::Identity,
    Label::SubstanceUse,
    Label::SexualReproductive,
    Label::GenderOrientation,
];

/// What a permit never opens by naming a label: a private item only by naming the item, the minor's mark only by the
/// minor's own hand, what nobody classified not at all (POLICY §2, §3).
const NOT_BY_LABEL: LabelSet = {
    LabelSet::EMPTY
        .with(Label::PatientRequested)
        .with(Label::MinorConsented)
        .with(Label::Unclassified)
};

impl Named {
    /// Reads the list; `None` when it is not there, or with a fault when it can't be read.
    pub(super) fn read(reading: &mut Reading, provision: &Object<'_>) -> Option<Self> {
        let list = reading.objects(provision, "securityLabel")?;
        let mut named = Self::default();
        let mut high_water = false;
        for object in &list {
            let Some(coding) = reading.coding(object) else {
                named.unknown = true;
                continue;
            };
            high_water |= named.take(reading, &coding, &object.path);
        }
        named.opens = named.opens.with_children();
        let notes = named.opens.meet(LabelSet::NOTES);
        let beside = named.opens.minus(LabelSet::NOTES);
        if notes.is_empty() {
            // A confidentiality code is a high-water mark (R4, Consent.provision.securityLabel): R takes in N.
            if high_water {
                named.opens = named.opens.with(Label::General);
            }
        } else if beside.is_empty() {
            named.opens = with_their_topic(notes);
        } else {
            // LAW A9: such notes are only combined with other such notes.
            named.opens = beside;
            reading.note(
                provision.at("securityLabel"),
                "names counseling or psychotherapy notes together with something else, so these notes are not opened",
            );
        }
        named.opens = named.opens.minus(NOT_BY_LABEL);
        named.denies = named.denies.with_children();
        Some(named)
    }

    /// Takes one coding; whether it is a confidentiality above N.
    fn take(&mut self, reading: &mut Reading, coding: &Coding, path: &str) -> bool {
        let value = json!({"system": coding.system, "code": coding.code});
        let read = security::read([&value]);
        if let Some(confidentiality) = read.confidentiality {
            if matches!(coding.code.as_str(), "U" | "L" | "M") {
                reading.note(path, "is less confidential than any part is");
            } else if confidentiality == Confidentiality::N {
                self.opens = self.opens.with(Label::General);
                self.denies = self.denies.with(Label::General);
            } else {
                self.from = Some(
                    self.from
                        .map_or(confidentiality, |other| other.min(confidentiality)),
                );
                return true;
            }
        } else if read.labels == LabelSet::EMPTY {
            // An obligation, a purpose or a code without a segment.
            self.unknown = true;
            reading.note(
                path,
                "is not a label we have: a permit opens nothing by it, a deny takes everything",
            );
        } else {
            self.opens = self.opens.join(read.labels);
            self.denies = self.denies.join(read.labels);
            if read.labels.overlaps(NOT_BY_LABEL) {
                reading.note(path, "is a mark that a permit can't open by naming it");
            }
        }
        false
    }

    /// Which labels of a part so labelled a deny with these labels touches; empty: it doesn't deny the part.
    pub fn touches(&self, labels: LabelSet) -> LabelSet {
        let required = labels.required();
        if self.unknown
            || self
                .from
                .is_some_and(|from| labels.confidentiality() >= from)
        {
            return required;
        }
        let mut touched = required.meet(self.denies);
        for parent in NOT_TOLD_APART
            .into_iter()
            .filter(|parent| required.has(*parent))
        {
            let children = LabelSet::of([parent]).with_children().without(parent);
            if !required.overlaps(children) && self.denies.overlaps(children) {
                touched = touched.with(parent);
            }
        }
        touched
    }
}

/// Such notes with the segments and the law that they are about by definition (42 CFR 2.11, 45 CFR 164.501).
fn with_their_topic(notes: LabelSet) -> LabelSet {
    let mut all = notes;
    if notes.has(Label::PsychotherapyNote) {
        all = all.join(LabelSet::of([Label::MentalHealth]).with_children());
    }
    if notes.has(Label::SudCounselingNote) {
        all = all.join(LabelSet::SUBSTANCE_USE).with(Label::Part2);
    }
    all
}
