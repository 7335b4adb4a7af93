//! What keeps terms from being signed (LAW A1–A13), looked at again at every disclosure (A11).

use super::{ConsentKind, Discloser, Expiry, Participants, Recipient, Terms};
use crate::label::LabelSet;
use crate::notice::Statement;
use crate::purpose::{Purpose, PurposeSet};

/// An element that is missing or may not stand so (LAW A1–A13).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Deficiency {
    /// No recipient (A1).
    Recipient,
    /// No purpose (A1).
    Purpose,
    /// No information is described (A1).
    Information,
    /// No discloser (A1).
    Discloser,
    /// No expiration (A1).
    Expiration,
    /// An expiration that this purpose does not allow (A6).
    ExpirationNotAllowed,
    /// The expiration lies before the start.
    ExpirationBeforeStart,
    /// A statement that must be shown is missing (A1, A3, A9).
    Statement,
    /// A counseling-note consent combined with something else (A9).
    NotesCombined,
    /// A legal purpose combined with another (A10).
    LegalCombined,
    /// "At the request of the patient" though the patient did not start it (A7).
    NotPatientStarted,
    /// A class recipient outside treatment, payment and operations (A2).
    ClassNotAllowed,
    /// A treatment, payment and operations consent with other purposes (A2).
    PurposesNotTpo,
    /// An intermediary without participants (A5).
    IntermediaryWithoutParticipants,
    /// The service dates end before they begin.
    DatesReversed,
    /// The typed name is empty, or was typed before the second factor (A1).
    Signature,
    /// More than whoever signs for the patient may sign for (D1, D2, D4).
    Authority,
    /// A helper's access for somebody who is not named as a person (D5).
    HelperNotNamed,
    /// A criminal-justice purpose outside a consent of that kind, or together with another (A13).
    CriminalJusticeCombined,
    /// A label this version does not know.
    Unreadable,
}

impl Terms {
    /// What keeps these terms from being signed, all of it (LAW A1: refuse a signature unless all are there).
    pub fn deficiencies(&self) -> Vec<Deficiency> {
        let mut found = Vec::new();
        let mut need = |ok: bool, what: Deficiency| {
            if !ok {
                found.push(what);
            }
        };
        need(!self.to.is_empty(), Deficiency::Recipient);
        need(
            self.to
                .iter()
                .all(|to| !matches!(to, Recipient::Named(name) if name.trim().is_empty())),
            Deficiency::Recipient,
        );
        need(
            !self.purposes.is_empty() && self.purposes.is_readable(),
            Deficiency::Purpose,
        );
        need(
            self.what.include.is_readable() && self.what.exclude.is_readable(),
            Deficiency::Unreadable,
        );
        need(!self.what.is_empty(), Deficiency::Information);
        need(
            !matches!(&self.from, Discloser::Organizations(list) if list.is_empty()),
            Deficiency::Discloser,
        );
        match &self.expiry {
            None => need(false, Deficiency::Expiration),
            Some(Expiry::None | Expiry::EndOfTreatment) => need(
                self.kind == ConsentKind::Tpo
                    || (self.kind == ConsentKind::Specific
                        && self.purposes.within(PurposeSet::TPO)),
                Deficiency::ExpirationNotAllowed,
            ),
            Some(Expiry::EndOfResearch) => need(
                self.purposes == PurposeSet::of([Purpose::Research]),
                Deficiency::ExpirationNotAllowed,
            ),
            Some(Expiry::At(end)) => need(*end > self.start, Deficiency::ExpirationBeforeStart),
            Some(Expiry::Event(words)) => need(!words.trim().is_empty(), Deficiency::Expiration),
        }
        need(
            Statement::required_for(self.kind, self.purposes)
                .all(|statement| self.statements.contains(&statement)),
            Deficiency::Statement,
        );
        let notes = self.what.include.overlaps(LabelSet::NOTES);
        need(
            notes == (self.kind == ConsentKind::Notes),
            Deficiency::NotesCombined,
        );
        let legal = self.purposes.has(Purpose::Legal);
        need(
            !legal || self.purposes == PurposeSet::of([Purpose::Legal]),
            Deficiency::LegalCombined,
        );
        need(
            legal == (self.kind == ConsentKind::Legal),
            Deficiency::LegalCombined,
        );
        need(
            self.patient_started || !self.purposes.has(Purpose::PatientRequest),
            Deficiency::NotPatientStarted,
        );
        need(
            self.kind == ConsentKind::Tpo
                || !self.to.iter().any(|to| matches!(to, Recipient::TpoClass)),
            Deficiency::ClassNotAllowed,
        );
        // One signature for all three, no more and no less (A2).
        need(
            self.kind != ConsentKind::Tpo || self.purposes == PurposeSet::TPO,
            Deficiency::PurposesNotTpo,
        );
        need(
            self.kind != ConsentKind::Proxy
                || self.to.iter().all(|to| matches!(to, Recipient::Person(_))),
            Deficiency::HelperNotNamed,
        );
        let criminal_justice = self.purposes.has(Purpose::CriminalJustice);
        need(
            criminal_justice == (self.kind == ConsentKind::CriminalJustice)
                && (!criminal_justice
                    || self.purposes == PurposeSet::of([Purpose::CriminalJustice])),
            Deficiency::CriminalJusticeCombined,
        );
        need(
            !self.to.iter().any(|to| {
                matches!(to, Recipient::Intermediary { participants: Participants::Named(list), .. } if list.is_empty())
            }),
            Deficiency::IntermediaryWithoutParticipants,
        );
        need(
            match (self.what.service_from, self.what.service_until) {
                (Some(from), Some(until)) => from <= until,
                _ => true,
            },
            Deficiency::DatesReversed,
        );
        found.dedup();
        found
    }
}
