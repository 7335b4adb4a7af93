//! FHIR R4 as far as the rules need it: reading files, references, dates and security labels.
//!
//! Resources stay `serde_json` values; this is a narrow, typed look at them.

pub mod consent;
pub mod dates;
pub mod reader;
pub mod reference;
pub mod security;
