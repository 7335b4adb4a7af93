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
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use zeroize::Zeroizing;

/// The first byte of every sealed value. INVARIANT: another layout takes another number.
const FORMAT: u8 = 1;
const NONCE: usize = 12;
const PREFIX: usize = 1 + 4 + NONCE;

/// What a version of a key, other than the one that seals, still opens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opens {
    /// Everything: it is about to seal, or what it sealed is being sealed anew.
    Everything,
    /// Bodies of ledger entries only, which are never sealed anew (ADR 11).
    Ledger,
}

/// Gets a version's key when it is first needed; `None`: it can't be had.
pub(crate) type Fetch = Box<dyn Fn() -> Option<Zeroizing<[u8; 32]>> + Send + Sync>;

/// A version of a key that opens and does not seal.
pub(crate) struct OtherVersion {
    number: u32,
    opens: Opens,
    cipher: OnceLock<Aes256Gcm>,
    fetch: Fetch,
}

impl OtherVersion {
    pub(crate) const fn new(number: u32, opens: Opens, fetch: Fetch) -> Self {
        Self {
            number,
            opens,
            cipher: OnceLock::new(),
            fetch,
        }
    }

    fn cipher(&self) -> Option<&Aes256Gcm> {
        if let Some(cipher) = self.cipher.get() {
            return Some(cipher);
        }
        // Only what could be had is kept: a token that is away now may be back later.
        let key = (self.fetch)()?;
        Some(self.cipher.get_or_init(|| Aes256Gcm::new((&*key).into())))
    }
}

/// A key that seals values: the version that seals, and those that still open what they sealed.
///
/// INVARIANT: whoever holds one sees a rotation by other processes only through [`DataKey::become_like`].
pub(crate) struct DataKey {
    versions: RwLock<Arc<Versions>>,
}

struct Versions {
    cipher: Aes256Gcm,
    number: u32,
    others: Vec<OtherVersion>,
}

impl Versions {
    fn of(&self, number: u32, aad: &[u8]) -> Option<&Aes256Gcm> {
        if number == self.number {
            return Some(&self.cipher);
        }
        let other = self.others.iter().find(|other| other.number == number)?;
        let opens = other.opens == Opens::Everything || aad.starts_with(&ledger_prefix());
        opens.then(|| other.cipher()).flatten()
    }
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

/// How the place of a ledger entry begins; see [`Place::bytes`].
fn ledger_prefix() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    prefix_length(&mut bytes, b"confide seal 1");
    prefix_length(&mut bytes, b"ledger_entries");
    bytes
}

/// The version of the key that sealed it; `None`: it is nothing sealed.
pub(crate) fn sealed_by(sealed: &[u8]) -> Option<u32> {
    let (format, rest) = sealed.split_first()?;
    let (version, _) = rest.split_first_chunk::<4>()?;
    (*format == FORMAT).then(|| u32::from_be_bytes(*version))
}

fn associated(version: u32, aad: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(aad.len() + 4);
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes.extend_from_slice(aad);
    bytes
}

impl DataKey {
    pub(crate) fn new(bytes: &[u8; 32], version: u32) -> Self {
        Self::with_others(bytes, version, Vec::new())
    }

    /// A key with other versions that open.
    pub(crate) fn with_others(bytes: &[u8; 32], version: u32, others: Vec<OtherVersion>) -> Self {
        Self {
            versions: RwLock::new(Arc::new(Versions {
                cipher: Aes256Gcm::new(bytes.into()),
                number: version,
                others,
            })),
        }
    }

    fn versions(&self) -> Arc<Versions> {
        Arc::clone(&self.versions.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The version that seals.
    pub(crate) fn version(&self) -> u32 {
        self.versions().number
    }

    /// Takes over another key's versions, for everybody who holds this one.
    pub(crate) fn become_like(&self, other: &Self) {
        let versions = other.versions();
        *self
            .versions
            .write()
            .unwrap_or_else(PoisonError::into_inner) = versions;
    }

    /// What was sealed by another version, sealed by the one that seals now; `None`: it was already. What comes out has
    /// been opened again and compared.
    pub(crate) fn seal_anew(
        &self,
        aad: &[u8],
        sealed: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Option<Vec<u8>>, DoesNotOpen> {
        if sealed_by(sealed) == Some(self.version()) {
            return Ok(None);
        }
        let plain = self.open_bytes(aad, sealed)?;
        let anew = self
            .seal_bytes(aad, &plain, entropy)
            .map_err(|_| DoesNotOpen)?;
        let again = self.open_bytes(aad, &anew)?;
        if *again == *plain {
            Ok(Some(anew))
        } else {
            Err(DoesNotOpen)
        }
    }

    pub(crate) fn seal_bytes(
        &self,
        aad: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, Error> {
        let nonce: [u8; NONCE] = random(entropy);
        let versions = self.versions();
        let aad = associated(versions.number, aad);
        let ciphertext = versions
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
        sealed.extend_from_slice(&versions.number.to_be_bytes());
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
        if *format != FORMAT {
            return Err(DoesNotOpen);
        }
        let version = u32::from_be_bytes(*version);
        let versions = self.versions();
        let cipher = versions.of(version, aad).ok_or(DoesNotOpen)?;
        let aad = associated(version, aad);
        let payload = Payload {
            msg: ciphertext,
            aad: &aad,
        };
        cipher
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
