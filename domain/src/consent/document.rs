//! The document that a consent is kept as: what the signer read, in words, bound to what was agreed (LAW A1).

use super::{Consent, canonical};
use core::fmt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One answer of the consent, as it stood on the page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What was asked, such as "Who".
    pub name: String,
    /// The answer, line by line.
    pub words: Vec<String>,
}

/// What the signer read before signing, in words, and with what name they signed.
///
/// The terms of a [`Consent`] name people, organizations and items by id; names change, and so do the words of the portal.
/// What stands here is what was read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The language, as a BCP 47 tag.
    pub language: String,
    /// The heading.
    pub title: String,
    /// The answers: who, why, what, from when, how long (2.31(a)(1)–(7)).
    pub answers: Vec<Answer>,
    /// The heading over the statements.
    pub statements_title: String,
    /// The statements that were shown (2.31(a)(6), (10)).
    pub statements: Vec<String>,
    /// The heading over the elements.
    pub elements_title: String,
    /// The elements in the order of 2.31(a), in the rule's words where it has some.
    pub elements: Vec<String>,
    /// Who signed, when, with what (2.31(a)(8), (9)).
    pub signature: Vec<Answer>,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Document([redacted])")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer([redacted])")
    }
}

/// A row that reads otherwise in a later document.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// What was asked.
    pub name: String,
    /// How it read before; empty: it was not there.
    pub before: Vec<String>,
    /// How it reads now; empty: it is not there any more.
    pub now: Vec<String>,
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Change([redacted])")
    }
}

impl Document {
    /// The bytes that the server's signature covers for this document of that consent: RFC 8785, both together.
    pub fn canonical_with(&self, consent: &Consent) -> Vec<u8> {
        let both = serde_json::json!({ "consent": consent, "document": self });
        canonical::bytes(&both)
    }

    /// SHA-256 over the words alone.
    pub fn digest(&self) -> [u8; 32] {
        let bytes = serde_json::to_value(self)
            .map_or_else(|_| Vec::new(), |value| canonical::bytes(&value));
        Sha256::digest(bytes).into()
    }

    /// How the answers differ from those of an earlier version, in the order of this one; what is gone comes last.
    pub fn changes_since(&self, earlier: &Self) -> Vec<Change> {
        let of = |answers: &[Answer], name: &str| -> Vec<String> {
            answers
                .iter()
                .find(|answer| answer.name == name)
                .map(|answer| answer.words.clone())
                .unwrap_or_default()
        };
        let gone = earlier
            .answers
            .iter()
            .filter(|answer| !self.answers.iter().any(|now| now.name == answer.name));
        self.answers
            .iter()
            .chain(gone)
            .map(|answer| Change {
                name: answer.name.clone(),
                before: of(&earlier.answers, &answer.name),
                now: of(&self.answers, &answer.name),
            })
            .filter(|change| change.before != change.now)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Document};

    fn document(answers: &[(&str, &[&str])]) -> Document {
        Document {
            language: "en-US".to_owned(),
            title: "A title".to_owned(),
            answers: answers
                .iter()
                .map(|(name, words)| Answer {
                    name: (*name).to_owned(),
                    words: words.iter().map(|word| (*word).to_owned()).collect(),
                })
                .collect(),
            statements_title: String::new(),
            statements: Vec::new(),
            elements_title: String::new(),
            elements: Vec::new(),
            signature: Vec::new(),
        }
    }

    /// A new version tells what reads otherwise, what is new and what is gone, and nothing else.
    #[test]
    fn what_changed_is_told() {
        let before = document(&[("Who", &["Ann"]), ("Why", &["Care"]), ("Dates", &["All"])]);
        let now = document(&[
            ("Who", &["Ann"]),
            ("Why", &["Care", "Payment"]),
            ("Until", &["May 1"]),
        ]);
        let changes = now.changes_since(&before);
        let told: Vec<_> = changes
            .iter()
            .map(|change| {
                (
                    change.name.as_str(),
                    change.before.join(","),
                    change.now.join(","),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("Why", "Care".to_owned(), "Care,Payment".to_owned()),
                ("Until", String::new(), "May 1".to_owned()),
                ("Dates", "All".to_owned(), String::new()),
            ]
        );
        assert!(now.changes_since(&now).is_empty());
    }

    /// Each word is under the digest.
    #[test]
    fn the_digest_covers_the_words() {
        let one = document(&[("Who", &["Ann"])]);
        let other = document(&[("Who", &["Anna"])]);
        assert_ne!(one.digest(), other.digest());
        assert_eq!(one.digest(), one.clone().digest());
    }

    /// No word is printed.
    #[test]
    fn nothing_is_printed() {
        let one = document(&[("Who", &["Ann"])]);
        assert!(!format!("{one:?} {:?}", one.answers).contains("Ann"));
    }
}
