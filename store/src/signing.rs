//! What the server signs: Ed25519 (RFC 8032) with a key of the house, so that anybody can check it without the database.

use core::fmt;
use data_encoding::HEXLOWER;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a signature is about. It is signed along, so that a signature over one kind of thing is none over another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// A consent with its document.
    Consent,
    /// A checkpoint of the ledger; the name is the first line of the signed text.
    Checkpoint,
}

impl About {
    const fn name(self) -> &'static str {
        match self {
            Self::Consent => "confide-consent/1",
            Self::Checkpoint => "confide-ledger/1",
        }
    }

    fn message(self, bytes: &[u8]) -> Vec<u8> {
        let name = self.name();
        let mut message = Vec::with_capacity(name.len() + 1 + bytes.len());
        message.extend_from_slice(name.as_bytes());
        message.push(b'\n');
        message.extend_from_slice(bytes);
        message
    }
}

/// The public half of the server's key: 32 bytes (RFC 8032 §5.1.5).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// Whether the signature is this key's, over these bytes, about this. Weak keys and malleable signatures are refused.
    pub fn verifies(&self, about: About, bytes: &[u8], signature: &[u8; 64]) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(&self.0) else {
            return false;
        };
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        key.verify_strict(&about.message(bytes), &signature).is_ok()
    }

    /// A short form to compare by eye: the first 16 bytes of SHA-256 over the key, in groups of four digits.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.0);
        let hex = HEXLOWER.encode(digest.get(..16).unwrap_or_default());
        hex.as_bytes()
            .chunks(4)
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The server's key.
pub(crate) struct Signer(SigningKey);

impl Signer {
    /// The key of that seed.
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Its public half.
    pub(crate) fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs.
    pub(crate) fn sign(&self, about: About, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(&about.message(bytes)).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::{About, PublicKey, Signer};

    /// Another key, another byte, another signature: each is noticed.
    #[test]
    fn what_was_not_signed_is_refused() {
        let signer = Signer::new(&[7; 32]);
        let signature = signer.sign(About::Consent, b"bytes");
        let public = signer.public();
        assert!(public.verifies(About::Consent, b"bytes", &signature));
        assert!(!public.verifies(About::Consent, b"byteS", &signature));
        let mut bent = signature;
        bent[63] ^= 1;
        assert!(!public.verifies(About::Consent, b"bytes", &bent));
        let other = Signer::new(&[8; 32]).public();
        assert!(!other.verifies(About::Consent, b"bytes", &signature));
        // A key of small order would take any signature.
        let mut weak = [0; 32];
        weak[0] = 1;
        assert!(!PublicKey(weak).verifies(About::Consent, b"bytes", &[0; 64]));
    }

    /// RFC 8032 §7.1, test 1: the key pair is the one of the standard.
    #[test]
    fn the_public_half_is_that_of_rfc_8032() {
        let seed = data_encoding::HEXLOWER
            .decode(b"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
            .expect("hexadecimal");
        let seed: [u8; 32] = seed.try_into().expect("32 bytes");
        let public = Signer::new(&seed).public();
        assert_eq!(
            data_encoding::HEXLOWER.encode(&public.0),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        assert_eq!(public.fingerprint().split(' ').count(), 8);
    }
}
