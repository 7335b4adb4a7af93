//! Which passwords are taken (LAW F6, NIST SP 800-63B-4 §3.1.1): long enough, not to be guessed, nothing else asked.
//!
//! No rule on kinds of characters, no rotation, nothing cut off. What is commonly used is refused by `zxcvbn`, which
//! carries lists of the commonest passwords, names and words, and finds them with letters changed, keys in a row,
//! repeats and dates; the person's own name and e-mail and the words of this product are refused with them.

use crate::refusal::Cause;
use crate::{Portal, Refusal};
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::Score;
use zxcvbn::feedback::Warning;
use zxcvbn::matching::patterns::MatchPattern;

/// The least length, in characters, of a password beside a second factor. Every account has one (LAW F5), so there is
/// no password that stands alone, which would need 15.
pub const AT_LEAST: usize = 8;
/// The greatest length, in characters; LAW F6 asks for 64 at least.
pub const AT_MOST: usize = 256;

/// Words that anybody would try here first.
const OURS: [&str; 14] = [
    "confide",
    "portal",
    "patient",
    "record",
    "records",
    "health",
    "clinic",
    "doctor",
    "recovery",
    "treatment",
    "consent",
    "privacy",
    "medical",
    "sharing",
];

/// Why a password is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weakness {
    /// Nothing was typed.
    Missing,
    /// Fewer than [`AT_LEAST`] characters.
    TooShort,
    /// More than [`AT_MOST`] characters.
    TooLong,
    /// One of the commonest, or close to one.
    Common,
    /// Made of the person's name or e-mail, or of the words of this product.
    AboutYou,
    /// Keys in a row, or letters and digits in their order.
    Sequence,
    /// The same again and again.
    Repeats,
    /// A date or a year.
    Date,
    /// A word or a name by itself.
    Word,
    /// Too easy to guess for another reason.
    Guessable,
}

/// The form in which a password is checked and hashed: NFC, so that the same characters typed on another keyboard are
/// the same password (SP 800-63B-4 §3.1.1.2). Nothing else is changed.
pub(crate) fn normal(password: &SecretString) -> Zeroizing<String> {
    Zeroizing::new(password.expose_secret().nfc().collect())
}

/// Looks at a password that somebody wants to have. `about`: the person's name and sign-in name.
///
/// # Errors
/// When no worker is there to look.
pub async fn check(
    portal: &Portal,
    password: &SecretString,
    about: &[&str],
) -> Result<Result<(), Weakness>, Refusal> {
    let password = normal(password);
    match password.chars().count() {
        0 => return Ok(Err(Weakness::Missing)),
        length if length < AT_LEAST => return Ok(Err(Weakness::TooShort)),
        length if length > AT_MOST => return Ok(Err(Weakness::TooLong)),
        _ => {}
    }
    let words = words(about);
    let Ok(_turn) = portal.hashing().acquire_owned().await else {
        return Err(Refusal::Unavailable(Cause::Worker));
    };
    tokio::task::spawn_blocking(move || guessed(&password, &words))
        .await
        .map_err(|_| Refusal::Unavailable(Cause::Worker))
}

/// The words that must not make up the password.
fn words(about: &[&str]) -> Vec<String> {
    let theirs = about.iter().flat_map(|text| {
        let parts = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| part.chars().count() > 2);
        core::iter::once(*text).chain(parts)
    });
    theirs
        .chain(OURS)
        .map(|word| word.nfc().flat_map(char::to_lowercase).collect())
        .collect()
}

fn guessed(password: &str, words: &[String]) -> Result<(), Weakness> {
    if is_made_of(password, words) {
        return Err(Weakness::AboutYou);
    }
    let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
    let found = zxcvbn::zxcvbn(password, &inputs);
    // Eight characters without any pattern come out at just under its third mark, and are enough beside a second factor.
    let without_pattern = || {
        found
            .sequence()
            .iter()
            .all(|part| matches!(part.pattern, MatchPattern::BruteForce))
    };
    if found.score() >= Score::Three || (found.score() == Score::Two && without_pattern()) {
        return Ok(());
    }
    let warning = found
        .feedback()
        .and_then(zxcvbn::feedback::Feedback::warning);
    Err(match warning {
        Some(
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword,
        ) => Weakness::Common,
        Some(
            Warning::StraightRowsOfKeysAreEasyToGuess
            | Warning::ShortKeyboardPatternsAreEasyToGuess
            | Warning::SequencesLikeAbcAreEasyToGuess,
        ) => Weakness::Sequence,
        Some(
            Warning::RepeatsLikeAaaAreEasyToGuess
            | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess,
        ) => Weakness::Repeats,
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => {
            Weakness::Date
        }
        Some(
            Warning::AWordByItselfIsEasyToGuess
            | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
            | Warning::CommonNamesAndSurnamesAreEasyToGuess,
        ) => Weakness::Word,
        None => Weakness::Guessable,
    })
}

