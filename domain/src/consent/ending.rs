//! Events that a consent can end with (LAW A6, 42 CFR 2.31(a)(7): "an event"), out of a short closed list, so that staff
//! who record that one came about and patients who chose it mean the same.

use super::Expiry;
use crate::purpose::{Purpose, PurposeSet};

/// Something that a consent can end with, chosen by the patient, recorded by staff when it came about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EndingEvent {
    /// The patient finished the program.
    ProgramFinished,
    /// The patient moved to another provider.
    ProviderChanged,
    /// The claim was paid.
    ClaimPaid,
    /// The case, of whatever kind, was closed.
    CaseClosed,
    /// The final disposition of the criminal proceeding, or of the conditional release, in connection with which the
    /// consent was given (LAW A13, 2.35).
    FinalDisposition,
}

/// Every event, in the order people see them.
pub const ENDING_EVENTS: [EndingEvent; 5] = [
    EndingEvent::ProgramFinished,
    EndingEvent::ProviderChanged,
    EndingEvent::ClaimPaid,
    EndingEvent::CaseClosed,
    EndingEvent::FinalDisposition,
];

impl EndingEvent {
    /// The stable name used in forms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProgramFinished => "program-finished",
            Self::ProviderChanged => "provider-changed",
            Self::ClaimPaid => "claim-paid",
            Self::CaseClosed => "case-closed",
            Self::FinalDisposition => "final-disposition",
        }
    }

    /// The event of that [`EndingEvent::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        ENDING_EVENTS.into_iter().find(|event| event.name() == name)
    }

    /// The words that stand in a consent ([`Expiry::Event`]): they are signed.
    ///
    /// INVARIANT: never change them, or consents that were signed with the old ones are of no known event.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ProgramFinished => "I finish this program",
            Self::ProviderChanged => "I move to another provider",
            Self::ClaimPaid => "my claim is paid",
            Self::CaseClosed => "my case is closed",
            Self::FinalDisposition => "my case is finally decided",
        }
    }

    /// The event of these [`EndingEvent::words`]; `None` for words of another time or place.
    pub fn from_words(words: &str) -> Option<Self> {
        ENDING_EVENTS
            .into_iter()
            .find(|event| event.words() == words)
    }

    /// The event a consent ends with, if it ends with one of this list.
    pub fn of(expiry: &Expiry) -> Option<Self> {
        match expiry {
            Expiry::Event(words) => Self::from_words(words),
            Expiry::At(_) | Expiry::None | Expiry::EndOfTreatment | Expiry::EndOfResearch => None,
        }
    }

    /// The expiration of a consent that ends with it.
    pub fn expiry(self) -> Expiry {
        Expiry::Event(self.words().to_owned())
    }

    /// Whether it makes sense as the end of a consent for these purposes. One to criminal justice ends with the final
    /// disposition at the latest, and no other does (LAW A13).
    pub fn fits(self, purposes: PurposeSet) -> bool {
        let criminal_justice = purposes.has(Purpose::CriminalJustice);
        match self {
            Self::FinalDisposition => criminal_justice,
            Self::ClaimPaid => purposes.has(Purpose::Payment),
            Self::ProviderChanged => {
                purposes.has(Purpose::Treatment) || purposes.has(Purpose::CareCoordination)
            }
            Self::ProgramFinished | Self::CaseClosed => !criminal_justice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ENDING_EVENTS, EndingEvent};
    use crate::consent::Expiry;
    use crate::purpose::{ALL, Purpose, PurposeSet};

    /// LAW A6: what a patient chose is what staff record, by name in forms and by words in the signed consent.
    #[test]
    fn an_event_is_found_by_its_name_and_its_words() {
        for event in ENDING_EVENTS {
            assert_eq!(EndingEvent::from_name(event.name()), Some(event));
            assert_eq!(EndingEvent::of(&event.expiry()), Some(event));
        }
        for other in ["", "I finish", "my case is finally decided."] {
            assert_eq!(EndingEvent::of(&Expiry::Event(other.to_owned())), None);
        }
    }

    /// LAW A13: a consent to criminal justice ends with the final disposition and with no other event of the list.
    #[test]
    fn criminal_justice_ends_with_the_final_disposition() {
        for purpose in ALL {
            let purposes = PurposeSet::of([purpose]);
            let fitting = ENDING_EVENTS.into_iter().filter(|one| one.fits(purposes));
            if purpose == Purpose::CriminalJustice {
                assert!(fitting.eq([EndingEvent::FinalDisposition]));
            } else {
                assert!(!EndingEvent::FinalDisposition.fits(purposes));
                assert!(fitting.count() >= 2);
            }
        }
    }
}
