//! The rules: labels, consents, authorities, decisions, redaction, notices.
//!
//! Pure: no I/O, no clock of its own, no randomness, no panics. Everything else in the product exists to
//! feed [`decide`] and to carry out what it says (POLICY.md).
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::string_slice
    )
)]

pub mod clock;
pub mod consent;
pub mod decide;
pub mod duty;
pub mod fhir;
pub mod id;
pub mod identity_check;
pub mod item;
pub mod label;
pub mod labeling;
pub mod minors;
pub mod notice;
pub mod npi;
pub mod organization;
pub mod party;
pub mod purpose;
pub mod redact;
pub mod redisclosure;
pub mod state;
mod stored;
pub mod what_if;
