//! What staff write down of sharing: that the patient takes it back by word of mouth, or that something happened with which
//! it was to end (LAW A12, 2.31(a)(6), (7)).
//!
//! INVARIANT (LAW B5): nothing answers whether anything was open, or ended by this. Who writes it down learns only that
//! there is a record of the name and birth date that they gave.

use crate::actor::Actor;
use crate::{Portal, Refusal, named};
use chrono::NaiveDate;
use domain::consent::{EndingEvent, Expiry, Participants, Recipient, StandingConsent};
use domain::duty::Duty;
use domain::party::Party;
use std::ops::RangeInclusive;
use store::{Chain, Event, Stop};

/// How many letters a note takes.
pub const NOTE: RangeInclusive<usize> = 10..=500;

/// What was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// The patient takes it back: it is on hold until they sign anew or revoke it themselves.
    Revoked,
    /// The treatment is over, with which it was to end.
    TreatmentOver,
    /// The research study is over, with which it was to end.
    StudyOver,
    /// Something of the list happened.
    Happened(EndingEvent),
}

impl What {
    /// The stable name in forms and in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::TreatmentOver => "treatment-over",
            Self::StudyOver => "study-over",
            Self::Happened(event) => event.name(),
        }
    }

    /// The one of that [`What::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "revoked" => Some(Self::Revoked),
            "treatment-over" => Some(Self::TreatmentOver),
            "study-over" => Some(Self::StudyOver),
            _ => EndingEvent::from_name(name).map(Self::Happened),
        }
    }

    /// How it stops a consent, if it does.
    fn stops(self, standing: &StandingConsent) -> Option<Stop> {
        match (self, &standing.consent.terms.expiry) {
            (Self::Revoked, _) => Some(Stop::Suspend),
            (Self::TreatmentOver, Some(Expiry::EndOfTreatment))
            | (Self::StudyOver, Some(Expiry::EndOfResearch)) => Some(Stop::End),
            (Self::Happened(event), Some(Expiry::Event(words))) if event.words() == words => {
                Some(Stop::End)
            }
            _ => None,
        }
    }
}

/// How it was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Face to face.
    InPerson,
    /// On the telephone.
    ByPhone,
    /// In a letter or a message.
    InWriting,
    /// By another office: a court, a program, a plan.
    ByOffice,
}

impl How {
    /// All, in the order they are offered.
    pub const ALL: [Self; 4] = [
        Self::InPerson,
        Self::ByPhone,
        Self::InWriting,
        Self::ByOffice,
    ];

    /// The stable name in forms and in the ledger.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InPerson => "in-person",
            Self::ByPhone => "by-phone",
            Self::InWriting => "in-writing",
            Self::ByOffice => "by-office",
        }
    }

    /// The one of that [`How::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// What is written down.
#[derive(Clone, PartialEq, Eq)]
pub struct Told {
    /// The patient's whole name.
    pub name: String,
    /// The patient's birth date.
    pub birth: NaiveDate,
    /// What was told.
    pub what: What,
    /// How it was told.
    pub how: How,
    /// About sharing with whom; `None`: about all of it.
    pub recipient: Option<Party>,
    /// In the words of the one who writes it down.
    pub note: String,
}

impl core::fmt::Debug for Told {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Told([redacted])")
    }
}

/// Whether a consent names somebody, as a person, as an organization, or as a participant.
fn names(standing: &StandingConsent, party: Party) -> bool {
    standing.consent.terms.to.iter().any(|to| match to {
        Recipient::Person(person) => Party::Person(*person) == party,
        Recipient::Organization(organization) => Party::Organization(*organization) == party,
        Recipient::Intermediary {
            organization,
            participants,
        } => {
            Party::Organization(*organization) == party
                || matches!(participants, Participants::Named(named) if named.contains(&party))
        }
        // Everybody of the class is meant, so it is closed for all of them rather than open for the one.
        Recipient::TreatingProviders | Recipient::TpoClass => true,
        Recipient::Named(_) => false,
    })
}

/// Whether the person may write such things down.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not.
pub fn may(actor: &Actor) -> Result<(), Refusal> {
    actor.must(Duty::RecordEndings)
}

/// Writes it down: what it closes is closed before this returns. `false`: there is no record of that name and birth date,
/// or more than one; that somebody asked stands in the house's ledger.
///
/// # Errors
/// [`Refusal::NotAvailable`] for whoever may not.
pub async fn write_down(portal: &Portal, actor: &Actor, told: &Told) -> Result<bool, Refusal> {
    may(actor)?;
    let store = portal.store();
    let stamp = actor.stamp();
    let Some(patient) = named::the_one(portal, &told.name, told.birth).await? else {
        let event = Event::SharingNotFound;
        store.append(&stamp, Chain::House, event).await?;
        return Ok(false);
    };
    let event = Event::SharingToldToEnd {
        what: told.what.name().to_owned(),
        how: told.how.name().to_owned(),
        recipient: told.recipient,
        note: told.note.clone(),
    };
    let choose = |standing: &StandingConsent| {
        told.recipient
            .is_none_or(|party| names(standing, party))
            .then(|| told.what.stops(standing))
            .flatten()
    };
    store.stop_consents(&stamp, patient, choose, event).await?;
    Ok(true)
}
