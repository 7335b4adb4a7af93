//! National Provider Identifiers and the words for organizations.

use domain::npi::{NotNpi, Npi, SYSTEM};
use domain::organization::{KINDS, OrganizationKind};
use proptest::prelude::*;

/// 45 CFR 162.406: ten digits, of which the last checks the others. 1234567893 is the example of the agency that gives
/// them out ("Requirements for NPI and NPI Check Digit"); the others follow from the formula.
#[test]
fn known_identifiers_are_taken() {
    for known in ["1234567893", "1679576722", "1245319599", " 1234567893 "] {
        let npi: Npi = known
            .parse()
            .unwrap_or_else(|error| panic!("{known}: {error}"));
        assert_eq!(npi.to_string(), known.trim());
    }
}

/// What is not ten digits is told from what was mistyped.
#[test]
fn what_is_no_identifier_is_said() {
    for form in [
        "",
        "123456789",
        "12345678933",
        "123456789a",
        "１２３４５６７８９３",
        "80840123456789",
    ] {
        assert_eq!(form.parse::<Npi>(), Err(NotNpi::Form), "{form}");
    }
    for mistyped in ["1234567890", "1234567894", "2134567893"] {
        assert_eq!(
            mistyped.parse::<Npi>(),
            Err(NotNpi::CheckDigit),
            "{mistyped}"
        );
    }
}

/// FHIR carries it as an identifier of its own system; of any other system it is another number.
#[test]
fn the_system_counts() {
    let found = Npi::of_identifier(&format!("{SYSTEM}|1234567893"));
    assert_eq!(
        found.map(|npi| npi.to_string()).as_deref(),
        Some("1234567893")
    );
    assert_eq!(Npi::of_identifier(&format!("{SYSTEM}|1234567890")), None);
    assert_eq!(Npi::of_identifier("urn:oid:2.16|1234567893"), None);
    assert_eq!(Npi::of_identifier("1234567893"), None);
}

/// What is stored reads back; what is no NPI doesn't.
#[test]
fn it_is_stored_as_its_digits() {
    let npi: Npi = "1234567893".parse().expect("an NPI");
    let written = serde_json::to_string(&npi).expect("text");
    assert_eq!(written, "\"1234567893\"");
    assert_eq!(serde_json::from_str::<Npi>(&written).ok(), Some(npi));
    assert!(serde_json::from_str::<Npi>("\"1234567890\"").is_err());
}

/// The Luhn sum of a whole number, written the other way round: as one sum over the fifteen digits.
fn luhn(number: &str) -> u32 {
    let digits: Vec<u32> = number
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .collect();
    let length = digits.len();
    digits
        .iter()
        .enumerate()
        .map(|(place, digit)| {
            let doubled = (length - place).is_multiple_of(2);
            let value = if doubled { digit * 2 } else { *digit };
            value / 10 + value % 10
        })
        .sum()
}

proptest! {
    /// Of the ten numbers with the same first nine digits just one is an NPI: the one whose Luhn sum with the prefix
    /// 80840 is a multiple of ten.
    #[test]
    fn one_check_digit_of_ten_fits(first in "[0-9]{9}") {
        let taken: Vec<String> = (0..10)
            .map(|last| format!("{first}{last}"))
            .filter(|number| number.parse::<Npi>().is_ok())
            .collect();
        prop_assert_eq!(taken.len(), 1);
        prop_assert_eq!(luhn(&format!("80840{}", taken[0])) % 10, 0);
    }

    /// One wrong digit is always noticed, and two neighbours that changed places are but for 0 and 9.
    #[test]
    fn a_slip_is_noticed(first in "[0-9]{9}", place in 0_usize..10, other in 0_u8..10) {
        let right = (0..10)
            .map(|last| format!("{first}{last}"))
            .find(|number| number.parse::<Npi>().is_ok())
            .expect("one of ten");
        let mut slip = right.clone().into_bytes();
        slip[place] = b'0' + other;
        let slip = String::from_utf8(slip).expect("digits");
        prop_assert_eq!(slip.parse::<Npi>().is_ok(), slip == right);
        let mut swapped = right.clone().into_bytes();
        if place < 9 {
            swapped.swap(place, place + 1);
            let pair = [swapped[place], swapped[place + 1]];
            let swapped = String::from_utf8(swapped).expect("digits");
            let unseen = pair == *b"09" || pair == *b"90" || swapped == right;
            prop_assert_eq!(swapped.parse::<Npi>().is_ok(), unseen);
        }
    }

    /// No text makes it panic, and what it takes it writes as it was.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,20}") {
        if let Ok(npi) = text.parse::<Npi>() {
            prop_assert_eq!(npi.to_string(), text.trim());
        }
    }
}

/// Each kind of organization has a name and words of its own, by which it is found again.
#[test]
fn kinds_are_found_by_name_and_words() {
    for kind in KINDS {
        assert_eq!(OrganizationKind::from_name(kind.name()), Some(kind));
        assert_eq!(
            OrganizationKind::from_words(&kind.words().to_uppercase()),
            Some(kind)
        );
    }
    assert_eq!(OrganizationKind::from_words("Addiction clinic"), None);
}
