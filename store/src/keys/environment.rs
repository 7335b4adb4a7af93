//! The wrapping key from an environment variable.

use super::{KeyError, KeyProvider, WrappingKey, parse};
use crate::entropy::Entropy;
use zeroize::Zeroizing;

/// The wrapping key as an environment variable gives it: 64 hexadecimal digits.
#[derive(Debug)]
pub struct EnvironmentKey(WrappingKey);

impl EnvironmentKey {
    /// Reads the named variable.
    pub fn from_variable(name: &str) -> Result<Self, KeyError> {
        let value = std::env::var(name).map_err(|_| KeyError::Missing(name.to_owned()))?;
        Self::from_value(&Zeroizing::new(value))
    }

    /// Reads a value that configuration took from the environment.
    pub fn from_value(value: &str) -> Result<Self, KeyError> {
        Ok(Self(WrappingKey::new(&parse(value)?)))
    }
}

impl KeyProvider for EnvironmentKey {
    fn id(&self) -> String {
        self.0.id()
    }

    fn kind(&self) -> &'static str {
        "environment"
    }

    fn wrap(&self, key: &[u8; 32], aad: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, KeyError> {
        self.0.wrap(key, aad, entropy)
    }

    fn unwrap(&self, wrapped: &[u8], aad: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        self.0.unwrap(wrapped, aad)
    }
}
