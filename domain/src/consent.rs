//! Consents (POLICY §3, LAW A): what was signed, what it needs to be signed, and what it covers.

use crate::clock::Instant;
use crate::id::{AccountId, AuthorityId, ConsentId, ItemId, OrganizationId, PatientId, PersonId};
use crate::item::{ItemFacts, KindSet};
use crate::label::{Label, LabelSet};
use crate::notice::Statement;
use crate::party::Span;
use crate::purpose::{Purpose, PurposeSet};
use chrono::NaiveDate;
use core::fmt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the stored form of a consent.
pub const FORMAT: u16 = 1;

/// The kinds of consent (POLICY §3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum ConsentKind {
    /// Names recipients, purposes and segments.
    Specific,
    /// Treatment, payment and operations: one signature for all future uses (LAW A2).
    Tpo,
    /// Separated counseling or psychotherapy notes (LAW A9).
    Notes,
    /// Legal proceedings (LAW A10).
    Legal,
    /// A helper may look or act (LAW D5).
    Proxy,
    /// A criminal-justice referral (LAW A13).
    CriminalJustice,
}

/// Who signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Grantor {
    /// The patient.
    Patient,
    /// Somebody for the patient, and by what authority.
    Proxy {
        /// Who.
        person: PersonId,
        /// By what.
        authority: AuthorityId,
    },
}

/// From whom (LAW A1: the discloser).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Discloser {
    /// These organizations.
    Organizations(Vec<OrganizationId>),
    /// The class of every provider whose records are here.
    AnyProvider,
}

/// Who may take part in an intermediary (LAW A5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Participants {
    /// These, by name.
    Named(Vec<crate::party::Party>),
    /// The class of participants who treat the patient.
    TreatingProviders,
}

/// To whom.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recipient {
    /// A person.
    Person(PersonId),
    /// Members in good standing of an organization.
    Organization(OrganizationId),
    /// The class of the patient's treating providers.
    TreatingProviders,
    /// "My treating providers, health plans, third-party payers, and people helping to operate this program" (LAW A2).
    TpoClass,
    /// An intermediary together with its participants (LAW A5).
    Intermediary {
        /// The intermediary.
        organization: OrganizationId,
        /// Those it may pass it to.
        participants: Participants,
    },
    /// Somebody without an account, by name: nobody can match it on line.
    Named(String),
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient([redacted])")
    }
}

/// What is opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Scope {
    /// Labels included; a parent includes its children. `General` stands for ordinary parts, `Part2` for "Part 2: yes".
    pub include: LabelSet,
    /// Labels excluded by name; a parent excludes its children.
    pub exclude: LabelSet,
    /// Kinds of item.
    pub kinds: KindSet,
    /// First day of service inside, if limited.
    pub service_from: Option<NaiveDate>,
    /// Last day of service inside, if limited.
    pub service_until: Option<NaiveDate>,
    /// Single items included whatever their segment.
    pub items_included: Vec<ItemId>,
    /// Single items excluded.
    pub items_excluded: Vec<ItemId>,
    /// Only what was in the record at this instant; `None`: what comes later too.
    pub existing_at: Option<Instant>,
}

impl Scope {
    /// A scope that opens these labels and everything of every date and kind in them.
    pub fn labels(include: LabelSet) -> Self {
        Self {
            include,
            exclude: LabelSet::EMPTY,
            kinds: KindSet::ALL,
            service_from: None,
            service_until: None,
            items_included: Vec::new(),
            items_excluded: Vec::new(),
            existing_at: None,
        }
    }

    /// The labels that stay after the exclusions (POLICY §2: a parent includes its children unless they are excluded by name).
    #[must_use]
    pub fn granted(&self) -> LabelSet {
        self.include
            .with_children()
            .minus(self.exclude.with_children())
    }

    /// Whether nothing at all is opened.
    pub fn is_empty(&self) -> bool {
        self.granted().without(Label::Part2).is_empty() && self.items_included.is_empty()
    }
}

