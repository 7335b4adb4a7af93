//! Sealing: AES-256-GCM (NIST SP 800-38D) with a fresh random nonce, bound to its place by associated data; and
//! keyed hashes (HMAC-SHA-256, RFC 2104) for look-ups on sealed values.

use crate::entropy::{Entropy, random};
use crate::error::Error;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use core::fmt;
use domain::id::PatientId;
use hmac::Mac;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// The first byte of every sealed value. INVARIANT: another layout takes another number.
const FORMAT: u8 = 1;
const NONCE: usize = 12;
const PREFIX: usize = 1 + 4 + NONCE;

/// A 256-bit key that seals values, and its version.
pub(crate) struct DataKey {
    cipher: Aes256Gcm,
    version: u32,
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The sealed value doesn't open: wrong key, wrong place, or tampered with.
#[derive(Debug)]
pub(crate) struct DoesNotOpen;

/// Where a sealed value stands. All of it is associated data, so a ciphertext can't be moved.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub table: &'static str,
    pub row: &'a [u8],
    pub patient: Option<PatientId>,
    pub field: &'static str,
}

impl Place<'_> {
    /// Length-prefixed, so that no two places read the same.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let patient = self.patient.map(|patient| patient.0.into_bytes());
        let parts: [&[u8]; 5] = [
            b"confide seal 1",
            self.table.as_bytes(),
            self.row,
            patient.as_ref().map_or(&[], |id| id.as_slice()),
            self.field.as_bytes(),
        ];
        let mut bytes = Vec::with_capacity(96);
        for part in parts {
            prefix_length(&mut bytes, part);
        }
        bytes
    }

    /// The error of a row whose value here is broken.
    pub(crate) fn broken(&self) -> Error {
        Error::row(self.table, self.field, self.row)
    }
}

fn prefix_length(to: &mut Vec<u8>, part: &[u8]) {
    let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
    to.extend_from_slice(&length.to_be_bytes());
    to.extend_from_slice(part);
}

impl DataKey {
    pub(crate) fn new(bytes: &[u8; 32], version: u32) -> Self {
        Self {
            cipher: Aes256Gcm::new(bytes.into()),
            version,
        }
    }

    fn associated(&self, aad: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(aad.len() + 4);
        bytes.extend_from_slice(&self.version.to_be_bytes());
        bytes.extend_from_slice(aad);
        bytes
    }

    pub(crate) fn seal_bytes(
        &self,
        aad: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE] = random(entropy);
        let aad = self.associated(aad);
        let ciphertext = self
            .cipher
            .encrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: &aad,
                },
            )
            .map_err(|_| Error::TooLong)?;
        let mut sealed = Vec::with_capacity(PREFIX + ciphertext.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&self.version.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    pub(crate) fn open_bytes(
        &self,
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let (format, rest) = sealed.split_first().ok_or(DoesNotOpen)?;
        let (version, rest) = rest.split_first_chunk::<4>().ok_or(DoesNotOpen)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(DoesNotOpen)?;
        if *format != FORMAT || u32::from_be_bytes(*version) != self.version {
            return Err(DoesNotOpen);
        }
        let aad = self.associated(aad);
        let payload = Payload {
            msg: ciphertext,
            aad: &aad,
        };
        self.cipher
            .decrypt(&Nonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| DoesNotOpen)
    }

    /// Seals a value as JSON: for what must still be read in many years.
    pub(crate) fn seal<T: Serialize>(
        &self,
        place: &Place<'_>,
        value: &T,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, Error> {
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(|_| Error::Unwritable)?);
        self.seal_bytes(&place.bytes(), &plain, entropy)
    }

    /// Opens a value sealed as JSON.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<T, Error> {
        let plain = self
            .open_bytes(&place.bytes(), sealed)
            .map_err(|_| place.broken())?;
        serde_json::from_slice(&plain).map_err(|_| place.broken())
    }
}

/// The key of the keyed hashes.
pub(crate) struct IndexKey(Zeroizing<[u8; 32]>);

impl IndexKey {
    pub(crate) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// A keyed hash for one purpose; the same text for another purpose hashes differently.
    pub(crate) fn hash(&self, purpose: &'static str, parts: &[&[u8]]) -> Vec<u8> {
        let mut message = Vec::with_capacity(64);
        prefix_length(&mut message, purpose.as_bytes());
        for part in parts {
            prefix_length(&mut message, part);
        }
        let message = Zeroizing::new(message);
        match <hmac::Hmac<sha2::Sha256> as Mac>::new_from_slice(self.0.as_slice()) {
            Ok(mut mac) => {
                mac.update(&message);
                mac.finalize().into_bytes().to_vec()
            }
            // HMAC takes keys of any length (RFC 2104).
            Err(_) => Vec::new(),
        }
    }
}

impl fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
