//! The key that wraps every other key, and where it comes from.

mod environment;
mod file;
mod token;
mod versions;
mod wrappings;

pub use environment::EnvironmentKey;
pub use file::KeyFile;
pub use token::{TokenKey, TokenPlace};
pub(crate) use versions::{Owner, Versions};
pub(crate) use wrappings::Wrappings;

use crate::entropy::Entropy;
use crate::seal::DataKey;
use core::fmt;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What can go wrong with a key. Never tells the key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key file can't be read or written.
    #[error("the key file can't be read or written")]
    Io(#[from] std::io::Error),
    /// Others than its owner may read the key file.
    #[error("the key file may be read by others than its owner (mode {0:o}); it must be 600")]
    Permissions(u32),
    /// It is not a key.
    #[error("this is not a key: expected `confide-key-1` and 64 hexadecimal digits")]
    Malformed,
    /// The environment variable is not set.
    #[error("the environment variable {0} is not set")]
    Missing(String),
    /// The key doesn't open what another wrapped, or it was tampered with.
    #[error("the key does not open what is wrapped")]
    Wrong,
    /// The PKCS#11 module can't be loaded.
    #[error("the PKCS#11 module can't be loaded")]
    Module,
    /// No token has that label.
    #[error("no token has that label")]
    NoToken,
    /// The token doesn't take the PIN.
    #[error("the token does not take the PIN")]
    Pin,
    /// The token's PIN is locked.
    #[error("the token's PIN is locked")]
    PinLocked,
    /// The token holds no AES key of that label.
    #[error("the token holds no AES key of that label")]
    NoKeyInToken,
    /// The token holds several AES keys of that label.
    #[error("the token holds several AES keys of that label")]
    SeveralKeysInToken,
    /// The token does not answer, or can't do what is asked.
    #[error("the token does not answer, or can't do what is asked")]
    Token,
}

/// Wraps data keys: a key file, the environment, a PKCS#11 token.
pub trait KeyProvider: Send + Sync {
    /// A name for the key that tells nothing of it.
    fn id(&self) -> String;

    /// Where the key is, in a fixed word: `file`, `environment`, `token`.
    fn kind(&self) -> &'static str;

    /// Wraps a data key; `aad` binds it to its place.
    fn wrap(&self, key: &[u8; 32], aad: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, KeyError>;

    /// Unwraps a data key from that place.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] when it was wrapped by another key, for another place, or tampered with.
    fn unwrap(&self, wrapped: &[u8], aad: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError>;
}

/// A key-encryption key held in memory: what file and environment have in common.
pub(crate) struct WrappingKey {
    key: DataKey,
    id: String,
}

impl WrappingKey {
    pub(crate) fn new(bytes: &Zeroizing<[u8; 32]>) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"confide key id 1\0");
        hash.update(bytes.as_slice());
        let digest = hash.finalize();
        Self {
            key: DataKey::new(bytes, 1),
            id: data_encoding::HEXLOWER.encode(digest.get(..8).unwrap_or_default()),
        }
    }

    pub(crate) fn id(&self) -> String {
        self.id.clone()
    }

    pub(crate) fn wrap(
        &self,
        key: &[u8; 32],
        aad: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeyError> {
        self.key
            .seal_bytes(aad, key, entropy)
            .map_err(|_| KeyError::Wrong)
    }

    pub(crate) fn unwrap(
        &self,
        wrapped: &[u8],
        aad: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let plain = self
            .key
            .open_bytes(aad, wrapped)
            .map_err(|_| KeyError::Wrong)?;
        let key = <[u8; 32]>::try_from(plain.as_slice()).map_err(|_| KeyError::Wrong)?;
        Ok(Zeroizing::new(key))
    }
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

const HEADER: &str = "confide-key-1";

fn parse(text: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let digits = text.trim();
    let digits = digits.strip_prefix(HEADER).map_or(digits, str::trim);
    let bytes = Zeroizing::new(
        data_encoding::HEXLOWER_PERMISSIVE
            .decode(digits.as_bytes())
            .map_err(|_| KeyError::Malformed)?,
    );
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::Malformed)?;
    Ok(Zeroizing::new(key))
}

fn print(key: &Zeroizing<[u8; 32]>) -> Zeroizing<String> {
    let digits = Zeroizing::new(data_encoding::HEXLOWER.encode(key.as_slice()));
    Zeroizing::new(format!("{HEADER} {}\n", digits.as_str()))
}