/// How long (LAW A6).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Expiry {
    /// At an instant.
    At(Instant),
    /// When something happens, in words; staff record that it did.
    Event(String),
    /// None: treatment, payment and operations only.
    None,
    /// At the end of the treatment: treatment, payment and operations only.
    EndOfTreatment,
    /// At the end of the research study: research only.
    EndOfResearch,
}

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

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature([redacted])")
    }
}

/// A consent before it is signed: every field may still be missing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Terms {
    /// The kind.
    pub kind: ConsentKind,
    /// The patient.
    pub patient: PatientId,
    /// Who signs.
    pub grantor: Grantor,
    /// From whom.
    pub from: Discloser,
    /// To whom.
    pub to: Vec<Recipient>,
    /// Why.
    pub purposes: PurposeSet,
    /// Whether the patient started it ("at the request of the patient", LAW A7).
    pub patient_started: bool,
    /// What.
    pub what: Scope,
    /// From when.
    pub start: Instant,
    /// Until when.
    pub expiry: Option<Expiry>,
    /// The statements that were shown.
    pub statements: Vec<Statement>,
}

/// An element that is missing or may not stand so (LAW A1–A13).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Deficiency {
    /// No recipient (A1).
    Recipient,
    /// No purpose (A1).
    Purpose,
    /// No information is described (A1).
    Information,
    /// No discloser (A1).
    Discloser,
    /// No expiration (A1).
    Expiration,
    /// An expiration that this purpose does not allow (A6).
    ExpirationNotAllowed,
    /// The expiration lies before the start.
    ExpirationBeforeStart,
    /// A statement that must be shown is missing (A1, A3, A9).
    Statement,
    /// A counseling-note consent combined with something else (A9).
    NotesCombined,
    /// A legal purpose combined with another (A10).
    LegalCombined,
    /// "At the request of the patient" though the patient did not start it (A7).
    NotPatientStarted,
    /// A class recipient outside treatment, payment and operations (A2).
    ClassNotAllowed,
    /// A treatment, payment and operations consent with other purposes (A2).
    PurposesNotTpo,
    /// An intermediary without participants (A5).
    IntermediaryWithoutParticipants,
    /// The service dates end before they begin.
    DatesReversed,
    /// The typed name is empty (A1).
    Signature,
}

impl Terms {
    /// What keeps these terms from being signed, all of it (LAW A1: refuse a signature unless all are there).
    pub fn deficiencies(&self) -> Vec<Deficiency> {
        let mut found = Vec::new();
        let mut need = |ok: bool, what: Deficiency| {
            if !ok {
                found.push(what);
            }
        };
        need(!self.to.is_empty(), Deficiency::Recipient);
        need(
            self.to
                .iter()
                .all(|to| !matches!(to, Recipient::Named(name) if name.trim().is_empty())),
            Deficiency::Recipient,
        );
        need(!self.purposes.is_empty(), Deficiency::Purpose);
        need(!self.what.is_empty(), Deficiency::Information);
        need(
            !matches!(&self.from, Discloser::Organizations(list) if list.is_empty()),
            Deficiency::Discloser,
        );
        match &self.expiry {
            None => need(false, Deficiency::Expiration),
            Some(Expiry::None | Expiry::EndOfTreatment) => need(
                self.kind == ConsentKind::Tpo
                    || (self.kind == ConsentKind::Specific
                        && self.purposes.within(PurposeSet::TPO)),
                Deficiency::ExpirationNotAllowed,
            ),
            Some(Expiry::EndOfResearch) => need(
                self.purposes == PurposeSet::of([Purpose::Research]),
                Deficiency::ExpirationNotAllowed,
            ),
            Some(Expiry::At(end)) => need(*end > self.start, Deficiency::ExpirationBeforeStart),
            Some(Expiry::Event(words)) => need(!words.trim().is_empty(), Deficiency::Expiration),
        }
        need(
            Statement::required(self.kind)
                .iter()
                .all(|statement| self.statements.contains(statement)),
            Deficiency::Statement,
        );
        let notes = self.what.include.overlaps(LabelSet::NOTES);
        need(
            notes == (self.kind == ConsentKind::Notes),
            Deficiency::NotesCombined,
        );
        let legal = self.purposes.has(Purpose::Legal);
        need(
            !legal || self.purposes == PurposeSet::of([Purpose::Legal]),
            Deficiency::LegalCombined,
        );
        need(
            legal == (self.kind == ConsentKind::Legal),
            Deficiency::LegalCombined,
        );
        need(
            self.patient_started || !self.purposes.has(Purpose::PatientRequest),
            Deficiency::NotPatientStarted,
        );
        need(
            self.kind == ConsentKind::Tpo
                || !self.to.iter().any(|to| matches!(to, Recipient::TpoClass)),
            Deficiency::ClassNotAllowed,
        );
        need(
            self.kind != ConsentKind::Tpo || self.purposes.within(PurposeSet::TPO),
            Deficiency::PurposesNotTpo,
        );
        need(
            !self.to.iter().any(|to| {
                matches!(to, Recipient::Intermediary { participants: Participants::Named(list), .. } if list.is_empty())
            }),
            Deficiency::IntermediaryWithoutParticipants,
        );
        need(
            match (self.what.service_from, self.what.service_until) {
                (Some(from), Some(until)) => from <= until,
                _ => true,
            },
            Deficiency::DatesReversed,
        );
        found.dedup();
        found
    }
}

