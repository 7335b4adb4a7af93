//! The words of letters (`app/i18n/en/letters.ftl`): neutral, no program, no condition, nothing of a record, no link
//! (LAW B6).

use crate::{dates, t, words::agent};
use chrono_tz::Tz;
use portal::letters::{Kind, Letter};

/// A letter in words: plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    /// The subject. It is the same for every letter: others may see it on a locked screen.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Words([redacted])")
    }
}

/// Puts a letter into words, with dates as people in that time zone read them. `sender`: who it is from.
pub fn words(letter: &Letter, sender: &str, zone: Tz) -> Words {
    let what = match letter.kind {
        Kind::NewDevice => t!("letter-new-device"),
        Kind::AccountMade => t!("letter-account-made"),
        Kind::NameShared => t!("letter-name-shared"),
        Kind::RecoveryCodeUsed => t!("letter-recovery-code-used"),
        Kind::SetUpAnew => t!("letter-set-up-anew"),
        Kind::FactorsReset => t!("letter-factors-reset"),
        Kind::PasswordChanged => t!("letter-password-changed"),
        Kind::FactorChanged => t!("letter-factor-changed"),
        Kind::RecoveryCodesChanged => t!("letter-recovery-codes-changed"),
        Kind::SessionsEnded => t!("letter-sessions-ended"),
        Kind::ToRead => t!("letter-to-read"),
        Kind::RecoveryAsked => t!("letter-recovery-asked"),
        Kind::RecoveryStopped => t!("letter-recovery-stopped"),
        Kind::ConfirmAddress => t!("letter-confirm-address"),
        Kind::AddressesChanged => t!("letter-addresses-changed"),
    };
    let mut lines = vec![t!("letter-greeting"), String::new(), what, String::new()];
    if let Some(code) = &letter.code {
        lines.extend([t!("letter-code", code = code), String::new()]);
    }
    lines.push(t!("letter-when", when = dates::moment(letter.at, zone)));
    if let Some(device) = letter.agent {
        lines.push(t!("letter-device", device = agent::words(device)));
    }
    lines.push(String::new());
    lines.extend(match letter.kind {
        Kind::ToRead => vec![t!("letter-how-to-read")],
        Kind::RecoveryAsked => vec![t!("letter-recovery-wait"), t!("letter-recovery-stop")],
        Kind::ConfirmAddress => vec![t!("letter-confirm-how"), t!("letter-confirm-not-you")],
        _ => vec![t!("letter-if-you"), t!("letter-if-not-you")],
    });
    lines.extend([String::new(), sender.to_owned(), t!("letter-no-answer")]);
    Words {
        subject: t!("letter-subject"),
        text: lines.join("\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::words;
    use chrono::DateTime;
    use portal::devices::{Agent, Browser, System};
    use portal::letters::{KINDS, Letter};

    /// LAW B6: no letter tells what the portal is for, or leads anywhere by a link.
    #[test]
    fn letters_are_neutral() {
        for kind in KINDS {
            let letter = Letter {
                kind,
                at: DateTime::UNIX_EPOCH,
                agent: Some(Agent {
                    browser: Browser::Firefox,
                    system: System::Windows,
                }),
                code: Some("7K3F-9TQW-0A1B-C2D3".to_owned()),
            };
            let words = words(&letter, "Your account", chrono_tz::America::New_York);
            assert_eq!(words.subject, "About your account");
            assert!(words.text.contains("7K3F-9TQW-0A1B-C2D3"));
            assert!(words.text.contains("Firefox on Windows") && words.text.contains("1969"));
            let text = words.text.to_lowercase();
            for word in [
                "http",
                "www.",
                "://",
                "health",
                "record",
                "clinic",
                "program",
                "care",
                "patient",
                "doctor",
                "medic",
                "treat",
                "drug",
                "alcohol",
                "confide",
                "portal",
                "{",
                "agreement",
                "share",
            ] {
                assert!(!text.contains(word), "{word} in\n{text}");
            }
            assert!(text.lines().all(|line| line.len() < 998), "RFC 5322 §2.1.1");
            assert!(format!("{words:?}").contains("redacted"));
        }
    }
}
