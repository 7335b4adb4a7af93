//! Sharing: the grid, a consent in the making, a consent that was signed (UX, POLICY §3, LAW A).

mod answers;
pub mod consent;
pub mod entry;
mod eyes;
mod facts;
pub mod how_long;
pub mod items;
pub mod kept;
mod missing;
mod opens;
pub mod overview;
mod picker;
pub mod places;
pub mod review;
pub mod revoke;
mod scope;
mod segments;
pub mod sign;
mod steps;
pub mod through;
pub mod what;
pub mod who;
pub mod why;
pub(crate) mod words;
