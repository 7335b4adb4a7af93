//! What a person can do: one module per journey.
//!
//! Every function here takes an [`actor::Actor`] (or makes one), reads one snapshot, lets
//! `domain::decide` decide, has the ledger commit, and only then opens what was sealed.

pub mod accounts;
pub mod actor;
pub mod announce;
pub mod assignments;
pub mod audit_event;
pub mod authenticator;
pub mod caller;
pub mod chart;
pub mod contacts;
pub mod days;
pub mod devices;
pub mod directory;
pub mod disclosure;
pub mod emergency;
pub mod export;
pub mod factors;
pub mod history;
pub mod home;
pub mod house_ledger;
pub mod import;
pub mod invitations;
pub mod joining;
pub mod label_review;
pub mod letters;
pub mod line_proof;
mod named;
pub mod notice;
pub mod open_pages;
pub mod organizations;
pub mod passkeys;
pub mod passwords;
pub mod patients;
pub mod pdf;
pub mod private_item;
pub mod proxies;
pub mod records;
pub mod recovery;
pub mod recovery_case;
pub mod recovery_codes;
pub mod refusal;
pub mod restrictions;
pub mod session;
pub mod sharing;
pub mod sign_in;
pub mod staff;
pub mod step_up;
pub mod summary;
pub mod written_code;

use announce::{Announcement, Announcer};
use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::clock::Instant;
use domain::id::AccountId;
use std::sync::Arc;
use store::Store;
use tokio::sync::Semaphore;
use webauthn_rs::Webauthn;

pub use refusal::Refusal;
/// What applications to act for a patient say, in the words they are kept in.
pub use store::{ApplicationKind, ApplicationState, DocumentRecord, WhyRefused};
/// What pages are given of a record: content that was decided on and logged.
pub use store::{Released, Shown};

/// What the operator sets for the portal.
#[derive(Clone, Debug)]
pub struct Options {
    /// The time zone in which people read dates.
    pub time_zone: Tz,
    /// Which organizations are Part 2 programs: references, identifiers (`system|value`) or names.
    pub part2_organizations: Vec<String>,
    /// A session ends after so long without a request (LAW F1).
    pub idle: TimeDelta,
    /// A session ends after so long in all.
    pub total: TimeDelta,
    /// What the patient notice is filled in with (LAW C5).
    pub notice: notice::NoticeFacts,
    /// Where people come to, as browsers write it (`https://records.example.org`): passkeys are bound to it. `None`, or
    /// an address that is a number: no passkeys.
    pub origin: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            time_zone: chrono_tz::America::New_York,
            part2_organizations: Vec::new(),
            idle: TimeDelta::minutes(15),
            total: TimeDelta::hours(12),
            notice: notice::NoticeFacts::default(),
            origin: None,
        }
    }
}

/// The portal: the store and the operator's options; cheap to clone.
#[derive(Clone)]
pub struct Portal {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    options: Options,
    /// How many passwords are hashed at once: each takes tens of megabytes.
    hashing: Arc<Semaphore>,
    /// Who passkeys are made for; `None` where there are none.
    relying_party: Option<Webauthn>,
    /// Who tells people what happened to their account.
    announcer: Arc<dyn Announcer>,
    /// The streams that tell open pages.
    places: open_pages::Places,
}

impl Portal {
    /// A portal over this store that tells people by letter what happens to their accounts.
    pub fn new(store: Store, options: Options) -> Self {
        let letters = letters::ByLetter::new(store.clone());
        Self::announcing(store, options, Arc::new(letters))
    }

    /// A portal over this store, with somebody who tells people what happens to their accounts.
    pub fn announcing(store: Store, options: Options, announcer: Arc<dyn Announcer>) -> Self {
        let relying_party = options.origin.as_deref().and_then(passkeys::relying_party);
        Self {
            inner: Arc::new(Inner {
                store,
                options,
                relying_party,
                announcer,
                hashing: Arc::new(Semaphore::new(2)),
                places: open_pages::Places::default(),
            }),
        }
    }

    /// The store beneath.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The operator's options.
    pub fn options(&self) -> &Options {
        &self.inner.options
    }

    /// The present instant by the injected clock.
    pub fn now(&self) -> Instant {
        self.inner.store.clock().now()
    }

    pub(crate) fn relying_party(&self) -> Option<&Webauthn> {
        self.inner.relying_party.as_ref()
    }

    /// Tells the owner of an account, as far as somebody does.
    pub(crate) async fn announce(&self, account: AccountId, what: Announcement) {
        self.inner.announcer.announce(account, what).await;
    }

    pub(crate) fn places(&self) -> &open_pages::Places {
        &self.inner.places
    }

    pub(crate) fn hashing(&self) -> Arc<Semaphore> {
        Arc::clone(&self.inner.hashing)
    }
}

impl core::fmt::Debug for Portal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Portal")
    }
}
