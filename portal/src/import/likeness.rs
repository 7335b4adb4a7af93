//! Whether two resources that go by the same id can be about the same person or organization. If they can't, taking them
//! for one would mix two people: the records of two patients, or what was consented to for two clinicians.

use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What tells one person or organization from another.
#[derive(Default)]
pub(super) struct Likeness {
    pub name: Option<String>,
    pub birth: Option<NaiveDate>,
    pub identifiers: Vec<String>,
}

impl Likeness {
    /// Whether both can be the same. What is not known contradicts nothing.
    pub(super) fn fits(&self, other: &Self) -> bool {
        let shared = self
            .identifiers
            .iter()
            .any(|one| !one.starts_with('|') && other.identifiers.contains(one));
        if shared {
            return true;
        }
        let born_alike = match (self.birth, other.birth) {
            (Some(one), Some(two)) => Some(one == two),
            _ => None,
        };
        let (Some(one), Some(two)) = (&self.name, &other.name) else {
            return born_alike != Some(false);
        };
        let (one, two) = (words(one), words(two));
        match born_alike {
            // People marry, and names are mistyped.
            Some(true) => !one.is_disjoint(&two),
            Some(false) => false,
            None => one.is_subset(&two) || two.is_subset(&one),
        }
    }
}

impl Likeness {
    /// What tells it from another of the same id, always alike for the same one.
    pub(super) fn mark(&self) -> String {
        let identifier = self
            .identifiers
            .iter()
            .filter(|it| !it.starts_with('|'))
            .min();
        match (identifier, &self.name) {
            (Some(identifier), _) => identifier.clone(),
            (None, Some(name)) => words(name).into_iter().collect::<Vec<_>>().join(" "),
            (None, None) => String::new(),
        }
    }
}

/// The words of a name, but not initials, titles and the like.
fn words(name: &str) -> BTreeSet<String> {
    name.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Likeness;
    use chrono::NaiveDate;

    fn like(name: &str, year: Option<i32>, identifier: &str) -> Likeness {
        Likeness {
            name: Some(name.to_owned()),
            birth: year.and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1)),
            identifiers: vec![identifier.to_owned()],
        }
    }

    #[test]
    fn the_same_person_may_change_and_another_is_seen() {
        let known = like("Mr. Jordan A. Reyes", Some(1990), "urn:mrn|7");
        for same in [
            like("Jordan Reyes", Some(1990), "urn:mrn|8"),
            like("Jordan Ellis", Some(1990), "urn:mrn|8"),
            like("Somebody Else", Some(1950), "urn:mrn|7"),
            like("jordan REYES", None, ""),
            Likeness::default(),
        ] {
            assert!(known.fits(&same) && same.fits(&known));
        }
        for other in [
            like("Jordan Reyes", Some(1991), "urn:mrn|8"),
            like("Morgan Ellis", Some(1990), "urn:mrn|8"),
            like("Jordan Ellis", None, "urn:mrn|8"),
        ] {
            assert!(!known.fits(&other) && !other.fits(&known));
        }
        let nameless = |text: &str| like("Jordan Reyes", Some(1991), text);
        assert!(
            !like("Jordan Reyes", Some(1990), "|7").fits(&nameless("|7")),
            "an identifier without a system tells nothing"
        );
    }
}
