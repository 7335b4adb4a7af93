//! Sharing: making a consent, seeing what it opens, signing it, revoking it (POLICY §3, LAW A).

pub mod attention;
pub mod document;
pub mod draft;
mod ends;
pub mod grid;
pub mod preview;
mod seen_by;
pub mod sign;
pub mod single;
pub mod standing;
pub mod told;
pub mod used;
pub mod view_as;

pub use draft::{Draft, Ends};
pub use preview::{Change, Opens, View};
