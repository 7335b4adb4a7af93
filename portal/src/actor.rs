//! Who acts: made only by the session layer, from a session that passed its second factor.

use crate::Refusal;
use domain::consent::Grantor;
use domain::duty::Duty;
use domain::id::{AccountId, PatientId, PersonId, RequestId, SessionId};
use domain::party::{Role, Viewer};
use domain::state::{Authority, AuthorityKind};
use std::sync::{Mutex, PoisonError};
use store::PersonRecord;
use store::{ActorRef, Logged, Stamp};

/// A person who has signed in with two factors, in one role.
///
/// Only [`crate::session::resume`] makes one.
pub struct Actor {
    pub(crate) account: AccountId,
    pub(crate) person: PersonRecord,
    pub(crate) role: Role,
    pub(crate) session: SessionId,
    pub(crate) request: Option<RequestId>,
    /// The record of which this person is the subject.
    pub(crate) own_record: Option<PatientId>,
    /// The patient for whom the person acts, in the role of a proxy.
    pub(crate) on_behalf_of: Option<PatientId>,
    /// What was shown to them with this request.
    pub(crate) shown: Mutex<Vec<Logged>>,
    /// By what, as it stood when the request came. Decisions read it again.
    pub(crate) acts_by: Vec<Authority>,
    /// That patient's name.
    pub(crate) acting_for: Option<String>,
}

impl Actor {
    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The person.
    pub fn person(&self) -> PersonId {
        self.person.id
    }

    /// The person's name, for their own screen.
    pub fn name(&self) -> &str {
        &self.person.name
    }

    /// The role they act in.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The session they act in.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// For whom they act, when not for themselves.
    pub fn on_behalf_of(&self) -> Option<PatientId> {
        self.on_behalf_of
    }

    /// The name of the patient for whom they act, for their own screen.
    pub fn acting_for(&self) -> Option<&str> {
        self.acting_for.as_deref()
    }

    /// The name of the patient whose record they open, as the directory has it: their own, or of whom they act for.
    pub fn patient_name(&self) -> Option<&str> {
        match self.role {
            Role::Patient => self.own_record.map(|_| self.name()),
            Role::Proxy => self.acting_for(),
            _ => None,
        }
    }

    /// By what right they sign for the patient; `None`: they are the patient, or may not sign.
    pub fn signs_as(&self) -> Option<&AuthorityKind> {
        self.signing()
            .filter(|_| self.role == Role::Proxy)
            .map(|one| &one.kind)
    }

    /// Whether they are the patient, or stand in the patient's place for everything (POLICY §5).
    pub fn is_whole(&self) -> bool {
        match self.role {
            Role::Patient => true,
            Role::Proxy => self.acts_by.iter().any(Authority::is_whole),
            _ => false,
        }
    }

    /// Whether they may sign for the record they look at: its patient, or somebody whom 42 CFR 2.14 or 2.15 names
    /// (LAW D1, D2, D4). What the signature opens is decided on it.
    pub fn may_sign(&self) -> bool {
        match self.role {
            Role::Patient => self.own_record.is_some(),
            Role::Proxy => self.signing().is_some(),
            _ => false,
        }
    }

    fn signing(&self) -> Option<&Authority> {
        let whole = self.acts_by.iter().find(|one| one.is_whole());
        whole.or_else(|| self.acts_by.iter().find(|one| one.signs()))
    }

    /// By whose hand a consent is that they sign.
    pub(crate) fn grantor(&self) -> Grantor {
        match self.signing() {
            Some(authority) if self.role == Role::Proxy => Grantor::Proxy {
                person: self.person.id,
                authority: authority.id,
            },
            _ => Grantor::Patient,
        }
    }

    /// The record this person opens as patient, or as proxy for the patient they act for.
    pub fn patient(&self) -> Option<PatientId> {
        match self.role {
            Role::Patient => self.own_record,
            Role::Proxy => self.on_behalf_of,
            _ => None,
        }
    }

    /// Whether the role they act in has this duty.
    pub fn may(&self, duty: Duty) -> bool {
        duty.is_of(self.role)
    }

    /// The same, as a condition.
    ///
    /// # Errors
    /// [`Refusal::NotAvailable`], as for what does not exist.
    pub(crate) fn must(&self, duty: Duty) -> Result<(), Refusal> {
        if self.may(duty) {
            Ok(())
        } else {
            Err(Refusal::NotAvailable)
        }
    }

    /// In which role, and for whom: what a change of either leaves of open pages is none of them.
    pub(crate) fn acts_as(&self) -> (Role, Option<PatientId>) {
        (self.role, self.on_behalf_of)
    }

    /// Remembers that something was shown: the page that is being made carries it ([`crate::open_pages`]).
    pub(crate) fn note(&self, logged: Logged) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.push(logged);
    }

    /// What was shown with this request so far.
    pub(crate) fn shown(&self) -> Vec<Logged> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.clone()
    }

    /// What decisions see of this person.
    pub(crate) fn viewer(&self) -> Viewer {
        Viewer {
            person: self.person.id,
            role: self.role,
            subject_of: self.own_record,
            memberships: self.person.memberships.clone(),
        }
    }

    /// What the ledger keeps of who did something.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp {
            actor: ActorRef {
                account: Some(self.account),
                person: Some(self.person.id),
                role: Some(self.role),
            },
            on_behalf_of: self.on_behalf_of,
            session: Some(self.session),
            request: self.request,
        }
    }
}

impl core::fmt::Debug for Actor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Actor")
            .field("account", &self.account)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}
