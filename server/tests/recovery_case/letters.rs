//! What waits in the outbox.

use crate::support::TestPortal;
use chrono::TimeDelta;
use portal::letters::{Kind, Letter};

/// The letters that were written since this was asked last: to whom, and what. They are gone from the outbox then.
pub async fn written(test: &TestPortal) -> Vec<(String, Letter)> {
    let store = test.portal.store();
    let taken = store.take_letters(1_000, TimeDelta::minutes(1)).await;
    let mut letters = Vec::new();
    for waiting in taken.expect("letters") {
        let letter = Letter::read(&waiting.letter.what).expect("a letter of ours");
        store.delete_letter(waiting.id).await.expect("a letter");
        letters.push((waiting.letter.to, letter));
    }
    letters.sort_by(|(one, _), (other, _)| one.cmp(other));
    letters
}

/// To whom letters of a kind went.
pub fn to(letters: &[(String, Letter)], kind: Kind) -> Vec<&str> {
    letters
        .iter()
        .filter(|(_, letter)| letter.kind == kind)
        .map(|(to, _)| to.as_str())
        .collect()
}

/// The code that was sent to an address last.
pub fn code(letters: &[(String, Letter)], address: &str) -> String {
    let mut codes = letters
        .iter()
        .filter(|(to, letter)| to == address && letter.kind == Kind::ConfirmAddress)
        .filter_map(|(_, letter)| letter.code.clone());
    let code = codes.next_back().expect("a code");
    assert!(code.replace('-', "").len() >= 16, "LAW F6: 64 bits or more");
    code
}

/// Fails unless a letter says nothing that others may not read (LAW B6).
pub fn assert_neutral(letter: &Letter, names: &[&str]) {
    let words = app::letters::words(letter, "Your account", chrono_tz::UTC);
    assert_eq!(words.subject, "About your account");
    let text = words.text.to_lowercase();
    for word in [
        "http", "health", "record", "clinic", "program", "patient", "treat", "drug", "harbor",
        "confide",
    ]
    .iter()
    .chain(names)
    {
        assert!(!text.contains(&word.to_lowercase()), "{word} in\n{text}");
    }
}
