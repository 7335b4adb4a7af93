//! A key as the database holds it: wrapped, by one wrapping key, or by two while one takes the other's place.

use super::{KeyError, KeyProvider};
use crate::entropy::Entropy;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The first byte of the stored form. Before this form there was one wrapping without a name, which began with 1.
/// INVARIANT: another layout takes another number, that no wrapping begins with.
const FORMAT: u8 = 0xC2;

/// One key, wrapped once or several times.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrappings(Vec<Wrapping>);

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Wrapping {
    /// The id of the wrapping key; empty: not noted, it was wrapped before ids were.
    by: String,
    wrapped: Vec<u8>,
}

impl Wrappings {
    /// A key wrapped by one provider.
    pub(crate) fn new(
        key: &[u8; 32],
        aad: &[u8],
        provider: &dyn KeyProvider,
        entropy: &dyn Entropy,
    ) -> Result<Self, KeyError> {
        let mut all = Self(Vec::new());
        all.add(key, aad, provider, entropy)?;
        Ok(all)
    }

    /// Reads the stored form; `None`: it is none.
    pub(crate) fn read(stored: &[u8]) -> Option<Self> {
        let (format, rest) = stored.split_first()?;
        if *format == FORMAT {
            return postcard::from_bytes(rest).ok();
        }
        Some(Self(vec![Wrapping {
            by: String::new(),
            wrapped: stored.to_vec(),
        }]))
    }

    /// The stored form.
    pub(crate) fn stored(&self) -> Vec<u8> {
        let mut stored = vec![FORMAT];
        // Writing to memory can't fail; an empty one would be found broken when it is read.
        stored.extend(postcard::to_allocvec(self).unwrap_or_default());
        stored
    }

    /// Wraps the key by another provider too; one that wraps it already stays.
    pub(crate) fn add(
        &mut self,
        key: &[u8; 32],
        aad: &[u8],
        provider: &dyn KeyProvider,
        entropy: &dyn Entropy,
    ) -> Result<(), KeyError> {
        if self.is_by(&provider.id()) {
            return Ok(());
        }
        self.0.push(Wrapping {
            by: provider.id(),
            wrapped: provider.wrap(key, aad, entropy)?,
        });
        Ok(())
    }

    /// Unwraps the key.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] when this provider doesn't wrap it.
    pub(crate) fn unwrap(
        &self,
        aad: &[u8],
        provider: &dyn KeyProvider,
    ) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let id = provider.id();
        let mine = self.0.iter().find(|wrapping| wrapping.by == id);
        let mine = mine.or_else(|| self.0.iter().find(|wrapping| wrapping.by.is_empty()));
        provider.unwrap(&mine.ok_or(KeyError::Wrong)?.wrapped, aad)
    }

    /// Whether a wrapping key of that id is noted.
    pub(crate) fn is_by(&self, id: &str) -> bool {
        self.0.iter().any(|wrapping| wrapping.by == id)
    }

    /// Drops every wrapping but that of this id; tells whether that id's is there. If not, nothing is dropped.
    pub(crate) fn keep_only(&mut self, id: &str) -> bool {
        let there = self.is_by(id);
        if there {
            self.0.retain(|wrapping| wrapping.by == id);
        }
        there
    }

    /// The ids of the wrapping keys.
    pub(crate) fn by(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|wrapping| wrapping.by.as_str())
    }

    /// How many wrappings there are.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }
}
