//! Parts of a consent in words: to whom, until when, for what.

use crate::{
    dates,
    i18n::{label_name, list},
    t,
};
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::{consent::Expiry, label::LabelSet};
use portal::directory::{Name, RecipientName};

/// A recipient: "Dr. Amara Okafor, MD".
pub fn recipient(recipient: &RecipientName) -> String {
    match recipient {
        RecipientName::Party(name) => name.name.clone(),
        RecipientName::OnPaper(name) => t!("sharing-paper", name = name.name.as_str()),
        RecipientName::Through {
            intermediary,
            participants: None,
        } => t!(
            "sharing-through-treating-words",
            name = intermediary.name.as_str()
        ),
        RecipientName::Through {
            intermediary,
            participants: Some(named),
        } => {
            let names: Vec<String> = named.iter().map(|name| name.name.clone()).collect();
            t!(
                "sharing-through-named-words",
                name = intermediary.name.as_str(),
                participants = list(&names)
            )
        }
        RecipientName::TreatingProviders => t!("recipient-treating"),
        RecipientName::TpoClass => t!("recipient-tpo"),
        RecipientName::Unknown => t!("recipient-unknown"),
    }
}

/// All recipients of a consent as one list.
pub fn recipients(all: &[RecipientName]) -> String {
    list(&all.iter().map(recipient).collect::<Vec<_>>())
}

/// A name with what tells people of the same name apart: "Dr. Amara Okafor (Maple Street
/// Family Practice)".
pub fn name_with_place(name: &Name) -> String {
    match &name.organization {
        Some(place) => t!("name-with-place", name = name.name.as_str(), place = place),
        None => name.name.clone(),
    }
}

/// Until when, in words that follow "until": "June 3, 2027", "your treatment ends". `None`
/// when it has no end.
pub fn until(ends: Option<&Expiry>, zone: Tz) -> Option<String> {
    match ends? {
        // It ends with the last moment of a day: that day is what people were told.
        Expiry::At(end) => Some(dates::day(dates::day_in(
            *end - TimeDelta::seconds(1),
            zone,
        ))),
        Expiry::Event(event) => Some(event.clone()),
        Expiry::None => None,
        Expiry::EndOfTreatment => Some(t!("until-end-of-treatment")),
        Expiry::EndOfResearch => Some(t!("until-end-of-research")),
    }
}

/// What is open, in as few words as are true: a segment that is open whole is named once, not
/// with its parts.
pub fn labels(labels: LabelSet) -> Vec<String> {
    labels
        .iter()
        .filter(|label| {
            let whole = label.parent().is_some_and(|parent| labels.has(parent));
            !whole
        })
        .map(label_name)
        .collect()
}
