//! Consents (POLICY §3, LAW A): what was signed, what it needs to be signed, and what it covers.

mod canonical;
mod coverage;
mod deficiency;
mod document;
mod ending;
mod label_names;
mod signed;
mod standing;
mod terms;

pub use coverage::Coverage;
pub use deficiency::Deficiency;
pub use document::{Answer, Change, Document};
pub use ending::{ENDING_EVENTS, EndingEvent};
pub use signed::{Consent, Countersignature, FORMAT, Signature};
pub use standing::{AlreadyEnded, ConsentState, Standing, StandingConsent};
pub use terms::{ConsentKind, Discloser, Expiry, Grantor, Participants, Recipient, Scope, Terms};