/// Whether hardly anything is left once these words, digits and signs are taken out: `Jordan.Reyes-1984!` of Jordan Reyes.
fn is_made_of(password: &str, words: &[String]) -> bool {
    /// As many letters of one's own as make no difference.
    const LEFT: usize = 4;
    let mut rest: String = password.chars().flat_map(char::to_lowercase).collect();
    let all = rest.clone();
    let mut longest_first: Vec<&String> = words.iter().collect();
    longest_first.sort_by_key(|word| core::cmp::Reverse(word.len()));
    for word in longest_first {
        rest = rest.replace(word.as_str(), " ");
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    rest != all && letters < LEFT
}

#[cfg(test)]
mod tests {
    use super::{Weakness, guessed, normal, words};

    fn of_jordan(password: &str) -> Result<(), Weakness> {
        guessed(password, &words(&["Jordan Reyes", "jordan@demo.example"]))
    }

    /// LAW F6: what everybody uses is refused, plain and dressed up. The first twenty of eight characters or more of
    /// the lists that breaches made public, and variations.
    #[test]
    fn the_commonest_are_refused() {
        for common in [
            "password",
            "12345678",
            "123456789",
            "1234567890",
            "qwertyuiop",
            "baseball",
            "football",
            "iloveyou",
            "sunshine",
            "princess",
            "superman",
            "trustno1",
            "starwars",
            "computer",
            "whatever",
            "1q2w3e4r",
            "password1",
            "password123",
            "11111111",
            "1qaz2wsx",
            "P@ssw0rd",
            "Passw0rd!",
            "Password2024",
            "drowssap",
            "qwerty123",
            "letmein123",
            "welcome1",
            "Sunshine1!",
            "michael1",
            "abcdefgh",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "01/02/1984",
            "19840102",
        ] {
            assert!(of_jordan(common).is_err(), "{common}");
        }
    }

    /// LAW F6: nothing of the person or the product, whatever is put around it.
    #[test]
    fn ones_own_name_is_refused() {
        for mine in [
            "jordanreyes",
            "Jordan.Reyes-1984!",
            "reyesjordan2026",
            "jordan@demo.example",
            "Confide-portal-2026",
            "myhealthrecords",
            "PatientPortal#1",
        ] {
            assert_eq!(of_jordan(mine), Err(Weakness::AboutYou), "{mine}");
        }
    }

    /// LAW F6: no rule on kinds of characters: one alphabet is enough, in any language.
    #[test]
    fn what_is_hard_to_guess_is_taken() {
        for good in [
            "purple tugboat argument",
            "violetharborkettle",
            "x7vKq2mW",
            "mi abuela baila cumbia",
            "сорок восемь журавлей",
            "蛙が池に飛び込む音がした",
            "🦀 under the third bridge",
            "84917362057431",
            " a space at both ends ",
        ] {
            assert_eq!(of_jordan(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn each_weakness_has_its_reason() {
        assert_eq!(of_jordan("password1"), Err(Weakness::Common));
        assert_eq!(of_jordan("zxcvbnm,"), Err(Weakness::Sequence));
        assert_eq!(of_jordan("aaaaaaaaaaaa"), Err(Weakness::Repeats));
    }

    #[test]
    fn two_ways_of_typing_a_letter_are_one() {
        let composed = normal(&"caf\u{e9} au lait".to_owned().into());
        let decomposed = normal(&"cafe\u{301} au lait".to_owned().into());
        assert_eq!(composed, decomposed);
        assert_eq!(*normal(&" As typed\t ".to_owned().into()), " As typed\t ");
    }
}
