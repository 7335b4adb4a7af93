//! The versions of one key, as its row holds them.
//!
//! A row has the version that seals in columns of its own, and beside it the others: one that is about to seal, one
//! whose ciphertexts are being sealed anew, and those that only ledger entries still need (ADR 11).

use super::{KeyError, KeyProvider, Wrappings};
use crate::entropy::{Entropy, fresh_key};
use crate::seal::{DataKey, Opens, OtherVersion, Place};
use domain::id::PatientId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Whose key it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Owner {
    /// A patient's.
    Patient(PatientId),
    /// One of the house's, by its name.
    House(&'static str),
}

impl Owner {
    /// What binds a wrapped key to its place: whose it is, and which version. The first version has none in it, from the
    /// time when there was no other.
    pub(crate) fn place(self, version: u32) -> Vec<u8> {
        let mut row = match self {
            Self::Patient(patient) => patient.0.as_bytes().to_vec(),
            Self::House(name) => name.as_bytes().to_vec(),
        };
        if version > 1 {
            row.extend_from_slice(&version.to_be_bytes());
        }
        match self {
            Self::Patient(patient) => Place {
                table: "patients",
                row: &row,
                patient: Some(patient),
                field: "data_key",
            }
            .bytes(),
            Self::House(_) => Place {
                table: "sealed_keys",
                row: &row,
                patient: None,
                field: "wrapped",
            }
            .bytes(),
        }
    }
}

/// What another version is for. INVARIANT: kept by their places in this list; add at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Use {
    /// It will seal from soon on; every process must know it before it does.
    Coming,
    /// It sealed until lately; what it sealed is being sealed anew.
    Leaving,
    /// It opens ledger entries, and nothing else.
    Ledger,
}

/// Another version.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Other {
    pub version: u32,
    pub used: Use,
    pub wrapped: Wrappings,
}

/// The columns of a key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Versions {
    pub owner: Owner,
    pub version: u32,
    pub wrapped: Wrappings,
    pub others: Vec<Other>,
}

const FORMAT: u8 = 1;

impl Versions {
    /// The first version of a new key.
    pub(crate) fn first(
        owner: Owner,
        key: &[u8; 32],
        provider: &dyn KeyProvider,
        entropy: &dyn Entropy,
    ) -> Result<Self, KeyError> {
        Ok(Self {
            owner,
            version: 1,
            wrapped: Wrappings::new(key, &owner.place(1), provider, entropy)?,
            others: Vec::new(),
        })
    }

    /// Reads the columns; `None`: they make no sense.
    pub(crate) fn read(
        owner: Owner,
        version: i64,
        wrapped: &[u8],
        others: Option<&[u8]>,
    ) -> Option<Self> {
        let others = match others {
            None => Vec::new(),
            Some(stored) => {
                let (format, rest) = stored.split_first()?;
                if *format != FORMAT {
                    return None;
                }
                postcard::from_bytes(rest).ok()?
            }
        };
        Some(Self {
            owner,
            version: u32::try_from(version).ok()?,
            wrapped: Wrappings::read(wrapped)?,
            others,
        })
    }

    /// The stored form of the others; `None`: there are none.
    pub(crate) fn stored_others(&self) -> Option<Vec<u8>> {
        if self.others.is_empty() {
            return None;
        }
        let mut stored = vec![FORMAT];
        stored.extend(postcard::to_allocvec(&self.others).unwrap_or_default());
        Some(stored)
    }

    /// The key, ready to seal and to open. Other versions are unwrapped when they are first needed.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] when this provider doesn't wrap it, or it is another's.
    pub(crate) fn open(&self, provider: &Arc<dyn KeyProvider>) -> Result<DataKey, KeyError> {
        let key = self
            .wrapped
            .unwrap(&self.owner.place(self.version), provider.as_ref())?;
        let others = self
            .others
            .iter()
            .map(|other| {
                let (provider, wrapped) = (Arc::clone(provider), other.wrapped.clone());
                let aad = self.owner.place(other.version);
                OtherVersion::new(
                    other.version,
                    match other.used {
                        Use::Coming | Use::Leaving => Opens::Everything,
                        Use::Ledger => Opens::Ledger,
                    },
                    Box::new(move || wrapped.unwrap(&aad, provider.as_ref()).ok()),
                )
            })
            .collect();
        Ok(DataKey::with_others(&key, self.version, others))
    }

    fn has(&self, used: Use) -> bool {
        self.others.iter().any(|other| other.used == used)
    }

    /// Whether a new version was announced that does not seal yet.
    pub(crate) fn is_announced(&self) -> bool {
        self.has(Use::Coming)
    }

    /// Whether what an earlier version sealed may still be there.
    pub(crate) fn is_leaving(&self) -> bool {
        self.has(Use::Leaving)
    }

    /// How many versions are kept for ledger entries alone.
    pub(crate) fn kept_for_ledger(&self) -> usize {
        let kept = |other: &&Other| other.used == Use::Ledger;
        self.others.iter().filter(kept).count()
    }

    /// Announces a new version; one that is announced already stays.
    pub(crate) fn announce(
        &mut self,
        provider: &dyn KeyProvider,
        entropy: &dyn Entropy,
    ) -> Result<(), KeyError> {
        if self.is_announced() {
            return Ok(());
        }
        let newest = self.others.iter().map(|other| other.version).max();
        let version = newest
            .unwrap_or(self.version)
            .max(self.version)
            .checked_add(1)
            .ok_or(KeyError::Malformed)?;
        let key = fresh_key(entropy);
        let wrapped = Wrappings::new(&key, &self.owner.place(version), provider, entropy)?;
        self.others.push(Other {
            version,
            used: Use::Coming,
            wrapped,
        });
        Ok(())
    }

    /// Lets the announced version seal from now on; nothing changes when there is none.
    pub(crate) fn switch(&mut self) {
        let Some(place) = self.others.iter().position(|it| it.used == Use::Coming) else {
            return;
        };
        let coming = self.others.remove(place);
        self.others.push(Other {
            version: self.version,
            used: Use::Leaving,
            wrapped: core::mem::replace(&mut self.wrapped, coming.wrapped),
        });
        self.version = coming.version;
    }

    /// Lets the versions that are leaving open ledger entries only.
    pub(crate) fn settle(&mut self) {
        for other in &mut self.others {
            if other.used == Use::Leaving {
                other.used = Use::Ledger;
            }
        }
    }

    /// Every version with what it is wrapped by.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, &Wrappings)> {
        core::iter::once((self.version, &self.wrapped))
            .chain(self.others.iter().map(|it| (it.version, &it.wrapped)))
    }

    /// Every version with what it is wrapped by, to change it.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = (u32, &mut Wrappings)> {
        core::iter::once((self.version, &mut self.wrapped)).chain(
            self.others
                .iter_mut()
                .map(|it| (it.version, &mut it.wrapped)),
        )
    }
}
