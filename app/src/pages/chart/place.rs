//! Where a chart is shown, and so where its links lead: the one thing in which a patient's view of it as somebody else
//! differs from the chart that this somebody has.

use crate::destination::Destination;
use domain::{
    id::{ItemId, PatientId},
    party::{ROLES, Role},
    purpose::Purpose,
};
use portal::{chart::PURPOSES, sharing::view_as::Asked};
use uuid::Uuid;

/// The place of a chart.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The chart itself, of this patient.
    Chart(PatientId),
    /// The patient's own view of it.
    View(Asked),
}

impl Place {
    /// A page of the chart.
    pub fn page(self, page: usize) -> String {
        match self {
            Self::Chart(patient) => {
                format!("{}?page={page}", Destination::Patient(patient.0).path())
            }
            Self::View(asked) => format!("{}&page={page}", view(asked)),
        }
    }

    /// An item of the chart.
    pub fn item(self, item: ItemId) -> String {
        match self {
            Self::Chart(patient) => {
                format!("{}/records/{item}", Destination::Patient(patient.0).path())
            }
            Self::View(asked) => format!(
                "{}/items/{item}?{}",
                Destination::ViewAs(asked.recipient).path(),
                query(asked)
            ),
        }
    }

    /// An item that takes a fresh factor of the patient: on the page of their own record.
    pub fn masked(self, item: ItemId) -> Option<String> {
        match self {
            Self::Chart(_) => None,
            Self::View(_) => Some(Destination::Record(item.0).path()),
        }
    }
}

/// The first page of a view.
pub fn view(asked: Asked) -> String {
    format!(
        "{}?{}",
        Destination::ViewAs(asked.recipient).path(),
        query(asked)
    )
}

/// For what and in which role, as numbers: an address tells nothing (UX).
fn query(asked: Asked) -> String {
    let mut query = format!("for={}", number_of(asked.purpose));
    if let Some(role) = asked.role {
        query.push_str("&as=");
        query.push_str(&number_of_role(role));
    }
    query
}

/// Every purpose of a view in the order of its number, from 1.
fn numbered() -> impl Iterator<Item = Purpose> {
    PURPOSES.into_iter().chain([Purpose::Emergency])
}

/// The number of a purpose.
pub fn number_of(purpose: Purpose) -> String {
    let place = numbered().position(|known| known == purpose);
    place.map_or_else(String::new, |place| (place + 1).to_string())
}

/// The purpose of a number.
pub fn purpose_of(number: &str) -> Option<Purpose> {
    numbered().find(|purpose| number_of(*purpose) == number)
}

/// The number of a role.
pub fn number_of_role(role: Role) -> String {
    let place = ROLES.into_iter().position(|known| known == role);
    place.map_or_else(String::new, |place| (place + 1).to_string())
}

/// The role of a number.
pub fn role_of(number: &str) -> Option<Role> {
    ROLES
        .into_iter()
        .find(|role| number_of_role(*role) == number)
}

/// A view as it is asked for in an address: `None` as long as it is not said for what.
pub fn asked(recipient: Uuid, query: Option<&str>) -> Option<Asked> {
    let mut purpose = None;
    let mut role = None;
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "for" => purpose = purpose_of(&value),
            "as" => role = role_of(&value),
            _ => {}
        }
    }
    Some(Asked {
        recipient,
        role,
        purpose: purpose?,
    })
}

#[cfg(test)]
mod tests {
    use super::{asked, query};
    use domain::{party::Role, purpose::Purpose};
    use portal::sharing::view_as::Asked;
    use uuid::Uuid;

    /// What an address says is what was asked, and no word of it is in the address.
    #[test]
    fn an_address_says_what_was_asked() {
        let recipient = Uuid::from_u128(7);
        for purpose in super::numbered() {
            for role in [None, Some(Role::Clinician), Some(Role::Billing)] {
                let one = Asked {
                    recipient,
                    role,
                    purpose,
                };
                let query = query(one);
                assert!(!query.contains(purpose.name()), "{query}");
                assert_eq!(asked(recipient, Some(&query)), Some(one));
            }
        }
        for odd in [
            None,
            Some(""),
            Some("for=0"),
            Some("for=treatment"),
            Some("for=9"),
        ] {
            assert_eq!(asked(recipient, odd), None);
        }
        let twice = asked(recipient, Some("for=1&as=x")).expect("for treatment");
        assert_eq!((twice.purpose, twice.role), (Purpose::Treatment, None));
    }
}