/// A signed, immutable, versioned consent (POLICY §3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
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
        if signature.typed_name.trim().is_empty() {
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
        })
    }

    /// Whether the stored form is one this version reads, and nothing required is missing (LAW A11: looked at again at every disclosure).
    pub fn is_sound(&self) -> bool {
        self.format == FORMAT
            && self.terms.what.include.is_readable()
            && self.terms.what.exclude.is_readable()
            && !self.signature.typed_name.trim().is_empty()
            && self.terms.deficiencies().is_empty()
    }

    /// The canonical form (RFC 8785) that the digest and the server's signature cover.
    ///
    /// INVARIANT: member names are ASCII and numbers are integers, so sorted compact JSON is the canonical form.
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_value(self)
            .and_then(|value| serde_json::to_vec(&value))
            .unwrap_or_default()
    }

    /// SHA-256 over [`Consent::canonical`].
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.canonical()).into()
    }

    /// Which labels of an item's parts this consent covers; item by item, whatever the viewer (POLICY §3).
    pub fn grants_on(&self, item: &ItemFacts) -> LabelSet {
        let what = &self.terms.what;
        let by_name = what.items_included.contains(&item.id);
        let inside = by_name
            || (what.kinds.has(item.kind)
                && self.service_matches(item)
                && what.existing_at.is_none_or(|at| item.recorded <= at));
        if !inside || what.items_excluded.contains(&item.id) || !self.discloser_matches(item) {
            return LabelSet::EMPTY;
        }
        let excluded = what.exclude.with_children();
        let mut granted = what.granted();
        if by_name {
            // Naming the item opens its segments; the law and separated notes still have to be named.
            granted = granted
                .join(LabelSet::SEGMENTS)
                .with(Label::PatientRequested)
                .minus(excluded);
        } else {
            granted = granted.without(Label::PatientRequested);
        }
        if self.terms.kind != ConsentKind::Notes {
            granted = granted.minus(LabelSet::NOTES);
        }
        granted = granted.without(Label::Unclassified);
        if self.terms.grantor == Grantor::Patient {
            granted.with(Label::MinorConsented)
        } else {
            granted.without(Label::MinorConsented)
        }
    }

    fn discloser_matches(&self, item: &ItemFacts) -> bool {
        match &self.terms.from {
            Discloser::AnyProvider => true,
            Discloser::Organizations(list) => {
                !item.sources.is_empty()
                    && item.sources.iter().all(|source| list.contains(source))
            }
        }
    }

    fn service_matches(&self, item: &ItemFacts) -> bool {
        let what = &self.terms.what;
        if what.service_from.is_none() && what.service_until.is_none() {
            return true;
        }
        item.service.is_some_and(|(first, last)| {
            what.service_from.is_none_or(|from| from <= first)
                && what.service_until.is_none_or(|until| last <= until)
        })
    }
}

