//! Sharing: the grid, a consent in the making, a consent that was signed (UX, POLICY §3, LAW A).

mod answers;
mod attention;
pub mod consent;
pub mod entry;
mod facts;
pub mod how_long;
pub mod items;
pub mod kept;
pub(crate) mod limits;
mod missing;
mod opens;
pub mod overview;
pub mod review;
pub mod revoke;
pub mod sign;
mod steps;
pub mod uses;
pub mod view_as;
pub mod what;
pub mod who;
pub mod why;
pub(crate) mod words;
