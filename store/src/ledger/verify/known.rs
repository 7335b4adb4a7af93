//! The key that checkpoints must be signed with, as somebody knows it from elsewhere.

use crate::ledger::checkpoint::read_key;
use crate::signing::PublicKey;

/// A public key, or what tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KnownKey {
    /// The key.
    Whole(PublicKey),
    /// Its fingerprint, without spaces ([`PublicKey::fingerprint`]).
    Fingerprint(String),
}

impl KnownKey {
    /// Reads a verifier key, 64 hexadecimal digits, or a fingerprint, with or without its spaces.
    pub fn read(text: &str) -> Option<Self> {
        if let Some(key) = read_key(text) {
            return Some(Self::Whole(key));
        }
        let digits: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        let is_fingerprint =
            digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_fingerprint.then(|| Self::Fingerprint(digits.to_ascii_lowercase()))
    }

    /// Whether it is that key.
    pub fn is(&self, key: &PublicKey) -> bool {
        match self {
            Self::Whole(known) => known == key,
            Self::Fingerprint(known) => key.fingerprint().replace(' ', "") == *known,
        }
    }
}
