//! What is kept: sealed records, policy, people, accounts, sessions and the ledger.
//!
//! SeaORM stays inside; callers meet plain values. What is content comes in sealed and leaves only through
//! [`vault::Vault::open`], which takes the [`ledger::Receipt`] of a committed ledger entry. Everything that could
//! tell a database administrator that a person is in treatment is sealed (AES-256-GCM); look-ups on sealed values
//! use keyed hashes. No error and no `Debug` of this crate tells content.

pub mod accounts;
pub mod attempts;
pub mod backup;
pub mod changes;
pub mod chart;
pub mod contacts;
pub mod devices;
pub mod drafts;
mod entities;
pub mod entropy;
pub mod error;
mod house_keys;
pub mod import;
pub mod invitations;
mod items_at;
pub mod keys;
pub mod ledger;
pub mod open_pages;
mod opening;
pub mod outbox;
mod packed;
pub mod people;
pub mod policy;
pub mod proxies;
pub mod recovery_cases;
pub mod reviews;
pub mod rotation;
mod seal;
pub mod secret;
pub mod sessions;
mod shred;
pub mod signing;
pub mod staff;
pub mod stamp;
#[cfg(feature = "testing")]
pub mod testing;
mod unit;
pub mod vault;

pub use accounts::Account;
pub use changes::{Change, Changes};
pub use chart::Chart;
pub use contacts::{Contacts, Unconfirmed, Wanted};
pub use error::{ChangeError, Error};
pub use house_keys::holds_keys;
pub use import::{Import, ImportCounts, Put};
pub use invitations::InvitationRecord;
pub use ledger::event::{DisclosedItem, EmergencyEntry, Event};
pub use ledger::verify::{Expected, Fault, FaultKind, KnownKey, LedgerCopy, VerifyReport};
pub use ledger::{
    Chain, Committed, DiscloseError, DisclosedFacts, Entry, EntryBody, HistoryQuery, Inclusion,
    Noted, Receipt,
};
pub use open_pages::Logged;
pub use opening::{Options, Store};
pub use people::{OrganizationChange, OrganizationRecord, PersonRecord};
pub use policy::{
    Asked, Assignment, EmergencyError, RestrictionError, ReviewStage, SignedDocument, Stop,
};
pub use proxies::{Application, ApplicationKind, ApplicationState, DocumentRecord, WhyRefused};
pub use recovery_cases::{CaseEnd, RecoveryCase};
pub use reviews::{LabelError, Queued, Stage};
pub use secret::SecretBytes;
pub use shred::Shredded;
pub use staff::{AccessReview, Judged, Proposal, Proposed, Staff};
pub use stamp::{ActorRef, Stamp};
pub use vault::{Reasons, Released, Sealed, SealedItem, Shown, Vault};
