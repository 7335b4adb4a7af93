//! `/join` and the pages under it: from an invitation's code to an account, one question a page (LAW C5, F5, F6). The same
//! pages set an account up anew, after a recovery code or a reset.

pub mod app;
pub mod code;
pub mod codes;
pub mod email;
pub mod notice;
pub mod over;
pub mod passkey;
pub mod password;
pub mod second;
pub(crate) mod way;

use crate::t;
use portal::passwords::{AT_LEAST, AT_MOST, Weakness};

/// What to do about a password that is not taken.
pub(crate) fn weakness(weakness: Weakness) -> crate::i18n::Text {
    use crate::text;
    match weakness {
        Weakness::Missing => text!("password-missing"),
        Weakness::TooShort => text!("password-short", least = AT_LEAST),
        Weakness::TooLong => text!("password-long", most = AT_MOST),
        Weakness::Common => text!("password-common"),
        Weakness::AboutYou => text!("password-about-you"),
        Weakness::Sequence => text!("password-sequence"),
        Weakness::Repeats => text!("password-repeats"),
        Weakness::Date => text!("password-date"),
        Weakness::Word => text!("password-word"),
        Weakness::Guessable => text!("password-guessable"),
    }
}

/// How to choose a password: what is asked and what isn't.
pub(crate) fn password_hint() -> String {
    t!("password-hint", least = AT_LEAST)
}
