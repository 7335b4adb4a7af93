//! Separated notes by the type of the document (POLICY §2; 42 CFR 2.11, 45 CFR 164.501), and records that say of themselves
//! that 42 CFR part 2 protects them (LAW B1).
//!
//! Neither kind of note includes medications, session times, modalities, test results and summaries: those are ordinary
//! items, so a counseling *session* or a treatment *summary* is no separated note.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

use crate::label::Label;

/// What a document's type says of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum NoteType {
    /// A counseling note: a SUD counseling note if a Part 2 program wrote it.
    Counseling,
    /// A counseling note of a mental health professional: a psychotherapy note unless a Part 2 program wrote it.
    MentalCounseling,
    /// A SUD counseling note by name.
    SudCounseling,
    /// A psychotherapy note by name.
    Psychotherapy,
}

impl NoteType {
    /// The separated note it is, given whether it came from a Part 2 program.
    pub(crate) const fn label(self, is_part2: bool) -> Option<Label> {
        match (self, is_part2) {
            (Self::SudCounseling, _) | (Self::Counseling | Self::MentalCounseling, true) => {
                Some(Label::SudCounselingNote)
            }
            (Self::Psychotherapy, _) | (Self::MentalCounseling, false) => {
                Some(Label::PsychotherapyNote)
            }
            (Self::Counseling, false) => None,
        }
    }
}

/// The type that a document type code names (LOINC document ontology: kind "note", type of service "counseling").
pub(crate) fn of_code(system: &str, code: &str) -> Option<NoteType> {
    if system != "http://loinc.org" {
        return None;
    }
    match code {
        // Mental health, psychiatry and psychology counseling notes.
        "34864-9" | "34865-6" | "34866-4" => Some(NoteType::MentalCounseling),
        // Social worker counseling note.
        "34872-2" => Some(NoteType::Counseling),
        _ => None,
    }
}

/// The type that a document's title or type name gives.
pub(crate) fn of_title(title: &str) -> Option<NoteType> {
    let lower = title.to_lowercase().replace(['-', '_', '/'], " ");
    // Summaries are ordinary items under both definitions.
    if lower.contains("summary") || lower.contains("resumen") {
        return None;
    }
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    if has(&[
        "psychotherapy note",
        "psychotherapy process note",
        "therapy process note",
        "nota de psicoterapia",
        "notas de psicoterapia",
    ]) {
        return Some(NoteType::Psychotherapy);
    }
    // The work sheet of a therapy records what was said and thought in it.
    if has(&[
        "thought record",
        "therapy journal",
        "therapy diary",
        "registro de pensamientos",
    ]) {
        return Some(NoteType::Psychotherapy);
    }
    let counseling = has(&[
        "counseling note",
        "counselling note",
        "counseling session note",
        "counselling session note",
        "counselor note",
        "counselor's note",
        "nota de consejería",
        "notas de consejería",
        "nota de consejeria",
    ]);
    if !counseling {
        return None;
    }
    let of_substance_use = has(&[
        "sud ",
        "substance",
        "addiction",
        "alcohol",
        "drug",
        "opioid",
        "sustancias",
        "adicciones",
    ]);
    Some(if of_substance_use {
        NoteType::SudCounseling
    } else if has(&["mental", "psych"]) {
        NoteType::MentalCounseling
    } else {
        NoteType::Counseling
    })
}

static NOTICE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(["42 cfr", "42cfrpart2", "42 c.f.r", "title 42 of the code"])
        .ok()
});

/// Whether a text says of its record that 42 CFR part 2 protects it, as every notice of 2.32 does.
pub(crate) fn names_part2(text: &str) -> bool {
    let Some(finder) = &*NOTICE else {
        return true;
    };
    finder.find_iter(text).any(|found| {
        let after: String = text
            .get(found.start()..)
            .unwrap_or_default()
            .chars()
            .take(60)
            .collect();
        let after = after
            .to_ascii_lowercase()
            .replace(['(', ')', '.', ',', '§'], " ");
        let words: Vec<&str> = after.split_whitespace().collect();
        after.starts_with("42cfrpart2")
            || words
                .windows(2)
                .any(|pair| matches!(pair, ["part" | "parts" | "pt", "2" | "ii" | "two"]))
            || words
                .windows(2)
                .any(|pair| matches!(pair, ["cfr", "2" | "part2"]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_by_name() {
        assert_eq!(
            of_title("Psychotherapy Note"),
            Some(NoteType::Psychotherapy)
        );
        assert_eq!(
            of_title("SUD counseling note"),
            Some(NoteType::SudCounseling)
        );
        assert_eq!(
            of_title("Group counselling note"),
            Some(NoteType::Counseling)
        );
        assert_eq!(of_title("Counseling session"), None);
        assert_eq!(of_title("Psychotherapy note summary"), None);
        assert_eq!(of_title("Progress note"), None);
    }

    #[test]
    fn a_plain_counseling_note_depends_on_its_source() {
        assert_eq!(
            NoteType::Counseling.label(true),
            Some(Label::SudCounselingNote)
        );
        assert_eq!(NoteType::Counseling.label(false), None);
        assert_eq!(
            NoteType::MentalCounseling.label(false),
            Some(Label::PsychotherapyNote)
        );
    }

    #[test]
    fn a_record_may_name_its_law() {
        assert!(names_part2(
            "protected by Federal confidentiality rules (42 CFR part 2)"
        ));
        assert!(names_part2("42 CFR Part II"));
        assert!(names_part2("Details: ActCode code 42CFRPart2"));
        assert!(!names_part2("42 CFR part 482"));
        assert!(!names_part2("lot 42 CFRX"));
    }
}
