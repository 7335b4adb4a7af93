//! How long a consent is to hold, as it is chosen, and as it stands in the terms (LAW A6).

use crate::days::{self, end_of};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use domain::clock::Instant;
use domain::consent::Expiry;
use serde::{Deserialize, Serialize};

/// How long, as it is chosen on the page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Ends {
    /// At the end of that day, in the portal's time zone.
    On(NaiveDate),
    /// At an instant that is no end of a day: of a consent that was signed elsewhere than on these pages.
    At(Instant),
    /// When something happens, in the words of [`domain::consent::EndingEvent::words`] or, of a consent of another time, in others.
    When(String),
    /// At the end of the treatment: only for treatment, payment and operations (LAW A6).
    EndOfTreatment,
    /// At the end of the research study: only for research (LAW A6).
    EndOfResearch,
    /// No end: only for treatment, payment and operations (LAW A6).
    Never,
}

/// The expiration of a consent that ends so.
pub(super) fn expiry_of(ends: &Ends, zone: Tz) -> Expiry {
    match ends {
        Ends::On(day) => Expiry::At(end_of(*day, zone)),
        Ends::At(end) => Expiry::At(*end),
        Ends::When(words) => Expiry::Event(words.clone()),
        Ends::EndOfTreatment => Expiry::EndOfTreatment,
        Ends::EndOfResearch => Expiry::EndOfResearch,
        Ends::Never => Expiry::None,
    }
}

/// How long, of a consent with that expiration.
pub(super) fn ends_of(expiry: &Expiry, zone: Tz) -> Ends {
    match expiry {
        Expiry::At(end) => {
            // The last day on which it is in force all day.
            let last = days::of(*end - TimeDelta::microseconds(1), zone);
            if end_of(last, zone) == *end {
                Ends::On(last)
            } else {
                Ends::At(*end)
            }
        }
        Expiry::Event(words) => Ends::When(words.clone()),
        Expiry::EndOfTreatment => Ends::EndOfTreatment,
        Expiry::EndOfResearch => Ends::EndOfResearch,
        Expiry::None => Ends::Never,
    }
}
