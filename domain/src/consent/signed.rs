//! A signed consent: immutable, versioned, with a canonical form that the server's signature covers (POLICY §3).

use super::{Deficiency, Grantor, Terms, canonical};
use crate::clock::Instant;
use crate::id::{AccountId, AuthorityId, ConsentId, PersonId};
use core::fmt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the stored form of a consent.
pub const FORMAT: u16 = 1;

/// What the signer signed with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The name as typed.
    pub typed_name: String,
    /// The account.
    pub account: AccountId,
    /// When the second factor was given.
    pub stepped_up_at: Instant,
    /// When it was signed.
    pub signed_at: Instant,
}

impl Signature {
    /// Whether a name was typed, after the second factor.
    pub fn is_complete(&self) -> bool {
        !self.typed_name.trim().is_empty() && self.stepped_up_at <= self.signed_at
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature([redacted])")
    }
}

/// The second signature that a minor's consent bears where State law wants a parent's too (LAW D2, 2.14(b)(1)).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Countersignature {
    /// Whose.
    pub person: PersonId,
    /// By what authority; it is looked at again at every disclosure.
    pub authority: AuthorityId,
    /// What they signed with.
    pub signature: Signature,
}

/// A signed, immutable, versioned consent (POLICY §3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    format: u16,
    /// Its id.
    pub id: ConsentId,
    /// Its version, from 1.
    pub version: u32,
    /// The version it supersedes.
    pub supersedes: Option<ConsentId>,
    /// What was agreed.
    pub terms: Terms,
    /// By whose hand.
    pub signature: Signature,
    /// Whose hand stands beside the minor's own (LAW D2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    countersignature: Option<Countersignature>,
}

impl Consent {
    /// Signs terms that lack nothing.
    ///
    /// # Errors
    /// Every [`Deficiency`] found (LAW A1).
    pub fn sign(
        id: ConsentId,
        previous: Option<(ConsentId, u32)>,
        terms: Terms,
        signature: Signature,
    ) -> Result<Self, Vec<Deficiency>> {
        let mut found = terms.deficiencies();
        if !signature.is_complete() {
            found.push(Deficiency::Signature);
        }
        if !found.is_empty() {
            return Err(found);
        }
        Ok(Self {
            format: FORMAT,
            id,
            version: previous.map_or(1, |(_, version)| version.saturating_add(1)),
            supersedes: previous.map(|(id, _)| id),
            terms,
            signature,
            countersignature: None,
        })
    }

    /// Adds the hand of a parent or guardian beside the minor's own, where State law wants both (LAW D2).
    ///
    /// # Errors
    /// [`Deficiency::Signature`] when the name is empty, or when this is not the patient's own consent.
    pub fn countersign(mut self, other: Countersignature) -> Result<Self, Deficiency> {
        if self.terms.grantor != Grantor::Patient || !other.signature.is_complete() {
            return Err(Deficiency::Signature);
        }
        self.countersignature = Some(other);
        Ok(self)
    }

    /// The hand of a parent or guardian beside the minor's own, if there is one.
    pub const fn countersignature(&self) -> Option<&Countersignature> {
        self.countersignature.as_ref()
    }

    /// The instant of the last signature on it: before, nothing is disclosed on it.
    pub fn complete_at(&self) -> Instant {
        self.countersignature
            .as_ref()
            .map_or(self.signature.signed_at, |other| {
                self.signature.signed_at.max(other.signature.signed_at)
            })
    }

    /// Whether the stored form is one this version reads, and nothing required is missing (LAW A11: looked at again at every disclosure).
    pub fn is_sound(&self) -> bool {
        self.format == FORMAT
            && self.version >= 1
            && self.supersedes != Some(self.id)
            && self.signature.is_complete()
            && self
                .countersignature
                .as_ref()
                .is_none_or(|other| other.signature.is_complete())
            && self.terms.deficiencies().is_empty()
    }

    /// The canonical form (RFC 8785) that the digest and the server's signature cover.
    ///
    /// INVARIANT: numbers in it are integers below 2^53, so that every reader's canonical form is this one.
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_value(self).map_or_else(|_| Vec::new(), |value| canonical::bytes(&value))
    }

    /// SHA-256 over [`Consent::canonical`].
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.canonical()).into()
    }
}