/// Where a signed consent stands. A draft is not a consent yet: it is [`Terms`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ConsentState {
    /// In force within its term.
    Active,
    /// Revoked: ended for good (LAW A12).
    Revoked {
        /// When.
        at: Instant,
    },
    /// An oral revocation was recorded: nothing may be disclosed (LAW A12).
    Suspended {
        /// When.
        at: Instant,
    },
    /// A newer version stands in its place.
    Superseded {
        /// When.
        at: Instant,
        /// By which.
        by: ConsentId,
    },
    /// The event it was to end with came about.
    Ended {
        /// When.
        at: Instant,
    },
}

/// A change of state that is not allowed from where the consent stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the consent has ended already")]
pub struct AlreadyEnded;

impl ConsentState {
    /// Revokes it (LAW A12); a suspended one too.
    pub fn revoke(&self, at: Instant) -> Result<Self, AlreadyEnded> {
        match self {
            Self::Active | Self::Suspended { .. } => Ok(Self::Revoked { at }),
            _ => Err(AlreadyEnded),
        }
    }

    /// Records an oral revocation (LAW A12).
    pub fn suspend(&self, at: Instant) -> Result<Self, AlreadyEnded> {
        match self {
            Self::Active => Ok(Self::Suspended { at }),
            _ => Err(AlreadyEnded),
        }
    }

    /// Puts a newer version in its place.
    pub fn supersede(&self, at: Instant, by: ConsentId) -> Result<Self, AlreadyEnded> {
        match self {
            Self::Active | Self::Suspended { .. } => Ok(Self::Superseded { at, by }),
            _ => Err(AlreadyEnded),
        }
    }

    /// Records that the event it was to end with came about.
    pub fn end(&self, at: Instant) -> Result<Self, AlreadyEnded> {
        match self {
            Self::Active => Ok(Self::Ended { at }),
            _ => Err(AlreadyEnded),
        }
    }
}

/// A signed consent and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StandingConsent {
    /// What was signed.
    pub consent: Consent,
    /// Where it stands.
    pub state: ConsentState,
}

/// Where a consent stands at an instant, in one word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Standing {
    /// In force.
    Active,
    /// Its term has not begun.
    NotYet,
    /// Its term is over.
    Expired,
    /// Revoked.
    Revoked,
    /// Suspended by an oral revocation.
    Suspended,
    /// Superseded by a newer version.
    Superseded,
    /// Not sound: unreadable, or an element is missing (LAW A11).
    Unsound,
}

impl StandingConsent {
    /// Its term: from its start to its expiry.
    pub fn span(&self) -> Span {
        Span {
            from: self.consent.terms.start,
            until: match self.consent.terms.expiry {
                Some(Expiry::At(end)) => Some(end),
                _ => None,
            },
        }
    }

    /// Where it stands at that instant; expiry needs no job to have run (LAW A11).
    pub fn standing(&self, at: Instant) -> Standing {
        match self.state {
            ConsentState::Revoked { .. } => return Standing::Revoked,
            ConsentState::Suspended { .. } => return Standing::Suspended,
            ConsentState::Superseded { .. } => return Standing::Superseded,
            ConsentState::Ended { .. } => return Standing::Expired,
            ConsentState::Active => {}
        }
        if !self.consent.is_sound() {
            return Standing::Unsound;
        }
        let span = self.span();
        if at < span.from {
            Standing::NotYet
        } else if span.holds(at) {
            Standing::Active
        } else {
            Standing::Expired
        }
    }
}
