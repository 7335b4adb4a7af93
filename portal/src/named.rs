//! Finding the one record of a name and a birth date: for those who may ask for a record they can't open. They are told
//! the same when there is none and when there are several (LAW B5).

use crate::{Portal, Refusal};
use chrono::NaiveDate;
use domain::id::{PatientId, PersonId};

/// The record whose subject has this whole name and birth date; `None`: there is none, or more than one.
pub(crate) async fn the_one(
    portal: &Portal,
    name: &str,
    birth: NaiveDate,
) -> Result<Option<PatientId>, Refusal> {
    let name = compared(name);
    let store = portal.store();
    let born = store.patients_born(birth).await?;
    let people: Vec<PersonId> = born.iter().map(|(_, person)| *person).collect();
    let people = store.people(&people).await?;
    let mut found = born.into_iter().filter(|(_, id)| {
        people
            .iter()
            .any(|person| person.id == *id && compared(&person.name) == name)
    });
    let first = found.next();
    Ok(match found.next() {
        Some(_) => None,
        None => first.map(|(patient, _)| patient),
    })
}

/// The form in which names are compared: without case, and with one space between words.
fn compared(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::compared;

    #[test]
    fn names_are_compared_whole() {
        assert_eq!(compared("  Jordan   ALEXIS Reyes "), "jordan alexis reyes");
        assert_ne!(compared("Jordan Reyes"), compared("Jordan Alexis Reyes"));
    }
}
