//! Words, apart from code: every sentence a person reads stands in `app/i18n/en/*.ftl`
//! (Fluent). Legal texts are not here; they are `domain::notice`, verbatim.
//!
//! ```
//! use app::t;
//! let heading = t!("help-heading");
//! let line = t!("pagination-position", page = 2, pages = 5);
//! # assert!(!heading.is_empty() && line.contains('5'));
//! ```
//!
//! A key that doesn't exist, an argument too many or too few: none of these compile.
//! `text!` takes the same and makes a [`Text`] that is put into words when it is shown; use it
//! where there is no page yet (the errors of a form).
//!
//! A new message is a line in the `.ftl` file of its journey; nothing else is to be registered.

mod language;
mod names;
mod text;

pub use language::{Language, current};
pub use names::{kind_name, label_icon, label_name, list, purpose_name, row};
pub use text::{Argument, Text};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Whether the message `key` exists. Runs while compiling, for `t!` and `text!`.
#[doc(hidden)]
pub const fn has_message(key: &str) -> bool {
    position(key).is_some()
}

/// Whether `given` are the arguments of the message `key`, in any order. Runs while compiling.
#[doc(hidden)]
pub const fn takes(key: &str, given: &[&str]) -> bool {
    let Some(index) = position(key) else {
        return false;
    };
    let expected = MESSAGES[index].1;
    if expected.len() != given.len() {
        return false;
    }
    let mut one = 0;
    while one < given.len() {
        let mut other = 0;
        let mut found = false;
        while other < expected.len() {
            if matches!(
                compare(given[one], expected[other]),
                core::cmp::Ordering::Equal
            ) {
                found = true;
            }
            other += 1;
        }
        if !found {
            return false;
        }
        one += 1;
    }
    true
}

/// The message of a key that the record decides (a status, a field), in the words of the page's
/// language. Look first whether there [is one](has_message); it takes no arguments.
pub fn message(key: &str) -> String {
    current().plain(key).into_owned()
}

const fn position(key: &str) -> Option<usize> {
    let mut low = 0;
    let mut high = MESSAGES.len();
    while low < high {
        let middle = usize::midpoint(low, high);
        match compare(key, MESSAGES[middle].0) {
            core::cmp::Ordering::Equal => return Some(middle),
            core::cmp::Ordering::Less => high = middle,
            core::cmp::Ordering::Greater => low = middle + 1,
        }
    }
    None
}

const fn compare(one: &str, other: &str) -> core::cmp::Ordering {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut index = 0;
    while index < one.len() && index < other.len() {
        if one[index] < other[index] {
            return core::cmp::Ordering::Less;
        }
        if one[index] > other[index] {
            return core::cmp::Ordering::Greater;
        }
        index += 1;
    }
    if one.len() < other.len() {
        core::cmp::Ordering::Less
    } else if one.len() > other.len() {
        core::cmp::Ordering::Greater
    } else {
        core::cmp::Ordering::Equal
    }
}

/// A message to be put into words when it is shown: `text!("key", name = value)` gives a
/// [`Text`](crate::i18n::Text).
#[macro_export]
macro_rules! text {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        const {
            assert!(
                $crate::i18n::has_message($key),
                concat!("no message \"", $key, "\" in app/i18n/en")
            );
            assert!(
                $crate::i18n::takes($key, &[$(stringify!($name)),*]),
                concat!("other arguments than the message \"", $key, "\" takes")
            );
        }
        $crate::i18n::Text::new(
            $key,
            vec![$((stringify!($name), $crate::i18n::Argument::from($value))),*],
        )
    }};
}

/// A message in the words of the page's language: `t!("key", name = value)` gives a `String`.
#[macro_export]
macro_rules! t {
    ($($message:tt)*) => { $crate::text!($($message)*).to_string() };
}

#[cfg(test)]
mod tests {
    use super::{MESSAGES, has_message, takes};

    #[test]
    fn the_list_is_sorted_and_found() {
        assert!(MESSAGES.is_sorted_by_key(|message| message.0));
        for (key, arguments) in MESSAGES {
            assert!(has_message(key));
            assert!(takes(key, arguments));
        }
        assert!(!has_message("no-such-message"));
        assert!(!takes("pagination-position", &["page"]));
    }

    #[test]
    fn every_message_can_be_put_into_words() {
        for (key, arguments) in MESSAGES {
            let arguments = arguments
                .iter()
                .map(|name| (*name, super::Argument::from(2)));
            let words = super::Text::new(key, arguments.collect()).to_string();
            assert!(
                !words.is_empty() && !words.contains("No localization"),
                "{key}"
            );
        }
    }
}
