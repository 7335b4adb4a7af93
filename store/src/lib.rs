//! What is kept: sealed records, policy, people, accounts, sessions and the ledger.
//!
//! SeaORM stays inside; callers meet plain values. What is content comes in sealed and leaves only through
//! [`vault::Vault::open`], which takes the [`ledger::Receipt`] of a committed ledger entry. Everything that could
//! tell a database administrator that a person is in treatment is sealed (AES-256-GCM); look-ups on sealed values
//! use keyed hashes. No error and no `Debug` of this crate tells content.

pub mod accounts;
pub mod attempts;
pub mod chart;
pub mod devices;
pub mod drafts;
mod entities;
pub mod entropy;
pub mod error;
pub mod import;
pub mod invitations;
pub mod keys;
pub mod ledger;
mod opening;
pub mod outbox;
pub mod people;
pub mod policy;
pub mod reviews;
mod seal;
pub mod secret;
pub mod sessions;
pub mod signing;
pub mod staff;
pub mod stamp;
#[cfg(feature = "testing")]
pub mod testing;
mod unit;
pub mod vault;

pub use accounts::Account;
pub use chart::Chart;
pub use error::{ChangeError, Error};
pub use import::{Import, ImportCounts, Put};
pub use invitations::InvitationRecord;
pub use ledger::event::{DisclosedItem, EmergencyEntry, Event};
pub use ledger::verify::{Expected, Fault, FaultKind, KnownKey, LedgerCopy, VerifyReport};
pub use ledger::{
    Chain, Committed, DiscloseError, DisclosedFacts, Entry, EntryBody, HistoryQuery, Inclusion,
    Noted, Receipt,
};
pub use opening::{Options, Store};
pub use people::{OrganizationRecord, PersonRecord};
pub use policy::{EmergencyError, ReviewStage, SignedDocument};
pub use reviews::{LabelError, Queued, Stage};
pub use secret::SecretBytes;
pub use staff::{AccessReview, Judged, Proposal, Proposed, Staff};
pub use stamp::{ActorRef, Stamp};
pub use vault::{Released, Sealed, SealedItem, Shown, Vault};
